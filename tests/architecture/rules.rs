//! What are the rules of the house? One function each, from files to breaches.

use crate::source::{SourceFile, end_of_item, line_of, occurrences, segments_after};

/// Lower layers know nothing of higher ones. A new module gets its place here first.
const LAYERS: [(u8, &[&str]); 6] = [
    (0, &["model"]),
    (
        1,
        &[
            "service",
            "payload",
            "document",
            "normalize",
            "detect",
            "policy",
            "redact",
            "answer",
        ],
    ),
    (2, &["worker", "tls", "store", "seal", "telemetry"]),
    (3, &["inspect", "report"]),
    (4, &["proxy", "admin", "alert", "fleet"]),
    (5, &["main", "cli", "app", "config"]),
];
/// The modules of this layer start the program together and may import each other.
const TOP_LAYER: u8 = 5;
/// Layers up to this one are pure: no IO, no async, no clock, no randomness.
const PURE_LAYER_MAX: u8 = 1;
const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
/// Names that say nothing about what a module answers.
const EMPTY_NAMES: [&str; 11] = [
    "util", "utils", "common", "helper", "helpers", "misc", "types", "manager", "handler", "data",
    "info",
];

/// A broken rule: file, line, what is wrong, the remedy.
pub(crate) struct Breach(pub(crate) String);

fn breach(path: &str, line: usize, what: &str, remedy: &str) -> Breach {
    Breach(format!("{path}:{line}: {what}; {remedy}"))
}

fn layer_of(module: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(_, modules)| modules.contains(&module))
        .map(|(layer, _)| *layer)
}

pub(crate) fn modules_outside_the_table(files: &[SourceFile]) -> Vec<Breach> {
    files
        .iter()
        .filter(|file| file.path != "src/lib.rs" && layer_of(file.module()).is_none())
        .map(|file| {
            let what = format!("module `{}` has no layer", file.module());
            breach(
                &file.path,
                1,
                &what,
                "give it one in LAYERS, src/lib.rs and ARCHITECTURE.md",
            )
        })
        .collect()
}

pub(crate) fn upward_imports(files: &[SourceFile]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path != "src/lib.rs") {
        let Some(layer) = layer_of(file.module()) else {
            continue;
        };
        let mut imports = segments_after(&file.code, "crate::");
        imports.extend(segments_after(&file.code, "lachan::"));
        for (at, target) in imports {
            let Some(target_layer) = layer_of(&target) else {
                continue;
            };
            let is_own = target == file.module();
            let is_fellow_starter = layer == TOP_LAYER && target_layer == TOP_LAYER;
            if !is_own && !is_fellow_starter && target_layer >= layer {
                let what = format!(
                    "`{}` (layer {layer}) imports `{target}` (layer {target_layer})",
                    file.module()
                );
                let remedy = "take the value as an argument, or move the noun down to `model`";
                found.push(breach(&file.path, line_of(&file.code, at), &what, remedy));
            }
        }
    }
    found
}

/// `super` from a front page, or twice from a room, leaves the module unseen by the layer rule.
pub(crate) fn hidden_imports(files: &[SourceFile]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files {
        let is_front_page = file.path.ends_with("/mod.rs") || file.path.split('/').count() == 2;
        let words = if is_front_page {
            "super::"
        } else {
            "super::super"
        };
        for line in file.lines_with(words) {
            let what = format!("`{words}` leaves the module");
            found.push(breach(
                &file.path,
                line,
                &what,
                "write the path from `crate::`",
            ));
        }
    }
    found
}

pub(crate) fn impure_stages(files: &[SourceFile]) -> Vec<Breach> {
    const BANNED: [&str; 11] = [
        "tokio",
        "hyper",
        "hyper_util",
        "Instant",
        "SystemTime",
        "async fn",
        ".await",
        "Timestamp::now",
        "Zoned::now",
        "now_v7",
        "aws_lc_rs::rand",
    ];
    const BANNED_STD: [&str; 5] = ["fs", "net", "env", "process", "thread"];
    let mut found = Vec::new();
    for file in files {
        if layer_of(file.module()).is_none_or(|layer| layer > PURE_LAYER_MAX) {
            continue;
        }
        let mut places: Vec<(usize, String)> = Vec::new();
        for word in BANNED {
            places.extend(
                file.lines_with(word)
                    .into_iter()
                    .map(|line| (line, word.to_owned())),
            );
        }
        for (at, name) in segments_after(&file.code, "std::") {
            if BANNED_STD.contains(&name.as_str()) {
                places.push((line_of(&file.code, at), format!("std::{name}")));
            }
        }
        for (line, word) in places {
            let what = format!("`{word}` in a pure stage");
            let remedy = "hand the value in as an argument, from layer 2 or above";
            found.push(breach(&file.path, line, &what, remedy));
        }
    }
    found
}

pub(crate) fn files_without_a_doc(files: &[SourceFile]) -> Vec<Breach> {
    files
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| {
            let remedy =
                "open with `//!`: the question it answers, what goes in and out, never what";
            breach(
                &file.path,
                1,
                "the file does not say what it is for",
                remedy,
            )
        })
        .collect()
}

