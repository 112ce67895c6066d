//! Which hosts look like AI services and are in no catalogue?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::exchange::UnixMillis;

/// Hosts that are listed; an office meets some dozens.
const HOSTS_MAX: usize = 500;
/// The longest host name, in bytes (RFC 1035 §2.3.4).
const HOST_BYTES_MAX: usize = 253;

/// The hosts, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoveredHosts {
    hosts: BTreeMap<String, Discovered>,
}

/// What is known of one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    /// When it was first asked for, in milliseconds since 1970.
    pub first_seen: i64,
    /// When it was last asked for, in milliseconds since 1970.
    pub last_seen: i64,
    /// How often.
    pub count: u64,
}

/// Whether a host was listed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is listed now, for the first time.
    New,
    /// It was.
    Before,
}

impl DiscoveredHosts {
    /// The hosts, the newest first.
    pub fn newest_first(&self) -> Vec<(String, Discovered)> {
        let mut hosts: Vec<_> = self.hosts.iter().map(|(h, d)| (h.clone(), *d)).collect();
        hosts.sort_by_key(|(_, discovered)| std::cmp::Reverse(discovered.first_seen));
        hosts
    }

    pub(super) fn add(&mut self, host: &str, at: UnixMillis) -> Seen {
        if let Some(known) = self.hosts.get_mut(host) {
            known.last_seen = known.last_seen.max(at.0);
            known.count = known.count.saturating_add(1);
            return Seen::Before;
        }
        if host.len() > HOST_BYTES_MAX {
            return Seen::Before;
        }
        if self.hosts.len() >= HOSTS_MAX {
            let oldest = self.hosts.iter().min_by_key(|(_, known)| known.last_seen);
            if let Some(oldest) = oldest.map(|(host, _)| host.clone()) {
                self.hosts.remove(&oldest);
            }
        }
        let news = Discovered {
            first_seen: at.0,
            last_seen: at.0,
            count: 1,
        };
        self.hosts.insert(host.to_owned(), news);
        Seen::New
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_new_once_and_the_list_is_bounded() {
        let mut hosts = DiscoveredHosts::default();
        assert_eq!(hosts.add("gpt.example", UnixMillis(1)), Seen::New);
        assert_eq!(hosts.add("gpt.example", UnixMillis(2)), Seen::Before);
        for n in 0..1000 {
            hosts.add(&format!("gpt{n}.example"), UnixMillis(3 + n));
        }
        let listed = hosts.newest_first();
        assert_eq!(listed.len(), HOSTS_MAX);
        assert_eq!(
            listed.first().map(|(host, _)| host.as_str()),
            Some("gpt999.example")
        );
    }
}
