//! `lachan scan --jsonl`: many texts in one process, on all cores, in order, in bounded memory.
//!
//! Lines are read in batches; a batch is shared out among threads, its answers are written in
//! order, then the next one is read. A line that cannot be used gets an answer with `error`, so
//! that output lines and input lines stay in step.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::app;
use crate::cli::{Ended, output, scan};
use crate::inspect::Inspector;

/// Lines in one batch ...
const BATCH_LINES_MAX: usize = 1024;
/// ... unless they hold more bytes than this.
const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// One input line.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: Option<String>,
    path: Option<PathBuf>,
}

/// Scans every line of the files (or of standard input).
pub(super) fn scan_lines(inspector: &Inspector, files: &[PathBuf]) -> Ended {
    let mut out = BufWriter::new(io::stdout().lock());
    let standard_input = [PathBuf::from("-")];
    let files = if files.is_empty() {
        &standard_input[..]
    } else {
        files
    };
    let mut ended = Ended::Done;
    for file in files {
        let scanned = if file == Path::new("-") {
            scan_stream(inspector, &mut io::stdin().lock(), &mut out)
        } else {
            std::fs::File::open(file)
                .and_then(|open| scan_stream(inspector, &mut BufReader::new(open), &mut out))
        };
        match scanned {
            Ok(Lines::Good) => {}
            Ok(Lines::SomeBad) => ended = Ended::Failed,
            Err(error) => {
                output::error(&format!("{}: cannot be scanned: {error}", file.display()));
                return Ended::Failed;
            }
        }
    }
    ended
}

/// Whether every line could be used.
enum Lines {
    Good,
    SomeBad,
}

fn scan_stream(
    inspector: &Inspector,
    input: &mut dyn BufRead,
    out: &mut impl Write,
) -> io::Result<Lines> {
    let mut lines = Lines::Good;
    let bytes_max = inspector.limits().body_bytes_max;
    loop {
        let batch = read_batch(input, bytes_max)?;
        if batch.is_empty() {
            out.flush()?;
            return Ok(lines);
        }
        for answer in scan_batch(inspector, &batch) {
            if answer.get("error").is_some() {
                lines = Lines::SomeBad;
            }
            writeln!(out, "{answer}")?;
        }
        out.flush()?;
    }
}

fn read_batch(input: &mut dyn BufRead, line_bytes_max: usize) -> io::Result<Vec<Vec<u8>>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let bound = u64::try_from(line_bytes_max).unwrap_or(u64::MAX);
    while batch.len() < BATCH_LINES_MAX && bytes < BATCH_BYTES_MAX {
        let mut line = Vec::new();
        if io::Read::take(&mut *input, bound).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        bytes += line.len();
        batch.push(line);
    }
    Ok(batch)
}

/// Shares a batch out among the cores; answers come back in order.
fn scan_batch(inspector: &Inspector, batch: &[Vec<u8>]) -> Vec<Value> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Small pieces, so that one long text does not keep the other cores waiting.
    let piece = batch.len().div_ceil(cores * 8).max(1);
    let pieces: Vec<&[Vec<u8>]> = batch.chunks(piece).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut answers: Vec<(usize, Vec<Value>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut own = Vec::new();
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(lines) = pieces.get(at) else {
                            return own;
                        };
                        own.push((
                            at,
                            lines.iter().map(|line| answer(inspector, line)).collect(),
                        ));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .flatten()
            .collect()
    });
    answers.sort_unstable_by_key(|(at, _)| *at);
    answers.into_iter().flat_map(|(_, values)| values).collect()
}

fn answer(inspector: &Inspector, line: &[u8]) -> Value {
    let line: Line = match serde_json::from_slice(line) {
        Ok(line) => line,
        // The error of serde_json may quote the line; its place does not.
        Err(error) => {
            return json!({
                "id": null,
                "error": format!("not a JSON object with id and text or path (column {})", error.column()),
            });
        }
    };
    // A panic in one text must not lose the others.
    let scanned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        match (line.text, line.path) {
            (Some(text), None) => Ok(inspector.scan_text(text, app::now())),
            (None, Some(path)) => scan::read(&path, inspector.limits().body_bytes_max)
                .map(|bytes| inspector.scan_file(&bytes, app::now())),
            (Some(_), Some(_)) | (None, None) => Err("give either \"text\" or \"path\"".to_owned()),
        }
    }));
    match scanned {
        Ok(Ok(scan)) => {
            let mut object = Map::from_iter([("id".to_owned(), line.id)]);
            object.extend(scan::scan_fields(&scan));
            Value::Object(object)
        }
        Ok(Err(reason)) => json!({ "id": line.id, "error": reason }),
        Err(_panic) => json!({ "id": line.id, "error": "the inspection failed" }),
    }
}
