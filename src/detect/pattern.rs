//! How is a rule's pattern compiled, so that an automaton reads texts by it?
//!
//! Three things in a pattern make the library read a text letter by letter, which takes ten times
//! as long. Classes with the letters of all alphabets need thousands of states: only those of
//! Latin, Greek and Cyrillic are letters here. Groups are kept apart: only `value` is. The edges of
//! words, in a text with diacritics: a sieve does without them and tells where the pattern could
//! match.
//!
//! Never: a place passed over at which the pattern as written matches Vietnamese text.

use regex_automata::Input;
use regex_automata::meta::{BuildError, Config, Regex};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{
    Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition,
};

use crate::model::part::Span;

/// A compiled pattern's size in bytes, and its cache's: rules come from administrators.
const PATTERN_BYTES_MAX: usize = 4 << 20;
/// How deep a pattern's groups may lie in one another.
const NEST_MAX: u32 = 50;
/// The group that holds the value, if not all of a match is one.
const VALUE: &str = "value";
/// A class of more ranges than these is one of letters or figures of all alphabets.
const RANGES_MAX: usize = 40;
/// Where the letters and signs that texts here are written with stand in Unicode: Latin to
/// Cyrillic; Latin with two marks to the last of the signs.
const WRITTEN: [(char, char); 2] = [('\0', '\u{52f}'), ('\u{1e00}', '\u{2e7f}')];
/// What case folding adds to `s` and `k`; normalization leaves none of them.
const FOLDED: [(char, char); 2] = [('s', '\u{17f}'), ('k', '\u{212a}')];

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    regex: Regex,
    has_value: bool,
    /// A wider pattern that an automaton reads, for one that none can.
    sieve: Option<Regex>,
}

/// A match: all of it, and the value in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// All that the pattern matched.
    pub whole: Span,
    /// What it calls the value.
    pub value: Span,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in the library's words.
    pub(super) fn new(written: &str) -> Result<Self, String> {
        let mut parser = ParserBuilder::new().nest_limit(NEST_MAX).build();
        let parsed = parser.parse(written).map_err(|error| error.to_string())?;
        let hir = narrowed(&parsed);
        let properties = hir.properties();
        let has_edges = properties.look_set().contains_word_unicode();
        let sieve = has_edges.then(|| built(&without_edges(&hir)));
        Ok(Self {
            has_value: properties.explicit_captures_len() > 0,
            sieve: sieve.transpose()?,
            regex: built(&hir)?,
        })
    }

    /// Whether it matches the empty text.
    pub(super) fn fits_nothing(&self) -> bool {
        self.regex.is_match("")
    }

    /// The first match from a place on.
    pub(super) fn next(&self, haystack: &str, at: usize) -> Option<Match> {
        if at > haystack.len() {
            return None;
        }
        let from = |at| Input::new(haystack).range(at..);
        let at = match &self.sieve {
            Some(sieve) => sieve.find(from(at))?.start(),
            None => at,
        };
        let span = |start: usize, end: usize| Span::new(start, end);
        if !self.has_value {
            let met = self.regex.find(from(at))?;
            let whole = span(met.start(), met.end());
            return Some(Match {
                whole,
                value: whole,
            });
        }
        // Where all of the match and where the value begin and end.
        let mut ends = [None; 4];
        self.regex.search_slots(&from(at), &mut ends)?;
        let [start, end, value_start, value_end] = ends.map(|end| end.map(|end| end.get()));
        let whole = span(start?, end?);
        let value = value_start.zip(value_end);
        Some(Match {
            whole,
            value: value.map_or(whole, |(start, end)| span(start, end)),
        })
    }
}

fn built(hir: &Hir) -> Result<Regex, String> {
    let bounds = Config::new()
        .nfa_size_limit(Some(PATTERN_BYTES_MAX))
        .hybrid_cache_capacity(PATTERN_BYTES_MAX);
    let built = Regex::builder().configure(bounds).build_from_hir(hir);
    built.map_err(|error: BuildError| match error.size_limit() {
        Some(limit) => {
            format!("it takes more than {limit} bytes: make its repetitions shorter")
        }
        None => error.to_string(),
    })
}

/// The pattern with no letters but those that texts here are written with.
fn narrowed(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            Hir::class(Class::Unicode(narrowed_class(class.clone())))
        }
        HirKind::Capture(capture) => {
            let sub = Box::new(narrowed(&capture.sub));
            match &capture.name {
                Some(name) if **name == *VALUE => Hir::capture(Capture {
                    index: 1,
                    name: capture.name.clone(),
                    sub,
                }),
                Some(_) | None => *sub,
            }
        }
        HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(Class::Bytes(_))
        | HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Concat(_)
        | HirKind::Alternation(_) => rebuilt(hir, narrowed),
    }
}

fn narrowed_class(mut class: ClassUnicode) -> ClassUnicode {
    let one = |c: char| ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    let has = |class: &ClassUnicode, c: char| {
        let mut ranges = class.iter();
        ranges.any(|range| (range.start()..=range.end()).contains(&c))
    };
    let is_of_all_others = has(&class, char::MAX);
    for (letter, folded) in FOLDED {
        if !is_of_all_others && has(&class, letter) {
            class.difference(&one(folded));
        }
    }
    if class.iter().count() > RANGES_MAX {
        let mut written =
            ClassUnicode::new(WRITTEN.map(|(first, last)| ClassUnicodeRange::new(first, last)));
        class.intersect(&written);
        if is_of_all_others {
            written.negate();
            class.union(&written);
        }
    }
    class
}

