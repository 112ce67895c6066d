//! Where do figures stand, and where so many that a value of a rule could be there?
//!
//! In: a text. Out: its groups of figures and what lies between them; for each rule the groups that
//! one value of its shape could hold, put together.

use crate::detect::offset::Offset;
use crate::detect::shape::{Shape, Signs};
use crate::model::part::Span;

/// Fewer figures open no island.
const FIGURES_MIN: usize = 2;

/// To try a pattern once more takes as long as to read so many bytes.
const NEAR: usize = 32;

/// In most texts fewer groups begin and end than one for each so many bytes.
const EDGE_EACH_BYTES: usize = 4;

/// Figures that follow one another.
#[derive(Clone, Copy, Debug)]
struct Group {
    start: Offset,
    end: Offset,
    /// What lies between the group before it and this one.
    gap: Signs,
}

impl Group {
    const fn figures(self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }
}

/// All groups of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Figures {
    groups: Vec<Group>,
}

impl Figures {
    /// The groups of figures of a text.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let edges = edges(bytes);
        let mut behind = 0;
        let (pairs, _) = edges.as_chunks::<2>();
        let groups = pairs.iter().map(|[start, end]| {
            let gap = bytes.get(behind..start.get()).unwrap_or_default();
            behind = end.get();
            Group {
                start: *start,
                end: *end,
                gap: Signs::of_all(gap),
            }
        });
        Self {
            groups: groups.collect(),
        }
    }

    /// Whether no island could be there for any rule.
    pub(super) fn are_too_few(&self) -> bool {
        self.groups.len() < FIGURES_MIN
            && self
                .groups
                .iter()
                .all(|group| group.figures() < FIGURES_MIN)
    }

    /// Those that a value of the shape could hold.
    pub(super) fn of_shape(&self, shape: &Shape) -> Self {
        let stretches = self.stretches(shape);
        Self {
            groups: stretches.flatten().copied().collect(),
        }
    }

    /// The islands of text in which a value of the shape could stand.
    pub(super) fn islands(&self, text: &str, shape: &Shape) -> Vec<Span> {
        let mut islands: Vec<Span> = Vec::new();
        for stretch in self.stretches(shape) {
            if let (Some(first), Some(last)) = (stretch.first(), stretch.last()) {
                let start = first.start.get().saturating_sub(shape.lead);
                let end = last.end.get().saturating_add(shape.tail).min(text.len());
                let start = text.floor_char_boundary(start);
                let island = Span::new(start, text.ceil_char_boundary(end));
                match islands.last_mut() {
                    Some(last) if island.start <= last.end + NEAR => last.end = island.end,
                    Some(_) | None => islands.push(island),
                }
            }
        }
        islands
    }

    /// The groups of figures that one value of the shape could hold, put together.
    fn stretches(&self, shape: &Shape) -> impl Iterator<Item = &[Group]> {
        let least = shape.figures_min.max(FIGURES_MIN);
        let signs = shape.signs;
        self.groups
            .chunk_by(move |_, next| next.gap.are_among(signs))
            .filter(move |stretch| {
                stretch.iter().map(|group| group.figures()).sum::<usize>() >= least
            })
    }
}

const WORD_BYTES: usize = 8;
/// One in each byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;

/// Where figures begin and end, in turn: eight bytes are looked at together.
fn edges(bytes: &[u8]) -> Vec<Offset> {
    let mut edges = Vec::with_capacity(bytes.len() / EDGE_EACH_BYTES);
    let (words, rest) = bytes.as_chunks::<WORD_BYTES>();
    // What is no figure stands behind the text.
    let mut last = [0; WORD_BYTES];
    for (byte, left) in last.iter_mut().zip(rest) {
        *byte = *left;
    }
    // Whether the byte before is a figure, as the highest bit of a byte.
    let mut open = 0;
    for (word, at) in words.iter().chain([&last]).zip((0..).step_by(WORD_BYTES)) {
        let figures = figures_in(u64::from_le_bytes(*word));
        let mut met = figures ^ (figures << u8::BITS | open);
        open = figures >> (u64::BITS - u8::BITS);
        while met != 0 {
            edges.push(Offset::of(at + (met.trailing_zeros() / u8::BITS) as usize));
            met &= met - 1;
        }
    }
    edges
}

/// The highest bit of each byte that is a figure.
const fn figures_in(word: u64) -> u64 {
    // A figure becomes 0 to 9; with 0x76 more, only these stay below 0x80.
    let values = word ^ (EACH * 0x30);
    let beyond = ((values & (EACH * 0x7f)) + EACH * 0x76) | values;
    !beyond & (EACH * 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_in_a_group() {
        for text in [
            "",
            "1",
            "12345678",
            "1234567890",
            "x1",
            "1234567x",
            "số 12, ngày 3",
            "９9é0",
            "/:0:/",
        ] {
            let groups = Figures::of(text).groups;
            let all: Vec<&str> = text
                .split(|c: char| !c.is_ascii_digit())
                .filter(|group| !group.is_empty())
                .collect();
            let met: Vec<&str> = groups
                .iter()
                .map(|group| Span::new(group.start.get(), group.end.get()).of(text))
                .collect();
            assert_eq!(met, all, "{text}");
        }
    }

    fn islands(text: &str, pattern: &str) -> Vec<Span> {
        Figures::of(text).islands(text, &Shape::of(pattern))
    }

    #[test]
    fn a_stretch_with_too_few_figures_opens_no_island() {
        let phone = r"0[0-9]{2}(?:[ .]?[0-9]){7}";
        assert!(islands("ngày 15/7/2026, thu 345,6 tỷ", phone).is_empty());
        assert_eq!(islands("gọi 0900 000 001 nhé", phone).len(), 1);
        assert!(islands("trang 0900/000/001", phone).is_empty());
    }

    #[test]
    fn islands_that_are_near_are_one_and_those_apart_are_two() {
        let text = format!("1234 5678{}1234{}5678", "a".repeat(20), "a".repeat(200));
        assert_eq!(islands(&text, "[0-9]{4}").len(), 2);
    }

    #[test]
    fn one_figure_alone_is_too_few() {
        assert!(Figures::of("1 x").are_too_few());
        assert!(!Figures::of("1 2").are_too_few());
        assert!(!Figures::of("x12").are_too_few());
    }
}
