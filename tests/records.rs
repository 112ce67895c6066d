//! How well does the detector read documents about people, and leave alone those that are not?
//!
//! `tests/records/*.toml` hold shapes of documents: a head, a piece for each person, a tail, with
//! placeholders such as `{name}` (see `records/people.rs`). Each shape is filled with invented
//! people from a fixed seed, as it is, without diacritics, in small letters, in capitals and with doubled
//! spaces; what stands in it is
//! known, so that recall and precision can be counted. A shape with `record` tells of people; one
//! without tells of none. The figures are printed; below the floors the test fails. With
//! `LACHAN_RECORDS=1` every fault is listed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers may fail loudly"
)]

#[path = "records/document.rs"]
mod document;
#[path = "records/people.rs"]
mod people;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use document::{Document, Writing};
use lachan::detect::{Detector, ScanContext};
use lachan::model::category::Category;
use lachan::model::finding::{Confidence, Finding};
use lachan::model::part::{PartId, Span};
use lachan::normalize::normalize;
use people::{Dice, Truth};
use serde::Deserialize;

/// Each shape is filled so many times for each number of people.
const ROUNDS: u64 = 6;
/// So many findings beyond what stands in the documents are borne, of several thousand.
const BEYOND_MAX: usize = 6;
/// What at least must be reached, in percent, in each way of writing ([`Writing::ALL`]).
const FLOORS: [(&str, [f64; 6]); 8] = [
    ("records", [99.5, 99.5, 98.0, 94.0, 98.0, 99.5]),
    ("kind", [99.5, 99.5, 98.0, 94.0, 98.0, 99.5]),
    ("counted", [99.0, 99.0, 90.0, 85.0, 91.5, 99.0]),
    ("elements", [99.5, 99.5, 96.5, 95.5, 96.5, 99.5]),
    ("health", [99.0, 99.0, 99.0, 88.0, 99.0, 99.0]),
    ("values", [99.0, 99.0, 99.0, 99.0, 99.0, 99.0]),
    ("credential", [99.0, 99.0, 99.0, 99.0, 92.0, 99.0]),
    ("harmless", [100.0, 100.0, 100.0, 100.0, 100.0, 99.0]),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    shape: Vec<Shape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    /// What it is, for people.
    name: String,
    /// The kind of record it makes. A shape without one tells of nobody, or only of `values`.
    record: Option<String>,
    /// Whether single values stand in it although it makes no record.
    #[serde(default)]
    values: bool,
    /// With how many people it is filled.
    #[serde(default = "one")]
    people: Vec<usize>,
    #[serde(default)]
    head: String,
    /// Once for each person.
    each: String,
    #[serde(default)]
    tail: String,
    /// Whether it is also read without diacritics.
    #[serde(default = "yes")]
    plain: bool,
    /// Whether it is also read in small letters, in capitals and with doubled spaces.
    #[serde(default = "yes")]
    rewritten: bool,
}

impl Shape {
    /// Whether it is read in a way of writing.
    const fn is_read(&self, writing: Writing) -> bool {
        match writing {
            Writing::Whole => true,
            Writing::Plain => self.plain,
            Writing::SmallPlain => self.plain && self.rewritten,
            Writing::Small | Writing::Capitals | Writing::Doubled => self.rewritten,
        }
    }
}

fn one() -> Vec<usize> {
    vec![1]
}

const fn yes() -> bool {
    true
}

/// Found of expected, and found beyond.
#[derive(Clone, Copy, Default)]
struct Score {
    found: usize,
    expected: usize,
    beyond: usize,
}

/// The figures of one way of writing.
#[derive(Default)]
struct Figures {
    by_name: BTreeMap<String, Score>,
    faults: String,
}

impl Figures {
    fn count(&mut self, name: &str, holds: bool) {
        let score = self.by_name.entry(name.to_owned()).or_default();
        score.expected += 1;
        score.found += usize::from(holds);
    }

    fn judge(&mut self, shape: &Shape, document: &Document, found: &[Finding]) {
        let records: Vec<&Finding> = found.iter().filter(|f| f.category.is_record()).collect();
        let mut faults = Vec::new();
        if let Some(kind) = &shape.record {
            let has_kind = records.iter().any(|r| r.category.as_str() == kind);
            let people: usize = records.iter().map(|r| r.subjects as usize).sum();
            let is_counted = people.abs_diff(document.people) * 10 <= document.people;
            self.count("records", !records.is_empty());
            self.count("kind", has_kind);
            self.count("counted", is_counted);
            if !has_kind {
                let kinds: Vec<_> = records.iter().map(|r| r.category.as_str()).collect();
                faults.push(format!("kind {kinds:?} instead of {kind}"));
            }
            if !is_counted {
                faults.push(format!("{people} people of {}", document.people));
            }
        } else if !shape.values {
            self.count("harmless", found.is_empty());
        }
        for (span, truth) in &document.truths {
            faults.extend(self.judge_truth(document, *span, *truth, found));
        }
        for finding in found.iter().filter(|f| !is_expected(f, shape, document)) {
            let at = finding.span.of(&document.text);
            self.by_name
                .entry(finding.category.to_string())
                .or_default()
                .beyond += 1;
            faults.push(format!(
                "beyond: {} {at:?} ({})",
                finding.category, finding.rule
            ));
        }
        if !faults.is_empty() {
            faults.truncate(5);
            let text: String = document.text.chars().take(420).collect();
            writeln!(
                self.faults,
                "== {}\n{text}\n-- {}\n",
                shape.name,
                faults.join("\n-- ")
            )
            .unwrap();
        }
    }

