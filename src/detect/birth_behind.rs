//! Is a birth told right behind a name, without a label: "Nguyễn Văn Thử (1980)"?
//!
//! Never: births with their label; a rule finds those.

use regex::Regex;

use crate::detect::fold::folded;
use crate::detect::letter::is_letter;
use crate::detect::lifetime::is_until;
use crate::detect::name_before::is_introduced;
use crate::detect::person::Name;
use crate::detect::phrase::Spelling;
use crate::detect::prefilter::around;
use crate::detect::record::Sources;
use crate::detect::relative::{is_member, names_relation};
use crate::detect::title::is_title;
use crate::model::part::Span;

/// A title stands so far before its word, in bytes.
const TITLE_REACH: usize = 24;
/// Dates of the last so many years may be of anything.
const LATE_YEARS: i32 = 8;
/// Deaths of this year and the last are told to offices.
const LATE_DEATHS: i32 = 2;
/// Whoever has a title before a year alone is so old at least.
const GROWN_YEARS: i32 = 16;

/// A month and a year, "05/1993", are not longer.
const MONTH_BYTES: usize = 7;

/// How a birth by shape is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A whole date, or a year behind a word for birth.
    Clearly,
    /// A year and nothing else.
    AsYear,
}

/// A birth date or year right behind a name: `Nguyễn Văn Thử (1980)`, `..., SN 80`.
pub(super) fn birth_shape() -> Result<Regex, regex::Error> {
    Regex::new(
        r#"(?x)^(?:(?:\ \([^()\d\n]{2,24}\)\n?|(?P<class>[,;]?\ \(?(?i:lớp|lop)\ [0-9]{1,2}\w{0,3}))?[\ \t,;:(|/*_.\-'")]{1,8}
        (?P<sex>(?i:nam|nữ|nu|giới\ tính\ \w+)[\ ,;|-]+)?
        (?P<kin>\(?(?i:con(?:\ trai|\ gái|\ dâu|\ rể)?|vợ|vo|chồng|chong|mẹ|me|bố|bo|cha|cháu(?:\ nội|\ ngoại)?|chau(?:\ noi|\ ngoai)?|chủ\ hộ|chu\ ho|em|anh|chị|ông|bà)(?:\ chủ\ hộ)?[\ ),;:|-]{1,4})?
        (?P<word>(?i:(?:đoán\ |khoảng\ )?(?:s[ia]nh(?:\ ngày|\ năm)?|s\.?n\.?|s\.|ntns|năm\ sinh|ngày\ sinh|dob)[\ :.,]*))?
        (?i:(?:giáp|ất|bính|đinh|mậu|kỷ|kỉ|canh|tân|nhâm|quý|quí)\ \p{L}{2,4}\ )?
        (?:(?:n[ăa]m\ nay\ |kho[ảa]ng\ )?(?P<age>(?-u:\d{1,3})(?:\ (?i:tháng\ |thang\ )?(?i:tu[ổôo]i)|t|tuổi))|(?P<value>(?-u:[0-3]?\d\ ?[/.-]\ ?[01]?\d\ ?[/.-]\ ?(?:19|20)\d\d|[0-3]?\d/[01]?\d/[3-9]\d|(?:19|20)\d\d-[01]\d-[0-3]\d|[01]?\d/(?:19|20)\d\d|(?:19|20)\d\d)))
        |[\s,;(]{1,3}(?:(?i:đã|vừa|mới)\ )?(?i:mất|chết|mat|chet)(?:\ (?i:ngày|ngay))?\ (?P<death>(?-u:[0-3]?\d[/.-][01]?\d[/.-]20\d\d))
        |\n{1,2}(?P<below>(?-u:[0-3]?\d[/.-][01]?\d[/.-](?:19|20)\d\d|[01]?\d/(?:19|20)\d\d|(?:19|20)\d\d))
        |[\s,;*.)\d'"-]{1,10}(?P<labelled_age>(?i:tu[ổôo]i)\ ?[:=]\ ?(?-u:\d{1,3})))
        (?:$|[^0-9A-Za-z/%-]|[/-](?:[^0-9\p{L}]|\p{L}\p{Ll}))"#,
    )
}

impl Sources<'_> {
    /// Whether "ông" or "chị" stands before the name: authors are cited without.
    pub(super) fn is_titled(&self, name: Span) -> bool {
        let before = around(self.text, Span::new(name.start, name.start), TITLE_REACH);
        let before = Span::new(before.start, name.start).of(self.text);
        let word = before.trim_end().rsplit(|c| !is_letter(c)).next();
        let is_plain = |word: &str| {
            self.spelling_at(name) == Spelling::Plain
                && matches!(word, "ong" | "ba" | "anh" | "chi")
        };
        before.ends_with(' ') && word.is_some_and(|word| is_title(word) || is_plain(word))
    }

    /// Whether the title before the name is a child's: children are born this year.
    fn is_child(&self, name: Span) -> bool {
        let before = around(self.text, Span::new(name.start, name.start), TITLE_REACH);
        let before = folded(Span::new(before.start, name.start).of(self.text));
        let word = before.trim_end().rsplit([' ', '\n', '.']).next();
        matches!(word, Some("be" | "chau" | "tre"))
    }

    /// A birth date or year right behind a name.
    pub(super) fn birth_behind(&self, named: &Name, birth_shape: &Regex) -> Option<(Span, Told)> {
        let name = named.span;
        let island = around(self.text, Span::new(name.end, name.end), 64);
        let behind = Span::new(name.end, island.end).of(self.text);
        let captures = birth_shape.captures(behind)?;
        let age = captures.name("age");
        if let Some(age) = age.or_else(|| captures.name("labelled_age")) {
            let span = Span::new(name.end + age.start(), name.end + age.end());
            let told = if self.is_quoted(span) {
                Told::AsYear
            } else {
                Told::Clearly
            };
            return Some((span, told));
        }
        if let Some(death) = captures.name("death") {
            let year = last_year(death.as_str())?;
            let span = Span::new(name.end + death.start(), name.end + death.end());
            return (year > self.year_now - LATE_DEATHS).then_some((span, Told::Clearly));
        }
        let below = captures.name("below");
        // A date below a name is a cell of its own, as of a table that was copied cell by cell.
        let is_cell = |below: &regex::Match<'_>| {
            let rest = behind.get(below.end()..).unwrap_or_default();
            rest.is_empty() || rest.starts_with('\n')
        };
        let value = captures.name("value").or(below.filter(is_cell))?;
        if is_until(behind.get(value.end()..).unwrap_or_default(), self.year_now) {
            return None;
        }
        let has_word = captures.name("sex").is_some()
            || captures.name("class").is_some()
            || captures.name("word").is_some_and(|word| !word.is_empty());
        let is_person = named.is_relation
            || captures.name("kin").is_some()
            || is_member(self.text.get(..name.start).unwrap_or_default())
            || (self.is_titled(name)
                || is_introduced(self.text.get(..name.start).unwrap_or_default()))
                && is_told_apart(behind, self.year_now)
            || names_relation(behind.get(value.end()..).unwrap_or_default());
        let year: i32 = last_year(value.as_str())?;
        // Places are named like people, and have dates of late years.
        let is_late_place =
            year > self.year_now - LATE_YEARS && self.names.may_be_place(name.of(self.text));
        let is_date = value.len() > MONTH_BYTES && !is_late_place && below.is_none();
        let told = if has_word || is_person || is_date {
            Told::Clearly
        } else {
            Told::AsYear
        };
        let span = Span::new(name.end + value.start(), name.end + value.end());
        let after = self.candidates.partition_point(|c| c.span.start < span.end);
        let near = self.candidates.get(after.saturating_sub(4)..after);
        let is_known = near
            .unwrap_or_default()
            .iter()
            .any(|c| c.span.overlaps(span));
        // Without a word for birth, dates of this year and the last are dates of tasks and papers.
        let is_baby = names_relation(behind.get(value.end()..).unwrap_or_default());
        let latest = if has_word || is_baby || self.is_child(name) {
            self.year_now
        } else {
            self.year_now - 2
        };
        (!is_known && (self.year_now - 115..=latest).contains(&year)).then_some((span, told))
    }
}

/// Whether a year stands in brackets, or between commas and is old enough to be of no event.
fn is_told_apart(behind: &str, year_now: i32) -> bool {
    let bare = behind.trim_start();
    let year = bare
        .strip_prefix([',', ':'])
        .and_then(|rest| rest.strip_prefix(' '))
        .and_then(|rest| rest.split_once([',', ';', '.', ')']));
    let is_old = |year: &str| {
        year.parse()
            .is_ok_and(|year: i32| year < year_now - GROWN_YEARS)
    };
    bare.starts_with('(') || year.is_some_and(|(year, _)| is_old(year))
}

/// The year at the end of a date, or at its beginning; two figures are of the last century.
fn last_year(date: &str) -> Option<i32> {
    let last = date.get(date.len().checked_sub(4)?..)?;
    let short = || date.rsplit_once('/')?.1.parse::<i32>().ok();
    let whole = last.parse().ok().or_else(|| date.get(..4)?.parse().ok());
    whole.or_else(|| short().map(|year| 1900 + year))
}
