//! Any text normalizes and scans; spans are in bounds and on character boundaries.
#![no_main]

use std::sync::LazyLock;

use lachan::detect::{Detector, ScanContext};
use lachan::model::part::PartId;
use lachan::normalize::normalize;
use libfuzzer_sys::fuzz_target;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::builtin().unwrap());

fuzz_target!(|text: String| {
    let context = ScanContext { part: PartId(0), label: Some("cccd"), year_now: 2026 };
    for finding in DETECTOR.scan(&normalize(&text), &context) {
        assert!(text.get(finding.span.start..finding.span.end).is_some());
    }
});
