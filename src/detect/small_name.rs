//! Where are persons named in small letters, as chats write them, or in a text all in capitals?
//!
//! In: an island of text in which no capital tells a name from other words. Out: the names for
//! which enough speaks: a surname that is hardly anything else, "văn" or "thị" behind it, a title
//! or a label before it, a birth or a number behind it.
//!
//! Never: names told by their capitals; `person` finds those.

use crate::detect::capital::{Word, is_capitalized, is_shouted, is_syllable, words_of};
use crate::detect::context::last_chars;
use crate::detect::fate::opens_fate;
use crate::detect::fold::{folded, is_folded};
use crate::detect::home::last_word;
use crate::detect::letter::in_small;
use crate::detect::name_around::is_field;
use crate::detect::name_before::{
    AROUND_CHARS, announcing, goes_before_people, is_introduced, is_subject, is_uncle_ho,
};
use crate::detect::name_label::{labels_name, labels_other};
use crate::detect::name_pair::is_birth_word;
use crate::detect::name_signs::{
    ends_clause, is_apart, is_behind_sign, is_closed, is_entry, is_line_start,
};
use crate::detect::person::{Name, Names};
use crate::detect::phrase::Spelling;
use crate::detect::said::{AllSpeaking, Said, Speaks};
use crate::detect::small_list::Telling;
use crate::detect::small_opening::leads_line;
use crate::detect::unlisted_name::is_foreign;
use crate::model::part::Span;

/// Most names have so many words ...
const WORDS_MAX: usize = 4;
/// ... and those of two surnames with "thị" or "văn" so many.
const MARKED_WORDS_MAX: usize = 5;

impl Names {
    /// Adds the names on an island that no capitals tell.
    pub(super) fn small_names(&self, text: &str, island: Span, spelling: Spelling) -> Vec<Name> {
        let words: Vec<Word<'_>> = words_of(text, island).collect();
        let mut found = Vec::new();
        let mut behind = 0;
        for at in self.small_openings(text, &words, spelling) {
            if at < behind {
                continue;
            }
            let run = run_of(text, words.get(at..).unwrap_or_default());
            if let Some(taken) = self.small_name(text, run, spelling) {
                found.extend(self.described(text, run, (0, taken), spelling));
                behind = at + taken;
            }
        }
        found
    }

    /// Whether words that stand alone, in small letters, open as names do beyond doubt.
    pub(super) fn opens_small_name(&self, cell: &str) -> bool {
        let words: Vec<&str> = cell.split_whitespace().collect();
        let spelling = Spelling::of(cell);
        match words.as_slice() {
            [_, "văn" | "thị" | "van" | "thi", ..] => true,
            [first, _, _, ..] => {
                let mut others = words.iter().skip(1);
                self.is_surname(first) && others.all(|word| self.small.knows(word, spelling))
            }
            _ => false,
        }
    }

