//! By which link is the first administrator made? One that is told on the terminal and used once.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::{constant_time, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::exchange::UnixMillis;
use crate::store::chain::Hash;

/// How long the link can be used after the start.
const LIFE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The link as it is kept: its hash, until it is used.
#[derive(Debug)]
pub struct SetupLink {
    made_at: UnixMillis,
    hash: Mutex<Option<Hash>>,
}

impl SetupLink {
    /// A new link and its path, which is to be told on the terminal and nowhere else. Nothing when
    /// the system has no randomness.
    pub fn make(now: UnixMillis) -> Option<(Self, String)> {
        let mut token = [0; 32];
        rand::fill(&mut token).ok()?;
        let token = URL_SAFE_NO_PAD.encode(token);
        let link = Self {
            made_at: now,
            hash: Mutex::new(Some(Hash::of(token.as_bytes()))),
        };
        Some((link, format!("/setup/{token}")))
    }

    /// Whether this token opens the page now.
    pub(super) fn opens(&self, token: &str, now: UnixMillis) -> bool {
        let kept = *self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        let given = Hash::of(token.as_bytes());
        let is_young = now.0.abs_diff(self.made_at.0) < LIFE_MILLIS.unsigned_abs();
        is_young
            && kept.is_some_and(|kept| {
                constant_time::verify_slices_are_equal(kept.as_bytes(), given.as_bytes()).is_ok()
            })
    }

    /// It was used.
    pub(super) fn close(&self) {
        *self.hash.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_until_it_is_used_or_a_day_old() {
        let (link, path) = SetupLink::make(UnixMillis(0)).unwrap();
        let token = path.strip_prefix("/setup/").unwrap();
        assert!(link.opens(token, UnixMillis(LIFE_MILLIS - 1)));
        assert!(!link.opens(token, UnixMillis(LIFE_MILLIS)));
        assert!(!link.opens("guess", UnixMillis(0)));
        link.close();
        assert!(!link.opens(token, UnixMillis(0)));
    }
}
