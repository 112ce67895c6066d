//! How much of a name is told, and what do the words around say of the person?
//!
//! Never: whether it is a name; `person` and `small_name` decide.

use crate::detect::capital::{Word, is_capitalized, is_shouted, is_syllable};
use crate::detect::context::last_chars;
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::name_before::AROUND_CHARS;
use crate::detect::name_cell::is_marked;
use crate::detect::person::{Form, Name, Names, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;
use crate::detect::title::{is_order, is_title};
use crate::model::part::Span;

impl Names {
    /// Whether a title and which child of the family somebody is open the run, and a surname follows.
    pub(super) fn is_ordered_title(&self, run: &[Word<'_>]) -> bool {
        let [title, order, surname, _, ..] = run else {
            return false;
        };
        is_title(title.text) && is_order(order.text) && self.is_surname(&in_small(surname.text))
    }

    /// Whether a birth or a number stands right behind the words.
    pub(super) fn is_told_behind(
        &self,
        text: &str,
        words: &[Word<'_>],
        spelling: Spelling,
    ) -> bool {
        self.telling_behind(text, words, spelling) > Telling::Nothing
    }

    /// Whether a birth or an age does.
    pub(super) fn is_born_behind(
        &self,
        text: &str,
        words: &[Word<'_>],
        spelling: Spelling,
    ) -> bool {
        self.telling_behind(text, words, spelling) == Telling::Born
    }

    /// The most that stands behind one of the words with which a name may end.
    fn telling_behind(&self, text: &str, words: &[Word<'_>], spelling: Spelling) -> Telling {
        let most = words.len().saturating_sub(1);
        let behind = (2.min(most)..WORDS_MAX.min(words.len())).filter_map(|last| {
            let after = words.get(last).and_then(|word| text.get(word.span.end..));
            after.map(|after| self.small.told_behind(after, spelling))
        });
        behind.max().unwrap_or(Telling::Nothing)
    }

    /// Whether a title or the label of a name ends the text. Labels of several words are known
    /// though they have lost a part of their diacritics.
    pub(super) fn is_announced(&self, before: &str, spelling: Spelling) -> bool {
        self.honorifics.ends(before, spelling) && !labels_thing(before)
            || spelling == Spelling::Full && is_behind_parent(before)
            || spelling == Spelling::Full
                && before.trim_end().ends_with([':', '"', '=', '\''])
                && self.labels.ends(before)
    }

    /// Whether the words say that somebody does something for somebody.
    pub(super) fn is_benefactor(&self, between: &str, spelling: Spelling) -> bool {
        self.benefactors.occurs_in(between, spelling)
    }

    /// Whether the text begins with a word for speaking.
    pub(super) fn is_speaking(&self, after: &str, spelling: Spelling) -> bool {
        self.speaking.begins(after, spelling)
            || spelling == Spelling::Full && self.speaking_damaged.begins(after)
    }

    /// Whether a word for speaking stands in the text.
    pub(super) fn speaks_in(&self, sentence: &str, spelling: Spelling) -> bool {
        self.speaking.occurs_in(sentence, spelling)
    }

    /// Whether the text thanks or praises somebody, or tells of voters.
    pub(super) fn praises(&self, text: &str, spelling: Spelling) -> bool {
        self.praising.occurs_in(text, spelling)
            || spelling == Spelling::Full && self.praising_damaged.occurs_in(text)
    }

    /// The name that so many words of a run are, with what is said around it.
    pub(super) fn described(
        &self,
        text: &str,
        run: &[Word<'_>],
        (at, taken): (usize, usize),
        spelling: Spelling,
    ) -> Option<Name> {
        let first = run.get(at)?;
        let last = run.get(at + taken - 1)?;
        let span = Span::new(first.span.start, last.span.end);
        let before = last_chars(text.get(..span.start)?, AROUND_CHARS);
        let after = text.get(span.end..)?;
        let office = self.office_of(text, span, spelling)?;
        Some(Name {
            span,
            form: if is_single(last.text, taken, spelling) || is_initial(after) {
                Form::Initial
            } else if taken == 1 && !is_marked(last.text) {
                Form::Given
            } else {
                Form::Full
            },
            is_official: office.is_told,
            is_colleague: office.is_of_colleague,
            is_relation: self.relations.ends(before, spelling)
                || self.relations.ends(without_last_word(before), spelling),
        })
    }

    /// Whether a word that can open a field does: its second word, its value or a colon follows.
    pub(super) fn goes_on(&self, text: &str, word: Word<'_>, next: Option<&Word<'_>>) -> bool {
        let rest = text.get(word.span.end..).unwrap_or_default();
        if rest.starts_with("  ") {
            return false;
        }
        let rest = rest.trim_start_matches(' ');
        next.is_some_and(|next| {
            self.next_fields.contains(&in_small(next.text)) || !is_syllable(next.text)
        }) || rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == ':')
    }

    /// Whether the words name a province: a name before it has ended.
    pub(super) fn is_place(&self, word: &Word<'_>, next: Option<&Word<'_>>) -> bool {
        next.is_some_and(|next| {
            let both = format!("{} {}", folded(word.text), folded(next.text));
            self.not_names.contains(&both)
        })
    }
}

/// Whether the label of a thing's name ends the text: "Upstream-Name:", "package_name: ".
fn labels_thing(before: &str) -> bool {
    const THINGS: [&str; 20] = [
        "upstream", "package", "file", "host", "domain", "class", "project", "product", "service",
        "server", "app", "table", "column", "field", "event", "function", "module", "plugin",
        "branch", "ward",
    ];
    let bare = before.trim_end_matches([' ', ':', '"', '\'', '=']);
    let label = bare.rsplit([' ', '\n', '"', '\'', '{', ',']).next();
    let thing = label.and_then(|label| label.rsplit_once(['-', '_']));
    thing.is_some_and(|(thing, _)| {
        let word = thing.rsplit(['-', '_']).next().unwrap_or_default();
        THINGS.iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// Whether the word for a parent ends the text: without its diacritics "bo" is a ministry too.
fn is_behind_parent(before: &str) -> bool {
    let word = before.strip_suffix(' ').unwrap_or_default();
    let word = word.rsplit(|c: char| !is_of_word(c)).next();
    word.is_some_and(|word| matches!(&*in_small(word), "bố" | "mẹ" | "cha" | "má"))
}

/// Whether the word and the one behind it are a field's label beyond doubt: "Dân tộc".
pub(super) fn is_field(text: &str, word: Word<'_>) -> bool {
    const SECONDS: [&str; 13] = [
        "tính", "tộc", "thoại", "chỉ", "quán", "tịch", "giáo", "cước", "vụ", "cư", "trú", "nghiệp",
        "chức",
    ];
    let rest = text.get(word.span.end..).unwrap_or_default();
    let rest = rest.strip_prefix(' ').unwrap_or_default();
    let is_plain = word.text.is_ascii();
    SECONDS.iter().any(|second| {
        rest.starts_with(second) || is_plain && rest.starts_with(folded(second).as_str())
    })
}

/// Whether the last word of a name is a letter that stands for one; "Ý" is a name, "Y" without
/// diacritics.
fn is_single(word: &str, words: usize, spelling: Spelling) -> bool {
    let is_name = matches!(word, "Ý" | "ý")
        || spelling == Spelling::Plain && words > 2 && matches!(word, "Y" | "y");
    word.chars().count() == 1 && !is_name
}

/// Whether the text is or begins with a letter that stands for a name, or is a middle name with
/// nothing behind it.
fn is_initial(text: &str) -> bool {
    let mut words = text.split(|c: char| !is_of_word(c) && c != '/');
    let first = match text.starts_with(' ') {
        true => words.nth(1),
        false => words.next(),
    };
    // "TOAN O THON 2" lives there.
    let dwells = first == Some("O")
        && words
            .next()
            .is_some_and(|word| word.chars().count() > 1 && is_shouted(word));
    if dwells {
        return false;
    }
    // "Ở" is a word.
    let is_latin = |word: &str| word.chars().all(|c| c.is_ascii() || c == 'Đ');
    first.is_some_and(|word| {
        word.chars().count() == 1 && is_latin(word) && is_shouted(word) && is_capitalized(word)
    })
}

/// The text without its last word: "con ông" is a relation before "ông" is a title.
fn without_last_word(text: &str) -> &str {
    let trimmed = text.trim_end();
    trimmed
        .rfind(' ')
        .and_then(|at| trimmed.get(..at))
        .unwrap_or_default()
}