/// The pattern without the edges of words; what must not stand beside a letter or a figure of
/// ASCII still must not.
fn without_edges(hir: &Hir) -> Hir {
    if matches!(hir.kind(), HirKind::Look(look) if is_edge(*look)) {
        return Hir::empty();
    }
    let HirKind::Concat(parts) = hir.kind() else {
        return rebuilt(hir, without_edges);
    };
    let part = |(at, part): (usize, &Hir)| {
        if !matches!(part.kind(), HirKind::Look(Look::WordUnicode)) {
            return without_edges(part);
        }
        let before = at.checked_sub(1).and_then(|at| parts.get(at));
        let behind = parts.get(at + 1);
        if behind.is_some_and(|behind| is_of_ascii(behind, End::First)) {
            Hir::look(Look::WordStartHalfAscii)
        } else if before.is_some_and(|before| is_of_ascii(before, End::Last)) {
            Hir::look(Look::WordEndHalfAscii)
        } else {
            Hir::empty()
        }
    };
    Hir::concat(parts.iter().enumerate().map(part).collect())
}

const fn is_edge(look: Look) -> bool {
    matches!(
        look,
        Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode
    )
}

/// An end of what a part of a pattern matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Whether all that the part matches begins, or ends, with a letter or figure of ASCII.
fn is_of_ascii(hir: &Hir, end: End) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match hir.kind() {
        HirKind::Literal(literal) => {
            let byte = match end {
                End::First => literal.0.first(),
                End::Last => literal.0.last(),
            };
            byte.is_some_and(|byte| is_word(*byte))
        }
        HirKind::Class(Class::Unicode(class)) => class.iter().all(|range| {
            range.end().is_ascii()
                && (range.start()..=range.end()).all(|c| u8::try_from(c).is_ok_and(is_word))
        }),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .all(|range| (range.start()..=range.end()).all(is_word)),
        HirKind::Repetition(repeated) => repeated.min > 0 && is_of_ascii(&repeated.sub, end),
        HirKind::Capture(capture) => is_of_ascii(&capture.sub, end),
        HirKind::Concat(parts) => {
            let part = match end {
                End::First => parts.first(),
                End::Last => parts.last(),
            };
            part.is_some_and(|part| is_of_ascii(part, end))
        }
        HirKind::Alternation(ways) => ways.iter().all(|way| is_of_ascii(way, end)),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// The same with each part changed.
fn rebuilt(hir: &Hir, change: impl Fn(&Hir) -> Hir) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repeated) => Hir::repetition(Repetition {
            sub: Box::new(change(&repeated.sub)),
            ..repeated.clone()
        }),
        HirKind::Capture(capture) => Hir::capture(Capture {
            sub: Box::new(change(&capture.sub)),
            ..capture.clone()
        }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(change).collect()),
        HirKind::Alternation(ways) => Hir::alternation(ways.iter().map(change).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().next(text, 0).is_some()
    }

    fn sieve(pattern: &str) -> Option<Regex> {
        Pattern::new(pattern).unwrap().sieve
    }

    #[test]
    fn letters_and_signs_of_texts_stay_what_they_are() {
        let (letter, other) = (r"^\p{L}$", r"^[^\p{L}\p{N}]$");
        for c in ["a", "Đ", "ữ", "Ж", "ω"] {
            assert!(matches(letter, c) && !matches(other, c), "{c}");
        }
        for c in [" ", "–", "“", "…", "•", "→", "🙂", "、"] {
            assert!(!matches(letter, c) && matches(other, c), "{c}");
        }
        assert!(matches("^(?i:kS)$", "Ks"));
    }

    #[test]
    fn only_the_value_is_kept_apart() {
        let of = |pattern: &str| Pattern::new(pattern).unwrap().next("x SỐ 123", 1).unwrap();
        let met = of(r"(?i)(số) (?P<value>\d(?P<rest>\d{2}))");
        assert_eq!((met.whole.start, met.value), (2, Span::new(7, 10)));
        let met = of(r"(?:(?P<value>x)|(\d))\d{2}");
        assert_eq!(met.value, met.whole);
    }

    #[test]
    fn a_sieve_matches_wherever_the_pattern_does() {
        for (pattern, text) in [
            (r"\b[A-Z]{0,2}\d{6,9}\b", "số: B1234567, và"),
            (r"\b[A-ZĐ]{2} \d{6}(?:\d{2})?\b", "sổ đỏ BA 123456"),
            (r"(?i)\bmật khẩu\b", "(MẬT KHẨU)"),
            (r"\bà|b\b", "à"),
        ] {
            assert!(matches(pattern, text), "{pattern}");
            assert!(sieve(pattern).unwrap().is_match(text), "{pattern}");
        }
        let sieve = sieve(r"\b\d{6,9}\b").unwrap();
        assert!(!sieve.is_match("0123456789") && !sieve.is_match("x123456"));
    }

    #[test]
    fn patterns_that_an_automaton_reads_need_no_sieve() {
        assert!(sieve(r"(?-u:\b)[0-9]{3}").is_none());
        assert!(sieve(r"[0-9]{3}").is_none());
    }
}
