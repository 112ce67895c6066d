//! Do pieces join, and does everything else stay as it is?

use proptest::prelude::*;

use super::{AnswerKind, Begins, Fields, Restorer, Role, Values};
use crate::model::answer::AnswerForm;
use crate::model::part::Step;

const PLACEHOLDER: &str = "CCCDK7X3M9Q";
const VALUE: &str = "001\"099";
const BYTES_MAX: usize = 4000;

struct One;

impl Values for One {
    fn begins(&self, text: &str) -> Begins {
        if text.starts_with(PLACEHOLDER) {
            Begins::Known {
                bytes: PLACEHOLDER.len(),
                value: VALUE.to_owned(),
            }
        } else if PLACEHOLDER.starts_with(text) {
            Begins::Cut
        } else {
            Begins::Nothing
        }
    }

    fn are_known(&self) -> bool {
        true
    }
}

/// `/t` is a text in pieces, `/w` a whole one, `/n` has more inside.
struct Named {
    are_patched: bool,
}

impl Fields for Named {
    fn role(&self, place: &[Step]) -> Role {
        match place {
            [Step::Key(key)] | [Step::Key(_), Step::Json, Step::Key(key)] => match key.as_str() {
                "t" => Role::Piece(0),
                "w" => Role::Whole(1),
                "n" => Role::Opened,
                _ => Role::Other,
            },
            _ => Role::Other,
        }
    }

    fn are_patched(&self) -> bool {
        self.are_patched
    }
}

fn restorer(form: AnswerForm) -> Restorer {
    let media_type = match form {
        AnswerForm::Events => "text/event-stream",
        AnswerForm::Lines => "application/x-ndjson",
        AnswerForm::Document
        | AnswerForm::Array
        | AnswerForm::Google
        | AnswerForm::Connect
        | AnswerForm::Records
        | AnswerForm::Messages
        | AnswerForm::Text => "application/json",
    };
    let kind = AnswerKind::of(media_type, form).unwrap();
    let fields = Box::new(Named { are_patched: false });
    Restorer::new(kind, fields, Box::new(One), BYTES_MAX)
}

/// What comes out after each of the given pieces, and at the end.
fn run(form: AnswerForm, pieces: &[&str]) -> Vec<String> {
    let mut restorer = restorer(form);
    let mut out: Vec<Vec<u8>> = pieces
        .iter()
        .map(|piece| restorer.push(piece.as_bytes()))
        .collect();
    out.push(restorer.finish());
    let texts = out.into_iter().map(String::from_utf8);
    texts.collect::<Result<_, _>>().unwrap()
}

#[test]
fn only_what_may_become_a_placeholder_is_held_and_each_event_goes_on_at_once() {
    let events = [
        r#"{"t":"Số CC"}"#,
        r#"{"t":"CD"}"#,
        r#"{"t":"K7X3M9Q, C"}"#,
        r#"{"t":"ó"}"#,
    ];
    let lines: Vec<String> = events.iter().map(|event| format!("{event}\n")).collect();
    let pieces: Vec<&str> = lines.iter().map(String::as_str).collect();
    let expected = [
        "{\"t\":\"Số \"}\n",
        "{\"t\":\"\"}\n",
        "{\"t\":\"001\\\"099, \"}\n",
        "{\"t\":\"Có\"}\n",
        "",
    ];
    assert_eq!(run(AnswerForm::Lines, &pieces), expected);
}

#[test]
fn what_was_held_is_given_back_before_the_text_ends() {
    let held = "data: {\"t\":\"Số CCCD\",\"id\":1}\n\n";
    let trimmed = "data: {\"t\":\"Số \",\"id\":1}\n\n";
    let back = "data: {\"t\":\"CCCD\",\"id\":1}\n\n";
    for end in [
        "data: [DONE]\n\n",
        "data: {\"stop\":true}\n\n",
        "data: {\"w\":\"x\"}\n\n",
    ] {
        let out = run(AnswerForm::Events, &[held, ": nhịp\n\n", end]);
        assert_eq!(out, [trimmed, ": nhịp\n\n", &format!("{back}{end}"), ""]);
    }
    assert_eq!(run(AnswerForm::Events, &[held]), [trimmed, back]);
    let last = "data: {\"t\":\"Số CCCD\",\"finish_reason\":\"stop\"}\n\n";
    assert_eq!(run(AnswerForm::Events, &[last]), [last, ""]);
}

