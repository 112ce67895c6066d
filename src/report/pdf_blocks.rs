//! How does each part of a document look on paper? As pieces that go onto pages.

use crate::model::thousands::grouped;
use crate::report::document::{Block, Chart, Judgement};
use crate::report::layout::{
    BODY_POINTS, FIRST_LINE_MM, LINE_SHARE, PARAGRAPH_GAP_POINTS, SHADES, TABLE_POINTS,
};
use crate::report::pdf_pages::{Mark, Piece};
use crate::report::pdf_text::{Face, Fonts, Style};

/// The space beside a text in a cell.
pub(super) const CELL_SIDE: f32 = 4.0;

/// Where text stands.
#[derive(Clone, Copy)]
pub(super) struct Column {
    /// Its left side, in points from the page's.
    pub(super) left: f32,
    /// Its width.
    pub(super) width: f32,
}

/// How the lines of a paragraph stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Left,
    Center,
    Right,
    Justified,
}

/// Makes pieces of texts.
pub(super) struct Setter<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) column: Column,
}

/// Millimetres in points.
pub(super) fn points(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

impl Setter<'_> {
    /// The pieces of contents.
    pub(super) fn blocks(&self, blocks: &[Block]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let body = Style::new(Face::Regular, BODY_POINTS);
        for block in blocks {
            match block {
                Block::Heading { text, .. } => {
                    let mut lines = self.paragraph(
                        text,
                        Style {
                            face: Face::Bold,
                            ..body
                        },
                        Set::Left,
                    );
                    lines.iter_mut().for_each(|line| line.keeps_next = true);
                    pieces.extend(lines);
                }
                Block::Basis { text } => {
                    pieces.extend(self.paragraph(
                        text,
                        Style {
                            face: Face::Italic,
                            ..body
                        },
                        Set::Justified,
                    ));
                }
                Block::Paragraph { text } => {
                    pieces.extend(self.paragraph(text, body, Set::Justified))
                }
                Block::Item { text } => {
                    let is_form = text.contains('…');
                    let set = if is_form { Set::Left } else { Set::Justified };
                    pieces.extend(self.paragraph(&format!("- {text}"), body, set));
                }
                Block::Judgement(judgement) => pieces.extend(self.judgement(judgement)),
                Block::Table(table) => pieces.extend(self.table(table)),
                Block::Chart(chart) => pieces.extend(self.chart(chart)),
            }
        }
        pieces
    }

    /// What a person wrote, line by line; or what is to be written, and a line to write on.
    fn judgement(&self, judgement: &Judgement) -> Vec<Piece> {
        let body = Style::new(Face::Regular, BODY_POINTS);
        let lines = judgement.lines();
        if !lines.is_empty() {
            let lines = lines.iter();
            let written = lines.flat_map(|line| self.paragraph(line, body, Set::Justified));
            return written.collect();
        }
        let italic = Style {
            face: Face::Italic,
            ..body
        };
        let mut pieces = self.paragraph(&format!("[{}]:", judgement.asked()), italic, Set::Left);
        pieces.iter_mut().for_each(|line| line.keeps_next = true);
        let (dot, mut dots) = (self.fonts.width(".", body), String::new());
        while count(dots.len() + 1) * dot <= self.column.width {
            dots.push('.');
        }
        let mut line = self.lines(&dots, body, Set::Left, 0.0);
        line.iter_mut().for_each(|line| line.height *= LINE_SHARE);
        pieces.extend(line);
        pieces
    }

    /// A paragraph of the body: its first line stands in, two lines of it are never torn apart from
    /// the rest.
    fn paragraph(&self, text: &str, style: Style, set: Set) -> Vec<Piece> {
        let indent = points(FIRST_LINE_MM);
        let mut lines = self.lines(text, style, set, indent);
        let count = lines.len();
        for (place, line) in lines.iter_mut().enumerate() {
            line.height *= LINE_SHARE;
            line.keeps_next = count > 1 && (place == 0 || place + 2 == count);
        }
        if let Some(first) = lines.first_mut() {
            first.gap = PARAGRAPH_GAP_POINTS;
        }
        lines
    }

    /// The lines of a text, each a piece.
    pub(super) fn lines(&self, text: &str, style: Style, set: Set, indent: f32) -> Vec<Piece> {
        let width = self.column.width;
        let lines = self.fonts.lines(text, style, width, width - indent);
        let count = lines.len();
        lines
            .iter()
            .enumerate()
            .map(|(place, words)| {
                let indent = if place == 0 { indent } else { 0.0 };
                let is_last = place + 1 == count;
                Piece {
                    marks: self.line(words, style, set, (indent, is_last)),
                    height: style.line_height(),
                    ..Piece::default()
                }
            })
            .collect()
    }

    fn line(
        &self,
        words: &[String],
        style: Style,
        set: Set,
        (indent, is_last): (f32, bool),
    ) -> Vec<Mark> {
        let text = words.join(" ");
        let long = self.fonts.width(&text, style);
        let room = self.column.width - indent - long;
        let y = style.points * 0.95;
        let start = self.column.left + indent;
        let gaps = words.len().saturating_sub(1);
        let space = self.fonts.width(" ", style);
        // Before a long word a line would be torn apart; it is left as it is.
        let is_torn = room > count(gaps) * space * 2.5;
        if set != Set::Justified || is_last || is_torn || gaps == 0 {
            let x = start
                + match set {
                    Set::Left | Set::Justified => 0.0,
                    Set::Center => room / 2.0,
                    Set::Right => room,
                };
            return vec![Mark::Text { x, y, text, style }];
        }
        // A space after each word is drawn too, so that the text can be copied and searched.
        let more = room / count(gaps);
        let mut x = start;
        let mut marks = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let end = if place < gaps { " " } else { "" };
            let text = format!("{word}{end}");
            let long = self.fonts.width(word, style);
            marks.push(Mark::Text { x, y, text, style });
            x += long + space + more;
        }
        marks
    }

    /// A caption over a table or chart.
    pub(super) fn caption(&self, text: &str) -> Vec<Piece> {
        let style = Style::new(Face::Bold, 13.0);
        let mut lines = self.lines(text, style, Set::Center, 0.0);
        lines.iter_mut().for_each(|line| line.keeps_next = true);
        if let Some(first) = lines.first_mut() {
            first.gap = PARAGRAPH_GAP_POINTS * 1.5;
        }
        if let Some(last) = lines.last_mut() {
            last.height += 3.0;
        }
        lines
    }

    fn chart(&self, chart: &Chart) -> Vec<Piece> {
        let mut pieces = self.caption(&chart.caption);
        let style = Style::new(Face::Regular, TABLE_POINTS);
        if chart.bars.is_empty() {
            let italic = Style::new(Face::Italic, 13.0);
            pieces.extend(self.lines("(không có số liệu)", italic, Set::Center, 0.0));
            return pieces;
        }
        let (labels, values) = (self.column.width * 0.3, self.column.width * 0.12);
        let bars = self.column.width - labels - values;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a bar is some hundred points long"
        )]
        let scaled = |value: u64| bars * value as f32 / chart.longest() as f32;
        for bar in &chart.bars {
            let height = style.line_height() + 4.0;
            let inner = Setter {
                fonts: self.fonts,
                column: Column {
                    left: self.column.left,
                    width: labels - CELL_SIDE,
                },
            };
            // A label that needs more than its line is cut: the table beside has it whole.
            let mut marks: Vec<Mark> = Vec::new();
            if let Some(line) = inner.lines(&bar.label, style, Set::Left, 0.0).first() {
                marks.extend(line.marks.iter().map(|mark| mark_at(mark, 2.0)));
            }
            let mut x = self.column.left + labels;
            for (part, shade) in bar.parts.iter().zip(SHADES) {
                let width = scaled(*part);
                if width > 0.0 {
                    marks.push(Mark::Block {
                        x,
                        y: 2.0,
                        width,
                        height: height - 5.0,
                        shade,
                    });
                }
                x += width;
            }
            let text = grouped(bar.total());
            marks.push(Mark::Text {
                x: x + CELL_SIDE,
                y: 2.0 + style.points * 0.95,
                text,
                style,
            });
            pieces.push(Piece {
                marks,
                height,
                keeps_next: true,
                ..Piece::default()
            });
        }
        pieces.push(self.legend(chart, style));
        pieces
    }

    fn legend(&self, chart: &Chart, style: Style) -> Piece {
        let widths = chart
            .series
            .iter()
            .map(|name| self.fonts.width(name, style) + 30.0);
        let all: f32 = widths.clone().sum();
        let mut x = self.column.left + (self.column.width - all) / 2.0;
        let mut marks = Vec::new();
        for ((name, width), shade) in chart.series.iter().zip(widths).zip(SHADES) {
            marks.push(Mark::Block {
                x,
                y: 5.0,
                width: 9.0,
                height: 9.0,
                shade,
            });
            let text = name.clone();
            marks.push(Mark::Text {
                x: x + 13.0,
                y: 3.0 + style.points * 0.95,
                text,
                style,
            });
            x += width;
        }
        Piece {
            marks,
            height: 24.0,
            ..Piece::default()
        }
    }
}

/// A mark moved down.
pub(super) fn mark_at(mark: &Mark, down: f32) -> Mark {
    let mut mark = mark.clone();
    match &mut mark {
        Mark::Text { y, .. } | Mark::Block { y, .. } => *y += down,
    }
    mark
}

#[expect(
    clippy::cast_precision_loss,
    reason = "lines of a page are some dozens"
)]
pub(super) const fn count(lines: usize) -> f32 {
    lines as f32
}
