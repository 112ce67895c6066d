//! By what may a list of incidents be narrowed?

use crate::model::exchange::UnixMillis;

/// Which incidents are wanted. Everything that is not set does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// Recorded at this time or later.
    pub since: Option<UnixMillis>,
    /// Recorded before this time.
    pub until: Option<UnixMillis>,
    /// With these values.
    pub narrowings: Vec<(Narrow, String)>,
    /// Whether state secrets are among them.
    pub with_secrets: bool,
    /// With a smaller number than this: where a page goes on.
    pub before_seq: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// What incidents can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow {
    /// The workstation's address.
    Client,
    /// The unit; the empty value stands for none.
    Unit,
    /// The service's id.
    Service,
    /// What was done.
    Action,
    /// The severity.
    Severity,
    /// How far the review has come.
    Status,
    /// The outcome as it stands now.
    Outcome,
    /// Who is on it.
    Assignee,
    /// The category of a finding.
    Category,
    /// The fingerprint of a value.
    Fingerprint,
}

impl Narrow {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Client,
        Self::Unit,
        Self::Service,
        Self::Action,
        Self::Severity,
        Self::Status,
        Self::Outcome,
        Self::Assignee,
        Self::Category,
        Self::Fingerprint,
    ];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Unit => "unit",
            Self::Service => "service",
            Self::Action => "action",
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Outcome => "outcome",
            Self::Assignee => "assignee",
            Self::Category => "category",
            Self::Fingerprint => "fingerprint",
        }
    }

    /// The column.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Unit => "unit",
            Self::Service => "service",
            Self::Action => "action",
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Outcome => "outcome_now",
            Self::Assignee => "assignee",
            Self::Category => "category",
            Self::Fingerprint => "fingerprint",
        }
    }

    /// The table with the column, and its index of column and number.
    pub(super) const fn index(self) -> (&'static str, &'static str) {
        match self {
            Self::Client => ("incident", "incident_by_client"),
            Self::Unit => ("incident", "incident_by_unit"),
            Self::Service => ("incident", "incident_by_service"),
            Self::Action => ("incident", "incident_by_action"),
            Self::Severity => ("incident", "incident_by_severity"),
            Self::Status => ("incident", "incident_by_status"),
            Self::Outcome => ("incident", "incident_by_outcome"),
            Self::Assignee => ("incident", "incident_by_assignee"),
            Self::Category => ("finding", "finding_by_category"),
            Self::Fingerprint => ("finding", "finding_by_fingerprint"),
        }
    }
}
