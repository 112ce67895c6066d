//! Does the sentence go on behind a name with what befell somebody: "bị", "mắc", "nợ", "thuộc hộ"?
//!
//! In: what stands behind words that may be a name, or between a name and a condition. Out: whether it
//! tells of a person, as a birth or a number would. Never enough by itself; `said` and `record` weigh it.
//!
//! Never: what the misfortune is; the words for conditions tell that.

use crate::detect::condition::Condition;
use crate::detect::fold::{begins_folded, folded, is_folded};
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

/// Whether an illness stands right behind a name: the one named is ill, whosever relative.
pub(super) fn is_right_behind(condition: Condition, between: &str) -> bool {
    let words = between.trim_matches([' ', ',', '(']);
    matches!(condition, Condition::Health | Condition::Sensitive(_))
        && matches!(
            words,
            "" | "bị" | "mắc" | "đang bị" | "bị bệnh" | "mắc bệnh" | "bi" | "mac"
        )
}

/// What stands for a hidden name is longer than a room or a house, in bytes.
const SHOWN_BYTES_MAX: usize = 5;
/// What befell somebody is told within so many bytes ...
const CLAUSE_BYTES_MAX: usize = 64;
/// ... or, where it ends with the word for it, so many ...
const LONG_CLAUSE_BYTES_MAX: usize = 96;
/// ... before one of these ...
const ENDS_CLAUSE: [char; 6] = [',', '.', ';', ':', '\n', '('];
/// ... and not behind one of these, which tell of others.
const OF_OTHERS: [&str; 24] = [
    "người", "cho", "các", "những", "ai", "khi", "nếu", "về", "trẻ", "dân", "hộ", "khách", "vật",
    "lợn", "heo", "bò", "trâu", "gà", "vịt", "chó", "mèo", "cây", "lúa", "nguy",
];
/// Words between a name and what is told of it, which only say when or how.
const ONLY_HOW: [&str; 44] = [
    "bị",
    "mắc",
    "đang",
    "bệnh",
    "đã",
    "xin",
    "mới",
    "vừa",
    "lại",
    "vẫn",
    "hiện",
    "nay",
    "còn",
    "phải",
    "là",
    "thuộc",
    "diện",
    "muốn",
    "hôm",
    "qua",
    "từ",
    "năm",
    "ngoái",
    "tháng",
    "trước",
    "không",
    "may",
    "chẳng",
    "say",
    "rượu",
    "nhiều",
    "lần",
    "thường",
    "hay",
    "rất",
    "cũng",
    "bất",
    "ngờ",
    "nhà",
    "gia",
    "đình",
    "tối",
    "sáng",
    "sống",
];
/// So many of them.
const HOW_WORDS_MAX: usize = 5;

/// Whether a condition stands right behind a name: "bà Mẫu ly hôn", "anh Thử tối qua lại say rượu
/// đánh vợ".
pub(super) fn follows(between: &str, spelling: Spelling) -> bool {
    let bare = between.trim_matches([' ', ',', '(']);
    let mut words = bare.split(' ').filter(|word| !word.is_empty());
    words.clone().nth(HOW_WORDS_MAX).is_none()
        && words.all(|word| {
            // "em Mẫu 8/2 có thai" is a pupil of that class.
            word.starts_with(|c: char| c.is_ascii_digit()) || is_among(&ONLY_HOW, word, spelling)
        })
}

/// Whether what befell the one named is told in the same clause: "chú Mẫu bị tai nạn lao động cụt tay",
/// "thầy Mẫu dạy toán 8A bị suy thận".
pub(super) fn befalls(condition: Condition, between: &str, told: &str, spelling: Spelling) -> bool {
    matches!(condition, Condition::Health | Condition::Sensitive(_))
        && (between.len() <= CLAUSE_BYTES_MAX
            && !between.contains(ENDS_CLAUSE)
            && opens_fate(between, spelling)
            || ends_with_fate(between, told, spelling))
}

/// Whether the clause behind a name comes to what befell its person with its last word, or with the
/// first of the condition.
fn ends_with_fate(between: &str, told: &str, spelling: Spelling) -> bool {
    const FATES: [&str; 5] = ["bị", "mắc", "nghiện", "do", "vì"];
    if between.len() > LONG_CLAUSE_BYTES_MAX {
        return false;
    }
    let bare = between.trim_end();
    let lead = match begins_folded(told, "bi ") {
        true => Some(bare),
        false => bare
            .rsplit_once(' ')
            .filter(|(_, last)| is_among(&FATES, last, spelling))
            .map(|(lead, _)| lead),
    };
    lead.is_some_and(|lead| {
        let clause = lead.trim_end_matches([' ', ',']);
        !clause.contains(ENDS_CLAUSE)
            && !clause
                .split(' ')
                .any(|word| stands_for_somebody(word) || is_among(&OF_OTHERS, word, spelling))
    })
}

/// Whether the word is what stands for a name that was hidden: "TEN1X7Q2B".
pub(super) fn stands_for_somebody(word: &str) -> bool {
    word.len() > SHOWN_BYTES_MAX
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains(|c: char| c.is_ascii_digit())
}

/// Whether the word is one of these, as a text of that spelling has them.
fn is_among(words: &[&str], word: &str, spelling: Spelling) -> bool {
    let small = in_small(word);
    match spelling {
        Spelling::Full => words.contains(&&*small),
        Spelling::Plain => words.iter().any(|known| is_folded(known, &[&*small])),
    }
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
