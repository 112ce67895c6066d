//! `lachan`: the program's entry point. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    lachan::cli::main()
}
