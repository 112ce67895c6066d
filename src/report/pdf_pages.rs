//! Where does a piece of a document go? Pages are filled from the top; what belongs together stays.

/// A mark on a page, in points from its top left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A text that begins at a place on its base line.
    Text {
        x: f32,
        y: f32,
        text: String,
        style: super::pdf_text::Style,
    },
    /// A filled rectangle.
    Block {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        shade: (u8, u8, u8),
    },
}

impl Mark {
    fn moved(&self, down: f32) -> Self {
        let mut mark = self.clone();
        match &mut mark {
            Self::Text { y, .. } | Self::Block { y, .. } => *y += down,
        }
        mark
    }
}

/// Something that stands on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    /// Its marks, from its own top.
    pub(super) marks: Vec<Mark>,
    /// How high it is.
    pub(super) height: f32,
    /// The space before it, unless it begins a page.
    pub(super) gap: f32,
    /// Whether the next piece must stand on the same page.
    pub(super) keeps_next: bool,
    /// Whether it begins a new page.
    pub(super) begins_page: bool,
    /// What ends it where the page ends with it: the line under a row that goes on.
    pub(super) closing: Option<Mark>,
    /// What is repeated over it where it begins a page: the head of a table.
    pub(super) head: Option<Box<Self>>,
}

/// A page's marks.
pub(super) type Page = Vec<Mark>;

/// Fills pages whose text goes from the top to the bottom.
pub(super) fn paginate(pieces: &[Piece], top: f32, bottom: f32) -> Vec<Page> {
    let mut pages: Vec<Page> = vec![Page::new()];
    let mut y = top;
    let mut is_fresh = true;
    let mut closing: Option<Mark> = None;
    for (place, piece) in pieces.iter().enumerate() {
        let gap = if is_fresh { 0.0 } else { piece.gap };
        let needed = together(pieces.get(place..).unwrap_or_default(), bottom - top);
        if !is_fresh && (piece.begins_page || y + gap + needed > bottom) {
            if let Some(page) = pages.last_mut() {
                page.extend(closing.take());
            }
            pages.push(Page::new());
            y = top;
            is_fresh = true;
        }
        let Some(page) = pages.last_mut() else {
            continue;
        };
        if is_fresh && let Some(head) = &piece.head {
            page.extend(head.marks.iter().map(|mark| mark.moved(y)));
            y += head.height;
        }
        y += if is_fresh { 0.0 } else { piece.gap };
        page.extend(piece.marks.iter().map(|mark| mark.moved(y)));
        closing = piece.closing.as_ref().map(|mark| mark.moved(y));
        y += piece.height;
        is_fresh = false;
    }
    pages
}

/// How high the pieces are that must stand together with the first one. What would not fit on any
/// page is not kept together.
fn together(pieces: &[Piece], page: f32) -> f32 {
    let mut height = 0.0;
    for (place, piece) in pieces.iter().enumerate() {
        let gap = if place == 0 { 0.0 } else { piece.gap };
        if height + gap + piece.height > page {
            return pieces.first().map_or(0.0, |first| first.height);
        }
        height += gap + piece.height;
        if !piece.keeps_next {
            break;
        }
    }
    height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(height: f32, keeps_next: bool) -> Piece {
        let mark = Mark::Block {
            x: 0.0,
            y: 0.0,
            width: 1.0,
            height,
            shade: (0, 0, 0),
        };
        Piece {
            marks: vec![mark],
            height,
            keeps_next,
            ..Piece::default()
        }
    }

    fn counts(pieces: &[Piece]) -> Vec<usize> {
        paginate(pieces, 0.0, 100.0).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_heading_goes_to_the_next_page_with_its_text() {
        assert_eq!(
            counts(&[piece(80.0, false), piece(10.0, true), piece(20.0, false)]),
            [1, 2]
        );
        assert_eq!(
            counts(&[piece(60.0, false), piece(10.0, true), piece(20.0, false)]),
            [3]
        );
    }

    #[test]
    fn a_table_repeats_its_head_and_nothing_is_lost() {
        let mut row = piece(30.0, false);
        row.head = Some(Box::new(piece(10.0, false)));
        let rows = vec![row; 7];
        assert_eq!(counts(&rows), [4, 4, 2]);
        let endless = vec![piece(30.0, true); 10];
        assert_eq!(counts(&endless).iter().sum::<usize>(), 10);
    }
}
