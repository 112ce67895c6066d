//! The disguises by name: what becomes of a text and of the values in it.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use unicode_normalization::UnicodeNormalization;

use crate::carrier::carried;
use crate::encode::{
    bytes, code_points, digits_from, each, grouped, legacy, look_alike, misread, misrecognized,
    rounded, spelled, telex, thousands, without_diacritics,
};
use crate::sample::{Dice, Kind, Piece};

/// A text in disguise, and where its values are.
pub(crate) struct Disguised {
    pub(crate) text: String,
    pub(crate) values: Vec<(Kind, Range<usize>)>,
}

impl Disguised {
    fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut text = String::new();
        let mut values = Vec::new();
        for piece in pieces {
            let start = text.len();
            text.push_str(&piece.text);
            if piece.kind != Kind::Words {
                values.push((piece.kind, start..text.len()));
            }
        }
        Self { text, values }
    }

    /// All of the text as one word that holds it.
    fn held(pieces: Vec<Piece>, hold: impl Fn(&str) -> String) -> Self {
        let plain = Self::of(pieces);
        let word = hold(&plain.text);
        let lead = "Dịch giúp nội dung sau: ";
        let place = lead.len()..lead.len() + word.len();
        let values = plain.values.iter().map(|(kind, _)| (*kind, place.clone()));
        Self {
            values: values.collect(),
            text: format!("{lead}{word}\n"),
        }
    }
}

/// The text in the disguise of this name; `None` where there is no such disguise.
pub(crate) fn disguise(name: &str, pieces: Vec<Piece>, dice: &mut Dice) -> Option<Disguised> {
    if let Some(write) = of_value(name) {
        return Some(Disguised::of(pieces.into_iter().map(|mut piece| {
            if piece.kind != Kind::Words {
                piece.text = write(piece.kind, &piece.text, dice);
            }
            piece
        })));
    }
    if let Some(write) = of_text(name) {
        return Some(Disguised::of(pieces.into_iter().map(|mut piece| {
            piece.text = write(&piece.text);
            piece
        })));
    }
    if let Some(write) = of_form(name).or_else(|| carried(name)) {
        return Some(Disguised::of(write(&pieces)));
    }
    let hold: fn(&str) -> String = match name {
        "base64_text" => |t| STANDARD.encode(t),
        "base64_url_text" => |t| URL_SAFE_NO_PAD.encode(t),
        "base64_twice" => |t| STANDARD.encode(STANDARD.encode(t)),
        "base64_lines" => |t| {
            let all = STANDARD.encode(t);
            let lines = all
                .as_bytes()
                .chunks(76)
                .map(|l| str::from_utf8(l).unwrap());
            lines.collect::<Vec<_>>().join("\n")
        },
        "hex_text" => |t| bytes(t, "", |_| false),
        "hex_spaced" => |t| bytes(t, " ", |_| false).trim().to_owned(),
        _ => return None,
    };
    Some(Disguised::held(pieces, hold))
}

type OfValue = fn(Kind, &str, &mut Dice) -> String;

fn lengths(kind: Kind, dice: &mut Dice) -> &'static [usize] {
    match (kind, dice.roll(2)) {
        (Kind::CitizenId, 0) => &[4, 4, 4],
        (Kind::PhoneNumber, 0) => &[4, 3, 3],
        (Kind::PhoneNumber, _) => &[3, 3, 4],
        (Kind::CitizenId | Kind::IdentityCard | Kind::Words, _) => &[3, 3, 3, 3],
    }
}

fn of_value(name: &str) -> Option<OfValue> {
    in_groups(name)
        .or_else(|| in_other_digits(name))
        .or_else(|| damaged(name))
}

/// Digits with signs between.
fn in_groups(name: &str) -> Option<OfValue> {
    Some(match name {
        "plain" => |_, v, _| v.to_owned(),
        "spaces" => |k, v, d| grouped(v, lengths(k, d), " "),
        "dots" => |k, v, d| grouped(v, lengths(k, d), "."),
        "dashes" => |k, v, d| grouped(v, lengths(k, d), "-"),
        "no_break_spaces" => |k, v, d| grouped(v, lengths(k, d), "\u{a0}"),
        "thin_spaces" => |k, v, d| grouped(v, lengths(k, d), "\u{2009}"),
        "unicode_dashes" => |k, v, d| grouped(v, lengths(k, d), "–"),
        "slashes" => |k, v, d| grouped(v, lengths(k, d), "/"),
        "underscores" => |k, v, d| grouped(v, lengths(k, d), "_"),
        "middle_dots" => |k, v, d| grouped(v, lengths(k, d), "·"),
        "pairs" => |_, v, _| grouped(v, &[2, 2, 2, 2, 2, 2], "."),
        "digit_by_digit" => |_, v, _| grouped(v, &[1; 12], " "),
        "digit_dashes" => |_, v, _| grouped(v, &[1; 12], "-"),
        "boxes" => |_, v, _| format!("| {} |", grouped(v, &[1; 12], " | ")),
        "cells" => |k, v, d| grouped(v, lengths(k, d), " | "),
        "line_break" => |_, v, d| {
            let at = usize::try_from(3 + d.roll(4)).unwrap();
            grouped(v, &[at], "\n")
        },
        "soft_wrap" => |_, v, _| grouped(v, &[5], "-\n"),
        _ => return None,
    })
}

