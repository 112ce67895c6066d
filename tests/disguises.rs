//! Are values found in every disguise?
//!
//! The sentences of `tests/corpus/disguises/sentences.toml`, with made-up values, are put into
//! each disguise of `tests/corpus/disguises/disguises.toml`. The test prints how many values are
//! found for each disguise and category, and fails below the floor that the file commits to.
//! A disguise is a name there and a few lines in `disguises/disguise.rs`. With `DISGUISE=name` in
//! the environment what is missed in it is shown.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test's helpers may fail loudly"
)]

#[path = "disguises/carrier.rs"]
mod carrier;
#[path = "disguises/disguise.rs"]
mod disguise;
#[path = "disguises/encode.rs"]
mod encode;
#[path = "disguises/sample.rs"]
mod sample;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use lachan::detect::{Detector, ScanContext};
use lachan::inspect::find;
use lachan::model::finding::{Confidence, Finding};
use lachan::model::part::PartId;
use lachan::normalize::{normalize, opened};
use serde::Deserialize;

use sample::{Dice, Kind, pieces, sentences};

/// Samples of each disguise.
const SAMPLES: usize = 48;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    average: f64,
    disguise: Vec<Floor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    name: String,
    floor: f64,
    /// Whether it is no ordinary disguise, and does not count for the average.
    #[serde(default)]
    bonus: bool,
}

#[derive(Clone, Copy, Default)]
struct Score {
    found: usize,
    expected: usize,
}

impl Score {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    fn recall(self) -> f64 {
        self.found as f64 / self.expected.max(1) as f64
    }
}

#[test]
fn values_are_found_in_every_disguise() {
    let detector = Detector::builtin().ok().unwrap();
    let file: File = toml::from_str(include_str!("corpus/disguises/disguises.toml")).unwrap();
    let mut low = String::new();
    let mut averages: BTreeMap<Kind, Vec<f64>> = BTreeMap::new();
    println!(
        "{:22} {:>10} {:>13} {:>12}",
        "", "citizen_id", "identity_card", "phone_number"
    );
    for floor in &file.disguise {
        let scores = score(&detector, &floor.name);
        let mut line = format!("{:22}", floor.name);
        for (kind, width) in [
            (Kind::CitizenId, 11),
            (Kind::IdentityCard, 14),
            (Kind::PhoneNumber, 13),
        ] {
            let recall = scores.get(&kind).copied().unwrap_or_default().recall();
            write!(line, "{recall:>width$.3}").unwrap();
            if recall < floor.floor {
                writeln!(
                    low,
                    "{} {kind:?}: {recall:.3} is below {}",
                    floor.name, floor.floor
                )
                .unwrap();
            }
            if !floor.bonus {
                averages.entry(kind).or_default().push(recall);
            }
        }
        println!("{line}");
    }
    for (kind, recalls) in averages {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let average = recalls.iter().sum::<f64>() / recalls.len() as f64;
        println!("average of {kind:?}: {average:.4}");
        if average < file.average {
            writeln!(
                low,
                "average of {kind:?}: {average:.4} is below {}",
                file.average
            )
            .unwrap();
        }
    }
    assert!(low.is_empty(), "\n{low}");
}

fn score(detector: &Detector, name: &str) -> BTreeMap<Kind, Score> {
    let shows = std::env::var("DISGUISE").is_ok_and(|shown| shown == name);
    let sentences = sentences();
    let mut dice = Dice::new(0x5eed_1ace);
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    for sample in 0..SAMPLES {
        let sentence = &sentences[sample % sentences.len()];
        let pieces = pieces(sentence, &mut dice);
        let disguised = disguise::disguise(name, pieces, &mut dice)
            .unwrap_or_else(|| panic!("there is no disguise {name:?}"));
        let found = findings(detector, &disguised.text);
        for (kind, place) in &disguised.values {
            let score = scores.entry(*kind).or_default();
            score.expected += 1;
            if found.iter().any(|finding| is(finding, *kind, place)) {
                score.found += 1;
            } else if shows {
                println!(
                    "missed {kind:?} {:?} in\n{}\n",
                    &disguised.text[place.clone()],
                    disguised.text
                );
            }
        }
    }
    scores
}

fn findings(detector: &Detector, text: &str) -> Vec<Finding> {
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: 2026,
    };
    let mut found = find(detector, text, &context);
    for finding in &found {
        assert!(text.get(finding.span.start..finding.span.end).is_some());
    }
    found.retain(|finding| finding.confidence >= Confidence::Medium);
    found
}

/// Whether the finding is of the kind and covers the value; of two in one, the first.
fn is(finding: &Finding, kind: Kind, place: &Range<usize>) -> bool {
    let start = finding.span.start.max(place.start);
    let end = finding.span.end.min(place.end);
    Some(finding.category.as_str()) == kind.category()
        && end.saturating_sub(start) * 20 >= place.len() * 9
}

/// `cargo test --release --test disguises pace -- --ignored --nocapture` tells how fast ordinary
/// text is read.
#[test]
#[ignore = "measures, does not judge"]
fn the_pace_of_ordinary_text() {
    let prose = "Căn cứ Luật Tổ chức chính quyền địa phương, Ủy ban nhân dân xã báo cáo kết quả \
        thực hiện nhiệm vụ tháng 6 năm 2026 về chuyển đổi số, cải cách hành chính. ";
    let text = prose.repeat(4096 / prose.len());
    for (name, read) in [
        (
            "normalized",
            (|text| normalize(text).text().len()) as fn(&str) -> usize,
        ),
        ("opened", |text| {
            opened(text).map_or(0, |opened| opened.text().len())
        }),
    ] {
        let start = std::time::Instant::now();
        let bytes: usize = (0..2000).map(|_| read(std::hint::black_box(&text))).sum();
        println!(
            "{name}: {:?} for 2000 pieces of 4 KB ({bytes})",
            start.elapsed()
        );
    }
}
