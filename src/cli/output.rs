//! Where results and errors of a command go.

use std::io::{self, ErrorKind, Write};

use crate::cli::Ended;

/// Writes a result to standard output; `Failed` when it could not be written.
pub(super) fn print(text: &str) -> Ended {
    print_bytes(text.as_bytes())
}

/// Writes a result that is no text to standard output.
pub(super) fn print_bytes(bytes: &[u8]) -> Ended {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ended::Done,
        // `lachan incidents list | head` closes the pipe early; there is nobody to tell.
        Err(gone) if gone.kind() == ErrorKind::BrokenPipe => Ended::Done,
        Err(reason) => {
            error(&format!("the result cannot be written: {reason}"));
            Ended::Failed
        }
    }
}

/// Writes one error line to standard error.
pub(super) fn error(text: &str) {
    let mut err = io::stderr().lock();
    if writeln!(err, "lachan: {text}").is_err() {
        // Nobody reads standard error.
    }
}
