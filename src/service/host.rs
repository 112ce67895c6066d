//! Does a host name fall under a pattern of the catalogue?
//!
//! In: host names as clients send them, patterns as the catalogue writes them. Out: what a table
//! keeps for the patterns that cover a name, most specific first. Names are compared label by
//! label and looked up by hash; a substring of a name never decides, because
//! `chatgpt.com.example.net` is somebody else's host. IP addresses fall under no pattern.

use std::collections::HashMap;
use std::str::FromStr;

/// The longest host name, in bytes (RFC 1035 §2.3.4).
const NAME_BYTES_MAX: usize = 253;
/// The longest label, in bytes (RFC 1035 §2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// A host pattern: `chatgpt.com`, `*.chatgpt.com` or `*-aiplatform.googleapis.com`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostPattern {
    /// This name only.
    Exact(String),
    /// Every name with one or more labels before this one.
    Below(String),
    /// Every name whose first label has this ending, directly below this parent.
    FirstLabel {
        /// What the first label ends with, hyphen included.
        ending: String,
        /// The labels after it.
        parent: String,
    },
}

impl HostPattern {
    /// Whether a folded name (see [`folded`]) falls under the pattern.
    pub fn covers(&self, host: &str) -> bool {
        match self {
            Self::Exact(name) => host == name,
            Self::Below(parent) => parents(host).any(|name| name == parent),
            Self::FirstLabel { ending, parent } => {
                host.split_once('.').is_some_and(|(label, rest)| {
                    rest == parent && label.len() > ending.len() && label.ends_with(ending.as_str())
                })
            }
        }
    }
}

impl FromStr for HostPattern {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_name = |name: &str| folded(name).is_some_and(|same| same == name);
        if let Some(parent) = text.strip_prefix("*.") {
            return if is_name(parent) && parent.contains('.') {
                Ok(Self::Below(parent.to_owned()))
            } else {
                Err(())
            };
        }
        if let Some((ending, parent)) = text.strip_prefix('*').and_then(|rest| rest.split_once('.'))
        {
            return if ending.starts_with('-') && is_name(parent) && parent.contains('.') {
                Ok(Self::FirstLabel {
                    ending: ending.to_owned(),
                    parent: parent.to_owned(),
                })
            } else {
                Err(())
            };
        }
        if is_name(text) && text.contains('.') {
            Ok(Self::Exact(text.to_owned()))
        } else {
            Err(())
        }
    }
}

/// The one spelling of a host name: lower case, no trailing dot. Nothing for IP addresses and for
/// what cannot be a name on the wire (browsers send international names in ASCII, RFC 5891).
pub(super) fn folded(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.is_empty() || host.len() > NAME_BYTES_MAX {
        return None;
    }
    let are_labels = host.split('.').all(|label| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    let last_label = host.rsplit('.').next().unwrap_or_default();
    // An all-digit or 0x last label is an IPv4 address to browsers (WHATWG URL, "ends in a number").
    let is_address = last_label.bytes().all(|byte| byte.is_ascii_digit())
        || last_label.starts_with("0x")
        || last_label.starts_with("0X");
    (are_labels && !is_address).then(|| host.to_ascii_lowercase())
}

/// What is kept for host patterns.
#[derive(Clone, Debug)]
pub(super) struct HostTable<T> {
    exact: HashMap<String, T>,
    below: HashMap<String, T>,
    first_label: HashMap<String, Vec<(String, T)>>,
}

impl<T: Default> HostTable<T> {
    /// A table without patterns.
    pub(super) fn new() -> Self {
        Self {
            exact: HashMap::new(),
            below: HashMap::new(),
            first_label: HashMap::new(),
        }
    }

    /// What is kept for exactly this pattern, made if it is not there yet.
    pub(super) fn entry(&mut self, pattern: &HostPattern) -> &mut T {
        match pattern {
            HostPattern::Exact(name) => self.exact.entry(name.clone()).or_default(),
            HostPattern::Below(parent) => self.below.entry(parent.clone()).or_default(),
            HostPattern::FirstLabel { ending, parent } => {
                let endings = self.first_label.entry(parent.clone()).or_default();
                let at = endings
                    .iter()
                    .position(|(known, _)| known == ending)
                    .unwrap_or(endings.len());
                if at == endings.len() {
                    endings.push((ending.clone(), T::default()));
                }
                #[expect(
                    clippy::indexing_slicing,
                    reason = "pushed just above if it was missing"
                )]
                &mut endings[at].1
            }
        }
    }

    /// What is kept for the patterns that cover a folded name, most specific first.
    pub(super) fn covering<'a>(&'a self, host: &'a str) -> impl Iterator<Item = &'a T> {
        let (label, parent) = host.split_once('.').unwrap_or((host, ""));
        let endings = self.first_label.get(parent).into_iter().flatten();
        self.exact
            .get(host)
            .into_iter()
            .chain(endings.filter_map(move |(ending, kept)| {
                (label.len() > ending.len() && label.ends_with(ending.as_str())).then_some(kept)
            }))
            .chain(parents(host).filter_map(|name| self.below.get(name)))
    }
}

