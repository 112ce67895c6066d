//! Which rules are worth trying, and where?
//!
//! One pass over the bytes meets figures; the folded text is met once with the keywords of all
//! rules, with the words for conditions of people and, where a rule wants one, with the labels. A
//! pattern is then run only on islands around what was met.
//!
//! Never: a decision; what is met here is only worth a look.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::detect::condition::{Compared, Condition};
use crate::detect::figures::Figures;
use crate::detect::fold::has_diacritics;
use crate::detect::folded_text::FoldedText;
use crate::detect::letter::{is_capital, is_of_word};
use crate::detect::lexicon::{Hit, Lexicon, Near, Written};
use crate::detect::rule::{LabelNeed, Prefilter, Rule};
use crate::model::category::Category;
use crate::model::part::Span;

/// How far around a keyword a rule's pattern is tried, in bytes.
const KEYWORD_REACH: usize = 160;
/// A word without its diacritics is told from others when it is this long.
const PLAIN_BYTES_MIN: usize = 6;

/// The words of all rules, and those for conditions.
pub(super) struct Keywords {
    keywords: OfRules,
    /// The keywords of rules that do not look for homes only.
    is_of_all: Vec<bool>,
    labels: OfRules,
    conditions: Lexicon,
    told: Vec<(Condition, Compared)>,
    rules: usize,
}

/// Words, each with the rules it is one of.
struct OfRules {
    lexicon: Lexicon,
    rules: Vec<Vec<usize>>,
}

impl OfRules {
    fn new<'r>(words: impl Iterator<Item = (usize, &'r str)>) -> Option<Self> {
        let mut of_rule: HashMap<String, Vec<usize>> = HashMap::new();
        for (rule, word) in words {
            of_rule.entry(word.to_lowercase()).or_default().push(rule);
        }
        let lexicon = Lexicon::new(of_rule.keys().map(String::as_str))?;
        let rules = of_rule.into_values().collect();
        Some(Self { lexicon, rules })
    }

    /// The rules of a word met.
    fn of(&self, hit: Hit) -> impl Iterator<Item = usize> + '_ {
        self.rules.get(hit.word).into_iter().flatten().copied()
    }
}

/// Whether a text may name people: only then homes and conditions are worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum People {
    /// A name may stand there.
    MayBeNamed,
    /// None can.
    AreNotNamed,
}

/// What was met in a text.
pub(super) struct Met<'k, 't> {
    met_by: &'k Keywords,
    folded: FoldedText<'t>,
    figures: Figures,
    keywords: Vec<Vec<Span>>,
    labelled: OnceCell<Vec<bool>>,
    people: People,
    /// Words for conditions of people, where they stand.
    pub conditions: Vec<(Span, Condition)>,
}

impl Met<'_, '_> {
    /// Whether there is nothing to look at.
    pub(super) fn is_empty(&self) -> bool {
        self.figures.are_too_few()
            && self.conditions.is_empty()
            && self.keywords.iter().all(Vec::is_empty)
    }

    /// The islands on which a rule is worth trying. `key` is the key of the field.
    pub(super) fn islands(&self, index: usize, rule: &Rule, key: Option<&str>) -> Vec<Span> {
        if rule.category == Category::HomeAddress && self.people == People::AreNotNamed {
            return Vec::new();
        }
        match rule.prefilter {
            Prefilter::Keywords => self.keywords.get(index).cloned().unwrap_or_default(),
            Prefilter::Figures => {
                let islands = || self.figures.islands(self.folded.text(), &rule.shape);
                if rule.label_need == LabelNeed::Helps {
                    return islands();
                }
                // Labels are looked for when first needed, and then told at once.
                let is_out = |labelled: &Vec<bool>| labelled.get(index) != Some(&true);
                if self.labelled.get().is_some_and(is_out) {
                    return Vec::new();
                }
                let islands = islands();
                if !islands.is_empty() && self.is_labelled(index, key) {
                    islands
                } else {
                    Vec::new()
                }
            }
        }
    }

    /// Whether a label of the rule stands anywhere in the text or in the key.
    fn is_labelled(&self, rule: usize, key: Option<&str>) -> bool {
        let labelled = self.labelled.get_or_init(|| {
            let mut labelled = vec![false; self.met_by.rules];
            self.met_by.label(&self.folded, &mut labelled);
            if let Some(key) = key {
                self.met_by.label(&FoldedText::new(key), &mut labelled);
            }
            labelled
        });
        labelled.get(rule) == Some(&true)
    }
}

