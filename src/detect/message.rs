//! Is the text a message that asks an assistant for something, and which private matters does it tell?
//!
//! In: a text. Out: nothing, or where words stand that tell of somebody's matters: "đòi chia đất", "bị
//! cô lập". Books, laws and news are full of such words, so they count in a short message only.
//!
//! Never: whose matters they are; `record` finds that.

use crate::detect::condition::Condition;
use crate::detect::fate::stands_for_somebody;
use crate::detect::fold::folded;
use crate::detect::letter::{Letter, fold_char};
use crate::detect::phrase::{Glossary, Phrases, Spelling};
use crate::detect::sum::{lacks_sum, needs_sum};
use crate::detect::words;
use crate::detect::writing::{Part, Writing};
use crate::model::category::Ground;
use crate::model::part::Span;

const MATTERS: &str = include_str!("../../patterns/words/matters.txt");
const PEOPLE: &str = include_str!("../../patterns/words/people.txt");

/// A message is not longer, in bytes.
const MESSAGE_BYTES_MAX: usize = 2600;
/// A note that asks for nothing is no message if it is longer, in bytes.
const NOTE_BYTES_MAX: usize = 480;
/// Between somebody and what is told of them stand so many bytes at most.
const BETWEEN_MAX: usize = 200;

/// The words for private matters, and those that ask.
pub(super) struct Messages {
    full: Glossary<Ground>,
    plain: Glossary<Ground>,
    asks: Phrases,
    orders: Phrases,
    orders_within: Phrases,
    /// Between somebody and a matter they make it one of many, or what is spoken of in general.
    topics: Phrases,
    /// So do these right before the matter.
    of_many: Phrases,
}

impl Messages {
    /// Reads the lists.
    pub(super) fn new() -> Option<Self> {
        let sections = words::sections(MATTERS).into_iter();
        let all: Vec<(&str, Ground)> = sections
            .filter_map(|(name, entries)| Some((Condition::parse(name)?.ground()?, entries)))
            .flat_map(|(ground, entries)| entries.into_iter().map(move |word| (word, ground)))
            .collect();
        let full = all.iter().map(|(word, told)| ((*word).to_owned(), *told));
        let others = words::section(MATTERS, "other_when_plain");
        // One syllable without its diacritics is many words, but for those written without and those
        // that a sum tells.
        let is_sure = |word: &str| word.contains(' ') || word.is_ascii() || needs_sum(word);
        let sure = all.iter().filter(|(word, _)| is_sure(word));
        let folded = sure.map(|(word, told)| (folded(word), *told));
        let plain = folded.filter(|(word, _)| !others.contains(&word.as_str()));
        Some(Self {
            full: Glossary::new(full)?,
            plain: Glossary::new(plain)?,
            asks: Phrases::new(PEOPLE, "request")?,
            orders: Phrases::new(PEOPLE, "order")?,
            orders_within: Phrases::new(PEOPLE, "order_within")?,
            topics: Phrases::new(MATTERS, "topic")?,
            of_many: Phrases::new(MATTERS, "of_many")?,
        })
    }

    /// The private matters that a message tells of, in order, each part in its own spelling; nothing
    /// if the text is no message.
    pub(super) fn matters(
        &self,
        text: &str,
        spelling: Spelling,
        writing: &Writing,
    ) -> Option<Vec<(Span, Condition)>> {
        if text.len() > MESSAGE_BYTES_MAX
            || text.len() > NOTE_BYTES_MAX && !self.asks(text, spelling)
        {
            return None;
        }
        let parts = writing.within(Span::new(0, text.len()));
        Some(parts.flat_map(|part| self.told_in(text, part)).collect())
    }

    /// The matters of which a part tells, in order.
    fn told_in(&self, text: &str, part: Part) -> Vec<(Span, Condition)> {
        let matters = match part.spelling {
            Spelling::Full => &self.full,
            Spelling::Plain => &self.plain,
        };
        let mut bytes = Vec::with_capacity(part.span.len());
        let mut places = Vec::with_capacity(part.span.len());
        for (at, c) in part.span.of(text).char_indices() {
            match part.spelling {
                Spelling::Full => {
                    let mut small = [0; 4];
                    bytes.extend_from_slice(Letter::of(c).small.encode_utf8(&mut small).as_bytes());
                }
                Spelling::Plain => bytes.push(fold_char(c)),
            }
            places.resize(bytes.len(), part.span.start + at);
        }
        let place = |at: usize| places.get(at).copied().unwrap_or(part.span.end);
        let found = matters.find(&bytes).map(|(at, ground)| {
            let span = Span::new(place(at.start), place(at.end));
            (span, Condition::Matter(ground))
        });
        found.filter(|(span, _)| !lacks_sum(text, *span)).collect()
    }

