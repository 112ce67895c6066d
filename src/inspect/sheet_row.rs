//! Which fields of a body belong to one object, and which objects are alike?
//!
//! Never: how they are written; `sheet` does that.

use std::collections::HashMap;

use crate::model::part::Step;

/// Arrays beside one another that are read as columns.
const COLUMNS_MAX: usize = 64;
/// Keys under which objects say what their value is, and those under which the value stands.
const LABEL_KEYS: [&str; 10] = [
    "name", "key", "label", "field", "title", "question", "header", "ten", "nhan", "truong",
];
const VALUE_KEYS: [&str; 8] = [
    "value", "val", "text", "answer", "content", "data", "giatri", "gia_tri",
];

/// A field of a body.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Which reading it is; none where it is a number too short to be one.
    pub reading: Option<usize>,
    /// The way to it.
    pub steps: &'a [Step],
    /// What stands in it.
    pub text: &'a str,
}

/// The fields of one object, or of one array within an array.
pub(super) struct Row<'a> {
    /// The way to them.
    pub path: &'a [Step],
    /// The fields, in order.
    pub fields: Vec<Field<'a>>,
}

impl<'a> Row<'a> {
    /// The steps from the row to its field.
    pub(super) fn below(&self, field: &Field<'a>) -> &'a [Step] {
        field.steps.get(self.path.len()..).unwrap_or_default()
    }

    pub(super) fn has_no_heads(&self) -> bool {
        self.fields
            .iter()
            .all(|field| is_index(self.below(field).last()))
    }

    /// Whether an array that stands in no other array.
    pub(super) fn is_list(&self) -> bool {
        self.has_no_heads() && !is_index(self.path.last())
    }

    /// Whether an array stands in this object.
    pub(super) fn holds(&self, list: &Self) -> bool {
        list.path.len() == self.path.len() + 1 && list.path.starts_with(self.path)
    }

    /// The field that says what the other holds, and the other.
    pub(super) fn pair(&self) -> Option<(Field<'a>, Field<'a>)> {
        let under = |keys: &[&str]| {
            let mut fields = self.fields.iter();
            fields.find(|field| {
                let key = raw_head(self.below(field)).to_ascii_lowercase();
                keys.contains(&key.as_str())
            })
        };
        Some((*under(&LABEL_KEYS)?, *under(&VALUE_KEYS)?))
    }
}

/// The rows to which the fields belong, in the order in which they open.
pub(super) fn rows<'a>(fields: &[Field<'a>]) -> Vec<Row<'a>> {
    let mut places: HashMap<&[Step], usize> = HashMap::new();
    let mut rows: Vec<Row<'a>> = Vec::new();
    for field in fields {
        let path = field
            .steps
            .get(..row_steps(field.steps))
            .unwrap_or_default();
        let place = *places.entry(path).or_insert_with(|| {
            let fields = Vec::new();
            rows.push(Row { path, fields });
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(place) {
            row.fields.push(*field);
        }
    }
    rows
}

/// How many steps lead to the row of a field: to the innermost object or array of an array, or to
/// the whole document; where the field stands in an array of none other, to that array.
fn row_steps(steps: &[Step]) -> usize {
    let document = document_steps(steps);
    let Some((last, way)) = steps.split_last() else {
        return 0;
    };
    match way.iter().rposition(|step| is_index(Some(step))) {
        Some(at) if at >= document => at + 1,
        Some(_) | None if is_index(Some(last)) => way.len().max(document),
        Some(_) | None => document,
    }
}

/// How many steps lead to the innermost document: text that was opened.
fn document_steps(steps: &[Step]) -> usize {
    let opened = steps
        .iter()
        .rposition(|step| matches!(step, Step::Json | Step::Decoded));
    opened.map_or(0, |at| at + 1)
}

/// The rows that differ only in their places within the arrays of one document.
pub(super) fn alike<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<Vec<&'r Row<'a>>> {
    let mut places: HashMap<Vec<Option<&Step>>, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Row<'_>>> = Vec::new();
    for row in rows {
        let document = document_steps(row.path);
        let shape = row.path.iter().enumerate().map(|(at, step)| {
            let is_place = at >= document && is_index(Some(step));
            (!is_place).then_some(step)
        });
        let place = *places.entry(shape.collect()).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.push(row);
        }
    }
    groups
}

/// The arrays with which the groups begin that are as long as the first, and stand beside it.
pub(super) fn columns_of<'r, 'a>(groups: &[Vec<&'r Row<'a>>]) -> Vec<&'r Row<'a>> {
    let mut columns: Vec<&Row<'_>> = Vec::new();
    for group in groups.iter().take(COLUMNS_MAX) {
        let [row] = group.as_slice() else {
            break;
        };
        let parent = |row: &Row<'a>| row.path.split_last().map(|(_, parent)| parent);
        let is_beside = columns.first().is_none_or(|first| {
            parent(first) == parent(row) && first.fields.len() == row.fields.len()
        });
        if !row.is_list() || row.fields.len() < 2 || !is_beside {
            break;
        }
        columns.push(row);
    }
    columns
}

/// Whether the step is a place in an array; objects of programs have such keys too.
fn is_index(step: Option<&Step>) -> bool {
    match step {
        Some(Step::Index(_)) => true,
        Some(Step::Key(key)) => {
            !key.is_empty() && key.len() <= 5 && key.bytes().all(|b| b.is_ascii_digit())
        }
        Some(Step::Json | Step::Decoded) | None => false,
    }
}

/// The keys of the steps.
pub(super) fn raw_head(steps: &[Step]) -> String {
    let keys: Vec<&str> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) | Step::Json | Step::Decoded => None,
        })
        .collect();
    keys.join(" ").replace(['|', '\n', '\r', '\t'], " ")
}
