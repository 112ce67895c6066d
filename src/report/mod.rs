//! What do the plans want to know? Incidents of a period become figures, and figures documents.
//!
//! In goes what is asked for ([`Asked`]) and the log, as of one record; out comes a [`Written`]
//! report with its figures, the range of the chain they were counted from and a digest of itself,
//! and from it a document in any form. [`check`](check::check) counts again and says whether a
//! report agrees with the log.
//!
//! The same log and the same texts give the same bytes: no clock, no randomness, nothing of this
//! machine. A report has no value of a person, masked or not; of state secrets it has counts, and
//! in the notice about one the circumstances that the law lets be kept.
//!
//! Read next: [`kind`] (which there are), [`count`](mod@count) (how figures come about), [`written`]
//! (how a report is kept and checked).

mod annex;
mod docx_form;
mod docx_parts;
mod incident_words;
mod kind_breach;
mod kind_controls;
mod kind_incident;
mod kind_inspection;
mod kind_minutes;
mod kind_notice;
mod kind_periodic;
mod kind_tools;
mod layout;
mod pdf_blocks;
mod pdf_form;
mod pdf_pages;
mod pdf_table;
mod pdf_text;
mod tables;
mod xlsx_form;

pub mod case;
pub mod check;
pub mod clock;
pub mod compose;
pub mod count;
pub mod csv_form;
pub mod deeds;
pub mod document;
pub mod draft;
pub mod due;
pub mod facts;
pub mod figures;
pub mod form;
pub mod kind;
pub mod lines;
pub mod make;
pub mod period;
pub mod schedule;
pub mod settings;
pub mod shelf;
pub mod stage;
pub mod sum;
pub mod surroundings;
pub mod told;
pub mod tool_facts;
pub mod written;

pub use kind::{About, Kind};
pub use make::{Asked, Made, MakeError, make};
pub use period::Period;
pub use settings::ReportSettings;
pub use written::Written;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod recount;
#[cfg(test)]
mod recount_tests;
#[cfg(test)]
mod tests;
