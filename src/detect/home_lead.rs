//! What stands before an address, and what words before the name of a place are of no place?
//!
//! Never: where an address ends; `home` tells that.

use crate::detect::capital::{is_capitalized, is_shouted};
use crate::detect::context::last_chars;
use crate::detect::fold::folded;
use crate::detect::home::last_word;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::title::is_title;

/// Whether "BẢN" before the name in capitals is of a paper: "BẢN CAM KẾT", "BẢN SAO".
pub(super) fn is_of_papers(name: &str) -> bool {
    const PAPERS: [&str; 29] = [
        "cam", "khai", "sao", "do", "tin", "ke", "an", "quyen", "than", "tu", "chinh", "goc", "ve",
        "kiem", "sac", "chat", "linh", "in", "thao", "nhac", "mo", "tom", "mau", "doc", "nghe",
        "xom", "que", "chi", "quan",
    ];
    // Without diacritics villages are called so too: "bản Nhạp".
    const WRITTEN: [&str; 13] = [
        "dịch", "nháp", "ghi", "nộp", "viết", "cứng", "mềm", "fax", "word", "excel", "pdf", "scan",
        "photo",
    ];
    // Without diacritics: "bạn có thể", "ban hành".
    const GOES_ON: [&str; 17] = [
        "co", "muon", "phai", "se", "dang", "duoc", "khong", "can", "nen", "hay", "vua", "chua",
        "hanh", "giao", "dau", "dem", "bo",
    ];
    let plain = folded(name);
    if plain.starts_with("hien phap") || plain.starts_with("du thao") {
        return true;
    }
    let first = name.split(' ').next().unwrap_or_default();
    let is_place = is_capitalized(first) && !is_shouted(first);
    let first_plain = folded(first);
    let goes_on = first.is_ascii() && GOES_ON.contains(&first_plain.as_str());
    let is_paper = PAPERS.contains(&first_plain.as_str()) || WRITTEN.contains(&&*in_small(first));
    !is_place && (is_paper || goes_on)
}

/// Whether the name behind "BAN" in capitals without diacritics is that of a village: "NÀ MẪU".
pub(super) fn is_highland_village(name: &str) -> bool {
    const FIRST: [&str; 22] = [
        "na", "pa", "huoi", "phieng", "nam", "muong", "pom", "co", "noong", "kon", "plei",
        "pleiku", "dak", "ia", "ea", "khe", "chieng", "hua", "tin", "kep", "mit", "sin",
    ];
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default();
    FIRST.contains(&folded(first).as_str()) && words.next().is_some()
}

/// Whether a word for a place in capitals without diacritics opens no name: "KDC", "Ban Nà Mẫu".
pub(super) fn is_never_surname(word: &str, behind: &str) -> bool {
    match word {
        "kdc" | "kv" | "khu" => true,
        "ban" | "lang" => is_highland_village(behind.trim_start()),
        _ => false,
    }
}

/// Whether a number of a list opens the line below a label that stands over it: "tạm trú:\n1. ".
pub(super) fn is_entry_below(text: &str, at: usize, line: &str) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end_matches(' ');
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    before.ends_with('\n')
        && behind.len() < line.len()
        && [". ", ") ", "- ", "/ ", "."]
            .iter()
            .any(|sign| behind.starts_with(sign))
}

/// Whether the address would begin within a word: "NHA ONG THU" is no "nhà ở".
pub(super) fn is_within_word(text: &str, at: usize) -> bool {
    text.get(..at).unwrap_or_default().ends_with(is_letter)
}

/// Whether a word for an office stands so many characters before the address, on a line above: its
/// holder is another one.
pub(super) fn is_office_above(word: &str, text: &str, at: usize, distance: usize) -> bool {
    let is_office = word.contains("trưởng") || word.contains("bí thư") || word == "phó";
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    is_office && line.len() < before.len() && line.chars().count() <= distance
}

