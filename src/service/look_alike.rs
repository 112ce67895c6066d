//! Does a host look like an AI service, by its name alone?
//!
//! In: the tables `[look_alike]` of catalogue files, host names. Out: yes or no. The words are
//! data; an exception list keeps false friends out. It is asked only of hosts that no catalogue
//! row names, and a yes decides nothing: the office's setting does.

use std::collections::HashSet;

use serde::Deserialize;

use crate::service::catalogue_file::{Mistakes, Spot};
use crate::service::host::{HostPattern, folded};
use crate::service::never_intercepted::is_never_intercepted;

/// The shortest text looked for anywhere in a label: shorter ones are in every other word.
const ANYWHERE_BYTES_MIN: usize = 3;

/// A table `[look_alike]` as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LookAlikeTable {
    /// Texts anywhere in a label.
    anywhere: Vec<String>,
    /// Whole words of a label: what stands between hyphens.
    words: Vec<String>,
    /// Whole first labels.
    first: Vec<String>,
    /// Last labels.
    last: Vec<String>,
    /// Hosts that are no AI services for all that.
    except: Vec<String>,
}

/// The names that look like AI services. Tables of several files add up.
#[derive(Clone, Debug, Default)]
pub(super) struct LookAlikes {
    anywhere: Vec<String>,
    words: HashSet<String>,
    first: HashSet<String>,
    last: HashSet<String>,
    except: Vec<HostPattern>,
}

impl LookAlikes {
    /// Adds a table, noting every mistake in it.
    pub(super) fn add(&mut self, table: &LookAlikeTable, spot: &Spot, mistakes: &mut Mistakes) {
        self.anywhere.extend(table.anywhere.iter().cloned());
        self.words.extend(table.words.iter().cloned());
        self.first.extend(table.first.iter().cloned());
        self.last.extend(table.last.iter().cloned());
        let is_word = |word: &&String| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        for (key, words, bytes_min) in [
            ("anywhere", &table.anywhere, ANYWHERE_BYTES_MIN),
            ("words", &table.words, 1),
            ("first", &table.first, 1),
            ("last", &table.last, 1),
        ] {
            for word in words {
                if !is_word(&word) || word.len() < bytes_min {
                    let reason = format!("\"{word}\" is no piece of a host name");
                    let remedy = "write lower-case letters, digits and hyphens, three or more \
                                  under anywhere";
                    mistakes.add(spot, &format!("look_alike.{key}"), &reason, remedy);
                }
            }
        }
        for host in &table.except {
            match host.parse() {
                Ok(pattern) => self.except.push(pattern),
                Err(()) => {
                    let reason = format!("\"{host}\" is not a host pattern");
                    let remedy = "write name.example or *.name.example, in lower case";
                    mistakes.add(spot, "look_alike.except", &reason, remedy);
                }
            }
        }
    }

    /// Whether a host looks like an AI service.
    pub(super) fn covers(&self, host: &str) -> bool {
        let Some(host) = folded(host) else {
            return false;
        };
        // A single label is a machine of the office.
        let Some((above, last)) = host.rsplit_once('.') else {
            return false;
        };
        let first = above.split('.').next().unwrap_or_default();
        let is_alike = self.last.contains(last)
            || self.first.contains(first)
            || above.split('.').any(|label| {
                self.anywhere.iter().any(|text| label.contains(text))
                    || label
                        .split(['-', '_'])
                        .any(|word| self.words.contains(word))
            });
        is_alike
            && !is_never_intercepted(&host)
            && !self.except.iter().any(|pattern| pattern.covers(&host))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use crate::model::exchange::Carries;
    use crate::service::{Catalogue, Recognized, UNKNOWN_AI, Upgrade};

    #[test]
    fn names_that_look_like_ai_services_are_told_from_their_false_friends() {
        let catalogue = Catalogue::builtin().unwrap();
        for host in [
            "free-gpt.example.com",
            "mygpt4all.example",
            "chat.example.org",
            "copilot.example.com",
            "new-llm.example.vn",
            "something.ai",
            "ai.example.vn",
            "trolyao.example.vn",
        ] {
            assert!(catalogue.looks_like_ai(host), "{host}");
        }
        for host in [
            "example.com",
            "thanhnien.vn",
            "chat.zalo.me",
            "chat.google.com",
            "chatgpt.com",
            "ai.gov.vn",
            "mail.hanoi.vn",
            "gemini.com",
            "127.0.0.1",
            "ai",
            "",
        ] {
            assert!(!catalogue.looks_like_ai(host), "{host}");
        }
    }

    #[test]
    fn a_host_in_no_row_is_an_unknown_ai_where_it_is_read() {
        let catalogue = Catalogue::builtin().unwrap();
        let read =
            |path| catalogue.recognize_read("new.example.ai", &Method::POST, path, Upgrade::None);
        let Recognized::UnknownPath(service) = read("/v1/ask") else {
            panic!("no unknown path");
        };
        assert_eq!(service.id, UNKNOWN_AI);
        let Recognized::Endpoint { endpoint, .. } = read("/api/auth/login") else {
            panic!("nobody can log in");
        };
        assert_eq!(endpoint.carries, Carries::Account);
    }

    #[test]
    fn mistakes_in_the_words_are_told_at_once() {
        let bad = "[look_alike]\nanywhere = ['ai']\nwords = ['Gpt']\nexcept = ['*']\nfirsst = []";
        let file = ("services-x.toml".to_owned(), bad.to_owned());
        assert_eq!(
            Catalogue::from_files(std::slice::from_ref(&file))
                .unwrap_err()
                .len(),
            1
        );
        let file = (file.0, bad.replace("firsst = []", ""));
        assert_eq!(Catalogue::from_files(&[file]).unwrap_err().len(), 3);
    }
}
