//! Who reviews incidents, and how far has a review come?
//!
//! The names are a contract: the chain, the pages and the exports all use them.

/// What an account of the back office may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Settings and accounts; confirms exceptions.
    Admin,
    /// Incidents, releases, reports.
    Reviewer,
    /// Reads everything, changes nothing, verifies the chain.
    Auditor,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Reviewer, Self::Auditor];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reviewer => "reviewer",
            Self::Auditor => "auditor",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "quản trị viên",
            Self::Reviewer => "người xem xét",
            Self::Auditor => "người kiểm tra",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// How far the review of an incident has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewStatus {
    /// Nobody has looked at it.
    New,
    /// Somebody is looking at it.
    InReview,
    /// It is what it seems.
    Confirmed,
    /// It is not: the recognition was wrong.
    FalseAlarm,
    /// Nothing is left to do.
    Closed,
}

impl ReviewStatus {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::InReview,
        Self::Confirmed,
        Self::FalseAlarm,
        Self::Closed,
    ];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InReview => "in_review",
            Self::Confirmed => "confirmed",
            Self::FalseAlarm => "false_alarm",
            Self::Closed => "closed",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "mới",
            Self::InReview => "đang xem xét",
            Self::Confirmed => "đã xác nhận",
            Self::FalseAlarm => "nhận diện nhầm",
            Self::Closed => "đã kết thúc",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        for status in ReviewStatus::ALL {
            assert_eq!(ReviewStatus::parse(status.as_str()), Some(status));
        }
    }
}