    fn judge_truth(
        &mut self,
        document: &Document,
        span: Span,
        truth: Truth,
        found: &[Finding],
    ) -> Option<String> {
        let (group, holds) = match truth {
            Truth::Free => return None,
            Truth::Health => (
                "health",
                found
                    .iter()
                    .any(|f| f.category == Category::HealthRecord && f.span.contains(span)),
            ),
            Truth::Value(category) => {
                let holds = found
                    .iter()
                    .any(|f| f.category == category && is_same(f.span, span));
                self.count(category.as_str(), holds);
                let is_element = matches!(
                    category,
                    Category::PersonName | Category::BirthDate | Category::HomeAddress
                );
                (if is_element { "elements" } else { "values" }, holds)
            }
        };
        self.count(group, holds);
        (!holds).then(|| format!("missing {truth:?} {:?}", span.of(&document.text)))
    }
}

/// Whether two spans are the same but for a few bytes at their ends.
fn is_same(found: Span, wanted: Span) -> bool {
    let common = found
        .end
        .min(wanted.end)
        .saturating_sub(found.start.max(wanted.start));
    let all = found.end.max(wanted.end) - found.start.min(wanted.start);
    10 * common >= 8 * all
}

/// Whether the finding stands for something in the document.
fn is_expected(finding: &Finding, shape: &Shape, document: &Document) -> bool {
    if finding.category.is_record() {
        return shape.record.is_some();
    }
    document.truths.iter().any(|(span, truth)| {
        span.overlaps(finding.span)
            && match truth {
                Truth::Value(category) => *category == finding.category,
                Truth::Free => shape.record.is_some() && finding.category == Category::PersonName,
                Truth::Health => false,
            }
    })
}

fn shapes() -> Vec<Shape> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    paths.sort();
    let mut shapes = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        shapes.extend(file.shape);
    }
    shapes
}

fn figures(detector: &Detector, writing: Writing) -> Figures {
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: 2026,
    };
    let mut figures = Figures::default();
    for (at, shape) in shapes()
        .iter()
        .enumerate()
        .filter(|(_, shape)| shape.is_read(writing))
    {
        for people in &shape.people {
            for round in 0..ROUNDS {
                let seed = Dice::new(at as u64 * 100 + round).below(1 << 30) as u64 + round;
                let document = Document::fill(shape, *people, seed, writing);
                let mut found = detector.scan(&normalize(&document.text), &context);
                found.retain(|finding| finding.confidence >= Confidence::Medium);
                figures.judge(shape, &document, &found);
            }
        }
    }
    figures
}

fn percent(score: Score) -> f64 {
    let part = |count: usize| f64::from(u32::try_from(count).unwrap());
    100.0 * part(score.found) / part(score.expected).max(1.0)
}

#[test]
fn documents_about_people_are_read_and_others_left_alone() {
    let detector = Detector::builtin().ok().unwrap();
    let mut below = String::new();
    for (at, writing) in Writing::ALL.into_iter().enumerate() {
        let figures = figures(&detector, writing);
        let title = format!("{writing:?}");
        println!("{title}");
        for (name, score) in &figures.by_name {
            println!(
                "  {name:26} {:6.2} %  {:5} of {:5}, {:4} beyond",
                percent(*score),
                score.found,
                score.expected,
                score.beyond
            );
        }
        for (name, floors) in FLOORS {
            let floor = floors.get(at).copied().unwrap_or(100.0);
            let reached = percent(figures.by_name.get(name).copied().unwrap_or_default());
            if reached < floor {
                writeln!(below, "{title}: {name} {reached:.2} < {floor}").unwrap();
            }
        }
        let beyond: usize = figures.by_name.values().map(|score| score.beyond).sum();
        if beyond > BEYOND_MAX {
            writeln!(below, "{title}: {beyond} findings beyond what is there").unwrap();
        }
        if std::env::var_os("LACHAN_RECORDS").is_some() {
            println!("{}", figures.faults);
        }
    }
    assert!(below.is_empty(), "\n{below}");
}
