//! How are the parts of the program? Conditions and figures, never content.

use std::net::IpAddr;

use crate::model::exchange::UnixMillis;

/// What the overview shows of the program itself.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The program's version.
    pub version: &'static str,
    /// Where clients reach the proxy.
    pub proxies: Vec<String>,
    /// Whether incidents can be stored.
    pub is_store_writable: bool,
    /// The last number of the chain.
    pub chain_seq: u64,
    /// AI services in the catalogue.
    pub services_count: usize,
    /// The CA's fingerprint.
    pub ca_fingerprint: String,
    /// Days until the CA expires.
    pub ca_days_left: i64,
    /// How much room the disk of the data folder has, where the system says.
    pub disk: Option<DiskSpace>,
    /// How many requests went to AI services on each of the last days (numbered from 1970-01-01
    /// in Việt Nam), allowed or not.
    pub requests_by_day: Vec<(i64, u64)>,
    /// What a person should look at; empty when all is well.
    pub complaints: Vec<String>,
    /// Hosts that look like AI services and stand in no catalogue, the newest first.
    pub discovered: Vec<String>,
    /// Programs on workstations that refuse our CA: client, program, host.
    pub not_inspectable: Vec<String>,
    /// How well requests could be read, by service.
    pub coverage: Vec<CoverageRow>,
    /// When workstations that somebody named were seen last.
    pub machines_seen: Vec<(IpAddr, UnixMillis)>,
}

/// How much room a disk has.
#[derive(Clone, Copy, Debug)]
pub struct DiskSpace {
    /// What is left.
    pub free_bytes: u64,
    /// What it holds in all.
    pub total_bytes: u64,
}

impl DiskSpace {
    /// Whether a person should make room: less than a tenth or than 2 GB is left.
    pub const fn is_low(self) -> bool {
        self.free_bytes < self.total_bytes / 10 || self.free_bytes < 2_000_000_000
    }
}

/// How well the requests to one service could be read, in total.
#[derive(Clone, Debug)]
pub struct CoverageRow {
    /// The service's id.
    pub service: String,
    /// By a row of the catalogue.
    pub parsed: u64,
    /// Without a row.
    pub generic: u64,
    /// Not, or not all of it.
    pub uninspectable: u64,
    /// Passed unread.
    pub tunnelled: u64,
    /// How often it was asked today.
    pub today: u64,
    /// When it was last asked.
    pub last_seen: UnixMillis,
}
