//! What must stand in every value of a pattern: how many figures, and which signs between them?
//!
//! In: a pattern as written. Out: a [`Shape`], by which a stretch of text that cannot hold a
//! value is passed over without running the pattern.
//!
//! Never: a promise that a value is there; only that none is.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What may stand in a text beside figures, by kinds: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(u32);

/// The signs that are kinds of their own; letters, other ASCII and the rest of Unicode follow.
const OWN: [u8; 19] = *b" \t\n.-/_|,;:*~()[]+\\";
/// Letters of ASCII.
const LETTER: u32 = 1 << OWN.len();
/// Other ASCII.
const OTHER: u32 = LETTER << 1;
/// Beyond ASCII.
const BEYOND: u32 = LETTER << 2;
/// A pattern whose values may be longer tells nothing about one stretch of figures.
const VALUE_BYTES_MAX: usize = 256;
/// A pattern is tried no further around figures, in bytes.
const REACH: usize = 40;

/// The kind of each byte; a figure is none.
static KINDS: [u32; 256] = kinds();

const fn kinds() -> [u32; 256] {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    #[expect(clippy::indexing_slicing, reason = "both are below their bounds")]
    #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
    while byte < 256 {
        let written = byte as u8;
        if written.is_ascii_digit() {
            kinds[byte] = 0;
        } else if written.is_ascii_alphabetic() {
            kinds[byte] = LETTER;
        } else if !written.is_ascii() {
            kinds[byte] = BEYOND;
        }
        let mut own = 0;
        while own < OWN.len() {
            if OWN[own] == written {
                kinds[byte] = 1 << own;
            }
            own += 1;
        }
        byte += 1;
    }
    kinds
}

impl Signs {
    /// The kind of a byte.
    pub(super) fn of(byte: u8) -> Self {
        Self(KINDS.get(usize::from(byte)).copied().unwrap_or(OTHER))
    }

    /// The kinds of all these bytes.
    pub(super) fn of_all(bytes: &[u8]) -> Self {
        match bytes {
            [byte] => Self::of(*byte),
            bytes => bytes
                .iter()
                .fold(Self(0), |all, byte| all.with(Self::of(*byte))),
        }
    }

    /// Both together.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of these are among the others.
    pub(super) const fn are_among(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }
}

/// What every value of a pattern has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// At least so many figures.
    pub figures_min: usize,
    /// No other signs than these, beside figures.
    pub signs: Signs,
    /// No more bytes than these before its first figure.
    pub lead: usize,
    /// No more behind its last.
    pub tail: usize,
}

impl Shape {
    /// Whatever a value may be.
    const ANY: Self = Self {
        figures_min: 0,
        signs: Signs(u32::MAX),
        lead: REACH,
        tail: REACH,
    };

    /// The shape of a pattern; one that cannot be told is any shape.
    pub(super) fn of(pattern: &str) -> Self {
        match regex_syntax::parse(pattern) {
            Ok(hir) => Self::of_hir(&hir),
            Err(_not_compiled_either) => Self::ANY,
        }
    }

    /// No value at all.
    pub(super) const NONE: Self = Self {
        figures_min: usize::MAX,
        signs: Signs(0),
        lead: 0,
        tail: 0,
    };

    /// What is a value of either shape.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            figures_min: self.figures_min.min(other.figures_min),
            signs: self.signs.with(other.signs),
            lead: self.lead.max(other.lead),
            tail: self.tail.max(other.tail),
        }
    }

    /// The same, with at least so many figures.
    pub(super) fn with_figures(self, least: usize) -> Self {
        Self {
            figures_min: self.figures_min.max(least),
            ..self
        }
    }

    fn of_hir(hir: &Hir) -> Self {
        let longest = hir.properties().maximum_len();
        Self {
            figures_min: match longest {
                Some(bytes) if bytes <= VALUE_BYTES_MAX => figures_min(hir),
                Some(_) | None => 0,
            },
            signs: signs(hir),
            lead: figureless(hir, Side::Before).min(REACH),
            tail: figureless(hir, Side::Behind).min(REACH),
        }
    }
}

/// A side of the figures of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