/// Whether what stands behind a label of a home is none: "ở Việt Nam", "địa chỉ mạng".
pub(super) fn is_nowhere(line: &str) -> bool {
    const OTHERS: [&str; 8] = [
        "viet nam",
        "moi quan he",
        "moi truong",
        "muc do",
        "mang ",
        "bo nho",
        "trang web",
        "may chu",
    ];
    const BYTES_MAX: usize = 24;
    let near = line.get(..line.floor_char_boundary(BYTES_MAX));
    let plain = folded(near.unwrap_or_default());
    OTHERS.iter().any(|other| plain.starts_with(other))
}

/// Whether the hamlet is that of its head: "Trưởng thôn Mẫu".
pub(super) fn is_led(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let word = before.strip_suffix(' ').map(last_word).unwrap_or_default();
    // "BIÊN BẢN" is a paper.
    let is_paper = matches!(&*in_small(word), "biên" | "phiên" | "nguyên" | "kịch")
        && text
            .get(at..)
            .is_some_and(|kind| kind.starts_with(['b', 'B']));
    // "tại các thôn" is nobody's home.
    let is_of_several = matches!(&*in_small(word), "các" | "những" | "cac" | "nhung");
    if is_paper || is_of_several {
        return true;
    }
    // "HUYET AP" is no "ấp".
    let is_pressure = matches!(
        &*folded(word),
        "huyet" | "dien" | "cao" | "thap" | "quan" | "khi"
    ) && text.get(at..).is_some_and(|kind| {
        kind.get(..3)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("ap "))
    });
    // "THUA SO 45" is a plot.
    let is_plot = matches!(&*folded(word), "thua")
        && text
            .get(at..)
            .is_some_and(|kind| kind.starts_with(['s', 'S']));
    // "nông thôn" is the country.
    let is_country = matches!(&*in_small(word), "nông" | "nong")
        && text
            .get(at..)
            .is_some_and(|kind| kind.starts_with(['t', 'T']));
    if is_pressure || is_plot || is_country {
        return true;
    }
    // "chăm sóc" is care, "hàng xóm" a neighbour.
    matches!(folded(word).as_str(), "truong" | "pho" | "cham" | "hang")
        && !matches!(&*in_small(word), "trương" | "phố" | "chàm" | "hang")
}

/// What parts an address from what stands before it is read so far, in bytes.
const APART_BYTES: usize = 24;

/// Whether a sign or a word for dwelling stands before the address: "ở tổ 7", ", tổ 7".
pub(super) fn stands_apart(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.get(before.floor_char_boundary(at.saturating_sub(APART_BYTES))..);
    let before = before.unwrap_or_default().trim_end_matches(' ');
    let plain = folded(before);
    before.is_empty()
        || before.ends_with([
            ',', '(', ')', '|', '\t', '-', '–', ';', ':', '\n', '"', '\'',
        ])
        || before.ends_with('/')
        || is_age(last_word(before))
        || is_name(before)
        || [
            " o", " tai", " ngu", " nha", " tru", " que", " ve", " qua", " sang", " chi",
        ]
        .iter()
        .any(|word| plain.ends_with(word))
}

/// Whether a room or a plot stands apart, and is not told of a thing: "xây bãi xe, lô B2".
pub(super) fn is_told_of_person(text: &str, at: usize) -> bool {
    const NEAR_CHARS: usize = 64;
    let before = last_chars(text.get(..at).unwrap_or_default(), NEAR_CHARS);
    let before = before.trim_end_matches(' ');
    let told = before.strip_suffix([',', '-', '–']).map(last_word);
    let is_thing = told.is_some_and(|word| word.starts_with(char::is_lowercase));
    stands_apart(text, at) && (!is_thing || !before.contains(char::is_uppercase))
}

