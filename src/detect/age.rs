//! Where may a name stand that no label and no condition is near: before a year or an age? And which
//! ages are told of somebody named before: "Lê Văn Mẫu đang đòi lại đất, ông này 61 tuổi"?
//!
//! Never: whether a name stands there, and whose year it is.

use crate::detect::capital::is_capitalized;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::prefilter::around;
use crate::detect::record::Sources;
use crate::detect::title::is_title;
use crate::model::part::Span;

/// A title stands so far before an age, in bytes ...
const TITLE_REACH: usize = 28;
/// ... with such words between.
const SPOKEN: [&str; 5] = [" này", " ấy", " đó", " năm nay", " nay"];
/// A sex stands so far before an age, in bytes.
const SEX_REACH: usize = 16;

/// Somebody is named so far before an age that only a title tells, in bytes.
const SPOKEN_REACH: usize = 200;

/// An age of somebody of whom a title speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpokenAge {
    /// The age with its word.
    pub span: Span,
    /// Where the title stands; whoever is meant is named before.
    pub title: usize,
}

impl Sources<'_> {
    /// Short stretches before years: a name may stand there.
    pub(super) fn year_islands(&self) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let mut islands = Vec::new();
        for at in
            memchr::memmem::find_iter(bytes, b"19").chain(memchr::memmem::find_iter(bytes, b"20"))
        {
            let is_year = bytes
                .get(at..at + 4)
                .is_some_and(|year| year.iter().all(u8::is_ascii_digit));
            if is_year {
                islands.push(around(self.text, Span::new(at, at + 4), 64));
            }
        }
        islands
    }

    /// Short stretches before ages that stand aside behind a name, or beside a sex: "Lê Thử, 51 tuổi",
    /// "nữ, 28 tuổi".
    pub(super) fn age_islands(&self) -> Vec<Span> {
        const SEXES: [&str; 3] = ["nam", "nữ", "nu"];
        let ages = ["tuổi", "TUỔI", "tuoi", "TUOI"];
        let bytes = self.text.as_bytes();
        let ages = ages
            .iter()
            .flat_map(|age| memchr::memmem::find_iter(bytes, age));
        let is_told = |at: usize| {
            let near = around(self.text, Span::new(at, at), SEX_REACH);
            let before = Span::new(near.start, at).of(self.text);
            let bare = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            let sex = bare
                .strip_suffix(',')
                .and_then(|lead| lead.rsplit(' ').next());
            let is_aside = || {
                let lead = bare.strip_suffix([',', '(']).map(str::trim_end);
                let word = lead.and_then(|lead| lead.rsplit(' ').next());
                word.is_some_and(|word| word.len() > 1 && is_capitalized(word))
            };
            bare.len() < before.len() && is_aside()
                || bare.len() < before.len()
                    && sex.is_some_and(|sex| SEXES.contains(&&*in_small(sex)))
        };
        let told = ages.filter(|at| is_told(*at));
        told.map(|at| around(self.text, Span::new(at, at), 64))
            .collect()
    }

    /// Ages behind a title alone: "bà 70 tuổi", "ông này 61 tuổi". Whoever says something at that age
    /// stands in a newspaper.
    pub(super) fn spoken_ages(&self) -> Vec<SpokenAge> {
        let ages = memchr::memmem::find_iter(self.text.as_bytes(), "tuổi");
        ages.filter_map(|at| self.spoken_age(at)).collect()
    }

    /// Where somebody is named of whom only the title is said again: in the same paragraph.
    pub(super) fn before_spoken(&self, age: SpokenAge) -> Span {
        let near = around(self.text, Span::new(age.title, age.title), SPOKEN_REACH);
        let before = Span::new(near.start, age.title).of(self.text);
        let paragraph = before.rsplit("\n\n").next().unwrap_or_default();
        Span::new(age.title - paragraph.len(), age.title)
    }

    fn spoken_age(&self, word: usize) -> Option<SpokenAge> {
        let near = around(self.text, Span::new(word, word), TITLE_REACH);
        let before = Span::new(near.start, word)
            .of(self.text)
            .strip_suffix(' ')?;
        let lead = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = before.len() - lead.len();
        let lead = lead.strip_suffix(' ')?;
        let bare = SPOKEN.iter().find_map(|said| lead.strip_suffix(said));
        let bare = bare.unwrap_or(lead);
        let title = bare.rsplit(|c| !is_letter(c)).next()?;
        let span = Span::new(near.start + before.len() - digits, word + "tuổi".len());
        ((1..=3).contains(&digits) && is_title(title) && !self.is_quoted(span)).then_some(
            SpokenAge {
                span,
                title: near.start + bare.len() - title.len(),
            },
        )
    }
}
