//! How far do the words around an element belong to it?
//!
//! Never: whose element it is; `record` decides.

use crate::detect::candidate::Candidate;
use crate::detect::condition::Condition;
use crate::detect::context::last_chars;
use crate::detect::event::Event;
use crate::detect::fold::{begins_folded, folded};
use crate::detect::name_before::{AROUND_CHARS, announcing, is_introduced};
use crate::detect::other_line::is_on_other_line;
use crate::detect::person::Form;
use crate::detect::phrase::Spelling;
use crate::detect::prefilter::around;
use crate::detect::record::{Person, Sources, gap};
use crate::detect::title::is_title;
use crate::model::category::Category;
use crate::model::finding::Evidence;
use crate::model::part::Span;

/// Behind a home it is read so far whether its owner speaks, in bytes.
const SPEAKER_REACH: usize = 40;
/// How far before a home it is read whether its paragraph praises people, in bytes.
const PRAISE_REACH: usize = 320;
/// How far the words behind a diagnosis belong to it, in bytes.
const CLAUSE_REACH: usize = 90;
/// How far a home may stand from a given name alone, in bytes ...
const GIVEN_REACH: usize = 24;
/// ... in the clause that tells of the house ...
const HOUSE_REACH: usize = 64;
/// ... and where a title says once more who lives there.
const DWELLER_REACH: usize = 160;
/// So many lines lie between the field of a name and that of an illness.
const FIELDS_BETWEEN_MAX: usize = 3;

/// What is told of a work of literature stands so near, in bytes.
const FICTION_REACH: usize = 240;

