//! How is sensitive text kept from logs and errors? By a wrapper that cannot be printed.
//!
//! [`Sensitive`] has no `Display` and no `Serialize`, and its `Debug` shows a length only, so a
//! prompt that ends up in a log line, an error or a panic message shows as `Sensitive(18 bytes)`.

use std::fmt;

/// Text or bytes from a request, wrapped at the door.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for a stage that must read it. Never pass the result to a log or an error.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Unwraps the value.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T: AsRef<[u8]>> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.0.as_ref().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_only_a_length() {
        let text = Sensitive::new(String::from("001099000001"));
        assert_eq!(format!("{text:?}"), "Sensitive(12 bytes)");
    }
}
