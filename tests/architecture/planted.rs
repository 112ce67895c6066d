//! Does each rule catch what it is for, and leave alone what it is not for?

use crate::rules::{self, Breach, foreign_places};
use crate::source::{SourceFile, blank_literals_and_comments, without_test_modules};

fn file(path: &str, text: &str) -> Vec<SourceFile> {
    vec![SourceFile::new(path, text)]
}

fn texts(breaches: Vec<Breach>) -> Vec<String> {
    breaches.into_iter().map(|Breach(line)| line).collect()
}

fn assert_caught(breaches: Vec<Breach>, start: &str) {
    let texts = texts(breaches);
    assert!(
        texts.iter().any(|text| text.starts_with(start)),
        "no `{start}` in {texts:#?}"
    );
}

fn assert_clean(breaches: Vec<Breach>) {
    assert_eq!(texts(breaches), Vec::<String>::new());
}

#[test]
fn an_upward_import_is_caught_with_its_line() {
    let files = file(
        "src/detect/mod.rs",
        "//! D.\n\nuse crate::inspect::Inspector;\n",
    );
    assert_caught(
        rules::upward_imports(&files),
        "src/detect/mod.rs:3: `detect` (layer 1)",
    );
}

#[test]
fn a_sideways_import_is_caught() {
    let files = file(
        "src/detect/mod.rs",
        "//! D.\nfn f() { crate::payload::open(); }\n",
    );
    assert_caught(rules::upward_imports(&files), "src/detect/mod.rs:2:");
}

#[test]
fn a_grouped_upward_import_is_caught() {
    let files = file(
        "src/store/mod.rs",
        "//! S.\nuse crate::{model::{a, b}, proxy::Listener};\n",
    );
    let found = texts(rules::upward_imports(&files));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found.iter().all(|text| text.contains("imports `proxy`")),
        "{found:#?}"
    );
}

#[test]
fn imports_that_go_down_or_stay_inside_pass() {
    let text = "//! D.\nuse crate::detect::rule::Rule;\nuse crate::model::part::Part;\n";
    assert_clean(rules::upward_imports(&file("src/detect/mod.rs", text)));
    let text = "//! A.\nuse crate::config::Settings;\nuse crate::proxy::Listener;\n";
    assert_clean(rules::upward_imports(&file("src/app/mod.rs", text)));
}

#[test]
fn an_import_in_a_test_module_or_a_comment_passes() {
    let text = "//! D, see [`crate::inspect`].\n// crate::proxy\n#[cfg(test)]\nmod tests {\n    \
                use crate::inspect::Inspector;\n}\n";
    assert_clean(rules::upward_imports(&file("src/detect/mod.rs", text)));
}

#[test]
fn a_module_without_a_layer_is_caught() {
    let files = file("src/wizard/mod.rs", "//! W.\n");
    assert_caught(
        rules::modules_outside_the_table(&files),
        "src/wizard/mod.rs:1:",
    );
}

#[test]
fn an_import_behind_super_is_caught() {
    let files = file("src/detect/mod.rs", "//! D.\nuse super::proxy::Listener;\n");
    assert_caught(rules::hidden_imports(&files), "src/detect/mod.rs:2:");
    let files = file(
        "src/detect/rule.rs",
        "//! R.\nuse super::super::proxy::Listener;\n",
    );
    assert_caught(rules::hidden_imports(&files), "src/detect/rule.rs:2:");
    assert_clean(rules::hidden_imports(&file(
        "src/detect/rule.rs",
        "//! R.\nuse super::Pack;\n",
    )));
}

#[test]
fn clocks_sockets_and_files_in_a_stage_are_caught() {
    for planted in [
        "use std::fs;",
        "use std::{fmt, net::IpAddr};",
        "let now = Instant::now();",
        "fn f(t: SystemTime) {}",
        "tokio::spawn(x);",
        "use hyper::body::Body;",
        "async fn f() {}",
    ] {
        let files = file("src/redact/mod.rs", &format!("//! R.\n{planted}\n"));
        assert_caught(rules::impure_stages(&files), "src/redact/mod.rs:2:");
    }
}

#[test]
fn address_types_without_sockets_and_higher_layers_pass() {
    let text = "//! R, without `tokio`.\nuse core::net::IpAddr;\nuse std::{fmt, io::Read};\n";
    assert_clean(rules::impure_stages(&file("src/redact/mod.rs", text)));
    let text = "//! T.\nuse std::fs;\n";
    assert_clean(rules::impure_stages(&file("src/tls/mod.rs", text)));
}

#[test]
fn a_file_without_a_doc_is_caught() {
    let files = file("src/tls/leaf.rs", "use std::fs;\n");
    assert_caught(rules::files_without_a_doc(&files), "src/tls/leaf.rs:1:");
    assert_clean(rules::files_without_a_doc(&file(
        "src/tls/leaf.rs",
        "//! What?\n",
    )));
}

#[test]
fn a_long_file_is_caught() {
    let files = file("src/tls/leaf.rs", &"//! x\n".repeat(401));
    assert_caught(rules::long_files(&files), "src/tls/leaf.rs:400: 401 lines");
    assert_clean(rules::long_files(&file(
        "src/tls/leaf.rs",
        &"//! x\n".repeat(400),
    )));
}

