//! Which tables does a document for Word consist of? Its head, its end, its figures, its bars.

use docx_rs::{
    AlignmentType, BorderType, HeightRule, LineSpacing, LineSpacingType, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Shading, ShdType, Table,
    TableAlignmentType, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType,
    WidthType,
};

use crate::model::thousands::grouped;
use crate::report::document::{self, Align, Chart, Document, Signature};
use crate::report::docx_form::{gap, kept, run, twips};
use crate::report::layout::{COUNTRY, MARGINS_MM, MOTTO, PAGE_MM, SHADES, TABLE_POINTS, cells};
use crate::report::pdf_table::{SHORT_ROWS, TALL_LINES};

/// Cells of a bar.
const BAR_CELLS: u64 = 50;

/// Numbers paragraphs, so that the same document has the same bytes.
#[derive(Default)]
pub(super) struct Ids(u32);

impl Ids {
    /// A paragraph with the next number.
    pub(super) fn paragraph(&mut self) -> Paragraph {
        self.0 += 1;
        Paragraph::new().id(format!("{:08X}", self.0))
    }

    fn centered(&mut self) -> Paragraph {
        self.paragraph().align(AlignmentType::Center)
    }
}

/// The width of the text, in twips.
pub(super) fn text_width() -> usize {
    let [_, right, _, left] = MARGINS_MM;
    let width = PAGE_MM.first().map_or(0.0, |width| width - left - right);
    usize::try_from(twips(width)).unwrap_or_default()
}

/// A table without lines whose columns have these shares of a hundred.
fn plain(shares: &[usize], rows: Vec<TableRow>) -> Table {
    let width = text_width();
    Table::without_borders(rows)
        .set_grid(shares.iter().map(|share| width * share / 100).collect())
        .width(width, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(0, 20, 0, 20))
}

fn cell(share: usize, paragraphs: Vec<Paragraph>) -> TableCell {
    let width = text_width() * share / 100;
    let cell = TableCell::new().width(width, WidthType::Dxa);
    paragraphs.into_iter().fold(cell, TableCell::add_paragraph)
}

/// The names of the organs, number, place and date.
pub(super) fn letterhead(document: &Document, ids: &mut Ids) -> Table {
    const LEFT: usize = 42;
    const RIGHT: usize = 58;
    let mut organs = Vec::new();
    if let Some(parent) = &document.parent {
        organs.push(ids.centered().add_run(run(&parent.to_uppercase(), 13.0)));
    }
    for line in organ_lines(&document.office) {
        organs.push(ids.centered().add_run(run(&line, 13.0).bold()));
    }
    organs.push(rule(ids, text_width() * LEFT / 100, 40));
    let country = vec![
        ids.centered().add_run(run(COUNTRY, 12.0).bold()),
        ids.centered().add_run(run(MOTTO, 13.0).bold()),
        rule(ids, text_width() * RIGHT / 100, 56),
    ];
    let number = document.number.as_deref().unwrap_or_default();
    let number = ids.centered().add_run(run(number, 13.0));
    let place = ids
        .centered()
        .add_run(run(&document.place_date, 13.0).italic());
    let rows = vec![
        TableRow::new(vec![cell(LEFT, organs), cell(RIGHT, country)]),
        TableRow::new(vec![cell(LEFT, vec![number]), cell(RIGHT, vec![place])]),
    ];
    plain(&[LEFT, RIGHT], rows)
}

/// A people's committee stands on two lines: `ỦY BAN NHÂN DÂN` / `XÃ …`.
pub(super) fn organ_lines(office: &str) -> Vec<String> {
    const COMMITTEE: &str = "ỦY BAN NHÂN DÂN ";
    match office.strip_prefix(COMMITTEE) {
        Some(place) => vec![COMMITTEE.trim_end().to_owned(), place.to_owned()],
        None => vec![office.to_owned()],
    }
}

/// A line of this share of a column, in its middle.
fn rule(ids: &mut Ids, column: usize, share: usize) -> Paragraph {
    let side = i32::try_from(column * (100 - share) / 200).unwrap_or_default();
    let line = ParagraphBorder::new(ParagraphBorderPosition::Top)
        .val(BorderType::Single)
        .size(6)
        .color("000000");
    let mut paragraph = ids
        .centered()
        .indent(Some(side), None, Some(side), None)
        .line_spacing(
            LineSpacing::new()
                .line(80)
                .line_rule(LineSpacingType::Exact)
                .before(70),
        );
    let line = ParagraphBorders::with_empty().set(line);
    paragraph.property = paragraph.property.set_borders(line);
    paragraph.size(8)
}

