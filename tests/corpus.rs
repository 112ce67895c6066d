//! Does the detector find exactly what the corpus says stands in its texts?
//!
//! Every `tests/corpus/*.toml` is a list of `[[case]]`: a name, a text, what is expected in it at
//! or above Medium (`category`, and the `text` or the number of `subjects` where they matter),
//! and optionally `only = true`, which allows nothing else. A case without expectations must
//! yield nothing. Everyone in the corpus is invented.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use lachan::detect::{Detector, ScanContext};
use lachan::inspect::find;
use lachan::model::category::Category;
use lachan::model::finding::{Confidence, Finding};
use lachan::model::part::PartId;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    #[serde(default)]
    expected: Vec<Expected>,
    #[serde(default)]
    only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    category: String,
    text: Option<String>,
    subjects: Option<u32>,
    level: Option<String>,
}

/// Found, expected and wrongly found, for one category.
#[derive(Default)]
struct Score {
    found: usize,
    expected: usize,
    extra: usize,
}

#[test]
fn the_corpus_is_read_as_it_says() {
    let detector = Detector::builtin()
        .map_err(|mistakes| {
            mistakes
                .iter()
                .map(|m| format!("{m}\n"))
                .collect::<String>()
        })
        .unwrap();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut wrong = String::new();
    for (file, case) in cases() {
        let found = findings(&detector, &case.text);
        for trouble in judge(&case, &found, &mut scores) {
            writeln!(wrong, "{file}: {}: {trouble}", case.name).unwrap();
        }
    }
    for (category, score) in &scores {
        println!(
            "{category:26} found {:4} of {:4}, {:3} beyond",
            score.found, score.expected, score.extra
        );
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        cases.extend(file.case.into_iter().map(|case| (name.clone(), case)));
    }
    cases
}

fn findings(detector: &Detector, text: &str) -> Vec<Finding> {
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: 2026,
    };
    let mut found = find(detector, text, &context);
    found.retain(|finding| finding.confidence >= Confidence::Medium);
    found
}

/// What people write before numbers of a category.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelFile {
    labels: Vec<Labels>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    category: String,
    values: Vec<String>,
    labels: Vec<String>,
}

/// How a label and its value are written: `<L>` stands for the label, `<V>` for the value, `<W>` for
/// the value of another person.
const FRAMES: [&str; 10] = [
    "<L>: <V>",
    "<L> <V>",
    "- <L>: <V>;",
    "<L>:\n<V>",
    "(<L> <V>)",
    "<L> = <V>",
    "Ông Nguyễn Văn Thử, <L>: <V>, trú tại thôn Mẫu.",
    "{\"ho_ten\": \"Nguyễn Văn Thử\", \"<L>\": \"<V>\"}",
    "| Họ tên | <L> | Ghi chú |\n|---|---|---|\n| Nguyễn Văn Thử | <V> | |\n| Trần Thị Mẫu | <W> | |",
    "STT\tHọ tên\t<L>\n1\tNguyễn Văn Thử\t<V>\n2\tLê Thị Mẫu\t<W>",
];

#[test]
fn labels_are_known_in_sentences_lists_tables_and_keys() {
    let detector = Detector::builtin().ok().unwrap();
    let file = include_str!("corpus/labels/labels.toml");
    let file: LabelFile = toml::from_str(file).unwrap();
    let mut missed = String::new();
    for labels in &file.labels {
        let [first, second] = labels.values.as_slice() else {
            panic!("{}: two values are wanted", labels.category);
        };
        for label in &labels.labels {
            let small = label.to_lowercase();
            let written = [(label, first, second), (&small, second, first)];
            for (frame, (label, value, other)) in FRAMES
                .iter()
                .flat_map(|frame| written.map(|written| (frame, written)))
            {
                let text = frame
                    .replace("<L>", label)
                    .replace("<V>", value)
                    .replace("<W>", other);
                let is_found = findings(&detector, &text).iter().any(|finding| {
                    finding.category.as_str() == labels.category && finding.span.of(&text) == value
                });
                if !is_found {
                    writeln!(missed, "{}: {text:?}", labels.category).unwrap();
                }
            }
        }
    }
    assert!(missed.is_empty(), "\n{missed}");
}

