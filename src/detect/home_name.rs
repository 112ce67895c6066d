//! Where does the name of a place end, within an address?
//!
//! Never: whether it is an address; `home` decides.

use crate::detect::capital::{is_capitalized, is_shouted};
use crate::detect::fold::{folded, is_folded};
use crate::detect::home::{Kind, Places, last_word};
use crate::detect::letter::{in_small, is_capital, is_letter, is_of_word};

/// A name in small letters has at most so many words.
const SMALL_WORDS_MAX: usize = 4;
/// A name of a place has at most so many words.
const NAME_WORDS_MAX: usize = 5;
/// No name of a province is longer, in bytes.
const PROVINCE_BYTES_MAX: usize = 40;
/// A commune and a district stand before their province.
const PARTS_TO_PROVINCE_MAX: usize = 2;

impl Places {
    /// The name or number at a place: where it ends, its words, whether it holds a number.
    pub(super) fn name(
        &self,
        line: &str,
        at: usize,
        has_kind: bool,
    ) -> Option<(usize, usize, bool)> {
        let mut end = at;
        let mut count = 0;
        let mut has_number = false;
        let rest = line.get(at..)?;
        if let Some((length, words)) = self.before_wider(rest, has_kind) {
            return Some((at + length, words, false));
        }
        let is_shouted_line = match has_kind {
            true => line.get(..at).is_some_and(is_shouted_kind),
            // Without a kind of place only an address of several parts is told from a head.
            false => line.contains(',') && line.chars().all(|c| !c.is_lowercase() && c != ':'),
        };
        let mut from = 0;
        while count < NAME_WORDS_MAX {
            let word = rest.get(from..)?;
            let length = word
                .find(|c: char| !(is_of_word(c) || matches!(c, '\'' | '’' | '/')))
                .unwrap_or(word.len());
            let length = match has_kind && count == 0 {
                true => numbered_end(word, length),
                false => length,
            };
            let (word, behind) = word.split_at_checked(length)?;
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            let fits = if is_number {
                word.len() <= 4 && !(count > 0 && (opens_phone(word, behind) || is_counted(behind)))
                    || word.contains(['/', '-', '.']) && word.len() <= 14
            } else if has_kind && count == 0 && is_room_mark(word) {
                true
            } else {
                is_capitalized(word)
                    && (count == 0
                        || is_shouted_line
                        || is_road(word)
                        || !is_shouted(word)
                        || word.chars().count() == 1)
                    && !self.goes_on_with(word, behind)
                    && !(count == 0
                        && is_shouted_line
                        && self.ends_name(&in_small(word), 1, line.is_ascii()))
                    && !(count > 0 && self.opens_next(word, behind))
            };
            let goes_on = self.goes_on_behind_number(line.get(at..end)?, word);
            let is_next = is_shouted_line && (goes_on || opens_titled(rest.get(from..)?));
            if !fits || is_next || count > 0 && self.opens_unit(rest.get(from..)?) {
                break;
            }
            has_number |= is_number;
            from += word.len();
            end = at + from;
            count += 1;
            if !behind.starts_with(' ') || behind.starts_with("  ") {
                break;
            }
            from += 1;
        }
        if count == 0 && has_kind {
            return self.small_name(line, at);
        }
        if count > 0 {
            end = self.with_kind_behind(line, end);
        }
        (count > 0).then_some((end, count, has_number))
    }

    /// Whether a word behind the number of a place tells what happened there: "XOM 2 BI OM".
    fn goes_on_behind_number(&self, name: &str, word: &str) -> bool {
        name.ends_with(|c: char| c.is_ascii_digit())
            && (self.ends.contains(&in_small(word))
                || is_folded(word, &["bi", "co", "da", "la", "de", "va"]))
    }