/// The names above a name, nearest first.
fn parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(host.split_once('.').map(|(_, rest)| rest), |name| {
        name.split_once('.').map(|(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_compared_label_by_label() {
        assert!(pattern("chatgpt.com").covers("chatgpt.com"));
        assert!(!pattern("chatgpt.com").covers("www.chatgpt.com"));
        assert!(pattern("*.chatgpt.com").covers("www.chatgpt.com"));
        assert!(pattern("*.chatgpt.com").covers("a.b.chatgpt.com"));
        assert!(!pattern("*.chatgpt.com").covers("chatgpt.com"));
        assert!(!pattern("*.chatgpt.com").covers("evilchatgpt.com"));
        assert!(!pattern("chatgpt.com").covers("chatgpt.com.example.net"));
    }

    #[test]
    fn the_first_label_may_be_named_by_its_ending() {
        let vertex = pattern("*-aiplatform.googleapis.com");
        assert!(vertex.covers("us-central1-aiplatform.googleapis.com"));
        assert!(!vertex.covers("-aiplatform.googleapis.com"));
        assert!(!vertex.covers("x.us-aiplatform.googleapis.com"));
    }

    #[test]
    fn case_and_trailing_dot_are_folded_and_addresses_refused() {
        assert_eq!(folded("ChatGPT.com."), Some("chatgpt.com".to_owned()));
        for bad in [
            "",
            ".",
            "127.0.0.1",
            "2130706433",
            "0x7f.0x1",
            "[::1]",
            "::1",
            "chátgpt.com",
            "a..b",
            "chatgpt.com:443",
            "a b.com",
        ] {
            assert_eq!(folded(bad), None, "{bad}");
        }
    }

    #[test]
    fn patterns_are_written_in_one_way_only() {
        for bad in [
            "*",
            "*.",
            "*.com",
            "a.*.com",
            "Chatgpt.com",
            "chatgpt.com.",
            "*x.a.com",
            "com",
        ] {
            assert!(bad.parse::<HostPattern>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_most_specific_pattern_comes_first() {
        let mut table: HostTable<Vec<u8>> = HostTable::new();
        for (text, kept) in [
            ("*.example.com", 3),
            ("*.b.example.com", 2),
            ("*-x.b.example.com", 1),
            ("a-x.b.example.com", 0),
        ] {
            table.entry(&pattern(text)).push(kept);
        }
        let order: Vec<u8> = table
            .covering("a-x.b.example.com")
            .flatten()
            .copied()
            .collect();
        assert_eq!(order, [0, 1, 2, 3]);
    }

    proptest! {
        #[test]
        fn no_host_makes_matching_panic(host in "\\PC{0,80}", name in "[a-z.*-]{0,20}") {
            let parsed = name.parse::<HostPattern>();
            if let (Some(host), Ok(pattern)) = (folded(&host), parsed) {
                let mut table: HostTable<Vec<()>> = HostTable::new();
                table.entry(&pattern).push(());
                prop_assert_eq!(table.covering(&host).count() > 0, pattern.covers(&host));
            }
        }
    }
}
