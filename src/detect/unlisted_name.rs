//! Is somebody named whose surname is in no list, as of the peoples of the highlands?
//!
//! A title or a label before the words and a birth or a number behind them say so, whatever the
//! words are.
//!
//! Never: names with a surname that is known; `person` and `small_name` find those.

use crate::detect::capital::{Word, is_syllable};
use crate::detect::context::last_chars;
use crate::detect::fate::opens_fate;
use crate::detect::fold::{folded, is_folded};
use crate::detect::letter::{fold_char, in_small};
use crate::detect::name_before::announcing;
use crate::detect::name_cell::is_marked;
use crate::detect::name_label::labels_whole_name;
use crate::detect::name_signs::{ends_clause, is_behind_sign};
use crate::detect::person::{Names, WORDS_MAX};
use crate::detect::phrase::Spelling;

/// One name with a mark has so many letters: `K'Brêu`.
const MARKED_CHARS_MIN: usize = 4;
/// The longest title of who heads a household, and the character before it.
const HOUSE_TITLE_CHARS: usize = 7;

impl Names {
    /// Whether capitalized words stand between a title and a birth, a number or a home.
    pub(super) fn is_titled_and_told(
        &self,
        text: &str,
        words: &[Word<'_>],
        before: &str,
        spelling: Spelling,
    ) -> bool {
        let after = words.last().and_then(|word| text.get(word.span.end..));
        (2..=WORDS_MAX).contains(&words.len())
            && self.small.titles.ends(before, spelling)
            && !self.ends_with_field(words)
            && after.is_some_and(|after| {
                self.small.is_told_behind(after, spelling)
                    || spelling == Spelling::Full
                        && (opens_fate(after, spelling) || opens_house(after))
            })
    }

    /// How many words of a run that no capital tells are a name between a title and what is told
    /// of persons: all of them unlike words of the language, or right behind a label.
    pub(super) fn unlisted_name(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
    ) -> Option<usize> {
        let first = run.first()?;
        let opener = in_small(first.text);
        // "cháu sinh sau ngày 1/1/2024" names nobody.
        if opener == "sinh" {
            return None;
        }
        let lead = text.get(..first.span.start).unwrap_or_default();
        if is_english_be(lead) {
            return None;
        }
        let second = run.get(1).map(|word| in_small(word.text));
        let has_letter = matches!(&*opener, "y" | "h" | "k" | "a") || is_marked(&opener);
        let has_sex = matches!(second.as_deref(), Some("thị" | "văn"));
        let before = announcing(text.get(..first.span.start)?);
        if let Some(taken) = self.householder(text, run, before, spelling) {
            return Some(taken);
        }
        let is_field = is_behind_sign(before);
        // "k'brêu" is no word of the language, whoever announces it.
        let is_sure = is_marked(&opener) && opener.chars().count() >= MARKED_CHARS_MIN;
        let is_unlike = || run.iter().take(WORDS_MAX).any(|word| is_foreign(word.text));
        if !(has_letter || has_sex || is_field || is_unlike())
            || before
                .trim_end_matches(' ')
                .ends_with([';', ',', '!', '?', ')'])
            || !is_sure && !self.small.titles.ends(before, spelling)
        {
            return None;
        }
        let least = if is_sure { 1 } else { 2 };
        let is_told = |taken: &usize| {
            let last = taken.checked_sub(1).and_then(|at| run.get(at));
            let after = last.and_then(|word| text.get(word.span.end..));
            after.is_some_and(|after| self.small.is_told_behind(after, spelling))
        };
        let mut lengths = least..=self.unlisted_words(text, run, spelling);
        if is_sure {
            lengths.find(is_told)
        } else {
            // "sinh" is a name too, and opens what is told.
            lengths.rev().find(is_told)
        }
    }

    /// How many words behind the title of who heads a household are a name, up to a sign: "hộ ông phan
    /// mẫu tú, ".
    fn householder(
        &self,
        text: &str,
        run: &[Word<'_>],
        before: &str,
        spelling: Spelling,
    ) -> Option<usize> {
        const TITLES: [&str; 6] = ["ho ong", "ho ba", "ho anh", "ho chi", "ho co", "ho cu"];
        let plain = folded(last_chars(before.trim_end_matches(' '), HOUSE_TITLE_CHARS));
        let is_titled = before.ends_with(' ')
            && TITLES.iter().any(|title| {
                let lead = plain.strip_suffix(title);
                lead.is_some_and(|lead| !lead.ends_with(|c: char| c.is_ascii_alphanumeric()))
            });
        if !is_titled {
            return None;
        }
        let most = self.unlisted_words(text, run, spelling);
        let last = run.get(most.checked_sub(1)?)?;
        (most >= 2 && ends_clause(text, *last)).then_some(most)
    }

    /// How many words behind the label of a name are all that stands there, whatever they are: "họ và
    /// tên: và thiên mẫu".
    pub(super) fn labelled_name(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
    ) -> Option<usize> {
        const OTHERS: [&str; 12] = [
            "ghi", "viet", "khong", "chua", "cac", "cua", "theo", "phai", "xem", "nhu", "bang",
            "dien",
        ];
        let first = run.first()?;
        let before = text.get(..first.span.start)?;
        if OTHERS.contains(&folded(first.text).as_str()) || !labels_whole_name(before) {
            return None;
        }
        let mut taken = 0;
        for (at, word) in run.iter().enumerate().take(LABELLED_WORDS_MAX) {
            let lower = in_small(word.text);
            let is_next =
                at >= 2 && self.next_fields.contains(&lower) && !self.small.knows(&lower, spelling);
            if is_next || !is_syllable(word.text) && !is_foreign(word.text) {
                break;
            }
            taken = at + 1;
            // Two spaces part the next field of the form.
            let gap = text.get(word.span.end..).unwrap_or_default();
            if gap.starts_with("  ") {
                return (taken >= 2).then_some(taken);
            }
        }
        let last = run.get(taken.checked_sub(1)?)?;
        let is_whole = ends_clause(text, *last) || taken < run.len();
        (taken >= 2 && is_whole).then_some(taken)
    }

    /// Whether the words are a name of the highlands: the clan last after Y or H, or first. A river
    /// is "Krông Ana".
    pub(super) fn is_highland(&self, words: &[Word<'_>], first: &str, is_announced: bool) -> bool {
        let is_letter = matches!(first, "y" | "h" | "k" | "a");
        let has_clan = words
            .iter()
            .take(WORDS_MAX)
            .any(|word| self.highland.contains(&in_small(word.text)));
        is_marked(first)
            || is_letter && (has_clan || is_announced)
            || self.highland.contains(first)
                && first.chars().count() > 2
                && !matches!(folded(first).as_str(), "krong" | "buon")
    }

    /// How many words are a name of the house of Nguyễn: "công tằng tôn nữ diệu mẫu".
    pub(super) fn royal_name(&self, text: &str, run: &[Word<'_>]) -> Option<usize> {
        const OPENINGS: [&str; 4] = [
            "cong tang ton nu",
            "cong huyen ton nu",
            "huyen ton nu",
            "ton nu",
        ];
        if !is_folded(run.first()?.text, &["cong", "huyen", "ton"]) {
            return None;
        }
        let words: Vec<String> = run
            .iter()
            .take(LABELLED_WORDS_MAX)
            .map(|w| folded(w.text))
            .collect();
        let whole = words.join(" ");
        let opening = OPENINGS.iter().find(|opening| {
            whole
                .strip_prefix(**opening)
                .is_some_and(|rest| rest.starts_with(' '))
        })?;
        let least = opening.split(' ').count() + 1;
        let given = run.get(least).filter(|word| {
            let before = run
                .get(least - 1)
                .and_then(|word| text.get(word.span.end..));
            let is_next = before.is_some_and(|after| after.starts_with(' '));
            is_next && ends_clause(text, **word)
        });
        Some(least + usize::from(given.is_some()))
    }

    /// How many words are a name of the highlands with the clan last: "y thuôn niê", "h'lan byă".
    pub(super) fn clan_name(&self, run: &[Word<'_>], opener: &str) -> Option<usize> {
        let second = run.get(1).map(|word| in_small(word.text));
        if opener == "a" && second.is_some_and(|second| self.highland.contains(&second)) {
            let third = run.get(2).map(|word| in_small(word.text));
            let is_marked =
                third.is_some_and(|third| matches!(&*third, "thị" | "văn" | "thi" | "van"));
            return Some(run.len().min(if is_marked { 4 } else { 3 }));
        }
        if !(matches!(opener, "y" | "h") || is_marked(opener)) {
            return None;
        }
        let is_clan = |word: &Word<'_>| self.highland.contains(&in_small(word.text));
        let clan = run.iter().take(SMALL_WORDS_MAX).skip(1).position(is_clan)?;
        // A clan may have two words: "y bhăm niê kdăm".
        let is_more = run.get(clan + 2).is_some_and(|word| {
            is_clan(word) || is_foreign(word.text) && clan + 2 < SMALL_WORDS_MAX
        });
        Some(clan + 2 + usize::from(is_more))
    }
}

/// A name that its label tells alone has so many words at most.
const LABELLED_WORDS_MAX: usize = 6;

/// Whether the number of a house stands right behind a name: "bà Vân Anh số 10 ngách 2".
fn opens_house(after: &str) -> bool {
    let number = [" số ", " nhà số ", " ở số ", " nhà "]
        .iter()
        .find_map(|house| after.strip_prefix(house));
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether "be" ends the text, and is no "bé": "it can be in".
fn is_english_be(before: &str) -> bool {
    let mut words = before.trim_end_matches(' ').rsplit(' ');
    words.next() == Some("be")
        && words.next().is_some_and(|word| {
            matches!(
                word,
                "to" | "can"
                    | "will"
                    | "must"
                    | "should"
                    | "may"
                    | "would"
                    | "could"
                    | "not"
                    | "also"
            )
        })
}

/// Names in small letters have so many words.
const SMALL_WORDS_MAX: usize = 4;

/// Whether a word with which names of the highlands begin that end with the clan.
pub(super) fn is_marked_or_y(word: &str) -> bool {
    is_marked(word) || matches!(word, "Y" | "y")
}

/// Whether the word is built as no Vietnamese syllable is: `Kpuih`, `Byen`, `Hđơk`.
pub(super) fn is_foreign(word: &str) -> bool {
    let first = Consonants::of(word.chars());
    let last = Consonants::of(word.chars().rev());
    first.has_vowel_behind && !(first.open_syllables() && last.close_syllables())
}

/// The consonants with which a word begins or, read from behind, ends.
struct Consonants {
    folded: [u8; Self::MAX],
    count: usize,
    has_vowel_behind: bool,
}

impl Consonants {
    /// No syllable has so many in a row.
    const MAX: usize = 4;

    fn of(letters: impl Iterator<Item = char>) -> Self {
        let mut row = Self {
            folded: [0; Self::MAX],
            count: 0,
            has_vowel_behind: false,
        };
        for letter in letters.map(fold_char) {
            if matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y') {
                row.has_vowel_behind = true;
                break;
            }
            if let Some(place) = row.folded.get_mut(row.count) {
                *place = letter;
                row.count += 1;
            }
        }
        row
    }

    fn as_read(&self) -> &[u8] {
        self.folded.get(..self.count).unwrap_or_default()
    }

    fn open_syllables(&self) -> bool {
        matches!(
            self.as_read(),
            b"" | b"b"
                | b"c"
                | b"ch"
                | b"d"
                | b"g"
                | b"gh"
                | b"h"
                | b"k"
                | b"kh"
                | b"l"
                | b"m"
                | b"n"
                | b"ng"
                | b"ngh"
                | b"nh"
                | b"p"
                | b"ph"
                | b"q"
                | b"r"
                | b"s"
                | b"t"
                | b"th"
                | b"tr"
                | b"v"
                | b"x"
        )
    }

    /// Read from behind.
    fn close_syllables(&self) -> bool {
        matches!(
            self.as_read(),
            b"" | b"c" | b"hc" | b"m" | b"n" | b"gn" | b"hn" | b"p" | b"t"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_highlands_are_built_otherwise() {
        for word in ["Kpuih", "hđơk", "Bhương", "Ksor", "thul", "mlô"] {
            assert!(is_foreign(word), "{word}");
        }
        for word in ["Nguyễn", "nghiêng", "quốc", "giếng", "ý", "Thạch", "phường"] {
            assert!(!is_foreign(word), "{word}");
        }
    }
}
