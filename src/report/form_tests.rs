//! What documents promise, tried in every form.

use serde_json::Value;

use super::fixture::{Log, MARKERS, around, asked, made};
use crate::report::compose::compose;
use crate::report::form::Form;
use crate::report::period::CutOffs;
use crate::report::{Kind, Period, make};

#[tokio::test]
async fn an_empty_log_and_an_empty_period_make_every_report() {
    let empty = Log::open().await;
    let full = Log::with_a_year().await;
    for kind in Kind::all() {
        let none = made(&empty, kind).await;
        assert_eq!(none.written.chain.head.seq, 0);
        let mut later = asked(kind);
        later.period = Period::parse("2030-H1", CutOffs::default()).unwrap();
        let later = make(&full.reader, &later).await.unwrap();
        for made in [none, later] {
            assert_eq!(made.written.figures.incidents, 0);
            assert!(compose(&made.written, around()).is_some());
            for form in Form::ALL {
                assert!(!form.write(&made, around()).unwrap().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn no_value_and_no_person_is_in_any_document() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let made = made(&log, kind).await;
        let document = compose(&made.written, around()).unwrap();
        let texts = [format!("{document:?}"), made.written.to_text()];
        for marker in MARKERS.iter().chain(&["MARKER-PERSON", "10.0.0.9"]) {
            for text in &texts {
                assert!(!text.contains(marker), "{marker} in {}", kind.name());
            }
        }
        if kind != Kind::SecrecyNotice {
            let code = &made_secret_code(&log).await;
            assert!(!texts[0].contains(code.as_str()), "{}", kind.name());
        }
    }
}

async fn made_secret_code(log: &Log) -> String {
    made(log, Kind::SecrecyNotice).await.written.incidents[0]
        .code
        .clone()
}

#[tokio::test]
async fn what_people_wrote_stands_in_the_document_and_too_much_is_refused() {
    let log = Log::open().await;
    let mut with_text = asked(Kind::Periodic);
    let text = "Đã tổ chức 02 lớp tập huấn.";
    with_text
        .texts
        .insert("training".to_owned(), format!(" {text} "));
    with_text
        .texts
        .insert("outlook".to_owned(), "  ".to_owned());
    let made = make(&log.reader, &with_text).await.unwrap();
    assert_eq!(made.written.texts.len(), 1);
    let document = compose(&made.written, around()).unwrap();
    assert!(format!("{document:?}").contains(text));
    with_text
        .texts
        .insert("outlook".to_owned(), "x".repeat(20_001));
    assert!(make(&log.reader, &with_text).await.is_err());
}

#[tokio::test]
async fn reports_cite_laws_in_force_and_speak_plainly() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let made = made(&log, kind).await;
        let text = format!("{:?}", compose(&made.written, around()).unwrap());
        for repealed in [
            "13/2023", "29/2018", "26/2020", "24/2020", "85/2016", "53/2022", "BM-SC",
        ] {
            assert!(!text.contains(repealed), "{repealed} in {}", kind.name());
        }
        for word in ["khử nhận dạng", "giải trình", "kỷ luật"] {
            assert!(!text.contains(word), "{word} in {}", kind.name());
        }
    }
}

/// The schema names every key of a report and no other, at every depth.
#[tokio::test]
async fn the_schema_has_the_keys_of_a_report() {
    fn agree(schema: &Value, all: &Value, report: &Value, place: &str) {
        let referred = |schema: &Value| {
            let name = schema["$ref"]
                .as_str()?
                .strip_prefix("#/$defs/")?
                .to_owned();
            Some(all["$defs"][&name].clone())
        };
        let schema = referred(schema).unwrap_or_else(|| schema.clone());
        if let Some(choices) = schema["oneOf"].as_array() {
            let choice = choices
                .iter()
                .find(|one| (one["type"] == "null") == report.is_null());
            return agree(choice.expect("a choice fits"), all, report, place);
        }
        match report {
            Value::Object(keys) if schema["properties"].is_object() => {
                let required: Vec<&str> = schema["required"]
                    .as_array()
                    .expect("required keys")
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                assert_eq!(keys.keys().collect::<Vec<_>>(), required, "{place}");
                for (name, value) in keys {
                    agree(
                        &schema["properties"][name],
                        all,
                        value,
                        &format!("{place}.{name}"),
                    );
                }
            }
            Value::Object(keys) => {
                for (name, value) in keys {
                    agree(
                        &schema["additionalProperties"],
                        all,
                        value,
                        &format!("{place}.{name}"),
                    );
                }
            }
            Value::Array(items) => {
                for item in items {
                    agree(&schema["items"], all, item, place);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                let is_described = schema["type"] != Value::Null
                    || schema["const"] != Value::Null
                    || schema["enum"] != Value::Null;
                assert!(is_described || place.contains("documents"), "{place}");
            }
        }
    }
    let schema: Value = serde_json::from_str(include_str!("report.schema.json")).unwrap();
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let written = made(&log, kind).await.written;
        let report = serde_json::to_value(&written).unwrap();
        agree(&schema, &schema, &report, "report");
    }
}

#[tokio::test]
async fn every_page_of_a_table_repeats_its_head_in_word() {
    let log = Log::with_a_year().await;
    let made = made(&log, Kind::Periodic).await;
    let document = compose(&made.written, around()).unwrap();
    let origin = crate::report::docx_form::Origin {
        digest: &made.written.digest,
        at: None,
    };
    let text = crate::report::docx_form::document_xml(&document, &origin);
    let is_table = |block: &&crate::report::document::Block| {
        matches!(block, crate::report::document::Block::Table(_))
    };
    let annexes = document.annexes.iter().flat_map(|annex| &annex.body);
    let tables = document.body.iter().chain(annexes).filter(is_table).count();
    assert_eq!(text.matches("<w:tblHeader />").count(), tables);
    assert!(
        !text.contains("w:val=\"1\" w:hRule"),
        "every mark became a head"
    );
}
