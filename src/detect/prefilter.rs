//! Which rules are worth trying, and where?
//!
//! A [`Glance`] at the text tells of figures, of the keywords of all rules, of the words for
//! conditions of people and, where a rule wants one, of the labels. A pattern is then run only on
//! islands around what was met.
//!
//! Never: a decision; what is met here is only worth a look.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::detect::condition::{Compared, Condition};
use crate::detect::context::torn;
use crate::detect::figures::Figures;
use crate::detect::glance::Glance;
use crate::detect::letter::{is_capital, is_of_word};
use crate::detect::lexicon::{Hit, List, Near, Written};
use crate::detect::phrase::Spelling;
use crate::detect::rule::{LabelNeed, Prefilter, Rule};
use crate::detect::shape::Shape;
use crate::detect::sum::lacks_sum;
use crate::detect::writing::Writing;
use crate::model::category::Category;
use crate::model::part::Span;

/// A word without its diacritics is told from others when it is this long.
const PLAIN_BYTES_MIN: usize = 6;

/// The words of all rules, and those for conditions.
pub(super) struct Keywords {
    keywords: OfRules,
    /// The keywords of rules that do not look for homes only.
    is_of_all: Vec<bool>,
    labels: OfRules,
    told: Vec<(Condition, Compared)>,
    /// What any value of figures has that needs no label.
    unlabelled: Shape,
    /// How far around a keyword each rule's pattern is tried, in bytes.
    reaches: Vec<usize>,
}

/// Words, each with the rules it is one of.
struct OfRules {
    words: Vec<String>,
    rules: Vec<Vec<usize>>,
}

impl OfRules {
    fn new<'r>(words: impl Iterator<Item = (usize, &'r str)>) -> Self {
        let mut of_rule: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (rule, word) in words {
            of_rule.entry(word.to_lowercase()).or_default().push(rule);
        }
        let (words, rules) = of_rule.into_iter().unzip();
        Self { words, rules }
    }

    fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
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
    glance: Glance<'t>,
    /// Figures that may be a value without a label.
    unlabelled: Figures,
    keywords: Vec<Vec<Span>>,
    labelled: OnceCell<Vec<bool>>,
    people: People,
    /// Words for conditions of people, where they stand.
    pub conditions: Vec<(Span, Condition)>,
}

impl<'t> Met<'_, 't> {
    /// Where words end that tell of what is known to all.
    pub(super) fn public_words(&self) -> Vec<usize> {
        let words = self.glance.near(List::Public);
        words.map(|near| near.end()).collect()
    }

    /// Whether there is nothing to look at.
    pub(super) fn is_empty(&self) -> bool {
        self.glance.figures.are_too_few()
            && self.conditions.is_empty()
            && self.keywords.iter().all(Vec::is_empty)
    }

    /// The islands on which a rule is worth trying. `key` is the key of the field.
    pub(super) fn islands(&self, index: usize, rule: &Rule, key: Option<&'t str>) -> Vec<Span> {
        if rule.category == Category::HomeAddress && self.people == People::AreNotNamed {
            return Vec::new();
        }
        match rule.prefilter {
            Prefilter::Keywords => self.keywords.get(index).cloned().unwrap_or_default(),
            Prefilter::Figures => {
                let figures = match rule.label_need {
                    LabelNeed::Helps => &self.unlabelled,
                    _ if self.is_labelled(index, key) => &self.glance.figures,
                    // A person before a damaged number stands for its label.
                    LabelNeed::Beside
                        if rule.category == Category::PhoneNumber
                            && self.people == People::MayBeNamed =>
                    {
                        &self.glance.figures
                    }
                    LabelNeed::Required | LabelNeed::Beside => return Vec::new(),
                };
                figures.islands(self.glance.text(), &rule.shape)
            }
        }
    }

    /// Whether a label of the rule stands anywhere in the text or in the key.
    fn is_labelled(&self, rule: usize, key: Option<&'t str>) -> bool {
        let labelled = self.labelled.get_or_init(|| {
            let mut labelled = vec![false; self.met_by.reaches.len()];
            self.met_by.label(&self.glance, &mut labelled);
            if let Some(key) = key {
                self.met_by.label(&self.glance.also_at(key), &mut labelled);
            }
            labelled
        });
        labelled.get(rule) == Some(&true)
    }
}

