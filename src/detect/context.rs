//! What do the words around a value say?
//!
//! A [`Vocabulary`] holds the context words of all rules in one automaton. For a candidate it
//! folds the few characters around it and reports which words stand where.
//!
//! Never: a look further than [`VETO_CHARS`] and [`AFTER_CHARS`], so that the work per
//! candidate is constant.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use crate::detect::beside::side_before;
use crate::detect::fold::{Folded, is_word};
use crate::detect::layout::Layout;
use crate::detect::letter::is_of_word;
use crate::detect::rule::Rule;
use crate::detect::speech;
use crate::detect::tag;
use crate::model::part::Span;

/// How far a label before a value may stand.
const BEFORE_CHARS: usize = 72;
/// How far a word may stand that rules the value out: a firm's name opens the line.
const VETO_CHARS: usize = 160;
/// How far a word after a value may stand.
const AFTER_CHARS: usize = 32;
/// Within so many characters behind a word its own value begins.
const OWN_CHARS: usize = 16;
/// A key labels its value's text up to this length; beyond it the value is prose.
const KEYED_BYTES_MAX: usize = 200;

/// What a context word is to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It names the category.
    Label,
    /// It speaks for the category.
    Raises,
    /// It speaks for something else.
    Lowers,
    /// It rules the category out.
    Vetoes,
}

/// On which side of the value a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Before it, with nothing but signs between.
    Beside,
    /// Before it.
    Before,
    /// Before another number of which nothing but signs parts it.
    Listed,
    /// Before it, with other numbers between.
    Far,
    /// After it.
    After,
    /// Over it, as the head of its column or the key of its field.
    Over,
}

/// A word heard near a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    word: usize,
    /// On which side.
    pub side: Side,
    /// How many characters lie between.
    pub distance: usize,
}

