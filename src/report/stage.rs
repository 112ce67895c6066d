//! How far has the telling of an incident come? First word, full report, final report.
//!
//! One kind of document serves them all, and the law has a clock for each. A person writes which one
//! it is into the field `stage`; the deed of making it keeps that, so that each clock finds its own.

use crate::report::written::Written;

/// The field that a person writes it into.
pub(super) const FIELD: &str = "stage";

/// Which report about an incident it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first word, before causes are known.
    First,
    /// The last one.
    Final,
}

impl Stage {
    /// The name in deeds.
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Final => "final",
        }
    }

    /// As a person wrote it; nothing for any other word, or none.
    pub fn of(written: &Written) -> Option<Self> {
        let text = written.texts.get(FIELD)?.trim().to_lowercase();
        let begins = |words: [&str; 3]| words.iter().any(|word| text.starts_with(word));
        if begins(["sơ bộ", "ban đầu", "24 giờ"]) {
            Some(Self::First)
        } else if begins(["chính thức", "kết thúc", "cuối cùng"]) {
            Some(Self::Final)
        } else {
            None
        }
    }
}
