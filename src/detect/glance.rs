//! What is seen of a text at a first glance? One walk over its characters, for all stages.
//!
//! In: comparable text. Out: the words that are looked for, whatever their case and diacritics;
//! groups of figures; capitals behind a space. Each character is folded on the way, and spaces in
//! a row are one; the folded text itself is kept nowhere.
//!
//! Never: a decision; what is seen here is only worth a look.

use std::sync::LazyLock;

use crate::detect::figures::Figures;
use crate::detect::letter::{Letter, by_character};
use crate::detect::lexicon::{End, Hit, Lexicon, List, Near};
use crate::detect::phrase::Spelling;
use crate::detect::shape::Signs;
use crate::model::part::Span;

/// What was seen of a text.
pub(super) struct Glance<'t> {
    text: &'t str,
    lexicon: &'t Lexicon,
    ends: [Vec<End>; List::COUNT],
    capitals: Vec<usize>,
    /// Groups of figures.
    pub figures: Figures,
    /// Whether there are small letters.
    pub has_small: bool,
    /// Whether letters have diacritics.
    pub spelling: Spelling,
}

/// What a character is to the walk, in one word: which of [`SPACE`], [`FIGURE`], [`CAPITAL`],
/// [`SMALL`] and [`BEYOND`] it is, the folded byte, its signs.
#[derive(Clone, Copy, Default)]
struct Glimpse(u64);

const SPACE: u64 = 1;
const FIGURE: u64 = 2;
const CAPITAL: u64 = 4;
const SMALL: u64 = 8;
/// Its first byte tells too little.
const BEYOND: u64 = 16;
const FOLDED_AT: u32 = 8;
const SIGNS_AT: u32 = 16;

/// What each character is to the walk.
struct Seen {
    /// By the first byte.
    by_byte: [Glimpse; 256],
    /// The letters of Latin, as in the table of letters.
    latin: Vec<Glimpse>,
}

static SEEN: LazyLock<Seen> = LazyLock::new(|| {
    let latin = by_character(Glimpse::of);
    let mut by_byte = [Glimpse(BEYOND); 256];
    for (seen, known) in by_byte.iter_mut().zip(latin.iter().take(128)) {
        *seen = *known;
    }
    Seen { by_byte, latin }
});

impl Seen {
    /// The character that begins there, and its length in bytes.
    #[inline]
    fn at(&self, text: &str, at: usize) -> Option<(Glimpse, usize)> {
        let byte = *text.as_bytes().get(at)?;
        let [seen] = self.by_byte.get(usize::from(byte)..)?.first_chunk()?;
        if seen.is(BEYOND) {
            return self.beyond_ascii(text, at, byte);
        }
        Some((*seen, 1))
    }

    /// The same, beyond ASCII. Characters of two and three bytes are put together by hand: letters
    /// with diacritics are a quarter of a text.
    #[inline]
    fn beyond_ascii(&self, text: &str, at: usize, first: u8) -> Option<(Glimpse, usize)> {
        let bytes = text.as_bytes().get(at..)?;
        let low = |byte: u8| usize::from(byte & 0x3f);
        let (code, length) = match (first, bytes) {
            (0xc0..=0xdf, [_, second, ..]) => (usize::from(first & 0x1f) << 6 | low(*second), 2),
            (0xe0..=0xef, [_, second, third, ..]) => {
                let code = usize::from(first & 0x0f) << 12 | low(*second) << 6 | low(*third);
                (code, 3)
            }
            _ => (usize::MAX, 4),
        };
        let known = Letter::place(code).and_then(|place| self.latin.get(place));
        match known {
            Some(seen) => Some((*seen, length)),
            None => Some((Glimpse::looked_at(text, at), length)),
        }
    }
}

impl Glimpse {
    fn of(c: char, letter: Letter) -> Self {
        let kind = match () {
            () if letter.folded == b' ' => SPACE,
            () if c.is_ascii_digit() => FIGURE,
            () if letter.is_capital => CAPITAL,
            () if letter.is_small => SMALL,
            () => 0,
        };
        let signs = u64::from(Signs::of_char(c).bits());
        Self(kind | u64::from(letter.folded) << FOLDED_AT | signs << SIGNS_AT)
    }