/// What is wrong with the findings of a case.
fn judge(case: &Case, found: &[Finding], scores: &mut BTreeMap<String, Score>) -> Vec<String> {
    let mut wrong = Vec::new();
    for expected in &case.expected {
        let score = scores.entry(expected.category.clone()).or_default();
        score.expected += 1;
        if found
            .iter()
            .any(|finding| is(finding, expected, &case.text))
        {
            score.found += 1;
        } else {
            wrong.push(format!(
                "missing {} {:?} {:?}",
                expected.category, expected.text, expected.subjects
            ));
        }
    }
    if case.only || case.expected.is_empty() {
        let extra = found
            .iter()
            .filter(|finding| !case.expected.iter().any(|e| is(finding, e, &case.text)));
        for finding in extra {
            let category = finding.category.as_str();
            scores.entry(category.to_owned()).or_default().extra += 1;
            let at = finding.span.of(&case.text);
            wrong.push(format!("beyond {category} {at:?} ({})", finding.rule));
        }
    }
    wrong
}

fn is(finding: &Finding, expected: &Expected, text: &str) -> bool {
    finding.category.as_str() == expected.category
        && expected
            .text
            .as_deref()
            .is_none_or(|wanted| finding.span.of(text) == wanted)
        && expected
            .subjects
            .is_none_or(|wanted| finding.subjects == wanted)
        && expected
            .level
            .as_deref()
            .is_none_or(|wanted| finding.level.is_some_and(|level| level.as_str() == wanted))
}

