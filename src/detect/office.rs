//! Is somebody named by an office, and is it theirs: "Chủ tịch UBND xã Lê Văn Mẫu"?
//!
//! In: what stands around a name. Out: whether an office is told of it, and whether no other than
//! that of a colleague: "đ/c Mẫu", "cán bộ Lê Văn Mẫu".
//!
//! Never: what else is told of the person; `record` weighs it.

use crate::detect::context::last_chars;
use crate::detect::damaged::DamagedPhrases;
use crate::detect::fold::{begins_folded, folded, is_folded};
use crate::detect::letter::in_small;
use crate::detect::name_before::{AROUND_CHARS, is_introduced, of_clause, of_entry};
use crate::detect::person::{Name, Names};
use crate::detect::phrase::{Glossary, Phrases, Spelling};
use crate::detect::words;
use crate::model::part::Span;

/// Before a name with its office on the line below stands no more than a number and a title, in
/// characters.
const OFFICE_LEAD_CHARS: usize = 24;
/// An office is told so far behind a comrade's birth, in bytes.
const COMRADE_REACH: usize = 160;

/// The words for offices.
pub(super) struct Offices {
    pub(super) all: Phrases,
    damaged: DamagedPhrases,
    /// Whether each is that of somebody who only works there.
    full: Glossary<bool>,
    plain: Glossary<bool>,
}

impl Offices {
    /// Reads a list of words.
    pub(super) fn new(list: &'static str) -> Option<Self> {
        Some(Self {
            all: Phrases::new(list, "office")?,
            damaged: DamagedPhrases::new(list, "office")?,
            full: ranked(list, str::to_lowercase)?,
            plain: ranked(list, folded)?,
        })
    }

    /// Whether an office stands before or behind a name, though a part of its diacritics is lost.
    fn are_near(&self, before: &str, after: &str, spelling: Spelling) -> bool {
        self.all.occurs_in(before, spelling)
            || self.all.begins(after, spelling)
            || spelling == Spelling::Full
                && (self.damaged.occurs_in(before) || self.damaged.begins(after))
    }

    /// Whether those told are of colleagues only.
    fn are_of_colleagues(&self, before: &str, after: &str, spelling: Spelling) -> bool {
        let behind = match self.all.begins(after, spelling) {
            true => after
                .split([',', '.', ';', '\n'])
                .find(|part| !part.trim().is_empty()),
            false => None,
        };
        let behind = behind.unwrap_or_default();
        let (ranked, [before, behind]) = match spelling {
            Spelling::Full => (
                &self.full,
                [before, behind].map(|s| in_small(s).into_owned()),
            ),
            Spelling::Plain => (&self.plain, [before, behind].map(folded)),
        };
        let told = [before.as_bytes(), behind.as_bytes()];
        let mut ranks = told
            .into_iter()
            .flat_map(|text| ranked.find(text))
            .peekable();
        ranks.peek().is_some() && ranks.all(|(_, is_of_colleague)| is_of_colleague)
    }
}

/// The offices of a list, and whether each is a colleague's.
fn ranked(list: &'static str, spelled: impl Fn(&str) -> String) -> Option<Glossary<bool>> {
    let of = |section: &str, is_of_colleague: bool| {
        let words = words::section(list, section).into_iter();
        words
            .map(|word| (spelled(word), is_of_colleague))
            .collect::<Vec<_>>()
    };
    // An office that stands in both lists is a colleague's.
    Glossary::new([of("colleague", true), of("office", false)].concat())
}

/// What an office near a name says of the one named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Office {
    /// Whether the person is named by office.
    pub is_told: bool,
    /// Whether by none but that of a colleague, whose private life is no office's matter.
    pub is_of_colleague: bool,
}

impl Name {
    /// Adds what is told of an office where the same person is named elsewhere: the highest counts.
    pub(super) const fn add_office(&mut self, other: Self) {
        let is_mere = self.is_colleague || !self.is_official;
        self.is_colleague = is_mere && (other.is_colleague || !other.is_official);
        self.is_official |= other.is_official;
    }
}

