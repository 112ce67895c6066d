//! What may a clerk report? The kinds that the plans for Nghị định 142/2026/NĐ-CP want to hear of
//! at once, and how far the office has come with a report.

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// Something unsafe happened, or may.
    Unsafe,
    /// Data went out, or may have.
    Leak,
    /// The AI was gravely wrong.
    WrongAnswer,
    /// People or organizations were hurt.
    Adverse,
}

impl Trouble {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Unsafe, Self::Leak, Self::WrongAnswer, Self::Adverse];

    /// The name in the chain.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Leak => "leak",
            Self::WrongAnswer => "wrong_answer",
            Self::Adverse => "adverse",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unsafe => "Sự cố hoặc nguy cơ mất an toàn thông tin",
            Self::Leak => "Lộ, lọt dữ liệu",
            Self::WrongAnswer => "Công cụ AI trả lời sai lệch, có thể gây hậu quả",
            Self::Adverse => "Tác động bất lợi đến người dân, tổ chức",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How far the office has come with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TroubleStatus {
    /// Nobody has looked at it.
    New,
    /// Somebody is at it.
    InWork,
    /// Nothing is left to do.
    Closed,
}

impl TroubleStatus {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 3] = [Self::New, Self::InWork, Self::Closed];

    /// The name in the chain.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InWork => "in_work",
            Self::Closed => "closed",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "mới",
            Self::InWork => "đang xử lý",
            Self::Closed => "đã kết thúc",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for kind in Trouble::ALL {
            assert_eq!(Trouble::parse(kind.as_str()), Some(kind));
        }
        for status in TroubleStatus::ALL {
            assert_eq!(TroubleStatus::parse(status.as_str()), Some(status));
        }
    }
}
