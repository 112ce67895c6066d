//! Which values do the rules find?
//!
//! Runs each rule's pattern on its islands, checks the edges, the structure, the place and the
//! words around, and keeps the best reading where several rules claim the same digits.
//!
//! Never: records; a candidate is one value.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::detect::addressee;
use crate::detect::birth_year;
use crate::detect::broken;
use crate::detect::code::{self, Codes};
use crate::detect::context::{Heard, Heeded, Side, Vocabulary};
use crate::detect::count;
use crate::detect::edge;
use crate::detect::example;
use crate::detect::head::Heads;
use crate::detect::home::Places;
use crate::detect::home_lead::is_office_above;
use crate::detect::layout::Layout;
use crate::detect::levels;
use crate::detect::matched::retry_from;
use crate::detect::organisation;
use crate::detect::pattern::Match;
use crate::detect::phrase::Spelling;
use crate::detect::prefilter::Met;
use crate::detect::private_key;
use crate::detect::readings::best_readings;
use crate::detect::rule::{LabelNeed, Place, Prefilter, Rule};
use crate::detect::table::Tables;
use crate::detect::technical;
use crate::detect::validator::Validator;
use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence, Validation};
use crate::model::part::Span;

/// A label further away than this raises a value only when its structure holds.
const LABEL_NEAR: usize = 40;

/// A value that a rule found, in comparable text.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The rule's index.
    pub rule: usize,
    /// Where, in comparable text.
    pub span: Span,
    /// How sure.
    pub confidence: Confidence,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// How near its label is; `usize::MAX` without one.
    pub label_distance: usize,
}

/// What a scan looks at.
pub(super) struct Scan<'a> {
    /// All rules.
    pub rules: &'a [Rule],
    /// Their context words.
    pub vocabulary: &'a Vocabulary,
    /// The text's lines.
    pub layout: &'a Layout<'a>,
    /// The text's tables of people.
    pub tables: &'a Tables,
    /// Words of addresses.
    pub places: &'a Places,
    /// Words that name codes.
    pub codes: &'a Codes,
    /// The key of the field that holds the text.
    pub key: Option<&'a str>,
    /// Bounds years of birth.
    pub year_now: i32,
    /// Whether the text has letters with diacritics.
    pub spelling: Spelling,
    /// The words around the spans that were asked for.
    pub heard: RefCell<HashMap<Span, Rc<[Heard]>>>,
    /// The heads of columns that were asked for.
    pub heads: Heads,
}

