//! Which lines of the text are rows of a grid, and where are their cells?
//!
//! In: the text's lines. Out: blocks of rows that follow one another. Cells are parted by `|`,
//! tab, `;`, `,`, two spaces or more, or the tags of HTML.
//!
//! Never: what the cells mean; `table` decides which blocks hold people.

use memchr::memmem;

use crate::detect::layout::{Layout, Line};
use crate::model::part::Span;

/// A row has at most so many cells; what stands beyond is not looked at.
const CELLS_MAX: usize = 64;
/// Attributes of a tag stand within so many bytes.
const TAG_BYTES_MAX: usize = 400;
/// So many lines that are no rows may stand inside a block: a cell that was wrapped.
const STRAY_LINES_MAX: usize = 1;

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `|`, as in Markdown.
    Pipe,
    /// A tab, as spreadsheets paste.
    Tab,
    /// `;`.
    Semicolon,
    /// `,`.
    Comma,
    /// Two spaces or more.
    Spaces,
    /// `<td>` and `<th>`.
    Tags,
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// All of it.
    pub span: Span,
    /// Its cells, without the spaces around them.
    pub cells: Vec<Span>,
}

/// Rows that follow one another and are parted alike.
#[derive(Debug)]
pub(super) struct Block {
    /// How they are parted.
    pub sign: Sign,
    /// The rows.
    pub rows: Vec<Row>,
}

/// The blocks of a text, in order. Where no word heads a table, commas are signs of prose, and the
/// rows between them are given no cells.
pub(super) fn blocks(layout: &Layout<'_>, has_heads: bool) -> Vec<Block> {
    let text = layout.text();
    let mut blocks: Vec<Block> = tagged(text);
    let tags: Vec<Span> = blocks.iter().filter_map(block_span).collect();
    let mut open: Option<(Block, usize)> = None;
    let mut next_tag = tags.iter().peekable();
    let mut is_parted = false;
    for line in layout.lines() {
        while next_tag.next_if(|tag| tag.end <= line.span.start).is_some() {}
        let is_tagged = next_tag.peek().is_some_and(|tag| tag.overlaps(line.span));
        let written = line.span.of(text);
        if written.trim().is_empty() {
            is_parted = true;
            continue;
        }
        let is_apart = std::mem::take(&mut is_parted);
        let sign = parting_sign(written).filter(|_| !is_tagged);
        let Some(sign) = sign else {
            match &mut open {
                Some((block, stray)) if is_loose(block.sign) && *stray < STRAY_LINES_MAX => {
                    *stray += 1;
                }
                Some(_) | None => blocks.extend(open.take().map(|(block, _)| block)),
            }
            continue;
        };
        if is_rule_line(written) {
            if let Some(head) = open.as_mut().and_then(|(block, _)| next_head(block, text)) {
                blocks.extend(open.take().map(|(block, _)| block));
                let rows = vec![head];
                open = Some((Block { sign, rows }, 0));
            }
            continue;
        }
        let row = Row {
            span: line.span,
            cells: match sign {
                Sign::Comma if !has_heads => Vec::new(),
                Sign::Comma
                | Sign::Pipe
                | Sign::Tab
                | Sign::Semicolon
                | Sign::Spaces
                | Sign::Tags => cells(*line, text, sign),
            },
        };
        match &mut open {
            Some((block, stray))
                if is_loose(block.sign) && !is_loose(sign) && *stray < STRAY_LINES_MAX =>
            {
                *stray += 1;
            }
            Some((block, stray)) if block.sign == sign && !(is_apart && is_prose(block, &row)) => {
                *stray = 0;
                block.rows.push(row);
            }
            Some(_) | None => {
                blocks.extend(open.take().map(|(block, _)| block));
                let rows = vec![row];
                open = Some((Block { sign, rows }, 0));
            }
        }
    }
    blocks.extend(open.map(|(block, _)| block));
    blocks.sort_by_key(|block| block_span(block).map(|span| span.start));
    blocks
}

/// Whether a wrapped cell may stand between two rows: commas and semicolons are signs of prose.
const fn is_loose(sign: Sign) -> bool {
    match sign {
        Sign::Pipe | Sign::Tab | Sign::Spaces => true,
        Sign::Semicolon | Sign::Comma | Sign::Tags => false,
    }
}

/// The last row, if it heads another table: an empty line stands before it, and a line is drawn
/// below.
fn next_head(block: &mut Block, text: &str) -> Option<Row> {
    let [.., before, last] = block.rows.as_slice() else {
        return None;
    };
    let between = Span::new(before.span.end, last.span.start.max(before.span.end));
    let mut lines = between.of(text).split('\n').skip(1);
    let is_apart =
        lines.next().is_some_and(|line| line.trim().is_empty()) && lines.next().is_some();
    is_apart.then(|| block.rows.pop()).flatten()
}

