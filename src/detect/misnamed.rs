//! Which of the names found name nobody that the text tells of: those of streets, of illnesses in
//! capitals, of senders of messages?
//!
//! Never: what else speaks against a name; `person` and `name_before` decide.

use crate::detect::context::last_chars;
use crate::detect::fold::{folded, is_folded};
use crate::detect::letter::{in_small, is_letter};
use crate::detect::person::Name;
use crate::detect::record::Sources;
use crate::model::category::Category;
use crate::model::part::Span;

/// The name of a sender ends so far behind the name of the person, in bytes ...
const SENDER_BYTES_MAX: usize = 32;
/// ... and begins so far before it, in characters.
const LEAD_CHARS: usize = 48;

/// A list of streets is read so many words back ...
const STREET_WORDS_MAX: usize = 24;
/// ... and each street has so many words at most.
const STREET_NAME_WORDS_MAX: usize = 4;

/// How the names of units begin.
const UNITS: [&str; 8] = [
    "xã ",
    "phường ",
    "thị trấn ",
    "huyện ",
    "quận ",
    "tỉnh ",
    "thành phố ",
    "thị xã ",
];

/// How the names of organisations and things begin: no person is called so.
const ORGANISATIONS: [&str; 41] = [
    "ngày",
    "chiến dịch",
    "chương trình",
    "lễ hội",
    "dự án",
    "ủy ban",
    "hội đồng",
    "công ty",
    "trung tâm",
    "bệnh viện",
    "mặt trận",
    "đảng ủy",
    "hợp tác xã",
    "cửa hàng",
    "nhà hàng",
    "khách sạn",
    "siêu thị",
    "chi cục",
    "tổng công",
    "tổng cục",
    "tập đoàn",
    "kho bạc",
    "bưu điện",
    "thư viện",
    "nhà văn hóa",
    "trạm y",
    "đại học",
    "cao đẳng",
    "học viện",
    "phòng khám",
    "ban quản",
    "ban chỉ",
    "khu công",
    "dịch vụ",
    "sản phẩm",
    "đội cảnh",
    "đội quản",
    "phòng cảnh",
    "công an",
    "thủ tục",
    "quyết định",
];
/// Those that are names of people without their diacritics: "Cao Đăng Thử", "Tống Công Mẫu", "Lê Hợi".
const NAMES_TOO: [&str; 9] = [
    "lễ hội",
    "dự án",
    "đảng ủy",
    "tổng công",
    "cao đẳng",
    "ban quản",
    "ban chỉ",
    "dịch vụ",
    "công an",
];

