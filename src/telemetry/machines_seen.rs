//! When was a workstation seen last? Only those that somebody named, by their address.
//!
//! Where addresses are lent, one that nobody used for long may be another machine's by now.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::model::exchange::UnixMillis;

/// A time is noted anew when the last noted one is so old: the day is what matters.
const NOTED_EVERY_MILLIS: i64 = 60 * 60 * 1000;
/// How many are known at most: an office has some hundred.
const MACHINES_MAX: usize = 10_000;

/// The times, by address, in milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MachinesSeen(BTreeMap<IpAddr, i64>);

impl MachinesSeen {
    /// When it was seen last before this; and whether that is to be noted.
    pub(super) fn look_up(&self, machine: IpAddr, now: UnixMillis) -> (Option<UnixMillis>, bool) {
        let last = self.0.get(&machine).copied();
        let is_due =
            last.is_none_or(|last| now.0.abs_diff(last) >= NOTED_EVERY_MILLIS.unsigned_abs());
        (last.map(UnixMillis), is_due)
    }

    /// Notes it. Over the bound the one that was quiet longest is forgotten.
    pub(super) fn note(&mut self, machine: IpAddr, now: UnixMillis) {
        if self.0.len() >= MACHINES_MAX && !self.0.contains_key(&machine) {
            let quietest = self.0.iter().min_by_key(|(_, at)| **at);
            if let Some(quietest) = quietest.map(|(machine, _)| *machine) {
                self.0.remove(&quietest);
            }
        }
        self.0.insert(machine, now.0);
    }

    /// When each was seen last.
    pub fn all(&self) -> impl Iterator<Item = (IpAddr, UnixMillis)> {
        self.0
            .iter()
            .map(|(machine, at)| (*machine, UnixMillis(*at)))
    }
}
