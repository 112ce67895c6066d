//! Where do figures stand, and where so many that a value of a rule could be there?
//!
//! A walk over the text gives the groups of figures and what lies between them; for each rule the
//! groups that one value of its shape could hold are put together.

use crate::detect::offset::Offset;
use crate::detect::prefilter::{around, join};
use crate::detect::shape::{Shape, Signs};
use crate::model::part::Span;

/// Fewer figures open no island.
const FIGURES_MIN: usize = 2;
/// How far around the figures a pattern is tried, in bytes: letters before them, signs behind.
const REACH: usize = 40;

/// In most texts there are fewer groups than one for each so many bytes.
const GROUP_EACH_BYTES: usize = 8;

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
    /// For a text of this length.
    pub(super) fn within(text_bytes: usize) -> Self {
        Self {
            groups: Vec::with_capacity(text_bytes / GROUP_EACH_BYTES),
        }
    }

    /// A group of figures behind these signs.
    pub(super) fn add(&mut self, group: Span, gap: Signs) {
        self.groups.push(Group {
            start: Offset::of(group.start),
            end: Offset::of(group.end),
            gap,
        });
    }

    /// Whether no island could be there for any rule.
    pub(super) fn are_too_few(&self) -> bool {
        self.groups.len() < FIGURES_MIN
            && self
                .groups
                .iter()
                .all(|group| group.figures() < FIGURES_MIN)
    }

    /// The islands of text in which a value of the shape could stand.
    pub(super) fn islands(&self, text: &str, shape: &Shape) -> Vec<Span> {
        let least = shape.figures_min.max(FIGURES_MIN);
        let mut islands = Vec::new();
        let (mut start, mut end, mut figures) = (0, 0, 0);
        let mut close = |start: usize, end: usize, figures: usize| {
            if figures >= least {
                join(
                    &mut islands,
                    Span::new(start.saturating_sub(REACH), end + REACH),
                );
            }
        };
        for group in &self.groups {
            if !group.gap.are_among(shape.signs) {
                close(start, end, figures);
                (start, figures) = (group.start.get(), 0);
            }
            end = group.end.get();
            figures += group.figures();
        }
        close(start, end, figures);
        for island in &mut islands {
            *island = around(text, *island, 0);
        }
        islands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::glance::Glance;
    use crate::detect::lexicon::Lexicon;

    fn figures(text: &str) -> Figures {
        let lexicon = Lexicon::new(&[]).unwrap();
        Glance::at(text, &lexicon).figures
    }

    fn islands(text: &str, pattern: &str) -> Vec<Span> {
        figures(text).islands(text, &Shape::of(pattern))
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
    fn one_figure_alone_is_too_few() {
        assert!(figures("1 x").are_too_few());
        assert!(!figures("1 2").are_too_few());
        assert!(!figures("x12").are_too_few());
    }
}
