//! What is seen of a text at a first glance? One walk over its characters, for all stages.
//!
//! In: comparable text. Out: the words that are looked for, whatever their case and diacritics;
//! groups of figures; capitals behind a space. Each character is folded on the way, and spaces in
//! a row are one; the folded text itself is kept nowhere.
//!
//! Never: a decision; what is seen here is only worth a look.

use std::sync::LazyLock;

use aho_corasick::automaton::StateID;

use crate::detect::figures::Figures;
use crate::detect::letter::{Letter, MARKED_END, MARKED_START};
use crate::detect::lexicon::{Ends, Hit, Lexicon, List, Near};
use crate::detect::phrase::Spelling;

/// What was seen of a text.
pub(super) struct Glance<'t> {
    text: &'t str,
    lexicon: &'t Lexicon,
    ends: Ends,
    capitals: Vec<usize>,
    /// Groups of figures.
    pub figures: Figures,
    /// Whether there are small letters.
    pub has_small: bool,
    /// Whether letters have diacritics.
    pub spelling: Spelling,
}

/// What a character is to the walk, in one word: its kinds and the folded byte.
#[derive(Clone, Copy, Default)]
struct Glimpse(u16);

const SPACE: u16 = 1;
const CAPITAL: u16 = 2;
const SMALL: u16 = 4;
/// A letter with a mark.
const MARKED: u16 = 8;
/// Its first byte tells too little.
const BEYOND: u16 = 16;
const FOLDED_AT: u32 = 8;

/// What each character is to the walk.
struct Seen {
    /// By the first byte.
    by_byte: [Glimpse; 256],
    /// The characters of two bytes.
    short: [Glimpse; SHORT_END],
    /// The letters of Latin among those of three bytes.
    marked: [Glimpse; MARKED_END - MARKED_START],
}

/// Behind the characters of two bytes.
const SHORT_END: usize = 0x800;

static SEEN: LazyLock<Box<Seen>> = LazyLock::new(|| {
    let mut seen = Box::new(Seen {
        by_byte: [Glimpse(BEYOND); 256],
        short: [Glimpse(BEYOND); SHORT_END],
        marked: [Glimpse(BEYOND); MARKED_END - MARKED_START],
    });
    fill(&mut seen.by_byte[..128], 0);
    fill(&mut seen.short, 0);
    fill(&mut seen.marked, MARKED_START);
    seen
});

/// Fills a table of characters from this one on.
fn fill(table: &mut [Glimpse], first: usize) {
    for (code, seen) in (first..).zip(table) {
        let c = u32::try_from(code).ok().and_then(char::from_u32);
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        *seen = Glimpse::of(c, Letter::of(c));
    }
}

impl Seen {
    /// The character that begins there, and its length in bytes.
    fn at(&self, text: &str, at: usize) -> Option<(Glimpse, usize)> {
        let c = text.get(at..)?.chars().next()?;
        let known = self.known(text.as_bytes(), at).map(|(seen, _)| seen);
        let seen = known.unwrap_or_else(|| Glimpse::of(c, Letter::of(c)));
        Some((seen, c.len_utf8()))
    }

    /// The same, if it is in the tables. Characters of two and three bytes are put together by hand:
    /// letters with diacritics are a quarter of a text.
    #[inline]
    fn known(&self, text: &[u8], at: usize) -> Option<(Glimpse, usize)> {
        let first = *text.get(at)?;
        let seen = *self.by_byte.get(usize::from(first))?;
        if seen.is(BEYOND) {
            return self.beyond_ascii(first, text.get(at..)?);
        }
        Some((seen, 1))
    }

    #[inline]
    fn beyond_ascii(&self, first: u8, text: &[u8]) -> Option<(Glimpse, usize)> {
        let low = |byte: u8| usize::from(byte & 0x3f);
        if first < 0xe0 {
            let code = usize::from(first & 0x1f) << 6 | low(*text.get(1)?);
            return Some((*self.short.get(code)?, 2));
        }
        let (second, third) = (*text.get(1)?, *text.get(2)?);
        if first != 0xe1 {
            return None;
        }
        let code = (low(second) << 6 | low(third)).checked_sub(MARKED_START & 0xfff)?;
        Some((*self.marked.get(code)?, 3))
    }
}

/// How far the walk has come.
#[derive(Clone, Copy)]
struct Walk {
    at: usize,
    state: StateID,
    /// The character before.
    before: Glimpse,
    /// All that was seen beyond ASCII.
    beyond: Glimpse,
}