impl Names {
    /// What the words around a name say of an office.
    pub(super) fn office_of(&self, text: &str, name: Span, spelling: Spelling) -> Option<Office> {
        let before = last_chars(text.get(..name.start)?, AROUND_CHARS);
        // "chủ tịch, tôi là": whoever says the own name has no office that stands before.
        let near = match is_introduced(before) {
            true => "",
            false => for_whom(of_clause(of_entry(self.of_field(before, spelling)))),
        };
        let rest = text.get(name.end..)?;
        let end = rest
            .char_indices()
            .nth(AROUND_CHARS)
            .map_or(rest.len(), |(at, _)| at);
        let after = rest.get(..end)?.split("\n\n").next()?;
        // Below a sentence that ends with a name stands the office of somebody else.
        let line = before.rsplit('\n').next().unwrap_or_default();
        let ends_line = after.starts_with('\n') && line.trim().chars().count() > OFFICE_LEAD_CHARS;
        let after = if ends_line { "" } else { after };
        let is_near = |before: &str| self.offices.are_near(before, after, spelling);
        let reported = || of_report(near);
        let is_told = is_near(near)
            && is_near(reported())
            && !self.is_comrade_born(reported(), rest, spelling)
            || self.offices.all.begins(held_office(after), spelling);
        let offices = &self.offices;
        let is_of_colleague = is_told && offices.are_of_colleagues(reported(), after, spelling);
        Some(Office {
            is_told,
            is_of_colleague,
        })
    }

    /// Whether somebody's birth stands right behind the name, and no office but "đồng chí" is told around:
    /// "đ/c Lê Thị Thử, sinh 1985, dân tộc Thái".
    fn is_comrade_born(&self, before: &str, rest: &str, spelling: Spelling) -> bool {
        let lead = before.trim_end();
        let title = lead.rsplit(' ').next().unwrap_or_default();
        let title = match is_folded(title, &["chi"]) {
            true => last_words(lead, 2),
            false => title,
        };
        let behind = rest.get(..rest.floor_char_boundary(COMRADE_REACH));
        let behind = behind.unwrap_or_default().split('\n').next();
        let behind = behind.unwrap_or_default();
        let told = behind.trim_start_matches([' ', ',', ';', '-', ':', '(']);
        let other = lead.get(..lead.len() - title.len()).unwrap_or_default();
        is_folded(title, &["dong chi", "d/c"])
            && ["sinh ", "sn ", "ntns"]
                .iter()
                .any(|word| begins_folded(told, word))
            && !self.offices.are_near(other, "", spelling)
            && !self.offices.all.occurs_in(behind, spelling)
    }

    /// What stands before a name in its own field: "Họ và tên:" tells of nobody whose office stands
    /// on the line above.
    fn of_field<'t>(&self, before: &'t str, spelling: Spelling) -> &'t str {
        match before.rsplit_once('\n') {
            Some((_, line))
                if line.trim_end().ends_with(':') && self.honorifics.ends(line, spelling) =>
            {
                line
            }
            Some(_) | None => before,
        }
    }
}

/// What stands behind the last "cho": "bác sĩ Mẫu khám cho cháu" tells of no office of the child.
fn for_whom(before: &str) -> &str {
    before.rsplit(" cho ").next().unwrap_or_default()
}

