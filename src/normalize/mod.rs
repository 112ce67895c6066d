//! How is text made comparable without losing the way back to its original bytes?
//!
//! In goes the text of one part, out comes a [`Normalized`]: composed (NFC), without invisible
//! characters, with one kind of space, dash and digit, with HTML entities decoded and
//! compatibility letters as ASCII. Letters keep their diacritics, and their case wherever it tells
//! anything: a secrecy mark is recognized by both.
//!
//! Never: IO, a decision on what the text means, the folding of diacritics.
//!
//! Steps, in this order, each a list of pieces to be read as something else:
//!
//! 1. [`escape`], [`tag`], [`quoted`], [`emphasis`]: escapes of URLs, mail and code; tags that a
//!    reader does not see, signs of quotation and of bold words;
//! 2. [`mojibake`], [`charset`] ([`votes`]): what was written in, or read as, another encoding. On raw text,
//!    before anything is stripped: in TCVN3 read as windows-1252 `ư` is U+00AD, the soft hyphen;
//! 3. [`compose`]: letters, marks, digits, spaces, HTML references ([`character`], [`entity`]);
//! 4. [`lookalike`], [`doubled`], [`spaced`], [`spoken`]: letters of other alphabets, words torn into letters,
//!    numbers spelled out.
//! 5. [`torn`], [`unrolled`], [`titled`], [`shouted`], [`request`], [`wrapped`]: words torn in two; rows of
//!    a table that stand on one line; paragraphs with a capital for every word, and messages in capitals;
//!    what is pasted behind a request begins a line; a line that was broken within its sentence goes on.
//!
//! Most texts need none of it, or only the last of it, as [`settled`] tells in one walk; else each
//! step first looks whether it could apply.
//! [`opened`] is a second reading, for texts within words ([`token`]): base64, hexadecimal.

mod capitals;
mod character;
mod charset;
mod doubled;
mod edits;
mod emphasis;
mod entity;
mod escape;
mod legacy;
mod lookalike;
mod mojibake;
mod quoted;
mod request;
mod settled;
mod shouted;
mod spaced;
mod spoken;
mod syllable;
mod tag;
mod telex;
mod titled;
mod token;
mod torn;
mod unrolled;
mod votes;
mod wrapped;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::normalized::{Normalized, OffsetMap};
use character::{Became, became, is_invisible, small_digit};
use edits::{Output, Replacement, apply};
use settled::Unsettled;

/// How many combining marks are composed with one letter; Vietnamese needs two. What a hostile
/// text piles up beyond that is passed on mark by mark.
const MARKS_MAX: usize = 8;

/// The comparable form of a text, with the map back to it.
pub fn normalize(text: &str) -> Normalized {
    let mut steps = match settled::unsettled(text) {
        Unsettled::Nothing => Steps::new(text),
        unsettled @ (Unsettled::Signs | Unsettled::Anything) => read(text, unsettled),
    };
    steps.read(torn::words);
    steps.read(unrolled::rows);
    steps.read(titled::words);
    steps.read(shouted::words);
    steps.read(request::ends);
    steps.read(wrapped::lines);
    steps.done()
}

/// The comparable form of a text that needs some of the steps.
fn read(text: &str, unsettled: Unsettled) -> Steps<'_> {
    let mut steps = Steps::new(text);
    if unsettled == Unsettled::Anything {
        steps.read(escape::soft_line_ends);
        steps.read(escape::escapes);
        if escape::is_escaped_again(steps.text()) {
            steps.read(escape::escapes);
        }
        steps.read(quoted::signs);
        steps.read(tag::tags);
    }
    steps.read(emphasis::bold);
    // What stood on both sides of a sign stands together now.
    if unsettled == Unsettled::Anything
        || steps.has_changed() && settled::unsettled(steps.text()) == Unsettled::Anything
    {
        if !steps.text().is_ascii() {
            // Some programs read wrongly twice.
            steps.read(mojibake::letters);
            steps.read(mojibake::letters);
            steps.read(charset::beyond_ascii);
        }
        steps.read(charset::typed);
    }
    if !steps.text().bytes().all(is_settled) {
        let (text, map) = compose(steps.text());
        steps.take(text, map);
    }
    if !steps.text().is_ascii() {
        steps.read(lookalike::letters);
    }
    steps.read(doubled::spaces);
    steps.read(spaced::words);
    steps.read(spoken::numbers);
    steps
}

/// The text with its base64 and hexadecimal words read as the texts that they hold; nothing where
/// there are none. A span in such a word leads back to the whole word.
pub fn opened(text: &str) -> Option<Normalized> {
    let signs = escape::signs_of_base64(text);
    if signs.is_empty() {
        return held_in(text);
    }
    let (unescaped, map) = apply(text, &signs);
    Some(held_in(&unescaped)?.preceded_by(map))
}

fn held_in(text: &str) -> Option<Normalized> {
    let held = token::texts(text);
    if held.is_empty() {
        return None;
    }
    let read: Vec<Replacement> = held
        .into_iter()
        .map(|word| Replacement::new(word.span, on_own_lines(normalize(&word.read).text())))
        .collect();
    let (opened, map) = apply(text, &read);
    let done = normalize(&opened);
    Some(done.preceded_by(map))
}

/// A text of several lines, apart from the words that stand around it.
fn on_own_lines(held: &str) -> String {
    if held.contains('\n') {
        format!("\n{held}\n")
    } else {
        held.to_owned()
    }
}

/// A text on its way through the steps.
struct Steps<'t> {
    given: &'t str,
    made: Option<String>,
    maps: Vec<OffsetMap>,
}