/// Whether a line behind an empty one has as many commas or semicolons as prose has, not as the rows
/// before it have.
fn is_prose(block: &Block, row: &Row) -> bool {
    let cells = block.rows.first().map_or(0, |first| first.cells.len());
    !is_loose(block.sign) && cells != row.cells.len()
}

/// From the first row to the last.
pub(super) fn block_span(block: &Block) -> Option<Span> {
    let start = block.rows.first()?.span.start;
    Some(Span::new(start, block.rows.last()?.span.end))
}

/// The sign that parts the cells of a line, if it has any.
pub(super) fn parting_sign(line: &str) -> Option<Sign> {
    let bytes = line.as_bytes();
    let has = |sign: u8| memchr::memchr(sign, bytes).is_some();
    let semicolons = memchr::memchr_iter(b';', bytes).take(2).count();
    if has(b'|') {
        Some(Sign::Pipe)
    } else if has(b'\t') {
        Some(Sign::Tab)
    } else if semicolons == 2 || semicolons == 1 && !has(b',') {
        Some(Sign::Semicolon)
    } else if memmem::find(bytes, b"  ").is_some()
        && line.trim().match_indices("  ").take(2).count() == 2
    {
        Some(Sign::Spaces)
    } else if has(b',') {
        Some(Sign::Comma)
    } else {
        None
    }
}

/// Whether the line only draws a border: `|---|:--:|`.
pub(super) fn is_rule_line(line: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '\t'))
        && line.contains(['-', '='])
}

/// The cells of a line.
pub(super) fn cells(line: Line, text: &str, sign: Sign) -> Vec<Span> {
    let written = line.span.of(text);
    let mut cells = match sign {
        Sign::Pipe => parted(written, b'|'),
        Sign::Tab => parted(written, b'\t'),
        Sign::Semicolon => parted(written, b';'),
        Sign::Comma | Sign::Tags => parted(written, b','),
        Sign::Spaces => parted_by_spaces(written),
    };
    // A quoted line of a mail: `> a;b`.
    if let Some(first) = cells.first_mut() {
        let lead = first.of(written);
        let bare = lead.trim_start_matches(['>', ' ']);
        first.start += lead.len() - bare.len();
    }
    if sign == Sign::Pipe {
        // The outer pipes of Markdown open no cell.
        let is_empty = |cell: &Span| cell.of(written).trim().is_empty();
        let opens = |cell: &Span| {
            let lead = cell.of(written).trim();
            matches!(lead, "" | "-" | "+" | "*")
                || lead.ends_with('"') && lead.starts_with(['{', '[', '"'])
        };
        let is_opened = cells.len() > 1 && cells.first().is_some_and(opens);
        if is_opened {
            cells.remove(0);
        }
        // Without an outer pipe before it the last cell is an empty one.
        let closes = |cell: &Span| {
            let rest = cell.of(written).trim();
            is_opened && is_empty(cell)
                || rest.starts_with('"') && rest.ends_with(['}', ']', '"', ','])
        };
        if cells.last().is_some_and(closes) {
            cells.pop();
        }
    }
    let start = line.span.start;
    cells
        .into_iter()
        .map(|cell| trimmed(text, Span::new(start + cell.start, start + cell.end)))
        .collect()
}

/// Signs within double quotes part nothing.
fn parted(written: &str, sign: u8) -> Vec<Span> {
    let mut cells = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    // A quote without its other half is none: the string of a program goes on.
    let is_quoting = matches!(sign, b',' | b';')
        && memchr::memchr_iter(b'"', written.as_bytes())
            .count()
            .is_multiple_of(2);
    let quote = if is_quoting { b'"' } else { sign };
    for at in memchr::memchr2_iter(sign, quote, written.as_bytes()) {
        if written.as_bytes().get(at) != Some(&sign) {
            quoted = !quoted;
        } else if !quoted {
            cells.push(Span::new(start, at));
            start = at + 1;
            if cells.len() >= CELLS_MAX {
                break;
            }
        }
    }
    cells.push(Span::new(start, written.len()));
    cells
}

fn parted_by_spaces(written: &str) -> Vec<Span> {
    let mut cells = Vec::new();
    let mut at = written.len() - written.trim_start().len();
    while cells.len() < CELLS_MAX {
        let rest = written.get(at..).unwrap_or_default();
        let end = rest.find("  ").map_or(written.len(), |found| at + found);
        if end > at {
            cells.push(Span::new(at, end));
        }
        let gap = written.get(end..).unwrap_or_default();
        at = end + (gap.len() - gap.trim_start_matches(' ').len());
        if at >= written.len() {
            break;
        }
    }
    cells
}

