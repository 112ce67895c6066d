//! What does a cell of a table hold, by what stands in it? For columns without a head.
//!
//! Never: a finding; a cell alone says little, a column of them enough.

use crate::detect::columns::Column;
use crate::detect::fold::begins_folded;
use crate::detect::person::Names;

/// Words with which the place where somebody lives begins.
const HOMES: [&str; 21] = [
    "thon ",
    "xom ",
    "ap ",
    "ban ",
    "buon ",
    "to ",
    "to dan pho",
    "tdp ",
    "khu ",
    "khu pho",
    "so nha",
    "xa ",
    "phuong ",
    "duong ",
    "lang ",
    "soc ",
    "doi ",
    "ngo ",
    "kp ",
    "plei ",
    "khom ",
];

/// What stands in a cell, if that can be told.
pub(super) fn content(cell: &str, names: &Names, year_now: i32) -> Option<Column> {
    if cell.len() > 160 || cell.is_empty() {
        return None;
    }
    if cell
        .bytes()
        .all(|b| b.is_ascii_digit() || b" /.-".contains(&b))
    {
        if is_birth(cell, year_now) {
            return Some(Column::Birth);
        }
        if is_identifier(cell) {
            return Some(Column::Identifier);
        }
    }
    if names.is_office(cell) {
        return Some(Column::Office);
    }
    if names.is_surely_name(
        cell.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ' | '/')),
    ) {
        return Some(Column::Name);
    }
    HOMES
        .iter()
        .any(|home| begins_folded(cell, home))
        .then_some(Column::Address)
}

/// Whether a date or a year, early enough to be of a birth: those of this year and the last are
/// dates of meetings and papers.
fn is_birth(cell: &str, year_now: i32) -> bool {
    let parts: Vec<&str> = cell.split(['/', '.', '-']).map(str::trim).collect();
    let numbers: Option<Vec<i32>> = parts
        .iter()
        .map(|part| {
            part.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| part.parse().ok())?
        })
        .collect();
    let lived = 1900..year_now - 1;
    match numbers.as_deref() {
        Some([year]) => parts.first().is_some_and(|part| part.len() == 4) && lived.contains(year),
        Some([day, month, year]) | Some([year, month, day]) if *year > 1900 => {
            (1..=31).contains(day) && (1..=12).contains(month) && lived.contains(year)
        }
        Some(_) | None => false,
    }
}

/// Whether digits as long as those of a person, or of a mobile telephone.
fn is_identifier(cell: &str) -> bool {
    let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
    let is_number = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'.' | b'-'));
    let is_phone =
        digits.len() == 10 && matches!(digits.as_slice(), [b'0', b'3' | b'5' | b'7'..=b'9', ..]);
    is_number && (digits.len() == 12 || is_phone)
}

/// Heads have no long numbers; rows do.
pub(super) fn has_long_number(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run >= 4
    })
}
