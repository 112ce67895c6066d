//! The syntax of catalogue files, and nothing else knows it. `patterns/services.toml` opens with
//! the format explained for people.
//!
//! In: texts. Out: what is written in them, table by table, and every mistake of syntax at once.
//! What the words mean is checked in `catalogue_build`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::service::catalogue_mistake::CatalogueMistake;
use crate::service::look_alike::LookAlikeTable;
use crate::service::sample::SampleTable;

/// A service as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceTable {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) vendor: String,
    pub(super) refusal: Option<String>,
    #[serde(default)]
    pub(super) hosts: Vec<String>,
    #[serde(default)]
    pub(super) shared_hosts: Vec<String>,
    #[serde(default)]
    pub(super) families: Vec<String>,
}

/// A family as written: rows that several services have alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyTable {
    pub(super) id: String,
    #[serde(default)]
    pub(super) every_service: bool,
}

/// An endpoint as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointTable {
    pub(super) id: String,
    #[serde(default = "post")]
    pub(super) methods: Vec<String>,
    #[serde(default)]
    pub(super) hosts: Vec<String>,
    pub(super) path: String,
    pub(super) carries: String,
    pub(super) codec: Option<String>,
    #[serde(default)]
    pub(super) fields: Vec<String>,
    #[serde(default)]
    pub(super) ignore: Vec<String>,
    #[serde(default)]
    pub(super) sealed_by: Vec<String>,
    pub(super) offsets_into: Option<String>,
    #[serde(default)]
    pub(super) block_only: bool,
    pub(super) refusal: Option<String>,
    pub(super) local_answer: Option<String>,
    #[serde(default)]
    pub(super) unreadable_passes: bool,
    pub(super) answer: Option<String>,
    #[serde(default = "yes")]
    pub(super) verified: bool,
    #[serde(default, rename = "sample")]
    pub(super) samples: Vec<SampleTable>,
}

/// Where text stands in answers, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerTable {
    pub(super) id: String,
    pub(super) form: String,
    #[serde(default)]
    pub(super) patches: bool,
    #[serde(default)]
    pub(super) pieces: Vec<String>,
    #[serde(default)]
    pub(super) texts: Vec<String>,
}

fn post() -> Vec<String> {
    vec!["POST".to_owned()]
}

const fn yes() -> bool {
    true
}

/// Something with endpoints, and where it is written.
pub(super) struct Written<T> {
    pub(super) table: T,
    pub(super) endpoints: Vec<EndpointTable>,
    pub(super) spot: Spot,
}

/// Where something is written.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) service: String,
}

/// All that is written in the files. Of two services or families with one id in different files,
/// the later stays.
#[derive(Default)]
pub(super) struct WrittenCatalogue {
    pub(super) services: Vec<Written<ServiceTable>>,
    pub(super) families: Vec<Written<FamilyTable>>,
    /// What looks like an AI service; all of them count.
    pub(super) look_alikes: Vec<(LookAlikeTable, Spot)>,
    pub(super) answers: Vec<Written<AnswerTable>>,
}

/// The mistakes seen so far.
#[derive(Default)]
pub(super) struct Mistakes(pub(super) Vec<CatalogueMistake>);

impl Mistakes {
    /// Notes one.
    pub(super) fn add(&mut self, spot: &Spot, key: &str, reason: &str, remedy: &str) {
        self.0.push(CatalogueMistake {
            file: spot.file.clone(),
            service: spot.service.clone(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    fn typed<T: DeserializeOwned>(&mut self, value: Value, spot: &Spot, key: &str) -> Option<T> {
        value
            .try_into()
            .map_err(|error: toml::de::Error| {
                let reason = error.message().to_owned();
                self.add(
                    spot,
                    key,
                    &reason,
                    "see the head of services.toml for the keys",
                );
            })
            .ok()
    }
}

/// Reads the files in order.
pub(super) fn read(files: &[(String, String)], mistakes: &mut Mistakes) -> WrittenCatalogue {
    let mut written = WrittenCatalogue::default();
    for (file, text) in files {
        let whole = Spot {
            file: file.clone(),
            service: String::new(),
        };
        match toml::from_str::<Table>(text) {
            Ok(root) => {
                for (key, value) in root {
                    read_key(&mut written, &key, value, &whole, mistakes);
                }
            }
            Err(error) => {
                let reason = error.to_string();
                mistakes.add(&whole, "", reason.trim_end(), "mend the TOML at this place");
            }
        }
    }
    written
}

fn read_key(
    written: &mut WrittenCatalogue,
    key: &str,
    value: Value,
    whole: &Spot,
    mistakes: &mut Mistakes,
) {
    let tables = array(value);
    match key {
        "service" => {
            for (at, table) in tables.into_iter().enumerate() {
                if let Some(entry) = entry(key, at, table, whole, mistakes) {
                    put(&mut written.services, entry, |table| &table.id, mistakes);
                }
            }
        }
        "family" => {
            for (at, table) in tables.into_iter().enumerate() {
                if let Some(entry) = entry(key, at, table, whole, mistakes) {
                    put(&mut written.families, entry, |table| &table.id, mistakes);
                }
            }
        }
        "look_alike" => {
            for table in tables {
                let table = mistakes.typed(table, whole, key);
                written
                    .look_alikes
                    .extend(table.map(|table| (table, whole.clone())));
            }
        }
        "answer" => {
            for (at, table) in tables.into_iter().enumerate() {
                if let Some(entry) = entry(key, at, table, whole, mistakes) {
                    put(&mut written.answers, entry, |table| &table.id, mistakes);
                }
            }
        }
        _ => mistakes.add(
            whole,
            key,
            "the key is unknown",
            "a catalogue has only [[service]], [[family]], [[answer]] and [look_alike]",
        ),
    }
}

/// One service or family with its endpoints; each endpoint is read for itself, so that a mistake
/// in one does not hide those of the next.
fn entry<T: DeserializeOwned>(
    key: &str,
    at: usize,
    mut value: Value,
    whole: &Spot,
    mistakes: &mut Mistakes,
) -> Option<Written<T>> {
    let name = match value.get("id").and_then(Value::as_str) {
        Some(id) => format!("{key} \"{id}\""),
        None => format!("{key} no. {}", at + 1),
    };
    let spot = Spot {
        file: whole.file.clone(),
        service: name,
    };
    let rows = value
        .as_table_mut()
        .and_then(|table| table.remove("endpoint"))
        .map(array)
        .unwrap_or_default();
    let mut endpoints = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let place = match row.get("id").and_then(Value::as_str) {
            Some(id) => format!("endpoint \"{id}\""),
            None => format!("endpoint no. {}", at + 1),
        };
        endpoints.extend(mistakes.typed(row, &spot, &place));
    }
    Some(Written {
        table: mistakes.typed(value, &spot, "")?,
        endpoints,
        spot,
    })
}

/// Adds an entry, or puts it in the place of the one with its id in an earlier file.
fn put<T>(
    entries: &mut Vec<Written<T>>,
    entry: Written<T>,
    id: impl Fn(&T) -> &str,
    mistakes: &mut Mistakes,
) {
    let older = entries
        .iter_mut()
        .find(|other| id(&other.table) == id(&entry.table));
    match older {
        None => entries.push(entry),
        Some(older) if older.spot.file == entry.spot.file => mistakes.add(
            &entry.spot,
            "id",
            "the id stands twice in this file",
            "give each its own id, or join the two",
        ),
        Some(older) => *older = entry,
    }
}

fn array(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        single @ (Value::Table(_)
        | Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)) => vec![single],
    }
}
