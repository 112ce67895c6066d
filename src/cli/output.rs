//! Where results and errors of a command go.

use std::io::{self, Write};

/// Writes a result to standard output. A reader that has gone away ends nothing badly.
pub(super) fn print(text: &str) {
    print_bytes(text.as_bytes());
}

/// Writes a result that is no text to standard output.
pub(super) fn print_bytes(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    if out.write_all(bytes).and_then(|()| out.flush()).is_err() {
        // `lachan incidents list | head` closes the pipe early; there is nobody to tell.
    }
}

/// Writes one error line to standard error.
pub(super) fn error(text: &str) {
    let mut err = io::stderr().lock();
    if writeln!(err, "lachan: {text}").is_err() {
        // Nobody reads standard error.
    }
}
