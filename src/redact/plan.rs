//! Which placeholder stands for which value, and what is edited for it?

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aws_lc_rs::hmac;

use crate::model::category::Category;
use crate::model::part::{Edit, PartId, Span};
use crate::model::sensitive::Sensitive;
use crate::redact::comparable::comparable;
use crate::redact::keyed_hash::tag_of;
use crate::redact::placeholder::{drawn, is_placeholder};

/// Codes tried for one value. About one draw in five gives no good code, so this is never reached
/// by chance.
const DRAWS_MAX: u32 = 1000;

/// Makes placeholders with the node's placeholder key.
#[derive(Clone)]
pub struct Placeholders(hmac::Key);

/// For whom placeholders are made: another client or service sees others for the same value.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The workstation's address.
    pub client: &'a str,
    /// The service's id.
    pub service: &'a str,
}

/// A value to be hidden.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// The part it stands in.
    pub part: PartId,
    /// Where, in the part's original text.
    pub span: Span,
    /// What it is.
    pub category: Category,
    /// The text of the span.
    pub text: &'a str,
}

/// What hides the values, and what leads back.
#[derive(Debug, Default)]
pub struct Plan {
    /// The edits, by part and place; none overlaps another.
    pub edits: Vec<Edit>,
    /// Each placeholder once, with the value as it was first spelled.
    pub way_back: Vec<(String, Sensitive<String>)>,
}

impl Placeholders {
    /// Placeholders under this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    /// Plans how to hide the values. Records are not hidden themselves, their elements are; of
    /// overlapping values the outermost is; what is a placeholder already stays.
    ///
    /// `is_taken` says whether a placeholder stands in the request without having been given to
    /// this client before (see [`WayBack::knows`](crate::redact::WayBack::knows)): then the value
    /// takes its next code.
    pub fn plan(
        &self,
        scope: &Scope<'_>,
        values: &[Value<'_>],
        is_taken: impl Fn(&str) -> bool,
    ) -> Plan {
        let mut plan = Plan::default();
        let mut given: BTreeMap<(Category, String), String> = BTreeMap::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for hidden in apart(values) {
            let key = (hidden.category, comparable(hidden.category, &hidden.text));
            let placeholder = given.entry(key).or_insert_with_key(|(category, value)| {
                let is_free = |candidate: &str| !is_taken(candidate) && !used.contains(candidate);
                let placeholder = self.placeholder(scope, *category, value, is_free);
                used.insert(placeholder.clone());
                let original = Sensitive::new(hidden.text.clone());
                plan.way_back.push((placeholder.clone(), original));
                placeholder
            });
            plan.edits.push(Edit {
                part: hidden.part,
                span: hidden.span,
                replacement: placeholder.clone(),
            });
        }
        plan
    }

    fn placeholder(
        &self,
        scope: &Scope<'_>,
        category: Category,
        value: &str,
        is_free: impl Fn(&str) -> bool,
    ) -> String {
        let draw = |attempt: u32| {
            let fields: [&[u8]; 5] = [
                scope.client.as_bytes(),
                scope.service.as_bytes(),
                category.as_str().as_bytes(),
                value.as_bytes(),
                &attempt.to_be_bytes(),
            ];
            drawn(category, tag_of(&self.0, &fields).as_ref())
        };
        (0..DRAWS_MAX)
            .filter_map(draw)
            .find(|candidate| is_free(candidate))
            // Hiding a value under a code that is taken is still better than sending it.
            .unwrap_or_else(|| category.placeholder_label().to_owned())
    }
}

impl fmt::Debug for Placeholders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Placeholders")
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({}, {} bytes)", self.category, self.text.len())
    }
}

/// A stretch of text to be replaced by one placeholder.
struct Hidden {
    part: PartId,
    span: Span,
    category: Category,
    /// The length of the longest value in it, which lends the category.
    longest: usize,
    text: String,
}

