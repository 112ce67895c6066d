//! Are marks of secrecy and circulation found in every disguise, and nothing else taken for one?
//!
//! The documents and texts of `tests/corpus/disguises/marks.toml` are put into each disguise of a
//! whole text that the file names, and the marks into each gap between words. The test prints
//! what share is found, and fails below the floor that the file commits to.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test's helpers may fail loudly"
)]
#![allow(dead_code, reason = "values and their disguises are another test's")]

#[path = "disguises/carrier.rs"]
mod carrier;
#[path = "disguises/disguise.rs"]
mod disguise;
#[path = "disguises/encode.rs"]
mod encode;
#[path = "disguises/sample.rs"]
mod sample;

use std::fmt::Write as _;

use lachan::detect::{Detector, ScanContext};
use lachan::inspect::find;
use lachan::model::category::Category;
use lachan::model::finding::Confidence;
use lachan::model::part::PartId;
use serde::Deserialize;

use sample::{Dice, Kind, Piece};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    documents: Vec<String>,
    marks: Vec<String>,
    gaps: Vec<String>,
    harmless: Vec<String>,
    disguise: Vec<Floor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    name: String,
    floor: f64,
    /// Whether a text that only speaks of marks reads as one that bears them.
    #[serde(default)]
    blurs: bool,
}

#[test]
fn marks_are_found_in_every_disguise_and_nothing_else_is_one() {
    let detector = Detector::builtin().ok().unwrap();
    let file: File = toml::from_str(include_str!("corpus/disguises/marks.toml")).unwrap();
    let mut wrong = String::new();
    for floor in &file.disguise {
        let (mut found, mut expected) = (0_u32, 0_u32);
        for (document, mark) in pairs(&file) {
            let text = disguised(&floor.name, &document.replace("{mark}", mark));
            expected += 1;
            if is_marked(&detector, &text) {
                found += 1;
            } else {
                println!("{}: missed {mark:?} in {text:?}", floor.name);
            }
        }
        let share = f64::from(found) / f64::from(expected);
        println!("{:22} {share:.3}", floor.name);
        if share < floor.floor {
            writeln!(wrong, "{}: {share:.3} is below {}", floor.name, floor.floor).unwrap();
        }
        for text in file.harmless.iter().filter(|_| !floor.blurs) {
            if is_marked(&detector, &disguised(&floor.name, text)) {
                writeln!(wrong, "{}: flagged {text:?}", floor.name).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_words_of_a_mark_may_be_parted_in_many_ways() {
    let detector = Detector::builtin().ok().unwrap();
    let file: File = toml::from_str(include_str!("corpus/disguises/marks.toml")).unwrap();
    for gap in &file.gaps {
        for (document, mark) in pairs(&file) {
            // A cell of a table ends with its line.
            if gap == "\n" && document.contains('|') {
                continue;
            }
            let text = document.replace("{mark}", &mark.replace(' ', gap));
            assert!(is_marked(&detector, &text), "{gap:?} in {text:?}");
        }
    }
}

fn pairs(file: &File) -> impl Iterator<Item = (&String, &String)> {
    let documents = file.documents.iter();
    documents.flat_map(|document| file.marks.iter().map(move |mark| (document, mark)))
}

fn disguised(name: &str, text: &str) -> String {
    let piece = Piece {
        kind: Kind::Words,
        text: text.to_owned(),
    };
    let disguised = disguise::disguise(name, vec![piece], &mut Dice::new(1));
    disguised
        .unwrap_or_else(|| panic!("there is no disguise {name:?}"))
        .text
}

fn is_marked(detector: &Detector, text: &str) -> bool {
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: 2026,
    };
    find(detector, text, &context).iter().any(|finding| {
        matches!(
            finding.category,
            Category::StateSecret | Category::InternalDocument
        ) && finding.confidence >= Confidence::Medium
    })
}
