//! Where in a text, in half the room: a hostile text has a place to remember for every other byte.

/// An offset in a text, in bytes. Bodies are bounded far below what it can hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offset(u32);

impl Offset {
    /// Remembers an offset.
    pub(super) fn of(at: usize) -> Self {
        Self(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The offset.
    pub(super) const fn get(self) -> usize {
        self.0 as usize
    }
}
