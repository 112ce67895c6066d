//! Where does an address end that has begun?
//!
//! In: the place where a rule saw an address begin. Out: the whole of it, from the house to the
//! province: units parted by commas, dashes or nothing, each a word for a kind of place and a
//! name or number.
//!
//! Never: whose home it is; `record` decides.

use crate::detect::capital::{is_capitalized, is_shouted};
use crate::detect::fold::folded;
use crate::detect::home_lead::{
    is_entry_below, is_highland_village, is_led, is_named, is_never_surname, is_no_unit,
    is_nowhere, is_of_papers, is_other, is_society, is_told_of_person, is_within_word,
    stands_apart,
};
use crate::detect::house::{house_before, is_beside, is_house, opens_field, room};
use crate::detect::letter::{fold_char, in_small, is_capital, is_of_word};
use crate::detect::words::{self, WordSet};
use crate::model::part::Span;

const PLACES: &str = include_str!("../../patterns/words/places.txt");

/// An address is not longer than this, in bytes.
pub(super) const ADDRESS_BYTES_MAX: usize = 240;
/// So many characters are looked at for a word for a kind of place and what follows it.
const KIND_CHARS_MAX: usize = 16;

/// What is known of places, all without diacritics.
pub(super) struct Places {
    /// Units that are somebody's neighbourhood, each with what it asks for beside it.
    kinds: Vec<(String, Kind)>,
    pub(super) provinces: Vec<String>,
    fields: WordSet,
    pub(super) small_words: WordSet,
    /// Words that go on behind a name in small letters, as written and without diacritics.
    pub(super) ends: WordSet,
    /// The same as they are written: in a text with diacritics "nho" is no "nhờ".
    pub(super) written_ends: WordSet,
    /// Words for kinds of places that stand behind the name: "Ward".
    pub(super) behind: WordSet,
}

/// What a word says of the place behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A hamlet, a quarter: it is an address by itself.
    Near,
    /// A group, a street, a house number: an address with another unit behind it.
    Weak,
    /// A commune, a province.
    Wide,
}

/// How an address begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// Behind a label: any place may follow.
    Labelled,
    /// By its own first word.
    Bare,
}

/// One unit of an address.
pub(super) struct Unit {
    kind: Option<Kind>,
    pub(super) end: usize,
    words: usize,
    has_number: bool,
    /// "số 12".
    is_house: bool,
    village: Village,
    sort: Sort,
}

/// What a unit is, as far as that matters where nothing labels it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Anything else.
    Other,
    /// "khu Đồng Mát", but not "khu công nghiệp".
    Quarter,
    /// "lô 5", "phòng 302".
    Room,
    /// "hẻm 12 Lê Mẫu".
    Alley,
}

/// Whether a unit is called as villages and papers are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Village {
    /// It is not.
    No,
    /// "bản", "làng".
    Written,
    /// "BẢN".
    Shouted,
}

impl Places {
    /// Reads the word list.
    pub(super) fn new() -> Self {
        let section = |name| words::section(PLACES, name).into_iter().map(folded);
        let mut kinds: Vec<(String, Kind)> = section("near")
            .map(|word| (word, Kind::Near))
            .chain(section("weak").map(|word| (word, Kind::Weak)))
            .chain(section("wide").map(|word| (word, Kind::Wide)))
            .collect();
        // "tổ dân phố" before "tổ".
        kinds.sort_by_key(|(word, _)| usize::MAX - word.len());
        Self {
            kinds,
            provinces: section("province").collect(),
            fields: words::section(PLACES, "field")
                .into_iter()
                .flat_map(|word| [word.to_owned(), folded(word)])
                .collect(),
            small_words: words::section(PLACES, "small")
                .into_iter()
                .flat_map(|word| [word.to_owned(), folded(word)])
                .collect(),
            behind: section("behind").collect(),
            written_ends: words::section(PLACES, "end")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            ends: words::section(PLACES, "end")
                .into_iter()
                .flat_map(|word| [word.to_owned(), folded(word)])
                .filter(|word| !word.is_ascii() || word.len() > 2)
                .collect(),
        }
    }

