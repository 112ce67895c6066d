//! The syntax of `lachan.toml`: which key means what.
//!
//! Paths in the file are relative to the file's folder, so that a package and a hand-made folder
//! read the same. `config/lachan.toml` is the annotated reference of every key.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Table;

use crate::alert::Channel;
use crate::config::evidence_setting::read_evidence;
use crate::config::listen_setting::{Listen, Listener};
use crate::config::meaning;
use crate::config::mistake::Mistake;
use crate::config::report_setting::{read_report, take_names};
use crate::config::settings::Settings;
use crate::config::table_reader::TableReader;
use crate::model::limits::Limits;
use crate::proxy::office::OwnParagraphs;

/// Where the settings are when nobody says.
const SYSTEM_FILE: &str = "/etc/lachan/lachan.toml";

/// Finds and reads the settings: the named file, else `/etc/lachan/lachan.toml`, else defaults.
///
/// # Errors
/// Every mistake in the file, or one when it cannot be read.
pub fn load(named: Option<&Path>) -> Result<Settings, Vec<Mistake>> {
    good(read(named))
}

/// The same, with the settings even where there are mistakes: what is wrong keeps its default, so
/// that the files which the rest names can be checked too.
pub fn read(named: Option<&Path>) -> (Settings, Vec<Mistake>) {
    let path = match named {
        Some(path) => path.to_owned(),
        None if Path::new(SYSTEM_FILE).exists() => PathBuf::from(SYSTEM_FILE),
        None => return (Settings::default(), Vec::new()),
    };
    let file = path.display().to_string();
    let (mut settings, mistakes) = match std::fs::read_to_string(&path) {
        Ok(text) => read_text(&file, &text),
        Err(error) => (Settings::default(), vec![unreadable(file, &error)]),
    };
    settings.anchor(path.parent().unwrap_or(Path::new("")));
    settings.file = Some(path);
    (settings, mistakes)
}

/// Reads settings from text; `file` names it in mistakes.
///
/// # Errors
/// Every mistake in the text.
pub fn parse(file: &str, text: &str) -> Result<Settings, Vec<Mistake>> {
    good(read_text(file, text))
}

fn good((settings, mistakes): (Settings, Vec<Mistake>)) -> Result<Settings, Vec<Mistake>> {
    if mistakes.is_empty() {
        Ok(settings)
    } else {
        Err(mistakes)
    }
}

fn read_text(file: &str, text: &str) -> (Settings, Vec<Mistake>) {
    let mut settings = Settings::default();
    let table = match text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => return (settings, vec![not_toml(file, text, &error)]),
    };
    let mut mistakes = Vec::new();
    let mut sections = Table::new();
    let mut top = TableReader::new(file, "", table, &mut mistakes);
    top.take("data_dir", &mut settings.data_dir);
    for key in SECTIONS {
        let section = top.section(key);
        sections.insert((*key).to_owned(), toml::Value::Table(section));
    }
    top.finish();
    for key in SECTIONS {
        let Some(toml::Value::Table(table)) = sections.remove(*key) else {
            continue;
        };
        read_section(key, table, file, &mut settings, &mut mistakes);
    }
    mistakes.extend(meaning::mistakes(file, &settings));
    (settings, mistakes)
}

const SECTIONS: &[&str] = &[
    "proxy",
    "interception",
    "upstream",
    "admin",
    "metrics",
    "store",
    "policy",
    "patterns",
    "limits",
    "office",
    "alerts",
    "report",
    "evidence",
];

