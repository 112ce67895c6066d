//! Which tables of the text hold people, and what is in their columns?
//!
//! In: the text's lines. Out: tables whose head names at least two personal columns, with the
//! spans of their cells. Cells are parted by `|`, tab, `;` or `,`.
//!
//! Never: findings; `record` makes those.

use crate::detect::fold::{folded, has_diacritics};
use crate::detect::layout::{Layout, Line};
use crate::detect::words;
use crate::model::part::Span;

const COLUMNS: &str = include_str!("../../patterns/words/columns.txt");

/// A head longer than this is a sentence.
const HEAD_CHARS_MAX: usize = 64;
/// A table has at most so many columns; what stands beyond is not looked at.
const COLUMNS_MAX: usize = 64;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Names of something else than persons.
    NotPersonal,
    /// Names of persons.
    Name,
    /// Birth dates or years.
    Birth,
    /// Where people live.
    Address,
    /// Numbers and addresses that stand for one person.
    Identifier,
    /// Health.
    Health,
    /// Social policy.
    Welfare,
    /// School.
    Student,
    /// Offices held.
    Office,
    /// Other facts about a person, which do not make a record.
    Private,
}

/// The heads that are known.
pub(super) struct Columns {
    entries: Vec<Entry>,
}

struct Entry {
    column: Column,
    written: String,
    folded: String,
    /// Whether it must be the whole head.
    whole: bool,
}

/// A table of people.
#[derive(Debug)]
pub(super) struct Table {
    /// From its head to its last row.
    pub span: Span,
    /// The heads: text and what the column holds.
    pub heads: Vec<(String, Option<Column>)>,
    /// The cells of each row.
    pub rows: Vec<Vec<Span>>,
}

/// All tables of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// The tables.
    pub tables: Vec<Table>,
}

impl Columns {
    /// Reads the word list.
    pub(super) fn new() -> Self {
        let mut entries = Vec::new();
        for (name, heads) in words::sections(COLUMNS) {
            let Some(column) = column(name) else {
                continue;
            };
            entries.extend(heads.into_iter().map(|head| Entry {
                column,
                written: head.to_owned(),
                folded: folded(head),
                whole: !head.contains(' ') && column != Column::Identifier,
            }));
        }
        Self { entries }
    }

    /// What a column with this head holds.
    fn column_of(&self, head: &str) -> Option<Column> {
        if head.chars().count() > HEAD_CHARS_MAX {
            return None;
        }
        let exact = has_diacritics(head);
        let head = if exact {
            head.to_lowercase()
        } else {
            folded(head)
        };
        let fits = |entry: &&Entry| {
            let word = if exact { &entry.written } else { &entry.folded };
            if entry.whole {
                let rest = head.strip_prefix(word.as_str());
                rest.is_some_and(|rest| {
                    rest.trim_start().is_empty() || rest.trim_start().starts_with(['(', '/'])
                })
            } else {
                holds_words(&head, word)
            }
        };
        self.entries.iter().find(fits).map(|entry| entry.column)
    }
}

/// Whether the text holds the words whole.
fn holds_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + words.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn column(section: &str) -> Option<Column> {
    Some(match section {
        "not_personal" => Column::NotPersonal,
        "name" => Column::Name,
        "birth" => Column::Birth,
        "address" => Column::Address,
        "identifier" => Column::Identifier,
        "health" => Column::Health,
        "welfare" => Column::Welfare,
        "student" => Column::Student,
        "office" => Column::Office,
        "private" => Column::Private,
        _ => return None,
    })
}

impl Tables {
    /// Finds the tables of people.
    pub(super) fn new(layout: &Layout<'_>, columns: &Columns) -> Self {
        let mut found = Self::default();
        let mut open: Option<(char, Table)> = None;
        for line in layout.lines() {
            let text = line.span.of(layout.text());
            if text.trim().is_empty() {
                continue;
            }
            let Some(sign) = parting_sign(text) else {
                found.tables.extend(open.take().map(|(_, table)| table));
                continue;
            };
            if is_rule_line(text) {
                continue;
            }
            let cells = cells(*line, layout.text(), sign);
            if let Some(heads) = heads(&cells, layout.text(), columns, sign) {
                found.tables.extend(open.take().map(|(_, table)| table));
                let span = line.span;
                let rows = Vec::new();
                open = Some((sign, Table { span, heads, rows }));
            } else if let Some((open_sign, table)) = &mut open
                && *open_sign == sign
                && cells.len() >= 2
            {
                table.span.end = line.span.end;
                table.rows.push(cells);
            } else {
                found.tables.extend(open.take().map(|(_, table)| table));
            }
        }
        found.tables.extend(open.map(|(_, table)| table));
        found.tables.retain(|table| !table.rows.is_empty());
        found
    }

    /// The table in which a byte stands.
    pub(super) fn at(&self, at: usize) -> Option<&Table> {
        let after = self.tables.partition_point(|table| table.span.start <= at);
        let table = self.tables.get(after.checked_sub(1)?)?;
        (at < table.span.end).then_some(table)
    }

    /// The cell in which a span stands, with the head of its column.
    pub(super) fn cell_at(&self, span: Span) -> Option<(Span, &str)> {
        let table = self.at(span.start)?;
        let after = table
            .rows
            .partition_point(|row| row.first().is_some_and(|cell| cell.start <= span.start));
        let row = table.rows.get(after.checked_sub(1)?)?;
        let column = row.iter().position(|cell| cell.contains(span))?;
        let (head, _) = table.heads.get(column)?;
        Some((*row.get(column)?, head.as_str()))
    }
}

