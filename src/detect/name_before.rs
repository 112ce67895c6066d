//! What does the word before a capitalized word make of it: a place, a person by given name?
//!
//! Never: a look further than [`AROUND_CHARS`], so that the work per name is constant.

use crate::detect::capital::{Word, is_capitalized, is_shouted, is_syllable};
use crate::detect::context::last_chars;
use crate::detect::fate::opens_fate;
use crate::detect::fold::{folded, is_folded};
use crate::detect::home::last_word;
use crate::detect::letter::{in_small, is_capital, is_letter, is_of_word};
use crate::detect::name_cell::is_marked;
use crate::detect::name_label::labels_name;
use crate::detect::person::{Name, Names};
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;
use crate::detect::title::{
    ends_with_comrade, is_behind_short_title, is_order, is_plain_title, is_plain_title_of,
    is_title, without_teacher,
};
use crate::detect::unlisted_name::is_foreign;

/// How far words around a name are read, in characters.
pub(super) const AROUND_CHARS: usize = 48;

/// An introduction is said in so many characters.
const INTRODUCTION_CHARS: usize = 16;

impl Names {
    /// Whether a place, a street or a house number stands before the word.
    pub(super) fn is_named_place(
        &self,
        text: &str,
        run: &[Word<'_>],
        at: usize,
        spelling: Spelling,
    ) -> bool {
        let Some(word) = run.get(at) else {
            return false;
        };
        let before = last_chars(
            text.get(..word.span.start).unwrap_or_default(),
            AROUND_CHARS,
        );
        let number = before.trim_end_matches(' ').rsplit_once(' ');
        let is_house = number.is_some_and(|(lead, number)| {
            number.starts_with(|c: char| c.is_ascii_digit())
                && number.ends_with(|c: char| is_of_word(c))
                && !number.contains('\n')
                && is_houses(lead)
                // "nhà 12 Nguyễn Văn Thử SN 1980" is told of a dweller.
                && !self.is_born_behind(text, run.get(at..).unwrap_or_default(), spelling)
        });
        // "xóm Chùa" ends an entry of a list, of which the next begins with a name.
        let is_next_entry = || {
            before.trim_end_matches(' ').ends_with('\n')
                && self.is_told_behind(text, run.get(at..).unwrap_or_default(), spelling)
        };
        // "đã có văn bản." ends a sentence, and its paragraph.
        let lead = before.trim_end_matches(' ');
        let is_apart = lead.ends_with("\n\n") || lead.ends_with(".\n");
        // "người yêu cầu" is no bridge.
        let is_place =
            || self.places.ends(before, spelling) && !self.requesters.ends(before, spelling);
        // `cầu: """` is no bridge either.
        let quoted = before.trim_end();
        let is_quoted = quoted.ends_with('"') && quoted.trim_end_matches(['"', ' ']).ends_with(':');
        // "Đạt giải:" leads to those who won.
        let winners = quoted.strip_suffix(':').map(last_word);
        let is_of_winners = winners.is_some_and(|word| is_folded(word, &["giai"]));
        !is_quoted
            && !is_of_winners
            && !is_apart
            && (is_house || is_place())
            && !is_next_entry()
            && !labels_name(before)
    }

    /// The word that stands alone, but for a title that opens a sentence and is capitalized too.
    pub(super) fn alone<'w, 't>(
        &self,
        text: &str,
        run: &'w [Word<'t>],
        spelling: Spelling,
    ) -> Option<&'w Word<'t>> {
        match run {
            [one] => Some(one),
            [order, one] if is_order(order.text) => {
                Some(one).filter(|one| self.is_given(text, &[**one], spelling))
            }
            [title, one] if is_title(title.text) => {
                Some(one).filter(|one| self.is_given(text, &[**one], spelling))
            }
            [title, order, one] if is_title(title.text) && is_order(order.text) => {
                Some(one).filter(|one| self.is_given(text, &[**one], spelling))
            }
            _ => None,
        }
    }

