//! How do places of characters stay right when the text before them changes?
//!
//! The page of ChatGPT sends, beside a text, where in it symbols stand (`custom_symbol_offsets`).
//! In: an opened body, its row, and the edits to be made. Out: the numbers as they must be
//! afterwards, counted in UTF-16 code units, as pages do; or nothing, where that cannot be told
//! exactly, and then the request is blocked.
//!
//! Never: a guess. Places out of range, within a replaced value, in a form that is not known, or
//! in one of several texts are not moved.

use std::ops::Range;

use crate::model::part::{Edit, Part, PartKind, PartLocator, Step};
use crate::payload::{NumberEdit, Payload, ShortNumber};
use crate::service::Endpoint;

/// What the places of a symbol are called.
const START_KEYS: [&str; 4] = ["start", "startIndex", "start_index", "offset"];
const END_KEYS: [&str; 3] = ["end", "endIndex", "end_index"];
const LENGTH_KEYS: [&str; 1] = ["length"];
/// Words beside them, which stand for the symbol itself.
const WORD_KEYS: [&str; 5] = ["symbol", "type", "kind", "id", "name"];

/// The numbers that change; nothing where the places cannot be moved.
pub(super) fn moved(
    payload: &Payload,
    endpoint: &Endpoint,
    edits: &[Edit],
) -> Option<Vec<NumberEdit>> {
    let is_meant = |locator: &PartLocator| endpoint.is_sealed_by(locator);
    if !payload.may_have_number(is_meant) && !has_part(payload, is_meant) {
        return Some(Vec::new());
    }
    let mut parts = payload.parts().iter();
    if !parts.all(|part| !is_meant(&part.locator) || is_word(part)) {
        return None;
    }
    let numbers: Vec<(usize, &ShortNumber)> = payload
        .short_numbers()?
        .iter()
        .enumerate()
        .filter(|(_, number)| is_meant(&number.locator))
        .collect();
    let mut changed = Vec::new();
    // The numbers of one object stand side by side: only scalars do between a symbol's places.
    for symbol in numbers.chunk_by(|(_, one), (_, other)| object(one) == object(other)) {
        let (_, first) = symbol.first()?;
        let text = Text::of(payload, endpoint, &first.locator, edits)?;
        changed.extend(text.moved(symbol)?);
    }
    Some(changed)
}

fn has_part(payload: &Payload, is_meant: impl Fn(&PartLocator) -> bool) -> bool {
    let mut parts = payload.parts().iter();
    parts.any(|part| part.kind != PartKind::Key && is_meant(&part.locator))
}

/// A key, or a word that stands for the symbol.
fn is_word(part: &Part) -> bool {
    match part.kind {
        PartKind::Key => true,
        PartKind::Value => key(&part.locator).is_some_and(|key| WORD_KEYS.contains(&key)),
        PartKind::Number | PartKind::FileName | PartKind::FileText => false,
    }
}

fn key(locator: &PartLocator) -> Option<&str> {
    match locator.steps.last() {
        Some(Step::Key(key)) => Some(key.as_str()),
        Some(Step::Index(_) | Step::Json | Step::Decoded) | None => None,
    }
}

/// The steps to the object that a number is a member of.
fn object(number: &ShortNumber) -> &[Step] {
    let steps = &number.locator.steps;
    steps.split_last().map_or(&[], |(_, object)| object)
}

/// A text in which places count, and what is replaced in it.
struct Text {
    /// Its length.
    units: usize,
    /// Where values stand, and how long their placeholders are, in order.
    replaced: Vec<(Range<usize>, usize)>,
    /// Where characters of two units are cut in half.
    within: Vec<usize>,
}

