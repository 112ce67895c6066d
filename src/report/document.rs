//! What does a document consist of? One model, which every form writes in its own way.
//!
//! The parts are those of Nghị định 30/2020/NĐ-CP, Phụ lục I: names of the organs, number and
//! symbol, place and date, type and subject, contents, signature, recipients, annexes.

use serde::Serialize;

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The organ above, where one is named (ô 2).
    pub parent: Option<String>,
    /// The organ that issues it, in capitals.
    pub office: String,
    /// Number and symbol (ô 3); nothing for a form that has none.
    pub number: Option<String>,
    /// Place and date (ô 4).
    pub place_date: String,
    /// The type, in capitals (ô 5a).
    pub title: String,
    /// What it is about.
    pub about: String,
    /// What stands under it, in brackets: the period, the form's source.
    pub under_title: Option<String>,
    /// `Kính gửi`.
    pub to: Vec<String>,
    /// The contents.
    pub body: Vec<Block>,
    /// Who signs, from the left to the right.
    pub signatures: Vec<Signature>,
    /// `Nơi nhận`.
    pub recipients: Vec<String>,
    /// What follows on pages of its own.
    pub annexes: Vec<Annex>,
}

impl Document {
    /// The lines of those it is sent to, where they are several.
    pub(super) fn addressees(&self) -> Vec<String> {
        let last = self.to.len().saturating_sub(1);
        let line = |(at, name): (usize, &String)| match at == last {
            true => format!("- {name}."),
            false => format!("- {name};"),
        };
        self.to.iter().enumerate().map(line).collect()
    }
}

/// Who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The lines over the position: `TM. ỦY BAN NHÂN DÂN`.
    pub signs_for: Vec<String>,
    /// The position, in capitals.
    pub position: String,
    /// How it is signed, in brackets.
    pub note: String,
    /// The name.
    pub name: String,
}

/// What follows on pages of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Annex {
    /// `Phụ lục I`, or `Phụ lục` where there is one.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Which document it belongs to.
    pub belongs_to: String,
    /// The contents.
    pub body: Vec<Block>,
}

/// One piece of the contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading; 1 is `I.`, 2 is `1.`
    Heading {
        /// How deep.
        level: u8,
        /// Its text, with its number.
        text: String,
    },
    /// A ground of the document, in italics.
    Basis {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        text: String,
    },
    /// A line after a dash.
    Item {
        /// Its text.
        text: String,
    },
    /// What a person writes.
    Judgement(Judgement),
    /// A table.
    Table(Table),
    /// A chart of bars.
    Chart(Chart),
}

/// What a person writes: nothing yet, or the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The name of the field.
    pub field: String,
    /// What stands before the text on the form; empty where the heading says it.
    pub name: String,
    /// What is to be written.
    pub label: String,
    /// What was written.
    pub text: Option<String>,
}

impl Judgement {
    /// What is asked for, in one line.
    pub fn asked(&self) -> String {
        match (self.name.as_str(), self.label.as_str()) {
            ("", label) => label.to_owned(),
            (name, "") => name.to_owned(),
            (name, label) => format!("{name} ({label})"),
        }
    }

    /// The lines of what was written, the first after its name; none where nothing was.
    pub fn lines(&self) -> Vec<String> {
        let text = self.text.iter().flat_map(|text| text.lines());
        let lines = text.map(str::trim).filter(|line| !line.is_empty());
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        let is_numbered = self
            .name
            .starts_with(|letter: char| letter.is_ascii_digit());
        if let Some(first) = lines.first_mut().filter(|_| !self.name.is_empty()) {
            let dash = if is_numbered { "" } else { "- " };
            *first = format!("{dash}{}: {first}", self.name);
        }
        lines
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What stands over it.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for every column.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// How wide, as a share of all.
    pub width: u16,
    /// How its cells stand.
    pub align: Align,
}

/// How a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers of lines.
    Center,
    /// Figures.
    Right,
}

/// Bars: each is made of parts, one for every series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// What stands under it.
    pub caption: String,
    /// What the parts are.
    pub series: Vec<String>,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How long each part is.
    pub parts: Vec<u64>,
}

impl Bar {
    /// The whole bar.
    pub fn total(&self) -> u64 {
        self.parts.iter().sum()
    }
}

impl Chart {
    /// The longest bar; 1 where there is none.
    pub fn longest(&self) -> u64 {
        let longest = self.bars.iter().map(Bar::total).max();
        longest.unwrap_or_default().max(1)
    }
}

/// A heading with its number.
pub fn heading(level: u8, text: impl Into<String>) -> Block {
    let text = text.into();
    Block::Heading { level, text }
}

/// A paragraph.
pub fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph { text: text.into() }
}

/// A ground.
pub fn basis(text: impl Into<String>) -> Block {
    Block::Basis { text: text.into() }
}

/// A line after a dash.
pub fn item(text: impl Into<String>) -> Block {
    Block::Item { text: text.into() }
}

/// A column.
pub fn column(head: &str, width: u16, align: Align) -> Column {
    Column {
        head: head.to_owned(),
        width,
        align,
    }
}
