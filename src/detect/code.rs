//! Is a number named as codes, serials and orders are: "mã thiết bị", "số lô", "tracking number"?
//!
//! In: a number without a label of its own right beside it. Out: how near such a name stands, or
//! whether it heads the number's column. The words are in `patterns/words/codes.txt`.
//!
//! Never: a look beyond the clause before the number, and the head of its column.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::code_title::{is_below_hotline, tail, title};
use crate::detect::context::{Heeded, Side};
use crate::detect::fold::{Folded, folded, is_word};
use crate::detect::head::Heads;
use crate::detect::layout::Layout;
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::rule::Rule;
use crate::detect::speech;
use crate::detect::validator::Validator;
use crate::detect::words::{self, WordSet};
use crate::model::category::Category;
use crate::model::finding::{Confidence, Validation};
use crate::model::part::Span;

const LIST: &str = include_str!("../../patterns/words/codes.txt");
/// So many words may stand between the word for a code and the number: "mã số dự án đầu tư".
const WORDS_BETWEEN: usize = 5;
/// Shorter words for amounts are other words as well, once their diacritics are lost.
const AMOUNT_CHARS: usize = 6;
/// So many words may name the thing behind "số".
const THINGS: usize = 3;
/// Alone they may name anything, a person's number too.
const TOO_SHORT: [&[u8]; 2] = [b"ma", b"ma so"];

/// Words behind "số" that tell whose number it is.
static WHOSE: LazyLock<WordSet> = LazyLock::new(|| either_way("whose"));
/// Words before "id" that tell of a person.
static ID_OF: LazyLock<WordSet> = LazyLock::new(|| either_way("id of"));

/// The syllables of a section, with and without their diacritics.
fn either_way(section: &str) -> WordSet {
    let full = words::syllables(LIST, section);
    let plain: Vec<String> = full.iter().map(folded).collect();
    full.into_iter().chain(plain).collect()
}

/// What a word says of the number behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It is a code.
    Code,
    /// A paper or thing with a number: the number is its own behind "số".
    Numbered,
    /// Behind a label: it is an office's or a thing's.
    Thing,
    /// The code is a person's.
    Person,
    /// What stands behind is another matter.
    Speech,
    /// As the head of a column: it is an amount.
    Amount,
}

/// The words around codes.
pub(super) struct Codes {
    automaton: AhoCorasick,
    words: Vec<(Vec<char>, Kind)>,
}

/// A word in folded text.
#[derive(Clone, Copy)]
struct Met {
    kind: Kind,
    start: usize,
    end: usize,
}

impl Codes {
    /// Reads the list.
    pub(super) fn new() -> Option<Self> {
        let sections = [
            ("code", Kind::Code),
            ("numbered", Kind::Numbered),
            ("thing", Kind::Thing),
            ("person", Kind::Person),
            ("speech", Kind::Speech),
            ("amount", Kind::Amount),
        ];
        let words: Vec<(Vec<char>, Kind)> = sections
            .into_iter()
            .flat_map(|(name, kind)| {
                let words = words::section(LIST, name).into_iter();
                words.map(move |word| (Folded::new(word).chars, kind))
            })
            .collect();
        let folded = words
            .iter()
            .map(|(chars, _)| Folded::new(&chars.iter().collect::<String>()).bytes);
        Some(Self {
            automaton: AhoCorasick::new(folded).ok()?,
            words,
        })
    }

    /// Whether the number is named as a code nearer than by its label, or stands in a column of
    /// codes.
    pub(super) fn own(
        &self,
        layout: &Layout<'_>,
        span: Span,
        category: Category,
        heeded: &Heeded<'_>,
        heads: &Heads,
    ) -> bool {
        if category == Category::BankCard && heeded.label.is_some() {
            // Its check digit speaks for itself, but a tenth of all numbers has a right one.
            return false;
        }
        let name = |distance| self.name(layout, span, distance);
        match heeded.label.map(|(_, near)| (near.side, near.distance)) {
            Some((Side::Beside | Side::Over, _)) => false,
            Some((Side::Before | Side::Listed | Side::Far, distance)) => {
                name(distance)
                    || category != Category::PhoneNumber && self.turn(layout, span, distance)
                    || self.head_column(layout, span, heads)
            }
            Some((Side::After, _)) => name(usize::MAX),
            None => {
                name(usize::MAX)
                    || self.head_column(layout, span, heads)
                    || category == Category::PhoneNumber && is_below_hotline(layout, span)
            }
        }
    }