impl Text {
    /// The one text beside these offsets.
    fn of(
        payload: &Payload,
        endpoint: &Endpoint,
        offset: &PartLocator,
        edits: &[Edit],
    ) -> Option<Self> {
        let mut texts = payload
            .parts()
            .iter()
            .filter(|part| part.kind != PartKind::Key && endpoint.counts_in(offset, &part.locator));
        let (text, None) = (texts.next()?, texts.next()) else {
            return None;
        };
        // What was opened inside the text has places of its own.
        let is_plain = !text.locator.steps.contains(&Step::Decoded)
            && !text.locator.steps.contains(&Step::Json);
        let own = edits.iter().filter(|edit| edit.part == text.id);
        let text = text.text.expose();
        let replaced = own.map(|edit| {
            let start = units(text.get(..edit.span.start)?);
            let end = start + units(text.get(edit.span.start..edit.span.end)?);
            Some((start..end, units(&edit.replacement)))
        });
        let mut replaced: Vec<_> = replaced.collect::<Option<_>>()?;
        replaced.sort_by_key(|(range, _)| range.start);
        let mut within = Vec::new();
        let mut at = 0;
        for char in text.chars() {
            if char.len_utf16() > 1 {
                within.push(at + 1);
            }
            at += char.len_utf16();
        }
        is_plain.then_some(Self {
            units: at,
            replaced,
            within,
        })
    }

    /// The places of one symbol, moved.
    fn moved(&self, symbol: &[(usize, &ShortNumber)]) -> Option<Vec<NumberEdit>> {
        let (mut start, mut end, mut length) = (None, None, None);
        for (number, one) in symbol {
            let key = key(&one.locator)?;
            let slot = if START_KEYS.contains(&key) {
                &mut start
            } else if END_KEYS.contains(&key) {
                &mut end
            } else if LENGTH_KEYS.contains(&key) {
                &mut length
            } else {
                return None;
            };
            if slot.replace((*number, place(&one.text)?)).is_some() {
                return None;
            }
        }
        let start = start?;
        let range = match (end, length) {
            (Some((_, end)), None) => start.1..end,
            (None, Some((_, length))) => start.1..start.1.checked_add(length)?,
            (Some(_), Some(_)) | (None, None) => return None,
        };
        if !self.is_free(&range) {
            return None;
        }
        let places = [Some(start), end].into_iter().flatten();
        let changed = places.filter_map(|(number, old)| {
            let value = self.after(old);
            (value != old).then_some(NumberEdit { number, value })
        });
        Some(changed.collect())
    }

    /// Whether a range lies in the text, cuts no character, and shares nothing with a value.
    fn is_free(&self, range: &Range<usize>) -> bool {
        let is_in_text = range.start <= range.end && range.end <= self.units;
        let cuts = self.within.contains(&range.start) || self.within.contains(&range.end);
        let is_apart = self
            .replaced
            .iter()
            .all(|(value, _)| range.end <= value.start || value.end <= range.start);
        is_in_text && !cuts && is_apart
    }

    /// Where a place is once the values before it are replaced.
    fn after(&self, place: usize) -> usize {
        let before = self.replaced.iter().filter(|(value, _)| value.end <= place);
        before.fold(place, |moved, (value, placeholder)| {
            (moved + placeholder).saturating_sub(value.len())
        })
    }
}

