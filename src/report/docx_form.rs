//! The document for Word: to be worked on, signed, sent.
//!
//! Layout of Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, margins 20/20/30/20 mm, Times New Roman, page
//! numbers at the top from page 2. The fonts are named for all four scripts, or Word shows
//! Vietnamese letters in another one.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, BreakType, Docx, FieldCharType, Header, InstrText, LineSpacing, LineSpacingType,
    PageMargin, PageNum, Paragraph, Run, RunFonts, SpecialIndentType, Tab, TabLeaderType,
    TabValueType, XMLDocx,
};

use crate::report::document::{Annex, Block, Document, Judgement};
use crate::report::docx_parts::{self, Ids};
use crate::report::form::FormError;
use crate::report::layout::{
    BODY_POINTS, FIRST_LINE_MM, LINE_SHARE, MARGINS_MM, PAGE_MM, PARAGRAPH_GAP_POINTS,
};

/// The font that the decree asks for.
const FONT: &str = "Times New Roman";

/// A line before a word that is longer than this would be torn apart.
const LONG_WORD: usize = 30;

/// Twentieths of a point, the unit of lengths.
pub(super) fn twips(millimetres: f32) -> i32 {
    points_to_twips(millimetres * 72.0 / 25.4)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths of a page are some thousands"
)]
pub(super) fn points_to_twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

/// What the file says about itself.
pub(super) struct Origin<'a> {
    /// The digest of the report.
    pub(super) digest: &'a str,
    /// When the last record that was counted was recorded.
    pub(super) at: Option<&'a str>,
}

/// The file's bytes.
pub(super) fn docx(document: &Document, origin: &Origin<'_>) -> Result<Vec<u8>, FormError> {
    let mut bytes = Cursor::new(Vec::new());
    parts(document, origin)
        .pack(&mut bytes)
        .map_err(|error| FormError::Writer("docx", error.to_string()))?;
    Ok(bytes.into_inner())
}

/// The text of the document itself.
#[cfg(test)]
pub(super) fn document_xml(document: &Document, origin: &Origin<'_>) -> String {
    String::from_utf8(parts(document, origin).document).unwrap()
}

fn parts(document: &Document, origin: &Origin<'_>) -> XMLDocx {
    let mut ids = Ids::default();
    let fonts = RunFonts::new()
        .ascii(FONT)
        .hi_ansi(FONT)
        .east_asia(FONT)
        .cs(FONT);
    let [top, right, bottom, left] = MARGINS_MM.map(twips);
    let page = PAGE_MM.map(|side| u32::try_from(twips(side)).unwrap_or_default());
    let mut file = Docx::new()
        .default_fonts(fonts)
        .default_size(half_points(BODY_POINTS))
        .page_size(page[0], page[1])
        .page_margin(
            PageMargin::new()
                .top(top)
                .right(right)
                .bottom(bottom)
                .left(left)
                .header(twips(10.0))
                .footer(twips(10.0)),
        )
        .header(page_number(&mut ids))
        .first_header(Header::new().add_paragraph(ids.paragraph()))
        .title_pg()
        .custom_property("lachan-digest", origin.digest);
    if let Some(at) = origin.at {
        file = file.created_at(at).updated_at(at);
    }
    file = file.add_table(docx_parts::letterhead(document, &mut ids));
    for paragraph in docx_parts::title(document, &mut ids) {
        file = file.add_paragraph(paragraph);
    }
    // Nobody signs on a page that has nothing else.
    let signed = document.body.len().checked_sub(1);
    file = blocks(file, &document.body, signed, &mut ids);
    file = file.add_paragraph(kept(docx_parts::small_gap(&mut ids)));
    file = file.add_table(docx_parts::ending(document, &mut ids));
    for annex in &document.annexes {
        file = add_annex(file, annex, &mut ids);
    }
    let mut parts = file.build();
    parts.document = docx_parts::with_repeated_heads(&parts.document);
    parts
}

/// The page number in the middle of the top margin.
fn page_number(ids: &mut Ids) -> Header {
    let number = ids
        .paragraph()
        .align(AlignmentType::Center)
        .add_page_num(PageNum::new());
    Header::new().add_paragraph(number)
}

fn add_annex(mut file: Docx, annex: &Annex, ids: &mut Ids) -> Docx {
    let break_run = Run::new().add_break(BreakType::Page);
    let first = ids.paragraph().align(AlignmentType::Center);
    file = file.add_paragraph(
        kept(first)
            .add_run(break_run)
            .add_run(run(&annex.title, 14.0).bold()),
    );
    let about = kept(ids.paragraph().align(AlignmentType::Center));
    file = file.add_paragraph(about.add_run(run(&annex.about.to_uppercase(), 14.0).bold()));
    let belongs = kept(ids.paragraph().align(AlignmentType::Center)).line_spacing(gap());
    file = file.add_paragraph(belongs.add_run(run(&annex.belongs_to, 14.0).italic()));
    blocks(file, &annex.body, None, ids)
}

