//! What does a heading say of all who are listed under it: "Hộ nghèo: …", "DANH SÁCH NGƯỜI KHUYẾT
//! TẬT"?
//!
//! In: conditions and the persons named behind them. Out: the condition, told of each person with
//! whose name an entry of the list opens.
//!
//! Never: tables, whose captions `roster` reads; lists of those who help or who are in charge.

use crate::detect::clause::ends_sentence;
use crate::detect::condition::Condition;
use crate::detect::fold::{folded, is_folded};
use crate::detect::home::last_word;
use crate::detect::letter::{is_capital, is_of_word};
use crate::detect::person::Form;
use crate::detect::record::{Person, Sources};
use crate::model::category::Ground;
use crate::model::part::Span;

/// How far the beginning of a heading is looked for, in bytes.
const LEAD_BYTES_MAX: usize = 120;
/// How far its end is, behind the condition.
const TAIL_BYTES_MAX: usize = 100;
/// Entries are looked for so far below a heading, in bytes.
const LIST_BYTES_MAX: usize = 8 * 1024;
/// An entry is not longer, in bytes; a sentence is.
const ENTRY_BYTES_MAX: usize = 200;
/// Before the name of an entry stand its number and a title, in bytes.
const MARK_BYTES_MAX: usize = 32;

/// Words with which the heading of a list begins ...
const LISTS: [&str; 5] = ["danh sach", "ds ", "tong hop", "bang tong hop", "bang ke"];
/// ... or of which all that stands before the condition is made.
const LEADING: [&str; 35] = [
    "cac", "nhung", "so", "ho", "gia", "dinh", "nguoi", "doi", "tuong", "truong", "hop", "benh",
    "nhan", "hoc", "sinh", "tre", "em", "chau", "thuoc", "dien", "bi", "mac", "co", "la", "nhom",
    "con", "cu", "the", "test", "xet", "nghiem", "duong", "ket", "qua", "dot",
];
/// Words of headings under which others are listed: who helps, gives, decides.
const OTHERS: [&str; 43] = [
    "ban chi dao",
    "ban van dong",
    "ban to chuc",
    "ban quan ly",
    "to cong tac",
    "to ho tro",
    "to giup viec",
    "thanh vien",
    "can bo",
    "giao vien",
    "giang vien",
    "phan cong",
    "phu trach",
    "dai bieu",
    "khach moi",
    "ung ho",
    "dong gop",
    "tai tro",
    "hao tam",
    "tinh nguyen",
    "cong tac vien",
    "bac si",
    "khen thuong",
    "bieu duong",
    "to ra soat",
    "to tham dinh",
    "thanh phan",
    "bao cao vien",
    "chuyen de",
    "chuyen gia",
    "chu tri",
    "tieu bieu",
    "tuyen duong",
    "ghi danh",
    "cham soc",
    "giup do",
    "giu gin",
    "cam hung",
    "phong trao",
    "cac xa",
    "cac phuong",
    "cac thon",
    "cac truong",
];
/// Titles before the name that opens an entry.
const TITLES: [&str; 16] = [
    "ong", "ba", "anh", "chi", "em", "chau", "cu", "be", "tre", "ho", "gia", "dinh", "bn", "va",
    "co", "chu",
];

/// A heading and what is listed under it.
pub(super) struct Heading {
    condition: Condition,
    /// Where the condition stands.
    at: Span,
    /// Where the entries stand.
    pub list: Span,
    /// Whether the entries stand on lines of their own, without a colon before them.
    is_bare: bool,
}

