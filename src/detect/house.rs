//! How are a house and a room told, and what stands beside them?
//!
//! In: parts of an address. Out: what they are: a room, a house with its street, a place nearby.
//!
//! Never: whether there is an address; `home` decides.

use std::sync::LazyLock;

use crate::detect::capital::is_capitalized;
use crate::detect::fold::{folded, is_folded};
use crate::detect::home::Kind;
use crate::detect::letter::{in_small, is_capital, is_of_word};
use crate::detect::phrase::Openings;

/// The word for a room and its number are not longer, in bytes.
const ROOM_BYTES_MAX: usize = 24;
/// The mark of a plot or a room is not longer, in bytes.
const MARK_BYTES_MAX: usize = 4;
/// What stands beside a house is not told at more length, in bytes.
const BESIDE_BYTES_MAX: usize = 48;
/// A house is told at most so long before its neighbourhood, in bytes.
const HOUSE_BYTES_MAX: usize = 56;
/// So many parts of a house may stand before its neighbourhood.
const PARTS_MAX: usize = 3;

/// The word for a part of a house with which the text begins, if a number or letter follows it, and
/// its length in bytes: "phòng 302", "tòa B".
pub(super) fn room(text: &str) -> Option<(Kind, usize)> {
    const ROOMS: [&str; 16] = [
        "phong", "p", "tang", "toa", "ct", "lo", "day", "block", "can", "cum", "km", "ql", "thap",
        "lau", "tower", "nha",
    ];
    let near = text.get(..text.floor_char_boundary(ROOM_BYTES_MAX))?;
    let end = near.find(|c: char| c.is_ascii_digit() || c == ' ' || c == '.')?;
    let (word, behind) = near.split_at_checked(end)?;
    let behind = behind.trim_start_matches([' ', '.']);
    let mark = behind.split(|c: char| !is_of_word(c)).next()?;
    let is_letter_alone = mark.chars().count() == 1 && is_capitalized(mark);
    // "lô C12"
    let is_mark = mark.len() <= MARK_BYTES_MAX
        && mark.starts_with(|c: char| c.is_ascii_alphabetic())
        && mark.contains(|c: char| c.is_ascii_digit());
    (ROOMS.contains(&folded(word).as_str())
        && (mark.starts_with(|c: char| c.is_ascii_digit()) || is_letter_alone || is_mark))
        .then_some((Kind::Weak, end))
}

/// Whether a part of an address says beside what a house stands. Without their diacritics short words
/// are others: "cho", "công suất".
pub(super) fn is_beside(part: &str) -> bool {
    const BESIDES: [&str; 22] = [
        "tòa ",
        "toà ",
        "tháp ",
        "lầu ",
        "chung cư ",
        "gần ",
        "cạnh ",
        "sát ",
        "đối diện ",
        "sau ",
        "trước ",
        "chợ ",
        "cầu ",
        "cổng ",
        "khu ",
        "ngã ba ",
        "ngã tư ",
        "nhà trọ ",
        "ngoài ",
        "ký túc xá ",
        "kí túc xá ",
        "ktx ",
    ];
    const PLAIN: [&str; 8] = [
        "gan ",
        "canh ",
        "sat ",
        "doi dien ",
        "nga ba ",
        "nga tu ",
        "nha tro ",
        "ky tuc xa ",
    ];
    if part.len() > BESIDE_BYTES_MAX {
        return false;
    }
    let small = in_small(part);
    let begins = |word: &&str| small.starts_with(*word);
    BESIDES.iter().any(begins) || PLAIN.iter().any(begins) || small.ends_with(" floor")
}

/// The labels of fields beside an address, in folded text.
const LABELS: [&str; 34] = [
    "dien thoai",
    "so dien",
    "so dinh",
    "so cccd",
    "so cmnd",
    "so the",
    "so tai",
    "can cuoc",
    "dinh danh",
    "ngay sinh",
    "nam sinh",
    "ngay cap",
    "noi cap",
    "noi sinh",
    "noi o",
    "quan he",
    "nghe nghiep",
    "gioi tinh",
    "dan toc",
    "ton giao",
    "quoc tich",
    "trinh do",
    "ho ten",
    "ho va",
    "ho khau",
    "que quan",
    "dia chi",
    "ma so",
    "chuc vu",
    "cccd",
    "cmnd",
    "sdt",
    "chan doan",
    "tinh trang",
];
static FIELDS: LazyLock<Option<Openings>> = LazyLock::new(|| Openings::new(&LABELS));

/// Whether the label of another field opens a part, in capitals too: "ĐIỆN THOẠI", "Quan hệ".
pub(super) fn opens_field(part: &str) -> bool {
    FIELDS.as_ref().is_some_and(|fields| fields.begin(part))
}

/// Whether a part is a house with its street: "25C1 Nguyễn Huệ", "K82/14 Tôn Đản".
pub(super) fn is_house(part: &str) -> bool {
    let Some((number, street)) = part.split_once(' ') else {
        return false;
    };
    // "90 TUỔI, " is an age.
    let is_age = street
        .split(' ')
        .next()
        .is_some_and(|word| is_folded(word, &["tuoi"]));
    is_house_number(number)
        && !is_age
        && street.starts_with(is_capital)
        && street
            .split(' ')
            .all(|word| is_capitalized(word) || word.starts_with(|c: char| c.is_ascii_digit()))
}