/// A place as JSON writes it: plain digits.
fn place(text: &str) -> Option<usize> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use bytes::Bytes;
    use http::Method;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::codec::BodyFormat;
    use crate::model::limits::Limits;
    use crate::model::part::Span;
    use crate::payload;
    use crate::service::{Catalogue, Recognized, Upgrade};

    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());
    const SYMBOL: &str = "@bảng";
    const VALUE: &str = "001099000001";

    /// The body with every value in its texts replaced, if its offsets can follow.
    fn rewritten(body: &Value, replacement: &str) -> Option<Value> {
        let path = "/backend-api/f/conversation";
        let Recognized::Endpoint { endpoint, .. } =
            CATALOGUE.recognize("chatgpt.com", &Method::POST, path, Upgrade::None)
        else {
            panic!("no row")
        };
        let format = BodyFormat {
            content_type: Some("application/json".to_owned()),
            ..BodyFormat::default()
        };
        let bytes = Bytes::from(body.to_string());
        let opened = payload::open(&bytes, &format, &Limits::default()).unwrap();
        let mut edits = Vec::new();
        for part in opened.payload.parts() {
            for (start, value) in part.text.expose().match_indices(VALUE) {
                edits.push(Edit {
                    part: part.id,
                    span: Span::new(start, start + value.len()),
                    replacement: replacement.to_owned(),
                });
            }
        }
        let numbers = moved(&opened.payload, endpoint, &edits)?;
        let bytes = opened.payload.rewrite_counted(&edits, &numbers).unwrap();
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    fn message(text: &str, offsets: &Value) -> Value {
        json!({
            "content": {"parts": [text]},
            "metadata": {"serialization_metadata": {"custom_symbol_offsets": offsets}},
        })
    }

    fn body(text: &str, offsets: &Value) -> Value {
        json!({"messages": [message("Xin chào 123", &json!([])), message(text, offsets)]})
    }

    /// What stands at the places, cut out as a page does.
    fn cut(text: &str, start: usize, end: usize) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        String::from_utf16(&units[start..end]).unwrap()
    }

    #[test]
    fn places_that_cannot_be_told_exactly_are_not_moved() {
        // "Số " and a value of twelve digits: 3 to 15 of 21.
        let text = format!("Số {VALUE} 😀 xin");
        for (offsets, is_moved) in [
            (json!([{"start": 0, "end": 2}]), true),
            (
                json!([{"startIndex": 15, "endIndex": 16, "symbol": "x"}]),
                true,
            ),
            (json!([{"start": 16, "length": 2, "type": "emoji"}]), true),
            (json!([{"start": 15, "end": 22}]), true),
            (json!([{"start": 15, "end": 23}]), false),
            (json!([{"start": 4, "end": 6}]), false),
            (json!([{"start": 0, "end": 15}]), false),
            (json!([{"start": 5, "end": 5}]), false),
            (json!([{"start": 17, "end": 18}]), false),
            (json!([{"start": 20, "end": 19}]), false),
            (json!([{"start": -1, "end": 2}]), false),
            (json!([{"start": 1.0, "end": 2}]), false),
            (json!([{"start": 1}]), false),
            (json!([{"start": 1, "end": 2, "line": 0}]), false),
            (json!([{"start": 1, "end": 2, "digest": "x"}]), false),
            (json!([5]), false),
            (json!({"0": 3}), false),
            (json!([{"start": 100_000, "end": 100_001}]), false),
        ] {
            let moved = rewritten(&body(&text, &offsets), "CCCDK7X3M9Q");
            assert_eq!(moved.is_some(), is_moved, "{offsets}");
        }
        let mut two = body(&text, &json!([{"start": 0, "end": 2}]));
        two["messages"][1]["content"]["parts"] = json!([text, "hai"]);
        assert!(rewritten(&two, "CCCDK7X3M9Q").is_none());
    }

    #[test]
    fn too_many_numbers_are_not_moved() {
        let mut crowded = body(VALUE, &json!([{"start": 0, "end": 0}]));
        crowded["n"] = json!(vec![1; 2000]);
        assert!(rewritten(&crowded, "CCCDK7X3M9Q").is_none());
    }

    proptest! {
        #[test]
        fn a_place_holds_the_same_symbol_after_as_before(
            pieces in proptest::collection::vec(
                prop_oneof![
                    Just(VALUE.to_owned()), Just(SYMBOL.to_owned()), Just("😀".to_owned()), " [a-zđồ,.?\\n]{0,8}",
                ],
                0..12,
            ),
            replacement in "[A-Z0-9]{6,20}",
            has_length in any::<bool>(),
        ) {
            let text = pieces.concat();
            let mut offsets = Vec::new();
            for (at, symbol) in text.match_indices(SYMBOL) {
                let start = units(text.get(..at).unwrap());
                let length = units(symbol);
                offsets.push(if has_length {
                    json!({"start": start, "length": length})
                } else {
                    json!({"start": start, "end": start + length})
                });
            }
            let sent = body(&text, &json!(offsets));
            let after = rewritten(&sent, &replacement).unwrap();
            let text = after.pointer("/messages/1/content/parts/0").unwrap().as_str().unwrap();
            prop_assert!(!text.contains(VALUE));
            let place = "/messages/1/metadata/serialization_metadata/custom_symbol_offsets";
            let moved = after.pointer(place).unwrap().as_array().unwrap();
            prop_assert_eq!(moved.len(), offsets.len());
            for symbol in moved {
                let number = |key: &str| symbol[key].as_u64().and_then(|one| usize::try_from(one).ok());
                let start = number("start").unwrap();
                let end = number("end").unwrap_or_else(|| start + number("length").unwrap());
                prop_assert_eq!(cut(text, start, end), SYMBOL);
            }
        }
    }
}
