//! Does the sentence go on behind a name with what befell somebody: "bị", "mắc", "nợ", "thuộc hộ"?
//!
//! In: what stands behind words that may be a name. Out: whether it tells of a person, as a birth
//! or a number would. Never enough by itself; `said` weighs it.
//!
//! Never: what the misfortune is; the words for conditions tell that.

use crate::detect::fold::folded;
use crate::detect::letter::in_small;
use crate::detect::phrase::Spelling;

/// So far it is read, in bytes.
const REACH: usize = 40;

/// How it goes on, in small letters ...
const FATES: [&str; 32] = [
    "bị ",
    "mắc ",
    "nghiện ",
    "tái nghiện",
    "chết ",
    "qua đời",
    "mất năm",
    "mất ngày",
    "mất hôm",
    "ly hôn",
    "ly thân",
    "mang thai",
    "mang bầu",
    "có thai",
    "có bầu",
    "sảy thai",
    "nợ ",
    "vay ",
    "thiếu nợ",
    "thuộc hộ",
    "thuộc diện",
    "là hộ",
    "hộ nghèo",
    "hộ cận nghèo",
    "mồ côi",
    "neo đơn",
    "khuyết tật",
    "tâm thần",
    "trầm cảm",
    "góa chồng",
    "thương binh",
    "bệnh binh",
];
/// ... and without diacritics.
const PLAIN_FATES: [&str; 17] = [
    "bi ",
    "mac benh",
    "nghien ",
    "tai nghien",
    "qua doi",
    "ly hon",
    "ly than",
    "mang thai",
    "say thai",
    "thuoc ho",
    "thuoc dien",
    "la ho",
    "ho ngheo",
    "ho can ngheo",
    "neo don",
    "khuyet tat",
    "tram cam",
];
/// Words before it that only say when; those of several words come first.
const WHEN: [&str; 18] = [
    "hiện đang ",
    "không may ",
    "chẳng may ",
    "mới ",
    "vừa ",
    "đang ",
    "đã ",
    "lại ",
    "hiện ",
    "hien dang ",
    "khong may ",
    "chang may ",
    "moi ",
    "vua ",
    "dang ",
    "da ",
    "lai ",
    "hien ",
];

/// Whether what stands behind a name, on the same line, tells what befell somebody.
pub(super) fn opens_fate(after: &str, spelling: Spelling) -> bool {
    let near = after.get(..after.floor_char_boundary(REACH));
    let near = near.unwrap_or_default();
    // "nguyen don, bi don" are no people.
    let bare = match spelling {
        Spelling::Full => near.trim_start_matches([' ', ',', '(']),
        Spelling::Plain => near.strip_prefix(' ').unwrap_or(near),
    };
    // No misfortune begins so.
    let is_other = bare.starts_with(|c: char| !c.is_alphabetic() || "aeioăâêôơưxd".contains(c));
    if bare.len() == near.len() || is_other && !bare.starts_with("da") {
        return false;
    }
    let small = match spelling {
        Spelling::Full => in_small(bare).into_owned(),
        Spelling::Plain => folded(bare),
    };
    let lead = WHEN.iter().find_map(|when| small.strip_prefix(when));
    let told = lead.unwrap_or(&small);
    let fates = match spelling {
        Spelling::Full => FATES.as_slice(),
        Spelling::Plain => PLAIN_FATES.as_slice(),
    };
    fates.iter().any(|fate| told.starts_with(fate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misfortunes_go_on_behind_names() {
        for after in [
            " bị ung thư",
            " mới ly hôn",
            ", hộ nghèo",
            " NỢ 5tr",
            " đang mang thai",
            " hiện đang mắc lao",
        ] {
            assert!(opens_fate(after, Spelling::Full), "{after}");
        }
        for after in [
            " bi ung thu",
            " moi ly hon",
            " thuoc ho ngheo",
            " hien dang mang thai",
        ] {
            assert!(opens_fate(after, Spelling::Plain), "{after}");
        }
        for after in ["bị ung thư", " bình thường", " gọi lại", "\nbị ốm"] {
            assert!(!opens_fate(after, Spelling::Full), "{after}");
        }
    }
}