/// Whether a title and a name end the text, or two words of a name: "bác Tuất", "Hữu Phước".
fn is_name(before: &str) -> bool {
    let mut words = before.rsplit(' ');
    let (Some(last), Some(lead)) = (words.next(), words.next()) else {
        return false;
    };
    let is_given = |word: &str| is_capitalized(word) && !is_shouted(word);
    is_given(last) && (is_title(lead) || is_given(lead))
}

/// Whether a word is a year of birth, or an age: "1972", "38t".
fn is_age(word: &str) -> bool {
    let digits = word.trim_end_matches(['t', 'T']);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let is_year = digits.len() == word.len() && (word.starts_with("19") || word.starts_with("20"));
    is_number && (digits.len() == 2 && digits.len() < word.len() || digits.len() == 4 && is_year)
}

/// Whether a word for a place and the name behind it are no unit of an address.
pub(super) fn is_no_unit(word: &str, name: &str) -> bool {
    let plain = folded(word);
    const APPLIED: [&str; 8] = ["dung", "giai", "suat", "luc", "dat", "thue", "phi", "sat"];
    const BEGUN: [&str; 8] = [
        "to", "cong", "nghiep", "kien", "dong", "hanh", "nguon", "sac",
    ];
    let named = folded(name);
    let first = named.split(' ').next().unwrap_or_default();
    let begins = |words: &[&str]| words.contains(&first);
    match plain.as_str() {
        // "ÁP DỤNG" without its diacritics is no "ấp", and "KHỞI TỐ" no "khối".
        "ap" if word.is_ascii() && begins(&APPLIED) => return true,
        "khoi" if word.is_ascii() && begins(&BEGUN) => return true,
        // A province.
        "soc" if begins(&["trang"]) => return true,
        // "từ số 12 đến số 15" are numbers of papers.
        "so" if named.ends_with(" den") || in_small(name).contains(" đến") => return true,
        "to" if named.starts_with("truong") => return true,
        // Nobody's home: "người lang thang".
        "lang" if word.is_ascii() && begins(&["thang"]) => return true,
        // A trade.
        "buon" if matches!(named.as_str(), "ban" | "lau") => return true,
        // "Đường Văn Thử" is somebody.
        "duong" if is_capitalized(word) => {
            let first = name.split(' ').next();
            if matches!(first, Some("Văn" | "Thị" | "VĂN" | "THỊ")) {
                return true;
            }
        }
        _ => {}
    }
    // "tờ bản đồ" stands beside the number of a plot; "xóm, xã, huyện" asks for them.
    let mut words = named.split(' ');
    let is_officer = matches!(words.next(), Some("truong" | "pho"))
        && matches!(
            words.next(),
            Some("thon" | "ban" | "xom" | "ap" | "khu" | "to")
        );
    // "Ban quản lý thôn: Trưởng thôn Lê Văn Thử" names who holds an office.
    is_officer
        || named.starts_with("ban do")
        || matches!(named.as_str(), "xa" | "huyen" | "tinh" | "phuong" | "thon")
}

/// Whether a word is another that differs by its diacritics alone: "bạn" is no "bản".
pub(super) fn is_other(written: &str) -> bool {
    const WORDS: [&str; 16] = [
        "phương", "bạn", "bán", "bàn", "bận", "khởi", "khói", "đời", "đợi", "dời", "phó", "phổ",
        "sổ", "sơ", "sở", "áp",
    ];
    !written.is_ascii() && WORDS.contains(&&*in_small(written))
}

/// Whether "xã" goes on as "xã hội".
pub(super) fn is_society(behind: &str) -> bool {
    let word = behind
        .strip_prefix(' ')
        .and_then(|rest| rest.split(' ').next());
    // "xã Hội An" is a commune.
    word.is_some_and(|word| word == "hoi" || word == "HOI" || word == "hội" || word == "HỘI")
}

/// Whether each word of a name has a capital and others not.
pub(super) fn is_named(name: &str) -> bool {
    let mut words = name.split(' ');
    words.all(|word| is_capitalized(word) && !is_shouted(word))
}
