//! Whose name belongs to a record though the text tells nothing else of the person?
//!
//! Never: subjects; a name alone makes none.

use crate::detect::fold::folded;
use crate::detect::person::Form;
use crate::detect::record::{Person, Sources, gap};

/// How near a relative follows the one whose relative it is, in bytes.
const HEAD_REACH: usize = 40;

impl Sources<'_> {
    /// "Nguyễn Gia Bảo, con chị Trần Thị Hoa, số điện thoại …": the child is no subject, for the
    /// number is its mother's, but its name belongs to her record.
    pub(super) fn heads(&self, persons: &[Person]) -> Vec<bool> {
        let followers = persons.iter().skip(1).map(Some).chain([None]);
        let is_head = |(head, next): (&Person, Option<&Person>)| {
            next.is_some_and(|next| {
                next.counts
                    && (next.name.is_relation || self.is_alias(head, next))
                    && self.leads(head, next)
            })
        };
        persons.iter().zip(followers).map(is_head).collect()
    }

    /// Whether the next name stands in brackets behind the first: "Thạch Thị Mẫu (Sơn Thị Thử)".
    fn is_alias(&self, head: &Person, next: &Person) -> bool {
        gap(head.name.span, next.name.span).of(self.text).trim() == "("
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

/// Whether what somebody is to another stands behind the birth: "(2010) - con".
pub(super) fn names_relation(after: &str) -> bool {
    const RELATIONS: [&str; 6] = ["con", "vo", "chong", "me", "bo", "chau"];
    let bare = after.trim_start_matches([')', ' ', '-', '–', ',', ':']);
    let word = bare.split(|c: char| !c.is_alphabetic()).next();
    bare.len() < after.len() && word.is_some_and(|word| RELATIONS.contains(&folded(word).as_str()))
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
