//! Could anybody be named in the text at all? Most texts of an office name nobody.
//!
//! In: a text, as it is and folded. Out: whether the search for names, tables of people and
//! conditions is worth its time.
//!
//! Never: "no" where `person` or `name_cell` finds a name; "yes" may be wrong, and costs time only.

use crate::detect::capital::Word;
use crate::detect::glance::Glance;
use crate::detect::letter::{in_small, is_capital, is_letter};
use crate::detect::lexicon::List;
use crate::detect::person::Names;
use crate::detect::phrase::Spelling;
use crate::detect::small_given::is_small_title;
use crate::detect::small_list::Casing;
use crate::detect::title::{ends_title, is_behind_short_title, is_title};
use crate::detect::writing::Writing;
use crate::model::part::Span;

/// How far back a capitalized word may begin, in bytes.
const WORD_BYTES_MAX: usize = 64;

/// The words between a surname and a given name that most names in small letters have.
const MIDDLES: [&str; 2] = [" văn ", " thị "];
/// Highland names of one word begin so, and the machine-readable lines of an identity card.
const MARKS: [&str; 3] = ["K'", "H'", "IDVNM"];

impl Names {
    /// The words that a glance is to look for.
    pub(super) fn list() -> (List, Vec<&'static str>) {
        (List::OfNames, [MIDDLES.as_slice(), &MARKS].concat())
    }

    /// Whether a name could stand somewhere in the text.
    pub(super) fn may_stand_in(&self, glance: &Glance<'_>, writing: &Writing) -> bool {
        let text = glance.text();
        let is_grid = may_hold_cells(text);
        let mut capitals = glance.capitals().iter();
        let spelling = |at: usize| writing.at(at).spelling;
        capitals.any(|at| self.may_stand_at(text, *at, spelling(*at), is_grid))
            || glance
                .near(List::OfNames)
                .filter(|near| near.word >= MIDDLES.len())
                .any(|near| MARKS.contains(&near.span().of(text)))
    }

    /// Which names the capitals of a text do not tell, if any may stand in it.
    pub(super) fn casing(&self, glance: &Glance<'_>) -> Casing {
        let capitals = words_of(glance.text(), glance.capitals());
        match self.small.casing(glance.text(), capitals, glance.has_small) {
            Casing::Told if self.has_small_name(glance) => Casing::Small,
            casing @ (Casing::Told | Casing::Small | Casing::Shouted) => casing,
        }
    }

    /// The same for a part of the text, of which it is known for the whole.
    pub(super) fn casing_of(&self, glance: &Glance<'_>, part: Span, whole: Casing) -> Casing {
        let text = part.of(glance.text());
        let before = |at: usize| glance.capitals().partition_point(|capital| *capital < at);
        let within = glance.capitals().get(before(part.start)..before(part.end));
        let capitals = words_of(glance.text(), within.unwrap_or_default());
        let has_small = text.chars().any(char::is_lowercase);
        match self.small.casing(text, capitals, has_small) {
            Casing::Told if whole == Casing::Small => Casing::Small,
            // In a few words one capital tells.
            Casing::Small if whole == Casing::Told && capitals == 1 => Casing::Told,
            casing @ (Casing::Told | Casing::Small | Casing::Shouted) => casing,
        }
    }

    /// Whether a surname stands before "văn" or "thị" in small letters: names in cells are written
    /// so.
    fn has_small_name(&self, glance: &Glance<'_>) -> bool {
        let text = glance.text();
        let mut middles = glance
            .near(List::OfNames)
            .filter(|near| near.word < MIDDLES.len());
        middles.any(|near| {
            let before = text.get(..near.span().start).unwrap_or_default();
            let start = before.trim_end_matches(is_letter).len();
            let word = before.get(start..).unwrap_or_default();
            word.starts_with(char::is_lowercase) && self.is_surname(&in_small(word))
        })
    }

    /// Whether a name may stand around a capital behind a space: a capitalized word that may open
    /// one stands before it, or a title. In a cell any surname opens a name.
    fn may_stand_at(&self, text: &str, capital: usize, spelling: Spelling, is_grid: bool) -> bool {
        let before = text.get(..capital).unwrap_or_default();
        if is_behind_short_title(before) {
            return true;
        }
        let before = before.trim_end_matches(' ');
        let start = before.len().saturating_sub(WORD_BYTES_MAX);
        let near = before.get(before.ceil_char_boundary(start)..);
        let near = near.unwrap_or_default();
        let lead = near.trim_end_matches(is_part).len();
        let word = near.get(lead..).unwrap_or_default();
        let word = word.trim_start_matches(['\'', '’']);
        let is_plain = || {
            let small = in_small(word);
            spelling == Spelling::Plain && (is_small_title(&small, spelling) || &*small == "giao")
        };
        let is_led = is_title(word) || ends_title(word) || is_plain();
        if is_led || !word.starts_with(is_capital) {
            return is_led;
        }
        let after = text.get(capital..).unwrap_or_default();
        let first = Word {
            span: Span::new(before.len() - word.len(), before.len()),
            text: word,
        };
        let second = after.split(|c| !is_part(c)).next().unwrap_or_default();
        is_grid && self.is_surname(&in_small(word)) || self.may_open(text, &first, second, spelling)
    }
}

/// How many of the capitals open words: a code such as "B9127465" tells of no writing.
fn words_of(text: &str, capitals: &[usize]) -> usize {
    let opens_code = |at: &&usize| {
        let next = text.as_bytes().get(**at + 1);
        next.is_some_and(u8::is_ascii_digit)
    };
    capitals.len() - capitals.iter().filter(opens_code).count()
}

/// Whether a sign stands in the text that may part the cells of a row.
fn may_hold_cells(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3(b'|', b'\t', b';', bytes).is_some()
        || memchr::memchr(b'<', bytes).is_some()
        || memchr::memmem::find(bytes, b"  ").is_some()
}

fn is_part(c: char) -> bool {
    is_letter(c) || c == '\'' || c == '’'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::lexicon::Lexicon;

    fn may_name(text: &str) -> bool {
        let names = Names::new().unwrap();
        let lexicon = Lexicon::new(&[Names::list()]).unwrap();
        let glance = Glance::at(text, &lexicon);
        let writing = Writing::new(&glance, &names);
        writing.has(Casing::Small) || names.may_stand_in(&glance, &writing)
    }

    #[test]
    fn names_in_every_form_are_worth_a_look() {
        for text in [
            "gửi Nguyễn Văn Thử",
            "TRẦN  THỊ MẪU",
            "gặp chị Lan",
            "1\tHà Lan Anh\t1980",
            "(Bà Ẩn)",
            "1|nguyễn văn thử|1980",
            "le thi mau",
            "H' Nga",
            "K'Brêm Niê",
            "IDVNM0950000172",
        ] {
            assert!(may_name(text), "{text}");
        }
    }

    #[test]
    fn texts_that_name_nobody_are_not() {
        for text in [
            "Ủy ban nhân dân xã Ví Dụ, Việt Nam, báo cáo. Các thôn thu gom rác.",
            "Căn cứ Nghị quyết, đề nghị Văn phòng tổng hợp gửi về",
            "Ngành văn hóa và thi đua khen thưởng, thị trấn Ví Dụ",
            "12;2026-07-15;4310001200",
            "họp tại Hà Nội và Cao Bằng",
        ] {
            assert!(!may_name(text), "{text}");
        }
    }
}
