//! Has this content been blocked as a state secret before, marking or not?
//!
//! For 24 hours after a block the content stays blocked: deleting the marking and sending again
//! does not help. What is kept are keyed hashes of runs of words (shingles), in memory only,
//! bounded; no word of the content can be read from them.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::model::category::SecretLevel;
use crate::model::exchange::UnixMillis;
use crate::model::incident::Fingerprint;
use crate::redact::KeyedHash;

/// How long a content stays blocked, in milliseconds.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How many contents are remembered; the oldest goes first.
const CONTENTS_MAX: usize = 256;
/// How many shingles stand for one content.
const SHINGLES_MAX: usize = 4096;
/// Words in one shingle: fewer would be met in any official letter.
const SHINGLE_WORDS: usize = 6;
/// Share of the blocked content that must come again.
const RETURNED_SHARE: f64 = 0.3;
/// Share of a new content that must stem from the blocked one, if it is an excerpt ...
const EXCERPT_SHARE: f64 = 0.6;
/// ... of at least so many shingles: headings of letters are alike everywhere.
const EXCERPT_SHINGLES_MIN: usize = 24;

/// The contents blocked as state secrets within the last 24 hours.
pub(super) struct SecretMemory {
    contents: Mutex<VecDeque<Content>>,
}

struct Content {
    blocked_at: UnixMillis,
    level: SecretLevel,
    digest: Fingerprint,
    shingles: HashSet<u64>,
}

impl SecretMemory {
    /// An empty memory.
    pub(super) const fn new() -> Self {
        Self {
            contents: Mutex::new(VecDeque::new()),
        }
    }

    /// Remembers a content that was blocked now.
    pub(super) fn remember<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        (level, digest): (SecretLevel, Fingerprint),
        hash: &KeyedHash,
        now: UnixMillis,
    ) {
        let shingles = shingles_of(texts, hash);
        if shingles.is_empty() {
            return;
        }
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        contents.push_back(Content {
            blocked_at: now,
            level,
            digest,
            shingles,
        });
        while contents.len() > CONTENTS_MAX {
            contents.pop_front();
        }
    }

    /// The level of the blocked content that this one repeats, whole or in a large part; contents
    /// that were lifted since do not count.
    pub(super) fn repeated<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        hash: &KeyedHash,
        now: UnixMillis,
        is_lifted: impl Fn(&Fingerprint) -> bool,
    ) -> Option<SecretLevel> {
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        contents.retain(|content| now.0 - content.blocked_at.0 < KEPT_MILLIS);
        if contents.is_empty() {
            return None;
        }
        let new = shingles_of(texts, hash);
        let repeated = contents
            .iter()
            .filter(|content| !is_lifted(&content.digest) && content.comes_again_in(&new));
        repeated.map(|content| content.level).min()
    }
}

impl Content {
    fn comes_again_in(&self, new: &HashSet<u64>) -> bool {
        let common = self.shingles.intersection(new).count();
        if common == 0 {
            return false;
        }
        let share = |of: usize| common as f64 / of.max(1) as f64;
        share(self.shingles.len()) >= RETURNED_SHARE
            || (common >= EXCERPT_SHINGLES_MIN && share(new.len()) >= EXCERPT_SHARE)
    }
}

/// The smallest keyed hashes of all runs of words. Case, punctuation and spacing do not count.
fn shingles_of<'t>(texts: impl Iterator<Item = &'t str>, hash: &KeyedHash) -> HashSet<u64> {
    let mut hashes = Vec::new();
    for text in texts {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        for run in words.windows(SHINGLE_WORDS) {
            hashes.push(hash.shingle(run.join(" ").as_bytes()));
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SHINGLES_MAX);
    hashes.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Kế hoạch bố trí lực lượng canh gác kho vật tư của xã Ví Dụ trong quý ba, \
        gồm ba ca trực mỗi ngày và danh sách điểm gác theo bản đồ kèm theo văn bản này.";

    fn hash() -> KeyedHash {
        KeyedHash::new([7; 32])
    }

    #[test]
    fn knows_a_content_again_without_its_marking() {
        let memory = SecretMemory::new();
        let marked = format!("MẬT\n{TEXT}");
        memory.remember(
            [marked.as_str()].into_iter(),
            (SecretLevel::C, Fingerprint("d".to_owned())),
            &hash(),
            UnixMillis(0),
        );
        let again = memory.repeated([TEXT].into_iter(), &hash(), UnixMillis(1000), |_| false);
        assert_eq!(again, Some(SecretLevel::C));
        let lifted = memory.repeated([TEXT].into_iter(), &hash(), UnixMillis(1000), |_| true);
        assert_eq!(lifted, None);
    }

    #[test]
    fn forgets_after_a_day_and_leaves_other_contents_alone() {
        let memory = SecretMemory::new();
        let as_secret = (SecretLevel::C, Fingerprint("d".to_owned()));
        memory.remember([TEXT].into_iter(), as_secret, &hash(), UnixMillis(0));
        let other = "Thông báo lịch tiêm chủng cho trẻ em trên địa bàn xã Ví Dụ vào tháng sau.";
        assert_eq!(
            memory.repeated([other].into_iter(), &hash(), UnixMillis(1000), |_| false),
            None
        );
        let a_day_later = UnixMillis(KEPT_MILLIS + 1);
        assert_eq!(
            memory.repeated([TEXT].into_iter(), &hash(), a_day_later, |_| false),
            None
        );
    }
}
