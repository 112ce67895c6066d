//! How much of a name is told, and what do the words around say of the person?
//!
//! Never: whether it is a name; `person` and `small_name` decide.

use crate::detect::capital::{Word, is_capitalized, is_shouted, is_syllable};
use crate::detect::context::last_chars;
use crate::detect::fold::{begins_folded, folded, is_folded};
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::name_before::{AROUND_CHARS, is_introduced, of_clause, of_entry};
use crate::detect::name_cell::is_marked;
use crate::detect::person::{Form, Name, Names};
use crate::detect::phrase::Spelling;
use crate::model::part::Span;

/// Before a name with its office on the line below stands no more than a number and a title, in
/// characters.
const OFFICE_LEAD_CHARS: usize = 24;

/// An office is told so far behind a comrade's birth, in bytes.
const COMRADE_REACH: usize = 160;

impl Names {
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

    /// Whether an office stands before or behind a name, though a part of its diacritics is lost.
    fn is_office_near(&self, before: &str, after: &str, spelling: Spelling) -> bool {
        self.offices.occurs_in(before, spelling)
            || self.offices.begins(after, spelling)
            || spelling == Spelling::Full
                && (self.offices_damaged.occurs_in(before) || self.offices_damaged.begins(after))
    }

    /// Whether somebody's birth stands right behind the name, and no office but "đồng chí" is told around:
    /// "đ/c Lê Thị Thử, sinh 1985, dân tộc Thái".
    fn is_comrade_born(&self, before: &str, rest: &str, spelling: Spelling) -> bool {
        let lead = before.trim_end();
        let title = lead.rsplit(' ').next().unwrap_or_default();
        let title = match is_folded(title, &["chi"]) {
            true => last_words(lead, 2),
            false => title,
        };
        let behind = rest.get(..rest.floor_char_boundary(COMRADE_REACH));
        let behind = behind.unwrap_or_default().split('\n').next();
        let behind = behind.unwrap_or_default();
        let told = behind.trim_start_matches([' ', ',', '(']);
        let other = lead.get(..lead.len() - title.len()).unwrap_or_default();
        is_folded(title, &["dong chi", "d/c"])
            && ["sinh ", "sn ", "ntns"]
                .iter()
                .any(|word| begins_folded(told, word))
            && !self.is_office_near(other, "", spelling)
            && !self.offices.occurs_in(behind, spelling)
    }

    /// What stands before a name in its own field: "Họ và tên:" tells of nobody whose office stands
    /// on the line above.
    fn of_field<'t>(&self, before: &'t str, spelling: Spelling) -> &'t str {
        match before.rsplit_once('\n') {
            Some((_, line))
                if line.trim_end().ends_with(':') && self.honorifics.ends(line, spelling) =>
            {
                line
            }
            Some(_) | None => before,
        }
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
        // "chủ tịch, tôi là": whoever says the own name has no office that stands before.
        let near = match is_introduced(before) {
            true => "",
            false => for_whom(of_clause(of_entry(self.of_field(before, spelling)))),
        };
        let rest = text.get(span.end..)?;
        let end = rest
            .char_indices()
            .nth(AROUND_CHARS)
            .map_or(rest.len(), |(at, _)| at);
        let after = rest.get(..end)?.split("\n\n").next()?;
        // Below a sentence that ends with a name stands the office of somebody else.
        let line = before.rsplit('\n').next().unwrap_or_default();
        let ends_line = after.starts_with('\n') && line.trim().chars().count() > OFFICE_LEAD_CHARS;
        let after = if ends_line { "" } else { after };
        Some(Name {
            span,
            form: if is_single(last.text, taken, spelling) || is_initial(after) {
                Form::Initial
            } else if taken == 1 && !is_marked(last.text) {
                Form::Given
            } else {
                Form::Full
            },
            is_official: self.is_office_near(near, after, spelling)
                && !self.is_comrade_born(near, rest, spelling)
                || self.offices.begins(held_office(after), spelling),
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

/// What stands behind the last "cho": "bác sĩ Mẫu khám cho cháu" tells of no office of the child.
fn for_whom(before: &str) -> &str {
    before.rsplit(" cho ").next().unwrap_or_default()
}

/// The last words of a text.
fn last_words(text: &str, count: usize) -> &str {
    let start = text
        .rmatch_indices(' ')
        .nth(count - 1)
        .map_or(0, |(at, _)| at + 1);
    text.get(start..).unwrap_or_default()
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

/// What is said to be held behind a name and a bracket: "(sinh 1970) giữ chức Bí thư".
fn held_office(after: &str) -> &str {
    const HELD: [&str; 3] = ["giữ chức vụ ", "giữ chức ", "làm "];
    let bracket = after.trim_start().strip_prefix('(');
    let behind = bracket.and_then(|told| told.split_once(") "));
    let behind = behind.map_or("", |(_, behind)| behind);
    let office = HELD.iter().find_map(|held| behind.strip_prefix(held));
    office.unwrap_or_default()
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