    /// The whole address that begins where the span does.
    pub(super) fn whole(&self, text: &str, begun: Span, opening: Opening) -> Option<Span> {
        let from = text.get(begun.start..)?;
        let most = from.get(..from.floor_char_boundary(ADDRESS_BYTES_MAX))?;
        let is_end = |byte| {
            matches!(
                byte,
                b'\n' | b'|' | b'\t' | b';' | b'"' | b'<' | b'(' | b')'
            )
        };
        let line = most.get(..most.bytes().position(is_end).unwrap_or(most.len()))?;
        let line = line.trim_end();
        let is_none = match opening {
            Opening::Bare => is_led(text, begun.start),
            Opening::Labelled => is_entry_below(text, begun.start, line) || is_nowhere(line),
        };
        if is_none || is_within_word(text, begun.start) {
            return None;
        }
        let is_labelled = opening == Opening::Labelled;
        if is_labelled && opens_field(line) {
            return None;
        }
        let small = match is_labelled {
            true => self.small_parts(line),
            false => self.small_house(line),
        };
        if let Some(end) = small {
            return Some(Span::new(begun.start, begun.start + end));
        }
        let first = self.unit(line, 0, is_labelled);
        let first = first.or_else(|| self.unit_beyond(line, 0, is_labelled))?;
        let mut end = first.end;
        let mut units = 1;
        // A street alone is no home; with its commune or hamlet it is.
        let mut is_placed = false;
        while let Some(next) = self.next_unit(line, end, opening) {
            is_placed |= matches!(next.kind, Some(Kind::Near | Kind::Wide));
            end = next.end;
            units += 1;
        }
        let holds = match (opening, first.kind) {
            (Opening::Labelled, _) => units >= 2 || first.kind.is_some() || first.words >= 2,
            (Opening::Bare, Some(Kind::Near)) => true,
            (Opening::Bare, Some(Kind::Weak)) => {
                is_placed && (first.sort != Sort::Room || is_told_of_person(text, begun.start))
                    || (first.sort == Sort::Alley || self.is_in_block(&first, line.get(..end)))
                        && stands_apart(text, begun.start)
                    || units >= 2 && first.is_house
                    || first.sort == Sort::Quarter
                        && stands_apart(text, begun.start)
                        && !line
                            .get(end..)
                            .is_some_and(|behind| behind.trim_start().starts_with(is_of_word))
                    || first.village == Village::Written && first.words >= 2
                    || first.village != Village::No && stands_apart(text, begun.start)
                    || first.has_number
                        && !first.is_house
                        && first.sort != Sort::Room
                        && stands_apart(text, begun.start)
            }
            (Opening::Bare, Some(Kind::Wide) | None) => false,
        };
        let start = match opening {
            Opening::Labelled => None,
            Opening::Bare => house_before(text, begun.start),
        };
        holds.then(|| Span::new(start.unwrap_or(begun.start), begun.start + end))
    }

    /// Whether a room is told with its block: "lô B, chung cư Mẫu".
    fn is_in_block(&self, first: &Unit, whole: Option<&str>) -> bool {
        let mut parts = whole.unwrap_or_default().split(", ").skip(1);
        first.sort == Sort::Room
            && parts.any(|part| {
                let length = self.kind(part).map_or(0, |(_, length)| length);
                let word = folded(part.get(..length).unwrap_or_default());
                matches!(
                    word.as_str(),
                    "chung cu" | "khu tap the" | "tap the" | "khu do thi" | "kdt" | "kdc"
                )
            })
    }

    /// Whether a word opens the next field of a form: "đã", and "da" without its diacritics, but not
    /// "Đa".
    pub(super) fn is_field(&self, word: &str) -> bool {
        self.fields.contains(&in_small(word))
    }