/// What a rule makes of the words heard.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heeded<'v> {
    /// The nearest label: the word and its side.
    pub label: Option<(&'v str, Heard)>,
    /// A word that raises.
    pub raises: Option<&'v str>,
    /// The nearest word that lowers.
    pub lowers: Option<(&'v str, Heard)>,
    /// Whether a word rules the category out.
    pub is_vetoed: bool,
}

/// The context words of all rules.
pub(super) struct Vocabulary {
    automaton: AhoCorasick,
    words: Vec<Word>,
}

struct Word {
    text: String,
    chars: Vec<char>,
    uses: Vec<(usize, Role)>,
}

impl Vocabulary {
    /// Collects the words of the rules, which are known by their index from here on.
    pub(super) fn new(rules: &[Rule]) -> Option<Self> {
        let mut words: Vec<Word> = Vec::new();
        let mut known: HashMap<Vec<char>, usize> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let labels = rule.labels.iter().map(|text| (text, Role::Label));
            let raising = rule.raise_words.iter().map(|text| (text, Role::Raises));
            let lowering = rule.lower_words.iter().map(|text| (text, Role::Lowers));
            let vetoing = rule.veto_words.iter().map(|text| (text, Role::Vetoes));
            for (text, role) in labels.chain(raising).chain(lowering).chain(vetoing) {
                let chars = Folded::new(&text.to_lowercase()).chars;
                let spelled = if role == Role::Label {
                    other_spellings(&chars)
                } else {
                    Vec::new()
                };
                for chars in std::iter::once(chars).chain(spelled) {
                    let at = *known.entry(chars.clone()).or_insert_with(|| {
                        words.push(Word {
                            text: text.clone(),
                            chars,
                            uses: Vec::new(),
                        });
                        words.len() - 1
                    });
                    if let Some(word) = words.get_mut(at) {
                        word.uses.push((index, role));
                    }
                }
            }
        }
        let spelled = words
            .iter()
            .map(|word| word.chars.iter().collect::<String>());
        let automaton = AhoCorasick::new(spelled.map(|word| Folded::new(&word).bytes)).ok()?;
        Some(Self { automaton, words })
    }

    /// The words around a span. `head` is the head of its column, `key` the key of its field.
    pub(super) fn hear(
        &self,
        layout: &Layout<'_>,
        span: Span,
        head: Option<&str>,
        key: Option<&str>,
    ) -> Vec<Heard> {
        let mut heard = Vec::new();
        if let Some(head) = head {
            self.hear_over(&Folded::new(head), &mut heard);
        }
        if let Some(key) = key.filter(|_| layout.text().len() <= KEYED_BYTES_MAX) {
            self.hear_over(&Folded::new(key), &mut heard);
        }
        let before = last_chars(before(layout, span, head.is_some()), VETO_CHARS);
        self.hear_before(&Folded::new(before), &mut heard);
        if head.is_none() {
            self.hear_after(&Folded::new(after(layout, span)), &mut heard);
        }
        heard
    }

    /// What a rule makes of the words heard.
    pub(super) fn heed(&self, heard: &[Heard], rule: usize) -> Heeded<'_> {
        let mut heeded = Heeded::default();
        for near in heard {
            let Some(word) = self.words.get(near.word) else {
                continue;
            };
            for (_, role) in word.uses.iter().filter(|(index, _)| *index == rule) {
                let text = word.text.as_str();
                if (near.distance > BEFORE_CHARS || near.side == Side::Far) && *role != Role::Vetoes
                {
                    continue;
                }
                // "sổ BHXH 0123456789 - 0912 345 678": the telephone behind it is none.
                if *role == Role::Lowers && near.side == Side::Listed && is_of_persons(text) {
                    continue;
                }
                match role {
                    Role::Label => keep_nearest(&mut heeded.label, text, *near),
                    Role::Raises => heeded.raises = Some(text),
                    Role::Lowers => keep_nearest(&mut heeded.lowers, text, *near),
                    Role::Vetoes => heeded.is_vetoed |= near.side != Side::After,
                }
            }
        }
        heeded
    }

    /// The label of a rule in the head of a column.
    pub(super) fn label_in(&self, head: &str, rule: usize) -> Option<(&str, Heard)> {
        let mut heard = Vec::new();
        self.hear_over(&Folded::new(head), &mut heard);
        let heeded = self.heed(&heard, rule);
        heeded.label.filter(|_| !heeded.is_vetoed)
    }

    fn hear_over(&self, folded: &Folded, heard: &mut Vec<Heard>) {
        for (word, _, _) in self.words_in(folded) {
            heard.push(Heard {
                word,
                side: Side::Over,
                distance: 0,
            });
        }
    }

    fn hear_before(&self, folded: &Folded, heard: &mut Vec<Heard>) {
        for (word, _, end) in self.words_in(folded) {
            let between = folded.bytes.get(end..).unwrap_or_default();
            let is_veto = |word: &Word| word.uses.iter().any(|(_, role)| *role == Role::Vetoes);
            let side = match side_before(between) {
                Some(side) => side,
                // It does not label this number, but may still rule it out.
                None if self.words.get(word).is_some_and(is_veto) => Side::Far,
                None => continue,
            };
            heard.push(Heard {
                word,
                side,
                distance: between.len(),
            });
        }
    }

    fn hear_after(&self, folded: &Folded, heard: &mut Vec<Heard>) {
        for (word, start, end) in self.words_in(folded) {
            let rest = folded.bytes.get(end..).unwrap_or_default();
            // A label that has a value of its own does not label the value before it.
            let near = rest.iter().take(OWN_CHARS);
            let has_own =
                near.copied().any(|byte| byte.is_ascii_digit()) || rest.first() == Some(&b':');
            if !has_own && end <= AFTER_CHARS {
                heard.push(Heard {
                    word,
                    side: Side::After,
                    distance: start,
                });
            }
        }
    }

    /// The words of the vocabulary that stand whole in the folded text: index, start, end.
    fn words_in<'f>(
        &'f self,
        folded: &'f Folded,
    ) -> impl Iterator<Item = (usize, usize, usize)> + 'f {
        self.automaton
            .find_overlapping_iter(&folded.bytes)
            .map(|found| (found.pattern().as_usize(), found.start(), found.end()))
            .filter(|(word, start, end)| {
                let before = start.checked_sub(1).and_then(|at| folded.bytes.get(at));
                let after = folded.bytes.get(*end);
                !before.is_some_and(|byte| is_word(*byte))
                    && !after.is_some_and(u8::is_ascii_lowercase)
                    && self
                        .words
                        .get(*word)
                        .is_some_and(|word| folded.can_be(*start, &word.chars))
            })
    }
}