    /// Where a name ends that no capital tells from other words, if a sign and the word for a wider
    /// place stand behind it, and its words: "van lam 1|, xa vi du".
    fn before_wider(&self, rest: &str, has_kind: bool) -> Option<(usize, usize)> {
        let near = rest.get(..rest.floor_char_boundary(PROVINCE_BYTES_MAX))?;
        let (name, _) = near.split_once([',', '-']).filter(|_| has_kind)?;
        let behind = rest.get(name.len()..)?.trim_start_matches([',', '-', ' ']);
        let name = name.trim_end();
        let is_small = !name.chars().any(char::is_uppercase);
        let is_alike = is_small || !name.chars().any(char::is_lowercase);
        let is_wider =
            || matches!(self.kind(behind), Some((Kind::Wide, _))) || self.is_province(behind);
        let ends = match name.is_ascii() {
            // Without their diacritics words of names are others too: "lam", "van".
            true => None,
            false => Some(&self.written_ends),
        };
        let mut count = 0;
        for word in name.split(' ') {
            let opens = name.get(word.as_ptr().addr() - name.as_ptr().addr()..)?;
            let is_number = count > 0 && (1..=2).contains(&word.len()) && is_number(word);
            let is_word = word.starts_with(is_letter)
                && word
                    .chars()
                    .all(|c| is_letter(c) || matches!(c, '\'' | '’'))
                && !(count > 0 && ends.is_some_and(|ends| ends.contains(&in_small(word))))
                && !(count > 0 && self.kind(opens).is_some_and(|(kind, _)| kind != Kind::Weak));
            count += 1;
            if !(is_word || is_number) || count > SMALL_WORDS_MAX {
                return None;
            }
        }
        (is_alike && is_wider()).then_some((name.len(), count))
    }

    /// Whether another unit opens within the name: "số 27 ngách 29", but "Phố Mới" is a name.
    fn opens_unit(&self, text: &str) -> bool {
        self.kind(text).is_some_and(|(kind, length)| {
            let behind = text.get(length..).unwrap_or_default().trim_start();
            // "thôn A Sóc muốn" goes on.
            let is_named = kind != Kind::Weak && behind.starts_with(is_capital);
            is_named || behind.starts_with(|c: char| c.is_ascii_digit())
        })
    }

    /// Whether a province begins the text.
    pub(super) fn is_province(&self, text: &str) -> bool {
        let near = text.get(..text.floor_char_boundary(PROVINCE_BYTES_MAX));
        let near: String = folded(near.unwrap_or_default());
        self.provinces.iter().any(|name| {
            near.strip_prefix(name.as_str())
                .is_some_and(|rest| !rest.starts_with(|c: char| is_of_word(c)))
        })
    }

    /// Whether a part of an address, behind its first, is a unit with the word for it, or a province.
    pub(super) fn is_placed(&self, parts: &str) -> bool {
        let mut parts = parts.split([',', '-', '–']).skip(1).map(str::trim_start);
        parts.any(|part| {
            let kind = self.kind(part);
            matches!(kind, Some((Kind::Near | Kind::Wide, _))) || self.is_province(part)
        })
    }

    /// Whether a commune and a district, named without the words for them, lead to a province: "Mẫu
    /// Văn, Ví Dụ, Thanh Hóa".
    pub(super) fn leads_to_province(&self, text: &str) -> bool {
        let mut rest = text;
        for _ in 0..PARTS_TO_PROVINCE_MAX {
            let Some((part, behind)) = rest.split_once([',', '-', '–']) else {
                return false;
            };
            let mut words = part.split_whitespace().take(NAME_WORDS_MAX + 1);
            let is_name = part.len() <= PROVINCE_BYTES_MAX && words.all(is_capitalized);
            let behind = behind.trim_start();
            if !is_name || part.trim().is_empty() {
                return false;
            }
            if self.is_province(behind) {
                return true;
            }
            rest = behind;
        }
        false
    }

