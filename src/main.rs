//! `lachan`: the program's entry point. Everything else is in the library.

fn main() {}