impl<'t> Steps<'t> {
    const fn new(given: &'t str) -> Self {
        Self {
            given,
            made: None,
            maps: Vec::new(),
        }
    }

    fn text(&self) -> &str {
        self.made.as_deref().unwrap_or(self.given)
    }

    const fn has_changed(&self) -> bool {
        self.made.is_some()
    }

    fn read(&mut self, step: fn(&str) -> Vec<Replacement>) {
        let replacements = step(self.text());
        if !replacements.is_empty() {
            let (text, map) = apply(self.text(), &replacements);
            self.take(text, map);
        }
    }

    fn take(&mut self, text: String, map: OffsetMap) {
        self.made = Some(text);
        self.maps.push(map);
    }

    fn done(mut self) -> Normalized {
        let last = self.maps.pop();
        let last = last.unwrap_or_else(|| OffsetMap::identity(self.given.len()));
        let text = self.made.unwrap_or_else(|| self.given.to_owned());
        Normalized::new(text, last).after(self.maps)
    }
}

/// Whether the byte is an ASCII character that normalization leaves as it is.
const fn is_settled(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b' '..=b'%' | b'\''..=b'~')
}

/// Walks over the text once: what is settled is copied run by run, the rest letter by letter.
fn compose(text: &str) -> (String, OffsetMap) {
    let mut out = Output::new(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let copied = settled_run(rest);
        let (run, tail) = rest.split_at_checked(copied).unwrap_or((rest, ""));
        out.copy(run);
        rest = tail;
        if !rest.is_empty() {
            let taken = next_piece(rest, &mut out);
            rest = rest.get(taken..).unwrap_or_default();
        }
    }
    (out.text, out.map)
}

/// How many bytes at the beginning of the text stay as they are, whatever follows: the last
/// settled letter may be the base of a combining mark, and the space of a PDF may stand between.
fn settled_run(text: &str) -> usize {
    let (mut letter, mut last) = (0, 0);
    for (at, c) in text.char_indices() {
        if !is_settled_char(c) {
            let ends_in_space = text.as_bytes().get(last) == Some(&b' ');
            return if ends_in_space { letter } else { last };
        }
        (letter, last) = (last, at);
    }
    text.len()
}

/// Whether normalization leaves the character as it is: ASCII, and the letters of Vietnamese.
const fn is_settled_char(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => matches!(c, '\n' | '\t' | ' '..='%' | '\''..='~'),
        '\u{d0}' | '\u{f0}' => false,
        '\u{c0}'..='\u{ff}'
        | '\u{102}'
        | '\u{103}'
        | '\u{110}'
        | '\u{111}'
        | '\u{128}'
        | '\u{129}'
        | '\u{168}'
        | '\u{169}'
        | '\u{1a0}'
        | '\u{1a1}'
        | '\u{1af}'
        | '\u{1b0}'
        | '\u{1ea0}'..='\u{1ef9}' => true,
        _ => false,
    }
}

/// Puts the piece with which the text begins into the output; gives its length in bytes.
fn next_piece(text: &str, out: &mut Output) -> usize {
    if let Some((length, decoded)) = entity::reference_at(text) {
        let replaced: String = decoded.chars().filter_map(single).collect();
        out.replace(text.get(..length).unwrap_or_default(), &replaced);
        return length;
    }
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return 0;
    };
    let length = first.len_utf8();
    if first == '\r' && chars.next() == Some('\n') {
        out.replace("\r", "");
        return length;
    }
    if let Some((length, digits)) = small_digits(text) {
        out.replace(text.get(..length).unwrap_or_default(), &digits);
        return length;
    }
    let Some(base) = single(first) else {
        out.replace(text.get(..length).unwrap_or_default(), "");
        return length;
    };
    let (marks, marks_length) = marks_at(text.get(length..).unwrap_or_default());
    let total = length + marks_length;
    let source = text.get(..total).unwrap_or_default();
    if marks.is_empty() {
        let mut buffer = [0; 4];
        out.replace(source, base.encode_utf8(&mut buffer));
    } else if base.is_ascii_digit() {
        // Struck out, underlined, framed: the digit is the same.
        let mut buffer = [0; 4];
        out.replace(source, base.encode_utf8(&mut buffer));
    } else {
        let composed: String = std::iter::once(base).chain(marks.chars()).nfc().collect();
        let settled: String = composed.chars().filter_map(single).collect();
        out.replace(source, &settled);
    }
    total
}

/// Raised or lowered digits, three or more in a row: a number, not a power or a footnote.
fn small_digits(text: &str) -> Option<(usize, String)> {
    let digits: String = text.chars().map_while(small_digit).collect();
    let count = digits.chars().count();
    let length = text.chars().take(count).map(char::len_utf8).sum();
    (count >= 3).then_some((length, digits))
}

/// What a character becomes on its own, if anything.
fn single(c: char) -> Option<char> {
    match became(c) {
        Became::Nothing => None,
        Became::Char(c) => Some(c),
    }
}

/// The combining marks with which the text begins, and the bytes they take. Invisible characters
/// between a letter and its mark are passed over, and so is the space that PDFs put there.
fn marks_at(text: &str) -> (String, usize) {
    let mut marks = String::new();
    let mut taken = 0;
    let mut looked = 0;
    for c in text.chars().take(2 * MARKS_MAX) {
        looked += c.len_utf8();
        if is_combining_mark(c) && !is_invisible(c) {
            marks.push(c);
            taken = looked;
            continue;
        }
        let is_loose = c == ' ' && marks.is_empty();
        if !is_invisible(c) && !is_loose {
            break;
        }
    }
    (marks, taken)
}

#[cfg(test)]
mod tests;
