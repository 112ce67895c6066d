//! Whose name belongs to a record though the text tells nothing else of the person?
//!
//! Never: subjects; a name alone makes none.

use rustc_hash::FxHashSet;

use crate::detect::context::last_chars;
use crate::detect::fold::folded;
use crate::detect::name_label::labels_name;
use crate::detect::person::{Form, Name};
use crate::detect::record::{Person, Record, Sources, gap};
use crate::model::category::Category;
use crate::model::part::Span;

/// A line is read so far before a name, in characters.
const LINE_CHARS: usize = 160;
/// How near to a record a mention of somebody in it belongs to it, in bytes.
const MENTION_REACH: usize = 320;
/// How near to a record the subject of a letter names somebody in it, in bytes.
const SUBJECT_REACH: usize = 640;
/// Somebody is known by the given name among so many persons ...
const KNOWN_MAX: usize = 8;
/// ... and so far behind what was told, in bytes.
const KNOWN_REACH: usize = 1200;
/// How near the field of a name follows that of another, in bytes.
const FIELDS_REACH: usize = 120;
/// What somebody is to another.
const RELATIONS: [&str; 6] = ["con", "vo", "chong", "me", "bo", "chau"];
/// How near a relative follows the one whose relative it is, in bytes.
const HEAD_REACH: usize = 40;

impl Sources<'_> {
    /// "Nguyễn Gia Bảo, con chị Trần Thị Hoa, số điện thoại …": the child is no subject, for the
    /// number is its mother's, but its name belongs to her record.
    pub(super) fn heads(&self, persons: &[Person]) -> Vec<bool> {
        let followers = persons.iter().skip(1).map(Some).chain([None]);
        // Officials are named between the subject of a letter and whom it is about.
        let mut counting = None;
        let mut next_counting: Vec<Option<usize>> = Vec::with_capacity(persons.len());
        for person in persons.iter().rev() {
            next_counting.push(counting);
            if person.counts {
                counting = Some(person.name.span.start);
            }
        }
        let is_head = |((head, next), counting): ((&Person, Option<&Person>), Option<usize>)| {
            let is_mention = head.is_again
                && !head.counts
                && counting.is_some_and(|start| start <= head.span.end + SUBJECT_REACH);
            let is_led = next.is_some_and(|next| {
                next.counts
                    && ((next.name.is_relation || self.is_alias(head, next))
                        && self.leads(head, next)
                        || self.is_kin_before(head, next)
                        || self.is_field_above(head, next))
            });
            is_mention || is_led
        };
        let next_counting = next_counting.into_iter().rev();
        let pairs = persons.iter().zip(followers).zip(next_counting);
        pairs.map(is_head).collect()
    }

    /// Whether somebody is spoken of by title in another's record: "tố cáo ông Nguyễn Văn Thử".
    pub(super) fn is_companion(&self, person: &Person) -> bool {
        person.name.form == Form::Full
            && !person.name.is_official
            && self.is_titled(person.name.span)
    }

    /// Whether a title and a given name speak of the person named in full right before: "ông Quàng
    /// Văn Thử … ông Thử thuộc hộ cận nghèo".
    pub(super) fn is_again(&self, person: &Person, name: Name) -> bool {
        let full = person.name.span;
        let given = name.span.of(self.text);
        name.form == Form::Given
            && person.name.form == Form::Full
            && name.span.start <= person.span.end + MENTION_REACH
            && full.of(self.text).rsplit(' ').next() == Some(given)
            || self.is_called_shortly(person, name)
    }

    /// Whether somebody of the highlands is named again without the clan: "ông Y Thử" for Y Thử Niê.
    fn is_called_shortly(&self, person: &Person, name: Name) -> bool {
        let (full, short) = (person.name.span.of(self.text), name.span.of(self.text));
        let is_called = || {
            full.strip_prefix(short)
                .is_some_and(|clan| clan.starts_with(' '))
        };
        name.span.start <= person.span.end + MENTION_REACH
            && matches!(short.split(' ').next(), Some("Y" | "H" | "A" | "K"))
            && short.contains(' ')
            && is_called()
    }

    /// Of whom nothing but numbers is told, by a given name that ends a name of a table, is the one in
    /// the table: "thẻ BHYT bà Mẫu" below it.
    pub(super) fn release_tabled(&self, tables: &[Record], persons: &mut [Person]) {
        let elements = tables.iter().flat_map(|table| &table.elements);
        let named = elements.filter(|element| element.category == Category::PersonName);
        let given: FxHashSet<&str> = named
            .filter_map(|name| name.span.of(self.text).split(' ').next_back())
            .collect();
        let is_tabled = |person: &&mut Person| {
            person.name.form == Form::Given
                && person.conditions.is_empty()
                && person.births.is_empty()
                && given.contains(person.name.span.of(self.text))
        };
        for person in persons.iter_mut().filter(is_tabled) {
            person.counts = false;
            person.is_again = true;
        }
    }

    /// Whether the label of another name of the same person stands before a name: "Tên gọi khác:".
    pub(super) fn is_other_name(&self, person: &Person, name: Name) -> bool {
        const LABELS: [&str; 5] = [
            "ten goi khac",
            "ten thuong goi",
            "ten khac",
            "bi danh",
            "biet danh",
        ];
        let between = Span::new(person.span.end, name.span.start.max(person.span.end));
        if between.len() > FIELDS_REACH {
            return false;
        }
        let label = between.of(self.text).trim_end_matches([' ', ':', '"', '(']);
        let label = folded(label);
        LABELS.iter().any(|known| label.ends_with(known))
    }

    /// Of whom a title and a given name speak, if the text named somebody so in full before others.
    pub(super) fn known<'p>(&self, persons: &'p [Person], name: Name) -> Option<&'p Person> {
        let given = name.span.of(self.text);
        let near = persons.iter().rev().take(KNOWN_MAX);
        let mut named = near.filter(|person| {
            person.name.form == Form::Full
                && name.span.start <= person.span.end + KNOWN_REACH
                && (name.form == Form::Given
                    && person.name.span.of(self.text).rsplit(' ').next() == Some(given)
                    || self.is_called_shortly(person, name))
        });
        named.next()
    }

    /// Whether the next name stands in brackets behind the first: "Thạch Thị Mẫu (Sơn Thị Thử)".
    pub(super) fn is_alias(&self, head: &Person, next: &Person) -> bool {
        gap(head.name.span, next.name.span).of(self.text).trim() == "("
    }

    /// Whether the first is named in a field of a form, above the field of the second: whoever
    /// declares somebody's death.
    fn is_field_above(&self, head: &Person, next: &Person) -> bool {
        let labels = |person: &Person| {
            let before = self.text.get(..person.name.span.start).unwrap_or_default();
            labels_name(last_chars(before, LINE_CHARS))
        };
        let between = gap(head.name.span, next.name.span);
        head.name.form == Form::Full
            && !head.name.is_official
            && between.len() <= FIELDS_REACH
            && labels(head)
            && labels(next)
    }

    /// Whether somebody's kin is named before the one who tells of it: "chồng tôi Lê Văn Thử mất năm
    /// 2020, tôi tên Trần Thị Mẫu".
    fn is_kin_before(&self, head: &Person, next: &Person) -> bool {
        let between = gap(head.name.span, next.name.span);
        let before = self.text.get(..head.name.span.start).unwrap_or_default();
        let near = last_chars(before, LINE_CHARS).trim_end();
        let whose = near.rsplit_once(' ').map_or("", |(kin, _)| kin);
        let spelling = self.spelling_at(head.name.span);
        head.name.form == Form::Full
            && !head.name.is_official
            && between.len() <= FIELDS_REACH
            && !between.of(self.text).contains('\n')
            && (self.names.relations.ends(near, spelling)
                || self.names.relations.ends(whose, spelling))
    }

    /// Whether a word for kin stands right behind a name in somebody's file: "Lò Văn Thử (bố, …".
    pub(super) fn is_kin(&self, person: &Person) -> bool {
        let behind = self.text.get(person.name.span.end..).unwrap_or_default();
        let bracket = behind.trim_start().strip_prefix('(');
        person.name.form == Form::Full
            && !person.name.is_official
            && bracket.is_some_and(|told| {
                let word = told.split(|c: char| !c.is_alphabetic()).next();
                word.is_some_and(|word| RELATIONS.contains(&folded(word).as_str()))
            })
    }

    /// Whether the next one's relative is named right before.
    fn leads(&self, head: &Person, next: &Person) -> bool {
        let between = gap(head.name.span, next.name.span).of(self.text);
        head.name.form == Form::Full
            && !head.name.is_official
            && between.len() <= HEAD_REACH
            && !between.contains(['\n', '.', '|'])
    }
}