    /// The unit behind the one that ended, if the address goes on.
    pub(super) fn next_unit(&self, line: &str, end: usize, opening: Opening) -> Option<Unit> {
        let rest = line.get(end..)?;
        let bare = rest.trim_start_matches([' ', ',', '-', '–', '.', '/']);
        let gap = rest.get(..rest.len() - bare.len())?;
        if gap.is_empty() || gap.contains('.') && !gap.starts_with('.') || gap.len() > 6 {
            return None;
        }
        let at = line.len() - bare.len();
        let is_parted = gap.contains([',', '-', '–']);
        let may_be_bare = is_parted
            && !opens_field(bare)
            && (opening == Opening::Labelled
                || self.is_province(bare)
                || self.leads_to_province(bare));
        // A sentence that ends may be followed by another one about a place.
        if gap.contains('.') {
            return None;
        }
        self.unit(line, at, may_be_bare)
            .filter(|unit| unit.kind.is_some() || unit.words >= 2)
            .filter(|unit| !goes_on_small(line, at, unit))
            .or_else(|| self.unit_beyond(line, at, is_parted && opening == Opening::Labelled))
    }

    /// The unit behind a part that says where in its neighbourhood a house stands: "gần chợ Mẫu, thôn
    /// Ví Dụ", "nhà trọ bà Thử, đường Mẫu".
    fn unit_beyond(&self, line: &str, at: usize, may_be: bool) -> Option<Unit> {
        let rest = line.get(at..).filter(|_| may_be)?;
        let part = rest.split(", ").next().filter(|part| is_beside(part))?;
        let next = at + part.len() + ", ".len();
        let street = line.get(next..).and_then(|rest| rest.split(',').next());
        self.unit(line, next, street.is_some_and(is_house))
    }

    /// The unit at a place in the line.
    pub(super) fn unit(&self, line: &str, at: usize, may_be_bare: bool) -> Option<Unit> {
        let rest = line.get(at..)?;
        let known = self.kind(rest);
        let kind = known.or_else(|| room(rest));
        let named = match kind {
            Some((_, length)) => {
                // Columns of a form are parted by spaces.
                let behind = rest.get(length..).filter(|b| !b.starts_with("   "))?;
                let name = behind.trim_start_matches(['.', ' ', ':']);
                let lead: String = name.chars().take(3).collect();
                let name = match name.split_once(' ') {
                    Some((_, number)) if folded(&lead) == "so " => number,
                    Some(_) | None => name,
                };
                line.len() - name.len()
            }
            None if may_be_bare => at,
            None => return None,
        };
        let (end, words, has_number) = self.name(line, named, kind.is_some())?;
        let word = kind
            .and_then(|(_, length)| rest.get(..length))
            .unwrap_or_default();
        let plain = folded(word);
        // "No. 12" is a house too, but "nó" is none.
        let is_english = plain == "no" && word.is_ascii();
        let is_house = is_english
            || matches!(
                plain.as_str(),
                "so" | "so nha" | "nha" | "chung cu" | "can ho" | "hem" | "kiet" | "ngach"
            );
        let name = line.get(named..end).unwrap_or_default();
        let village = match plain.as_str() {
            "ban" | "lang" if is_of_papers(name) => Village::No,
            "ban" | "lang" if !is_shouted(word) => Village::Written,
            "ban" | "lang" if !word.is_ascii() || is_highland_village(name) => Village::Shouted,
            _ => Village::No,
        };
        // "BAN NHÂN DÂN" is no "bản": who writes diacritics writes them in both words.
        let is_mixed =
            village == Village::Written && plain == "ban" && word.is_ascii() && !name.is_ascii();
        let is_number = name.starts_with(|c: char| c.is_ascii_digit());
        if is_mixed || is_no_unit(word, name) || matches!(plain.as_str(), "so" | "no") && !is_number
        {
            return None;
        }
        let sort = match plain.as_str() {
            _ if known.is_none() && kind.is_some() => Sort::Room,
            "khu" if words >= 2 && is_named(name) => Sort::Quarter,
            "hem" | "kiet" | "ngach" | "ngo" if is_number && words >= 2 => Sort::Alley,
            _ => Sort::Other,
        };
        let kind = kind.map(|(kind, _)| kind);
        Some(Unit {
            kind,
            end,
            words,
            has_number,
            is_house,
            village,
            sort,
        })
    }