    /// Of a character that is in no table.
    #[inline(never)]
    fn looked_at(text: &str, at: usize) -> Self {
        let c = text.get(at..).and_then(|rest| rest.chars().next());
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        Self::of(c, Letter::of(c))
    }

    /// The signs of this character, or of all that were joined in it.
    const fn signs(self) -> Signs {
        #[expect(clippy::cast_possible_truncation, reason = "signs are 32 bits")]
        Signs::of_bits((self.0 >> SIGNS_AT) as u32)
    }

    const fn folded(self) -> u8 {
        #[expect(clippy::cast_possible_truncation, reason = "it is one byte")]
        let folded = (self.0 >> FOLDED_AT) as u8;
        folded
    }

    const fn joined(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn is(self, kind: u64) -> bool {
        self.0 & kind != 0
    }
}

/// What is gathered on the walk.
#[derive(Default)]
struct Gathered {
    ends: [Vec<End>; List::COUNT],
    capitals: Vec<usize>,
    figures: Figures,
    /// Where the figures began, and behind which gap.
    begun: (usize, Signs),
    /// All that stands before figures.
    before_figures: Glimpse,
}

impl<'t> Glance<'t> {
    /// Walks over a text.
    pub(super) fn at(text: &'t str, lexicon: &'t Lexicon) -> Self {
        let known = &*SEEN;
        let mut gathered = Gathered {
            figures: Figures::within(text.len()),
            ..Gathered::default()
        };
        let mut gap = Glimpse(0);
        let mut state = lexicon.start();
        let mut before = Glimpse(0);
        let mut at = 0;
        while let Some((seen, length)) = known.at(text, at) {
            if (seen.0 ^ before.0 & FIGURE) & (FIGURE | CAPITAL) != 0 {
                gap = gathered.meet(at, before, seen, gap);
            }
            at += length;
            gap = gap.joined(seen);
            // Spaces in a row are one.
            let is_more_space = before.is(SPACE) && seen.is(SPACE);
            before = seen;
            if is_more_space {
                continue;
            }
            state = lexicon.walk(state, seen.folded(), at, &mut gathered.ends);
            // Most characters follow one of their own kind: nothing but words is to be seen there.
            if seen.is(SMALL) {
                while let Some((seen, length)) = known.at(text, at)
                    && seen.is(SMALL)
                {
                    at += length;
                    gap = gap.joined(seen);
                    state = lexicon.walk(state, seen.folded(), at, &mut gathered.ends);
                }
            } else if seen.is(FIGURE) {
                while let Some((seen, 1)) = known.at(text, at)
                    && seen.is(FIGURE)
                {
                    at += 1;
                    state = lexicon.walk(state, seen.folded(), at, &mut gathered.ends);
                }
            }
        }
        gap = gathered.meet(text.len(), before, Glimpse(0), gap);
        let all = gathered.before_figures.joined(gap);
        Self {
            text,
            lexicon,
            ends: gathered.ends,
            capitals: gathered.capitals,
            has_small: all.is(SMALL),
            spelling: if all.signs().have_marks() {
                Spelling::Full
            } else {
                Spelling::Plain
            },
            figures: gathered.figures,
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

impl Gathered {
    /// A capital stands here, or figures begin or end. Gives the gap as it goes on from here.
    #[inline(never)]
    fn meet(&mut self, at: usize, before: Glimpse, here: Glimpse, gap: Glimpse) -> Glimpse {
        if here.is(CAPITAL) && before.is(SPACE) {
            self.capitals.push(at);
        }
        match (before.is(FIGURE), here.is(FIGURE)) {
            (false, true) => {
                self.begun = (at, gap.signs());
                self.before_figures = self.before_figures.joined(gap);
            }
            (true, false) => {
                let (start, gap) = self.begun;
                self.figures.add(Span::new(start, at), gap);
                return Glimpse(0);
            }
            (true, true) | (false, false) => {}
        }
        gap
    }
}
