//! The document as PDF: to be read and printed, with its fonts inside.

use krilla::Document as Pdf;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;

use crate::report::document::{Annex, Document, Signature};
use crate::report::docx_parts::organ_lines;
use crate::report::form::FormError;
use crate::report::layout::{COUNTRY, MARGINS_MM, MOTTO, PAGE_MM};
use crate::report::pdf_blocks::{Column, Set, Setter, count, points};
use crate::report::pdf_pages::{Mark, Page, Piece, paginate};
use crate::report::pdf_text::{Face, Fonts, Style};

/// The file's bytes.
pub(super) fn pdf(document: &Document, digest: &str) -> Result<Vec<u8>, FormError> {
    let failed = |what: &str| FormError::Writer("pdf", what.to_owned());
    let fonts = Fonts::load().ok_or_else(|| failed("the embedded fonts cannot be read"))?;
    let [width, height] = PAGE_MM.map(points);
    let [top, right, bottom, left] = MARGINS_MM.map(points);
    let column = Column {
        left,
        width: width - left - right,
    };
    let setter = Setter {
        fonts: &fonts,
        column,
    };
    let mut pieces = letterhead(&setter, document);
    pieces.extend(title(&setter, document));
    let mut body = setter.blocks(&document.body);
    // Nobody signs on a page that has nothing else.
    if let Some(last) = body.last_mut() {
        last.keeps_next = true;
    }
    pieces.extend(body);
    pieces.extend(ending(&setter, document));
    for annex in &document.annexes {
        pieces.extend(annex_head(&setter, annex));
        pieces.extend(setter.blocks(&annex.body));
    }
    let mut pages = paginate(&pieces, top, height - bottom);
    for (place, page) in pages.iter_mut().enumerate().skip(1) {
        page.push(page_number(&setter, place + 1));
    }
    let mut file = Pdf::new();
    file.set_metadata(
        Metadata::new()
            .title(format!("{} {}", document.title, document.about))
            .language("vi".to_owned())
            .creator("lachan".to_owned())
            .keywords(vec![digest.to_owned()])
            .document_id(digest.to_owned()),
    );
    for page in &pages {
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| failed("no page"))?;
        let mut sheet = file.start_page_with(settings);
        let mut surface = sheet.surface();
        draw(&mut surface, page, &fonts);
        surface.finish();
        sheet.finish();
    }
    file.finish().map_err(|error| failed(&format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, page: &Page, fonts: &Fonts) {
    for mark in page {
        match mark {
            Mark::Text { x, y, text, style } => {
                surface.set_fill(Some(ink((0, 0, 0))));
                let glyphs = fonts.glyphs(text, style.face);
                let start = Point::from_xy(*x, *y);
                let font = fonts.font(style.face);
                surface.draw_glyphs(start, &glyphs, font, text, style.points, false);
            }
            Mark::Block {
                x,
                y,
                width,
                height,
                shade,
            } => {
                let mut path = PathBuilder::new();
                let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else {
                    continue;
                };
                path.push_rect(rect);
                if let Some(path) = path.finish() {
                    surface.set_fill(Some(ink(*shade)));
                    surface.draw_path(&path);
                }
            }
        }
    }
}

fn ink((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

/// In the middle of the top margin.
fn page_number(setter: &Setter<'_>, number: usize) -> Mark {
    let style = Style::new(Face::Regular, 13.0);
    let text = number.to_string();
    let x = setter.column.left + (setter.column.width - setter.fonts.width(&text, style)) / 2.0;
    let y = points(12.0);
    Mark::Text { x, y, text, style }
}

/// Lines in a column, one under the other, as one piece.
fn stack(setter: &Setter<'_>, lines: &[(&str, Style)], set: Set) -> Piece {
    let mut stacked = Piece::default();
    for (text, style) in lines {
        for line in setter.lines(text, *style, set, 0.0) {
            let down = stacked.height;
            let moved = line.marks.into_iter().map(|mut mark| {
                match &mut mark {
                    Mark::Text { y, .. } | Mark::Block { y, .. } => *y += down,
                }
                mark
            });
            stacked.marks.extend(moved);
            stacked.height += line.height;
        }
        if text.is_empty() {
            stacked.height += style.line_height();
        }
    }
    stacked
}

/// A line of this share of a column, in its middle, under a piece.
fn underlined(setter: &Setter<'_>, mut piece: Piece, share: f32) -> Piece {
    let width = setter.column.width * share;
    piece.marks.push(Mark::Block {
        x: setter.column.left + (setter.column.width - width) / 2.0,
        y: piece.height + 3.5,
        width,
        height: 0.75,
        shade: (0, 0, 0),
    });
    piece.height += 8.0;
    piece
}

/// The left and the right part of a column.
fn halves<'a>(setter: &Setter<'a>, share: f32) -> (Setter<'a>, Setter<'a>) {
    let Column { left, width } = setter.column;
    let part = |left, width| Setter {
        fonts: setter.fonts,
        column: Column { left, width },
    };
    (
        part(left, width * share),
        part(left + width * share, width * (1.0 - share)),
    )
}

/// Two pieces beside each other.
fn beside(left: Piece, right: Piece) -> Piece {
    let height = left.height.max(right.height);
    let mut marks = left.marks;
    marks.extend(right.marks);
    Piece {
        marks,
        height,
        ..Piece::default()
    }
}

fn letterhead(setter: &Setter<'_>, document: &Document) -> Vec<Piece> {
    let (left, right) = halves(setter, 0.42);
    let (plain, bold) = (
        Style::new(Face::Regular, 13.0),
        Style::new(Face::Bold, 13.0),
    );
    let italic = Style::new(Face::Italic, 13.0);
    let parent = document.parent.as_deref().map(str::to_uppercase);
    let office = organ_lines(&document.office);
    let organs: Vec<(&str, Style)> = parent
        .iter()
        .map(|name| (name.as_str(), plain))
        .chain(office.iter().map(|name| (name.as_str(), bold)))
        .collect();
    let organs = underlined(&left, stack(&left, &organs, Set::Center), 0.4);
    let country = [(COUNTRY, Style::new(Face::Bold, 12.0)), (MOTTO, bold)];
    let width = right.fonts.width(MOTTO, bold) / right.column.width;
    let country = underlined(&right, stack(&right, &country, Set::Center), width);
    let number = document.number.as_deref().unwrap_or_default();
    let number = stack(&left, &[(number, plain)], Set::Center);
    let place = stack(&right, &[(&document.place_date, italic)], Set::Center);
    let mut second = beside(number, place);
    second.gap = 4.0;
    vec![beside(organs, country), second]
}

fn title(setter: &Setter<'_>, document: &Document) -> Vec<Piece> {
    let bold = Style::new(Face::Bold, 14.0);
    let mut lines = vec![(document.title.as_str(), bold), (&document.about, bold)];
    if let Some(under) = &document.under_title {
        lines.push((under, Style::new(Face::Italic, 13.0)));
    }
    let mut title = underlined(setter, stack(setter, &lines, Set::Center), 0.34);
    title.gap = 16.0;
    title.keeps_next = true;
    let mut pieces = vec![title];
    let plain = Style::new(Face::Regular, 14.0);
    match document.to.as_slice() {
        [] => {}
        [only] => {
            let mut to = stack(
                setter,
                &[(&format!("Kính gửi: {only}"), plain)],
                Set::Center,
            );
            to.gap = 8.0;
            pieces.push(to);
        }
        _ => {
            let (_, right) = halves(setter, 0.2);
            let names = document.addressees();
            let mut lines = vec![("Kính gửi:", plain)];
            lines.extend(names.iter().map(|name| (name.as_str(), plain)));
            let mut to = stack(&right, &lines, Set::Left);
            to.gap = 8.0;
            pieces.push(to);
        }
    }
    if let Some(last) = pieces.last_mut() {
        last.height += 6.0;
    }
    pieces
}

/// Recipients on the left, who signs on the right; more signers above.
fn ending(setter: &Setter<'_>, document: &Document) -> Vec<Piece> {
    let Some((last, others)) = document.signatures.split_last() else {
        return Vec::new();
    };
    let (left, right) = halves(setter, 0.5);
    let mut pieces = Vec::new();
    if let [first, second] = others {
        pieces.push(beside(signature(&left, first), signature(&right, second)));
    }
    let mut lines = vec![("Nơi nhận:", Style::new(Face::BoldItalic, 12.0))];
    let small = Style::new(Face::Regular, 11.0);
    lines.extend(
        document
            .recipients
            .iter()
            .map(|line| (line.as_str(), small)),
    );
    let recipients = stack(&left, &lines, Set::Left);
    pieces.push(beside(recipients, signature(&right, last)));
    let last = pieces.len().saturating_sub(1);
    for (place, piece) in pieces.iter_mut().enumerate() {
        piece.gap = 14.0;
        piece.keeps_next = place < last;
    }
    pieces
}

fn signature(setter: &Setter<'_>, signature: &Signature) -> Piece {
    let (bold, italic) = (Style::new(Face::Bold, 14.0), Style::new(Face::Italic, 13.0));
    let mut lines: Vec<(&str, Style)> = signature
        .signs_for
        .iter()
        .chain([&signature.position])
        .map(|line| (line.as_str(), bold))
        .collect();
    lines.push((&signature.note, italic));
    let mut piece = stack(setter, &lines, Set::Center);
    // Room to sign.
    piece.height += count(4) * bold.line_height();
    let name = stack(setter, &[(&signature.name, bold)], Set::Center);
    let down = piece.height;
    piece.marks.extend(name.marks.into_iter().map(|mut mark| {
        match &mut mark {
            Mark::Text { y, .. } | Mark::Block { y, .. } => *y += down,
        }
        mark
    }));
    piece.height += name.height;
    piece
}

fn annex_head(setter: &Setter<'_>, annex: &Annex) -> Vec<Piece> {
    let bold = Style::new(Face::Bold, 14.0);
    let about = annex.about.to_uppercase();
    let lines = [
        (annex.title.as_str(), bold),
        (&about, bold),
        (&annex.belongs_to, Style::new(Face::Italic, 14.0)),
    ];
    let mut head = stack(setter, &lines, Set::Center);
    head.begins_page = true;
    head.keeps_next = true;
    head.height += 6.0;
    vec![head]
}