/// Type and subject, and to whom it goes.
pub(super) fn title(document: &Document, ids: &mut Ids) -> Vec<Paragraph> {
    let spaced = |before| LineSpacing::new().before(before);
    let mut lines = vec![
        kept(ids.centered())
            .line_spacing(spaced(240))
            .add_run(run(&document.title, 14.0).bold()),
        kept(ids.centered()).add_run(run(&document.about, 14.0).bold()),
    ];
    if let Some(under) = &document.under_title {
        lines.push(kept(ids.centered()).add_run(run(under, 13.0).italic()));
    }
    lines.push(rule(ids, text_width(), 34));
    match document.to.as_slice() {
        [] => {}
        [only] => {
            let line = ids.centered().line_spacing(spaced(120).after(120));
            lines.push(line.add_run(run(&format!("Kính gửi: {only}"), 14.0)));
        }
        _ => {
            let line = ids.paragraph().indent(Some(twips(30.0)), None, None, None);
            lines.push(
                line.line_spacing(spaced(120))
                    .add_run(run("Kính gửi:", 14.0)),
            );
            for name in document.addressees() {
                let line = ids.paragraph().indent(Some(twips(40.0)), None, None, None);
                lines.push(line.add_run(run(&name, 14.0)));
            }
        }
    }
    lines.push(small_gap(ids));
    lines
}

/// Recipients on the left, who signs on the right; more signers above.
pub(super) fn ending(document: &Document, ids: &mut Ids) -> Table {
    let Some((last, others)) = document.signatures.split_last() else {
        return plain(&[100], Vec::new());
    };
    let mut rows = Vec::new();
    if let [first, second] = others {
        let pair = vec![
            cell(50, signature(first, ids)),
            cell(50, signature(second, ids)),
        ];
        rows.push(TableRow::new(pair).cant_split());
    }
    let mut left = vec![
        ids.paragraph()
            .add_run(run("Nơi nhận:", 12.0).bold().italic()),
    ];
    for line in &document.recipients {
        left.push(ids.paragraph().add_run(run(line, 11.0)));
    }
    let row = vec![cell(50, left), cell(50, signature(last, ids))];
    rows.push(TableRow::new(row).cant_split());
    plain(&[50, 50], rows)
}

fn signature(signature: &Signature, ids: &mut Ids) -> Vec<Paragraph> {
    let mut lines: Vec<Paragraph> = signature
        .signs_for
        .iter()
        .chain([&signature.position])
        .map(|line| {
            ids.centered()
                .keep_next(true)
                .add_run(run(line, 14.0).bold())
        })
        .collect();
    lines.push(
        ids.centered()
            .keep_next(true)
            .add_run(run(&signature.note, 13.0).italic()),
    );
    lines.extend((0..4).map(|_| ids.centered().keep_next(true)));
    let name = ids.centered().keep_next(true);
    lines.push(name.add_run(run(&signature.name, 14.0).bold()));
    lines
}

/// What a head of a table is marked by: the library has no word for heads that every page repeats.
const HEAD_MARK: f32 = 1.0;
const HEAD_MARK_WRITTEN: &str = r#"<w:trHeight w:val="1" w:hRule="atLeast" />"#;

/// The document with its marked rows as heads that every page of their table repeats.
pub(super) fn with_repeated_heads(document: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(document) {
        Ok(text) => text
            .replace(HEAD_MARK_WRITTEN, "<w:tblHeader />")
            .into_bytes(),
        // The library writes UTF-8; whatever else it were, heads are not worth losing it.
        Err(_) => document.to_vec(),
    }
}

