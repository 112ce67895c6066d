//! In which former encoding is each line written, and what does it say?
//!
//! In: raw text, before anything is stripped: TCVN3's `ư` looks like a soft hyphen. Out: the
//! words to be read as others.
//!
//! Each word is read in each encoding; an encoding is right where its readings are Vietnamese
//! syllables and the words as they stand are none. Lines with Unicode's own Vietnamese letters
//! are left alone, and so is any line, in whatever language, whose words speak for no encoding.
//! A line too short to tell, as that of a stamp, goes with the rest of the text.

use crate::model::part::Span;
use crate::normalize::capitals;
use crate::normalize::edits::Replacement;
use crate::normalize::legacy::{Charset, decode, is_tcvn3_sign};
use crate::normalize::syllable::{has_vietnamese, is_syllable};
use crate::normalize::telex;
use crate::normalize::votes::{Votes, has_telex_signs, has_viqr_signs, votes};

/// The words of lines in former eight-bit encodings.
pub(super) fn beyond_ascii(text: &str) -> Vec<Replacement> {
    let lines: Vec<Span> = lines(text)
        .filter(|line| may_be_eight_bit(line.of(text)))
        .collect();
    convert(text, &lines, &Charset::BEYOND_ASCII, 2)
}

/// The words of lines typed as VIQR or Telex.
pub(super) fn typed(text: &str) -> Vec<Replacement> {
    let mut methods = Vec::new();
    if has_viqr_signs(text) {
        methods.push(Charset::Viqr);
    }
    if has_telex_signs(text) {
        methods.push(Charset::Telex);
    }
    if methods.is_empty() {
        return Vec::new();
    }
    let lines: Vec<Span> = lines(text)
        .filter(|line| !has_vietnamese(line.of(text)))
        .collect();
    convert(text, &lines, &methods, 3)
}

fn convert(text: &str, lines: &[Span], charsets: &[Charset], least: usize) -> Vec<Replacement> {
    let mut replacements = Vec::new();
    let votes: Vec<Vec<Votes>> = lines
        .iter()
        .map(|line| charsets.iter().map(|c| votes(*c, line.of(text))).collect())
        .collect();
    let Some(whole) = whole_of(&votes, charsets, least) else {
        return replacements;
    };
    for (line, votes) in lines.iter().zip(&votes) {
        let own = charsets
            .iter()
            .zip(votes)
            .filter(|(_, votes)| votes.carry(least))
            .max_by_key(|(_, votes)| votes.good)
            .map(|(charset, _)| *charset);
        let fits_whole = charsets
            .iter()
            .zip(votes)
            .any(|(charset, votes)| *charset == whole && votes.bad <= votes.good);
        if let Some(charset) = own.or(Some(whole).filter(|_| fits_whole)) {
            read_line(text, *line, charset, &mut replacements);
        }
    }
    replacements
}

/// The encoding for which the whole text speaks most.
fn whole_of(votes: &[Vec<Votes>], charsets: &[Charset], least: usize) -> Option<Charset> {
    let sums = charsets.iter().enumerate().map(|(index, charset)| {
        let own = votes.iter().filter_map(|line| line.get(index));
        let all = own.clone().fold(Votes::default(), |a, b| a.plus(*b));
        // Lines that speak for it by themselves count even where the rest speaks against it.
        let convinced = own
            .filter(|votes| votes.carry(least))
            .fold(Votes::default(), |a, b| a.plus(*b));
        (*charset, if all.carry(least) { all } else { convinced })
    });
    sums.filter(|(_, votes)| votes.carry(least))
        .max_by_key(|(_, votes)| votes.good)
        .map(|(charset, _)| charset)
}

fn read_line(text: &str, line: Span, charset: Charset, replacements: &mut Vec<Replacement>) {
    let first = replacements.len();
    for word in words(charset, text, line) {
        let written = word.of(text);
        let Some(read) = reading(charset, written) else {
            continue;
        };
        let has_lost_case = charset == Charset::Tcvn3 && capitals::is_in_capitals(written);
        let read = if has_lost_case {
            read.to_uppercase()
        } else {
            read
        };
        replacements.push(Replacement::new(word, read));
    }
    if charset == Charset::Tcvn3 {
        capitals::raise(text, line, replacements, first);
    }
}

/// How a word reads in the encoding, where that is something else and can be meant.
fn reading(charset: Charset, written: &str) -> Option<String> {
    let read = match charset {
        Charset::Telex => {
            let typed = telex::compose(written);
            let is_initials = !typed.has_tone && written.bytes().all(|b| b.is_ascii_uppercase());
            (is_initials || is_syllable(&typed.word)).then_some(typed.word)?
        }
        Charset::Viqr => {
            let read = decode(charset, written);
            let word = read.trim_end_matches(['.', '?', '\'', '~', '`', '(', '^', '+']);
            (is_syllable(word) || word.chars().all(char::is_uppercase)).then_some(read)?
        }
        Charset::Tcvn3 | Charset::Vni | Charset::Cp1258 => decode(charset, written),
    };
    (read != written).then_some(read)
}

/// Whether the encoding writes words with the character.
pub(super) fn belongs(charset: Charset, c: char) -> bool {
    match charset {
        Charset::Tcvn3 => c.is_alphabetic() || is_tcvn3_sign(c),
        Charset::Vni | Charset::Cp1258 => c.is_alphabetic(),
        Charset::Viqr => {
            c.is_ascii_alphabetic() || matches!(c, '^' | '(' | '+' | '\'' | '`' | '?' | '~' | '.')
        }
        Charset::Telex => c.is_ascii_alphabetic(),
    }
}

