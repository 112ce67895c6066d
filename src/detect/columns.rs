//! What does a column of a table hold, by its head?
//!
//! Never: what stands in its cells; `table` looks at those.

use std::cmp::Reverse;

use aho_corasick::AhoCorasick;

use crate::detect::fold::{Folded, begins_folded, folded, has_diacritics};
use crate::detect::glance::Glance;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::lexicon::{List, Near};
use crate::detect::prefilter::is_whole_word;
use crate::detect::words;
use crate::model::part::Span;

const COLUMNS: &str = include_str!("../../patterns/words/columns.txt");

/// A head longer than this is a sentence.
const HEAD_CHARS_MAX: usize = 64;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Names of something else than persons.
    NotPersonal,
    /// Names of persons.
    Name,
    /// Surnames with middle names; the given name stands in the next column.
    Family,
    /// Given names behind those.
    Given,
    /// Birth dates or years.
    Birth,
    /// Ages.
    Age,
    /// Where people live.
    Address,
    /// Numbers and addresses that stand for one person.
    Identifier,
    /// How to reach somebody.
    Contact,
    /// Health.
    Health,
    /// Social policy.
    Welfare,
    /// School.
    Student,
    /// Passwords.
    Secret,
    /// Offices held.
    Office,
    /// Other facts about a person, which do not make a record.
    Private,
}

/// The heads that are known.
pub(super) struct Columns {
    /// Those with which a table of people, of passwords or of organisations is known.
    opening: Vec<Opening>,
    entries: Vec<Entry>,
    /// The heads as they are written, each by its place among the entries.
    written: AhoCorasick,
    /// The same without diacritics.
    folded: AhoCorasick,
}

/// A head that a glance looks for.
struct Opening {
    written: String,
    /// Whether it opens a table of organisations, not of people.
    is_of_others: bool,
}

/// Where heads may stand in a text.
#[derive(Clone, Debug)]
pub(super) enum HeadsAt {
    /// Nobody looked.
    Anywhere,
    /// By their ends, in order.
    Ends(Vec<usize>),
}

impl HeadsAt {
    /// Whether a text has any.
    pub(super) const fn are_any(&self) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Ends(ends) => !ends.is_empty(),
        }
    }

    /// Whether one may stand in a span.
    pub(super) fn may_stand_in(&self, span: Span) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Ends(ends) => {
                let next = ends.partition_point(|end| *end <= span.start);
                ends.get(next).is_some_and(|end| *end <= span.end)
            }
        }
    }
}

struct Entry {
    column: Column,
    written: String,
    /// Whether it must be the whole head.
    whole: bool,
    /// Whether it has several words.
    has_words: bool,
}

/// Whom a head tells of is said in so many characters.
const OPENING_CHARS_MAX: usize = 24;
/// A head this short is a head only when it stands alone.
const SHORT_HEAD_CHARS: usize = 3;

impl Columns {
    /// Reads the word list; nothing if it is too long.
    pub(super) fn new() -> Option<Self> {
        let mut entries: Vec<Entry> = Vec::new();
        for (name, heads) in words::sections(COLUMNS) {
            let Some(column) = column(name) else {
                continue;
            };
            entries.extend(heads.into_iter().map(|head| Entry {
                column,
                written: head.to_owned(),
                has_words: head.contains(' '),
                whole: !head.contains(' ')
                    && !matches!(column, Column::Identifier | Column::Contact),
            }));
        }
        let opens = |column| matches!(column, Column::Name | Column::Secret | Column::NotPersonal);
        let opening = entries.iter().filter(|entry| opens(entry.column));
        let opening = opening.flat_map(|entry| {
            let is_of_others = entry.column == Column::NotPersonal;
            let spellings = [entry.written.clone(), entry.written.replace(' ', "")];
            spellings.map(|written| Opening {
                written,
                is_of_others,
            })
        });
        let folded = entries.iter().map(|entry| folded(&entry.written));
        Some(Self {
            opening: opening.collect(),
            written: AhoCorasick::new(entries.iter().map(|entry| &entry.written)).ok()?,
            folded: AhoCorasick::new(folded).ok()?,
            entries,
        })
    }

    /// The words of the list [`List::Heads`].
    pub(super) fn opening(&self) -> Vec<&str> {
        let words = self.opening.iter();
        words.map(|head| head.written.as_str()).collect()
    }

    /// Where heads may stand in a text: nowhere if none of people or of passwords may.
    pub(super) fn heads_in(&self, glance: &Glance<'_>) -> HeadsAt {
        let mut is_any = false;
        let mut ends = Vec::new();
        for hit in glance.hits(List::Heads, |near| self.may_head(near)) {
            let head = self.opening.get(hit.word);
            is_any |= head.is_some_and(|head| !head.is_of_others);
            ends.push(hit.span.end);
        }
        HeadsAt::Ends(if is_any { ends } else { Vec::new() })
    }

    /// Whether the word may be a head: `hoTenChuHo` is four words; the shortest stand in any word.
    fn may_head(&self, near: &Near<'_>) -> bool {
        let is_short = self
            .opening
            .get(near.word)
            .is_some_and(|head| head.written.chars().count() <= SHORT_HEAD_CHARS);
        !is_short || !near.is_after_letter() && !near.is_before_letter()
    }

    /// What a column with this head holds.
    pub(super) fn column_of(&self, head: &str) -> Option<Column> {
        if head.chars().count() > HEAD_CHARS_MAX {
            return None;
        }
        if !has_diacritics(head) {
            return self.column_of_folded(&Folded::new(head).text(), false);
        }
        // Of some heads a part of the diacritics is lost.
        self.column_of_written(&in_small(head))
            .or_else(|| self.column_of_folded(&folded(head), true))
    }