    /// How many words at the beginning of the run are a name.
    fn small_name(&self, text: &str, run: &[Word<'_>], spelling: Spelling) -> Option<usize> {
        let first = run.first()?;
        if labels_other(text.get(..first.span.start)?) {
            return None;
        }
        let opener = in_small(first.text);
        let unlisted = || self.unlisted_name(text, run, spelling);
        let told = || {
            let said = self.readings(text, run, spelling);
            Some(said.into_iter().find(Said::holds)?.words)
        };
        let taken = self
            .clan_name(run, &opener)
            .or_else(|| self.royal_name(text, run))
            .or_else(unlisted)
            .or_else(told)
            .or_else(|| self.small_given(text, run, spelling))
            .or_else(|| self.labelled_name(text, run, spelling))?;
        let last = run.get(taken.checked_sub(1)?)?;
        // "lò gia bảo sinh 12/3/2022": the word tells of the birth.
        let taken = match is_birth_word(text, last) {
            true if taken > 2 => taken - 1,
            // "cháu sinh 2021"
            true => return None,
            false => taken,
        };
        let whole = Span::new(first.span.start, run.get(taken.checked_sub(1)?)?.span.end);
        // "dang ky thi" is no name for "dang ky" is none; "đoàn thanh hải" is one.
        let is_word = is_uncle_ho(text, first)
            || self.is_of_compound(text, whole, &opener, spelling)
            || self.not_names.contains(&folded(whole.of(text)))
            || self.opens_with_word(run);
        (!is_word).then_some(taken)
    }

    /// What speaks for the words as a name in whichever list, and as one of those that are known.
    fn readings(&self, text: &str, run: &[Word<'_>], spelling: Spelling) -> Vec<Said> {
        let (Some(first), Some(second)) = (run.first(), run.get(1)) else {
            return Vec::new();
        };
        let (opener, second) = (in_small(first.text), in_small(second.text));
        // "là", "phường" and "quận" are no surnames without their diacritics.
        let is_other = spelling == Spelling::Plain
            && matches!(&*opener, "la" | "phuong" | "quan" | "thi" | "an" | "sinh");
        let is_patient = opener == "nhan"
            && matches!(
                last_word(text.get(..first.span.start).unwrap_or_default()),
                "benh" | "BENH"
            );
        // "viết thị bóc, sinh năm 1970" and "cơ liêng hđơk" have surnames of their own.
        let is_own = is_foreign(first.text)
            || spelling == Spelling::Full && matches!(&*second, "văn" | "thị");
        // "sinh năm: 1980" is a field of a form.
        let is_label = self.next_fields.contains(&opener)
            && self.next_fields.contains(&second)
            && !self.goes_on_as_name(run, &second, spelling);
        let is_surname = match spelling {
            Spelling::Full => self.is_written_surname(&opener),
            Spelling::Plain => self.is_surname(&opener),
        };
        if !is_surname && !is_own || is_patient || is_label {
            return Vec::new();
        }
        let before = announcing(text.get(..first.span.start).unwrap_or_default());
        let is_parted = before
            .trim_end_matches(' ')
            .ends_with([';', ',', '!', '?', ')']);
        let is_announced = match spelling {
            _ if is_parted => false,
            _ if labels_name(before) => true,
            Spelling::Full => self.is_announced(before, spelling),
            // "cô", "con" and "bác" are other words without their diacritics.
            Spelling::Plain => self.small.titles.ends(before, spelling),
        };
        // "ho" ends "chu ho" too.
        if !is_announced && self.is_named_place(text, run, 0, spelling) {
            return Vec::new();
        }
        let has_mark = matches!(&*second, "văn" | "thị" | "van" | "thi");
        let known = self.small_words(text, run, spelling, has_mark);
        let unlisted = self.unlisted_words(text, run, spelling);
        [unlisted.max(known), unlisted.min(known)]
            .into_iter()
            .filter_map(|taken| {
                let speaks = self.speaks(text, run, taken, spelling, is_announced)?;
                let is_clear = has_mark || speaks.has(Speaks::Line);
                let is_name = is_clear && speaks.has(Speaks::Surely);
                let is_born = is_surname || speaks.has(Speaks::Born);
                (is_born && (!is_other || is_name)).then_some(Said {
                    spelling,
                    words: taken,
                    is_listed: taken == known,
                    speaks,
                })
            })
            .collect()
    }

    /// Whether the second of three words is one of names and the third no word of a form's field:
    /// "mã quốc luyện", but not "mã số định danh".
    fn goes_on_as_name(&self, run: &[Word<'_>], second: &str, spelling: Spelling) -> bool {
        let third = run.get(2).map(|word| in_small(word.text));
        self.middles.contains(second)
            && third.is_some_and(|third| {
                self.small.knows(&third, spelling) && !self.next_fields.contains(&third)
            })
    }

    /// What speaks for all names that could stand in a text.
    #[cfg(test)]
    pub(super) fn all_said(&self, text: &str, spelling: Spelling) -> Vec<Said> {
        let words: Vec<Word<'_>> = words_of(text, Span::new(0, text.len())).collect();
        let runs = (0..words.len()).map(|at| run_of(text, &words[at..]));
        runs.flat_map(|run| self.readings(text, run, spelling))
            .collect()
    }

    /// What the words around so many words of the run say for a name.
    fn speaks(
        &self,
        text: &str,
        run: &[Word<'_>],
        taken: usize,
        spelling: Spelling,
        is_announced: bool,
    ) -> Option<AllSpeaking> {
        let first = run.first()?;
        let last = run.get(taken.checked_sub(1)?)?;
        let opener = in_small(first.text);
        let second = in_small(run.get(1)?.text);
        let before = last_chars(text.get(..first.span.start)?, AROUND_CHARS);
        let after = text.get(last.span.end..)?;
        let telling = self.small.told_behind(after, spelling);
        let is_closed = telling >= Telling::Surely || is_closed(after);
        let is_strong = self.small.is_surname(&opener, spelling);
        let is_hard = is_strong || self.surnames.contains(&opener);
        // "tăng trưởng: 12/03/2025" is a label, and so are other words that could be surnames.
        let is_clear = is_closed && (is_hard || !after.trim_start_matches(' ').starts_with(':'));
        let has_mark = matches!(&*second, "văn" | "thị" | "van" | "thi");
        let is_unmistakable = matches!(&*opener, "nguyen" | "tran" | "huynh");
        let may_be_fated = spelling == Spelling::Full || is_strong && taken >= 3;
        let is_told = telling > Telling::Nothing || may_be_fated && is_fated(last, after, spelling);
        let is_common = match spelling {
            Spelling::Full => self.small.surnames_plain.contains(&folded(&opener)),
            Spelling::Plain => is_unmistakable,
        };
        let is_open = self.open_surnames.contains(&opener) || self.highland.contains(&opener);
        let is_mark_sure = match spelling {
            Spelling::Full => matches!(&*second, "văn" | "thị"),
            Spelling::Plain => second != "thi" || is_unmistakable,
        };
        let is_known = !is_culture(run) && self.small.knows(&in_small(last.text), spelling);
        let is_told_well = spelling == Spelling::Full || is_hard || telling >= Telling::Surely;
        let is_behind_colon = before.trim_end_matches(' ').ends_with(':');
        let speaks = [
            (Speaks::Strong, is_strong),
            (Speaks::Hard, is_hard),
            (Speaks::Open, is_open),
            (Speaks::Unlike, is_foreign(first.text)),
            (Speaks::Mark, has_mark),
            (Speaks::MarkSure, is_mark_sure),
            (Speaks::Middle, self.is_middle(&second, spelling)),
            (Speaks::Known, is_known),
            (
                Speaks::Announced,
                is_announced || is_behind_colon && is_told && is_told_well,
            ),
            (Speaks::Labelled, is_announced && is_behind_sign(before)),
            (Speaks::Introduced, is_introduced(before)),
            (Speaks::Whose, goes_before_people(before)),
            (Speaks::Told, is_told),
            (Speaks::Surely, telling >= Telling::Surely),
            (Speaks::Born, telling == Telling::Born),
            (Speaks::Closed, is_closed),
            (Speaks::Entry, is_clear && is_entry(before)),
            (Speaks::Line, is_clear && is_line_start(before)),
            (Speaks::Apart, is_clear && is_apart(before)),
            (Speaks::Leads, is_announced && leads_line(before)),
            (Speaks::Common, is_strong && is_common),
        ];
        let speaks = speaks
            .into_iter()
            .filter_map(|(what, does)| does.then_some(what));
        Some(speaks.collect())
    }

    /// Whether the word, in lower case, stands between surnames and given names.
    fn is_middle(&self, lower: &str, spelling: Spelling) -> bool {
        matches!(lower, "văn" | "thị" | "van" | "thi")
            || self.middles.contains(lower)
            || spelling == Spelling::Full && self.small.middles_written.contains(lower)
    }

    /// How many words could be a name, in whichever list its syllables are.
    pub(super) fn unlisted_words(&self, text: &str, run: &[Word<'_>], spelling: Spelling) -> usize {
        let is_name = |(at, word): &(usize, &Word<'_>)| {
            let lower = in_small(word.text);
            let goes_on = self.next_fields.contains(&lower) || self.small.stops(&lower, spelling);
            let may_go_on =
                *at <= 2 || ends_clause(text, **word) || self.is_told_after(text, **word, spelling);
            let is_last =
                || (*at == 2 || *at > 2 && !goes_on) && self.is_told_after(text, **word, spelling);
            let is_known = may_go_on && (self.small.knows(&lower, spelling) || is_last());
            is_syllable(word.text)
                && (is_known || *at == 0 || !goes_on)
                && (*at < 2 || !is_subject(text, word))
        };
        let words = run
            .iter()
            .enumerate()
            .take(words_max(run))
            .take_while(is_name);
        let single = |word: &Word<'_>| word.text.chars().count() == 1;
        match run.get(2) {
            Some(third) if single(third) => words.count().min(3),
            Some(_) | None => words.count(),
        }
    }

    /// Whether a birth or a number stands right behind a word.
    fn is_told_after(&self, text: &str, word: Word<'_>, spelling: Spelling) -> bool {
        let after = text.get(word.span.end..).unwrap_or_default();
        self.small.told_behind(after, spelling) >= Telling::Surely
    }

    /// How many words of the run belong to a name that its first word opens.
    fn small_words(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
        has_mark: bool,
    ) -> usize {
        let mut taken = 1;
        for (at, word) in run.iter().enumerate().take(MARKED_WORDS_MAX).skip(1) {
            let is_fifth = at == WORDS_MAX && words_max(run) == WORDS_MAX;
            let is_sure = |run: &[Word<'_>]| {
                run.first()
                    .is_some_and(|first| self.small.is_surname(&in_small(first.text), spelling))
            };
            let may_end = ends_clause(text, *word) || self.is_told_after(text, *word, spelling);
            if is_fifth && !(is_sure(run) && may_end) {
                break;
            }
            let lower = in_small(word.text);
            let next = run.get(at + 1).map(|next| in_small(next.text));
            let opens_field = self.next_fields.contains(&lower)
                && (is_field(text, *word)
                    || at >= 2
                        && !has_mark
                        && lower != "phuong"
                        && next.is_some_and(|n| self.next_fields.contains(&n)));
            // "nguyễn phúc bảo quốc khánh," has another word behind a fourth that could go on.
            let is_last_but_one = || {
                is_sure(run)
                    && self.small.knows(&lower, spelling)
                    && run.get(at + 1).is_some_and(|next| {
                        ends_clause(text, *next) && self.small.knows(&in_small(next.text), spelling)
                    })
            };
            // Four words have a second middle name; what else follows three goes on.
            let is_last = run.get(at - 1).map(|word| in_small(word.text));
            let goes_on = at >= 3
                && !self.is_told_after(text, *word, spelling)
                && (!is_last.is_some_and(|last| self.middles.contains(&last))
                    && !is_last_but_one()
                    && !ends_clause(text, *word)
                    || !ends_clause(text, *word)
                        && !is_last_but_one()
                        && (self.next_fields.contains(&lower)
                            || self.small.stops(&lower, spelling)));
            // Behind "văn" and "thị" stands a name, in whichever list.
            let is_behind_mark = at == 2
                && has_mark
                && is_syllable(word.text)
                && !self.small.stops(&lower, spelling);
            let is_known = is_behind_mark || self.small.knows(&lower, spelling);
            if !is_known || opens_field || goes_on || at >= 2 && is_subject(text, word) {
                break;
            }
            taken += 1;
            // "nguyễn văn a" is nobody.
            if at == 2 && lower.chars().count() == 1 {
                break;
            }
        }
        taken
    }
}

/// The words with which the list begins, as far as they are written alike and parted by spaces.
fn run_of<'w, 't>(text: &str, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let alike = |a: &Word<'_>, b: &Word<'_>| {
        let gap = Span::new(a.span.end, b.span.start.max(a.span.end)).of(text);
        matches!(gap, " " | "  ") && is_capitalized(a.text) == is_capitalized(b.text)
    };
    let is_uniform = words
        .first()
        .is_some_and(|word| !is_capitalized(word.text) || is_shouted(word.text));
    let joined = words.windows(2).take(MARKED_WORDS_MAX + 1).take_while(|pair| {
        matches!(pair, [a, b] if alike(a, b) && (!is_capitalized(b.text) || is_shouted(b.text)))
    });
    let length = if is_uniform { 1 + joined.count() } else { 0 };
    words.get(..length.min(words.len())).unwrap_or_default()
}

/// Whether what befell somebody stands behind the last word of a name: "thiết bị" and "chuẩn bị" are
/// words.
fn is_fated(last: &Word<'_>, after: &str, spelling: Spelling) -> bool {
    !is_folded(last.text, &["thiet", "chuan"]) && opens_fate(after, spelling)
}

/// How many words a name at the beginning of the run has at most.
fn words_max(run: &[Word<'_>]) -> usize {
    let is_mark = |word: &Word<'_>| matches!(&*in_small(word.text), "văn" | "thị" | "van" | "thi");
    match run.iter().take(3).skip(1).any(is_mark) {
        true => MARKED_WORDS_MAX,
        false => WORDS_MAX,
    }
}

/// Whether "văn" is no middle name: "văn hóa", "văn học".
fn is_culture(run: &[Word<'_>]) -> bool {
    let word = |at: usize| run.get(at).map(|word| folded(word.text));
    word(1).as_deref() == Some("van")
        && matches!(
            word(2).as_deref(),
            Some("hoa" | "hoc" | "phong" | "thu" | "ban" | "nghe")
        )
}
