//! What stands in a text, in order, that may belong to a person: names, values, births, conditions?
//!
//! Names are looked for only near something that could make a record of them.
//!
//! Never: tables; `roster` reads those.

use regex::Regex;

use crate::detect::age::SpokenAge;
use crate::detect::anonymous::is_of_anonymous;
use crate::detect::birth_behind::{Told, birth_shape};
use crate::detect::candidate::Candidate;
use crate::detect::condition::Condition;
use crate::detect::fold::{folded, is_folded};
use crate::detect::heading::Heading;
use crate::detect::institute::is_of_institute;
use crate::detect::letter::is_capital;
use crate::detect::person::{Form, Name};
use crate::detect::prefilter::{around, join};
use crate::detect::record::Sources;
use crate::model::category::Category;
use crate::model::finding::Confidence;
use crate::model::part::Span;

/// How far from a value or a condition a name is looked for, in bytes.
const NAME_REACH: usize = 280;

/// A title of honour stands so far before its word, in bytes.
const HONOUR_REACH: usize = 24;
/// What a heading says of its marks stands so far behind the word, in bytes.
const HEADING_REACH: usize = 80;
/// Between two parents stand "và" and a title, in bytes.
const PARENTS_REACH: usize = 14;

/// Shapes that no rule of a pack tells.
pub(super) struct Shapes {
    birth: Regex,
    card: Regex,
    marks: Regex,
}

impl Shapes {
    /// Compiles them.
    pub(super) fn new() -> Option<Self> {
        Some(Self {
            birth: birth_shape().ok()?,
            card: card_shape().ok()?,
            marks: marks_shape().ok()?,
        })
    }
}

/// What stands in the text, in order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// A name.
    Name(Name),
    /// A candidate, by its index.
    Value(usize),
    /// A birth date by its shape; a bare year is only a hint, for books have years too.
    Birth(Span, Told),
    /// A word for a condition.
    Condition(Condition, Span),
}

/// The machine-readable lines of an identity card (ICAO 9303, TD1): the birth and the name.
fn card_shape() -> Result<Regex, regex::Error> {
    Regex::new(
        r"(?-u)IDVNM[0-9< ]{10,30}\s{1,3}(?P<birth>[0-9]{6})[0-9][MF<][0-9]{7}[A-Z]{3}[<0-9]{5,16}\s{1,3}(?P<name>[A-Z]{2,20}(?:<[A-Z]{1,20}){0,3}<<[A-Z]{1,20}(?:<[A-Z]{1,20}){0,5})",
    )
}

/// A pupil's mark: `Toán 4,5`, `Tiếng Việt: 6`.
fn marks_shape() -> Result<Regex, regex::Error> {
    Regex::new(
        r"(?:^|[^\p{L}])(?i:toán|ngữ văn|văn|tiếng việt|tiếng anh|tv|anh|vật lí|vật lý|lý|hóa học|hóa|sinh học|sinh|lịch sử|địa lí|địa lý|gdcd|khtn|tin học|tin|đtb|điểm tb|toan|ngu van|van|tieng viet|tieng anh)(?i: được| đạt| điểm|:| -|=)?:? ?(?P<mark>(?-u:10|[0-9](?:[.,][0-9]{1,2})?))(?: ?(?i:điểm|đ))?(?:$|[^0-9A-Za-z/%])",
    )
}