    /// Whether somebody asks a question, or for something: in so many words, or with the first of a
    /// sentence.
    fn asks(&self, text: &str, spelling: Spelling) -> bool {
        let begins = |words: &Phrases, ends: &[char]| {
            let mut parts = text.split(ends);
            parts.any(|part| words.begins(part.trim_start(), spelling))
        };
        text.contains('?')
            || self.asks.occurs_in(text, spelling)
            || begins(&self.orders, &['.', ':', '!', '\n', ';', '"'])
            || begins(&self.orders_within, &[','])
    }

    /// Whether in a message a matter is that of the one named before, by what stands between.
    pub(super) fn is_of_named(&self, between: &str, spelling: Spelling) -> bool {
        if between.len() > BETWEEN_MAX || between.contains(['?', '!', '\n']) {
            return false;
        }
        let words: Vec<&str> = between.split(' ').filter(|word| !word.is_empty()).collect();
        let between = words.join(" ");
        !between.contains(". ")
            && !words.iter().any(|word| stands_for_somebody(word))
            && !self.is_topic(&between, spelling)
            && !self.of_many.ends(&between, spelling)
    }

    /// Whether it is that of the one named right behind: only a title stands between, and it is not
    /// what is spoken of in general.
    pub(super) fn is_of_next(&self, lead: &str, between: &str, spelling: Spelling) -> bool {
        between.split_whitespace().count() <= 1
            && !between.contains(['.', '?', '!', ':', '\n'])
            && !self.is_topic(lead, spelling)
    }

    /// Whether the words speak of a lesson, a list, a law or of many.
    pub(super) fn is_topic(&self, words: &str, spelling: Spelling) -> bool {
        self.topics.occurs_in(words, spelling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::glance::Glance;
    use crate::detect::lexicon::Lexicon;
    use crate::detect::person::Names;

    fn told(text: &str) -> Option<Vec<&str>> {
        let messages = Messages::new().unwrap();
        let names = Names::new().unwrap();
        let lexicon = Lexicon::new(&[Names::list()]).unwrap();
        let writing = Writing::new(&Glance::at(text, &lexicon), &names);
        let matters = messages.matters(text, Spelling::of(text), &writing)?;
        Some(matters.iter().map(|(span, _)| span.of(text)).collect())
    }

    #[test]
    fn messages_ask_or_are_short() {
        let long = "Ủy ban nhân dân xã họp bàn việc thu gom rác thải. ".repeat(12);
        assert_eq!(told(&long), None);
        assert!(told(&format!("{long}Viết lại cho gọn giúp em")).is_some());
        assert!(told(&format!("{long}Làm sao cho nhanh?")).is_some());
        assert!(told("Ông Mẫu say rượu").is_some());
        assert_eq!(told(&format!("Viết lại: {}", long.repeat(5))), None);
    }

    #[test]
    fn matters_are_whole_words_and_debts_have_sums() {
        for (text, wanted) in [
            ("bà Mẫu ĐÒI CHIA đất", vec!["ĐÒI CHIA"]),
            ("anh Mẫu nợ 20tr chưa trả", vec!["nợ", "chưa trả"]),
            ("anh Mẫu nợ em một lời xin lỗi", vec![]),
            (
                "ba Mau khong dang ky tam tru",
                vec!["khong dang ky tam tru"],
            ),
            ("nang cap duong lien thon", vec![]),
        ] {
            assert_eq!(told(text).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn a_matter_is_that_of_the_one_named_before() {
        let messages = Messages::new().unwrap();
        let is_theirs = |between| messages.is_of_named(between, Spelling::Full);
        for between in [" bị chồng ", " con trai ông Mẫu, hay ", " ở trọ, đang "] {
            assert!(is_theirs(between), "{between}");
        }
        for between in [
            " phụ trách tuyên truyền về ",
            " làm thủ tục cho ",
            " họp. Bàn chuyện ",
            " và TEN1X7Q2B ",
        ] {
            assert!(!is_theirs(between), "{between}");
        }
    }
}
