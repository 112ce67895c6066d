//! Which letters do the signs of a former encoding stand for?
//!
//! In: a word as it looks when its bytes are read as windows-1252 (TCVN3, VNI, windows-1258), or
//! as it was typed (VIQR). Out: the letters. The table is `legacy.tsv`.
//!
//! Never: whether the text is in that encoding; [`super::charset`] weighs that.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A former way to write Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Charset {
    /// TCVN 5712:1993, "ABC".
    Tcvn3,
    /// VNI for Windows.
    Vni,
    /// Windows-1258 read as windows-1252.
    Cp1258,
    /// RFC 1456.
    Viqr,
    /// What the keys of the Telex method type when nothing composes them.
    Telex,
}

impl Charset {
    /// Those whose words have signs beyond ASCII.
    pub(super) const BEYOND_ASCII: [Self; 3] = [Self::Tcvn3, Self::Vni, Self::Cp1258];

    const fn column(self) -> Option<usize> {
        match self {
            Self::Tcvn3 => Some(1),
            Self::Vni => Some(2),
            Self::Viqr => Some(3),
            Self::Cp1258 => Some(4),
            Self::Telex => None,
        }
    }
}

/// Signs that spell one letter, at most.
const SIGNS_MAX: usize = 3;

type Table = HashMap<String, char>;

static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
    let mut tables: [Table; 5] = Default::default();
    let lines = include_str!("legacy.tsv").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let Some(letter) = fields.next().and_then(|field| field.chars().next()) else {
            continue;
        };
        for (table, field) in tables.iter_mut().skip(1).zip(fields) {
            let signs = if field == "AD" { "\u{ad}" } else { field };
            // Capitals that share the sign of the small letter come before it in the list.
            table.insert(signs.to_owned(), letter);
        }
    }
    tables
});

/// Whether the character is one of TCVN3's letters though it is none in Unicode.
pub(super) const fn is_tcvn3_sign(c: char) -> bool {
    matches!(
        c,
        '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{ae}' | '\u{b5}'..='\u{b9}' | '\u{bb}'..='\u{be}'
            | '\u{d7}' | '\u{f7}' | '\u{aa}'
    )
}

/// The word in the charset's letters; what is none of its signs stays.
pub(super) fn decode(charset: Charset, word: &str) -> String {
    let Some(table) = charset.column().and_then(|column| TABLES.get(column)) else {
        return word.to_owned();
    };
    let mut read = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        let longest = ends
            .take(SIGNS_MAX)
            .filter_map(|end| Some((end, *table.get(rest.get(..end)?)?)))
            .last();
        let (taken, letter) = longest.unwrap_or((first.len_utf8(), first));
        read.push(letter);
        rest = rest.get(taken..).unwrap_or_default();
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_each_encoding_are_read() {
        for (charset, written, read) in [
            (Charset::Tcvn3, "c\u{ad}íc", "cước"),
            (Charset::Tcvn3, "®iÖn", "điện"),
            (Charset::Vni, "cöôùc", "cước"),
            (Charset::Vni, "TUYEÄT", "TUYỆT"),
            (Charset::Vni, "kyû", "kỷ"),
            (Charset::Viqr, "cu+o+'c", "cước"),
            (Charset::Viqr, "ddie^.n", "điện"),
            (Charset::Cp1258, "cýõìc", "cước"),
            (Charset::Cp1258, "ðiêòn", "điện"),
        ] {
            assert_eq!(decode(charset, written), read, "{charset:?}");
        }
    }
}
