//! What do the pages work with? The store, the clock, and the few things kept in memory.

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::{hmac, rand};

use crate::admin::attempts::Attempts;
use crate::admin::choices::KeptChoices;
use crate::admin::connections_page::ChannelView;
use crate::admin::failure::Failure;
use crate::admin::in_force::RulesInForce;
use crate::admin::overview::KeptLog;
use crate::admin::password::Passwords;
use crate::admin::past_days::PastDays;
use crate::admin::report_desk::ReportDesk;
use crate::admin::second_factor::Sealer;
use crate::admin::setup_link::SetupLink;
use crate::admin::status::Status;
use crate::inspect::{Inspector, Permits};
use crate::model::exchange::UnixMillis;
use crate::policy::ToolsAllowed;
use crate::store::{Act, IncidentRecord, Store, StoreReader};

/// Tells the time. Handed in, so that tests can set it.
pub type OfficeClock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// The name of a service by its id.
pub type ServiceName = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;
/// Words again what a clerk saw of an incident, from its record.
pub type WordsShown = Arc<dyn Fn(&IncidentRecord) -> String + Send + Sync>;

/// What the back office is made of.
pub struct BackOfficeParts {
    /// Where incidents, deeds, accounts and sessions are.
    pub store: Store,
    /// The file of the store, for reading.
    pub store_path: PathBuf,
    /// The time.
    pub clock: OfficeClock,
    /// How the parts of the program are.
    pub status: Arc<dyn Fn() -> Status + Send + Sync>,
    /// The name of a service for people, by its id.
    pub service_name: ServiceName,
    /// What a clerk was shown of an incident, as far as its record tells.
    pub words_shown: WordsShown,
    /// What people allow, on its way to the traffic path.
    pub permits: Arc<Permits>,
    /// Seals the secrets of second factors; of this node alone.
    pub seal_key: [u8; 32],
    /// The rules in force.
    pub rules: Arc<dyn Fn() -> Arc<Inspector> + Send + Sync>,
    /// The files they came from.
    pub in_force: Arc<dyn Fn() -> RulesInForce + Send + Sync>,
    /// Where alerts go.
    pub channels: Arc<dyn Fn() -> Vec<ChannelView> + Send + Sync>,
    /// The one-time link by which the first administrator is made.
    pub setup: Option<SetupLink>,
    /// What reports are made of.
    pub reports: ReportDesk,
}

/// Why the back office cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

/// What every page works with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Desk(Arc<Inside>);

pub(super) struct Inside {
    pub(super) store: Store,
    pub(super) reader: StoreReader,
    pub(super) passwords: Passwords,
    pub(super) attempts: Attempts,
    pub(super) sealer: Sealer,
    /// Figures of the overview that do not change.
    pub(super) past_days: PastDays,
    /// What the overview says of the log.
    pub(super) kept_log: KeptLog,
    /// What lists can be narrowed to.
    pub(super) choices: KeptChoices,
    pub(super) status: Arc<dyn Fn() -> Status + Send + Sync>,
    pub(super) setup: Option<SetupLink>,
    pub(super) words_shown: WordsShown,
    pub(super) permits: Arc<Permits>,
    service_name: ServiceName,
    pub(super) rules: Arc<dyn Fn() -> Arc<Inspector> + Send + Sync>,
    pub(super) channels: Arc<dyn Fn() -> Vec<ChannelView> + Send + Sync>,
    pub(super) in_force: Arc<dyn Fn() -> RulesInForce + Send + Sync>,
    pub(super) reports: ReportDesk,
    /// Signs the tokens of forms; of this run alone.
    pub(super) form_key: hmac::Key,
    clock: OfficeClock,
}

impl std::ops::Deref for Desk {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}

impl Desk {
    /// Sets the desk.
    pub(super) fn new(parts: BackOfficeParts) -> Result<Self, NoRandomness> {
        let mut form_key = [0; 32];
        rand::fill(&mut form_key).map_err(|_unspecified| NoRandomness)?;
        Ok(Self(Arc::new(Inside {
            reader: StoreReader::at(&parts.store_path),
            store: parts.store,
            passwords: Passwords::new().map_err(|_not_hashed| NoRandomness)?,
            attempts: Attempts::default(),
            past_days: PastDays::default(),
            kept_log: KeptLog::default(),
            choices: KeptChoices::default(),
            sealer: Sealer::new(&parts.seal_key).ok_or(NoRandomness)?,
            status: parts.status,
            setup: parts.setup,
            words_shown: parts.words_shown,
            permits: parts.permits,
            service_name: parts.service_name,
            rules: parts.rules,
            in_force: parts.in_force,
            channels: parts.channels,
            reports: parts.reports,
            form_key: hmac::Key::new(hmac::HMAC_SHA256, &form_key),
            clock: parts.clock,
        })))
    }

    /// The time now.
    pub(super) fn now(&self) -> UnixMillis {
        (self.clock)()
    }

    /// The name of a service for people; its id, where the catalogue no longer has it.
    pub(super) fn service_name(&self, id: &str) -> String {
        (self.service_name)(id).unwrap_or_else(|| id.to_owned())
    }

    /// Whether the policy lets only approved tools be used.
    pub(super) fn only_approved_tools(&self) -> bool {
        (self.rules)().policy().tools() == ToolsAllowed::Approved
    }

    /// Does what an act says.
    pub(super) async fn act(&self, act: Act) -> Result<(), Failure> {
        self.store.act(act).await?;
        self.choices.forget();
        Ok(())
    }
}
