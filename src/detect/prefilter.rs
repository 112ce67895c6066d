//! Which rules are worth trying, and where?
//!
//! One pass of one automaton over the text meets the keywords of all rules and the words for
//! conditions of people; one pass over the bytes meets runs of digits. A pattern is then run
//! only on islands around what was met.
//!
//! Never: a decision; what is met here is only worth a look.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use crate::detect::condition::{Compared, Condition};
use crate::detect::fold::{folded, has_diacritics};
use crate::detect::rule::{Prefilter, Rule};
use crate::model::part::Span;

/// How far around a keyword a rule's pattern is tried, in bytes.
const KEYWORD_REACH: usize = 160;
/// How far around a run of digits, in bytes: the rest of the number, and letters before it.
const DIGIT_REACH: usize = 40;
/// Shorter runs of digits open no island.
const DIGITS_MIN: usize = 2;
/// A word without its diacritics is told from others when it is this long.
const PLAIN_BYTES_MIN: usize = 6;

/// What a keyword stands for.
#[derive(Clone, Copy, Debug)]
enum Target {
    Rule(usize),
    Condition(Condition, Telling),
}

/// When a word met tells of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Always.
    Always,
    /// When it is written in capitals.
    Capitals,
    /// In a text that has no diacritics at all: "lao" is a word of its own elsewhere.
    Plain,
}

/// The automaton over all keywords.
pub(super) struct Keywords {
    automaton: AhoCorasick,
    targets: Vec<Vec<Target>>,
    rules: usize,
}

/// What was met in a text.
pub(super) struct Met {
    /// Around runs of digits.
    pub digits: Vec<Span>,
    /// Around keywords, by rule.
    pub keywords: Vec<Vec<Span>>,
    /// Words for conditions of people, where they stand.
    pub conditions: Vec<(Span, Condition)>,
}

impl Met {
    /// Whether there is nothing to look at.
    pub(super) fn is_empty(&self) -> bool {
        self.digits.is_empty()
            && self.conditions.is_empty()
            && self.keywords.iter().all(Vec::is_empty)
    }
}

impl Keywords {
    /// One automaton for all rules, which are known by their index from here on.
    pub(super) fn new(rules: &[Rule]) -> Option<Self> {
        let mut spellings: HashMap<String, Vec<Target>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for keyword in &rule.keywords {
                for spelling in spellings_of(keyword) {
                    spellings
                        .entry(spelling)
                        .or_default()
                        .push(Target::Rule(index));
                }
            }
        }
        for (word, condition, compared) in Condition::lexicon() {
            for spelling in spellings_of(word) {
                let telling = match compared {
                    Compared::AsWritten => Telling::Capitals,
                    Compared::WithDiacritics if spelling.is_ascii() => continue,
                    Compared::AnyCase if spelling.is_ascii() && !word.is_ascii() => Telling::Plain,
                    Compared::AnyCase | Compared::WithDiacritics => Telling::Always,
                };
                if telling == Telling::Plain && spelling.len() < PLAIN_BYTES_MIN {
                    continue;
                }
                let target = Target::Condition(condition, telling);
                spellings.entry(spelling).or_default().push(target);
            }
        }
        let (patterns, targets): (Vec<String>, Vec<Vec<Target>>) = spellings.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(patterns)
            .ok()?;
        Some(Self {
            automaton,
            targets,
            rules: rules.len(),
        })
    }

    /// Looks at the text once for keywords and once for digits.
    pub(super) fn meet(&self, text: &str) -> Met {
        let mut met = Met {
            digits: digit_islands(text),
            keywords: vec![Vec::new(); self.rules],
            conditions: Vec::new(),
        };
        let mut is_plain = None;
        for found in self.automaton.find_overlapping_iter(text) {
            let span = Span::new(found.start(), found.end());
            let targets = self.targets.get(found.pattern().as_usize());
            for target in targets.into_iter().flatten() {
                match target {
                    Target::Rule(index) => {
                        if let Some(islands) = met.keywords.get_mut(*index) {
                            join(islands, around(text, span, KEYWORD_REACH));
                        }
                    }
                    Target::Condition(condition, telling) => {
                        let tells = match telling {
                            Telling::Always => true,
                            Telling::Capitals => !span.of(text).chars().any(char::is_lowercase),
                            Telling::Plain => {
                                *is_plain.get_or_insert_with(|| !has_diacritics(text))
                            }
                        };
                        if tells && is_whole_word(text, span) {
                            met.conditions.push((span, *condition));
                        }
                    }
                }
            }
        }
        met.conditions.sort_by_key(|(span, _)| *span);
        met
    }
}

