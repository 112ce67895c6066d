//! `lachan scan`: the same inspection offline, for a person or (`--jsonl`) for a program.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use serde_json::{Map, Value, json};

use crate::app::{self, NodeKeys, Snapshot};
use crate::cli::{Ended, output, scan_lines};
use crate::config::Settings;
use crate::inspect::{Inspector, OfflineFinding, OfflineScan};
use crate::model::decision::Action;
use crate::model::uninspectable::Uninspectable;

/// What to scan.
#[derive(Args)]
pub(super) struct ScanArgs {
    /// One JSON object per file.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// One JSON object per input line, {"id","text"} or {"id","path"}; one per output line.
    #[arg(long)]
    jsonl: bool,
    /// Files; `-` or none is standard input.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs `lachan scan`.
pub(super) fn scan(args: &ScanArgs, settings: &Settings) -> Ended {
    let inspector = match inspector(settings) {
        Ok(inspector) => inspector,
        Err(mistakes) => {
            mistakes.iter().for_each(|mistake| output::error(mistake));
            return Ended::Failed;
        }
    };
    if args.jsonl {
        return scan_lines::scan_lines(&inspector, &args.files);
    }
    let standard_input = vec![PathBuf::from("-")];
    let files = if args.files.is_empty() {
        &standard_input
    } else {
        &args.files
    };
    let mut ended = Ended::Done;
    for file in files {
        ended = ended.worse(scan_one(&inspector, file, args.json));
    }
    ended
}

/// An inspector over the office's files, with keys for this run only.
fn inspector(settings: &Settings) -> Result<Inspector, Vec<String>> {
    let snapshot = Snapshot::load(settings)?;
    let keys = NodeKeys::ephemeral().map_err(|error| vec![error.to_string()])?;
    let node = Arc::new(keys.node(&settings.limits));
    Ok(snapshot.inspector(settings, node))
}

fn scan_one(inspector: &Inspector, file: &Path, as_json: bool) -> Ended {
    let bytes = match read(file, inspector.limits().body_bytes_max) {
        Ok(bytes) => bytes,
        Err(reason) => {
            output::error(&format!("{}: {reason}", file.display()));
            return Ended::Failed;
        }
    };
    let scan = scan_bytes(inspector, &bytes);
    let printed = if as_json {
        let mut object = Map::from_iter([("file".to_owned(), json!(file.display().to_string()))]);
        object.extend(scan_fields(&scan));
        output::print(&format!("{}\n", Value::Object(object)))
    } else {
        output::print(&told(file, &scan))
    };
    printed.worse(if scan.action >= Action::Redact {
        Ended::Found
    } else {
        Ended::Done
    })
}

/// A file that is text is read as a prompt; anything else as an upload.
fn scan_bytes(inspector: &Inspector, bytes: &Bytes) -> OfflineScan {
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) if !text.contains('\0') => inspector.scan_text(text, app::now()),
        Ok(_) | Err(_) => inspector.scan_file(bytes, app::now()),
    }
}

/// Reads a file (or standard input for `-`) within the bound for bodies.
pub(super) fn read(file: &Path, bytes_max: usize) -> Result<Bytes, String> {
    let bound = u64::try_from(bytes_max)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    let result = if file == Path::new("-") {
        if std::io::stdin().is_terminal() {
            output::error("reading standard input; end it with Ctrl-D");
        }
        std::io::stdin().lock().take(bound).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(bound).read_to_end(&mut bytes))
    };
    result.map_err(|error| format!("cannot read it ({error}); check the path and permissions"))?;
    if bytes.len() > bytes_max {
        return Err(format!(
            "larger than {bytes_max} bytes (limits.body_bytes_max)"
        ));
    }
    Ok(Bytes::from(bytes))
}

/// One line per finding, for a person: masked.
fn told(file: &Path, scan: &OfflineScan) -> String {
    let mut out = format!("{}: {}\n", file.display(), action_label(scan.action));
    if let Some(reason) = scan.uninspectable {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  không kiểm tra được: {}", reason.label());
    }
    for found in &scan.findings {
        let inside = if found.finding.element_of.is_some() {
            "    "
        } else {
            "  "
        };
        let _ = writeln!(
            out,
            "{inside}{} [{} {}..{}, {}, {}]",
            found.masked,
            found.part,
            found.finding.span.start,
            found.finding.span.end,
            found.finding.confidence.as_str(),
            found.finding.rule,
        );
        let _ = writeln!(out, "{inside}  {}", found.finding.explanation());
    }
    for note in &scan.notes {
        let _ = writeln!(out, "  ({})", note.as_str());
    }
    out
}

const fn action_label(action: Action) -> &'static str {
    match action {
        Action::Allow => "cho qua",
        Action::Audit => "cho qua, có ghi nhận",
        Action::Redact => "che dữ liệu",
        Action::Block => "chặn",
    }
}

/// The fields of the contract, without `id`.
pub(super) fn scan_fields(scan: &OfflineScan) -> Map<String, Value> {
    let mut notes: Vec<&str> = scan.notes.iter().map(|note| note.as_str()).collect();
    notes.extend(scan.uninspectable.map(Uninspectable::as_str));
    let findings: Vec<Value> = scan.findings.iter().map(finding_object).collect();
    Map::from_iter([
        ("action".to_owned(), json!(scan.action.as_str())),
        ("findings".to_owned(), json!(findings)),
        ("notes".to_owned(), json!(notes)),
    ])
}

fn finding_object(found: &OfflineFinding) -> Value {
    let finding = &found.finding;
    let always = [
        ("category", json!(finding.category.as_str())),
        ("rule", json!(finding.rule)),
        ("part", json!(found.part)),
        ("start", json!(finding.span.start)),
        ("end", json!(finding.span.end)),
        ("confidence", json!(finding.confidence.as_str())),
        ("severity", json!(finding.severity.as_str())),
        ("why", json!(finding.explanation())),
    ];
    let sometimes = [
        ("element_of", finding.element_of.map(|record| json!(record))),
        (
            "subjects",
            (finding.subjects > 0).then(|| json!(finding.subjects)),
        ),
        (
            "ground",
            finding.ground.map(|ground| json!(ground.letter())),
        ),
        ("level", finding.level.map(|level| json!(level.as_str()))),
    ];
    let sometimes = sometimes
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| (key, value)));
    always
        .into_iter()
        .chain(sometimes)
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}