/// "12", "25C1", "K82/14", but no date and no year.
fn is_house_number(number: &str) -> bool {
    let digits = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let has_letter = digits.len() < number.len();
    let is_year = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    (1..=10).contains(&number.len())
        && number.len() - digits.len() <= 2
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && !is_year
        && number.matches('/').count() <= 1 + usize::from(has_letter)
        && number
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '/')
}

/// Where a house begins that stands before its neighbourhood: "25C1 Nguyễn Huệ, |khu phố 3". The
/// first words of a line may be an entry's number and its name.
pub(super) fn house_before(text: &str, at: usize) -> Option<usize> {
    let from = text.ceil_char_boundary(at.saturating_sub(2 * HOUSE_BYTES_MAX));
    let before = text.get(from..at)?;
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\t' | '|' | ';' | ':' | '(' | ')' | '"' | '>' | '.'
        )
    };
    let cell = before.rfind(ends).map_or(0, |sign| sign + 1);
    let is_whole = cell > 0 && !before.get(..cell)?.ends_with(['\n', '.']);
    let mut start = numbered_before(before.get(cell..)?).map(|length| at - length);
    let mut end = before.len();
    for _ in 0..PARTS_MAX {
        let Some(part_end) = before.get(cell..end)?.trim_end().strip_suffix(',') else {
            break;
        };
        let part_end = cell + part_end.len();
        let comma = before.get(cell..part_end)?.rfind(", ");
        let part_start = comma.map_or(cell, |comma| cell + comma + 1);
        let part = before.get(part_start..part_end)?;
        let dwelt = behind_dwelling(part);
        let bare = dwelt.unwrap_or(part).trim_start();
        let opens = comma.is_some() || is_whole || dwelt.is_some();
        if !opens || !(is_house(bare) || room(bare).is_some() || is_beside(bare)) {
            break;
        }
        start = Some(from + part_end - bare.len());
        if dwelt.is_some() {
            break;
        }
        end = part_start;
    }
    start
}

/// How long the number of a house is that stands right before its hamlet, with the space behind it:
/// "ở 45/12A |Ấp Tây".
fn numbered_before(before: &str) -> Option<usize> {
    let bare = before.strip_suffix(' ')?;
    let number = bare.rsplit(' ').next()?;
    let is_led = behind_dwelling(bare).is_some_and(|behind| behind == number);
    let is_parted = number.contains('/') && bare.len() > number.len();
    (is_house_number(number) && (is_led || is_parted)).then_some(number.len() + 1)
}

/// What stands behind the last word for dwelling: "ông Thử ở |25C1 Nguyễn Huệ".
fn behind_dwelling(part: &str) -> Option<&str> {
    const WORDS: [&str; 12] = [
        "ở", "tại", "ngụ", "trú", "nhà", "về", "chỉ", "o", "tai", "ngu", "tru", "chi",
    ];
    let spaces = part.rmatch_indices(' ').map(|(at, _)| at);
    let mut ends = spaces.filter(|at| {
        let before = part.get(..*at).unwrap_or_default();
        let word = before.rsplit(' ').next().unwrap_or_default();
        WORDS.contains(&&*in_small(word))
    });
    part.get(ends.next()? + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_rooms_and_what_is_near_are_known() {
        for house in ["25C1 Nguyễn Huệ", "K82/14 Tôn Đản", "142/7 Mẫu Ví"] {
            assert!(is_house(house), "{house}");
        }
        for other in [
            "1980 Nguyễn Thử",
            "12 tuổi",
            "90 TUỔI",
            "12/3/1980 Nam",
            "Nguyễn Thử",
        ] {
            assert!(!is_house(other), "{other}");
        }
        assert!(room("phòng 302").is_some() && room("tòa B, chung cư").is_some());
        assert!(room("phòng Văn hóa").is_none());
        assert!(is_beside("gần chợ Mẫu") && !is_beside("bà Trần Thị Mẫu"));
        assert!(!is_beside("công suất 1000 m3/h") && !is_beside("cho mượn đất"));
    }

    #[test]
    fn a_house_stands_before_its_neighbourhood() {
        for (text, house) in [
            ("ở: 25C1 Nguyễn Huệ, #khu phố 3", "25C1 Nguyễn Huệ, "),
            ("ông Thử ở 12/5 Lê Mẫu, #tổ 3", "12/5 Lê Mẫu, "),
            (
                "Thử, phòng 302, gần chợ Mẫu, #số 15",
                "phòng 302, gần chợ Mẫu, ",
            ),
        ] {
            let at = text.find('#').unwrap();
            let start = house_before(text, at);
            assert_eq!(start.and_then(|start| text.get(start..at)), Some(house));
        }
        for text in ["12 Trần Mẫu, #thôn 3", "1. Trần Mẫu, 1980, #thôn 3"] {
            assert_eq!(house_before(text, text.find('#').unwrap()), None, "{text}");
        }
    }
}
