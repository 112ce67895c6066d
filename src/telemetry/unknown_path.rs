//! What do requests on unknown paths of known AI hosts look like?
//!
//! Such a request is the early sign of a changed page. One entry stands for all requests of one
//! service with the same method, host and shape of path; its fields grow together.

use serde::{Deserialize, Serialize};

use crate::model::exchange::UnixMillis;
use crate::payload::{FieldShape, RequestShape};

/// Entries of one service; a page that changed asks some dozens of new paths.
const SERVICE_ENTRIES_MAX: usize = 40;
/// Entries of all services.
const ENTRIES_MAX: usize = 400;
/// Fields of one entry.
const FIELDS_MAX: usize = 96;

/// The requests seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownPaths {
    entries: Vec<UnknownPath>,
}

/// All requests of one shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownPath {
    /// The service's id.
    pub service: String,
    /// What they look like.
    #[serde(flatten)]
    pub shape: RequestShape,
    /// How many there were.
    pub count: u64,
    /// When the first came, in milliseconds since 1970.
    pub first_seen: i64,
    /// When the last came, in milliseconds since 1970.
    pub last_seen: i64,
}

impl UnknownPaths {
    /// The requests of one service, or of all.
    pub fn all(&self, service: Option<&str>) -> impl Iterator<Item = &UnknownPath> {
        self.entries
            .iter()
            .filter(move |entry| service.is_none_or(|id| id == entry.service))
    }

    pub(super) fn add(&mut self, service: &str, shape: RequestShape, at: UnixMillis) {
        let is_same = |entry: &&mut UnknownPath| {
            entry.service == service
                && entry.shape.method == shape.method
                && entry.shape.host == shape.host
                && entry.shape.path == shape.path
                && entry.shape.content_type == shape.content_type
        };
        if let Some(entry) = self.entries.iter_mut().find(is_same) {
            entry.count = entry.count.saturating_add(1);
            entry.last_seen = entry.last_seen.max(at.0);
            entry.shape.is_cut |= shape.is_cut;
            join(&mut entry.shape, shape.fields);
            return;
        }
        self.make_room(service);
        self.entries.push(UnknownPath {
            service: service.to_owned(),
            shape,
            count: 1,
            first_seen: at.0,
            last_seen: at.0,
        });
    }

    /// The entry that was not seen for longest goes.
    fn make_room(&mut self, service: &str) {
        let is_own = |entry: &UnknownPath| entry.service == service;
        let own = self.entries.iter().filter(|entry| is_own(entry)).count();
        let is_full_for_own = own >= SERVICE_ENTRIES_MAX;
        if !is_full_for_own && self.entries.len() < ENTRIES_MAX {
            return;
        }
        let oldest = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| !is_full_for_own || is_own(entry))
            .min_by_key(|(_, entry)| entry.last_seen)
            .map(|(at, _)| at);
        if let Some(at) = oldest {
            self.entries.remove(at);
        }
    }
}

/// Adds the fields of another request of the same shape.
fn join(shape: &mut RequestShape, fields: Vec<FieldShape>) {
    let mut added = Vec::new();
    for field in fields {
        let is_same =
            |known: &&mut FieldShape| known.path == field.path && known.kind == field.kind;
        match shape.fields.iter_mut().find(is_same) {
            Some(known) => {
                known.count = known.count.saturating_add(field.count);
                known.length_max = known.length_max.max(field.length_max);
            }
            None => added.push(field),
        }
    }
    shape.is_cut |= shape.fields.len() + added.len() > FIELDS_MAX;
    added.truncate(FIELDS_MAX.saturating_sub(shape.fields.len()));
    shape.fields.append(&mut added);
    shape.fields.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(path: &str, fields: &[&str]) -> RequestShape {
        RequestShape {
            method: "POST".to_owned(),
            host: "chatgpt.com".to_owned(),
            path: path.to_owned(),
            content_type: "application/json".to_owned(),
            fields: fields
                .iter()
                .map(|path| FieldShape {
                    path: (*path).to_owned(),
                    kind: "string".to_owned(),
                    count: 1,
                    length_max: 5,
                })
                .collect(),
            is_cut: false,
        }
    }

    #[test]
    fn requests_of_one_shape_are_one_entry_with_all_their_fields() {
        let mut paths = UnknownPaths::default();
        paths.add("a", shape("/new", &["/text"]), UnixMillis(1));
        paths.add("a", shape("/new", &["/text", "/more"]), UnixMillis(2));
        let entry = paths.all(Some("a")).next().unwrap();
        assert_eq!((entry.count, entry.first_seen, entry.last_seen), (2, 1, 2));
        let fields: Vec<_> = entry
            .shape
            .fields
            .iter()
            .map(|f| (&*f.path, f.count))
            .collect();
        assert_eq!(fields, [("/more", 1), ("/text", 2)]);
        assert_eq!(paths.all(Some("b")).count(), 0);
    }

    #[test]
    fn one_service_cannot_push_out_the_others() {
        let mut paths = UnknownPaths::default();
        paths.add("quiet", shape("/new", &[]), UnixMillis(0));
        for n in 0..10_000 {
            paths.add("loud", shape(&format!("/{n}"), &[]), UnixMillis(n + 1));
        }
        assert_eq!(paths.all(Some("quiet")).count(), 1);
        assert_eq!(paths.all(Some("loud")).count(), SERVICE_ENTRIES_MAX);
    }
}