/// A table of figures.
pub(super) fn table(table: &document::Table, ids: &mut Ids) -> Table {
    let all: usize = table
        .columns
        .iter()
        .map(|column| usize::from(column.width))
        .sum();
    let width = |share: u16| text_width() * usize::from(share) / all.max(1);
    let cell_of = |column: &document::Column, paragraph: Paragraph| {
        TableCell::new()
            .width(width(column.width), WidthType::Dxa)
            .vertical_align(VAlignType::Center)
            .add_paragraph(paragraph)
    };
    let head = table.columns.iter().map(|column| {
        let text = run(&column.head, TABLE_POINTS).bold();
        cell_of(column, ids.centered().keep_next(true).add_run(text))
    });
    let head = TableRow::new(head.collect()).cant_split();
    let mut rows = vec![head.row_height(HEAD_MARK).height_rule(HeightRule::AtLeast)];
    let widths: Vec<usize> = table.columns.iter().map(|one| width(one.width)).collect();
    let tall: Vec<bool> = table.rows.iter().map(|row| is_tall(row, &widths)).collect();
    let is_short = table.rows.len() <= SHORT_ROWS && !tall.contains(&true);
    for (place, row) in table.rows.iter().enumerate() {
        let keeps = is_short && place + 1 < table.rows.len();
        let cells = table.columns.iter().zip(row).map(|(column, text)| {
            let align = match column.align {
                Align::Left => AlignmentType::Left,
                Align::Center => AlignmentType::Center,
                Align::Right => AlignmentType::Right,
            };
            cell_of(
                column,
                ids.paragraph()
                    .keep_next(keeps)
                    .align(align)
                    .add_run(run(text, TABLE_POINTS)),
            )
        });
        let row = TableRow::new(cells.collect());
        rows.push(match tall.get(place) {
            Some(true) => row,
            Some(false) | None => row.cant_split(),
        });
    }
    if table.rows.is_empty() {
        let none = ids
            .centered()
            .add_run(run("Không có", TABLE_POINTS).italic());
        let cell = TableCell::new()
            .grid_span(table.columns.len())
            .add_paragraph(none);
        rows.push(TableRow::new(vec![cell]).cant_split());
    }
    Table::new(rows)
        .set_grid(widths)
        .width(text_width(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(30, 80, 30, 80))
}

/// Whether a row must be let go on to the next page: what is kept whole and does not fit is cut. A
/// letter is taken for half as wide as it is high, which is a little more than most are.
fn is_tall(row: &[String], widths: &[usize]) -> bool {
    const LETTER: usize = 120;
    let mut cells = row.iter().zip(widths);
    cells.any(|(text, width)| {
        let letters_a_line = (width.saturating_sub(160) / LETTER).max(1);
        text.chars().count() > letters_a_line * TALL_LINES
    })
}

/// Bars, as shaded cells: they stay sharp, can be edited, and need no picture.
pub(super) fn chart(chart: &Chart, ids: &mut Ids) -> Option<Table> {
    const LABEL: usize = 30;
    const VALUE: usize = 10;
    if chart.bars.is_empty() {
        return None;
    }
    let count = usize::try_from(BAR_CELLS).unwrap_or(50);
    let cell_width = text_width() * (100 - LABEL - VALUE) / 100 / count;
    let mut rows = Vec::new();
    for bar in &chart.bars {
        let label = ids
            .paragraph()
            .keep_next(true)
            .add_run(run(&bar.label, TABLE_POINTS));
        let mut row = vec![cell(LABEL, vec![label])];
        let shares = cells(&bar.parts, chart.longest(), BAR_CELLS);
        for (share, shade) in shares.iter().zip(SHADES).filter(|(share, _)| **share > 0) {
            row.push(shaded(
                usize::try_from(*share).unwrap_or(1),
                cell_width,
                Some(shade),
                ids,
            ));
        }
        let rest = BAR_CELLS.saturating_sub(shares.iter().sum());
        if rest > 0 {
            row.push(shaded(
                usize::try_from(rest).unwrap_or(1),
                cell_width,
                None,
                ids,
            ));
        }
        let value = ids.paragraph().align(AlignmentType::Right);
        row.push(cell(
            VALUE,
            vec![value.add_run(run(&grouped(bar.total()), TABLE_POINTS))],
        ));
        rows.push(TableRow::new(row).cant_split());
        rows.push(between(ids));
    }
    let mut grid = vec![text_width() * LABEL / 100];
    grid.extend(std::iter::repeat_n(cell_width, count));
    grid.push(text_width() * VALUE / 100);
    let bars = Table::without_borders(rows)
        .set_grid(grid)
        .width(text_width(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(20, 0, 20, 0));
    Some(bars)
}

fn shaded(cells: usize, width: usize, shade: Option<(u8, u8, u8)>, ids: &mut Ids) -> TableCell {
    let cell = TableCell::new()
        .grid_span(cells)
        .width(width * cells, WidthType::Dxa)
        .add_paragraph(ids.paragraph());
    let Some((red, green, blue)) = shade else {
        return cell;
    };
    let fill = format!("{red:02X}{green:02X}{blue:02X}");
    cell.shading(
        Shading::new()
            .shd_type(ShdType::Clear)
            .color("auto")
            .fill(fill),
    )
}

/// A row without anything, which keeps bars apart.
fn between(ids: &mut Ids) -> TableRow {
    let line = LineSpacing::new()
        .line(40)
        .line_rule(LineSpacingType::Exact);
    let nothing = ids.paragraph().keep_next(true).line_spacing(line).size(2);
    let whole = usize::try_from(BAR_CELLS).unwrap_or(50) + 2;
    TableRow::new(vec![cell(100, vec![nothing]).grid_span(whole)])
        .row_height(60.0)
        .height_rule(HeightRule::Exact)
}

/// What the parts of the bars are.
pub(super) fn legend(chart: &Chart, ids: &mut Ids) -> Paragraph {
    let mut paragraph = ids.centered().line_spacing(gap());
    for (name, (red, green, blue)) in chart.series.iter().zip(SHADES) {
        let mark = run("■ ", TABLE_POINTS).color(format!("{red:02X}{green:02X}{blue:02X}"));
        paragraph = paragraph
            .add_run(mark)
            .add_run(run(&format!("{name}    "), TABLE_POINTS));
    }
    paragraph
}

/// A little space after a table.
pub(super) fn small_gap(ids: &mut Ids) -> Paragraph {
    ids.paragraph().line_spacing(
        LineSpacing::new()
            .line(120)
            .line_rule(LineSpacingType::Exact),
    )
}