    /// A name in small letters, as in chats: it ends before the next kind of place or a sign.
    fn small_name(&self, line: &str, at: usize) -> Option<(usize, usize, bool)> {
        let rest = line.get(at..)?;
        let is_field = |word: &str| self.is_field(word) || self.small_words.contains(&folded(word));
        if let Some((end, words)) = whole_part(rest)
            && !rest.get(..end)?.split(' ').skip(1).any(is_field)
            && !rest.get(..end)?.split(' ').skip(1).any(|word| {
                let at = word.as_ptr().addr() - rest.as_ptr().addr();
                rest.get(at..).is_some_and(|rest| self.kind(rest).is_some())
            })
        {
            return Some((at + end, words, false));
        }
        let is_plain = line.is_ascii();
        let mut from = 0;
        let mut second = None;
        for count in 1..=SMALL_WORDS_MAX {
            let word = rest.get(from..)?;
            let length = word
                .find(|c: char| !is_letter(c) && c != '\'')
                .unwrap_or(word.len());
            let (word, _) = word.split_at_checked(length)?;
            // "thôn nam sơn": the first words are the name's, whichever they are.
            if word.is_empty() || self.ends_name(word, count, is_plain) {
                break;
            }
            from += length;
            let behind = rest.get(from..)?;
            let next = behind.trim_start_matches(' ');
            let next_word = next.split(|c: char| !is_letter(c)).next()?;
            let is_end = next.is_empty()
                || !next.starts_with(is_of_word)
                || self.ends_name(next_word, count + 1, is_plain);
            let number = next.bytes().take_while(u8::is_ascii_digit).count();
            // "bản đồ 7" is no hamlet.
            let is_score = next.get(number..).is_some_and(|rest| rest.starts_with('/'));
            if (1..=3).contains(&number) && !is_score && folded(word) != "do" {
                let end = at + from + (behind.len() - next.len()) + number;
                return Some((end, count + 1, true));
            }
            if is_end || self.kind(next).is_some_and(|(kind, _)| kind == Kind::Wide) {
                return Some((at + from, count, false));
            }
            if count == 2 {
                second = Some(at + from);
            }
            from += behind.len() - next.len();
        }
        // Most places have a name of two words; what else follows is the sentence's.
        second.map(|end| (end, 2, false))
    }

    /// Whether a name in small letters has ended before the word.
    fn ends_name(&self, word: &str, count: usize, is_plain: bool) -> bool {
        let is_field = count > 2 && self.is_field(word);
        let lower = in_small(word);
        // "Đồi" is no "đối": the first word is told by its diacritics.
        let is_small = count > 1 && self.is_small_word(word);
        // "thon van lam": without its diacritics the first word is the name's.
        let is_first =
            count == 1 && matches!(&*lower, "van" | "lam" | "dang" | "trinh" | "dinh" | "cung");
        let ends = match is_plain {
            true => &self.ends,
            false => &self.written_ends,
        };
        is_small || is_field || !is_first && ends.contains(&lower)
    }

    /// Whether a word stands in no name of a place: "và", "trong", but not "Trọng".
    fn is_small_word(&self, word: &str) -> bool {
        self.small_words.contains(&in_small(word))
    }

    /// Whether a word that stands in no name goes on behind one: "Chức vụ", but not "Cáp Trên,".
    fn goes_on_with(&self, word: &str, behind: &str) -> bool {
        let goes_on = behind
            .trim_start()
            .starts_with(|c: char| c.is_lowercase() || c == ':');
        (is_shouted(word) || goes_on) && self.is_small_word(word)
    }

    /// Whether a word opens the next field of a form, not a part of the name.
    fn opens_next(&self, word: &str, behind: &str) -> bool {
        let rest = behind.trim_start();
        let goes_on =
            rest.starts_with(|c: char| c.is_lowercase() || c == ':' || c.is_ascii_digit());
        goes_on && self.is_field(word)
    }

