//! Where in the answers of an endpoint does people's text stand?
//!
//! In: the `[[answer]]` tables of catalogue files. Out: rows that endpoints name. Only where a row
//! says so may a placeholder be turned back into its value.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::answer::AnswerForm;
use crate::model::part::Step;
use crate::service::catalogue_build::field_paths;
use crate::service::catalogue_file::{AnswerTable, Mistakes, Spot, Written};
use crate::service::field_path::FieldPath;

/// What is known of the answers of an endpoint.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// Their form, where the media type does not tell.
    pub form: AnswerForm,
    /// Whether events are patches of a document.
    pub are_patches: bool,
    pieces: Vec<FieldPath>,
    texts: Vec<FieldPath>,
}

/// What stands at a place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerText {
    /// A piece of the text with this number.
    Piece(usize),
    /// All of the text with this number.
    Whole(usize),
    /// A string with more inside.
    Opened,
}

impl AnswerRow {
    /// What the row says of a place.
    pub fn text(&self, place: &[Step]) -> Option<AnswerText> {
        let position = |paths: &[FieldPath]| paths.iter().position(|path| path.names(place));
        if let Some(at) = position(&self.pieces) {
            return Some(AnswerText::Piece(at));
        }
        if let Some(at) = position(&self.texts) {
            return Some(AnswerText::Whole(self.pieces.len() + at));
        }
        let mut paths = self.pieces.iter().chain(&self.texts);
        paths
            .any(|path| path.leads_into(place))
            .then_some(AnswerText::Opened)
    }
}

/// The rows by their ids.
pub(super) struct AnswerRows(HashMap<String, Arc<AnswerRow>>);

/// Makes the rows that are written.
pub(super) fn answer_rows(written: &[Written<AnswerTable>], mistakes: &mut Mistakes) -> AnswerRows {
    let rows = written.iter().filter_map(|Written { table, spot, .. }| {
        let form = AnswerForm::parse(&table.form);
        if form.is_none() {
            let words = AnswerForm::ALL.map(AnswerForm::as_str).join(", ");
            let reason = format!("\"{}\" is not a form of answers", table.form);
            mistakes.add(spot, "form", &reason, &format!("write one of {words}"));
        }
        let row = AnswerRow {
            pieces: answer_paths(&table.pieces, spot, "pieces", mistakes),
            texts: answer_paths(&table.texts, spot, "texts", mistakes),
            form: form?,
            are_patches: table.patches,
        };
        Some((table.id.clone(), Arc::new(row)))
    });
    AnswerRows(rows.collect())
}

/// Field paths, and `/` for a unit that is a string itself.
fn answer_paths(
    texts: &[String],
    spot: &Spot,
    key: &str,
    mistakes: &mut Mistakes,
) -> Vec<FieldPath> {
    let (all, named): (Vec<String>, Vec<String>) =
        texts.iter().cloned().partition(|text| text == "/");
    let mut paths = field_paths(&named, None, spot, key, mistakes);
    paths.extend(all.iter().map(|_| FieldPath::whole_body()));
    paths
}

impl AnswerRows {
    /// The row that an endpoint names, where it names one.
    pub(super) fn named(
        &self,
        id: Option<&str>,
        spot: &Spot,
        key: &str,
        mistakes: &mut Mistakes,
    ) -> Option<Arc<AnswerRow>> {
        let id = id?;
        let row = self.0.get(id).cloned();
        if row.is_none() {
            let reason = format!("there is no answer \"{id}\"");
            mistakes.add(spot, key, &reason, "name an [[answer]] of these files");
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Catalogue;

    fn row(pieces: &[&str], texts: &[&str]) -> AnswerRow {
        let parsed = |paths: &[&str]| paths.iter().map(|path| path.parse().unwrap()).collect();
        AnswerRow {
            form: AnswerForm::Events,
            are_patches: false,
            pieces: parsed(pieces),
            texts: parsed(texts),
        }
    }

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[test]
    fn pieces_texts_and_strings_on_the_way_are_told_apart() {
        let row = row(&["/data!json/delta"], &["/title", "/data!json/all/**"]);
        assert_eq!(row.text(&[key("data")]), Some(AnswerText::Opened));
        assert_eq!(
            row.text(&[key("data"), Step::Json, key("delta")]),
            Some(AnswerText::Piece(0))
        );
        assert_eq!(row.text(&[key("title")]), Some(AnswerText::Whole(1)));
        let deep = [key("data"), Step::Json, key("all"), Step::Index(3)];
        assert_eq!(row.text(&deep), Some(AnswerText::Whole(2)));
        assert_eq!(row.text(&[key("title"), Step::Json]), None);
        assert_eq!(row.text(&[]), None);
    }

    #[test]
    fn a_row_may_name_units_that_are_nothing_but_a_string() {
        let written = "[[answer]]\nid='x'\nform='lines'\npieces=['/', '/a']\n[[service]]\nid='a'\nname='A'\n\
                       hosts=['a.example']\n[[service.endpoint]]\nid='y'\ncarries='prompt'\npath='/a'\nanswer='x'";
        let files = [("x.toml".to_owned(), written.to_owned())];
        let catalogue = Catalogue::from_files(&files).unwrap();
        let service = catalogue.service_of("a.example").unwrap();
        let row = service.endpoints[0].answer().unwrap();
        assert!(matches!(row.text(&[]), Some(AnswerText::Piece(_))));
        assert!(matches!(row.text(&[key("a")]), Some(AnswerText::Piece(_))));
        assert_eq!(row.text(&[key("b")]), None);
    }

    #[test]
    fn an_answer_that_is_not_there_and_a_wrong_form_are_mistakes() {
        let bad = "[[answer]]\nid='x'\nform='evnts'\ntexts=['a']\n[[service]]\nid='a'\nname='A'\n\
                   hosts=['a.example']\n[[service.endpoint]]\nid='y'\ncarries='prompt'\npath='/a'\nanswer='z'";
        let mistakes = Catalogue::from_files(&[("x.toml".to_owned(), bad.to_owned())]).unwrap_err();
        let text: String = mistakes.iter().map(ToString::to_string).collect();
        for word in ["evnts", "\"a\"", "no answer \"z\""] {
            assert!(text.contains(word), "{word} is missing in {text}");
        }
    }
}