    fn column_of_written(&self, head: &str) -> Option<Column> {
        self.first_in(head, &self.written, |_| true)
    }

    /// What a head without diacritics stands for; one that has lost a part of them must have several
    /// words.
    fn column_of_folded(&self, head: &str, is_damaged: bool) -> Option<Column> {
        self.first_in(head, &self.folded, |entry| !is_damaged || entry.has_words)
    }

    fn first_in(
        &self,
        head: &str,
        words: &AhoCorasick,
        may_be: impl Fn(&Entry) -> bool,
    ) -> Option<Column> {
        let head = head.trim_start_matches(|c: char| !is_letter(c));
        let fitting = words.find_overlapping_iter(head).filter_map(|met| {
            let index = met.pattern().as_usize();
            let entry = self.entries.get(index).filter(|entry| may_be(entry))?;
            let is_met = if entry.whole {
                let rest = head.get(met.end()..)?.trim_start();
                met.start() == 0 && (rest.is_empty() || rest.starts_with(['(', '/', ',', '-']))
            } else {
                is_whole_word(head, Span::new(met.start(), met.end()))
            };
            let is_personal = entry.column != Column::NotPersonal;
            let length = Reverse(entry.written.len());
            is_met.then_some(((is_personal, met.start(), length, index), entry.column))
        });
        // What a head is about comes first: "mã học sinh" is a number. The longer word says more.
        fitting
            .min_by_key(|(key, _)| *key)
            .map(|(_, column)| column)
    }
}

fn column(section: &str) -> Option<Column> {
    Some(match section {
        "not_personal" => Column::NotPersonal,
        "name" => Column::Name,
        "birth" => Column::Birth,
        "age" => Column::Age,
        "address" => Column::Address,
        "contact" => Column::Contact,
        "identifier" => Column::Identifier,
        "health" => Column::Health,
        "welfare" => Column::Welfare,
        "student" => Column::Student,
        "secret" => Column::Secret,
        "office" => Column::Office,
        "private" => Column::Private,
        _ => return None,
    })
}

/// Whether the column holds names of persons, or the first part of them.
pub(super) const fn is_name(column: Column) -> bool {
    matches!(column, Column::Name | Column::Family)
}

/// Whether the column holds something that makes a name a person's record.
pub(super) const fn is_personal(column: Column) -> bool {
    matches!(
        column,
        Column::Birth
            | Column::Age
            | Column::Address
            | Column::Identifier
            | Column::Contact
            | Column::Health
            | Column::Welfare
            | Column::Student
    )
}

/// Whether the head may stand over names: "Đối tượng", "Người nhận".
pub(super) fn is_of_person(head: &str) -> bool {
    let head = folded(head);
    head.starts_with("doi tuong") || head.starts_with("nguoi ") || head.contains("ten")
}

/// Whether the head tells of somebody, whoever it is: "Người chết", "Tên thành viên". Those who make
/// a paper are officials.
pub(super) fn tells_person(head: &str) -> bool {
    const MAKERS: [&str; 16] = [
        "ky",
        "lap",
        "soan",
        "thuc hien",
        "phu trach",
        "lien he",
        "kiem tra",
        "giao",
        "duyet",
        "dai dien",
        "dung dau",
        "phat ngon",
        "cao tuoi",
        "khuyet tat",
        "ngheo",
        "co cong",
    ];
    const PEOPLE: [&str; 10] = [
        "thanh vien",
        "nguoi",
        "chau",
        "tre",
        "hoc vien",
        "nan nhan",
        "than nhan",
        "vo",
        "chong",
        "con",
    ];
    let opening = head
        .char_indices()
        .nth(OPENING_CHARS_MAX)
        .and_then(|(end, _)| head.get(..end));
    let head = Folded::new(opening.unwrap_or(head)).text();
    let of = |words: &[&str], rest: &str| {
        let mut begun = words.iter().filter_map(|word| rest.strip_prefix(word));
        begun.any(|behind| !behind.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    match (head.strip_prefix("nguoi "), head.strip_prefix("ten ")) {
        (Some(rest), _) => !of(&MAKERS, rest),
        (None, Some(rest)) => of(&PEOPLE, rest),
        (None, None) => false,
    }
}

/// Whether the head names a thing or a place: streets and books bear the names of people.
pub(super) fn is_of_thing(head: &str) -> bool {
    const THINGS: [&str; 12] = [
        "duong",
        "tuyen",
        "cau",
        "truong",
        "sach",
        "cong trinh",
        "di tich",
        "cong ty",
        "san pham",
        "dia danh",
        "tac gia",
        "nguoi viet",
    ];
    let words = format!(" {} ", Folded::new(head).text());
    THINGS
        .iter()
        .any(|thing| words.contains(&format!(" {thing} ")))
}

/// Whether the head stands over money that is given, or who signs for it.
pub(super) fn is_of_payment(head: &str) -> bool {
    ["so tien", "ky nhan", "ky ten", "thanh tien", "muc huong"]
        .iter()
        .any(|paid| begins_folded(head, paid))
}

/// The heads that any table has are no longer.
const PLAIN_CHARS_MAX: usize = 10;

/// Heads that any table has.
pub(super) fn is_plain(head: &str) -> bool {
    let is_short = head.chars().nth(PLAIN_CHARS_MAX).is_none();
    is_short
        && matches!(
            folded(head).as_str(),
            "" | "stt"
                | "tt"
                | "so tt"
                | "id"
                | "no"
                | "#"
                | "ghi chu"
                | "note"
                | "ma"
                | "ngan hang"
                | "ky nhan"
                | "ky ten"
                | "so tien"
                | "thanh tien"
                | "don gia"
                | "so luong"
                | "trang thai"
        )
}