    /// The word for a kind of place with which the text begins, and its length in bytes.
    pub(super) fn kind(&self, text: &str) -> Option<(Kind, usize)> {
        // Asked at every word of an address: nothing is put on the heap.
        let mut plain = [0; KIND_CHARS_MAX];
        let mut ends = [0; KIND_CHARS_MAX];
        let chars = text.char_indices();
        for ((byte, end), (at, c)) in plain.iter_mut().zip(&mut ends).zip(chars) {
            *byte = fold_char(c);
            *end = at + c.len_utf8();
        }
        let first = plain.first();
        let kinds = self.kinds.iter();
        let mut kinds = kinds.filter(|(word, _)| word.as_bytes().first() == first);
        kinds.find_map(|(word, kind)| {
            let rest = plain.strip_prefix(word.as_bytes())?;
            let is_short = word.len() <= 2;
            // "Khoi: 800" is a name without its diacritics.
            let may_be_name = word == "khoi"
                && text.starts_with(['k', 'K'])
                && text.get(..4).is_some_and(str::is_ascii);
            let goes_on = match rest.first()? {
                b' ' => true,
                b':' => !may_be_name,
                b'.' => is_short,
                next => next.is_ascii_digit() && word.len() >= 2,
            };
            let end = *ends.get(word.len().checked_sub(1)?)?;
            // Abbreviations are written in capitals: "P. Phủ Lý", but not "p".
            let is_abbreviation = !is_short
                || rest.first() == Some(&b'.')
                || text.starts_with(|c: char| is_capital(c))
                || matches!(
                    word.as_str(),
                    "to" | "ap" | "xa" | "so" | "tp" | "no" | "kp" | "kv"
                );
            let written = text.get(..end).unwrap_or_default();
            // "tờ" is no "tổ", and "bốn" is no "bon".
            let is_group = match word.as_str() {
                "to" => written.is_ascii() || in_small(written) == "tổ",
                "bon" => written.is_ascii(),
                "ban" | "khoi" | "doi" | "pho" | "so" | "ap" | "phuong" => !is_other(written),
                _ => true,
            };
            let is_society = word == "xa" && is_society(text.get(end..).unwrap_or_default());
            // Without diacritics "Ngo Minh" is a name: such a kind is written small, or with a number.
            let is_surname = *kind == Kind::Weak
                && written.is_ascii()
                && is_capitalized(written)
                && !is_never_surname(word, text.get(end..).unwrap_or_default())
                && !rest
                    .iter()
                    .find(|byte| !matches!(byte, b' ' | b'.'))
                    .is_some_and(u8::is_ascii_digit);
            (goes_on && is_abbreviation && is_group && !is_surname && !is_society)
                .then_some((*kind, end))
        })
    }
}

/// Whether a sentence goes on with a word for a way behind an address with capitals: "bản Mẫu,
/// đường vào bản".
fn goes_on_small(line: &str, at: usize, unit: &Unit) -> bool {
    let before = line.get(..at).unwrap_or_default();
    let whole = line.get(at..unit.end).unwrap_or_default();
    unit.kind == Some(Kind::Weak)
        && !unit.has_number
        && !whole.contains(char::is_uppercase)
        && before.contains(char::is_uppercase)
}

pub(super) fn last_word(text: &str) -> &str {
    text.split_whitespace().next_back().unwrap_or_default()
}
