//! The figures as CSV: for spreadsheets, and safe in them.
//!
//! UTF-8 with a mark, so that Excel reads Vietnamese; a cell that a spreadsheet would take for a
//! formula has an apostrophe before it, because units are named by people.

use crate::report::lines::{Line, ServiceNames, lines};
use crate::report::written::Written;

/// The file's bytes.
pub fn csv(written: &Written, services: &ServiceNames) -> Vec<u8> {
    let before = written.before.as_ref().map(|before| &before.figures);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let heads = ["Nhóm", "Chỉ tiêu", "Mã chỉ tiêu", "Kỳ này", "Kỳ trước"];
    let mut good = writer.write_record(heads).is_ok();
    for line in provenance(written) {
        good &= writer
            .write_record(line.iter().map(|cell| safe(cell)))
            .is_ok();
    }
    for line in lines(&written.figures, before, services) {
        good &= writer.write_record(cells(&line)).is_ok();
    }
    // Writing into memory does not fail; should it, half a file must not pass for a whole one.
    let bytes = writer.into_inner().unwrap_or_default();
    if good { bytes } else { Vec::new() }
}

/// What the figures are of, so that the file alone says it.
fn provenance(written: &Written) -> [[String; 5]; 5] {
    let line = |label: &str, name: &str, value: &str| {
        let before = String::new();
        [
            "Nguồn".to_owned(),
            label.to_owned(),
            name.to_owned(),
            value.to_owned(),
            before,
        ]
    };
    let period = &written.period;
    let days = format!("{} đến {}", period.first, period.last);
    let head = &written.chain.head;
    [
        line("Kỳ báo cáo", "period", &days),
        line(
            "Đơn vị",
            "unit",
            written.unit.as_deref().unwrap_or("toàn cơ quan"),
        ),
        line(
            "Bản ghi cuối được tính",
            "chain.head.seq",
            &head.seq.to_string(),
        ),
        line("Mã băm của bản ghi cuối", "chain.head.hash", &head.hash),
        line("Mã kiểm tra của báo cáo", "digest", &written.digest),
    ]
}

fn cells(line: &Line) -> [String; 5] {
    [
        safe(line.group),
        safe(&line.label),
        safe(&line.name),
        line.value.to_string(),
        line.before
            .map(|before| before.to_string())
            .unwrap_or_default(),
    ]
}

/// A text that no spreadsheet takes for a formula.
pub(super) fn safe(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']);
    if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "%0", "|x"] {
            assert!(safe(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(safe("Một cửa"), "Một cửa");
    }
}