/// What a body of lines becomes that is called JSON.
fn run_json_lines(pieces: &[&str]) -> String {
    let kind = AnswerKind::of("application/json", AnswerForm::Lines).unwrap();
    let fields = Box::new(Named { are_patched: false });
    let mut restorer = Restorer::new(kind, fields, Box::new(One), BYTES_MAX);
    let mut out = Vec::new();
    for piece in pieces {
        out.extend(restorer.push(piece.as_bytes()));
    }
    out.extend(restorer.finish());
    String::from_utf8(out).unwrap()
}

#[test]
fn a_document_in_place_of_a_stream_stays_one_document() {
    for end in ["", "\n"] {
        let document = format!("{{\"t\":\"Số CCC\",\"id\":1}}{end}");
        assert_eq!(run_json_lines(&[&document]), document);
        let known = document.replace("CCC", "CCCDK7X3M9Q");
        let turned = document.replace("CCC", "001\\\"099");
        assert_eq!(run_json_lines(&[&known]), turned);
    }
    let array = "[{\"t\":\"Số CCC\"}\n]";
    assert_eq!(run(AnswerForm::Array, &[array]).concat(), array);
    let two = "[{\"t\":\"Số CCC\"},{\"w\":\"x\"}]";
    let back = "[{\"t\":\"Số \"},{\"t\":\"CCC\"},{\"w\":\"x\"}]";
    assert_eq!(run(AnswerForm::Array, &[two]).concat(), back);
    // Once a second line comes, it was a stream.
    let lines = [
        "{\"index\":0,\"t\":\"CCCDK\"}\n",
        "{\"index\":1,\"t\":\"x\"}\n",
    ];
    let last = "{\"index\":0,\"t\":\"7X3M9Q\"}\n";
    let turned =
        "{\"index\":0,\"t\":\"\"}\n{\"index\":1,\"t\":\"x\"}\n{\"index\":0,\"t\":\"001\\\"099\"}\n";
    assert_eq!(run_json_lines(&[lines[0], lines[1], last]), turned);
    let back = "{\"index\":0,\"t\":\"\"}\n{\"index\":0,\"t\":\"CCCDK\"}\n{\"w\":\"x\"}\n";
    assert_eq!(run_json_lines(&[lines[0], "{\"w\":\"x\"}\n"]), back);
}

#[test]
fn a_text_that_begins_anew_takes_nothing_of_the_one_before() {
    let event =
        |event: &str, text: &str| format!("data: {{\"event\":\"{event}\",\"t\":\"{text}\"}}\n\n");
    let asked = [
        event("appendText", "Số CC"),
        event("replaceText", "Cả CCCDK7X3M9Q"),
    ]
    .concat();
    let expected = [
        event("appendText", "Số "),
        event("appendText", "CC"),
        event("replaceText", "Cả 001\\\"099"),
    ];
    assert_eq!(
        run(AnswerForm::Events, &[&asked]).concat(),
        expected.concat()
    );
}

#[test]
fn lines_that_are_called_events_are_read() {
    let lines = "{\"w\":\"CCCDK7X3M9Q\"}\r\n{\"w\":\"b\"}\r\n";
    let turned = lines.replace("CCCDK7X3M9Q", "001\\\"099");
    assert_eq!(run(AnswerForm::Events, &[lines]).concat(), turned);
}

#[test]
fn the_first_byte_settles_the_form_wherever_the_network_cuts() {
    let lines = "\r\n\n{\"w\":\"CCCDK7X3M9Q\"}\n";
    let turned = lines.replace("CCCDK7X3M9Q", "001\\\"099");
    let broken = "0\n\n{\"w\":\"CCCDK7X3M9Q\"}\n";
    for (sent, expected) in [(lines, turned.as_str()), (broken, broken)] {
        for step in 1..=sent.len() {
            let pieces: Vec<_> = sent.as_bytes().chunks(step).map(str::from_utf8).collect();
            let pieces = pieces.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
            let out = run(AnswerForm::Events, &pieces).concat();
            assert_eq!(out, expected, "in pieces of {step}");
        }
    }
}

#[test]
fn texts_side_by_side_are_kept_apart() {
    let out = run(
        AnswerForm::Lines,
        &[
            "{\"index\":0,\"t\":\"CCCDK\"}\n",
            "{\"index\":1,\"t\":\"7X3M9Q\"}\n",
            "{\"index\":0,\"t\":\"7X3M9Q\"}\n",
        ],
    );
    assert_eq!(
        out.concat(),
        "{\"index\":0,\"t\":\"\"}\n{\"index\":1,\"t\":\"7X3M9Q\"}\n{\"index\":0,\"t\":\"001\\\"099\"}\n"
    );
}

