//! Which AI service and endpoint is this, what does the request carry, how does it answer?
//!
//! In: a host name, a method, a path. Out: a [`Recognized`], and with it what policy and payload
//! must know: what the endpoint carries, in which codec, which fields a placeholder may stand in.
//! All of it comes from the catalogue (`patterns/services.toml`), which an office may extend.
//!
//! Never: reads a body, decides, or lets an unknown path of an AI host pass as harmless.
//!
//! Read next: [`Catalogue`], then `endpoint` (the rows), `catalogue_file` (the file's syntax).

mod answer_row;
mod catalogue;
mod catalogue_build;
mod catalogue_file;
mod catalogue_mistake;
#[cfg(test)]
mod catalogue_tests;
mod endpoint;
mod field_path;
mod host;
mod look_alike;
#[cfg(test)]
mod mistake_tests;
mod never_intercepted;
mod path_pattern;
mod refusal_shape;
mod sample;

pub use answer_row::{AnswerRow, AnswerText};
pub use catalogue::{Catalogue, Recognized, UNKNOWN_AI, Upgrade};
pub use catalogue_mistake::CatalogueMistake;
pub use endpoint::{Editable, Endpoint, LocalAnswer, Reach, Service, Verb};
pub use field_path::FieldPath;
pub use host::HostPattern;
pub use never_intercepted::is_never_intercepted;
pub use refusal_shape::{RefusalKind, RefusalShape};
pub use sample::Sample;