impl Sources<'_> {
    /// Whether the text is a message.
    pub(super) const fn is_message(&self) -> bool {
        self.matters.is_some()
    }

    /// What is told of people: their conditions, and the matters of a message.
    pub(super) fn told(&self) -> impl Iterator<Item = (Span, Condition)> {
        let matters = self.matters.unwrap_or_default();
        self.conditions.iter().chain(matters).copied()
    }

    /// Everything outside of tables that may belong to a person, in order.
    pub(super) fn events(&self, shapes: &Shapes, headings: &[Heading]) -> Vec<Event> {
        let marks = self.marks(&shapes.marks);
        let spoken = self.spoken_ages();
        let names = self.named_on(self.name_islands(&marks, headings, &spoken));
        let named: Vec<Span> = names.iter().map(|name| name.span).collect();
        let mut events: Vec<(Span, Event)> = Vec::new();
        for name in names {
            events.push((name.span, Event::Name(name)));
            events.extend(
                self.birth_behind(&name, &shapes.birth)
                    .map(|(at, told)| (at, Event::Birth(at, told))),
            );
        }
        events.extend(self.on_cards(&shapes.card));
        for age in spoken {
            let last = last_before(&named, Span::new(age.title, age.title));
            if last.is_some_and(|name| self.before_spoken(age).contains(name)) {
                events.push((age.span, Event::Birth(age.span, Told::Clearly)));
            }
        }
        for (index, candidate) in self.person_values() {
            let last = last_before(&named, candidate.span);
            let is_of_name = self.category(candidate) == Some(Category::HomeAddress)
                && last.is_some_and(|name| name.overlaps(candidate.span));
            if !is_of_name {
                events.push((candidate.span, Event::Value(index)));
            }
        }
        // "Y THA" is no illness.
        let is_named = |span: Span| {
            let after = named.partition_point(|name| name.end <= span.start);
            let name = named.get(after).filter(|name| name.contains(span));
            name.is_some_and(|name| !is_behind_name(self.text, *name, span))
        };
        let told = self.told().filter(|(span, _)| {
            !is_honoured(self.text, *span)
                && !is_of_goods(self.text, *span)
                && !is_of_institute(self.text, *span)
                && !is_named(*span)
        });
        for (span, condition) in told {
            events.push((span, Event::Condition(condition, span)));
        }
        for mark in marks {
            events.push((mark, Event::Condition(Condition::Student, mark)));
        }
        events.retain(|(span, event)| {
            let is_name = matches!(event, Event::Name(_));
            self.tables.at(span.start).is_none()
                && (is_name || !is_of_anonymous(self.text, last_before(&named, *span), span.start))
        });
        events.sort_by_key(|(span, _)| *span);
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// Where somebody may be named, by what stands near.
    fn name_islands(
        &self,
        marks: &[Span],
        headings: &[Heading],
        spoken: &[SpokenAge],
    ) -> Vec<Span> {
        let mut anchors: Vec<Span> = self.person_values().map(|(_, c)| c.span).collect();
        anchors.extend(marks);
        anchors.extend(self.told().map(|(span, _)| span));
        anchors.retain(|span| self.tables.at(span.start).is_none());
        anchors.sort();
        let mut islands = Vec::new();
        for anchor in &anchors {
            join(&mut islands, around(self.text, *anchor, NAME_REACH));
        }
        // A year behind a name has no label, so it is no anchor: names open islands for it.
        islands.extend(self.year_islands());
        islands.extend(self.age_islands());
        islands.extend(spoken.iter().map(|age| self.before_spoken(*age)));
        if self.is_message() {
            islands.push(Span::new(0, self.text.len()));
        }
        islands.extend(headings.iter().map(|heading| heading.list));
        islands.sort();
        let mut joined = Vec::new();
        for island in islands {
            join(&mut joined, island);
        }
        joined
    }

    /// The names on islands of the text, outside of tables, in order.
    fn named_on(&self, islands: Vec<Span>) -> Vec<Name> {
        let mut names = Vec::new();
        for island in islands {
            for part in self.writing.within(island) {
                self.names_of(part, &mut names);
            }
        }
        names.sort_by_key(|name| name.span);
        names.retain(|name| self.tables.at(name.span.start).is_none());
        self.drop_misnamed(&mut names);
        self.add_small_told(&mut names);
        self.add_listed(&mut names);
        self.add_repeated(&mut names);
        self.mark_public(&mut names);
        self.mark_officials(&mut names);
        self.mark_parents(&mut names);
        names
    }

    /// Marks, in a text that tells of pupils.
    fn marks(&self, marks: &Regex) -> Vec<Span> {
        let is_of_school = |(_, condition): &(Span, Condition)| {
            matches!(condition, Condition::Student | Condition::Pupil)
        };
        if !self.conditions.iter().any(is_of_school) {
            return Vec::new();
        }
        marks
            .captures_iter(self.text)
            .filter_map(|found| found.name("mark"))
            .map(|mark| Span::new(mark.start(), mark.end()))
            .collect()
    }

    /// What the machine-readable lines of identity cards tell.
    fn on_cards(&self, card: &Regex) -> Vec<(Span, Event)> {
        let mut told = Vec::new();
        if !self.text.contains("IDVNM") {
            return told;
        }
        for lines in card.captures_iter(self.text) {
            let (Some(birth), Some(name)) = (lines.name("birth"), lines.name("name")) else {
                continue;
            };
            let birth = Span::new(birth.start(), birth.end());
            let name = Name {
                span: Span::new(name.start(), name.end()),
                is_official: false,
                is_colleague: false,
                is_relation: false,
                form: Form::Full,
            };
            told.push((birth, Event::Birth(birth, Told::Clearly)));
            told.push((name.span, Event::Name(name)));
        }
        told
    }

    /// "con ông A và bà B": the second is a relative as the first is.
    fn mark_parents(&self, names: &mut [Name]) {
        for at in 1..names.len() {
            let Some([first, second]) = names.get_mut(at - 1..=at) else {
                continue;
            };
            let between = Span::new(first.span.end, second.span.start.max(first.span.end));
            let between = between.of(self.text).trim_start_matches([' ', ',']);
            let is_joined = between.starts_with("và ") || between.starts_with("va ");
            second.is_relation |= first.is_relation && is_joined && between.len() <= PARENTS_REACH;
        }
    }

    /// The candidates that can be elements of a person's record.
    pub(super) fn person_values(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.confidence > Confidence::Low)
            .filter(|(_, candidate)| {
                !matches!(
                    self.category(candidate),
                    None | Some(
                        Category::StateSecret | Category::InternalDocument | Category::Credential
                    )
                )
            })
    }

    /// The candidate's category.
    pub(super) fn category(&self, candidate: &Candidate) -> Option<Category> {
        self.rules.get(candidate.rule).map(|rule| rule.category)
    }

    /// Whether the candidate means something in a record only, and so makes none.
    pub(super) fn is_only_in_records(&self, candidate: &Candidate) -> bool {
        let rule = self.rules.get(candidate.rule);
        rule.is_some_and(|rule| !rule.only_in.is_empty())
    }
}

