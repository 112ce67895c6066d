//! Does normalization make texts comparable, and does its map lead back?

use super::*;
use crate::model::part::Span;
use proptest::prelude::*;

fn normalized(text: &str) -> String {
    normalize(text).text().to_owned()
}

#[test]
fn decomposed_letters_are_composed() {
    let decomposed: String = "TUYỆT MẬT".nfd().collect();
    assert_eq!(normalized(&decomposed), "TUYỆT MẬT");
    // Windows-1258 keeps the letter with its hat and adds the dot.
    assert_eq!(normalized("M\u{c2}\u{323}T"), "MẬT");
}

#[test]
fn invisible_characters_are_removed_even_before_a_mark() {
    assert_eq!(normalized("0010\u{200b}9900\u{ad}0001"), "001099000001");
    assert_eq!(normalized("M\u{c2}\u{200d}\u{323}T"), "MẬT");
}

#[test]
fn spaces_dashes_and_line_ends_become_one_kind() {
    assert_eq!(normalized("a\u{a0}b\u{2009}c"), "a b c");
    assert_eq!(normalized("1–2—3−4"), "1-2-3-4");
    assert_eq!(normalized("a\r\nb\rc\u{2028}d"), "a\nb\nc\nd");
}

#[test]
fn references_are_decoded_and_settled_too() {
    assert_eq!(normalized("M&#7852;T&nbsp;&#xFF11;&amp;"), "MẬT 1&");
}

#[test]
fn a_span_of_a_replaced_piece_leads_back_to_all_of_it() {
    let text = "số &#48;\u{200b}91";
    let done = normalize(text);
    let at = done.text().find("091").unwrap();
    assert_eq!(
        done.original(Span::new(at, at + 3)).of(text),
        "&#48;\u{200b}91"
    );
}

#[test]
fn a_pile_of_marks_stays_linear() {
    let text = "a\u{301}".repeat(10) + &"\u{301}".repeat(100_000);
    assert!(normalize(&text).text().starts_with("áá"));
}

#[test]
fn hostile_texts_take_linear_time() {
    // With quadratic work any of these would take minutes.
    for piece in [
        "uwMDAx", "ba ", "ba", "a ", "a b c, ", "%C4%90", "%4", "=C3", "\\u00", "\\ud83d", "0<b>",
        "0<b 1", "sè ", "ñieän", "u+o^", "Ã", "Máº", "С", "&amp;", "30 ", "3 ", "- ", "ba---",
        "uw dd", "\u{ad}", "=\n",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        assert!(normalize(&text).text().len() <= 3 * text.len());
        assert!(opened(&text).is_none_or(|opened| opened.text().len() <= 3 * text.len()));
    }
}

/// Text with all that normalization touches.
fn odd_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-zA-Z0-9 .:&;#-]{1,6}",
        prop::sample::select(vec![
            "&#48;",
            "&nbsp;",
            "&#x1EAC;",
            "\u{200b}",
            "\u{ad}",
            "\u{323}",
            "\u{302}",
            "Ậ",
            "đ",
            "１",
            "𝟘",
            "\r\n",
            "—",
            "\u{a0}",
            "%C4%90",
            "=C4=91",
            "\\u0110",
            "\\x30",
            "sè ®iÖn ",
            "soá ñieän ",
            "so^' ddie^.n ",
            "soos ddieejn cuwowsc ",
            "Máº¬T",
            "СС",
            "s ố đ i ệ n ",
            "ba ",
            "năm ",
            "MDAxMDk5MDAwMDAx",
            "303031303939",
            "²³¹",
            "&amp;#48;",
            "\u{20e3}",
            "30 31 ",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_character_leads_back_to_where_it_came_from(text in odd_text()) {
        let done = normalize(&text);
        let mut last = 0;
        for (at, c) in done.text().char_indices() {
            let span = done.original(Span::new(at, at + c.len_utf8()));
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            prop_assert!(span.start >= last, "the map goes back");
            prop_assert!(!span.is_empty());
            last = span.start;
        }
    }

    #[test]
    fn every_character_is_what_it_came_from_became(text in odd_text()) {
        let (made, map) = compose(&text);
        for (at, c) in made.char_indices() {
            let span = map.original(Span::new(at, at + c.len_utf8()));
            let again = compose(span.of(&text)).0;
            prop_assert!(again.contains(c), "{c:?} from {:?}", span.of(&text));
        }
    }

    #[test]
    fn a_span_of_an_opened_text_is_a_piece_of_the_text(text in odd_text()) {
        if let Some(done) = opened(&text) {
            for (at, c) in done.text().char_indices() {
                let span = done.original(Span::new(at, at + c.len_utf8()));
                prop_assert!(text.get(span.start..span.end).is_some_and(|piece| !piece.is_empty()));
            }
        }
    }

    #[test]
    fn normalizing_plain_text_changes_nothing(text in "[ -$'-<?-~\n\tăâđêôơưẬỆ]{0,80}") {
        // Two words "aâ" and nothing else may be of a former encoding: each line has a letter that
        // none of them has. One space alone tells that no converter doubled all of them.
        let text = format!("{}ư a", text.replace('\n', "ư\n"));
        prop_assert_eq!(normalized(&text), text);
    }
}