impl<'a> Scan<'a> {
    /// The values of all rules, one reading for each place, in order.
    pub(super) fn candidates(&self, met: &Met<'_, 'a>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.only_without_diacritics && self.spelling == Spelling::Full {
                continue;
            }
            for island in met.islands(index, rule, self.key) {
                self.scan_island(index, rule, island, &mut found);
            }
        }
        let mut kept = best_readings(found, self.rules);
        levels::settle(&mut kept, self.rules, self.layout);
        kept
    }

    fn scan_island(&self, index: usize, rule: &Rule, island: Span, found: &mut Vec<Candidate>) {
        // The haystack keeps what stands before the island, so that `\b` and `^` mean the text's.
        let haystack = Span::new(0, island.end).of(self.layout.text());
        let mut at = island.start;
        while let Some(span) = rule.pattern.next(haystack, at) {
            let candidate = self.judge(index, rule, &span);
            at = match candidate {
                Some(_) => span.whole.end,
                // A piece of an office's mailbox is nobody's.
                None if rule.category == Category::EmailAddress => span.whole.end,
                None => retry_from(haystack, span.whole),
            };
            found.extend(candidate);
        }
    }

    /// What becomes of a match of the rule's pattern.
    fn judge(&self, index: usize, rule: &Rule, matched: &Match) -> Option<Candidate> {
        let text = self.layout.text();
        let span = self.whole(rule, matched)?;
        let whole = broken::joined(rule.validator, text, span);
        let value = whole.as_deref().unwrap_or(span.of(text));
        let cell = self.tables.cell_at(span);
        let within = cell.map_or(Span::new(0, text.len()), |(cell, _)| cell);
        // A password is no number: its pattern says where its cell begins.
        let stands_free = rule.prefilter == Prefilter::Keywords
            || rule.category == Category::Credential
            || edge::stands_free(text, span, within);
        if !stands_free || edge::is_placeholder(text, span) {
            return None;
        }
        let validation = rule.validator.check(value, self.year_now);
        if validation == Validation::Invalid || !self.stands_in_place(rule, span) {
            return None;
        }
        if is_of_organisation(rule, text, span) {
            return None;
        }
        let heard = self.hear(span, cell.map(|(_, head)| head));
        let mut heeded = self.vocabulary.heed(&heard, index);
        if cell.is_none_or(|(_, head)| head.is_empty()) {
            self.heed_head(index, span, &mut heeded);
        }
        if is_count(rule, text, span, &heeded) {
            return None;
        }
        if rule.category == Category::HomeAddress {
            // Whatever office is spoken of behind an address, the address is not its.
            heeded.lowers = heeded.lowers.filter(|(word, near)| {
                near.side != Side::After && !is_office_above(word, text, span.start, near.distance)
            });
        }
        let verdict = confidence(rule, validation, &heeded)
            .or_else(|| addressee::confidence(rule, text, span))
            .filter(|_| !heeded.is_vetoed)?;
        if heeded.label.is_none() && heeded.raises.is_none() && self.is_of_program(rule, span) {
            return None;
        }
        // A birth year nearby makes a number without a label as sure as one with.
        let is_of_birth = rule.validator == Validator::CitizenId
            && validation == Validation::Valid
            && birth_year::agrees(text, span);
        let is_figures = rule.prefilter == Prefilter::Figures;
        let codes = || {
            let (layout, category) = (self.layout, rule.category);
            self.codes.own(layout, span, category, &heeded, &self.heads)
        };
        let is_code = is_figures && !is_of_birth && codes();
        let is_example = is_of_guide(rule, text, span, value);
        let verdict = match (is_code, is_of_birth) {
            _ if is_example => Confidence::Low,
            (true, _) => code::confidence(rule, validation)?,
            (false, true) => verdict.raised(),
            (false, false) => verdict,
        };
        let mut evidence = evidence(rule, validation, &heeded);
        if is_of_birth {
            evidence.insert(0, Evidence::BirthYear);
        }
        Some(Candidate {
            rule: index,
            span,
            confidence: verdict,
            evidence,
            label_distance: heeded.label.map_or(usize::MAX, |(_, near)| near.distance),
        })
    }

    /// Takes the head of the value's column for its label. In the first cell of a row the words at
    /// the end of the line above head another column.
    fn heed_head<'v>(&'v self, index: usize, span: Span, heeded: &mut Heeded<'v>) {
        let line = self.layout.line(span.start).span;
        let lead = Span::new(line.start, span.start).of(self.layout.text());
        let opens_row = heeded.label.is_some() && !lead.contains(char::is_alphabetic);
        if !opens_row && stands_at(heeded.label) {
            return;
        }
        let Some(head) = self.heads.over(self.layout, span) else {
            // One word of a heading says too little: "BHXH huyện:".
            let head = self.heads.over_list(self.layout, span);
            let label = head.and_then(|head| self.vocabulary.label_in(head, index));
            let label = label.filter(|(word, _)| word.contains(' ') && !stands_at(heeded.label));
            heeded.label = label.or(heeded.label);
            return;
        };
        let label = self.vocabulary.label_in(head, index);
        if opens_row || label.is_some() {
            heeded.label = label;
        }
    }

    /// Whether a number that people have stands where programs write theirs.
    fn is_of_program(&self, rule: &Rule, span: Span) -> bool {
        let (text, line) = (self.layout.text(), self.layout.line(span.start).span);
        if rule.category == Category::PhoneNumber {
            return technical::is_technical(text, line, span, self.key);
        }
        // Under the key "id" an identity number is at home.
        rule.category == Category::CitizenId && technical::is_among_technical(text, line, span)
    }

    /// The words around a span: several rules ask for those around the same one.
    fn hear(&self, span: Span, head: Option<&str>) -> Rc<[Heard]> {
        let mut known = self.heard.borrow_mut();
        let heard = known.entry(span).or_insert_with(|| {
            let heard = self.vocabulary.hear(self.layout, span, head, self.key);
            heard.into()
        });
        Rc::clone(heard)
    }

    /// All of the value: a rule tells where an address or a key begins, other rooms where it ends.
    /// The mailbox in a digital signature is the signer's office.
    fn whole(&self, rule: &Rule, matched: &Match) -> Option<Span> {
        if rule.category == Category::HomeAddress {
            let text = self.layout.text();
            return self.places.whole(text, matched.value, matched.opening());
        }
        let value = matched.value.of(self.layout.text());
        if rule.category == Category::Credential && value.starts_with("-----BEGIN") {
            return Some(private_key::whole(self.layout.text(), matched.value));
        }
        let is_signers =
            rule.category == Category::EmailAddress && self.layout.is_in_signature(matched.value);
        (!is_signers).then_some(matched.value)
    }

    fn stands_in_place(&self, rule: &Rule, span: Span) -> bool {
        match rule.place {
            Place::Anywhere => true,
            Place::OwnCell => self.layout.is_own_cell(span),
            Place::HeaderCell if rule.only_without_diacritics => {
                self.layout.is_own_cell(span) && self.layout.is_beside_anchor(span)
            }
            Place::HeaderCell => self.layout.is_own_cell(span) && self.layout.is_header(span),
        }
    }
}

/// A licence of fewer signs is an older one: any number is as long.
const LICENCE_BYTES_MIN: usize = 10;

/// Whether the account, the code or the car is an organisation's.
fn is_of_organisation(rule: &Rule, text: &str, span: Span) -> bool {
    let is_asked = rule.category == Category::TaxCode && !rule.only_in.is_empty();
    (rule.category == Category::BankAccount || is_asked) && organisation::owns(text, span)
        || is_asked && organisation::is_named_before(text, span)
        || rule.category == Category::VehiclePlate && organisation::drives(text, span)
}

