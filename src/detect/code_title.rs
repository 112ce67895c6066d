//! What stands before a number that may be a code: on its line, or in the lines above?
//!
//! Never: what the words mean; [`super::code`] knows.

use crate::detect::context::last_chars;
use crate::detect::fold::folded;
use crate::detect::layout::{Layout, Line};
use crate::model::part::Span;

/// How far before the number its name may begin, in characters.
const NAME_CHARS: usize = 64;
/// So many hotlines may stand below their title.
const HOTLINES: usize = 8;
/// So far above a number its label may stand.
const LABEL_LINES: usize = 2;
/// A longer line is prose.
const LABEL_BYTES_MAX: usize = 64;
/// Longer lines are no titles.
const TITLE_BYTES_MAX: usize = 400;

/// What stands before the number, as far as it is read: on its line, or as a label without figures
/// in the line above where the number opens its own.
pub(super) fn tail<'t>(layout: &Layout<'t>, span: Span) -> &'t str {
    let line = layout.line(span.start).span;
    let lead = last_chars(
        Span::new(line.start, span.start).of(layout.text()),
        NAME_CHARS,
    );
    let opens_line = !lead.contains(|c: char| c.is_alphanumeric() || matches!(c, '|' | '\t' | ';'));
    if !opens_line {
        return lead;
    }
    let index = layout.line_index(span.start);
    let above = layout.lines().get(index.saturating_sub(LABEL_LINES)..index);
    let mut above = above.unwrap_or_default().iter().rev();
    let written = |line: &Line| line.span.of(layout.text()).trim();
    let Some(label) = above.find(|line| !written(line).is_empty()) else {
        return lead;
    };
    let is_label = label.span.len() <= LABEL_BYTES_MAX
        && !written(label).contains(|c: char| c.is_ascii_digit() || matches!(c, '|' | '\t' | ';'));
    if is_label {
        Span::new(label.span.start, span.start).of(layout.text())
    } else {
        lead
    }
}

/// Whether a title above, without figures, says that hotlines follow.
pub(super) fn is_below_hotline(layout: &Layout<'_>, span: Span) -> bool {
    let index = layout.line_index(span.start);
    let above = layout.lines().get(index.saturating_sub(HOTLINES)..index);
    let lines = above.unwrap_or_default().iter().rev();
    let mut written = lines.map(|line| line.span.of(layout.text()));
    let has_figures = |line: &str| line.bytes().any(|byte| byte.is_ascii_digit());
    let title = written.find(|line| line.len() > TITLE_BYTES_MAX || !has_figures(line));
    title.is_some_and(|title| {
        let title = folded(last_chars(title, NAME_CHARS));
        title.contains("duong day nong") || title.contains("hotline")
    })
}

/// What stands before a clause: on its line, or in the line above.
pub(super) fn title<'t>(layout: &Layout<'t>, span: Span) -> &'t str {
    let index = layout.line_index(span.start);
    let line = layout.line(span.start).span;
    let lead = Span::new(line.start, span.start);
    // A line may be as long as the text.
    let on_line = last_chars(lead.of(layout.text()), NAME_CHARS);
    if on_line.contains([';', '|', '\t']) {
        return "";
    }
    let is_whole = on_line.len() == lead.len();
    let above = index
        .checked_sub(1)
        .and_then(|above| layout.lines().get(above));
    let start = match above {
        Some(above) if is_whole && !on_line.bytes().any(|byte| byte.is_ascii_digit()) => {
            above.span.start
        }
        Some(_) | None => line.start,
    };
    last_chars(Span::new(start, span.start).of(layout.text()), NAME_CHARS)
}