    /// Whether a name for codes stands before the number, nearer than so many bytes of folded text.
    fn name(&self, layout: &Layout<'_>, span: Span, distance: usize) -> bool {
        let tail = tail(layout, span);
        let (clause, cut) = clause(tail);
        if is_number_word(clause) {
            // Whose number it is stands before a sign or in the line above.
            let title = title(layout, span);
            return distance > title.len() && self.is_of_paper(title);
        }
        if tail.contains('\n') && !self.opens_with_name(clause) {
            // In the line above, a label begins with the name; a sentence may end with it.
            return false;
        }
        let code = self.code_in(clause).or_else(|| open_code(clause));
        code.is_some_and(|near| near + cut < distance)
    }

    /// Whether the words begin with a name for codes or amounts, or with "số".
    fn opens_with_name(&self, clause: &str) -> bool {
        let folded = Folded::new(clause);
        let first = clause.split(' ').find(|word| !word.is_empty());
        first.is_some_and(is_number_word)
            || self.words_in(&folded).iter().any(|met| {
                let lead = folded.bytes.get(..met.start).unwrap_or_default();
                matches!(met.kind, Kind::Code | Kind::Amount | Kind::Numbered)
                    && !lead.iter().any(|byte| is_word(*byte))
            })
    }

    /// Whether the words name a paper or a thing with a number, and nothing else.
    fn is_of_paper(&self, title: &str) -> bool {
        let met = self.words_in(&Folded::new(title));
        met.iter()
            .any(|met| matches!(met.kind, Kind::Numbered | Kind::Code))
            && !met
                .iter()
                .any(|met| matches!(met.kind, Kind::Person | Kind::Speech))
    }

    /// Whether a word for things stands right behind the label, which is so far away.
    fn turn(&self, layout: &Layout<'_>, span: Span, distance: usize) -> bool {
        let tail = Folded::new(tail(layout, span));
        let label_end = tail.bytes.len().checked_sub(distance);
        label_end.is_some_and(|end| {
            self.words_in(&tail)
                .iter()
                .any(|met| met.kind == Kind::Thing && met.start.checked_sub(end) == Some(1))
        })
    }

    /// How near to the end of a clause a word for codes stands.
    fn code_in(&self, clause: &str) -> Option<usize> {
        let folded = Folded::new(clause);
        let met = self.words_in(&folded);
        let is_numbered = clause.rsplit(' ').next().is_some_and(is_number_word);
        let is_covered = |name: &Met| {
            met.iter().any(|met| {
                met.kind == Kind::Person && met.start <= name.start && name.end <= met.end
            })
        };
        let is_name = |met: &&Met| {
            met.kind == Kind::Code && !is_covered(met)
                || met.kind == Kind::Numbered && is_numbered
                || met.kind == Kind::Amount
                    && !is_covered(met)
                    && met.end - met.start >= AMOUNT_CHARS
                    && folded.bytes.len() <= met.end + 1
        };
        let code = met.iter().rfind(is_name)?;
        let behind = folded.bytes.get(code.end..)?;
        let words = behind.split(|byte| !is_word(*byte));
        let words = words.filter(|word| !word.is_empty()).count();
        let written = folded.bytes.get(code.start..code.end)?;
        let is_of_thing = met.iter().any(|met| {
            matches!(met.kind, Kind::Thing | Kind::Numbered) && met.end + 1 == code.start
        });
        let is_told = words > 0 || is_of_thing || !TOO_SHORT.contains(&written);
        let goes_on = met
            .iter()
            .any(|met| matches!(met.kind, Kind::Person | Kind::Speech) && met.start >= code.end);
        (is_told && words <= WORDS_BETWEEN && !goes_on).then_some(behind.len())
    }

    /// Whether the number stands in a column of codes or amounts.
    fn head_column(&self, layout: &Layout<'_>, span: Span, heads: &Heads) -> bool {
        heads.over(layout, span).is_some_and(|head| {
            let folded = Folded::new(head);
            let met = self.words_in(&folded);
            let is_short = TOO_SHORT.contains(&folded.bytes.trim_ascii());
            let opens = |met: &Met| {
                let lead = folded.bytes.get(..met.start).unwrap_or_default();
                !lead.iter().any(|byte| is_word(*byte)) || lead.trim_ascii() == b"so"
            };
            let names_code = met
                .iter()
                .any(|met| matches!(met.kind, Kind::Code | Kind::Amount) && opens(met));
            let is_code =
                names_code && !is_short || self.code_in(head).or_else(|| open_code(head)).is_some();
            is_code && !met.iter().any(|met| met.kind == Kind::Person)
        })
    }

    /// The words of the list that stand whole in folded text.
    fn words_in(&self, folded: &Folded) -> Vec<Met> {
        let bytes = &folded.bytes;
        let is_full = folded.chars.iter().any(|c| !c.is_ascii());
        let found = self.automaton.find_overlapping_iter(bytes);
        let whole = found.filter_map(|found| {
            let (start, end) = (found.start(), found.end());
            let (chars, kind) = self.words.get(found.pattern().as_usize())?;
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            let is_whole = !before.is_some_and(|byte| is_word(*byte))
                && !bytes.get(end).is_some_and(|byte| is_word(*byte));
            let met = Met {
                kind: *kind,
                start,
                end,
            };
            // Where others have their diacritics, "chi" is no "chị".
            let is_person = matches!(kind, Kind::Person | Kind::Speech);
            let is_exact = folded.chars.get(start..end) == Some(chars.as_slice());
            let is_met = is_exact || folded.can_be(start, chars) && !(is_person && is_full);
            (is_whole && is_met).then_some(met)
        });
        whole.collect()
    }
}