    /// Where a name ends with the word for its kind behind it: "Nguyen Trai St.".
    fn with_kind_behind(&self, line: &str, end: usize) -> usize {
        let is_kind = |word: &str| is_capitalized(word) && self.behind.contains(&folded(word));
        let (name, rest) = line.split_at_checked(end).unwrap_or_default();
        let word = rest.strip_prefix(' ').unwrap_or_default();
        let word = word
            .split(|c: char| !is_letter(c))
            .next()
            .unwrap_or_default();
        let (last, end) = match is_kind(word) {
            true => (word, end + 1 + word.len()),
            false => (last_word(name), end),
        };
        let is_short = || last.len() <= 3 && is_kind(last);
        let has_dot = line.get(end..).is_some_and(|rest| rest.starts_with('.'));
        end + usize::from(has_dot && is_short())
    }
}

/// Whether households or people are counted by the number: "thôn Đông 5| hộ, thôn Đoài 7 hộ".
fn is_counted(behind: &str) -> bool {
    let mut words = behind.trim_start().split(|c: char| !is_letter(c));
    let is_unit = words
        .next()
        .is_some_and(|word| is_folded(word, &["ho", "khau", "nguoi", "tre", "ca", "chau", "em"]));
    let is_title = words
        .next()
        .is_some_and(|word| is_folded(word, &["ong", "ba", "anh", "chi", "co", "chu", "cu"]));
    is_unit && !is_title
}

/// Whether words in capitals go on with somebody: "XÃ VÍ DỤ |DO BÀ MẪU".
fn opens_titled(text: &str) -> bool {
    let mut words = text.split(' ');
    let lead = words
        .next()
        .is_some_and(|word| is_folded(word, &["do", "cua", "va", "la"]));
    lead && words
        .next()
        .is_some_and(|word| is_folded(word, &["ong", "ba", "anh", "chi", "ho", "em", "chau", "cu"]))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a telephone in groups opens behind a name: "thôn 1 |0944 120 338".
fn opens_phone(word: &str, behind: &str) -> bool {
    let next = behind.trim_start_matches([' ', '.', '-']);
    word.starts_with('0') && word.len() >= 3 && next.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a word is the number of a road: "ĐT743", "QL1A".
fn is_road(word: &str) -> bool {
    ["ĐT", "QL", "TL", "HL", "DT"].iter().any(|road| {
        word.strip_prefix(road)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether a word is the mark of a plot or a room: "C12", "c12".
fn is_room_mark(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    (1..=2).contains(&(word.len() - digits.len()))
        && (1..=3).contains(&digits.len())
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Where the number of a room ends: "3A-08", "18.05".
fn numbered_end(word: &str, length: usize) -> usize {
    const DIGITS_MAX: usize = 4;
    let (number, rest) = word.split_at_checked(length).unwrap_or_default();
    let more = rest.strip_prefix(['-', '.']).unwrap_or_default();
    let digits = more.bytes().take_while(u8::is_ascii_digit).count();
    let goes_on = more
        .get(digits..)
        .is_some_and(|rest| rest.starts_with(is_of_word));
    let is_room = (1..=DIGITS_MAX).contains(&digits) && !goes_on;
    match is_room && number.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        true => length + 1 + digits,
        false => length,
    }
}

/// Where a part without diacritics ends at a sign, and its words, if it has no more than a name:
/// without them "van" and "thi" are no words that go on.
fn whole_part(text: &str) -> Option<(usize, usize)> {
    let is_sign = |c: char| matches!(c, ',' | ';' | '(' | ')' | '|' | '\t' | '\n');
    let part = text.split(is_sign).next().unwrap_or_default();
    let part = part
        .split(" - ")
        .next()
        .unwrap_or_default()
        .trim_end_matches([' ', '.']);
    let words = part.split(' ').take(SMALL_WORDS_MAX + 1).count();
    let is_plain = part
        .bytes()
        .all(|b| b.is_ascii_lowercase() || matches!(b, b' ' | b'\''));
    (is_plain && !part.is_empty() && words <= SMALL_WORDS_MAX && !part.contains("  "))
        .then_some((part.len(), words))
}
/// Whether the word for a kind of place stands in capitals.
fn is_shouted_kind(kind: &str) -> bool {
    kind.chars().any(is_letter) && is_shouted(last_word(kind))
}