/// A rule's islands.
pub(super) fn islands(met: &Met, rule: usize, prefilter: Prefilter) -> &[Span] {
    match prefilter {
        Prefilter::Digits => &met.digits,
        Prefilter::Keywords => met.keywords.get(rule).map_or(&[], Vec::as_slice),
    }
}

/// The ways in which a keyword is written: cases, and without diacritics. The automaton folds
/// the case of ASCII letters only.
fn spellings_of(keyword: &str) -> Vec<String> {
    let lower = keyword.to_lowercase();
    let mut chars = lower.chars();
    let capitalized = chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default();
    let mut all = vec![
        lower.to_uppercase(),
        folded(&lower),
        keyword.to_owned(),
        capitalized,
        lower,
    ];
    // Spellings that differ only in the case of ASCII letters are one to the automaton.
    all.sort_by_key(|spelling| spelling.to_ascii_lowercase());
    all.dedup_by_key(|spelling| spelling.to_ascii_lowercase());
    all
}

fn digit_islands(text: &str) -> Vec<Span> {
    let mut islands = Vec::new();
    let mut run = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Signs within a number do not end the run: "0 9 1 2" is a number too.
        run = match byte {
            b'0'..=b'9' => run + 1,
            b' ' | b'.' | b'-' | b'_' | b'\n' | b'\t' | b'|' | b'/' | b',' | b'*' | b'~' => run,
            // What text recognition makes of digits.
            b'O' | b'o' | b'D' | b'Q' | b'I' | b'l' | b'S' | b'B' | b'Z' => run,
            // The middle dot and the bullet.
            0xc2 | 0xb7 | 0xe2 | 0x80 | 0xa2 => run,
            _ => 0,
        };
        if run >= DIGITS_MIN && byte.is_ascii_digit() {
            let digit = Span::new(at, at + 1);
            join(&mut islands, around(text, digit, DIGIT_REACH));
        }
    }
    islands
}

/// A span grown on both sides, on character boundaries.
pub(super) fn around(text: &str, span: Span, reach: usize) -> Span {
    Span::new(
        text.floor_char_boundary(span.start.saturating_sub(reach)),
        text.ceil_char_boundary(span.end.saturating_add(reach).min(text.len())),
    )
}

/// Adds an island to a list in order, joining those that touch.
pub(super) fn join(islands: &mut Vec<Span>, next: Span) {
    match islands.last_mut() {
        Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
        Some(_) | None => islands.push(next),
    }
}

/// Whether no letter or digit touches the span; a class has a letter behind its number.
pub(super) fn is_whole_word(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    let is_class = span.of(text).ends_with(|c: char| c.is_ascii_digit())
        && after.is_some_and(|c| c.is_ascii_uppercase());
    !before.is_some_and(char::is_alphanumeric)
        && (is_class || !after.is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn islands_that_touch_are_one() {
        let text = format!("12 34{}56", "a".repeat(200));
        assert_eq!(digit_islands(&text).len(), 2);
    }

    #[test]
    fn keywords_are_met_in_every_case_and_without_diacritics() {
        let all = spellings_of("mật khẩu");
        for spelling in ["mật khẩu", "MẬT KHẨU", "Mật khẩu", "mat khau"] {
            assert!(
                all.iter().any(|s| s.eq_ignore_ascii_case(spelling)),
                "{spelling} in {all:?}"
            );
        }
    }
}