/// How sure a number named as a code is: a whole citizen number is noted, for words are no way out.
pub(super) fn confidence(rule: &Rule, validation: Validation) -> Option<Confidence> {
    let is_whole = rule.validator == Validator::CitizenId && validation == Validation::Valid;
    is_whole.then_some(Confidence::Low)
}

/// Whether the words are no more than the word for a number; "sổ" is none.
fn is_number_word(words: &str) -> bool {
    matches!(&*in_small(words.trim()), "số" | "so" | "no")
}

/// The words right before a number, back to the sign or the number that parts them from others, and
/// how many characters of signs and remarks follow them: "Mã kho (nếu có): ".
fn clause(tail: &str) -> (&str, usize) {
    const PARTING: [char; 13] = [
        ',', ';', '|', '\t', '(', '[', '{', '?', '!', ':', '=', '"', '\'',
    ];
    let is_sign = |c: char| !c.is_alphanumeric();
    let signless = tail.trim_end_matches(|c: char| is_sign(c) && c != ')');
    let bare = match signless
        .strip_suffix(')')
        .and_then(|lead| lead.rsplit_once('('))
    {
        Some((lead, remark)) if !remark.bytes().any(|byte| byte.is_ascii_digit()) => lead,
        Some(_) | None => signless,
    };
    let bare = bare.trim_end_matches(is_sign);
    let bare = [" là", " la", " LÀ", " LA", " is"]
        .iter()
        .find_map(|word| bare.strip_suffix(word))
        .unwrap_or(bare);
    let cut = tail.get(bare.len()..).unwrap_or_default().chars().count();
    let clause = bare
        .rsplit(|c: char| PARTING.contains(&c) || c.is_ascii_digit())
        .next();
    (clause.unwrap_or_default(), cut)
}

/// How near a word for a number with a thing behind it stands: "số niêm phong", "shipment id".
fn open_code(clause: &str) -> Option<usize> {
    let words: Vec<&str> = clause
        .split(|c: char| !is_of_word(c))
        .filter(|w| !w.is_empty())
        .collect();
    let (last, before) = words.split_last()?;
    if last.eq_ignore_ascii_case("id") {
        let of = before.last()?;
        let is_thing = of.len() >= 3 && of.is_ascii() && !ID_OF.contains(&of.to_ascii_lowercase());
        return is_thing.then_some(0);
    }
    let number = words.iter().rposition(|word| is_number_word(word))?;
    let things = words
        .get(number + 1..)
        .filter(|things| (1..=THINGS).contains(&things.len()))?;
    let first = in_small(things.first()?);
    let is_name = speech::is_name(&first);
    let is_whose = things.iter().any(|thing| {
        let small = in_small(thing);
        WHOSE.contains(&small) || speech::is_small_word(&small)
    });
    let behind = things.iter().map(|thing| thing.chars().count() + 1).sum();
    (!is_name && !is_whose).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_named(text: &str) -> bool {
        let at = text.find("0900000001").unwrap();
        let layout = Layout::new(text);
        let codes = Codes::new().unwrap();
        codes.name(&layout, Span::new(at, at + 10), usize::MAX)
    }

    #[test]
    fn codes_serials_and_papers_have_names() {
        for text in [
            "mã thiết bị 0900000001",
            "Mã kho (nếu có): 0900000001",
            "Số niêm phong: 0900000001",
            "shipment id 0900000001",
            "Biên bản kiểm kê số 0900000001",
            "PHIẾU XUẤT KHO\nSố: 0900000001",
            "ma thiet bi la 0900000001",
            "Công trình mã số 0900000001",
            "Mã thiết bị\n0900000001",
            "Ma don vi: 0900000001",
            "Mã lô hàng:\n\n0900000001",
        ] {
            assert!(is_named(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_people_are_told_otherwise() {
        for text in [
            "số mới 0900000001",
            "số bác Hùng 0900000001",
            "nhập mã xong gọi anh Hùng 0900000001",
            "số cá nhân 0900000001",
            "my number 0900000001",
            "hồ sơ của chị Mẫu, số 0900000001",
            "Hùng: 0900000001",
            "Mã thiết bị 12\n0900000001",
            "Số điện thoại\n0900000001",
            "Khách nhờ order\n0900000001",
        ] {
            assert!(!is_named(text), "{text}");
        }
    }
}