fn read_section(
    key: &str,
    table: Table,
    file: &str,
    settings: &mut Settings,
    mistakes: &mut Vec<Mistake>,
) {
    match key {
        "proxy" => read_proxy(TableReader::new(file, "proxy.", table, mistakes), settings),
        "interception" => {
            let interception = &mut settings.interception;
            let mut reader = TableReader::new(file, "interception.", table, mistakes);
            reader.take("bypass_hosts", &mut interception.bypass_hosts);
            reader.take("unknown_ai_hosts", &mut interception.unknown_ai_hosts);
            reader.take("compress_websockets", &mut interception.compress_websockets);
            reader.finish();
        }
        "upstream" => {
            let mut reader = TableReader::new(file, "upstream.", table, mistakes);
            reader.take("parent_proxy", &mut settings.upstream.parent_proxy);
            reader.take("extra_ca_files", &mut settings.upstream.extra_ca_files);
            reader.take("connect_to", &mut settings.upstream.connect_to);
            reader.finish();
        }
        "admin" => {
            let mut reader = TableReader::new(file, "admin.", table, mistakes);
            reader.take("listen", &mut settings.admin_listen);
            reader.finish();
        }
        "metrics" => {
            let mut reader = TableReader::new(file, "metrics.", table, mistakes);
            reader.take("listen", &mut settings.metrics_listen);
            reader.finish();
        }
        "store" => read_store(TableReader::new(file, "store.", table, mistakes), settings),
        "policy" => {
            let mut reader = TableReader::new(file, "policy.", table, mistakes);
            reader.take_with("file", |path: PathBuf| {
                settings.policy_file = Some(path);
                Ok(())
            });
            reader.finish();
        }
        "patterns" => {
            let mut reader = TableReader::new(file, "patterns.", table, mistakes);
            reader.take("dirs", &mut settings.pattern_dirs);
            reader.finish();
        }
        "limits" => read_limits(TableReader::new(file, "limits.", table, mistakes), settings),
        "alerts" => {
            let mut reader = TableReader::new(file, "alerts.", table, mistakes);
            reader.take("channel", &mut settings.alerts);
            reader.finish();
        }
        "report" => {
            let reader = TableReader::new(file, "report.", table, mistakes);
            read_report(reader, &mut settings.report);
        }
        "evidence" => {
            let reader = TableReader::new(file, "evidence.", table, mistakes);
            read_evidence(reader, &mut settings.evidence);
        }
        _ => read_office(table, file, settings, mistakes),
    }
}

fn read_office(table: Table, file: &str, settings: &mut Settings, mistakes: &mut Vec<Mistake>) {
    let (office, report) = (&mut settings.office, &mut settings.report);
    let mut reader = TableReader::new(file, "office.", table, mistakes);
    take_names(&mut reader, report);
    reader.take("rule", &mut office.rule);
    reader.take("contact", &mut office.contact);
    reader.take("secret_contact", &mut office.secret_contact);
    reader.take("approved_tools", &mut office.approved_tools);
    report.approved_tools.clone_from(&office.approved_tools);
    let paragraphs = reader.section("paragraphs");
    reader.finish();
    let reader = TableReader::new(file, "office.paragraphs.", paragraphs, mistakes);
    read_paragraphs(reader, &mut office.paragraphs);
}

fn read_paragraphs(mut reader: TableReader<'_>, own: &mut OwnParagraphs) {
    reader.take("state_secret", &mut own.state_secret);
    reader.take("internal_document", &mut own.internal_document);
    reader.take("credential", &mut own.credential);
    reader.take("people", &mut own.people);
    reader.take("personal_data", &mut own.personal_data);
    reader.take("uninspectable", &mut own.uninspectable);
    reader.finish();
}

fn read_proxy(mut reader: TableReader<'_>, settings: &mut Settings) {
    let proxy = &mut settings.proxy;
    let mut own_units = Vec::new();
    reader.take_with("listen", |listen: Listen| {
        let listeners = listen.listeners();
        own_units = listeners.iter().filter_map(Listener::unit).collect();
        proxy.listen = listeners.iter().map(Listener::address).collect();
        Ok(())
    });
    reader.take("public_address", &mut proxy.public_address);
    reader.take("other_nodes", &mut proxy.other_nodes);
    reader.take("pac_scope", &mut proxy.pac_scope);
    reader.take("allowed_clients", &mut proxy.allowed_clients);
    reader.take("connect_ports", &mut proxy.connect_ports);
    reader.take("private_networks", &mut proxy.private_networks);
    let limits = &mut settings.limits;
    reader.take_with("connections_max", |count: usize| {
        if count == 0 {
            return Err((
                "must be at least 1".to_owned(),
                "leave it out for 4096".to_owned(),
            ));
        }
        limits.connections_max = count;
        Ok(())
    });
    reader.take("unit", &mut proxy.unit);
    proxy.unit.extend(own_units);
    reader.finish();
}

fn read_store(mut reader: TableReader<'_>, settings: &mut Settings) {
    let store = &mut settings.store;
    let mut url: Option<String> = None;
    reader.take_with("url", |value: String| {
        if !value.starts_with("sqlite:") {
            return Err((
                "only the embedded store (sqlite:) is supported".to_owned(),
                "leave it out for incidents.db in the data folder".to_owned(),
            ));
        }
        url = Some(value);
        Ok(())
    });
    store.url = url;
    reader.take_with("retention_days", |days: u32| {
        if days == 0 {
            return Err((
                "must be at least 1".to_owned(),
                "leave it out for 730".to_owned(),
            ));
        }
        store.retention_days = days;
        Ok(())
    });
    reader.finish();
}

