//! May somebody try to sign in now? After a few failures not for a while, and then longer.
//!
//! Counted by name and by address, whether the name is known or not: the lock tells nothing about
//! who has an account. An attempt counts as failed from its beginning until it succeeds, so that
//! many at once are no way round. In memory, bounded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::model::exchange::UnixMillis;

/// How often one name may fail before it is locked for the first time.
const NAME_FAILURES_MAX: u32 = 5;
/// How often one address may fail: several people may share one.
const ADDRESS_FAILURES_MAX: u32 = 20;
/// The first lock; each further failure doubles it.
const LOCK_MILLIS_MIN: i64 = 60 * 1000;
/// The longest lock.
const LOCK_MILLIS_MAX: i64 = 60 * 60 * 1000;
/// After so long without a failure everything is forgotten.
const FORGET_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How many names and addresses are remembered; the one that failed least gives way.
const REMEMBERED_MAX: usize = 4096;

/// Who failed how often.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    failures: Mutex<HashMap<Who, Failures>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    locked_until: i64,
    last_at: i64,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// Go on. Should it fail, this is the failure that locks.
    Granted {
        /// Whether a lock has begun with it.
        locks: bool,
    },
    /// Not before this time.
    Locked(UnixMillis),
}

impl Attempts {
    /// Begins an attempt.
    pub(super) fn begin(&self, name: &str, address: IpAddr, now: UnixMillis) -> Permission {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, one| now.0.saturating_sub(one.last_at) < FORGET_MILLIS);
        let both = [
            (Who::Name(name.to_owned()), NAME_FAILURES_MAX),
            (Who::Address(address), ADDRESS_FAILURES_MAX),
        ];
        let locks = both.iter().filter_map(|(who, _)| failures.get(who));
        let until = locks.map(|one| one.locked_until).max().unwrap_or(0);
        if until > now.0 {
            return Permission::Locked(UnixMillis(until));
        }
        let mut locks = false;
        for (who, allowed) in both {
            make_room(&mut failures);
            let one = failures.entry(who).or_insert(Failures {
                count: 0,
                locked_until: 0,
                last_at: 0,
            });
            one.count = one.count.saturating_add(1);
            one.last_at = now.0;
            if let Some(over) = one.count.checked_sub(allowed) {
                one.locked_until = now.0.saturating_add(lock_millis(over));
                locks = true;
            }
        }
        Permission::Granted { locks }
    }

    /// An attempt succeeded: the name is free again, and the address has one failure less.
    pub(super) fn succeeded(&self, name: &str, address: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Who::Name(name.to_owned()));
        if let Some(one) = failures.get_mut(&Who::Address(address)) {
            one.count = one.count.saturating_sub(1);
            one.locked_until = 0;
        }
    }
}

fn make_room(failures: &mut HashMap<Who, Failures>) {
    if failures.len() < REMEMBERED_MAX {
        return;
    }
    let least = failures
        .iter()
        .min_by_key(|(_, one)| (one.count, one.last_at));
    if let Some(who) = least.map(|(who, _)| who.clone()) {
        failures.remove(&who);
    }
}

fn lock_millis(over: u32) -> i64 {
    let doubled = LOCK_MILLIS_MIN
        .checked_shl(over.min(16))
        .unwrap_or(i64::MAX);
    doubled.min(LOCK_MILLIS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn address(n: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, n])
    }

    #[test]
    fn the_fifth_failure_locks_and_each_further_one_longer() {
        let attempts = Attempts::default();
        for _ in 0..4 {
            let granted = attempts.begin("lan", HOME, UnixMillis(0));
            assert_eq!(granted, Permission::Granted { locks: false });
        }
        let fifth = attempts.begin("lan", HOME, UnixMillis(0));
        assert_eq!(fifth, Permission::Granted { locks: true });
        let locked = attempts.begin("lan", address(9), UnixMillis(1));
        assert_eq!(locked, Permission::Locked(UnixMillis(60_000)));
        let after = attempts.begin("lan", address(9), UnixMillis(60_000));
        assert_eq!(after, Permission::Granted { locks: true });
        let longer = attempts.begin("lan", address(9), UnixMillis(60_001));
        assert_eq!(longer, Permission::Locked(UnixMillis(180_000)));
    }

    #[test]
    fn success_frees_the_name_and_a_day_forgets() {
        let attempts = Attempts::default();
        for round in 0..40 {
            let granted = attempts.begin("lan", HOME, UnixMillis(round));
            assert_eq!(granted, Permission::Granted { locks: false });
            attempts.succeeded("lan", HOME);
        }
        for _ in 0..5 {
            attempts.begin("hoa", HOME, UnixMillis(0));
        }
        let tomorrow = UnixMillis(FORGET_MILLIS);
        let granted = attempts.begin("hoa", HOME, tomorrow);
        assert_eq!(granted, Permission::Granted { locks: false });
    }

    #[test]
    fn one_address_trying_many_names_is_locked_and_memory_is_bounded() {
        let attempts = Attempts::default();
        for n in 0..20 {
            attempts.begin(&format!("n{n}"), HOME, UnixMillis(0));
        }
        let locked = attempts.begin("other", HOME, UnixMillis(1));
        assert!(matches!(locked, Permission::Locked(_)));
        for n in 0..REMEMBERED_MAX + 10 {
            attempts.begin(
                &format!("m{n}"),
                address(7),
                UnixMillis(2_000_000_000 + n as i64),
            );
        }
        assert!(attempts.failures.lock().unwrap().len() <= REMEMBERED_MAX + 1);
    }
}