/// The words of a line, as the encoding spells them.
pub(super) fn words(charset: Charset, text: &str, line: Span) -> Vec<Span> {
    let mut words = Vec::new();
    let mut start = None;
    let written = line.of(text);
    for (at, c) in written.char_indices().chain([(written.len(), ' ')]) {
        let is_in = belongs(charset, c) && at < written.len();
        match (start, is_in) {
            (None, true) if charset != Charset::Viqr || c.is_ascii_alphabetic() => start = Some(at),
            (Some(from), false) => {
                let is_word = charset != Charset::Telex || !is_of_code(written, from, at);
                if is_word && at - from <= WORD_BYTES_MAX {
                    words.push(Span::new(line.start + from, line.start + at));
                }
                start = None;
            }
            (None | Some(_), _) => {}
        }
    }
    words
}

/// Whether letters stand against figures or signs as passwords and programs have them: "lan84".
fn is_of_code(text: &str, start: usize, end: usize) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_digit() || b"@#$%!&*_=+\\~".contains(byte);
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(is_sign)
        || bytes
            .get(end)
            .is_some_and(|byte| is_sign(byte) && *byte != b'!')
}

/// No syllable is longer, however it is written.
const WORD_BYTES_MAX: usize = 64;

fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.scan(0, |start, end| {
        let line = Span::new(*start, end);
        *start = end + 1;
        Some(line)
    })
}

fn may_be_eight_bit(line: &str) -> bool {
    !line.is_ascii() && !has_vietnamese(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        let (once, _) = apply(text, &beyond_ascii(text));
        apply(&once, &typed(&once)).0
    }

    #[test]
    fn lines_in_former_encodings_are_read() {
        for (written, meant) in [
            (
                "sè c¨n c\u{ad}íc: 1, sè ®iÖn tho¹i",
                "số căn cước: 1, số điện thoại",
            ),
            (
                "Sè: 12/BC-UBND\nMËT\nKÝnh göi",
                "Số: 12/BC-UBND\nMẬT\nKính gửi",
            ),
            ("Sè: 1\ntuyÖt mËt\nKÝnh göi", "Số: 1\nTUYỆT MẬT\nKính gửi"),
            (
                "Sè: 1\n| xem xong tr¶ l¹i | <b>tµi liÖu thu håi</b> |\nKÝnh göi",
                "Số: 1\n| XEM XONG TRẢ LẠI | <b>TÀI LIỆU THU HỒI</b> |\nKính gửi",
            ),
            (
                "<p>Sè: 1</p><p>L¦U HµNH NéI Bé</p>\nSæ §¡NG Ký",
                "<p>Số: 1</p><p>LƯU HÀNH NỘI BỘ</p>\nSỔ ĐĂNG KÝ",
            ),
            ("caên cöôùc, soá ñieän thoaïi", "căn cước, số điện thoại"),
            ("Soá: 1\nTOÁI MAÄT\nKính göûi", "Số: 1\nTỐI MẬT\nKính gửi"),
            (
                "cãn cýõìc công dân, ðiêòn thoaòi",
                "căn cước công dân, điện thoại",
            ),
            (
                "so^' ddie^.n thoa.i, ca(n cu+o+'c",
                "số điện thoại, căn cước",
            ),
            ("Max hojc sinh: 1", "Mã học sinh: 1"),
            ("max soos thuees: 1", "mã số thuế: 1"),
            ("Max sinh vieen 1", "Mã sinh viên 1"),
            ("soor hoofng soos 1", "sổ hồng số 1"),
            ("Maajt khaaru: hk7twXf!qy#72", "Mật khẩu: hk7twXf!qy#72"),
            ("Ma~ ho.c sinh: 1", "Mã học sinh: 1"),
            ("Chu+'ng minh thu+: 1", "Chứng minh thư: 1"),
            ("maõ soá thueá 1", "mã số thuế 1"),
            ("Sôì theÒ BHYT: 1", "Số thẻ BHYT: 1"),
            ("Sè thÎ BHYT: 1", "Số thẻ BHYT: 1"),
            (
                "Soos ddieejn thoaji cura toio laf 1, cawn cuwowsc",
                "Số điện thoại củả",
            ),
        ] {
            let read = read(written);
            assert!(
                read.starts_with(meant.split("củả").next().unwrap()),
                "{read}"
            );
        }
    }

    #[test]
    fn other_languages_and_ordinary_vietnamese_stay() {
        for text in [
            "Le café est très bon, né à Hanoï, naïve, élève, où ça",
            "Für die Tür über München größer als Öl",
            "El niño y la niña más allá, ¿qué?",
            "This seems too good: keeps rooms, how now, added, is as of, was",
            "let x = a^b + (o(n) ^ e^i); f(a(n))",
            "Là có và hoá, xoá, cá gà, tô tê",
            "Căn cước công dân, số điện thoại © ® « »",
            "Taj Mahal, Raj, Haag, jaar naar maar, fjord, goût, più, ciò, país",
            "it's he'll 'a' 'to' e.g. a.m. i.e. C++ foo+bar x~y ~/a",
            "employees see queens, movie, cue, quiet; duo, roofing, beefy, shoes, lieu, fee",
            "object, inject, subject: aaa bbb Aaron baaad",
            "100 £, 5 × 3 ÷ 2, §5, a·b, µm, ½ ¾",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
