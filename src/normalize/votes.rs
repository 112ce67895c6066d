//! Do the words of a line speak for an encoding, or against it?

/// What the words of a line say for one encoding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    /// Readings that are syllables where the word as it stands is none.
    pub(super) good: usize,
    /// Readings that are none.
    pub(super) bad: usize,
}

impl Votes {
    /// Both together.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            good: self.good + other.good,
            bad: self.bad + other.bad,
        }
    }

    /// Whether they are enough, and enough more than those against.
    pub(super) const fn carry(self, least: usize) -> bool {
        self.good >= least && self.good >= 2 * self.bad
    }
}
