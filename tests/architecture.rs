//! Does the tree keep the rules of the house?
//!
//! Each rule is a function in `architecture/rules.rs` and one test here that asks it about this
//! tree; `architecture/planted.rs` shows that each rule catches what it is for. A breach names the
//! file, the line, what is wrong and the remedy. The layers are drawn in `src/lib.rs`;
//! ARCHITECTURE.md says why they go one way.
#![expect(
    clippy::expect_used,
    reason = "a rule that cannot read the tree must fail loudly"
)]

#[path = "architecture/planted.rs"]
mod planted;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use std::path::Path;
use std::process::Command;

use rules::Breach;
use source::{SourceFile, source_tree};

/// Every tracked or about to be tracked text file, except those that tools write.
fn tracked_texts(root: &Path) -> Vec<(String, String)> {
    const WRITTEN_BY_TOOLS: [&str; 2] = ["Cargo.lock", "deny.toml"];
    let listing = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root)
        .output()
        .expect("git lists the tracked files");
    assert!(
        listing.status.success(),
        "git ls-files failed; run the tests in a checkout"
    );
    String::from_utf8_lossy(&listing.stdout)
        .split('\0')
        .filter(|path| !path.is_empty() && !WRITTEN_BY_TOOLS.contains(path))
        .filter_map(|path| {
            let text = std::fs::read_to_string(root.join(path)).ok()?;
            Some((path.to_owned(), text))
        })
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn hold(rule: fn(&[SourceFile]) -> Vec<Breach>) {
    report(rule(&source_tree(root())));
}

fn report(breaches: Vec<Breach>) {
    let lines: Vec<String> = breaches.into_iter().map(|Breach(line)| line).collect();
    assert!(
        lines.is_empty(),
        "{} breach(es):\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn every_module_has_a_layer() {
    hold(rules::modules_outside_the_table);
}

#[test]
fn imports_go_down_the_layers_only() {
    hold(rules::upward_imports);
}

#[test]
fn no_import_hides_behind_super() {
    hold(rules::hidden_imports);
}

#[test]
fn the_stages_are_pure() {
    hold(rules::impure_stages);
}

#[test]
fn every_file_says_what_it_is_for() {
    hold(rules::files_without_a_doc);
}

#[test]
fn no_file_is_too_long() {
    hold(rules::long_files);
}

#[test]
fn no_function_is_too_long() {
    hold(rules::long_functions);
}

#[test]
fn modules_are_shallow_and_well_named() {
    hold(rules::deep_or_nameless_modules);
}

#[test]
fn only_inspect_clears_requests() {
    hold(rules::clearances_outside_inspect);
}

#[test]
fn nothing_panics_outside_tests() {
    hold(rules::panics_outside_tests);
}

#[test]
fn no_file_names_one_machine_or_a_registry() {
    report(rules::foreign_places(&tracked_texts(root())));
}

#[test]
fn every_dependency_is_explained() {
    let read = |name| std::fs::read_to_string(root().join(name)).expect("the file is there");
    report(rules::unexplained_dependencies(
        &read("Cargo.toml"),
        &read("ARCHITECTURE.md"),
    ));
}
