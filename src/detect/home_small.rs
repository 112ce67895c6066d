//! Where does an address behind a label end whose letters are all small?
//!
//! No capital tells a name there: the parts between signs do, if a commune or a province follows.
//!
//! Never: addresses that nothing labels.

use crate::detect::home::{Kind, Opening, Places};
use crate::detect::house::opens_field;
use crate::detect::letter::{is_letter, is_of_word};

/// An address has no more parts.
const PARTS_MAX: usize = 7;
/// The name of a place has no more words.
const WORDS_MAX: usize = 5;
/// The word for a commune or a province is shortened to so many letters.
const ABBREVIATION_BYTES_MAX: usize = 2;
/// The number of a house is not longer ...
const NUMBER_BYTES_MAX: usize = 10;
/// ... and has no year in it.
const YEAR_BYTES: usize = 4;
/// The name of a street has no more words.
const STREET_WORDS_MAX: usize = 4;

/// What a part of an address is.
enum Part {
    /// A unit, or what is left of one before its sentence goes on; and whether that is all of it.
    Unit(usize, bool),
    /// It may be the name of a place, if a unit follows.
    Bare,
}

impl Places {
    /// Where the address ends with which a line in small letters begins: "hẻm 51 nguyễn trãi, p. ninh
    /// kiều".
    pub(super) fn small_parts(&self, line: &str) -> Option<usize> {
        if line.chars().any(char::is_uppercase) {
            return None;
        }
        let mut end = None;
        let mut at = 0;
        for _ in 0..PARTS_MAX {
            let rest = line.get(at..)?;
            // "p. ninh kiều" goes on behind its dot.
            let mut signs = rest.match_indices([',', '.']);
            let length = signs.find(|(at, sign)| *sign == "," || *at > ABBREVIATION_BYTES_MAX);
            let length = length.map(|(at, _)| at);
            let part = rest.get(..length.unwrap_or(rest.len()))?;
            let part = part.split(" - ").next().unwrap_or(part);
            let bare = part.trim().trim_end_matches(|c: char| !is_of_word(c));
            let start = at + part.len() - part.trim_start().len();
            let behind = rest
                .get(part.len()..)?
                .trim_start_matches([',', ' ', '-', '.']);
            let whole = self.whole_small_part(bare, behind);
            match whole.or_else(|| self.small_part(bare)) {
                Some(Part::Unit(taken, is_whole)) => {
                    end = Some(start + taken);
                    if !is_whole {
                        break;
                    }
                }
                Some(Part::Bare) => {}
                None => break,
            }
            let sign = rest.get(part.len()..)?;
            let behind = sign.trim_start_matches([',', ' ', '-']);
            if sign.len() == behind.len() || behind.starts_with('.') {
                break;
            }
            at = line.len() - behind.len();
        }
        end
    }

    /// Where the address ends that a house opens, or an alley, with nothing to label it: a house asks
    /// for its commune behind it.
    pub(super) fn small_house(&self, line: &str) -> Option<usize> {
        if !opens_small_house(line) {
            return None;
        }
        let end = self.small_parts(line)?;
        let whole = line.get(..end)?;
        let is_alley = !line.starts_with(|c: char| c.is_ascii_digit())
            && !line.starts_with("số ")
            && !line.starts_with("so ")
            && whole.ends_with(is_letter);
        (is_alley || self.is_placed(whole)).then_some(end)
    }

    /// A unit without diacritics to its end, if a wider one follows or nothing: its words are others
    /// too, "lam", "ve".
    fn whole_small_part(&self, part: &str, behind: &str) -> Option<Part> {
        let (kind, length) = self.kind(part)?;
        // With diacritics words that go on are told.
        let ends = |word: &str| !part.is_ascii() && self.written_ends.contains(word);
        let is_wider = match self.kind(behind) {
            Some((next, _)) => next == Kind::Wide,
            None => self.is_province(behind) || behind.is_empty() && kind == Kind::Wide,
        };
        let name = part.get(length..)?.trim_start_matches(['.', ' ', ':']);
        let mut words = name.split(' ');
        let is_word = |word: &str| {
            word.chars().all(|c| is_letter(c) || c == '\'') && !word.is_empty() && !ends(word)
        };
        let is_number = |word: &str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
        let first = words.next().filter(|first| !first.is_empty())?;
        let is_name = is_word(first) && words.clone().count() < STREET_WORDS_MAX;
        let opens_other = |word: &str| {
            let at = word.as_ptr().addr() - name.as_ptr().addr();
            let kind = name.get(at..).and_then(|rest| self.kind(rest));
            kind.is_some_and(|(kind, _)| kind != Kind::Weak)
        };
        (is_wider
            && is_name
            && words.all(|word| (is_word(word) || is_number(word)) && !opens_other(word)))
        .then_some(Part::Unit(part.len(), true))
    }