/// Whether the word labels one number of a person.
fn is_of_persons(word: &str) -> bool {
    ["bhxh", "bảo hiểm xã hội", "bhyt", "cccd", "cmnd"].contains(&word)
}

/// How else a label is spelled: its words joined, or its initials torn.
fn other_spellings(label: &[char]) -> Vec<Vec<char>> {
    let written: String = label.iter().collect();
    let torn = torn(&written).into_iter();
    let torn = torn.map(|spelled| spelled.chars().collect());
    joined(label).into_iter().chain(torn).collect()
}

/// Initials as text taken from a PDF tears them: `CM ND`.
pub(super) fn torn(label: &str) -> Vec<String> {
    const INITIALS_MIN: usize = 4;
    let is_initials = label.chars().count() >= INITIALS_MIN
        && label.chars().all(char::is_alphabetic)
        && !label.contains(['a', 'e', 'i', 'o', 'u']);
    if !is_initials {
        return Vec::new();
    }
    let places = label.char_indices().skip(1);
    let halves = places.filter_map(|(at, _)| label.split_at_checked(at));
    halves
        .map(|(head, tail)| format!("{head} {tail}"))
        .collect()
}

/// A label of several words as keys in small letters or capitals join it: `SOTAIKHOAN`.
fn joined(label: &[char]) -> Option<Vec<char>> {
    const CHARS_MIN: usize = 6;
    let joined: Vec<char> = label.iter().copied().filter(|c| *c != ' ').collect();
    (joined.len() < label.len() && joined.len() >= CHARS_MIN).then_some(joined)
}

/// Keeps the nearer of two words; a longer word wins over its own part.
fn keep_nearest<'v>(kept: &mut Option<(&'v str, Heard)>, text: &'v str, near: Heard) {
    let is_nearer = kept.is_none_or(|(old, heard)| {
        (rank(near.side), near.distance, usize::MAX - text.len())
            < (rank(heard.side), heard.distance, usize::MAX - old.len())
    });
    if is_nearer {
        *kept = Some((text, near));
    }
}

/// Words before a value speak louder than words after it.
const fn rank(side: Side) -> u8 {
    match side {
        Side::Over | Side::Beside | Side::Before | Side::Listed => 0,
        Side::After | Side::Far => 1,
    }
}

/// The text before the span: on its line, or on the line before where the span begins its line.
fn before<'t>(layout: &Layout<'t>, span: Span, in_cell: bool) -> &'t str {
    let index = layout.line_index(span.start);
    let line = layout.line(span.start).span;
    let on_line = Span::new(line.start, span.start).of(layout.text());
    if in_cell {
        let near = last_chars(on_line, BEFORE_CHARS);
        let cell = near.rfind(['|', '\t', ';', ',']).map_or(0, |at| at + 1);
        return near.get(cell..).unwrap_or_default();
    }
    let bare = tag::without_lead(on_line);
    let is_told = bare.chars().any(is_of_word) && !speech::only_hands_over(bare);
    if is_told || on_line.contains('|') {
        return speech::behind_speaker(on_line);
    }
    let earlier = layout.lines().get(index.saturating_sub(3)..index);
    let previous = earlier
        .unwrap_or_default()
        .iter()
        .rev()
        .find(|line| !line.span.of(layout.text()).trim().is_empty());
    let start = previous.map_or(line.start, |line| line.span.start);
    Span::new(start, span.start).of(layout.text())
}

/// The text after the span, to the end of the line or clause, and of a value that a word in it has.
fn after<'t>(layout: &Layout<'t>, span: Span) -> &'t str {
    let line = layout.line(span.end).span;
    let rest = Span::new(span.end, line.end.max(span.end)).of(layout.text());
    let rest = rest.split(';').next().unwrap_or_default();
    match rest.char_indices().nth(AFTER_CHARS + OWN_CHARS) {
        Some((at, _)) => rest.get(..at).unwrap_or_default(),
        None => rest,
    }
}

/// The last characters of a text.
pub(super) fn last_chars(text: &str, count: usize) -> &str {
    let begins_char = |(_, byte): &(usize, &u8)| !matches!(byte, 0x80..=0xbf);
    let bytes = text.as_bytes().iter().enumerate().rev();
    let start = bytes.filter(begins_char).take(count).last();
    start.map_or("", |(at, _)| text.get(at..).unwrap_or_default())
}