/// Digits written as other signs.
fn in_other_digits(name: &str) -> Option<OfValue> {
    Some(match name {
        "zero_width" => |_, v, _| each(v, |c| format!("{c}\u{200b}")),
        "soft_hyphens" => |_, v, _| grouped(v, &[3, 3, 3, 3], "\u{ad}"),
        "full_width" => |_, v, _| digits_from(v, '０'),
        "arabic_indic" => |_, v, _| digits_from(v, '٠'),
        "mathematical" => |_, v, _| digits_from(v, '𝟎'),
        "superscript" => |_, v, _| {
            each(v, |c| {
                let all: Vec<char> = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().collect();
                all[c.to_digit(10).unwrap() as usize].to_string()
            })
        },
        "circled" => |_, v, _| {
            each(v, |c| match c {
                '0' => "⓪".to_owned(),
                other => char::from_u32(0x2460 + u32::from(other) - u32::from('1'))
                    .unwrap()
                    .to_string(),
            })
        },
        "keycaps" => |_, v, _| each(v, |c| format!("{c}\u{fe0f}\u{20e3}")),
        "struck_out" => |_, v, _| each(v, |c| format!("{c}\u{336}")),
        "digit_entities" => |_, v, _| each(v, |c| format!("&#{};", u32::from(c))),
        "digit_percent" => |_, v, _| bytes(v, "%", |_| false),
        "digit_escapes" => |_, v, _| code_points(v),
        "digit_hex_escapes" => |_, v, _| bytes(v, "\\x", |_| false),
        "base64_value" => |_, v, _| STANDARD.encode(v),
        "hex_value" => |_, v, _| bytes(v, "", |_| false),
        _ => return None,
    })
}

/// Numbers as spreadsheets, text recognition and people change them.
fn damaged(name: &str) -> Option<OfValue> {
    Some(match name {
        "apostrophe" => |_, v, _| format!("'{v}"),
        "lost_zero" => |_, v, _| v.trim_start_matches('0').to_owned(),
        "lost_zero_decimal" => |_, v, _| format!("{}.0", v.trim_start_matches('0')),
        "thousands" => |_, v, _| thousands(v.trim_start_matches('0'), "."),
        "rounded" => |_, v, _| rounded(v, ','),
        "misrecognized" => |_, v, _| misrecognized(v),
        "spelled" => |_, v, _| spelled(v),
        "spelled_plain" => |_, v, _| without_diacritics(&spelled(v)),
        "backwards" => |_, v, _| v.chars().rev().collect(),
        "abroad" => |k, v, d| match (k, d.roll(5)) {
            (Kind::PhoneNumber, 0) => format!("+84{}", &v[1..]),
            (Kind::PhoneNumber, 1) => format!("(+84) {}", grouped(&v[1..], &[3, 3, 3], " ")),
            (Kind::PhoneNumber, 2) => format!("84 (0) {}", grouped(&v[1..], &[3, 3, 3], " ")),
            (Kind::PhoneNumber, 3) => format!("0084{}", &v[1..]),
            (Kind::PhoneNumber, _) => format!("84-{}", grouped(&v[1..], &[2, 3, 4], "-")),
            _ => v.to_owned(),
        },
        "two_in_one" => |k, v, d| match (k, d.roll(4)) {
            (Kind::PhoneNumber, 0) => format!("{v}/0987654321"),
            (Kind::PhoneNumber, 1) => format!("{v}/79"),
            (Kind::PhoneNumber, 2) => format!("{v} - 679"),
            (Kind::PhoneNumber, _) => format!("{v}, 0987654321"),
            (Kind::CitizenId, _) => format!("{v}/012345678"),
            _ => v.to_owned(),
        },
        _ => return None,
    })
}

type OfText = fn(&str) -> String;

fn of_text(name: &str) -> Option<OfText> {
    encoded(name).or_else(|| escaped(name))
}

/// Letters in former encodings and other ways to write them.
fn encoded(name: &str) -> Option<OfText> {
    Some(match name {
        "decomposed" => |t| t.nfd().collect(),
        "capitals" => |t| t.to_uppercase(),
        "no_diacritics" => without_diacritics,
        "tcvn3" => |t| legacy(t, 1),
        "vni" => |t| legacy(t, 2),
        "viqr" => |t| legacy(t, 3),
        "telex" => telex,
        "cp1258_misread" => |t| legacy(t, 4),
        "cp1258" => |t| {
            // Hats stay composed; tones are marks of their own.
            let is_tone = |c: &char| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*c);
            each(t, |c| {
                let all: Vec<char> = std::iter::once(c).nfd().collect();
                let base: String = all.iter().filter(|c| !is_tone(c)).collect();
                base.nfc().chain(all.into_iter().filter(is_tone)).collect()
            })
        },
        "utf8_misread" => misread,
        "utf8_misread_twice" => |t| misread(&misread(t)),
        _ => return None,
    })
}

