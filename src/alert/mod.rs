//! Who else is to know, and does the message get there? Mail, webhook, syslog.
//!
//! In: channels of the settings and the store. Out: nothing; a task looks at what is new in the
//! chain, queues what each channel wants to know, and sends what is due. The queue is in the store,
//! so that a restart loses nothing; what fails is tried again, later each time, for three days.
//!
//! Never: on the traffic path; content of a request. An alert says which incident, how grave, what
//! kinds and how many; of a state secret its id and level alone.
//!
//! Read next: `dispatch` (the task), `channel` (the settings), `line` (syslog's forms).

mod channel;
mod dispatch;
mod line;
mod mail;
mod message;
mod syslog;
mod webhook;

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::model::exchange::UnixMillis;
use crate::store::{Store, StoreReader};
use crate::tls::UpstreamTls;

pub use channel::{Channel, ChannelMistake, Syslog, SyslogForm, Transport, Way};

/// Where alerts go; a reload of the settings changes it as one.
#[derive(Clone)]
pub struct Routes {
    /// The channels.
    pub channels: Vec<Channel>,
    /// Which servers' certificates are believed.
    pub tls: UpstreamTls,
}

/// What the task works with.
pub struct Alerts {
    /// The channels in force.
    pub routes: Arc<ArcSwap<Routes>>,
    /// Where the queue is.
    pub store: Store,
    /// For reading.
    pub reader: StoreReader,
    /// The tools that were asked more often today than the register says.
    pub volumes: Arc<dyn Fn() -> Vec<Volume> + Send + Sync>,
    /// The name of this node.
    pub node: String,
    /// The time.
    pub clock: fn() -> UnixMillis,
}

/// A tool that was asked more often in a day than it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Volume {
    /// The tool's name.
    pub tool: String,
    /// How often it was asked today.
    pub today: u64,
    /// From which number on people want to know.
    pub bound: u64,
}

impl Alerts {
    /// Queues and sends until cancelled.
    pub async fn run(self, stop: CancellationToken) {
        dispatch::run(self, stop).await;
    }
}