/// The sign that parts the cells of a line, if it has any.
fn parting_sign(line: &str) -> Option<char> {
    let count = |sign: u8| line.bytes().filter(|byte| *byte == sign).count();
    if count(b'|') >= 1 {
        Some('|')
    } else if count(b'\t') >= 1 {
        Some('\t')
    } else if count(b';') >= 2 || count(b';') == 1 && count(b',') == 0 {
        Some(';')
    } else if count(b',') >= 1 {
        Some(',')
    } else {
        None
    }
}

/// Whether the line only draws a border: `|---|:--:|`.
fn is_rule_line(line: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '\t'))
}

/// The cells of a line. Signs within double quotes part nothing.
fn cells(line: Line, text: &str, sign: char) -> Vec<Span> {
    let written = line.span.of(text);
    let mut cells = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let is_quoting = matches!(sign, ',' | ';');
    for (at, c) in written.char_indices() {
        if c == '"' && is_quoting {
            quoted = !quoted;
        } else if c == sign && !quoted {
            cells.push(Span::new(start, at));
            start = at + c.len_utf8();
            if cells.len() >= COLUMNS_MAX {
                break;
            }
        }
    }
    cells.push(Span::new(start, written.len()));
    if sign == '|' {
        // The outer pipes of Markdown open no cell.
        let is_empty = |cell: &Span| cell.of(written).trim().is_empty();
        if cells.first().is_some_and(is_empty) && cells.len() > 1 {
            cells.remove(0);
        }
        if cells.last().is_some_and(is_empty) {
            cells.pop();
        }
    }
    cells
        .into_iter()
        .map(|cell| {
            trimmed(
                text,
                Span::new(line.span.start + cell.start, line.span.start + cell.end),
            )
        })
        .collect()
}

/// A cell without the spaces, quotes and emphasis around its text.
fn trimmed(text: &str, cell: Span) -> Span {
    let written = cell.of(text);
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '*' | '`' | '\'');
    let left = written.len() - written.trim_start_matches(is_around).len();
    let kept = written.trim_matches(is_around).len();
    Span::new(cell.start + left, cell.start + left + kept)
}

/// The heads, if the line is the head of a table with personal columns.
fn heads(
    cells: &[Span],
    text: &str,
    columns: &Columns,
    sign: char,
) -> Option<Vec<(String, Option<Column>)>> {
    if cells.len() < 2 || cells.iter().any(|cell| has_long_number(cell.of(text))) {
        return None;
    }
    let heads: Vec<(String, Option<Column>)> = cells
        .iter()
        .map(|cell| cell.of(text))
        .map(|head| (head.to_owned(), columns.column_of(head)))
        .collect();
    let count = |wanted: fn(Column) -> bool| {
        heads
            .iter()
            .filter(|(_, column)| column.is_some_and(wanted))
            .count()
    };
    let names = count(|column| column == Column::Name);
    let personal = count(is_personal);
    let known = names + personal + count(|c| matches!(c, Column::Office | Column::Private));
    let plain = heads.iter().filter(|(head, _)| is_plain(head)).count();
    let is_head = match sign {
        // Prose has commas and semicolons too: nearly all heads must be known.
        ',' | ';' => names >= 1 && personal >= 1 && 3 * (known + plain) >= 2 * heads.len(),
        _ => names >= 1 && personal >= 1 || personal >= 2,
    };
    is_head.then_some(heads)
}

/// Whether the column holds something that makes a name a person's record.
pub(super) const fn is_personal(column: Column) -> bool {
    matches!(
        column,
        Column::Birth
            | Column::Address
            | Column::Identifier
            | Column::Health
            | Column::Welfare
            | Column::Student
    )
}

/// Heads that any table has.
fn is_plain(head: &str) -> bool {
    matches!(
        folded(head).as_str(),
        "" | "stt" | "tt" | "so tt" | "id" | "no" | "#" | "ghi chu" | "note" | "ma"
    )
}

/// Heads have no long numbers; rows do.
fn has_long_number(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run >= 4
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Tables {
        Tables::new(&Layout::new(text), &Columns::new())
    }

    #[test]
    fn tables_of_people_are_found_with_every_sign() {
        for sign in ["|", "\t", ";", ","] {
            let text =
                format!("STT{sign}Họ và tên{sign}Năm sinh\n1{sign}Nguyễn Văn Thử{sign}1980\n");
            let found = tables(&text);
            assert_eq!(found.tables.len(), 1, "{sign:?}");
            let at = text.find("1980").unwrap();
            let cell = Span::new(at, at + 4);
            assert_eq!(found.cell_at(cell), Some((cell, "Năm sinh")));
        }
    }

    #[test]
    fn tables_of_tasks_and_lists_of_words_are_none() {
        for text in [
            "STT\tNội dung nhiệm vụ\tĐơn vị chủ trì\n1\tTuyên truyền\tPhòng Văn hóa\n",
            "| Số hiệu | Tên văn bản |\n|---|---|\n| 1 | Luật |\n",
            "ghi rõ họ và tên, địa chỉ của người tố cáo rút tố cáo, cách thức liên hệ, nội dung\na, b, c\n",
        ] {
            assert!(tables(text).tables.is_empty(), "{text}");
        }
    }
}