impl Sources<'_> {
    /// Whether a home says nothing of the one named beside it.
    pub(super) fn is_public(&self, person: &Person, home: &Candidate) -> bool {
        let (name, span) = (person.name, home.span);
        self.is_speaker(span)
            || !person.has_birth && self.is_at_meeting(name.span, home)
            || self.is_in_praise(span)
            || is_of_people(gap(name.span, span).of(self.text))
            || span.end <= name.span.start && is_led_by(gap(name.span, span).of(self.text))
            || self.is_place(name.span)
            || !is_labelled(home) && is_on_other_line(self.text, name.span, span)
            || name.form == Form::Given && self.is_sender(span)
    }

    /// Whether somebody asks or proposes something, whose hamlet minutes tell: "Bà Thử (thôn 4) đề
    /// nghị". Petitions label the home.
    fn is_at_meeting(&self, name: Span, home: &Candidate) -> bool {
        let before = self.text.get(..name.start).unwrap_or_default();
        // "Tôi Lê Văn Thử thôn 4, đề nghị" writes a letter.
        let is_writer = before.ends_with("Tôi ") || before.ends_with("tôi ");
        if is_writer || is_introduced(last_chars(before, AROUND_CHARS)) {
            return false;
        }
        let after = self.behind_home(home.span);
        !is_labelled(home)
            && !is_of_house(home.span.of(self.text))
            && self.names.asking.begins(after, Spelling::Plain)
    }

    /// Whether a home ends the name of somebody who sends a message: "Tuấn thôn 3: vâng ạ".
    fn is_sender(&self, home: Span) -> bool {
        let after = self.text.get(home.end..).unwrap_or_default();
        let lead = self.text.get(..home.start).unwrap_or_default();
        let line = last_chars(lead, AROUND_CHARS).rsplit('\n').next();
        let line = line.unwrap_or_default().trim_start();
        after.starts_with(':') && line.starts_with(|c: char| c == '[' || c.is_ascii_digit())
    }

    /// Whether in a message what is told is told of the one named.
    pub(super) fn is_said(&self, named: Span, told: Span) -> bool {
        let between = gap(named, told).of(self.text);
        let spelling = self.spelling_at(told);
        if named.end <= told.start {
            return self.messages.is_of_named(between, spelling);
        }
        self.messages
            .is_of_next(self.lead_of(told), between, spelling)
    }

    /// Whether in a message a condition is what its list or plan is about, and others are named behind
    /// it: "kế hoạch phòng chống đuối nước, thầy Mẫu dạy bơi".
    pub(super) fn is_of_plan(&self, told: Span, named: Span) -> bool {
        self.is_message()
            && told.end <= named.start
            && gap(told, named).of(self.text).contains(',')
            && self
                .messages
                .is_topic(self.lead_of(told), self.spelling_at(told))
    }

    /// What stands before something that is told.
    fn lead_of(&self, told: Span) -> &str {
        let near = around(self.text, Span::new(told.start, told.start), CLAUSE_REACH);
        Span::new(near.start, told.start).of(self.text)
    }

    /// What stands behind a home in its sentence.
    fn behind_home(&self, home: Span) -> &str {
        let after = self.text.get(home.end..).unwrap_or_default();
        let after = after.get(..after.floor_char_boundary(SPEAKER_REACH));
        // The next line of a form is another field: "Nội dung:".
        let line = after.unwrap_or_default().split('\n').next();
        line.unwrap_or_default().trim_start_matches([' ', ',', ')'])
    }

    /// Whether somebody says something: newspapers tell where such people live.
    fn is_speaker(&self, home: Span) -> bool {
        // Without its diacritics "nơi", and "nội", is "nói".
        const FIELDS: [&str; 7] = [
            "noi dung", "noi o", "noi sinh", "noi cap", "noi dang", "noi lam", "noi cu",
        ];
        let after = self.behind_home(home);
        let bare = after.trim_start_matches([' ', '.', ';', '-']);
        !FIELDS.iter().any(|field| begins_folded(bare, field))
            && self.names.is_speaking(after, self.spelling_at(home))
    }

    /// Whether the paragraph thanks or praises people, or tells what voters say: such texts name
    /// their hamlets in public.
    fn is_in_praise(&self, home: Span) -> bool {
        let start = self
            .text
            .ceil_char_boundary(home.start.saturating_sub(PRAISE_REACH));
        let end = self
            .text
            .floor_char_boundary((home.end + CLAUSE_REACH).min(self.text.len()));
        let before = Span::new(start, home.start).of(self.text);
        let before = before.rsplit("\n\n").next().unwrap_or_default();
        let after = Span::new(home.end, end.max(home.end)).of(self.text);
        let after = after.split('\n').next().unwrap_or_default();
        let spelling = self.spelling_at(home);
        self.names.praises(before, spelling) || self.names.praises(after, spelling)
    }

    /// Whether a name that nothing announces is also a commune's, or a street's: beside a hamlet
    /// it is that.
    fn is_place(&self, name: Span) -> bool {
        let before = self.text.get(..name.start).unwrap_or_default();
        let before = announcing(before);
        let plain = folded(name.of(self.text));
        let street = plain
            .strip_prefix("duong ")
            .filter(|_| self.spelling_at(name) == Spelling::Plain);
        let is_street = street.is_some_and(|whose| {
            let mut words = whose.split(' ');
            let surname = words.next();
            surname.is_some_and(|word| self.names.surnames.contains(word)) && words.count() >= 2
        });
        (is_street || self.names.communes.contains(&plain))
            && !self.names.is_announced(before, self.spelling_at(name))
    }

    /// Whether a name and such a value together tell of somebody's private life.
    pub(super) fn makes_file(
        &self,
        person: &Person,
        category: Option<Category>,
        span: Span,
    ) -> bool {
        // How to reach an official is no one's private life.
        let is_office = matches!(
            category,
            Some(
                Category::PhoneNumber
                    | Category::EmailAddress
                    | Category::HomeAddress
                    | Category::TaxCode
                    | Category::BankAccount
            )
        );
        let is_shown = matches!(category, Some(Category::BirthDate | Category::HomeAddress));
        let is_birth = category == Some(Category::BirthDate);
        if person.name.form == Form::Initial {
            // Figures of history are told so too: the museum's mailbox is not theirs.
            !(is_shown || person.name.is_official && is_office)
        } else if person.name.is_official {
            // The birth of a public figure is known; with a home or a number it is a file.
            !is_birth && (person.has_birth || !is_office)
        } else if person.name.form == Form::Given {
            // "chị Lan, thôn Mẫu", but not a house that stands near somebody's.
            let between = gap(person.name.span, span).of(self.text);
            // "thầy Mẫu phân công: tổ 1 trồng cây", "tổ tuần tra ấp 2 gồm anh Mẫu"
            let is_of_others =
                between.trim_start_matches(':').contains([':', ';']) || between.contains(" gồm ");
            between.len() <= GIVEN_REACH && !is_of_others || !is_shown || dwells(between)
        } else {
            true
        }
    }

    /// Whether something is told of somebody in brackets right behind the name: "con trai Lê Văn Thử
    /// (CCCD …)".
    pub(super) fn is_within_brackets(&self, name: Span, event: Event) -> bool {
        let between = gap(name, self.span_of(event)).of(self.text);
        between.trim_start().starts_with('(') && !between.contains(')')
    }

    /// Whether what is told of a condition stands behind the brackets around a relative: "Lê Văn Thử
    /// (con anh Mẫu): tiếp thu chậm".
    pub(super) fn is_behind_brackets(&self, relative: Span, event: Event) -> bool {
        let between = gap(relative, self.span_of(event)).of(self.text);
        matches!(event, Event::Condition(..)) && between.contains(')') && !between.contains('\n')
    }

    /// Whether a work of literature or an exercise is spoken of near: "phân tích nhân vật chị Dậu".
    pub(super) fn is_in_fiction(&self, told: Span) -> bool {
        const WORDS: [&str; 14] = [
            "mo bai",
            "ket bai",
            "bai toan",
            "lai kep",
            "nhan vat",
            "tac pham",
            "truyen ngan",
            "doan trich",
            "doan van",
            "nha van",
            "tieu thuyet",
            "bai tho",
            "ngu van",
            "ca dao",
        ];
        let near = folded(around(self.text, told, FICTION_REACH).of(self.text));
        WORDS.iter().any(|word| near.contains(word))
    }

    /// Whether somebody of that age says something further on in the sentence, as in a newspaper.
    pub(super) fn is_quoted(&self, age: Span) -> bool {
        let after = self.text.get(age.end..).unwrap_or_default();
        let after = after.get(..after.floor_char_boundary(CLAUSE_REACH));
        let sentence = after.unwrap_or_default().split(['.', '\n', ';']).next();
        sentence.is_some_and(|sentence| self.names.speaks_in(sentence, self.spelling_at(age)))
    }

    /// Whether a condition stands in a field below that of the name: `Họ tên: …`, `Chẩn đoán: …`.
    /// Other conditions than illnesses are all that their field says: "Nhiệm vụ: rà soát hộ nghèo".
    pub(super) fn is_next_field(&self, name: Span, condition: Condition, between: &str) -> bool {
        let before = last_chars(
            self.text.get(..name.start).unwrap_or_default(),
            AROUND_CHARS,
        );
        (condition == Condition::Health || between.trim_end().ends_with(':'))
            && fields(between) <= FIELDS_BETWEEN_MAX
            && !between.contains(['\t', '|', '.'])
            && before.trim_end().ends_with([':', '=', '"'])
            && self.names.is_announced(before, self.spelling_at(name))
    }

    /// Whether a home that nothing labels stands on a line above the name: "Danh sách thu quỹ thôn
    /// Mẫu" tells of all who follow, or of none.
    pub(super) fn is_of_heading(&self, event: Event, name: Span) -> bool {
        let Event::Value(index) = event else {
            return false;
        };
        self.candidates.get(index).is_some_and(|home| {
            let before = self.text.get(..home.span.start).unwrap_or_default();
            self.category(home) == Some(Category::HomeAddress)
                && !is_labelled(home)
                && !before.trim_end().ends_with('>')
                && Span::new(home.span.end, name.start.max(home.span.end))
                    .of(self.text)
                    .contains('\n')
                && !self.are_fields(home.span, name)
                && !self.leads_household(name)
        })
    }

    /// Whether the one named is told to be the head of a household: the home above is theirs.
    fn leads_household(&self, name: Span) -> bool {
        let after = self.text.get(name.end..).unwrap_or_default();
        let line = after.get(..after.floor_char_boundary(SPEAKER_REACH));
        let line = line.unwrap_or_default().split('\n').next();
        line.is_some_and(|line| folded(line).contains("chu ho"))
    }

    /// Whether a home and a name are two fields of a form, each behind its label: "Nơi ở: thôn 3", "Họ
    /// tên: Lê Văn Thử".
    fn are_fields(&self, home: Span, name: Span) -> bool {
        let label = |at: usize| {
            let before = self.text.get(..at).unwrap_or_default();
            let lead = before.rsplit('\n').next().unwrap_or_default();
            let lead = lead.trim_end_matches([' ', '"', '\'']);
            lead.strip_suffix([':', '=']).map(folded)
        };
        let names = |label: String| {
            let bare = label.trim_end_matches(['"', '\'']);
            bare.ends_with("ten") || bare.split(' ').any(|word| word == "ten")
        };
        label(home.start).is_some() && label(name.start).is_some_and(names)
    }

    /// A word for an illness with what is said of it.
    pub(super) fn clause(&self, condition: Condition, span: Span) -> Span {
        if condition != Condition::Health {
            return span;
        }
        let reach = self
            .text
            .floor_char_boundary((span.end + CLAUSE_REACH).min(self.text.len()));
        let behind = Span::new(span.end, reach.max(span.end)).of(self.text);
        let end = behind
            .find(['.', ';', '\n', '|', '\t', '"'])
            .unwrap_or(behind.len());
        Span::new(span.start, span.end + end)
    }
}

