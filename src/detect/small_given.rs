//! Is a given name told in small letters behind a title: "anh kiên bị hiv", "chị hoa 0912 345 678"?
//!
//! In: words, and what stands around them. Out: whether the first is a given name: a title before
//! it, and a number, a birth, a home or an illness behind it; without diacritics, an age.
//!
//! Never: a title and a given name of whom nothing is told.

use crate::detect::capital::{Word, is_capitalized, is_shouted, is_syllable};
use crate::detect::fate::opens_fate;
use crate::detect::fold::begins_folded;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::person::Names;
use crate::detect::phrase::Spelling;
use crate::detect::small_list::{Telling, told_by_number, without_signs};

/// The same without diacritics; "nam" is a sex.
const PLAIN_ORDERS: [&str; 8] = ["hai", "tu", "sau", "bay", "tam", "chin", "muoi", "ut"];
/// Words behind a title that say who somebody is, without diacritics.
pub(super) const PLAIN_KIN: [&str; 24] = [
    "anh", "chi", "em", "co", "ba", "ong", "con", "chau", "be", "trai", "gai", "noi", "ngoai",
    "ho", "hai", "tu", "nam", "sau", "ut", "ca", "ta", "minh", "dau", "tren",
];
/// A name in small letters of which a message tells has so many words ...
const SMALL_NAME_MAX: usize = 4;
/// ... of which those behind so many are known.
const SURE_WORDS: usize = 3;
/// No title is longer, in bytes.
const TITLE_BYTES_MAX: usize = 7;
/// Which child of the family somebody is, as the South names people; an age must stand behind.
const ORDERS: [&str; 10] = [
    "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "út",
];
/// Words behind a title that say who somebody is, and are no name.
const KIN: [&str; 28] = [
    "anh", "chị", "em", "cô", "bà", "ông", "con", "cháu", "bé", "trai", "gái", "nội", "ngoại",
    "họ", "hai", "ba", "tư", "năm", "sáu", "bảy", "út", "cả", "ta", "ấy", "giáo", "dâu", "rể",
    "minh",
];

impl Names {
    /// Whether the first word may be a given name by the title before it.
    pub(super) fn may_be_given(&self, title: &str, word: &str) -> bool {
        if title.is_empty() || title.len() > TITLE_BYTES_MAX {
            return false;
        }
        let title = in_small(title);
        let is_kin = || KIN.contains(&word) && !ORDERS.contains(&word);
        is_full_title(&title) && self.small.knows(word, Spelling::Full) && !is_kin()
            || is_plain_title(&title)
                && (self.small.knows(word, Spelling::Plain) || PLAIN_ORDERS.contains(&word))
    }

