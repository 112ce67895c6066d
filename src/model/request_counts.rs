//! How many requests were there, and what came of them? Those that were simply let through too.

use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::decision::Action;
use super::exchange::Carries;

macro_rules! counts {
    ($($name:ident, $label:literal;)+) => {
        /// Counts of requests. The names are a contract: they stand in the chain.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct RequestCounts {
            $(#[doc = $label] pub $name: u64,)+
        }

        impl RequestCounts {
            /// Every count with its name and what people call it.
            pub fn named(&self) -> Vec<(&'static str, &'static str, u64)> {
                vec![$((stringify!($name), $label, self.$name),)+]
            }

            /// Adds to the count of a name; a name of a later version counts nothing.
            pub fn add_named(&mut self, name: &str, count: u64) {
                match name {
                    $(stringify!($name) => self.$name = self.$name.saturating_add(count),)+
                    _ => {}
                }
            }

            /// Adds all counts of another.
            pub fn add(&mut self, other: &Self) {
                $(self.$name = self.$name.saturating_add(other.$name);)+
            }
        }
    };
}

counts! {
    requests, "Yêu cầu gửi đến công cụ AI đã kiểm tra";
    messages, "Trong đó: câu hỏi, tệp do người dùng gửi";
    allowed, "Cho qua";
    audited, "Cho qua, có ghi nhận";
    redacted, "Che dữ liệu";
    blocked, "Chặn";
    uninspectable, "Không kiểm tra được (toàn bộ hoặc một phần)";
    tunnelled, "Kết nối đi qua không đọc nội dung";
}

impl RequestCounts {
    /// One request that was judged.
    pub fn judged(action: Action, carries: Carries, coverage: Coverage) -> Self {
        let mut counts = Self {
            requests: 1,
            messages: u64::from(matches!(carries, Carries::Prompt | Carries::Upload)),
            uninspectable: u64::from(coverage == Coverage::Uninspectable),
            ..Self::default()
        };
        match action {
            Action::Allow => counts.allowed = 1,
            Action::Audit => counts.audited = 1,
            Action::Redact => counts.redacted = 1,
            Action::Block => counts.blocked = 1,
        }
        counts
    }

    /// One request that was refused before it could be read to its end.
    pub fn refused_unread() -> Self {
        Self {
            requests: 1,
            blocked: 1,
            uninspectable: 1,
            ..Self::default()
        }
    }

    /// One connection that passed unread.
    pub fn one_tunnel() -> Self {
        Self {
            tunnelled: 1,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_has_one_action_and_names_read_back() {
        let mut all = RequestCounts::refused_unread();
        for action in [Action::Allow, Action::Audit, Action::Redact, Action::Block] {
            all.add(&RequestCounts::judged(
                action,
                Carries::Prompt,
                Coverage::Parsed,
            ));
        }
        all.add(&RequestCounts::one_tunnel());
        let done = all.allowed + all.audited + all.redacted + all.blocked;
        assert_eq!((all.requests, done, all.messages), (5, 5, 4));
        let mut read = RequestCounts::default();
        for (name, _, count) in all.named() {
            read.add_named(name, count);
        }
        assert_eq!(read, all);
    }
}