impl Walk {
    /// Walks over characters that are only part of words. Stops behind one with which a word may
    /// end, or behind a space that a capital or one more space follows; then true. Else it stands
    /// before a character that is not known, or at the end.
    ///
    /// Nothing is called from here, so that all it needs stays at hand.
    #[inline(never)]
    fn goes_on(&mut self, text: &[u8], known: &Seen, lexicon: &Lexicon) -> bool {
        let mut walk = *self;
        let mut is_behind = false;
        while let Some((seen, length)) = known.known(text, walk.at) {
            walk.step(seen, length, lexicon);
            let is_awaited = seen.is(SPACE)
                && known
                    .known(text, walk.at)
                    .is_none_or(|(next, _)| next.is(CAPITAL | SPACE));
            if lexicon.may_tell(walk.state) || is_awaited {
                is_behind = true;
                break;
            }
        }
        *self = walk;
        is_behind
    }

    #[inline]
    fn step(&mut self, seen: Glimpse, length: usize, lexicon: &Lexicon) {
        self.at += length;
        if length > 1 {
            self.beyond = self.beyond.joined(seen);
        }
        self.before = seen;
        self.state = lexicon.next(self.state, seen.folded());
    }
}

impl Glimpse {
    fn of(c: char, letter: Letter) -> Self {
        let kind = match () {
            () if letter.folded == b' ' => SPACE,
            () if letter.is_capital => CAPITAL,
            () if letter.is_small => SMALL,
            () => 0,
        };
        let is_marked = !c.is_ascii() && letter.folded.is_ascii_lowercase();
        let marked = if is_marked { MARKED } else { 0 };
        Self(kind | marked | u16::from(letter.folded) << FOLDED_AT)
    }

    const fn folded(self) -> u8 {
        let [_, folded] = self.0.to_le_bytes();
        folded
    }

    const fn joined(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn is(self, kind: u16) -> bool {
        self.0 & kind != 0
    }
}

impl<'t> Glance<'t> {
    /// Walks over a text.
    pub(super) fn at(text: &'t str, lexicon: &'t Lexicon) -> Self {
        let known = &*SEEN;
        let mut ends = Ends::default();
        let mut capitals = Vec::new();
        let mut walk = Walk {
            at: 0,
            state: lexicon.start(),
            before: Glimpse(0),
            beyond: Glimpse(0),
        };
        loop {
            if !walk.goes_on(text.as_bytes(), known, lexicon) {
                let Some((seen, length)) = known.at(text, walk.at) else {
                    break;
                };
                walk.step(seen, length, lexicon);
            }
            if lexicon.may_tell(walk.state) {
                lexicon.words_at(walk.state, walk.at, &mut ends);
            }
            while walk.before.is(SPACE)
                && let Some((next, length)) = known.at(text, walk.at)
            {
                if next.is(CAPITAL) {
                    capitals.push(walk.at);
                }
                // Spaces in a row are one.
                if !next.is(SPACE) {
                    break;
                }
                walk.at += length;
            }
        }
        Self {
            text,
            lexicon,
            ends,
            capitals,
            has_small: walk.beyond.is(SMALL) || has_small_ascii(text),
            spelling: if walk.beyond.is(MARKED) {
                Spelling::Full
            } else {
                Spelling::Plain
            },
            figures: Figures::of(text),
        }
    }

    /// The text that was looked at.
    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// A glance at another text, for the same words.
    pub(super) fn also_at(&self, text: &'t str) -> Self {
        Self::at(text, self.lexicon)
    }

    /// Where capitals stand behind a space.
    pub(super) fn capitals(&self) -> &[usize] {
        &self.capitals
    }

    /// Where words of a list may stand, by their ends.
    pub(super) fn near(&self, list: List) -> impl Iterator<Item = Near<'_>> {
        let ends = self.ends.get(list as usize).into_iter().flatten();
        ends.map(|end| self.lexicon.near(self.text, *end))
    }

    /// The words of a list that stand in the text, by their ends. What is not wanted, by what is
    /// seen at a glance, is not looked at.
    pub(super) fn hits<'a>(
        &'a self,
        list: List,
        is_wanted: impl Fn(&Near<'_>) -> bool + 'a,
    ) -> impl Iterator<Item = Hit> + 'a {
        self.near(list)
            .filter(is_wanted)
            .filter_map(|near| self.lexicon.hit(self.text, &near))
    }
}

/// Whether there are small letters of ASCII; the bytes of a block are looked at together.
fn has_small_ascii(text: &str) -> bool {
    let (blocks, rest) = text.as_bytes().as_chunks::<32>();
    let has_small = |all: bool, byte: &u8| all | byte.is_ascii_lowercase();
    rest.iter().fold(false, has_small)
        || blocks
            .iter()
            .any(|block| block.iter().fold(false, has_small))
}