/// Adds contents; `signed` is the place of what must stand on the page of the signature.
fn blocks(mut file: Docx, blocks: &[Block], signed: Option<usize>, ids: &mut Ids) -> Docx {
    for (place, block) in blocks.iter().enumerate() {
        file = match block {
            Block::Heading { level, text } => {
                let size = BODY_POINTS;
                let heading = kept(body(ids))
                    .align(AlignmentType::Left)
                    .keep_lines(true)
                    .outline_lvl(usize::from(*level) - 1);
                file.add_paragraph(heading.add_run(run(text, size).bold()))
            }
            Block::Basis { text } => {
                file.add_paragraph(body(ids).add_run(run(text, BODY_POINTS).italic()))
            }
            Block::Paragraph { text } => {
                let paragraph = match signed == Some(place) {
                    true => kept(body(ids)).keep_lines(true),
                    false => body(ids),
                };
                file.add_paragraph(paragraph.add_run(run(text, BODY_POINTS)))
            }
            Block::Item { text } => {
                let is_torn = text.contains('…')
                    || text.split(' ').any(|word| word.chars().count() > LONG_WORD);
                let align = if is_torn {
                    AlignmentType::Left
                } else {
                    AlignmentType::Both
                };
                let text = format!("- {text}");
                file.add_paragraph(body(ids).align(align).add_run(run(&text, BODY_POINTS)))
            }
            Block::Judgement(one) => judgement(file, one, ids),
            Block::Table(table) => {
                let caption = kept(ids.paragraph().align(AlignmentType::Center))
                    .line_spacing(gap())
                    .add_run(run(&table.caption, 13.0).bold());
                file.add_paragraph(caption)
                    .add_table(docx_parts::table(table, ids))
                    .add_paragraph(docx_parts::small_gap(ids))
            }
            Block::Chart(chart) => {
                let caption = kept(ids.paragraph().align(AlignmentType::Center))
                    .line_spacing(gap())
                    .add_run(run(&chart.caption, 13.0).bold());
                let mut file = file.add_paragraph(caption);
                if let Some(table) = docx_parts::chart(chart, ids) {
                    file = file
                        .add_table(table)
                        .add_paragraph(docx_parts::legend(chart, ids));
                } else {
                    let none = ids.paragraph().align(AlignmentType::Center);
                    file =
                        file.add_paragraph(none.add_run(run("(không có số liệu)", 13.0).italic()));
                }
                file
            }
        };
    }
    file
}

/// What a person wrote, line by line; or what is to be written, and a line to write on.
fn judgement(mut file: Docx, judgement: &Judgement, ids: &mut Ids) -> Docx {
    let lines = judgement.lines();
    if lines.is_empty() {
        let hint = run(&format!("[{}]:", judgement.asked()), BODY_POINTS).italic();
        let dots = Run::new().add_break(BreakType::TextWrapping).add_tab();
        let line_end = Tab::new()
            .val(TabValueType::Right)
            .leader(TabLeaderType::Dot)
            .pos(docx_parts::text_width());
        let line = body(ids).align(AlignmentType::Left).add_tab(line_end);
        return file.add_paragraph(line.keep_lines(true).add_run(hint).add_run(dots));
    }
    for line in lines {
        file = file.add_paragraph(body(ids).add_run(run(&line, BODY_POINTS)));
    }
    file
}

/// A paragraph that stands on the page of what follows.
///
/// LibreOffice begins with a guess, so many paragraphs to a page, and does not look at the last
/// paragraph of a guessed page again where it happens to fit: a heading then stands alone at the
/// foot of its page. A field, here one that says nothing, makes it look again.
pub(super) fn kept(paragraph: Paragraph) -> Paragraph {
    const NOTHING: &str = r#" IF 1 = 2 "x" "" "#;
    let field = Run::new()
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::Unsupported(NOTHING.to_owned()))
        .add_field_char(FieldCharType::Separate, false)
        .add_field_char(FieldCharType::End, false);
    paragraph.keep_next(true).add_run(field)
}

/// A paragraph of the body.
fn body(ids: &mut Ids) -> Paragraph {
    let first_line = SpecialIndentType::FirstLine(twips(FIRST_LINE_MM));
    ids.paragraph()
        .align(AlignmentType::Both)
        .indent(None, Some(first_line), None, None)
        .widow_control(true)
        .line_spacing(gap())
}

/// The space around a paragraph of the body.
#[expect(
    clippy::cast_possible_truncation,
    reason = "240 is a single line, and lines are no higher than two"
)]
pub(super) fn gap() -> LineSpacing {
    LineSpacing::new()
        .after(u32::try_from(points_to_twips(PARAGRAPH_GAP_POINTS)).unwrap_or_default())
        .line_rule(LineSpacingType::Auto)
        .line((240.0 * LINE_SHARE).round() as i32)
}

/// A text of a size.
pub(super) fn run(text: &str, points: f32) -> Run {
    let fonts = RunFonts::new()
        .ascii(FONT)
        .hi_ansi(FONT)
        .east_asia(FONT)
        .cs(FONT);
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    Run::new()
        .add_text(text)
        .size(half_points(points))
        .fonts(fonts)
}

fn half_points(points: f32) -> usize {
    usize::try_from(points_to_twips(points) / 10).unwrap_or(28)
}