    fn small_part(&self, part: &str) -> Option<Part> {
        let mut words = part.split(' ').filter(|word| !word.is_empty());
        let first = words.next()?;
        let kind = self.kind(part).map(|(kind, _)| kind);
        let short = part
            .split_once('.')
            .filter(|(word, _)| matches!(*word, "p" | "q" | "h" | "x" | "tp" | "tt" | "tx"));
        if kind.is_some() && short.is_none() {
            let mut end = self.unit(part, 0, false)?.end;
            while let Some(next) = self.next_unit(part, end, Opening::Bare) {
                end = next.end;
            }
            // "hẻm 51 nguyễn trãi": the street stands behind the number.
            let (unit, street) = part.split_at_checked(end)?;
            let mut street = street.split(' ').skip(1);
            let number = unit.trim_end_matches(|c: char| c.is_ascii_lowercase());
            let is_street = number.ends_with(|c: char| c.is_ascii_digit())
                && unit.len() <= number.len() + 1
                && street.clone().count() <= STREET_WORDS_MAX
                && street.all(|word| self.may_be_small(word));
            let end = if is_street { part.len() } else { end };
            return Some(Part::Unit(end, end == part.len()));
        }
        let count = 1 + words.clone().count();
        let may_be = |word: &str| self.may_be_small(word);
        let is_name = count <= WORDS_MAX && !opens_field(part) && words.all(may_be);
        let has_number = first.starts_with(|c: char| c.is_ascii_digit())
            || first.contains('/') && first.contains(|c: char| c.is_ascii_digit());
        if short.is_some() || self.is_province(part) || has_number && count >= 2 && first.len() <= 8
        {
            return is_name.then_some(Part::Unit(part.len(), true));
        }
        (is_name && may_be(first) && kind != Some(Kind::Wide)).then_some(Part::Bare)
    }

    fn may_be_small(&self, word: &str) -> bool {
        // "điện biên phủ" is a street.
        let is_field = self.is_field(word) && !matches!(word, "điện" | "dien");
        word.starts_with(is_of_word) && !is_field && !self.ends.contains(word)
    }
}

/// Whether the number of a house, or an alley and its number, opens the line.
fn opens_small_house(line: &str) -> bool {
    const ALLEYS: [&str; 10] = [
        "số ", "so ", "hẻm ", "ngõ ", "kiệt ", "ngách ", "hem ", "ngo ", "kiet ", "ngach ",
    ];
    let number = ALLEYS.iter().find_map(|alley| line.strip_prefix(alley));
    let number = number.unwrap_or(line).split(' ').next();
    // "số 62/2011/qđ-ttg" is the number of a paper.
    number.is_some_and(|number| {
        let mut parts = number.split('/');
        number.starts_with(|c: char| c.is_ascii_digit())
            && number.len() <= NUMBER_BYTES_MAX
            && parts.all(|part| {
                part.starts_with(|c: char| c.is_ascii_digit())
                    && (part.len() < YEAR_BYTES || !number.contains('/'))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_small_letters_end_with_their_units() {
        let places = Places::new();
        for (line, wanted) in [
            (
                "hẻm 51 nguyễn mẫu, p. ví dụ, có đơn",
                "hẻm 51 nguyễn mẫu, p. ví dụ",
            ),
            (
                "khuổi mẫu, xã ví dụ, tỉnh lạng sơn",
                "khuổi mẫu, xã ví dụ, tỉnh lạng sơn",
            ),
            (
                "k82/14 văn mẫu, phường ví dụ xin xác nhận",
                "k82/14 văn mẫu, phường ví dụ",
            ),
            ("thôn mẫu, vợ là trần thị ví", "thôn mẫu"),
            ("ấp văn mẫu xã ví dụ, bị ốm", "ấp văn mẫu xã ví dụ"),
        ] {
            let end = places.small_parts(line);
            assert_eq!(end.and_then(|end| line.get(..end)), Some(wanted), "{line}");
        }
        for line in ["nhà riêng", "trần thị mẫu, lê văn ví"] {
            assert_eq!(places.small_parts(line), None, "{line}");
        }
    }
}
