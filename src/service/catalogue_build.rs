//! Do the words of a catalogue file make sense, and what services do they make?
//!
//! In: what is written. Out: services with their hosts, or every mistake at once. A file from the
//! office is trusted to name services, not to be well written: patterns are bounded in size, and
//! a host that is never intercepted cannot be named.

use http::Method;

use crate::model::codec::Codec;
use crate::model::exchange::Carries;
use crate::service::answer_row::{AnswerRows, answer_rows};
use crate::service::catalogue::{Claimed, Sharing, UNKNOWN_AI};
use crate::service::catalogue_file::{
    EndpointTable, FamilyTable, Mistakes, ServiceTable, Spot, Written, WrittenCatalogue,
};
use crate::service::endpoint::{Editable, Endpoint, Reach, Service, Verb};
use crate::service::field_path::FieldPath;
use crate::service::host::HostPattern;
use crate::service::never_intercepted::is_never_intercepted;
use crate::service::path_pattern::{path, path_set};
use crate::service::refusal_shape::{RefusalKind, RefusalShape};
use crate::service::sample::Sample;

/// Makes the services that are written, noting every mistake.
pub(super) fn build(
    written: &WrittenCatalogue,
    mistakes: &mut Mistakes,
) -> Vec<(Service, Claimed)> {
    let answers = answer_rows(&written.answers, mistakes);
    // Rows are checked once where they are written, so that a family's mistake is told once.
    for family in &written.families {
        for row in &family.endpoints {
            endpoint(
                row,
                Reach::Own,
                RefusalShape::Generic,
                &answers,
                &family.spot,
                mistakes,
            );
        }
    }
    written
        .services
        .iter()
        .filter_map(|service| build_service(service, &written.families, &answers, mistakes))
        .collect()
}

fn build_service(
    written: &Written<ServiceTable>,
    families: &[Written<FamilyTable>],
    answers: &AnswerRows,
    mistakes: &mut Mistakes,
) -> Option<(Service, Claimed)> {
    let Written {
        table,
        endpoints,
        spot,
    } = written;
    let refusal = match table.refusal.as_deref() {
        None => Some(RefusalShape::Generic),
        Some(word) => shape(word, spot, "refusal", mistakes),
    };
    // A mistake there must not hide those below.
    let refusal = refusal.unwrap_or(RefusalShape::Generic);
    if refusal.kind() != RefusalKind::Error {
        let reason = "a stream or socket shape answers one endpoint only";
        let remedy = "name it in the row, and an error shape here";
        mistakes.add(spot, "refusal", reason, remedy);
    }
    let claimed = claims(table, spot, mistakes);
    let mut rows: Vec<Endpoint> = endpoints
        .iter()
        .filter_map(|row| endpoint(row, Reach::Own, refusal, answers, spot, mistakes))
        .collect();
    for name in &table.families {
        if !families.iter().any(|family| family.table.id == *name) {
            let reason = format!("there is no family \"{name}\"");
            mistakes.add(
                spot,
                "families",
                &reason,
                "name a [[family]] of these files",
            );
        }
    }
    // Mistakes of families are known already; here their rows are only copied.
    let mut known = Mistakes::default();
    for family in families {
        let reach = if table.families.contains(&family.table.id) {
            Reach::Own
        } else if family.table.every_service {
            Reach::Everywhere
        } else {
            continue;
        };
        let copies = family.endpoints.iter();
        rows.extend(
            copies
                .filter_map(|row| endpoint(row, reach, refusal, answers, &family.spot, &mut known)),
        );
    }
    let paths = path_set(&rows, spot, mistakes)?;
    let service = Service {
        id: table.id.clone(),
        name: table.name.clone(),
        vendor: table.vendor.clone(),
        refusal,
        endpoints: rows,
        hosts: claimed.iter().map(|(host, _)| host.clone()).collect(),
        paths,
    };
    Some((service, claimed))
}

/// The hosts of a service with how it holds each.
fn claims(table: &ServiceTable, spot: &Spot, mistakes: &mut Mistakes) -> Claimed {
    let mut claimed = Vec::new();
    for (key, hosts, sharing) in [
        ("hosts", &table.hosts, Sharing::Exclusive),
        ("shared_hosts", &table.shared_hosts, Sharing::Shared),
    ] {
        for host in hosts {
            if let Some(pattern) = host_pattern(host, key, spot, mistakes) {
                claimed.push((pattern, sharing));
            }
        }
    }
    let is_hostless = table.hosts.is_empty() && table.shared_hosts.is_empty();
    if is_hostless && table.id != UNKNOWN_AI {
        mistakes.add(
            spot,
            "hosts",
            "the service has no host",
            "name at least one host",
        );
    }
    claimed
}

fn host_pattern(
    text: &str,
    key: &str,
    spot: &Spot,
    mistakes: &mut Mistakes,
) -> Option<HostPattern> {
    let Ok(pattern) = text.parse::<HostPattern>() else {
        let reason = format!("\"{text}\" is not a host pattern");
        let remedy = "write name.example, *.name.example or *-ending.name.example, in lower case";
        mistakes.add(spot, key, &reason, remedy);
        return None;
    };
    let name = text.trim_start_matches("*.");
    if is_never_intercepted(name) {
        let reason = format!("\"{text}\" is never intercepted");
        mistakes.add(spot, key, &reason, "take the host out; no file can open it");
        return None;
    }
    Some(pattern)
}