/// Letters as escapes, torn, or between others.
fn escaped(name: &str) -> Option<OfText> {
    Some(match name {
        "entities" => |t| each(t, |c| format!("&#x{:X};", u32::from(c))),
        "entities_twice" => |t| each(t, |c| format!("&amp;#{};", u32::from(c))),
        "percent" => |t| bytes(t, "%", |c| c.is_ascii_alphanumeric()),
        "quoted_printable" => |t| bytes(t, "=", |c| c.is_ascii() && c != '='),
        "escapes" => |t| {
            each(t, |c| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    code_points(&c.to_string())
                }
            })
        },
        "torn" => |t| {
            each(t, |c| {
                if c == '\n' {
                    "\n".to_owned()
                } else {
                    format!("{c} ")
                }
            })
        },
        "torn_evenly" => |t| {
            each(t, |c| {
                if c.is_whitespace() {
                    c.to_string()
                } else {
                    format!("{c} ")
                }
            })
            .replace("  ", " ")
        },
        "loose_accents" => |t| {
            each(t, |c| {
                let all: Vec<char> = std::iter::once(c).nfd().collect();
                match all.as_slice() {
                    [lead @ .., '\u{323}'] | [lead @ .., '\u{301}'] if !lead.is_empty() => {
                        let base: String = lead.iter().copied().nfc().collect();
                        format!("{base} {}", all[all.len() - 1])
                    }
                    _ => c.to_string(),
                }
            })
        },
        "invisible" => |t| each(t, |c| format!("{c}\u{2060}")),
        "look_alikes" => look_alike,
        "wide" => |t| {
            each(t, |c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap().to_string(),
                other => other.to_string(),
            })
        },
        "other_bar" => |t| t.replace('Đ', "Ð").replace('đ', "ð"),
        "i_and_y" => |t| {
            t.replace("hóa", "hoá")
                .replace("Ký", "Kí")
                .replace("thủy", "thuỷ")
        },
        _ => return None,
    })
}

type OfForm = fn(&[Piece]) -> Vec<Piece>;

fn of_form(name: &str) -> Option<OfForm> {
    Some(match name {
        "own_lines" => |p| form(p, "", |label| format!("{label}:\n"), "\n", ""),
        "assignments" => |p| form(p, "", |label| format!("{}=", key(label)), "; ", ""),
        "json" => |p| {
            form(
                p,
                "{",
                |label| format!("\"{}\": \"", key(label)),
                "\", ",
                "\"}",
            )
        },
        "html_rows" => |p| {
            form(
                p,
                "<table>",
                |l| format!("<tr><td>{l}</td><td>"),
                "</td></tr>\n",
                "</table>",
            )
        },
        "markdown_rows" => |p| {
            form(
                p,
                "| Mục | Nội dung |\n|---|---|\n",
                |l| format!("| {l} | "),
                " |\n",
                "\n",
            )
        },
        "markdown_columns" => |p| columns(p, " | "),
        "tab_columns" => |p| columns(p, "\t"),
        "csv_columns" => |p| columns(p, ","),
        _ => return None,
    })
}

const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::CitizenId => "Số CCCD",
        Kind::IdentityCard => "Số CMND",
        Kind::PhoneNumber => "Số điện thoại",
        Kind::Words => "Ghi chú",
    }
}

fn key(label: &str) -> String {
    without_diacritics(label).to_lowercase().replace(' ', "_")
}

fn words(text: impl Into<String>) -> Piece {
    Piece {
        kind: Kind::Words,
        text: text.into(),
    }
}

fn values(pieces: &[Piece]) -> impl Iterator<Item = &Piece> {
    pieces.iter().filter(|piece| piece.kind != Kind::Words)
}

fn form(
    pieces: &[Piece],
    head: &str,
    lead: fn(&str) -> String,
    end: &str,
    foot: &str,
) -> Vec<Piece> {
    let mut made = vec![words(head)];
    for value in values(pieces) {
        made.extend([words(lead(label(value.kind))), value.clone(), words(end)]);
    }
    made.push(words(foot));
    made
}

pub(crate) fn columns(pieces: &[Piece], between: &str) -> Vec<Piece> {
    let heads: Vec<&str> = values(pieces).map(|value| label(value.kind)).collect();
    let heads = heads.join(between);
    let mut made = vec![words(format!("STT{between}Họ và tên{between}{heads}"))];
    for (row, name) in ["Nguyễn Văn Thử", "Trần Thị Mẫu"].iter().enumerate() {
        made.push(words(format!("\n{}{between}{name}", row + 1)));
        for value in values(pieces) {
            made.extend([words(between), value.clone()]);
        }
    }
    made.push(words("\n"));
    made
}