impl Keywords {
    /// The words of the rules, which are known by their index from here on.
    pub(super) fn new(rules: &[Rule]) -> Option<Self> {
        let each = || rules.iter().enumerate();
        let keywords = each().flat_map(|(index, rule)| {
            let words = rule.keywords.iter();
            words.map(move |word| (index, word.as_str()))
        });
        let labels: Vec<(usize, String)> = each()
            .filter(|(_, rule)| rule.label_need != LabelNeed::Helps)
            .flat_map(|(index, rule)| {
                let words = rule.labels.iter().flat_map(|word| spellings(word));
                words.map(move |word| (index, word))
            })
            .collect();
        let lexicon: Vec<_> = Condition::lexicon().collect();
        let keywords = OfRules::new(keywords)?;
        let looks_further = |rule: &usize| {
            let rule = rules.get(*rule);
            rule.is_some_and(|rule| rule.category != Category::HomeAddress)
        };
        let words = keywords.rules.iter();
        Some(Self {
            is_of_all: words.map(|of| of.iter().any(looks_further)).collect(),
            keywords,
            labels: OfRules::new(labels.iter().map(|(rule, word)| (*rule, word.as_str())))?,
            conditions: Lexicon::new(lexicon.iter().map(|(word, ..)| *word))?,
            told: lexicon
                .into_iter()
                .map(|(_, condition, compared)| (condition, compared))
                .collect(),
            rules: rules.len(),
        })
    }

    /// Looks at the text once for figures and once for words.
    pub(super) fn meet<'k, 't>(&'k self, folded: FoldedText<'t>, people: People) -> Met<'k, 't> {
        let text = folded.text();
        let mut keywords = vec![Vec::new(); self.rules];
        let is_wanted = |near: &Near| {
            people == People::MayBeNamed || self.is_of_all.get(near.word) == Some(&true)
        };
        for hit in self.keywords.lexicon.meet(&folded, is_wanted) {
            for rule in self.keywords.of(hit) {
                if let Some(islands) = keywords.get_mut(rule) {
                    join(islands, around(text, hit.span, KEYWORD_REACH));
                }
            }
        }
        Met {
            met_by: self,
            figures: Figures::new(text),
            keywords,
            labelled: OnceCell::new(),
            conditions: match people {
                People::MayBeNamed => self.conditions(&folded),
                People::AreNotNamed => Vec::new(),
            },
            people,
            folded,
        }
    }

    /// The words for conditions that stand whole in the text and tell of one, in order.
    fn conditions(&self, text: &FoldedText<'_>) -> Vec<(Span, Condition)> {
        let written = text.text();
        let mut is_plain = None;
        let mut met: Vec<(Span, Condition)> = self
            .conditions
            .meet(text, |near: &Near| !near.after_letter)
            .filter_map(|hit| {
                let (condition, compared) = self.told.get(hit.word)?;
                let tells = match (compared, hit.written) {
                    (Compared::AsWritten, Written::Fully) => {
                        !hit.span.of(written).chars().any(char::is_lowercase)
                    }
                    (Compared::AnyCase, Written::Fully) => true,
                    (Compared::WithDiacritics, Written::Fully) => !hit.span.of(written).is_ascii(),
                    // "lao" is a word of its own in a text that has diacritics.
                    (Compared::AnyCase, Written::Plainly) => {
                        hit.span.len() >= PLAIN_BYTES_MIN
                            && *is_plain.get_or_insert_with(|| !has_diacritics(written))
                    }
                    (Compared::AsWritten | Compared::WithDiacritics, Written::Plainly)
                    | (_, Written::Partly) => false,
                };
                (tells && is_whole_word(written, hit.span)).then_some((hit.span, *condition))
            })
            .collect();
        met.sort_by_key(|(span, _)| *span);
        met
    }

    /// Marks the rules of which a label stands in the text. `soDienThoai` is three words.
    fn label(&self, text: &FoldedText<'_>, labelled: &mut [bool]) {
        let written = text.text();
        for hit in self.labels.lexicon.meet(text, |_| true) {
            let before = written.get(..hit.span.start).unwrap_or_default();
            let after = written.get(hit.span.end..).unwrap_or_default();
            let first = hit.span.of(written).chars().next();
            let begins = !before.ends_with(is_of_word)
                || first.is_some_and(is_capital) && before.ends_with(char::is_lowercase);
            if begins && !after.starts_with(char::is_lowercase) {
                for rule in self.labels.of(hit) {
                    if let Some(is_labelled) = labelled.get_mut(rule) {
                        *is_labelled = true;
                    }
                }
            }
        }
    }
}

/// A label as it is written, and as one word: `so_dien_thoai`, `soDienThoai`.
fn spellings(label: &str) -> Vec<String> {
    let mut spellings = vec![label.to_owned()];
    if label.contains(' ') {
        spellings.push(label.replace(' ', ""));
    }
    spellings
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
    !before.is_some_and(is_of_word) && (is_class || !after.is_some_and(is_of_word))
}