/// A cell without the spaces, quotes and emphasis around its text.
fn trimmed(text: &str, cell: Span) -> Span {
    let written = cell.of(text);
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '*' | '`' | '\'');
    let left = written.len() - written.trim_start_matches(is_around).len();
    let kept = written.trim_matches(is_around).len();
    Span::new(cell.start + left, cell.start + left + kept)
}

/// The tables of HTML: every row between `<tr` and the next one, its cells behind `<td` and `<th`.
/// A cell over several columns or rows is followed by empty ones, so that columns stay columns.
fn tagged(text: &str) -> Vec<Block> {
    let bytes = text.as_bytes();
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    // For each column, over how many rows its last cell goes on.
    let mut covered: Vec<usize> = Vec::new();
    for at in memchr::memchr_iter(b'<', bytes) {
        let tag = bytes.get(at + 1..).unwrap_or_default();
        let is = |name: &[u8]| {
            tag.get(..name.len())
                .is_some_and(|opened| opened.eq_ignore_ascii_case(name))
                && !tag.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
        };
        if is(b"table") || is(b"/table") {
            is_open = false;
        } else if is(b"tr") {
            if !is_open {
                let (sign, rows) = (Sign::Tags, Vec::new());
                blocks.push(Block { sign, rows });
                covered.clear();
                is_open = true;
            }
            if let Some(block) = blocks.last_mut() {
                let (span, cells) = (Span::new(at, at), Vec::new());
                let mut row = Row { span, cells };
                pass_covered(&mut row, &mut covered);
                block.rows.push(row);
            }
        } else if is_open && (is(b"td") || is(b"th")) {
            let row = blocks.last_mut().and_then(|block| block.rows.last_mut());
            if let Some(row) = row.filter(|row| row.cells.len() < CELLS_MAX) {
                let cell = inside(text, at);
                row.span.end = cell.end.max(at);
                let rows = attribute(tag, b"rowspan").saturating_sub(1);
                for column in 0..attribute(tag, b"colspan").max(1) {
                    let empty = Span::new(cell.end, cell.end);
                    row.cells.push(if column == 0 { cell } else { empty });
                    covered.resize(row.cells.len().max(covered.len()), 0);
                    if let Some(goes_on) = covered.get_mut(row.cells.len() - 1) {
                        *goes_on = rows;
                    }
                }
                pass_covered(row, &mut covered);
            }
        }
    }
    for block in &mut blocks {
        block
            .rows
            .retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    }
    blocks.retain(|block| !block.rows.is_empty());
    blocks
}

/// Adds an empty cell for each column that a cell of an earlier row goes on over.
fn pass_covered(row: &mut Row, covered: &mut [usize]) {
    while let Some(rows) = covered.get_mut(row.cells.len()).filter(|rows| **rows > 0) {
        *rows -= 1;
        row.cells.push(Span::new(row.span.end, row.span.end));
    }
}

/// The number that an attribute of the tag gives; one without it.
fn attribute(tag: &[u8], name: &[u8]) -> usize {
    let tag = tag.get(..TAG_BYTES_MAX.min(tag.len())).unwrap_or_default();
    let tag = tag.split(|byte| *byte == b'>').next().unwrap_or_default();
    let number = memmem::find(tag, name).and_then(|at| {
        let rest = tag.get(at + name.len()..)?;
        let digits: Vec<u8> = rest
            .iter()
            .copied()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b' '))
            .take_while(u8::is_ascii_digit)
            .take(2)
            .collect();
        String::from_utf8(digits).ok()?.parse().ok()
    });
    number.unwrap_or(1)
}

/// The text of the cell whose tag opens at a byte: behind that tag and further ones.
fn inside(text: &str, at: usize) -> Span {
    let mut start = at;
    for _ in 0..8 {
        let rest = text.get(start..).unwrap_or_default();
        let Some(tag) = rest.strip_prefix('<').filter(|tag| !tag.starts_with("/t")) else {
            break;
        };
        let Some(end) = tag
            .bytes()
            .take(TAG_BYTES_MAX)
            .position(|byte| byte == b'>')
        else {
            break;
        };
        let behind = tag.get(end + 1..).unwrap_or_default();
        start = text.len() - behind.trim_start().len();
    }
    let rest = text.get(start..).unwrap_or_default();
    let end = rest
        .bytes()
        .position(|byte| byte == b'<')
        .unwrap_or(rest.len());
    trimmed(text, Span::new(start, start + end))
}
