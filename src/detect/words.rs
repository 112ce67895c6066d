//! Which words does the detector know: names, places, columns, conditions of people?
//!
//! The lists are text files under `patterns/words`, embedded in the binary: `#` opens a comment,
//! `[name]` opens a section, every other line is one entry or, in lists of syllables, several.
//!
//! Never: words of one rule; those stand in the rule's own pack.

use rustc_hash::FxHashSet;

use crate::detect::fold::folded;

/// Words that are looked up for nearly every word of a text. The quick hash is safe: nothing of a
/// text is ever put in.
#[derive(Default)]
pub(super) struct WordSet(FxHashSet<String>);

impl WordSet {
    /// Whether the word is among them.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Those that are not among the others.
    pub(super) fn without(mut self, others: &Self) -> Self {
        self.0.retain(|word| !others.contains(word));
        self
    }

    /// All of them, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl FromIterator<String> for WordSet {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

impl IntoIterator for WordSet {
    type Item = String;
    type IntoIter = std::collections::hash_set::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A word list's sections, in order: name and entries.
pub(super) fn sections(list: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in list.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            sections.push((name, Vec::new()));
        } else if let Some((_, entries)) = sections.last_mut() {
            entries.push(line);
        }
    }
    sections
}

/// The entries of one section.
pub(super) fn section(list: &'static str, name: &str) -> Vec<&'static str> {
    sections(list)
        .into_iter()
        .filter(|(section, _)| *section == name)
        .flat_map(|(_, entries)| entries)
        .collect()
}

/// The entries of a section, folded.
pub(super) fn folded_set(list: &'static str, name: &str) -> WordSet {
    section(list, name).into_iter().map(folded).collect()
}

/// The syllables of a section, several to a line, in lower case.
pub(super) fn syllables(list: &'static str, name: &str) -> WordSet {
    section(list, name)
        .into_iter()
        .flat_map(str::split_whitespace)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_and_comments_passed_over() {
        let list = "# words\n[a]\none two\n\n[b]\nBa\n";
        assert_eq!(section(list, "a"), ["one two"]);
        assert!(syllables(list, "b").contains("ba"));
        assert!(folded_set(list, "a").contains("one two"));
    }
}
