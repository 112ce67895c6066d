//! The back office: people look at what happened and decide on it, in a browser.
//!
//! On its own listener, never on the traffic path: if it fails, the proxy goes on. Pages are made
//! here, in Vietnamese, with hardly a script. Whatever a person does is a deed in the chain.
//!
//! In goes a request of a browser; out comes a page. `routes` is the one table of what there is and
//! for whom; `access` asks before a page runs; `form` and `guard` keep foreign forms and scripts
//! out. It must never show a prompt, and of a state secret nothing but what the law lets one see.
//!
//! Read next: `routes`, `access`, `session`, then one page.

mod access;
mod account_page;
mod api;
mod api_doc;
mod api_failure;
mod api_query;
mod api_shape;
mod assets;
mod attempts;
mod chart;
mod choices;
mod connections_page;
mod desk;
mod evidence_page;
mod exceptions_page;
mod failure;
mod form;
mod frame;
mod guard;
mod in_force;
mod incident_export;
mod incident_page;
mod incident_query;
mod incident_words;
mod incident_work;
mod incidents_page;
mod lift_page;
mod listener;
mod log_page;
mod machines_page;
mod overview;
mod past_days;
mod qr;
mod releases_page;
mod report_desk;
mod report_page;
mod report_reminders;
mod report_view;
mod reports_page;
mod routes;
mod rules_page;
mod second_factor;
mod second_person;
mod session;
mod setup;
mod setup_link;
mod sign_in;
mod staff_page;
mod standing;
mod status;
mod told;
mod tool_page;
mod tools_page;
mod users_page;
mod wording_page;

pub mod password;
pub mod words;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::tls::LeafIssuer;

pub use connections_page::ChannelView;
pub use desk::{BackOfficeParts, NoRandomness, OfficeClock, ServiceName, WordsShown};
pub use in_force::{RuleFile, RulesInForce};
pub use report_desk::ReportDesk;
pub use setup_link::SetupLink;
pub use standing::{put_in_force, record_uses};
pub use status::{CoverageRow, DiskSpace, Status};

use desk::Desk;

/// The back office, ready to serve.
pub struct BackOffice {
    router: Router,
}

impl BackOffice {
    /// Sets it up.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new(parts: BackOfficeParts) -> Result<Self, NoRandomness> {
        let desk = Desk::new(parts)?;
        let router = guard::guarded(routes::router(&desk));
        Ok(Self { router })
    }

    /// Serves until cancelled.
    pub async fn serve(self, listener: TcpListener, leaves: LeafIssuer, stop: CancellationToken) {
        listener::serve(listener, leaves, self.router, stop).await;
    }
}

#[cfg(test)]
mod browser;
#[cfg(test)]
mod decision_tests;
#[cfg(test)]
mod incident_tests;
#[cfg(test)]
mod million_tests;
#[cfg(test)]
mod programs_tests;
#[cfg(test)]
mod staff_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod two_person_tests;
