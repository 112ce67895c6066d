//! Where do figures stand, and where so many that a value of a rule could be there?
//!
//! One pass over the bytes gives the groups of figures and what lies between them; for each rule
//! the groups that one value of its shape could hold are put together.

use crate::detect::prefilter::{around, join};
use crate::detect::shape::{Shape, Signs};
use crate::model::part::Span;

/// Fewer figures open no island.
const FIGURES_MIN: usize = 2;
/// How far around the figures a pattern is tried, in bytes: letters before them, signs behind.
const REACH: usize = 40;
/// Bytes that are looked at together: most texts are letters.
const BLOCK_BYTES: usize = 32;

/// Figures that follow one another.
#[derive(Clone, Copy, Debug)]
struct Group {
    span: Span,
    /// What lies between the group before it and this one.
    gap: Signs,
}

/// All groups of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Figures(Vec<Group>);

impl Figures {
    /// Looks at the text once.
    pub(super) fn new(text: &str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = next_figure(bytes, at) {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let between = bytes.get(at..start).unwrap_or_default();
            let gap = between
                .iter()
                .fold(Signs::default(), |all, byte| all.with(Signs::of(*byte)));
            at = start + length;
            groups.push(Group {
                span: Span::new(start, at),
                gap,
            });
        }
        Self(groups)
    }

    /// Whether no island could be there for any rule.
    pub(super) fn are_too_few(&self) -> bool {
        self.0.len() < FIGURES_MIN && self.0.iter().all(|group| group.span.len() < FIGURES_MIN)
    }

    /// The islands of text in which a value of the shape could stand.
    pub(super) fn islands(&self, text: &str, shape: &Shape) -> Vec<Span> {
        let least = shape.figures_min.max(FIGURES_MIN);
        let mut islands = Vec::new();
        let mut stretch = Span::new(0, 0);
        let mut figures = 0;
        let mut close = |stretch: Span, figures: usize| {
            if figures >= least {
                join(&mut islands, around(text, stretch, REACH));
            }
        };
        for group in &self.0 {
            if group.gap.are_among(shape.signs) {
                stretch.end = group.span.end;
                figures += group.span.len();
            } else {
                close(stretch, figures);
                (stretch, figures) = (group.span, group.span.len());
            }
        }
        close(stretch, figures);
        islands
    }
}

/// Where the next figure stands, from a place on.
fn next_figure(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let block = bytes.get(at..)?;
        let block = block.get(..BLOCK_BYTES).unwrap_or(block);
        if block.is_empty() {
            return None;
        }
        if block.iter().fold(false, |any, b| any | b.is_ascii_digit()) {
            let within = block.iter().position(u8::is_ascii_digit)?;
            return Some(at + within);
        }
        at += block.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn islands(text: &str, pattern: &str) -> Vec<Span> {
        Figures::new(text).islands(text, &Shape::of(pattern))
    }

    #[test]
    fn a_stretch_with_too_few_figures_opens_no_island() {
        let phone = r"0[0-9]{2}(?:[ .]?[0-9]){7}";
        assert!(islands("ngày 15/7/2026, thu 345,6 tỷ", phone).is_empty());
        assert_eq!(islands("gọi 0900 000 001 nhé", phone).len(), 1);
        assert!(islands("trang 0900/000/001", phone).is_empty());
    }

    #[test]
    fn islands_that_touch_are_one_and_those_apart_are_two() {
        let text = format!("1234 5678{}1234{}5678", "a".repeat(50), "a".repeat(200));
        assert_eq!(islands(&text, "[0-9]{4}").len(), 2);
    }

    #[test]
    fn figures_in_every_place_of_a_block_are_found() {
        for at in 0..80 {
            let text = format!("{}12", "x".repeat(at));
            assert_eq!(islands(&text, "[0-9]{2}").len(), 1, "{at}");
        }
        assert!(Figures::new("1 x").are_too_few());
        assert!(!Figures::new("1 2").are_too_few());
    }
}