/// Whether a sentence ends in the text behind a word; a number of an entry and a short form end none.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.contains(['?', '!'])
        || text.match_indices(". ").any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            before.is_empty() || before.ends_with(char::is_lowercase)
        })
}

/// Whether a label stands before the value.
fn is_labelled(value: &Candidate) -> bool {
    let is_label = |said: &Evidence| matches!(said, Evidence::Label(_));
    value.evidence.iter().any(is_label)
}

/// Whether the words before a home tell of all who live there: "hướng dẫn bà con buôn Mẫu".
fn is_of_people(between: &str) -> bool {
    const PEOPLE: [&str; 5] = ["bà con", "nhân dân", "người dân", "các hộ", "cử tri"];
    PEOPLE
        .iter()
        .any(|people| between.trim_end().ends_with(people))
}

/// Whether the words between a home and a name say who leads what is held there: "họp tổ 7 tối thứ Sáu,
/// do ông".
fn is_led_by(between: &str) -> bool {
    let mut words = between.trim_end().rsplit(' ');
    words.next().is_some_and(is_title) && words.next() == Some("do")
}

/// Whether the words between a given name and a home say that the one named lives there: "bác Mẫu nhà
/// đối diện trạm bơm xóm", "cô Mẫu bán bún … nhà cô ở ngõ 9".
pub(super) fn dwells(between: &str) -> bool {
    if between.len() > DWELLER_REACH || between.contains('\n') {
        return false;
    }
    let is_house = between.len() <= HOUSE_REACH
        && !between.contains(['.', ';', ':'])
        && between.starts_with(" nhà ");
    let mut words = between.trim_end().rsplit(' ');
    let verb = words.next().unwrap_or_default();
    let who = words.next().unwrap_or_default();
    is_house || matches!(verb, "ở" | "trú" | "ngụ") && (is_title(who) || who == "nhà")
}

/// Whether an address tells the number of a house, which no minutes do: "số 7 hẻm 42 Lê Mẫu".
fn is_of_house(home: &str) -> bool {
    const HOUSES: [&str; 6] = ["so ", "nha so ", "so nha ", "hem ", "ngo ", "ngach "];
    let plain = folded(home);
    let number = HOUSES.iter().find_map(|house| plain.strip_prefix(house));
    number
        .unwrap_or(&plain)
        .starts_with(|c: char| c.is_ascii_digit())
}

/// How many lines end in a text; empty ones do not count.
fn fields(text: &str) -> usize {
    let lines = text.split('\n').skip(1);
    lines.filter(|line| !line.trim().is_empty()).count()
}
