//! Which two columns of a table hold a name in two: surname and middle names, then the given name?
//!
//! Schools write their lists so. What the cells show decides; heads say too little: "Họ và tên"
//! over both columns stands over the first of them only.
//!
//! Never: whether the table holds people; `table` and `headless` decide.

use std::collections::HashSet;

use crate::detect::columns::Column;
use crate::detect::fold::folded;
use crate::detect::grid::Row;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::person::Names;
use crate::detect::table::{Cell, Heads, Reading};
use crate::model::part::Span;

/// Surname and middle names have so many words.
const FAMILY_WORDS_MAX: usize = 4;
/// So many given names that are all alike are something else: a people, a place.
const ALIKE_MAX: usize = 3;

impl Reading<'_> {
    /// Tells the columns of surnames and given names from those of whole names.
    pub(super) fn split_names(self, heads: &mut Heads, rows: &[&Row], text: &str) {
        for at in 1..heads.0.len() {
            let Some([(_, family), (_, given)]) = heads.0.get_mut(at - 1..=at) else {
                continue;
            };
            let may_be = |column: Option<Column>| matches!(column, None | Some(Column::Name));
            if may_be(*family) && may_be(*given) && self.are_split(rows, at, text) {
                *family = Some(Column::Family);
                *given = Some(Column::Given);
            }
        }
    }

    /// Whether most rows have surnames before a cell with one given name.
    fn are_split(self, rows: &[&Row], at: usize, text: &str) -> bool {
        let mut given_names = HashSet::new();
        let (mut filled, mut split) = (0, 0);
        for row in rows {
            let Some([family, given]) = row.cells.get(at - 1..=at) else {
                continue;
            };
            let (family, given) = (family.of(text), given.of(text));
            if family.is_empty() && given.is_empty() {
                continue;
            }
            filled += 1;
            if self.names.is_split(family, given) {
                split += 1;
                given_names.insert(folded(given));
            }
        }
        split > 0 && 5 * split >= 3 * filled && (split < ALIKE_MAX || given_names.len() > 1)
    }
}

/// Words for kin, and those that go with them.
const KIN: [&str; 38] = [
    "vợ", "chồng", "con", "mẹ", "bố", "là", "cha", "ông", "bà", "cô", "dì", "chú", "bác", "cậu",
    "mợ", "thím", "anh", "chị", "em", "cháu", "ngoại", "nội", "ruột", "đẻ", "gái", "trai", "dâu",
    "rể", "vo", "chong", "me", "bo", "la", "ba", "ngoai", "noi", "gai", "re",
];

/// Whether the word says which relative somebody is.
pub(super) fn is_kin_word(word: &str) -> bool {
    let small = in_small(word);
    !matches!(&*small, "là" | "la" | "ông" | "anh" | "chị" | "em" | "ba") && KIN.contains(&&*small)
}

/// What stands behind "vợ", "con" before a name.
pub(super) fn without_kin(piece: &str) -> &str {
    let mut rest = piece.trim_start_matches([' ', '-', '–']);
    while let Some((word, behind)) = rest.split_once(' ') {
        let small = word.to_lowercase();
        let is_kin = KIN.contains(&small.as_str());
        if !is_kin || !behind.contains(' ') || opens_name_itself(&small, behind) {
            break;
        }
        rest = behind;
    }
    rest
}

/// Whether a word for kin without its diacritics is rather the surname of the name: "Vo Thi Mau", but
/// not "vo Tran Thi Mau".
fn opens_name_itself(word: &str, behind: &str) -> bool {
    const SURNAMES: [&str; 14] = [
        "nguyen", "tran", "pham", "phan", "huynh", "bui", "dang", "ngo", "dinh", "truong", "trinh",
        "duong", "luong", "vu",
    ];
    let mut words = behind.split(' ').map(folded);
    let first = words.next().unwrap_or_default();
    let has_mark = matches!(words.next().as_deref(), Some("van" | "thi"));
    matches!(word, "vo" | "bo" | "la") && !SURNAMES.contains(&first.as_str()) && !has_mark
}

impl Names {
    /// Whether the first cell may hold surname and middle names, and the second the given name.
    fn is_split(&self, family: &str, given: &str) -> bool {
        let mut words = family.split_whitespace();
        let opens = words
            .next()
            .is_some_and(|word| self.is_surname(&word.to_lowercase()));
        let plain = folded(given);
        opens
            && words.count() < FAMILY_WORDS_MAX
            && given.chars().all(is_letter)
            && !matches!(plain.as_str(), "nam" | "nu" | "kinh" | "tay" | "muong")
            && self.givens.contains(&plain)
    }

    /// Adds who else is named in a cell: husband and wife, whoever stands for somebody.
    fn add_others(&self, text: &str, cell: Span, known: Option<Span>, found: &mut Vec<Span>) {
        let rest = Span::new(known.map_or(cell.start, |known| known.end), cell.end);
        let mut at = rest.start;
        for part in rest.of(text).split([':', ',', ';', '(', ')', '&', '+']) {
            let mut start = at;
            for piece in part.split(" và ") {
                let bare = without_kin(piece);
                let from = start + piece.len() - bare.len();
                let name = Self::kept(text, Span::new(from, from + bare.len()));
                if self.is_surely_name(name.of(text)) {
                    found.push(name);
                }
                start += piece.len() + " và ".len();
            }
            at += part.len() + 1;
        }
    }

    /// The names in a row of a table of people: of one person, in one cell or in two.
    pub(super) fn in_row(&self, text: &str, row: &[Cell]) -> Vec<Span> {
        let mut found = Vec::new();
        let next = row.iter().skip(1).map(Some).chain([None]);
        for (cell, next) in row.iter().zip(next) {
            match cell.column {
                Some(Column::Name) => {
                    let known = self.in_cell(text, cell.span);
                    let known = known.or_else(|| self.in_cell_among(text, *cell));
                    found.extend(known);
                    self.add_others(text, cell.span, known, &mut found);
                }
                Some(Column::Family) => {
                    let given = next.filter(|next| next.column == Some(Column::Given));
                    let both = given.filter(|given| {
                        let whole = format!("{} {}", cell.span.of(text), given.span.of(text));
                        self.is_name_cell(&whole)
                    });
                    found.extend(both.into_iter().flat_map(|given| [cell.span, given.span]));
                }
                _ => {}
            }
        }
        found
    }
}