impl Keywords {
    /// The words of the rules, which are known by their index from here on.
    pub(super) fn new(rules: &[Rule]) -> Self {
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
        let keywords = OfRules::new(keywords);
        let looks_further = |rule: &usize| {
            let rule = rules.get(*rule);
            rule.is_some_and(|rule| rule.category != Category::HomeAddress)
        };
        let words = keywords.rules.iter();
        Self {
            is_of_all: words.map(|of| of.iter().any(looks_further)).collect(),
            keywords,
            labels: OfRules::new(labels.iter().map(|(rule, word)| (*rule, word.as_str()))),
            told: Condition::lexicon()
                .map(|(_, condition, compared)| (condition, compared))
                .collect(),
            unlabelled: rules
                .iter()
                .filter(|rule| is_unlabelled(rule))
                .fold(Shape::NONE, |all, rule| all.or(rule.shape)),
            reaches: rules.iter().map(|rule| rule.reach).collect(),
        }
    }

    /// The words that a glance is to look for.
    pub(super) fn lists(&self) -> [(List, Vec<&str>); 3] {
        [
            (List::Keywords, self.keywords.words()),
            (List::Labels, self.labels.words()),
            (
                List::Conditions,
                Condition::lexicon().map(|(word, ..)| word).collect(),
            ),
        ]
    }

    /// What a glance at a text met, put in order.
    pub(super) fn meet<'k, 't>(
        &'k self,
        glance: Glance<'t>,
        writing: &Writing,
        people: People,
    ) -> Met<'k, 't> {
        let mut keywords = vec![Vec::new(); self.reaches.len()];
        let is_wanted = |near: &Near<'_>| {
            people == People::MayBeNamed || self.is_of_all.get(near.word) == Some(&true)
        };
        for hit in glance.hits(List::Keywords, is_wanted) {
            for rule in self.keywords.of(hit) {
                let reach = self.reaches.get(rule).copied().unwrap_or_default();
                if let Some(islands) = keywords.get_mut(rule) {
                    join(islands, around(glance.text(), hit.span, reach));
                }
            }
        }
        Met {
            met_by: self,
            keywords,
            unlabelled: glance.figures.of_shape(&self.unlabelled),
            labelled: OnceCell::new(),
            conditions: match people {
                People::MayBeNamed => self.conditions(&glance, writing),
                People::AreNotNamed => Vec::new(),
            },
            people,
            glance,
        }
    }

    /// The words for conditions that stand whole in the text and tell of one, in order.
    fn conditions(&self, glance: &Glance<'_>, writing: &Writing) -> Vec<(Span, Condition)> {
        let written = glance.text();
        let mut met: Vec<(Span, Condition)> = glance
            .hits(List::Conditions, |near: &Near<'_>| !near.is_after_letter())
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
                            && writing.at(hit.span.start).spelling == Spelling::Plain
                    }
                    // Several words that have lost a part of theirs are hardly others.
                    (Compared::AnyCase, Written::Partly) => hit.span.of(written).contains(' '),
                    (Compared::AsWritten | Compared::WithDiacritics, _) => false,
                };
                (tells && is_whole_word(written, hit.span) && !lacks_sum(written, hit.span))
                    .then_some((hit.span, *condition))
            })
            .collect();
        met.sort_by_key(|(span, _)| *span);
        met
    }

    /// Marks the rules of which a label stands in the text. `soDienThoai` is three words.
    fn label(&self, glance: &Glance<'_>, labelled: &mut [bool]) {
        let written = glance.text();
        for hit in glance.hits(List::Labels, |_| true) {
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

/// Whether figures alone are worth trying the rule.
fn is_unlabelled(rule: &Rule) -> bool {
    rule.prefilter == Prefilter::Figures && rule.label_need == LabelNeed::Helps
}

/// A label as it is written, as one word (`so_dien_thoai`, `soDienThoai`), and torn.
fn spellings(label: &str) -> Vec<String> {
    let mut spellings = vec![label.to_owned()];
    if label.contains(' ') {
        spellings.push(label.replace(' ', ""));
    }
    spellings.extend(torn(label));
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