#[test]
fn each_level_of_nesting_is_escaped_and_the_spelling_around_stays() {
    let inner = r#"{\"w\" : \"\u1ed3 CCCDK7X3M9Q\\n\"}"#;
    let whole = format!("{{\"n\":\"{inner}\", \"x\":\"CCCDK7X3M9Q\"}}");
    let expected = whole.replacen(PLACEHOLDER, r#"001\\\"099"#, 1);
    assert_eq!(run(AnswerForm::Document, &[&whole]), ["", &expected]);
}

#[test]
fn a_url_that_is_cut_between_pieces_stays_one() {
    let pieces = [
        "{\"t\":\"![](https://x.ex\"}\n",
        "{\"t\":\"ample/?CC\"}\n",
        "{\"t\":\"CDK7X3M9Q) CCCDK7X3M9Q\"}\n",
    ];
    let out = run(AnswerForm::Lines, &pieces).concat();
    assert_eq!(
        out,
        pieces.concat().replace(") CCCDK7X3M9Q", ") 001\\\"099")
    );
}

#[test]
fn over_the_bound_all_passes_as_it_comes() {
    let long = "x".repeat(BYTES_MAX + 1);
    let first = "{\"t\":\"CCC\"}\n";
    let mut restorer = restorer(AnswerForm::Lines);
    let mut out = restorer.push(first.as_bytes());
    out.extend(restorer.push(long.as_bytes()));
    let rest = "\n{\"w\":\"CCCDK7X3M9Q\"}\n";
    assert_eq!(restorer.push(rest.as_bytes()), rest.as_bytes());
    let expected = format!("{{\"t\":\"\"}}\n{first}{long}");
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn plain_text_is_turned_back_wherever_it_is_cut_and_broken_bytes_pass() {
    let text = "Số CCCDK7X3M9Q, ồ https://x.example/CCCDK7X3M9Q CCCD".as_bytes();
    let sent = [text, &[0xff], text, &[0xe1, 0xbb]].concat();
    let turned = "Số 001\"099, ồ https://x.example/CCCDK7X3M9Q CCCD".as_bytes();
    let expected = [turned, &[0xff], turned, &[0xe1, 0xbb]].concat();
    let kind = AnswerKind::of("text/plain; charset=utf-8", AnswerForm::Text).unwrap();
    for step in 1..sent.len() {
        let fields = Box::new(Named { are_patched: false });
        let mut restorer = Restorer::new(kind, fields, Box::new(One), BYTES_MAX);
        let mut out = Vec::new();
        for piece in sent.chunks(step) {
            out.extend(restorer.push(piece));
        }
        out.extend(restorer.finish());
        assert_eq!(out, expected, "in pieces of {step}");
    }
}

#[test]
fn pages_scripts_and_pictures_are_not_read() {
    for media_type in [
        "text/html",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "application/pdf",
        "text/plain",
        "",
    ] {
        assert_eq!(
            AnswerKind::of(media_type, AnswerForm::Events),
            None,
            "{media_type}"
        );
    }
}

fn forms() -> impl Strategy<Value = AnswerForm> {
    proptest::sample::select(vec![
        AnswerForm::Events,
        AnswerForm::Lines,
        AnswerForm::Document,
        AnswerForm::Array,
        AnswerForm::Google,
        AnswerForm::Connect,
    ])
}

proptest! {
    #[test]
    fn bytes_of_any_kind_pass_unharmed(
        form in forms(), bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1_usize..50,
    ) {
        let mut restorer = restorer(form);
        let mut out = Vec::new();
        for piece in bytes.chunks(step) {
            out.extend(restorer.push(piece));
        }
        out.extend(restorer.finish());
        prop_assert_eq!(out, bytes);
    }

    #[test]
    fn near_answers_never_panic_and_lose_nothing(
        form in forms(), text in "(data: |15:|[0-9]{1,3}\n|\\{\"t\":\"(CC|CD|K7X3M9Q|\\\\n|ồ|<|\\]\\()*\"\\}|\n|\r|\\[|\\]|,){0,20}",
        step in 1_usize..20,
    ) {
        let mut whole = restorer(form);
        let mut once = whole.push(text.as_bytes());
        once.extend(whole.finish());
        let mut piecewise = restorer(form);
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(step) {
            out.extend(piecewise.push(piece));
        }
        out.extend(piecewise.finish());
        prop_assert_eq!(String::from_utf8(out), String::from_utf8(once));
    }
}