#[test]
fn a_long_function_is_caught_whatever_its_literals_hold() {
    let body = "    let brace = \"}\"; // }\n".repeat(71);
    let files = file(
        "src/tls/leaf.rs",
        &format!("//! x\n\nfn f() {{\n{body}}}\n"),
    );
    assert_caught(
        rules::long_functions(&files),
        "src/tls/leaf.rs:3: a function of 73 lines",
    );
    let body = "    step();\n".repeat(60);
    let text = format!("//! x\nfn f(a: [u8; 4]) {{\n{body}}}\nfn g() {{\n{body}}}\n");
    assert_clean(rules::long_functions(&file("src/tls/leaf.rs", &text)));
}

#[test]
fn a_deep_or_nameless_module_is_caught() {
    let files = file("src/tls/leaf/cache.rs", "//! x\n");
    assert_caught(
        rules::deep_or_nameless_modules(&files),
        "src/tls/leaf/cache.rs:1:",
    );
    let files = file("src/tls/util.rs", "//! x\n");
    assert_caught(
        rules::deep_or_nameless_modules(&files),
        "src/tls/util.rs:1: `util`",
    );
    assert_clean(rules::deep_or_nameless_modules(&file(
        "src/tls/leaf.rs",
        "//! x\n",
    )));
}

#[test]
fn a_clearance_outside_inspect_is_caught() {
    let text = "//! x\nfn f() { Cleared::new(request) }\n";
    let files = file("src/proxy/upstream.rs", text);
    assert_caught(
        rules::clearances_outside_inspect(&files),
        "src/proxy/upstream.rs:2:",
    );
    assert_clean(rules::clearances_outside_inspect(&file(
        "src/inspect/judge.rs",
        text,
    )));
    let text = "//! x\nimpl<T> Cleared<T> {\n    pub fn new(inner: T) -> Self {}\n}\n";
    let files = file("src/inspect/cleared.rs", text);
    assert_caught(
        rules::clearances_outside_inspect(&files),
        "src/inspect/cleared.rs:3:",
    );
}

#[test]
fn a_panic_outside_tests_is_caught() {
    for planted in [
        "x.unwrap();",
        "x.expect(\"y\");",
        "panic!(\"y\");",
        "todo!();",
        "dbg!(x);",
    ] {
        let files = file(
            "src/tls/leaf.rs",
            &format!("//! x\nfn f() {{ {planted} }}\n"),
        );
        assert_caught(rules::panics_outside_tests(&files), "src/tls/leaf.rs:2:");
    }
}

#[test]
fn unwraps_in_tests_texts_and_near_names_pass() {
    let text = "//! x\nfn f() { x.unwrap_or(1); say(\"panic!\"); }\n#[expect(lint)]\nfn g() {}\n\
                #[cfg(test)]\nmod tests {\n    #[test]\n    fn t() { x.unwrap(); }\n}\n";
    assert_clean(rules::panics_outside_tests(&file("src/tls/leaf.rs", text)));
    let front = SourceFile::new(
        "src/tls/mod.rs",
        "//! x\n#[cfg(test)]\nmod laws;\nmod leaf;\n",
    );
    let text = "//! x\nfn t() { x.unwrap(); }\n";
    let laws = SourceFile::new("src/tls/laws.rs", text);
    let leaf = SourceFile::new("src/tls/leaf.rs", text);
    let found = rules::panics_outside_tests(&without_test_modules(vec![front, laws, leaf]));
    let found = texts(found);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found
            .iter()
            .all(|text| text.starts_with("src/tls/leaf.rs:2:")),
        "{found:#?}"
    );
}

#[test]
fn a_panic_after_a_test_item_is_still_caught() {
    let text = "//! x\n#[cfg(test)]\nuse a::b;\n#[cfg(test)]\nfn t() { { } }\nfn f() { todo!() }\n";
    let files = file("src/tls/leaf.rs", text);
    assert_caught(rules::panics_outside_tests(&files), "src/tls/leaf.rs:6:");
}

#[test]
fn a_machine_path_or_a_registry_is_caught() {
    let planted = [
        concat!("/ro", "ot/.cargo"),
        concat!("https://crates", ".io/crates/x"),
    ];
    for text in planted {
        let files = [("README.md".to_owned(), format!("# Title\nsee {text}\n"))];
        assert_caught(foreign_places(&files), "README.md:2:");
    }
    let files = [(
        "README.md".to_owned(),
        "tests/run and /etc/lachan/lachan.toml\n".to_owned(),
    )];
    assert_clean(foreign_places(&files));
}

#[test]
fn an_unexplained_dependency_is_caught() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nserde = \"1\"\nhyper.version = \"1\"\n\
                    [dev-dependencies]\ntempfile = \"3\"\n";
    let map = "| crate | does |\n| hyper, serde (derive) | everything |\n";
    let found = texts(rules::unexplained_dependencies(manifest, map));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found
            .iter()
            .all(|text| text.starts_with("Cargo.toml:8: `tempfile`")),
        "{found:#?}"
    );
}

#[test]
fn comments_and_literals_are_blanked_and_lines_stay() {
    let text = "a /* { /* } */\n */ b\n\"x\\\"}\n\" c r#\"\"}\n\"# '}' '\\'' 'l d // }\nfor\"}\" e";
    let code = blank_literals_and_comments(text);
    assert_eq!(code.lines().count(), text.lines().count());
    assert!(!code.contains(['{', '}']), "{code}");
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(words, ["a", "b", "c", "'l", "d", "for", "e"]);
}
