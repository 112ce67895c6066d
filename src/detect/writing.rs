//! How is each part of a text written: with diacritics or without, with capitals for names or in
//! small letters?
//!
//! A clerk writes "Tóm tắt giúp danh sách sau:" and pastes a list without diacritics, or in small
//! letters. What each part is told by stands in it alone: a text is parted at empty lines, and where
//! lines with diacritics and lines without meet.
//!
//! Never: what a part says.

use crate::detect::fold::has_diacritics;
use crate::detect::glance::Glance;
use crate::detect::person::{Name, Names};
use crate::detect::phrase::Spelling;
use crate::detect::record::Sources;
use crate::detect::small_list::Casing;
use crate::model::part::Span;

/// A line with fewer words tells nothing of how it is written.
const WORDS_MIN: usize = 3;
/// So many parts are told apart.
const PARTS_MAX: usize = 4096;
/// So many bytes of letters make a word for that.
const LETTERS_MIN: usize = 2;

/// How the parts of a text are written, in order; they cover it.
pub(super) struct Writing {
    parts: Vec<Part>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Where.
    pub span: Span,
    /// Whether letters have their diacritics.
    pub spelling: Spelling,
    /// Which names the capitals do not tell.
    pub casing: Casing,
}

impl Writing {
    /// Looks at each part of the text.
    pub(super) fn new(glance: &Glance<'_>, names: &Names) -> Self {
        let text = glance.text();
        let whole = Part {
            span: Span::new(0, text.len()),
            spelling: glance.spelling,
            casing: names.casing(glance),
        };
        // Without small letters nothing is told by capitals, and diacritics are seldom lost in part.
        if !glance.has_small {
            return Self { parts: vec![whole] };
        }
        let mut parts: Vec<Part> = Vec::new();
        for (span, spelling) in Paragraphs::of(text, glance.spelling) {
            let before = parts.last().map_or(whole.casing, |last| last.casing);
            let part = Part {
                span,
                spelling,
                casing: match tells(span.of(text)) {
                    true => names.casing_of(glance, span, whole.casing),
                    false => before,
                },
            };
            let is_full = parts.len() >= PARTS_MAX;
            match parts.last_mut() {
                Some(last)
                    if is_full || (last.spelling, last.casing) == (spelling, part.casing) =>
                {
                    last.span.end = part.span.end;
                }
                Some(_) | None => parts.push(part),
            }
        }
        if parts.is_empty() {
            parts.push(whole);
        }
        Self { parts }
    }

    /// The part in which a place lies.
    pub(super) fn at(&self, at: usize) -> Part {
        let after = self.parts.partition_point(|part| part.span.start <= at);
        let part = self.parts.get(after.saturating_sub(1));
        part.copied().unwrap_or(Part {
            span: Span::new(0, usize::MAX),
            spelling: Spelling::Full,
            casing: Casing::Told,
        })
    }

    /// The parts of an island, each as far as it lies in it.
    pub(super) fn within(&self, island: Span) -> impl Iterator<Item = Part> + '_ {
        let first = self
            .parts
            .partition_point(|part| part.span.end <= island.start);
        let parts = self.parts.get(first..).unwrap_or_default();
        parts
            .iter()
            .take_while(move |part| part.span.start < island.end)
            .map(move |part| Part {
                span: Span::new(
                    part.span.start.max(island.start),
                    part.span.end.min(island.end),
                ),
                ..*part
            })
    }

    /// Whether any part is written so.
    pub(super) fn has(&self, casing: Casing) -> bool {
        self.parts.iter().any(|part| part.casing == casing)
    }
}

impl Sources<'_> {
    /// The names of a part, by capitals or without them.
    pub(super) fn names_of(&self, part: Part, names: &mut Vec<Name>) {
        let known = names.len();
        if part.casing != Casing::Shouted {
            self.names.find(self.text, part.span, part.spelling, names);
        }
        if part.casing != Casing::Told {
            let small = self.names.small_names(self.text, part.span, part.spelling);
            let told: Vec<Span> = names.iter().skip(known).map(|name| name.span).collect();
            names.extend(small.into_iter().filter(|name| !is_among(&told, name.span)));
        }
    }

    /// How the text is written where a span lies.
    pub(super) fn spelling_at(&self, span: Span) -> Spelling {
        self.writing.at(span.start).spelling
    }
}