fn read_limits(mut reader: TableReader<'_>, settings: &mut Settings) {
    let limits: &mut Limits = &mut settings.limits;
    reader.take("body_bytes_max", &mut limits.body_bytes_max);
    reader.take("decoded_bytes_max", &mut limits.decoded_bytes_max);
    reader.take("message_bytes_max", &mut limits.message_bytes_max);
    reader.take("held_bytes_max", &mut limits.held_bytes_max);
    take_seconds(
        &mut reader,
        "header_read_seconds_max",
        &mut limits.header_read_max,
    );
    take_seconds(
        &mut reader,
        "body_read_seconds_max",
        &mut limits.body_read_max,
    );
    take_seconds(&mut reader, "connect_seconds_max", &mut limits.connect_max);
    take_seconds(
        &mut reader,
        "handshake_seconds_max",
        &mut limits.handshake_max,
    );
    take_seconds(
        &mut reader,
        "answer_idle_seconds_max",
        &mut limits.answer_idle_max,
    );
    take_seconds(
        &mut reader,
        "tunnel_idle_seconds_max",
        &mut limits.tunnel_idle_max,
    );
    reader.finish();
}

fn take_seconds(reader: &mut TableReader<'_>, key: &'static str, slot: &mut Duration) {
    reader.take_with(key, |seconds: u64| {
        if seconds == 0 {
            return Err((
                "must be at least 1 second".to_owned(),
                "leave it out".to_owned(),
            ));
        }
        *slot = Duration::from_secs(seconds);
        Ok(())
    });
}

fn unreadable(file: String, error: &std::io::Error) -> Mistake {
    Mistake {
        file,
        key: String::new(),
        value: String::new(),
        reason: format!("cannot read the settings file ({error})"),
        remedy: "check its path and permissions, or leave out --config".to_owned(),
    }
}

/// A file that is no TOML: the line says where, the text itself is not quoted.
fn not_toml(file: &str, text: &str, error: &toml::de::Error) -> Mistake {
    let at = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    Mistake {
        file: file.to_owned(),
        key: String::new(),
        value: String::new(),
        reason: format!(
            "line {line} is not valid TOML: {}",
            error.message().replace('\n', " ")
        ),
        remedy: "compare the line with config/lachan.toml".to_owned(),
    }
}

impl Settings {
    /// Makes relative paths of the file absolute to its folder.
    fn anchor(&mut self, folder: &Path) {
        let anchor = |path: &mut PathBuf| *path = folder.join(&*path);
        anchor(&mut self.data_dir);
        if let Some(file) = &mut self.policy_file {
            anchor(file);
        }
        if let Some(path) = self.store.path() {
            self.store.url = Some(format!("sqlite:{}", folder.join(path).display()));
        }
        self.pattern_dirs.iter_mut().for_each(anchor);
        self.upstream.extra_ca_files.iter_mut().for_each(anchor);
        let secrets = self.alerts.iter_mut().flat_map(Channel::secret_files);
        secrets.for_each(anchor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_told_at_once_with_the_nearest_key() {
        let text = "data_dri = \"x\"\n[proxy]\nlisten = 7\nconnect_port = [443]\n";
        let mistakes = parse("t.toml", text).expect_err("three mistakes");
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told.iter()
                .any(|line| line.contains("did you mean data_dir?")),
            "{told:?}"
        );
        assert!(
            told.iter()
                .any(|line| line.contains("did you mean proxy.connect_ports?"))
        );
        assert!(told.iter().any(|line| line.contains("proxy.listen = 7")));
    }

    #[test]
    fn the_annotated_reference_reads_as_the_defaults() {
        let text = include_str!("../../config/lachan.toml");
        let settings = parse("config/lachan.toml", text).expect("the reference is valid");
        let defaults = Settings::default();
        assert_eq!(settings.data_dir, defaults.data_dir);
        assert_eq!(settings.limits, defaults.limits);
        assert_eq!(settings.admin_listen, defaults.admin_listen);
        assert_eq!(settings.store, defaults.store);
    }

    #[test]
    fn text_that_is_no_toml_is_one_mistake_with_its_line() {
        let mistakes = parse("t.toml", "a = 1\nb = = 2\n").expect_err("not TOML");
        assert!(
            mistakes[0].to_string().contains("line 2"),
            "{}",
            mistakes[0]
        );
    }
}