/// The values as stretches that do not overlap, in order.
fn apart(values: &[Value<'_>]) -> Vec<Hidden> {
    let mut values: Vec<&Value<'_>> = values
        .iter()
        .filter(|value| {
            !value.category.is_record() && !value.span.is_empty() && !is_placeholder(value.text)
        })
        .collect();
    values.sort_by_key(|value| {
        (
            value.part,
            value.span.start,
            Reverse(value.span.end),
            value.category,
        )
    });
    let mut stretches: Vec<Hidden> = Vec::new();
    for value in values {
        match stretches.last_mut() {
            Some(last) if last.part == value.part && value.span.start < last.span.end => {
                join(last, value);
            }
            Some(_) | None => stretches.push(Hidden {
                part: value.part,
                span: value.span,
                category: value.category,
                longest: value.span.len(),
                text: value.text.to_owned(),
            }),
        }
    }
    stretches
}

/// Takes a value that begins within a stretch into it.
fn join(stretch: &mut Hidden, value: &Value<'_>) {
    if value.span.end <= stretch.span.end {
        return;
    }
    let shared = stretch.span.end - value.span.start;
    stretch
        .text
        .push_str(value.text.get(shared..).unwrap_or_default());
    stretch.span.end = value.span.end;
    if value.span.len() > stretch.longest {
        stretch.longest = value.span.len();
        stretch.category = value.category;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCOPE: Scope<'_> = Scope {
        client: "10.0.0.1",
        service: "self-test",
    };

    fn value(text: &str, start: usize, category: Category) -> Value<'_> {
        Value {
            part: PartId(0),
            span: Span::new(start, start + text.len()),
            category,
            text,
        }
    }

    fn plan(values: &[Value<'_>]) -> Plan {
        Placeholders::new([3; 32]).plan(&SCOPE, values, |_| false)
    }

    fn applied(text: &str, edits: &[Edit]) -> String {
        let mut text = text.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(edit.span.start..edit.span.end, &edit.replacement);
        }
        text
    }

    #[test]
    fn one_value_has_one_placeholder_however_it_is_spelled() {
        let plan = plan(&[
            value("001099000001", 0, Category::CitizenId),
            value("001 099 000 001", 20, Category::CitizenId),
            value("001099000002", 40, Category::CitizenId),
        ]);
        let [a, b, c] = &plan.edits[..] else {
            panic!("three edits")
        };
        assert_eq!(a.replacement, b.replacement);
        assert_ne!(a.replacement, c.replacement);
        assert!(a.replacement.starts_with("CCCD") && is_placeholder(&a.replacement));
        assert_eq!(plan.way_back.len(), 2);
        assert_eq!(plan.way_back[0].1.expose(), "001099000001");
    }

    #[test]
    fn placeholders_need_no_state_but_differ_by_scope_and_key() {
        let values = [value("0900000001", 0, Category::PhoneNumber)];
        let of = |key: u8, scope: Scope<'_>| {
            let plan = Placeholders::new([key; 32]).plan(&scope, &values, |_| false);
            plan.edits[0].replacement.clone()
        };
        let first = of(3, SCOPE);
        assert_eq!(first, of(3, SCOPE));
        assert_ne!(first, of(4, SCOPE));
        assert_ne!(
            first,
            of(
                3,
                Scope {
                    client: "10.0.0.2",
                    ..SCOPE
                }
            )
        );
        assert_ne!(
            first,
            of(
                3,
                Scope {
                    service: "other",
                    ..SCOPE
                }
            )
        );
    }

    #[test]
    fn a_taken_placeholder_gives_way_to_the_next_code() {
        let values = [value("0900000001", 0, Category::PhoneNumber)];
        let first = plan(&values).edits[0].replacement.clone();
        let other = Placeholders::new([3; 32]).plan(&SCOPE, &values, |taken| taken == first);
        assert!(is_placeholder(&other.edits[0].replacement));
        assert_ne!(other.edits[0].replacement, first);
    }

    #[test]
    fn of_overlapping_values_the_outermost_is_hidden_and_records_are_not() {
        let text = "thôn Mẫu, ĐT 0900000001, xã Ví Dụ";
        let phone = text.find("0900").unwrap();
        let plan = plan(&[
            value("0900000001", phone, Category::PhoneNumber),
            value(text, 0, Category::HomeAddress),
            value(text, 0, Category::PersonalRecord),
        ]);
        assert_eq!(plan.edits.len(), 1);
        assert!(plan.edits[0].replacement.starts_with("NOIO"));
        assert_eq!(plan.edits[0].span, Span::new(0, text.len()));
    }

    #[test]
    fn values_that_overlap_in_part_are_hidden_together() {
        let plan = plan(&[
            value("0123456789", 0, Category::BankAccount),
            value("56789ABC", 5, Category::PassportNumber),
        ]);
        assert_eq!(plan.edits.len(), 1);
        assert_eq!(plan.edits[0].span, Span::new(0, 13));
        assert_eq!(plan.way_back[0].1.expose(), "0123456789ABC");
    }

    #[test]
    fn debug_shows_neither_value_nor_key() {
        let value = value("0900000001", 0, Category::PhoneNumber);
        let shown = format!(
            "{value:?} {:?} {:?}",
            plan(&[value]),
            Placeholders::new([1; 32])
        );
        assert!(!shown.contains("0900000001"), "{shown}");
    }

    /// The values of a text as a detector would find them: runs of six or more digits.
    fn numbers(text: &str) -> Vec<Value<'_>> {
        let mut start = 0;
        let mut found = Vec::new();
        for run in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
            let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
            if digits.len() >= 6 {
                found.push(value(digits, start, Category::CitizenId));
            }
            start += run.len();
        }
        found
    }

    proptest! {
        #[test]
        fn hiding_twice_changes_nothing(text in "([a-zđ ]{0,5}[0-9]{0,14}){0,6}") {
            let once = applied(&text, &plan(&numbers(&text)).edits);
            prop_assert!(numbers(&once).is_empty(), "{}", once);
            prop_assert_eq!(applied(&once, &plan(&numbers(&once)).edits), once);
        }

        #[test]
        fn a_placeholder_found_again_as_a_value_stays(digits in "[0-9]{12}") {
            let values = [value(&digits, 0, Category::CitizenId)];
            let placeholder = plan(&values).edits[0].replacement.clone();
            let again = [value(&placeholder, 0, Category::PassportNumber)];
            prop_assert!(plan(&again).edits.is_empty());
        }

        #[test]
        fn edits_never_overlap_and_do_not_depend_on_order(
            places in proptest::collection::vec((0..30_usize, 1..12_usize, 0..27_usize), 0..8)
                .prop_flat_map(|places| (Just(places.clone()), Just(places).prop_shuffle())),
        ) {
            let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ";
            let values = |places: &[(usize, usize, usize)]| -> Vec<Value<'static>> {
                places
                    .iter()
                    .map(|(at, len, category)| {
                        let piece = Span::new(*at, at + len).of(text);
                        value(piece, *at, Category::ALL[*category])
                    })
                    .collect()
            };
            let (one, other) = (plan(&values(&places.0)), plan(&values(&places.1)));
            let shape = |plan: &Plan| -> Vec<(Span, String)> {
                plan.edits.iter().map(|edit| (edit.span, edit.replacement.clone())).collect()
            };
            prop_assert_eq!(shape(&one), shape(&other));
            for pair in one.edits.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
            for (placeholder, value) in &one.way_back {
                prop_assert!(is_placeholder(placeholder));
                prop_assert!(text.contains(value.expose().as_str()));
            }
        }
    }
}
