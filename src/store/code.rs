//! What is an incident called on the telephone? Six symbols in two groups: `K7M-2F4`.
//!
//! The symbols are digits and capitals that neither look nor sound alike when read out in
//! Vietnamese: no vowels (no words come out), no 0 1 B G L N Q S W Z. There are 64 million codes;
//! one that is taken gives way to the next attempt.

use aws_lc_rs::digest::{Context, SHA256};

/// The symbols of a code.
const ALPHABET: &[u8; 20] = b"23456789CDFHJKMPRTVX";

/// The code of an incident at the given attempt. The id is random, so the code cannot be guessed.
pub(super) fn code(id: &str, attempt: u32) -> String {
    let mut context = Context::new(&SHA256);
    context.update(b"lachan code");
    context.update(&attempt.to_be_bytes());
    context.update(id.as_bytes());
    let digest = context.finish();
    let mut code = String::with_capacity(7);
    for (place, byte) in digest.as_ref().iter().take(6).enumerate() {
        if place == 3 {
            code.push('-');
        }
        let symbol = ALPHABET.get(usize::from(*byte) % ALPHABET.len());
        code.push(symbol.copied().map_or('2', char::from));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_read_out_by_telephone() {
        for attempt in 0..500 {
            let code = code("0193fd00-0000-7000-8000-000000000001", attempt);
            assert_eq!(code.len(), 7);
            assert_eq!(code.as_bytes()[3], b'-');
            let symbols = code.bytes().filter(|symbol| *symbol != b'-');
            assert!(symbols.clone().count() == 6);
            assert!(symbols.clone().all(|symbol| ALPHABET.contains(&symbol)));
        }
    }

    #[test]
    fn the_next_attempt_gives_another_code() {
        assert_ne!(code("id", 0), code("id", 1));
        assert_eq!(code("id", 0), code("id", 0));
    }
}
