//! What mail and editors do to a text on its way: lines cut, quoted, ended softly.

use crate::disguise::columns;
use crate::encode::{bytes, grouped};
use crate::sample::{Kind, Piece};

/// Mail is no wider.
const WIDTH: usize = 72;
/// A narrow window, so that many lines end.
const NARROW: usize = 28;

type Carry = fn(&[Piece]) -> Vec<Piece>;

/// What becomes of the pieces on the way of this name.
pub(crate) fn carried(name: &str) -> Option<Carry> {
    Some(match name {
        "cut_lines" => |p| cut(p, WIDTH, "\n"),
        "wrapped" => |p| wrapped(&spaced(p)),
        "wrapped_quoted" => |p| quoted(&wrapped(&spaced(p)), "> "),
        "soft_line_ends" => |p| {
            let escaped: Vec<Piece> = p.iter().map(quoted_printable).collect();
            cut(&escaped, WIDTH, "=\n")
        },
        "quoted" => |p| quoted(p, "> "),
        "quoted_twice" => |p| quoted(p, "> > "),
        "quoted_closely" => |p| quoted(p, ">>"),
        "quoted_table" => |p| quoted(&columns(p, " | "), "> "),
        "quoted_table_twice" => |p| quoted(&columns(p, " | "), ">> "),
        "quoted_cut_lines" => |p| quoted(&cut(p, WIDTH, "\n"), "> "),
        _ => return None,
    })
}

fn quoted_printable(piece: &Piece) -> Piece {
    Piece {
        kind: piece.kind,
        text: bytes(&piece.text, "=", |c| c.is_ascii() && c != '='),
    }
}

/// Ends a line behind so many characters, wherever that is.
fn cut(pieces: &[Piece], width: usize, end: &str) -> Vec<Piece> {
    let mut column = 0;
    let each = |piece: &Piece| {
        let mut text = String::new();
        let mut escape = 0;
        for c in piece.text.chars() {
            // An escape of quoted-printable is never cut.
            if column >= width && escape == 0 && c != '\n' {
                text.push_str(end);
                column = 0;
            }
            escape = if end.starts_with('=') && c == '=' {
                2
            } else {
                escape.max(1) - 1
            };
            column = if c == '\n' { 0 } else { column + 1 };
            text.push(c);
        }
        Piece {
            kind: piece.kind,
            text,
        }
    };
    pieces.iter().map(each).collect()
}

/// The values in groups, which a line may end between.
fn spaced(pieces: &[Piece]) -> Vec<Piece> {
    let each = |piece: &Piece| Piece {
        kind: piece.kind,
        text: match piece.kind {
            Kind::Words => piece.text.clone(),
            Kind::PhoneNumber => grouped(&piece.text, &[4, 3, 3], " "),
            Kind::CitizenId | Kind::IdentityCard => grouped(&piece.text, &[3, 3, 3, 3], " "),
        },
    };
    pieces.iter().map(each).collect()
}

/// Ends a line at the first space behind so many characters.
fn wrapped(pieces: &[Piece]) -> Vec<Piece> {
    let mut column = 0;
    let each = |piece: &Piece| {
        let wrap = |c: char| {
            let ends = c == '\n' || c == ' ' && column >= NARROW;
            column = if ends { 0 } else { column + 1 };
            if ends { '\n' } else { c }
        };
        Piece {
            kind: piece.kind,
            text: piece.text.chars().map(wrap).collect(),
        }
    };
    pieces.iter().map(each).collect()
}

/// Puts a sign before every line.
fn quoted(pieces: &[Piece], sign: &str) -> Vec<Piece> {
    let first = Piece {
        kind: Kind::Words,
        text: format!("Chuyển tiếp:\n{sign}"),
    };
    let each = |piece: &Piece| Piece {
        kind: piece.kind,
        text: piece.text.replace('\n', &format!("\n{sign}")),
    };
    std::iter::once(first)
        .chain(pieces.iter().map(each))
        .collect()
}