/// Whether the head of a column stands over relatives: "Bố", "Vợ/chồng", "Con ông".
pub(super) fn is_of_kin(head: &str) -> bool {
    const WORDS: [&str; 17] = [
        "con",
        "vo",
        "chong",
        "me",
        "bo",
        "cha",
        "ong",
        "ba",
        "phu huynh",
        "than nhan",
        "cha me",
        "bo me",
        "con ong",
        "con ba",
        "nguoi nuoi duong",
        "nguoi giam ho",
        "nguoi cham soc",
    ];
    const NAMES: [&str; 4] = ["ho va ten ", "ho ten ", "ten ", "nguoi "];
    let plain = folded(head.split(['(', '/', ',', ':']).next().unwrap_or_default());
    let plain = plain.replace('_', " ");
    let plain = plain.trim();
    let bare = NAMES.iter().find_map(|name| plain.strip_prefix(name));
    WORDS.contains(&plain) || bare.is_some_and(|bare| WORDS.contains(&bare))
}

/// Whether what somebody is to another stands behind the birth: "(2010) - con".
pub(super) fn names_relation(after: &str) -> bool {
    let bare = after.trim_start_matches([')', ' ', '-', '–', ',', ':']);
    let word = bare.split(|c: char| !c.is_alphabetic()).next();
    bare.len() < after.len() && word.is_some_and(|word| RELATIONS.contains(&folded(word).as_str()))
}

/// Whether the line up to a name lists who belongs to a household: "Thành viên: ".
pub(super) fn is_member(before: &str) -> bool {
    const LABELS: [&str; 8] = [
        "thanh vien",
        "nhan khau",
        "cac con",
        "ho gom",
        "dinh gom",
        "con",
        "khau gom",
        "vo, con",
    ];
    let near = last_chars(before, LINE_CHARS);
    let line = near.rsplit('\n').next().unwrap_or_default();
    let Some((label, _)) = line.rsplit_once(':') else {
        return false;
    };
    let label = folded(label.trim_end());
    let label = label.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    LABELS.iter().any(|known| label.ends_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_stand_behind_births() {
        assert!(names_relation(") - con"));
        assert!(names_relation(", VỢ chủ hộ"));
        assert!(!names_relation(") là con số"));
        assert!(!names_relation("con"));
    }
}