    /// The name that one word alone is: a given name behind a title, or one of the highlands.
    pub(super) fn of_one_word(
        &self,
        text: &str,
        word: Word<'_>,
        spelling: Spelling,
    ) -> Option<Name> {
        let run = [word];
        let is_name =
            self.is_given(text, &run, spelling) || self.is_marked_person(text, &run, spelling);
        (is_name && !self.is_named_place(text, &run, 0, spelling))
            .then(|| self.described(text, &run, (0, 1), spelling))?
    }

    /// Whether the run is one highland name behind a title: "ông K'Brêu".
    fn is_marked_person(&self, text: &str, run: &[Word<'_>], spelling: Spelling) -> bool {
        const LETTERS_MIN: usize = 4;
        let [word] = run else {
            return false;
        };
        let before = text.get(..word.span.start).unwrap_or_default();
        is_marked(word.text)
            && word.text.chars().count() >= LETTERS_MIN
            && (self
                .honorifics
                .ends(last_chars(before, AROUND_CHARS), spelling)
                || self.is_told_behind(text, run, spelling))
    }

    /// Whether the words begin with a title and a surname: "Kính gửi: Bà Trần Thị Mẫu", "Chau Dinh
    /// Thi Nghia" without its diacritics.
    pub(super) fn is_titled(&self, words: &[Word<'_>], spelling: Spelling) -> bool {
        let [title, surname, given, ..] = words else {
            return false;
        };
        let is_plain_title = matches!(
            title.text,
            "Chau" | "Ong" | "Ba" | "Em" | "Be" | "Co" | "CHAU" | "ONG" | "BA" | "EM"
        );
        // "HO ONG NGUYEN VAN" is a household, and no Hồ.
        let is_household =
            is_plain_title_of(surname.text) && matches!(title.text, "HO" | "Ho" | "HỘ" | "Hộ");
        is_household
            || (is_title(title.text) || spelling == Spelling::Plain && is_plain_title)
                && (self.surnames.contains(&in_small(surname.text))
                    || self.middles.contains(&in_small(given.text))
                        && self.is_surname(&in_small(surname.text)))
    }

    /// Whether a birth or a number stands right behind a word, in a text without diacritics.
    fn is_given_plainly(&self, text: &str, word: &Word<'_>) -> bool {
        let after = text.get(word.span.end..).unwrap_or_default();
        self.small.told_behind(after, Spelling::Plain) >= Telling::Surely
    }

    /// Whether a capitalized syllable of no list stands between a title and an age, a birth or a
    /// misfortune: "ông Nhớt bị".
    fn is_unlisted_given(&self, text: &str, word: &Word<'_>) -> bool {
        const OTHERS: [&str; 8] = ["rịa", "địa", "đen", "táo", "công", "tấm", "vy", "chúa"];
        let after = text.get(word.span.end..).unwrap_or_default();
        is_syllable(word.text)
            && !is_foreign(word.text)
            && !OTHERS.contains(&&*in_small(word.text))
            && (opens_fate(after, Spelling::Full)
                || self.small.told_behind(after, Spelling::Full) >= Telling::Surely)
    }

    /// Whether the run is one given name behind a title.
    pub(super) fn is_given(&self, text: &str, run: &[Word<'_>], spelling: Spelling) -> bool {
        let [word] = run else {
            return false;
        };
        let before = text.get(..word.span.start).unwrap_or_default();
        let title = || {
            let near = without_teacher(last_chars(before, AROUND_CHARS).trim_end());
            let mut words = near.rsplit(|c| !is_letter(c));
            words.find(|word| !is_order(word))
        };
        // "bà Tám TEN1X7Q2B" is called by what was hidden.
        let after = text.get(word.span.end..).unwrap_or_default();
        let leads_other =
            is_order(word.text) && after.trim_start_matches(' ').starts_with(is_capital);
        // Streets are named so: "88/3 Bà Triệu".
        let is_heroine = || before.ends_with("Bà ") && matches!(word.text, "Triệu" | "Trưng");
        (spelling == Spelling::Full || self.is_given_plainly(text, word))
            && !is_heroine()
            && !leads_other
            && before.ends_with(' ')
            && !before.ends_with("  ")
            && !is_shouted(word.text)
            && (ends_with_comrade(before)
                || title().is_some_and(|title| is_title(title) || is_plain_title(title, spelling))
                || is_behind_short_title(before))
            && (self.givens.contains(&folded(word.text))
                || self.small.knows(&in_small(word.text), Spelling::Full)
                || is_child_of_age(text, word)
                || is_behind_order(before) && is_syllable(word.text)
                || self.is_unlisted_given(text, word))
            && !is_of_shop(before)
    }
}

/// Whether a title and an order among the children of a family end the text: "bà Tám".
fn is_behind_order(before: &str) -> bool {
    let mut words = before.trim_end().rsplit(|c| !is_letter(c));
    words.next().is_some_and(is_order) && words.next().is_some_and(is_title)
}

/// Whether a shop is called by a title and a name: "Cà phê Cô Hạnh".
pub(super) fn is_of_shop(before: &str) -> bool {
    let mut words = last_chars(before, AROUND_CHARS).trim_end().rsplit(' ');
    words.next().is_some_and(is_capitalized) && words.next().is_some_and(names_shop)
}

/// Whether the word is the last of those that name shops and what they sell.
pub(super) fn names_shop(word: &str) -> bool {
    const SHOPS: [&str; 14] = [
        "phê", "phe", "quán", "tiệm", "phở", "bún", "mì", "cơm", "shop", "xe", "gạo", "chè", "ăn",
        "quan",
    ];
    SHOPS.contains(&&*in_small(word))
}

/// Whether a child is called by a pet name, and its age stands behind: "bé Bon 4t", "cháu Bin (4 tuổi)".
fn is_child_of_age(text: &str, word: &Word<'_>) -> bool {
    let before = text.get(..word.span.start).unwrap_or_default().trim_end();
    let title = before.rsplit(|c| !is_letter(c)).next().unwrap_or_default();
    let behind = text.get(word.span.end..).unwrap_or_default();
    let age = behind.trim_start_matches([' ', '(', ',']);
    let unit = age.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..=2).contains(&(age.len() - unit.len()));
    let is_age = unit.starts_with('t') && !unit.starts_with("th")
        || ["tuổi", "tháng"]
            .iter()
            .any(|told| unit.trim_start().starts_with(told));
    is_folded(title, &["be", "chau", "cu"]) && is_number && is_age
}

/// What stands before a word near enough to announce it: the last word of the line above is no
/// title, but the end of a name: "Nguyễn Tuấn Anh".
pub(super) fn announcing(before: &str) -> &str {
    const TITLES: [&str; 11] = [
        "anh", "em", "chi", "ba", "ong", "be", "chau", "co", "chu", "bac", "cu",
    ];
    let near = last_chars(before, AROUND_CHARS);
    if ends_sentence(near) {
        return "";
    }
    let Some(line) = near.trim_end_matches([' ', '\t']).strip_suffix('\n') else {
        return near;
    };
    let line = line.rsplit('\n').next().unwrap_or_default();
    let mut words = line.split(|c: char| !is_of_word(c)).rev();
    let is_title = words
        .find(|word| !word.is_empty())
        .is_some_and(|word| TITLES.contains(&folded(word).as_str()));
    let is_alone = words.all(str::is_empty);
    if is_title && !is_alone { "" } else { near }
}

/// Whether a sentence ends the text: "chưa biết tên. " announces nobody, "Mrs. " does.
fn ends_sentence(text: &str) -> bool {
    const WORD_CHARS_MIN: usize = 3;
    let Some(sentence) = text.trim_end().strip_suffix('.') else {
        return false;
    };
    let word = sentence
        .rsplit(|c: char| !is_of_word(c))
        .next()
        .unwrap_or_default();
    word.chars().count() >= WORD_CHARS_MIN
        && word != "Mrs"
        && !word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether somebody is about to say the own name: "Tôi là", "Cháu tên".
pub(super) fn is_introduced(before: &str) -> bool {
    const WORDS: [&str; 10] = [
        "toi la",
        "toi ten",
        "em la",
        "em ten",
        "chau la",
        "chau ten",
        "con ten",
        "ten la",
        "ten em la",
        "ten chau la",
    ];
    let plain = folded(last_chars(before, INTRODUCTION_CHARS));
    let plain = plain.trim_end_matches([' ', ':']);
    WORDS.iter().any(|word| plain.ends_with(word))
}

/// Whether a word that goes before people ends the text: "của", "chồng là", "tên".
pub(super) fn goes_before_people(before: &str) -> bool {
    const WORDS: [&str; 11] = [
        "của", "là", "tên", "với", "chồng", "vợ", "mẹ", "bố", "gặp", "mời", "cho",
    ];
    let word = before.trim_end().rsplit(|c| !is_letter(c)).next();
    before.ends_with(' ') && word.is_some_and(|word| WORDS.contains(&&*in_small(word)))
}

/// Whether the word is the surname of "Bác Hồ", who is known to all.
pub(super) fn is_uncle_ho(text: &str, word: &Word<'_>) -> bool {
    let before = text.get(..word.span.start).unwrap_or_default();
    let title = before.trim_end().rsplit(|c| !is_letter(c)).next();
    matches!(&*in_small(word.text), "hồ" | "ho")
        && title.is_some_and(|title| folded(title) == "bac")
}

/// Whether the word is a subject at school with its mark behind it: "Toán 6".
pub(super) fn is_subject(text: &str, word: &Word<'_>) -> bool {
    let rest = text.get(word.span.end..).unwrap_or_default();
    let bare = rest.trim_start_matches([' ', ':']);
    match &*in_small(word.text) {
        "toán" | "văn" | "điểm" | "toan" | "van" | "diem" => {
            bare.len() < rest.len() && is_mark(bare)
        }
        "tiếng" | "tieng" => matches!(bare.split(' ').next(), Some("Việt" | "Anh" | "Viet")),
        _ => false,
    }
}

/// Whether a mark opens the text, not an age, a date or a telephone.
fn is_mark(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.get(digits..).unwrap_or_default();
    let is_age = after.trim_start().starts_with("tu");
    // "8.5" is a mark, "12.3.1980" is a birth.
    let is_date = match after.as_bytes() {
        [b'.', digit, next @ ..] if digit.is_ascii_digit() => next
            .first()
            .is_some_and(|b| b.is_ascii_digit() || *b == b'.'),
        [first, ..] => matches!(first, b'/' | b'-'),
        [] => false,
    };
    (1..=2).contains(&digits) && !is_date && !is_age
}

/// What stands before a name in its own entry of a list, or its own paragraph: the one before has its
/// own office. Who signs is named on a line of his own, with his office above.
pub(super) fn of_entry(before: &str) -> &str {
    let Some((above, line)) = before.rsplit_once('\n') else {
        return before;
    };
    let lead = line.trim_start();
    let is_entry =
        lead.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '*' | '|' | '•'));
    let is_entry = is_entry || [" — ", " – ", " - "].iter().any(|dash| lead.contains(dash));
    let is_paragraph = !lead.is_empty() && above.ends_with('\n');
    if is_entry || is_paragraph {
        line
    } else {
        before
    }
}

/// What stands before a name in its own clause: "Trưởng thôn báo cáo: trong tháng có ông" is no
/// office of his. A label stands right before.
pub(super) fn of_clause(before: &str) -> &str {
    const TITLE_WORDS: usize = 1;
    let clause = before.rfind([':', ';']).and_then(|at| before.get(at + 1..));
    clause
        .filter(|clause| clause.split_whitespace().count() > TITLE_WORDS)
        .unwrap_or(before)
}
/// Whether houses or lanes are counted at the end of the text, before the last number: "số", "các hẻm 18,
/// 42,".
fn is_houses(lead: &str) -> bool {
    let is_of_list = |c: char| c.is_ascii_digit() || matches!(c, ',' | ' ' | '/' | '-' | '–');
    let word = folded(last_word(lead.trim_end_matches(is_of_list)));
    matches!(
        word.as_str(),
        "so" | "nha" | "hem" | "ngo" | "ngach" | "kiet"
    )
}