pub(crate) fn long_files(files: &[SourceFile]) -> Vec<Breach> {
    files
        .iter()
        .filter(|file| file.text.lines().count() > FILE_LINES_MAX)
        .map(|file| {
            let what = format!(
                "{} lines, {FILE_LINES_MAX} allowed",
                file.text.lines().count()
            );
            breach(&file.path, FILE_LINES_MAX, &what, "split it by noun")
        })
        .collect()
}

pub(crate) fn long_functions(files: &[SourceFile]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files {
        for at in occurrences(&file.code, "fn") {
            let end = end_of_item(&file.code, at);
            let body = file.code.get(at..end).unwrap_or_default();
            let lines = body.lines().count();
            if lines > FUNCTION_LINES_MAX {
                let what = format!("a function of {lines} lines, {FUNCTION_LINES_MAX} allowed");
                let remedy = "keep the branching, move the straight work into leaf functions";
                found.push(breach(&file.path, line_of(&file.code, at), &what, remedy));
            }
        }
    }
    found
}

pub(crate) fn deep_or_nameless_modules(files: &[SourceFile]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files {
        let inside = file.path.strip_prefix("src/").unwrap_or(&file.path);
        if inside.split('/').count() > 2 {
            let remedy = "two levels are enough: src/stage/noun.rs";
            found.push(breach(&file.path, 1, "the module lies too deep", remedy));
        }
        for name in inside.trim_end_matches(".rs").split('/') {
            if EMPTY_NAMES.contains(&name) {
                let what = format!("`{name}` says nothing about the module");
                found.push(breach(
                    &file.path,
                    1,
                    &what,
                    "name it for its noun or question",
                ));
            }
        }
    }
    found
}

pub(crate) fn clearances_outside_inspect(files: &[SourceFile]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.module() != "inspect") {
        for line in file.lines_with("Cleared::new") {
            let remedy = "only `inspect` clears; hand the request to `Inspector`";
            found.push(breach(
                &file.path,
                line,
                "`Cleared` is made outside `inspect`",
                remedy,
            ));
        }
    }
    for file in files
        .iter()
        .filter(|file| file.path == "src/inspect/cleared.rs")
    {
        for words in [
            "pub fn new",
            "pub const fn new",
            "pub(crate) fn new",
            "pub(crate) const fn new",
        ] {
            for line in file.lines_with(words) {
                let remedy = "keep the constructor `pub(super)`";
                found.push(breach(
                    &file.path,
                    line,
                    "anyone could make a `Cleared`",
                    remedy,
                ));
            }
        }
    }
    found
}

pub(crate) fn panics_outside_tests(files: &[SourceFile]) -> Vec<Breach> {
    const BANNED: [&str; 6] = [
        ".unwrap()",
        ".expect(",
        "panic!",
        "todo!",
        "unimplemented!",
        "dbg!",
    ];
    let mut found = Vec::new();
    for file in files {
        for words in BANNED {
            for line in file.lines_with(words) {
                let what = format!("`{words}` outside tests");
                let remedy = "use `let … else`, `?` or a note: a bad prompt is not our failure";
                found.push(breach(&file.path, line, &what, remedy));
            }
        }
    }
    found
}

/// Texts that belong to one machine or to a package registry. Written in halves, so that this file
/// passes its own rule.
pub(crate) fn foreign_places(files: &[(String, String)]) -> Vec<Breach> {
    const MACHINE_PATHS: [&str; 6] = [
        concat!("/wo", "rk/wt"),
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
        concat!("/wo", "rk/."),
        concat!("/ro", "ot/"),
        concat!("/bash", "_jobs"),
    ];
    const REGISTRIES: [&str; 6] = [
        concat!("crates", ".io"),
        concat!("pypi", ".org"),
        concat!("python", "hosted.org"),
        concat!("npmjs", ".org"),
        concat!("deb.", "debian.org"),
        concat!("security.", "debian.org"),
    ];
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            for place in MACHINE_PATHS.iter().filter(|place| line.contains(**place)) {
                let what = format!("`{place}` names one machine");
                found.push(breach(
                    path,
                    number + 1,
                    &what,
                    "write a path relative to the repository",
                ));
            }
            for host in REGISTRIES.iter().filter(|host| line.contains(**host)) {
                let what = format!("`{host}` names a package registry");
                found.push(breach(
                    path,
                    number + 1,
                    &what,
                    "let the client's own settings name it",
                ));
            }
        }
    }
    found
}

/// Every crate in `Cargo.toml` says in ARCHITECTURE.md what it does for us.
pub(crate) fn unexplained_dependencies(manifest: &str, map: &str) -> Vec<Breach> {
    let explained: Vec<&str> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|names| names.split(", "))
        .map(|name| name.split(' ').next().unwrap_or(name))
        .collect();
    let mut found = Vec::new();
    let mut is_dependency = false;
    for (number, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            is_dependency = line.ends_with("dependencies]");
            continue;
        }
        let name = line.split([' ', '=', '.']).next().unwrap_or_default();
        let is_entry = is_dependency && line.contains('=') && !line.starts_with('#');
        if is_entry && !explained.contains(&name) {
            let what = format!("`{name}` is not explained");
            let remedy = "add it to the table in ARCHITECTURE.md: what for, and what without";
            found.push(breach("Cargo.toml", number + 1, &what, remedy));
        }
    }
    found
}