/// Whether one of the spans, which are in order, shares a place with another.
fn is_among(spans: &[Span], other: Span) -> bool {
    let after = spans.partition_point(|span| span.end <= other.start);
    spans.get(after).is_some_and(|span| span.start < other.end)
}

/// The paragraphs of a text, each with how its letters are written; those in which lines with
/// diacritics and lines without meet, part there.
struct Paragraphs<'t> {
    text: &'t str,
    at: usize,
    spelling: Spelling,
}

impl<'t> Paragraphs<'t> {
    const fn of(text: &'t str, spelling: Spelling) -> Self {
        Self {
            text,
            at: 0,
            spelling,
        }
    }

    /// How a line is written, if it tells.
    fn spelling_of(&self, line: &str) -> Option<Spelling> {
        match self.spelling {
            Spelling::Plain => Some(Spelling::Plain),
            Spelling::Full => spelling_of(line),
        }
    }
}

impl Iterator for Paragraphs<'_> {
    type Item = (Span, Spelling);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let mut told = None;
        let mut is_over = false;
        for line in rest.split_inclusive('\n') {
            let is_empty = line.trim_end().is_empty();
            let here = self.spelling_of(line);
            let is_other = told.is_some() && here.is_some() && here != told;
            if self.at > start && !is_empty && (is_over || is_other) {
                break;
            }
            told = told.or(here);
            is_over = is_empty;
            self.at += line.len();
        }
        Some((Span::new(start, self.at), told.unwrap_or(self.spelling)))
    }
}

/// How a line is written, if it tells.
fn spelling_of(line: &str) -> Option<Spelling> {
    if !line.is_ascii() && has_diacritics(line) {
        return Some(Spelling::Full);
    }
    tells(line).then_some(Spelling::Plain)
}

/// Whether there are enough words to tell how they are written.
fn tells(text: &str) -> bool {
    let is_of_word = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let words = text.as_bytes().split(|byte| !is_of_word(byte));
    let words = words.filter(|word| word.len() >= LETTERS_MIN);
    words.take(WORDS_MIN).count() == WORDS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::lexicon::Lexicon;

    fn parts(text: &str) -> Vec<(&str, Spelling, Casing)> {
        let names = Names::new().unwrap();
        let lexicon = Lexicon::new(&[Names::list()]).unwrap();
        let writing = Writing::new(&Glance::at(text, &lexicon), &names);
        let parts = writing.parts.iter();
        parts
            .map(|part| (part.span.of(text).trim(), part.spelling, part.casing))
            .collect()
    }

    #[test]
    fn a_text_written_in_one_way_is_one_part() {
        for text in [
            "Kính gửi Ủy ban nhân dân xã\n\nCăn cứ Luật Đất đai, Ủy ban nhân dân xã báo cáo.\n\nTrân trọng",
            "Kinh gui UBND xa\n\nCan cu Luat Dat dai",
            "",
        ] {
            assert_eq!(parts(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_list_without_diacritics_is_a_part_of_its_own() {
        let text = "Tóm tắt giúp danh sách sau của thôn:\n1. nguyen van thu 1950 mui 3\n2. tran thi mau 1955\nXin cảm ơn";
        let all = parts(text);
        assert_eq!(all.len(), 3);
        assert_eq!(all[1].1, Spelling::Plain);
        assert_eq!(all[1].2, Casing::Small);
        assert_eq!(all[2].1, Spelling::Full);
    }

    #[test]
    fn parts_cover_the_text() {
        let text = "Một hai ba.\n\nmot hai ba bon\n\nMột Hai Ba";
        let names = Names::new().unwrap();
        let lexicon = Lexicon::new(&[Names::list()]).unwrap();
        let writing = Writing::new(&Glance::at(text, &lexicon), &names);
        let island = Span::new(3, text.len() - 2);
        let within: Vec<Part> = writing.within(island).collect();
        assert_eq!(within.first().map(|part| part.span.start), Some(3));
        assert_eq!(within.last().map(|part| part.span.end), Some(island.end));
        assert!(
            within
                .windows(2)
                .all(|two| two[0].span.end == two[1].span.start)
        );
        assert_eq!(
            writing.at(text.find("bon").unwrap()).spelling,
            Spelling::Plain
        );
    }
}