/// What somebody in an office reports, or what the next sentence tells: "Trưởng thôn báo nhà bà
/// Mẫu bị cháy", "Bác sĩ trạm ghi: Lê Thị Thử", "Em là cán bộ. Có trường hợp chị Mẫu".
fn of_report(before: &str) -> &str {
    const REPORTS: [&str; 32] = [
        " báo cáo ",
        " báo nhà ",
        " báo tin ",
        " báo là ",
        " báo có ",
        " báo ông ",
        " báo bà ",
        " báo anh ",
        " báo chị ",
        " báo em ",
        " báo cháu ",
        " báo cụ ",
        " ghi: ",
        " nhắn: ",
        " nhắn ",
        " phản ánh ",
        " kể ",
        " nói ",
        " than ",
        ": \"",
        ": “",
        " rằng ",
        " gặp ",
        " làm việc với ",
        " lập biên bản ",
        " giúp hộ ",
        " giúp đỡ ",
        " đỡ đầu ",
        " theo dõi ",
        " phụ trách hộ ",
        " đến nhà ",
        " đến thăm ",
    ];
    let small = in_small(before);
    let ends = REPORTS
        .iter()
        .filter_map(|report| small.rfind(report).map(|at| at + report.len()));
    let own = own_words_end(&small);
    let end = ends.chain(end_of_sentence(before)).chain(own).max();
    // What is longer or shorter in small letters is left whole.
    end.filter(|_| small.len() == before.len())
        .and_then(|end| before.get(end..))
        .unwrap_or(before)
}

/// Where the words end with which somebody tells the own office: "Tui cán bộ xã, ông".
fn own_words_end(small: &str) -> Option<usize> {
    const OWN: [&str; 6] = [
        "tôi là ",
        "tui là ",
        "tui ",
        "em là ",
        "mình là ",
        "tôi làm ",
    ];
    let comma = small.rfind(", ")?;
    let lead = small.get(..comma)?;
    OWN.iter()
        .any(|own| lead.contains(own))
        .then_some(comma + 2)
}

/// Where the last sentence ends, if more than a title follows.
fn end_of_sentence(before: &str) -> Option<usize> {
    const TITLE_WORDS: usize = 1;
    const WORD_BYTES_MIN: usize = 3;
    let (lead, next) = before.rsplit_once(". ")?;
    let word = lead.rsplit([' ', '\n', '.']).next()?;
    // "ThS" and "TS" end none.
    let is_word = word.len() >= WORD_BYTES_MIN && word.chars().skip(1).all(char::is_lowercase);
    (is_word && next.split_whitespace().count() > TITLE_WORDS).then_some(before.len() - next.len())
}

/// The last words of a text.
fn last_words(text: &str, count: usize) -> &str {
    let start = text
        .rmatch_indices(' ')
        .nth(count - 1)
        .map_or(0, |(at, _)| at + 1);
    text.get(start..).unwrap_or_default()
}

/// What is said to be held behind a name and a bracket: "(sinh 1970) giữ chức Bí thư".
fn held_office(after: &str) -> &str {
    const HELD: [&str; 3] = ["giữ chức vụ ", "giữ chức ", "làm "];
    let bracket = after.trim_start().strip_prefix('(');
    let behind = bracket.and_then(|told| told.split_once(") "));
    let behind = behind.map_or("", |(_, behind)| behind);
    let office = HELD.iter().find_map(|held| behind.strip_prefix(held));
    office.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(text: &str) -> Office {
        let names = Names::new().unwrap();
        let at = text.find("Mẫu").unwrap();
        let name = Span::new(at, at + "Mẫu".len());
        names.office_of(text, name, Spelling::Full).unwrap()
    }

    #[test]
    fn colleagues_and_those_of_whom_is_reported_are_told_from_officials() {
        for text in [
            "Chủ tịch UBND xã Mẫu",
            "đ/c Mẫu, Bí thư Đảng ủy",
            "Bí thư Mẫu",
        ] {
            let office = office(text);
            assert!(office.is_told && !office.is_of_colleague, "{text}");
        }
        for text in [
            "đ/c Mẫu",
            "cán bộ Mẫu xin nghỉ",
            "chị Mẫu, bí thư chi bộ thôn",
        ] {
            assert!(office(text).is_of_colleague, "{text}");
        }
        for text in [
            "Trưởng thôn báo nhà bà Mẫu bị cháy",
            "Em là cán bộ tư pháp. Có trường hợp chị Mẫu",
            "Tui cán bộ xã, ông Mẫu",
        ] {
            assert!(!office(text).is_told, "{text}");
        }
    }
}