    /// How many of the words behind a title are a given name, or an order among the children and
    /// one, whatever is told behind.
    pub(super) fn given_words_of(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
        is_message: bool,
    ) -> Option<usize> {
        let first = run.first()?;
        let knows = |word: &Word<'_>| {
            let lower = in_small(word.text);
            let may_be = match spelling {
                Spelling::Full => !KIN.contains(&&*lower),
                Spelling::Plain => is_capitalized(word.text) && !is_shouted(word.text),
            };
            may_be && self.small.knows(&lower, spelling)
        };
        let is_ordered = spelling == Spelling::Full && ORDERS.contains(&&*in_small(first.text));
        let is_second = |word: &&Word<'_>| {
            let is_any = is_message && is_ordered && self.may_be_syllable(word);
            (knows(word) || is_any)
                && word.span.start == first.span.end + 1
                && !self.is_trade(text, word, Spelling::Full)
        };
        if self.is_trade(text, first, Spelling::Full) || !is_ordered && !knows(first) {
            return None;
        }
        let taken = match run.get(1).filter(is_second) {
            Some(_) => 2,
            None if is_ordered => return None,
            None => 1,
        };
        // "trần thị b" is nobody.
        let next = run.get(taken).map_or("", |word| word.text);
        (next.chars().count() != 1).then_some(taken)
    }

    /// How many words of the run are a surname with what goes behind it, behind a title; behind other
    /// words only those that hardly are others: "quần chúng lâm thị sà phol", not "vợ chồng ly hôn".
    pub(super) fn small_full(
        &self,
        text: &str,
        run: &[Word<'_>],
        is_titled: bool,
    ) -> Option<usize> {
        let first = run.first()?;
        let knows = |at: usize| {
            let word = run.get(at).map(|word| in_small(word.text));
            word.is_some_and(|word| self.small.knows(&word, Spelling::Full))
        };
        let has_middle = run
            .get(1)
            .is_some_and(|word| self.middles.contains(&in_small(word.text)));
        let is_clear = is_titled || has_middle && run.len() > 2 || knows(1) && knows(2);
        if !is_clear {
            return None;
        }
        let opener = in_small(first.text);
        let is_surname = self.surnames.contains(&opener)
            || self.highland.contains(&opener)
            || self.open_surnames.contains(&opener)
            || run.len() > 2 && self.surnames_or_words.contains(&opener);
        // "hoàng công an xã" is called by his given name.
        let mut opening = run.iter().take(2);
        if !is_surname || opening.any(|word| self.is_trade(text, word, Spelling::Full)) {
            return None;
        }
        let within = |(at, pair): &(usize, &[Word<'_>])| {
            matches!(pair, [one, next] if next.span.start == one.span.end + 1)
                && pair.last().is_some_and(|word| self.may_be_syllable(word))
                && (*at < SURE_WORDS - 1 || knows(at + 1))
        };
        let pairs = run.windows(2).enumerate().take(SMALL_NAME_MAX - 1);
        let taken = 1 + pairs.take_while(within).count();
        let next = run.get(taken).map_or("", |word| word.text);
        // "trần thị b" is nobody.
        (taken > 1 && next.chars().count() != 1).then_some(taken)
    }

    /// Whether the word may be one of a name, in small letters: a syllable with which no sentence goes
    /// on.
    fn may_be_syllable(&self, word: &Word<'_>) -> bool {
        let lower = in_small(word.text);
        is_syllable(word.text)
            && !self.small.stops(&lower, Spelling::Full)
            && !self.next_fields.contains(&lower)
    }

    /// How many words behind a title are a given name of two, or an order among the children and a
    /// given name: "chị thu hà bị ốm", "chú năm trà, sn 62".
    fn small_pair(&self, text: &str, run: &[Word<'_>]) -> Option<usize> {
        let [first, second, ..] = run else {
            return None;
        };
        let (order, given) = (in_small(first.text), in_small(second.text));
        let knows = |word: &str| self.small.knows(word, Spelling::Full) && !KIN.contains(&word);
        let behind = text.get(second.span.end..)?;
        // "bà thủy phát hiện mắc" names her by one word.
        if given == "phát" && begins_folded(behind, " hien ") {
            return None;
        }
        let is_pair = ORDERS.contains(&&*order) || knows(&order);
        let is_told = || {
            opens_fate(behind, Spelling::Full)
                || self.small.told_behind(behind, Spelling::Full) >= Telling::Surely
        };
        let is_ordered = ORDERS.contains(&&*order) && is_aged(behind);
        let is_known = !KIN.contains(&&*given) && (is_ordered || knows(&given));
        (is_pair && is_known && is_told()).then_some(2)
    }

    /// Whether a word behind a title begins what somebody is or does, or ends a word that the title
    /// begins: "chị thu ngân", "bác sĩ", "cụ thể".
    pub(super) fn is_trade(&self, text: &str, word: &Word<'_>, spelling: Spelling) -> bool {
        let rest = text.get(word.span.start..).unwrap_or_default();
        let whole = text.get(..word.span.end).unwrap_or_default();
        self.small.trades.begins(rest, spelling) || self.small.title_words.ends(whole, spelling)
    }

    /// How many words at the beginning of the run are a given name: one, or two.
    pub(super) fn small_given(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
    ) -> Option<usize> {
        let word = run.first()?;
        let before = text.get(..word.span.start)?.strip_suffix(' ')?;
        let title = before.rsplit(|c| !is_letter(c)).next()?;
        let title = in_small(title);
        let behind = text.get(word.span.end..)?;
        let lower = in_small(word.text);
        let telling = || self.small.told_behind(behind, spelling);
        let is_given = match spelling {
            Spelling::Full if !is_full_title(&title) => false,
            Spelling::Full if self.is_trade(text, word, Spelling::Full) => false,
            Spelling::Full if self.small_pair(text, run).is_some() => return Some(2),
            Spelling::Full if ORDERS.contains(&&*lower) => is_aged(behind),
            Spelling::Full => {
                !KIN.contains(&&*lower)
                    && self.small.knows(&lower, spelling)
                    && (opens_fate(behind, spelling) || telling() > Telling::Nothing)
            }
            // Most given names are words: nothing but an age makes one.
            Spelling::Plain => {
                let is_order = PLAIN_ORDERS.contains(&&*lower);
                is_plain_title(&title)
                    && (is_order
                        || !PLAIN_KIN.contains(&&*lower) && self.small.knows(&lower, spelling))
                    && is_aged(behind)
            }
        };
        is_given.then_some(1)
    }
}

/// Whether the word, in small letters, is a title before a given name.
fn is_full_title(word: &str) -> bool {
    matches!(
        word,
        "anh"
            | "chị"
            | "ông"
            | "bà"
            | "cô"
            | "chú"
            | "bác"
            | "em"
            | "cháu"
            | "cụ"
            | "thầy"
            | "dì"
            | "cậu"
            | "mợ"
            | "bé"
            | "bạn"
            | "thím"
            | "dượng"
            | "tên"
            | "thằng"
            | "mệ"
    )
}

/// Whether the word, in small letters, is a title before a given name of whom something is told further
/// on; without diacritics a capital tells the name.
pub(super) fn is_small_title(word: &str, spelling: Spelling) -> bool {
    match spelling {
        Spelling::Full => is_full_title(word) || word == "con",
        Spelling::Plain => matches!(
            word,
            "anh"
                | "chi"
                | "ong"
                | "ba"
                | "co"
                | "chu"
                | "bac"
                | "em"
                | "chau"
                | "cu"
                | "thay"
                | "di"
                | "thim"
                | "be"
                | "con"
                | "ten"
                | "cau"
                | "me"
                | "thang"
        ),
    }
}

/// Whether it is one that is hardly anything else without its diacritics.
fn is_plain_title(word: &str) -> bool {
    matches!(word, "anh" | "chi" | "ong" | "ba" | "chau" | "bac" | "em")
}

/// Whether an age or a year of birth opens the text: ", 67 tuổi", " sn 1962".
fn is_aged(behind: &str) -> bool {
    let bare = without_signs(behind);
    let number = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = bare.len() - number.len();
    let is_age = (1..=3).contains(&digits) && begins_folded(number.trim_start(), "tuoi");
    bare.len() < behind.len() && (is_age || told_by_number(bare) == Telling::Born)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::capital::words_of;
    use crate::model::part::Span;

    fn given(text: &str) -> Option<&str> {
        let names = Names::new().unwrap();
        let words: Vec<Word<'_>> = words_of(text, Span::new(0, text.len())).collect();
        let mut runs = (0..words.len()).map(|at| &words[at..]);
        let run = runs.find(|run| names.small_given(text, run, Spelling::Full).is_some())?;
        run.first().map(|word| word.text)
    }

    #[test]
    fn given_names_stand_between_a_title_and_what_is_told() {
        for (text, wanted) in [
            ("hàng xóm là anh kiên bị hiv", Some("kiên")),
            ("chị hoa 0912 345 678 gọi lại", Some("hoa")),
            ("chị hạnh sn 1994", Some("hạnh")),
            ("anh em 2 xã họp", None),
            ("cô giáo bị ốm", None),
            ("chị hoa gọi lại", None),
        ] {
            assert_eq!(given(text), wanted, "{text}");
        }
    }
}
