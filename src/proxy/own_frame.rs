//! What stands around every page for a workstation? Where one can go, and whom to ask.

use super::office::OfficeTexts;

/// Where one can go: path and name.
const PLACES: [(&str, &str); 5] = [
    ("/", "Máy này"),
    ("/hoi-an-toan", "Hỏi AI an toàn"),
    ("/cong-cu", "Công cụ AI"),
    ("/bao-su-co", "Báo sự cố"),
    ("/giam-sat", "Giám sát"),
];

/// The frame of one page.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnFrame<'a> {
    /// The path of the section that the page is in.
    pub(super) here: &'static str,
    /// The office's words.
    pub(super) office: &'a OfficeTexts,
}

/// One place to go.
pub(super) struct Place {
    pub(super) path: &'static str,
    pub(super) label: &'static str,
    pub(super) is_here: bool,
}

impl OwnFrame<'_> {
    /// Where one can go.
    pub(super) fn places(&self) -> [Place; 5] {
        PLACES.map(|(path, label)| Place {
            path,
            label,
            is_here: path == self.here,
        })
    }
}