/// Whether the number shows how such numbers are written.
fn is_of_guide(rule: &Rule, text: &str, span: Span, value: &str) -> bool {
    rule.prefilter == Prefilter::Figures && example::is_example(text, span)
        || rule.category == Category::CitizenId && example::is_counted(value)
}

/// Whether a value that needs a label is a count of what the label names.
fn is_count(rule: &Rule, text: &str, span: Span, heeded: &Heeded<'_>) -> bool {
    let is_far = !stands_at(heeded.label);
    let needs_label = rule.label_need != LabelNeed::Helps;
    if rule.category == Category::Credential {
        return span.of(text).bytes().all(|byte| byte.is_ascii_digit())
            && count::is_of_units(text, span);
    }
    if rule.category == Category::DrivingLicence && span.len() < LICENCE_BYTES_MIN {
        return needs_label && is_far;
    }
    let value = span.of(text);
    // Behind the number of a book stands the telephone of whoever has it.
    let is_listed = heeded
        .label
        .is_some_and(|(_, near)| near.side == Side::Listed);
    let is_phone = || Validator::PhoneVn.check(value, 0) == Validation::Valid;
    if rule.category == Category::SocialInsuranceNumber && is_listed && is_phone() {
        return true;
    }
    if rule.category == Category::BankAccount
        && (count::are_accounts(value) || count::is_round_sum(value))
    {
        return true;
    }
    if rule.category == Category::PatientCode {
        // Departments count stays, visits and papers where their numbers stand, too.
        return count::is_of_visits(text, span);
    }
    let may_be_amount = needs_label || rule.validator == Validator::CitizenId && is_far;
    rule.prefilter == Prefilter::Figures
        && (may_be_amount && count::is_amount(text, span)
            || needs_label && is_far && count::is_of_things(text, span))
}

/// Whether a label stands right beside the value, or over it.
fn stands_at(label: Option<(&str, Heard)>) -> bool {
    label.is_some_and(|(_, near)| matches!(near.side, Side::Beside | Side::Over))
}

/// What spoke for a candidate, besides the text around it.
fn evidence(rule: &Rule, validation: Validation, heeded: &Heeded<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    if let Some((word, near)) = heeded.label.filter(|_| !is_overruled(heeded)) {
        evidence.push(match near.side {
            Side::Over => Evidence::Column(word.to_owned()),
            Side::Beside | Side::Before | Side::Listed | Side::Far | Side::After => {
                Evidence::Label(word.to_owned())
            }
        });
    }
    if rule.place != Place::Anywhere {
        evidence.push(Evidence::OwnLine);
    }
    if validation == Validation::Valid {
        evidence.push(rule.validator.evidence());
    }
    let words = [
        (heeded.raises, true),
        (heeded.lowers.map(|(word, _)| word), false),
    ];
    evidence.extend(words.into_iter().filter_map(|(word, raises)| {
        let word = word?.to_owned();
        Some(Evidence::ContextWord { word, raises })
    }));
    evidence
}

/// Whether a word that speaks for something else stands nearer than the label.
fn is_overruled(heeded: &Heeded<'_>) -> bool {
    match (heeded.lowers, heeded.label) {
        (Some((_, lowers)), Some((_, label))) => {
            let is_nearer = lowers.distance < label.distance;
            match (lowers.side, label.side) {
                (Side::After, Side::After) => is_nearer,
                (Side::After, _) => false,
                (_, Side::After) => true,
                (_, _) => is_nearer,
            }
        }
        (Some(_) | None, None) | (None, Some(_)) => false,
    }
}

/// How sure a value is, by structure and words; `None` where it is no finding.
fn confidence(rule: &Rule, validation: Validation, heeded: &Heeded<'_>) -> Option<Confidence> {
    let label = heeded.label.filter(|_| !is_overruled(heeded));
    let labelled = label.filter(|(_, near)| match rule.label_need {
        LabelNeed::Helps | LabelNeed::Required => true,
        LabelNeed::Beside => matches!(near.side, Side::Beside | Side::Over),
    });
    if let Some((_, near)) = labelled {
        let is_near = matches!(near.side, Side::Beside | Side::Over)
            || matches!(near.side, Side::Before | Side::Listed) && near.distance <= LABEL_NEAR;
        return Some(if is_near || validation == Validation::Valid {
            Confidence::High
        } else {
            Confidence::Medium
        });
    }
    if rule.label_need != LabelNeed::Helps {
        return None;
    }
    let stands = rule.place != Place::Anywhere || validation == Validation::Valid;
    let own = Some(rule.confidence).filter(|_| stands)?;
    match (heeded.lowers, heeded.raises) {
        (Some((_, near)), _) if !matches!(near.side, Side::Before | Side::Listed) => None,
        (Some(_), _) => own.lowered().map(|_| Confidence::Low),
        (None, Some(_)) => Some(own.raised()),
        (None, None) => Some(own),
    }
}
