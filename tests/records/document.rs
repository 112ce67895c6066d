//! A document filled with invented people, in one of the ways in which clerks write.

use lachan::model::part::Span;
use unicode_normalization::UnicodeNormalization as _;

use crate::Shape;
use crate::people::{Person, Truth};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Writing {
    /// With diacritics and capitals.
    Whole,
    /// Without diacritics.
    Plain,
    /// In small letters.
    Small,
    /// In small letters without diacritics.
    SmallPlain,
    /// All in capitals.
    Capitals,
    /// With every space doubled.
    Doubled,
}

impl Writing {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Whole,
        Self::Plain,
        Self::Small,
        Self::SmallPlain,
        Self::Capitals,
        Self::Doubled,
    ];

    /// The text, so written.
    fn of(self, text: &str) -> String {
        match self {
            Self::Whole => text.to_owned(),
            Self::Plain => plain(text),
            Self::Small => text.to_lowercase(),
            Self::SmallPlain => plain(text).to_lowercase(),
            Self::Capitals => text.to_uppercase(),
            Self::Doubled => text.replace(' ', "  "),
        }
    }
}

fn plain(text: &str) -> String {
    let bare = text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    bare.map(|c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    })
    .collect()
}

/// A filled shape, and what stands where.
pub(crate) struct Document {
    /// All of it.
    pub(crate) text: String,
    /// What stands where.
    pub(crate) truths: Vec<(Span, Truth)>,
    /// How many people.
    pub(crate) people: usize,
}

impl Document {
    /// Fills a shape with so many people.
    pub(crate) fn fill(shape: &Shape, people: usize, seed: u64, writing: Writing) -> Self {
        let mut made = Self {
            text: String::new(),
            truths: Vec::new(),
            people,
        };
        let mut first = Person::new(seed);
        made.add(&shape.head, &mut first, 0, writing);
        for number in 1..=people {
            let mut person = Person::new(seed * 1000 + number as u64);
            made.add(&shape.each, &mut person, number, writing);
        }
        made.add(&shape.tail, &mut first, people, writing);
        made
    }

    fn add(&mut self, template: &str, person: &mut Person, number: usize, writing: Writing) {
        let mut rest = template;
        while let Some((before, placeholder, after)) = next_placeholder(rest) {
            self.push(before, writing);
            let (value, truth) = person
                .value(placeholder, number)
                .unwrap_or_else(|| panic!("no placeholder {placeholder:?}"));
            let start = self.text.len();
            self.push(&value, writing);
            self.truths.push((Span::new(start, self.text.len()), truth));
            rest = after;
        }
        self.push(rest, writing);
    }

    fn push(&mut self, text: &str, writing: Writing) {
        self.text.push_str(&writing.of(text));
    }
}

/// `{word}` in a template; braces of JSON hold no such word.
fn next_placeholder(template: &str) -> Option<(&str, &str, &str)> {
    for (open, _) in template.match_indices('{') {
        let rest = template.get(open + 1..)?;
        let word = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        if word > 0 && rest.as_bytes().get(word) == Some(&b'}') {
            return Some((
                template.get(..open)?,
                rest.get(..word)?,
                rest.get(word + 1..)?,
            ));
        }
    }
    None
}
