//! Takes values out of a TOML table one by one, so that what is left over is unknown.
//!
//! A value that does not fit is noted and its default kept, so that one run names every mistake.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::config::mistake::Mistake;

/// How much of a wrong value is shown.
const VALUE_CHARS_MAX: usize = 60;

/// A table being read, with the mistakes found so far.
pub(super) struct TableReader<'a> {
    file: &'a str,
    prefix: &'static str,
    table: Table,
    known: Vec<&'static str>,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'a> TableReader<'a> {
    /// Reads `table`, whose keys are shown behind `prefix` (`proxy.`, or nothing at the top).
    pub(super) const fn new(
        file: &'a str,
        prefix: &'static str,
        table: Table,
        mistakes: &'a mut Vec<Mistake>,
    ) -> Self {
        Self {
            file,
            prefix,
            table,
            known: Vec::new(),
            mistakes,
        }
    }

    /// Takes one value into `slot`; an absent key leaves it, a wrong value is a mistake.
    pub(super) fn take<T: DeserializeOwned>(&mut self, key: &'static str, slot: &mut T) {
        self.known.push(key);
        let Some(value) = self.table.remove(key) else {
            return;
        };
        let shown = shorten(&value);
        match value.try_into::<T>() {
            Ok(read) => *slot = read,
            Err(error) => {
                let reason = error.message().trim().replace('\n', " ");
                self.wrong(
                    key,
                    shown,
                    reason,
                    "see config/lachan.toml for an example".to_owned(),
                );
            }
        }
    }

    /// Takes one value and lets `read` turn it into something else, or say why it cannot.
    pub(super) fn take_with<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(T) -> Result<(), (String, String)>,
    ) {
        let shown = self.table.get(key).map(shorten).unwrap_or_default();
        let mut raw: Option<T> = None;
        self.known.push(key);
        if let Some(value) = self.table.remove(key) {
            match value.try_into::<T>() {
                Ok(value) => raw = Some(value),
                Err(error) => {
                    let reason = error.message().trim().replace('\n', " ");
                    let remedy = "see config/lachan.toml for an example".to_owned();
                    self.wrong(key, shown.clone(), reason, remedy);
                }
            }
        }
        if let Some(Err((reason, remedy))) = raw.map(read) {
            self.wrong(key, shown, reason, remedy);
        }
    }

    /// Takes a table of its own, or an empty one.
    pub(super) fn section(&mut self, key: &'static str) -> Table {
        let mut section = Table::new();
        self.take(key, &mut section);
        section
    }

    /// Notes everything left over as unknown.
    pub(super) fn finish(self) {
        for (key, value) in &self.table {
            let nearest = self
                .known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(known, key), known))
                .min()
                .filter(|(distance, _)| *distance <= 4);
            let remedy = match nearest {
                Some((_, known)) => format!("did you mean {}{known}?", self.prefix),
                None => format!("known keys here: {}", self.known.join(", ")),
            };
            self.mistakes.push(Mistake {
                file: self.file.to_owned(),
                key: format!("{}{key}", self.prefix),
                value: shorten(value),
                reason: "unknown key".to_owned(),
                remedy,
            });
        }
    }

    fn wrong(&mut self, key: &str, value: String, reason: String, remedy: String) {
        self.mistakes.push(Mistake {
            file: self.file.to_owned(),
            key: format!("{}{key}", self.prefix),
            value,
            reason,
            remedy,
        });
    }
}

fn shorten(value: &Value) -> String {
    let shown = value.to_string();
    // A URL with a user may hold a password, which belongs in no log, nor does a secret key.
    if shown.contains('@') || shown.to_ascii_uppercase().contains("SECRET-KEY") {
        return String::new();
    }
    if shown.chars().count() <= VALUE_CHARS_MAX {
        return shown;
    }
    shown
        .chars()
        .take(VALUE_CHARS_MAX)
        .chain("…".chars())
        .collect()
}