/// Whether words name an organisation or a thing, as labels of names announce them too.
fn is_organisation(words: &str) -> bool {
    let words = in_small(words);
    let opens = |organisation: &str| {
        let rest = words.strip_prefix(organisation);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    ORGANISATIONS.iter().any(|organisation| {
        opens(organisation)
            || words.is_ascii() && !NAMES_TOO.contains(organisation) && opens(&folded(organisation))
    })
}

/// Whether an English word for a place ends the words: "Tran Hung Dao Street".
fn is_english_place(words: &str) -> bool {
    const PLACES: [&str; 12] = [
        "Street", "Road", "Ward", "District", "Avenue", "Lane", "Bridge", "Lake", "Temple",
        "Pagoda", "Market", "School",
    ];
    words
        .rsplit(' ')
        .next()
        .is_some_and(|last| PLACES.iter().any(|place| last.eq_ignore_ascii_case(place)))
}

/// Whether a list of streets goes on with what stands behind the text: "các tuyến đường Trần Phú, Lê
/// Lợi, ".
fn lists_streets(before: &str) -> bool {
    const SIGNS: [char; 4] = [',', '-', '–', ':'];
    let list = before.trim_end_matches([' ', '\n']);
    let is_and = |word: &str| matches!(word, "và" | "va" | "VÀ" | "VA");
    let mut words = list.rsplit([' ', '\n']).peekable();
    let parts = |word: &str| word.ends_with(SIGNS) || is_and(word);
    if !words.peek().is_some_and(|last| parts(last)) {
        return false;
    }
    let mut in_name = 0;
    for _ in 0..STREET_WORDS_MAX {
        let Some(word) = words.next() else {
            return false;
        };
        let bare = word.trim_end_matches(SIGNS);
        let is_listed = bare.chars().all(is_letter);
        in_name = if parts(word) { 0 } else { in_name };
        in_name += usize::from(!bare.is_empty() && !is_and(bare));
        if is_folded(bare, &["duong", "pho"])
            && words
                .peek()
                .is_some_and(|kind| is_folded(kind, &["tuyen", "cac"]))
        {
            return true;
        }
        if !is_listed || in_name > STREET_NAME_WORDS_MAX {
            return false;
        }
    }
    false
}

/// Whether words name a commune, a district or a province.
pub(super) fn is_unit(words: &str) -> bool {
    let small = in_small(words);
    UNITS.iter().any(|unit| small.starts_with(unit))
}

impl Sources<'_> {
    /// Drops the names of nobody whom the text tells of.
    pub(super) fn drop_misnamed(&self, names: &mut Vec<Name>) {
        names.retain(|name| {
            let words = name.span.of(self.text);
            let before = self.text.get(..name.span.start).unwrap_or_default();
            !is_unit(words)
                && !is_organisation(words)
                && !is_english_place(words)
                && !lists_streets(before)
        });
        self.drop_places(names);
        self.drop_conditions(names);
        self.drop_senders(names);
    }

    /// Streets bear the names of people: a name within an address is no person.
    fn drop_places(&self, names: &mut Vec<Name>) {
        let homes: Vec<Span> = self
            .candidates
            .iter()
            .filter(|c| self.category(c) == Some(Category::HomeAddress))
            .map(|c| c.span)
            .collect();
        names.retain(|name| {
            let after = homes.partition_point(|home| home.start < name.span.end);
            let last = after.checked_sub(1).and_then(|at| homes.get(at));
            // "Kiên Sóc Kha" is no village, though "Sóc Kha" could be one.
            !last.is_some_and(|home| home.overlaps(name.span) && home.start <= name.span.start)
                || last == Some(&name.span) && self.is_before_brackets(name.span)
        });
    }

    /// "hỗ trợ nhà ở: Thào A Páo (bản Mẫu)" tells of a person: the home follows in brackets.
    fn is_before_brackets(&self, name: Span) -> bool {
        let behind = self.text.get(name.end..).unwrap_or_default();
        behind.starts_with(" (")
    }

    /// Whoever sends a message of a chat is not whom it tells of: `[08:15] Em Tuấn thôn 3: ...`.
    fn drop_senders(&self, names: &mut Vec<Name>) {
        names.retain(|name| {
            let near = self
                .text
                .floor_char_boundary(name.span.end + SENDER_BYTES_MAX);
            let behind = Span::new(name.span.end, near.max(name.span.end)).of(self.text);
            let label = behind.split(['\n', ',']).next().unwrap_or_default();
            let lead = last_chars(
                self.text.get(..name.span.start).unwrap_or_default(),
                LEAD_CHARS,
            );
            let line = lead.rsplit('\n').next().unwrap_or_default();
            let time = line.strip_prefix('[').and_then(|line| line.split_once(']'));
            let is_sender = time.is_some_and(|(time, title)| {
                time.starts_with(|c: char| c.is_ascii_digit()) && !title.contains(':')
            });
            !is_sender || !label.contains(':')
        });
    }

    /// "BỆNH NHÂN TĂNG HUYẾT ÁP" is a heading: an illness of several words is no name.
    fn drop_conditions(&self, names: &mut Vec<Name>) {
        names.retain(|name| {
            let after = self
                .conditions
                .partition_point(|(told, _)| told.start < name.span.end);
            let told = after.checked_sub(1).and_then(|at| self.conditions.get(at));
            !told.is_some_and(|(told, _)| {
                let is_part = told.start == name.span.start || told.end >= name.span.end;
                is_part && told.overlaps(name.span) && told.of(self.text).contains(' ')
            })
        });
    }
}