#[test]
fn a_redacted_text_has_nothing_left_to_find() {
    let detector = Detector::builtin().ok().unwrap();
    let mut wrong = String::new();
    for (file, case) in cases() {
        let found = findings(&detector, &case.text);
        if found.iter().any(|finding| !is_value(finding)) {
            // A mark blocks the whole text; it is never redacted.
            continue;
        }
        let redacted = redacted(&case.text, &found);
        for left in findings(&detector, &redacted) {
            let at = left.span.of(&redacted);
            writeln!(
                wrong,
                "{file}: {}: {} {at:?} left",
                case.name, left.category
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Whether the finding is a value or a record of values, not a mark on the whole text.
fn is_value(finding: &Finding) -> bool {
    !matches!(
        finding.category,
        Category::StateSecret | Category::InternalDocument
    )
}

/// The text with a placeholder for each value.
fn redacted(text: &str, found: &[Finding]) -> String {
    let mut redacted = String::new();
    let mut end = 0;
    for finding in found.iter().filter(|finding| !finding.category.is_record()) {
        if finding.span.start < end {
            continue;
        }
        redacted.push_str(text.get(end..finding.span.start).unwrap());
        redacted.push_str(finding.category.placeholder_label());
        redacted.push_str("1X7Q2B");
        end = finding.span.end;
    }
    redacted.push_str(text.get(end..).unwrap());
    redacted
}

/// What may stand between two texts that one prompt holds.
const BETWEEN: [&str; 3] = ["\n\n", "\n\n---\n\n", "\n\n\n"];
/// How far apart the cases stand that are put side by side.
const APART: [usize; 4] = [1, 17, 61, 203];
/// Of the values of two texts so many in a thousand are found side by side; a blank line does not
/// always part what belongs together.
const FOUND_SIDE_BY_SIDE: usize = 985;
/// Of two texts in which nothing is protected so many in a thousand may hold something together.
const FALSE_SIDE_BY_SIDE: usize = 5;

#[test]
fn texts_side_by_side_are_read_as_apart() {
    let detector = Detector::builtin().ok().unwrap();
    let cases = cases();
    let (mut found, mut expected, mut wrong, mut harmless) = (0, 0, 0, 0);
    for (place, (_, first)) in cases.iter().enumerate() {
        for (apart, between) in APART.iter().zip(BETWEEN.iter().cycle()) {
            let (_, second) = &cases[(place + apart) % cases.len()];
            let text = format!("{}{between}{}", first.text, second.text);
            let all = findings(&detector, &text);
            let both = || [first, second].into_iter();
            // A mark is one by its place at the head of a text.
            let wanted = |e: &&Expected| {
                e.text.is_some() && e.category != "state_secret" && !e.category.ends_with("_record")
            };
            let names = format!("{:?} beside {:?}", first.name, second.name);
            for one in both().flat_map(|case| &case.expected).filter(wanted) {
                expected += 1;
                found += usize::from(is_found(one, &all, &text, &names));
            }
            if both().all(|case| case.expected.is_empty()) {
                harmless += 1;
                wrong += usize::from(is_flagged(&all, &text, &names));
            }
        }
    }
    println!("side by side: {found} of {expected} found; {wrong} of {harmless} harmless flagged");
    assert!(
        found * 1000 >= expected * FOUND_SIDE_BY_SIDE,
        "{found} of {expected}"
    );
    assert!(
        wrong * 1000 <= harmless * FALSE_SIDE_BY_SIDE,
        "{wrong} of {harmless}"
    );
}

/// Puts something around a text.
type Wrap = fn(&str) -> String;

/// How a text is put into a prompt, a mail or a page, and how many in a thousand of its values are
/// found there. An empty line behind each tears labels from their values.
const WRAPPED: [(Wrap, usize); 10] = [
    (|text| format!("Hãy tóm tắt đoạn sau: {text}"), 990),
    (
        |text| format!("Sửa lỗi chính tả giúp mình nhé:\n\n{text}\n\nCảm ơn bạn."),
        990,
    ),
    (
        |text| format!("Please translate this into English:\n{text}"),
        990,
    ),
    (|text| format!("Nội dung: “{text}”"), 990),
    (|text| format!("```\n{text}\n```"), 990),
    (|text| by_line(text, |line| format!("> {line}\n")), 990),
    (|text| by_line(text, |line| format!("{line}\r\n")), 990),
    (|text| by_line(text, |line| format!("{line}\n\n")), 960),
    (|text| by_line(text, |line| format!("<p>{line}</p>")), 990),
    (|text| by_line(text, |line| format!("{line}<br>\n")), 990),
];
/// Of the harmless ones so many in a thousand may be flagged.
const FALSE_WRAPPED: usize = 30;

fn by_line(text: &str, wrapped: fn(&str) -> String) -> String {
    text.split('\n').map(wrapped).collect()
}

#[test]
fn texts_are_read_however_they_are_wrapped() {
    let detector = Detector::builtin().ok().unwrap();
    let cases = cases();
    for (place, (wrapped, floor)) in WRAPPED.iter().enumerate() {
        let (mut found, mut expected, mut wrong, mut harmless) = (0, 0, 0, 0);
        for (_, case) in &cases {
            let text = wrapped(&case.text);
            let all = findings(&detector, &text);
            let is_on_line = |e: &&Expected| e.text.as_ref().is_some_and(|t| !t.contains('\n'));
            let name = format!("{:?} wrapped {place}", case.name);
            for one in case.expected.iter().filter(is_on_line) {
                expected += 1;
                found += usize::from(is_found(one, &all, &text, &name));
            }
            if case.expected.is_empty() {
                harmless += 1;
                wrong += usize::from(is_flagged(&all, &text, &name));
            }
        }
        println!(
            "wrapped {place}: {found} of {expected} found; {wrong} of {harmless} harmless flagged"
        );
        let is_good = found * 1000 >= expected * floor;
        assert!(is_good, "wrapped {place}: {found} of {expected}");
        let is_good = wrong * 1000 <= harmless * FALSE_WRAPPED;
        assert!(is_good, "wrapped {place}: {wrong} of {harmless}");
    }
}

/// Whether something expected is found; says so if it is not.
fn is_found(expected: &Expected, all: &[Finding], text: &str, name: &str) -> bool {
    let is_found = all.iter().any(|finding| is(finding, expected, text));
    if !is_found {
        println!("lost {} {:?} in {name}", expected.category, expected.text);
    }
    is_found
}

/// Whether anything is found in a harmless text; says what.
fn is_flagged(all: &[Finding], text: &str, name: &str) -> bool {
    for finding in all {
        let at = finding.span.of(text);
        println!("false {} {at:?} in {name}", finding.category.as_str());
    }
    !all.is_empty()
}