impl Sources<'_> {
    /// The headings of lists, in order; their lists do not overlap.
    pub(super) fn headings(&self) -> Vec<Heading> {
        let mut found: Vec<Heading> = Vec::new();
        for (at, condition) in self.conditions {
            let is_within = found.last().is_some_and(|last| at.start < last.list.end);
            if condition.counts_alone() && !is_within && self.tables.at(at.start).is_none() {
                found.extend(self.heading(*at, *condition));
            }
        }
        found
    }

    fn heading(&self, at: Span, condition: Condition) -> Option<Heading> {
        let lead = self.near(at.start.saturating_sub(LEAD_BYTES_MAX), at.start);
        let lead = lead.rsplit(['\n', '.', ':', ';', '"', '(']).next()?;
        let tail = self.near(at.end, at.end + TAIL_BYTES_MAX);
        let end = tail.find([':', '\n'])?;
        if !is_of_list(lead, tail.get(..end)?, at.of(self.text)) {
            return None;
        }
        let has_colon = tail.get(end..)?.starts_with(':');
        let behind = at.end + end + 1;
        let rest = self.near(behind, behind + LIST_BYTES_MAX);
        let list = rest.trim_start();
        let start = behind + rest.len() - list.len();
        let is_on_line = has_colon && !rest.starts_with('\n');
        let length = if is_on_line && !rest.split('\n').next()?.trim().is_empty() {
            list.split('\n').next()?.len()
        } else {
            entries(list)
        };
        Some(Heading {
            condition,
            at,
            list: Span::new(start, start + length),
            is_bare: !has_colon,
        })
    }

    /// The text between two places, on character boundaries.
    fn near(&self, start: usize, end: usize) -> &str {
        let start = self.text.ceil_char_boundary(start);
        let end = self.text.floor_char_boundary(end.min(self.text.len()));
        self.text.get(start..end).unwrap_or_default()
    }

    /// Tells of those who are listed what the heading says.
    pub(super) fn tell_listed(&self, headings: &[Heading], persons: &mut [Person]) {
        for heading in headings {
            let first = persons.partition_point(|p| p.name.span.start < heading.list.start);
            let end = persons.partition_point(|p| p.name.span.start < heading.list.end);
            let within = persons.get_mut(first..end).unwrap_or_default();
            let is_listed = |person: &Person| {
                person.name.form == Form::Full
                    && !person.name.is_official
                    && self.opens_its_entry(heading.list, person.name.span)
            };
            let listed = within.iter().filter(|person| is_listed(person)).count();
            // One name below a line that is no list is not listed.
            if listed < 1 + usize::from(heading.is_bare) {
                continue;
            }
            for person in within.iter_mut().filter(|person| is_listed(person)) {
                person.counts = true;
                person.conditions.push((heading.condition, heading.at));
            }
        }
    }

    /// Whether a condition that stands before a name is told of somebody else: its sentence ends, or
    /// heads a list of others.
    pub(super) fn is_of_another(&self, condition: Span, name: Span) -> bool {
        if condition.end > name.start {
            return false;
        }
        let lead = self.near(
            condition.start.saturating_sub(LEAD_BYTES_MAX),
            condition.start,
        );
        let lead = lead
            .rsplit(['\n', '.', ':', ';'])
            .next()
            .unwrap_or_default();
        let between = self.near(condition.end, name.start);
        let is_heading = |heading: &str| is_of_others(&[lead, heading].concat());
        ends_sentence(between)
            || between
                .split_once(':')
                .is_some_and(|(heading, _)| is_heading(heading))
    }

    /// Whether an illness is what its sentence is about, not what somebody has: "bài viết về phòng
    /// chống bệnh lao". A faith of which another sentence tells is that of many.
    pub(super) fn is_topic(&self, told: Condition, condition: Span, name: Span) -> bool {
        const TOPICS: [&str; 4] = ["phong chong", "phong, chong", "phong ngua", "chong dich"];
        if condition.start < name.end {
            return false;
        }
        let lead = condition.start.saturating_sub(LEAD_BYTES_MAX);
        let whole = self.near(lead.max(name.end), condition.start);
        let lead = whole.rsplit(['\n', '.', ':', ';']).next();
        let lead = lead.unwrap_or_default();
        let is_of_many = told == Condition::Sensitive(Ground::Belief)
            && (lead.len() < whole.len() || is_folded(last_word(lead), &["nguoi", "ho"]));
        let plain = folded(lead);
        is_of_many || TOPICS.iter().any(|topic| plain.contains(topic))
    }

    /// Whether nothing but a number and a title stands before the name in its entry.
    fn opens_its_entry(&self, list: Span, name: Span) -> bool {
        let lead = self.near(
            list.start.max(name.start.saturating_sub(MARK_BYTES_MAX)),
            name.start,
        );
        let mark = lead.rsplit([',', ';', '\n']).next().unwrap_or_default();
        let mark = mark.rsplit(" và ").next().unwrap_or_default();
        let is_whole = mark.len() < lead.len() || name.start - lead.len() == list.start;
        is_whole && words(mark).all(|word| TITLES.contains(&word.as_str()))
    }
}

/// Whether a condition, with what stands before and behind it, heads a list of those it is told of.
fn is_of_list(lead: &str, tail: &str, condition: &str) -> bool {
    let plain = folded(lead);
    let plain = plain.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let is_list = LISTS.iter().any(|words| plain.starts_with(words))
        || plain.contains(" danh sach ")
        || words(lead).all(|word| LEADING.contains(&word.as_str()));
    is_list && !is_of_others(&[lead, condition, tail].concat())
}

/// Whether those are listed under the heading who help, give or decide.
pub(super) fn is_of_others(heading: &str) -> bool {
    let plain = folded(heading);
    OTHERS.iter().any(|other| plain.contains(other))
}

/// How many bytes of the text are lines with an entry each; where an empty line stands behind the
/// first entry, it may behind each.
fn entries(text: &str) -> usize {
    let (mut length, mut at, mut count) = (0, 0, 0);
    let mut is_spaced = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        at += line.len();
        if bare.is_empty() && (is_spaced || count == 1) {
            is_spaced = true;
            continue;
        }
        let opens = bare.starts_with(|c: char| {
            c.is_ascii_digit() || is_capital(c) || matches!(c, '-' | '+' | '*' | '•' | '(')
        });
        let is_rule = !bare.contains(is_of_word);
        if !opens || is_rule || bare.len() > ENTRY_BYTES_MAX || bare.ends_with(':') {
            break;
        }
        length = at;
        count += 1;
    }
    length
}

/// The words of a text without diacritics; numbers are none.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !is_of_word(c))
        .filter(|word| word.starts_with(|c: char| !c.is_ascii_digit()))
        .map(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_those_concerned_are_told_from_others() {
        for lead in ["", "1. ", "Các ", "DANH SÁCH ĐỀ NGHỊ HỖ TRỢ ", "Số "] {
            assert!(is_of_list(lead, " năm 2026", "hộ nghèo"), "{lead}");
        }
        for lead in ["Tổ hỗ trợ ", "Họp bàn về ", "Danh sách cán bộ phụ trách "] {
            assert!(!is_of_list(lead, "", "hộ nghèo"), "{lead}");
        }
        assert!(!is_of_list("Danh sách ủng hộ ", "", "người nghèo"));
    }

    #[test]
    fn a_list_ends_where_a_sentence_or_a_heading_begins() {
        assert_eq!(entries("1. A\n- B\nC\n\nD"), "1. A\n- B\nC\n".len());
        assert_eq!(entries("A\nvà những người khác\n"), 2);
        assert_eq!(entries("A\nHộ cận nghèo:\n"), 2);
    }
}