/// One row. Every mistake in it is noted, not only the first.
fn endpoint(
    row: &EndpointTable,
    reach: Reach,
    service_refusal: RefusalShape,
    answers: &AnswerRows,
    spot: &Spot,
    mistakes: &mut Mistakes,
) -> Option<Endpoint> {
    let key = |name: &str| format!("endpoint \"{}\": {name}", row.id);
    let before = mistakes.0.len();
    let carries = carries(&row.carries, spot, &key("carries"), mistakes);
    let codec = codec(row.codec.as_deref(), spot, &key("codec"), mistakes);
    let verbs = row
        .methods
        .iter()
        .filter_map(|word| verb(word, spot, &key("methods"), mistakes));
    let verbs: Vec<Verb> = verbs.collect();
    let refusal = match row.refusal.as_deref() {
        None => Some(service_refusal),
        Some(word) => row_shape(word, &verbs, spot, &key("refusal"), mistakes),
    };
    let hosts = row.hosts.iter();
    let hosts = hosts
        .filter_map(|host| host_pattern(host, &key("hosts"), spot, mistakes))
        .collect();
    let path = path(&row.path, spot, &key("path"), mistakes);
    let fields = field_paths(&row.fields, codec, spot, &key("fields"), mistakes);
    let ignored = field_paths(&row.ignore, codec, spot, &key("ignore"), mistakes);
    let answer = answers.named(row.answer.as_deref(), spot, &key("answer"), mistakes);
    let seals = field_paths(&row.sealed_by, codec, spot, &key("sealed_by"), mistakes);
    let counted = row.offsets_into.as_slice();
    let counted = field_paths(counted, codec, spot, &key("offsets_into"), mistakes).pop();
    if counted.is_some() && seals.is_empty() {
        let remedy = "name the fields that hold the offsets under sealed_by";
        mistakes.add(spot, &key("offsets_into"), "there are no offsets", remedy);
    }
    if mistakes.0.len() > before {
        return None;
    }
    Some(Endpoint {
        samples: Sample::all(&row.samples, codec, row.block_only, spot),
        id: row.id.clone(),
        verbs,
        path: path?,
        carries: carries?,
        codec,
        editable: if row.block_only {
            Editable::BlockOnly
        } else {
            Editable::InPlace
        },
        refusal: refusal?,
        is_verified: row.verified,
        reach,
        hosts,
        fields,
        ignored,
        seals,
        counted,
        local_answer: row.local_answer.clone(),
        passes_unreadable: row.unreadable_passes,
        answer,
    })
}

fn codec(word: Option<&str>, spot: &Spot, key: &str, mistakes: &mut Mistakes) -> Option<Codec> {
    let codec = word.map(Codec::parse);
    if codec == Some(None) {
        let remedy = "see the head of services.toml for the codecs";
        mistakes.add(spot, key, "the codec is unknown", remedy);
    }
    codec.flatten()
}

fn carries(word: &str, spot: &Spot, key: &str, mistakes: &mut Mistakes) -> Option<Carries> {
    let carries = Carries::parse(word);
    if carries.is_none() {
        let words = Carries::ALL.map(Carries::as_str).join(", ");
        let reason = format!("\"{word}\" is not a kind of content");
        mistakes.add(spot, key, &reason, &format!("write one of {words}"));
    }
    carries
}

fn shape(word: &str, spot: &Spot, key: &str, mistakes: &mut Mistakes) -> Option<RefusalShape> {
    let shape = RefusalShape::parse(word);
    if shape.is_none() {
        let words = RefusalShape::ALL.map(RefusalShape::as_str).join(", ");
        let reason = format!("\"{word}\" is not a refusal shape");
        mistakes.add(spot, key, &reason, &format!("write one of {words}"));
    }
    shape
}

/// The shape that a row names. A message on a socket is no answer to a request, nor the other way
/// round.
fn row_shape(
    word: &str,
    verbs: &[Verb],
    spot: &Spot,
    key: &str,
    mistakes: &mut Mistakes,
) -> Option<RefusalShape> {
    let shape = shape(word, spot, key, mistakes)?;
    let is_socket = shape.kind() == RefusalKind::Socket;
    let fits = |verb: &Verb| (*verb == Verb::WebSocket) == is_socket;
    if !verbs.iter().all(fits) {
        let reason = "the shape does not fit the methods of the row";
        let remedy = "a row of method WS takes a socket shape, any other row an error or a stream";
        mistakes.add(spot, key, reason, remedy);
    }
    Some(shape)
}

fn verb(word: &str, spot: &Spot, key: &str, mistakes: &mut Mistakes) -> Option<Verb> {
    if word == "WS" {
        return Some(Verb::WebSocket);
    }
    let method = Method::from_bytes(word.as_bytes()).ok();
    let method = method.filter(|_| word.bytes().all(|byte| byte.is_ascii_uppercase()));
    if method.is_none() {
        let reason = format!("\"{word}\" is not a method");
        mistakes.add(
            spot,
            key,
            &reason,
            "write methods in capitals, WS for a WebSocket",
        );
    }
    method.map(Verb::Http)
}

pub(super) fn field_paths(
    texts: &[String],
    codec: Option<Codec>,
    spot: &Spot,
    key: &str,
    mistakes: &mut Mistakes,
) -> Vec<FieldPath> {
    let mut fields = Vec::new();
    for text in texts {
        if codec == Some(Codec::Raw) && text == "/body" {
            fields.push(FieldPath::whole_body());
            continue;
        }
        match text.parse() {
            Ok(field) => fields.push(field),
            Err(reason) => {
                let reason = format!("\"{text}\": {reason}");
                mistakes.add(
                    spot,
                    key,
                    &reason,
                    "see the head of services.toml for field paths",
                );
            }
        }
    }
    fields
}