/// The last name that begins before the end of a span.
fn last_before(named: &[Span], span: Span) -> Option<Span> {
    let after = named.partition_point(|name| name.start < span.end);
    after.checked_sub(1).and_then(|at| named.get(at)).copied()
}

/// Whether several words that tell of a condition stand behind two of a name, where all words have
/// capitals: "Nguyễn Thị Thử Mồ Côi".
fn is_behind_name(text: &str, name: Span, condition: Span) -> bool {
    let lead = Span::new(name.start, condition.start).of(text);
    condition.of(text).contains(' ') && lead.split_whitespace().count() >= 2
}

/// Whether marks are given to goods, works or units, and not to pupils: "Bảng điểm chấm sản phẩm OCOP".
fn is_of_goods(text: &str, condition: Span) -> bool {
    const GOODS: [&str; 12] = [
        "san pham",
        "ocop",
        "thi dua",
        "goi thau",
        "nha thau",
        "tieu chi",
        "nong thon moi",
        "chi so",
        "cong trinh",
        "to dan pho",
        "khu dan cu",
        "co quan",
    ];
    if !is_folded(condition.of(text), &["bang diem"]) {
        return false;
    }
    let behind = Span::new(condition.end, condition.end);
    let behind = Span::new(condition.end, around(text, behind, HEADING_REACH).end).of(text);
    let heading = behind.split([':', '\n', ';']).next().unwrap_or_default();
    let heading = folded(heading);
    GOODS.iter().any(|goods| heading.contains(goods))
}

/// Whether the word belongs to a title or a place of honour: "anh hùng liệt sĩ", "nghĩa trang
/// liệt sĩ", "thăm, tặng quà Mẹ Việt Nam Anh hùng"; or is the title of the one named behind it.
fn is_honoured(text: &str, condition: Span) -> bool {
    const HONOURS: [&str; 4] = ["anh hung", "nghia trang", "tuong niem", "ghi danh"];
    const VISITS: [&str; 4] = ["tham", "tang qua", "tri an", "phung duong"];
    let before = around(
        text,
        Span::new(condition.start, condition.start),
        HONOUR_REACH,
    );
    let before = Span::new(before.start, condition.start).of(text);
    let plain = folded(before.trim_end());
    let title = folded(condition.of(text));
    let behind = text.get(condition.end..).and_then(|t| t.strip_prefix(' '));
    let is_title = matches!(title.as_str(), "liet si" | "me viet nam anh hung")
        && behind.is_some_and(|name| name.starts_with(is_capital));
    let is_visited = VISITS.iter().any(|visit| plain.ends_with(visit))
        && title.ends_with("me viet nam anh hung");
    is_title || is_visited || HONOURS.iter().any(|honour| plain.ends_with(honour))
}
