//! Which clients refuse our CA?
//!
//! A program that pins the certificate of its service, or has a store of its own, breaks off every
//! handshake. After some of them for one host it is refused early, with a reason that it can show,
//! for a while; it is never let through unread. A handshake that succeeds forgives all.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::model::exchange::UnixMillis;

/// Handshakes broken off in a row after which a pair is refused early.
const ABORTS_MAX: u32 = 3;
/// Aborts further apart than this have nothing to do with each other, in milliseconds.
const WINDOW_MILLIS: i64 = 10 * 60 * 1000;
/// How long a pair is refused early, in milliseconds: then it may show that it was mended.
const REFUSED_MILLIS: i64 = 10 * 60 * 1000;
/// Pairs that are remembered.
const PAIRS_MAX: usize = 2048;

/// A program on a workstation, and a host. A browser on the same workstation may well trust us.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// The workstation.
    pub client: IpAddr,
    /// What the program calls itself, as far as it may be told; often empty.
    pub program: String,
    /// The host.
    pub host: String,
}

/// How a pair stands after a handshake that was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may have been an accident.
    Doubtful,
    /// The pair is known not to be inspectable, since just now.
    NowRefused,
    /// It was known before.
    Refused,
}

/// The pairs with broken handshakes.
#[derive(Debug, Default)]
pub struct Distrust {
    pairs: HashMap<Pair, Aborts>,
}

#[derive(Clone, Copy, Debug)]
struct Aborts {
    count: u32,
    last: i64,
    refused_until: i64,
}

impl Distrust {
    pub(super) fn refused(&mut self, pair: &Pair, at: UnixMillis) -> Standing {
        if !self.pairs.contains_key(pair) {
            self.make_room(at);
        }
        let aborts = self.pairs.entry(pair.clone()).or_insert(Aborts {
            count: 0,
            last: at.0,
            refused_until: i64::MIN,
        });
        if at.0.saturating_sub(aborts.last) > WINDOW_MILLIS {
            aborts.count = 0;
        }
        aborts.count = aborts.count.saturating_add(1);
        aborts.last = at.0;
        if aborts.refused_until > at.0 {
            return Standing::Refused;
        }
        if aborts.count < ABORTS_MAX {
            return Standing::Doubtful;
        }
        aborts.refused_until = at.0.saturating_add(REFUSED_MILLIS);
        Standing::NowRefused
    }

    pub(super) fn done(&mut self, pair: &Pair) {
        self.pairs.remove(pair);
    }

    pub(super) fn is_refused(&self, pair: &Pair, at: UnixMillis) -> bool {
        self.pairs
            .get(pair)
            .is_some_and(|aborts| aborts.refused_until > at.0)
    }

    pub(super) fn now(&self, at: UnixMillis) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = self
            .pairs
            .iter()
            .filter(|(_, aborts)| aborts.refused_until > at.0)
            .map(|(pair, _)| pair.clone())
            .collect();
        pairs.sort_unstable();
        pairs
    }

    /// The pair whose last abort is longest ago goes, with all that are past their window.
    fn make_room(&mut self, at: UnixMillis) {
        if self.pairs.len() < PAIRS_MAX {
            return;
        }
        self.pairs.retain(|_, aborts| {
            aborts.refused_until > at.0 || at.0.saturating_sub(aborts.last) <= WINDOW_MILLIS
        });
        if self.pairs.len() < PAIRS_MAX {
            return;
        }
        let oldest = self.pairs.iter().min_by_key(|(_, aborts)| aborts.last);
        if let Some(oldest) = oldest.map(|(pair, _)| pair.clone()) {
            self.pairs.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(host: &str) -> Pair {
        Pair {
            client: "10.0.0.7".parse().unwrap(),
            program: "ChatGPT".to_owned(),
            host: host.to_owned(),
        }
    }

    #[test]
    fn three_aborts_refuse_a_pair_for_ten_minutes_and_no_other() {
        let mut distrust = Distrust::default();
        let one = pair("chatgpt.com");
        assert_eq!(distrust.refused(&one, UnixMillis(0)), Standing::Doubtful);
        assert_eq!(distrust.refused(&one, UnixMillis(1)), Standing::Doubtful);
        assert_eq!(distrust.refused(&one, UnixMillis(2)), Standing::NowRefused);
        assert_eq!(distrust.refused(&one, UnixMillis(3)), Standing::Refused);
        assert!(distrust.is_refused(&one, UnixMillis(600_000)));
        assert!(!distrust.is_refused(&one, UnixMillis(600_002)));
        assert!(!distrust.is_refused(&pair("claude.ai"), UnixMillis(3)));
        assert_eq!(distrust.now(UnixMillis(3)), [one]);
    }

    #[test]
    fn a_handshake_that_succeeds_forgives_and_time_forgets() {
        let mut distrust = Distrust::default();
        let one = pair("chatgpt.com");
        distrust.refused(&one, UnixMillis(0));
        distrust.refused(&one, UnixMillis(1));
        distrust.done(&one);
        assert_eq!(distrust.refused(&one, UnixMillis(2)), Standing::Doubtful);
        assert_eq!(distrust.refused(&one, UnixMillis(3)), Standing::Doubtful);
        assert_eq!(
            distrust.refused(&one, UnixMillis(700_000)),
            Standing::Doubtful
        );
    }

    #[test]
    fn a_pair_that_tries_again_after_its_time_is_refused_at_once() {
        let mut distrust = Distrust::default();
        let one = pair("chatgpt.com");
        for at in 0..3 {
            distrust.refused(&one, UnixMillis(at));
        }
        assert_eq!(
            distrust.refused(&one, UnixMillis(600_001)),
            Standing::Refused
        );
        assert_eq!(
            distrust.refused(&one, UnixMillis(600_003)),
            Standing::NowRefused
        );
    }

    #[test]
    fn the_number_of_pairs_is_bounded() {
        let mut distrust = Distrust::default();
        for n in 0..5000 {
            distrust.refused(&pair(&format!("h{n}.example")), UnixMillis(n));
        }
        assert_eq!(distrust.pairs.len(), PAIRS_MAX);
    }
}