/// The most bytes before the first figure of a value, or behind its last.
fn figureless(hir: &Hir, side: Side) -> usize {
    let longest = |hir: &Hir| hir.properties().maximum_len().unwrap_or(REACH);
    if figures_min(hir) == 0 {
        return longest(hir);
    }
    match hir.kind() {
        HirKind::Literal(literal) => {
            let is_figure = |byte: &u8| byte.is_ascii_digit();
            let bytes = &literal.0;
            match side {
                Side::Before => bytes.iter().position(is_figure),
                Side::Behind => bytes.iter().rev().position(is_figure),
            }
            .unwrap_or(bytes.len())
        }
        HirKind::Repetition(repeated) => figureless(&repeated.sub, side),
        HirKind::Capture(capture) => figureless(&capture.sub, side),
        HirKind::Concat(parts) => {
            let mut bytes = 0;
            let mut before = parts.iter();
            while let Some(part) = match side {
                Side::Before => before.next(),
                Side::Behind => before.next_back(),
            } {
                bytes += figureless(part, side);
                if figures_min(part) > 0 {
                    break;
                }
            }
            bytes
        }
        HirKind::Alternation(ways) => {
            let ways = ways.iter().map(|way| figureless(way, side));
            ways.max().unwrap_or(REACH)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => 0,
    }
}

/// The fewest figures of a value.
fn figures_min(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.iter().filter(|b| b.is_ascii_digit()).count(),
        HirKind::Class(class) => usize::from(is_figures(class)),
        HirKind::Repetition(repeated) => {
            let times = usize::try_from(repeated.min).unwrap_or(usize::MAX);
            times.saturating_mul(figures_min(&repeated.sub))
        }
        HirKind::Capture(capture) => figures_min(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(figures_min).sum(),
        HirKind::Alternation(ways) => ways.iter().map(figures_min).min().unwrap_or(0),
    }
}

fn is_figures(class: &Class) -> bool {
    match class {
        Class::Unicode(class) => class
            .iter()
            .all(|range| range.start() >= '0' && range.end() <= '9'),
        Class::Bytes(class) => class
            .iter()
            .all(|range| range.start() >= b'0' && range.end() <= b'9'),
    }
}

/// All that a value may have beside figures.
fn signs(hir: &Hir) -> Signs {
    let of_bytes =
        |bytes: &mut dyn Iterator<Item = u8>| bytes.fold(Signs(0), |all, b| all.with(Signs::of(b)));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Signs(0),
        HirKind::Literal(literal) => of_bytes(&mut literal.0.iter().copied()),
        HirKind::Class(Class::Unicode(class)) => class.iter().fold(Signs(0), |all, range| {
            let last = range.end().min('\u{80}');
            let mut chars = (range.start()..=last).map(|c| u8::try_from(c).unwrap_or(u8::MAX));
            let beyond = if range.end().is_ascii() { 0 } else { BEYOND };
            all.with(of_bytes(&mut chars)).with(Signs(beyond))
        }),
        HirKind::Class(Class::Bytes(class)) => class.iter().fold(Signs(0), |all, range| {
            all.with(of_bytes(&mut (range.start()..=range.end())))
        }),
        HirKind::Repetition(repeated) => signs(&repeated.sub),
        HirKind::Capture(capture) => signs(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts
            .iter()
            .fold(Signs(0), |all, part| all.with(signs(part))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Signs {
        bytes
            .iter()
            .fold(Signs(0), |all, b| all.with(Signs::of(*b)))
    }

    #[test]
    fn the_fewest_figures_are_counted_over_all_ways() {
        for (pattern, least) in [
            (r"(?-u:\d{12})", 12),
            (r"[0-9](?:[ .\-]{0,2}[0-9]){8}", 9),
            (r"(?-u:0\d{9}\b|\+84\d{9})", 10),
            (r"\b[A-Z]{0,2}[0-9]{6,9}", 6),
            (r"[0-9OIl]{12}", 0),
            (r"BN-1[0-9]+", 0),
            (r"\d{4}", 0),
        ] {
            assert_eq!(Shape::of(pattern).figures_min, least, "{pattern}");
        }
    }

    #[test]
    fn what_stands_around_the_figures_is_bounded() {
        for (pattern, lead, tail) in [
            (r"(?-u:\b)\(?0[0-9]{2}\)?[ .]?[0-9]{7}", 1, 0),
            (r"(?-u:(?:\+84|0)[0-9]{9}[a-z]?)", 1, 1),
            (r"[A-Z]{1,2} ?[0-9]{6}(?:/[A-Z]{2})?", 3, 3),
            (r"[0-9OIl]{12}", 12, 12),
            (r"x+[0-9]{6}", 40, 0),
        ] {
            let shape = Shape::of(pattern);
            assert_eq!((shape.lead, shape.tail), (lead, tail), "{pattern}");
        }
    }

    #[test]
    fn all_signs_of_a_pattern_are_known() {
        let shape = Shape::of(r"\(?0[0-9]{2}\)?[ .\-]?(?:[0-9]{3}·){2}");
        assert!(all(b"() .-").with(Signs(BEYOND)).are_among(shape.signs));
        assert!(!all(b"/").are_among(shape.signs));
        assert!(!all(b"x").are_among(shape.signs));
        assert!(all("đx/ \t#|".as_bytes()).are_among(Shape::of(r"[^0-9\n]1").signs));
        assert!(!all(b"\n").are_among(Shape::of(r"[^0-9\n]1").signs));
    }
}
