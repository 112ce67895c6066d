//! In which forms can a report be written?

use crate::report::compose::compose;
use crate::report::csv_form::csv;
use crate::report::document::Document;
use crate::report::docx_form::{Origin, docx};
use crate::report::make::Made;
use crate::report::pdf_form::pdf;
use crate::report::surroundings::Surroundings;
use crate::report::xlsx_form::xlsx;

/// A form. The names are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For Word: to be worked on and signed.
    Docx,
    /// To be read and printed.
    Pdf,
    /// For Excel: figures, lines for pivot tables, charts.
    Xlsx,
    /// The figures, line by line.
    Csv,
    /// The report as it is kept and checked.
    Json,
}

/// Why a report cannot be written in a form.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The kind is not known to this program.
    #[error("this program knows no report of kind {0}")]
    Kind(String),
    /// The library that writes it failed.
    #[error("the report cannot be written as {0}: {1}")]
    Writer(&'static str, String),
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Docx, Self::Pdf, Self::Xlsx, Self::Csv, Self::Json];

    /// The name that is typed, and the ending of a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Reads the name that is typed.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// When the kind is not known, or a library fails.
    pub fn write(self, made: &Made, around: &Surroundings) -> Result<Vec<u8>, FormError> {
        let written = &made.written;
        match self {
            Self::Json => Ok(written.to_text().into_bytes()),
            Self::Csv => Ok(csv(written, &around.services)),
            Self::Xlsx => xlsx(made, &around.services),
            Self::Docx => {
                let origin = Origin {
                    digest: &written.digest,
                    at: (written.chain.head.seq > 0).then_some(&written.chain.head.at),
                };
                docx(&document(made, around)?, &origin)
            }
            Self::Pdf => pdf(&document(made, around)?, &written.digest),
        }
    }
}

fn document(made: &Made, around: &Surroundings) -> Result<Document, FormError> {
    let kind = &made.written.kind;
    compose(&made.written, around).ok_or_else(|| FormError::Kind(kind.clone()))
}
