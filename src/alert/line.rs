//! How is an alert written for a log server? RFC 5424 with structured data, or CEF inside it.
//!
//! Values come from incidents, whose names come from settings and clients: each is escaped as its
//! form wants it, and no line break gets through.

use super::channel::SyslogForm;
use super::message::Message;

/// The facility `security/authorization` (RFC 5424 §6.2.1).
const FACILITY: u8 = 4;
/// The enterprise number that RFC 5612 leaves to examples: we have none of our own.
const STRUCTURE: &str = "lachan@32473";

/// The line, without what a transport puts around it.
pub(super) fn line(message: &Message, form: SyslogForm, node: &str) -> String {
    let (syslog, cef) = levels(message);
    let priority = FACILITY * 8 + syslog;
    let time = &message.recorded_at;
    let node = token(node);
    let kind = token(&message.kind);
    let head = format!("<{priority}>1 {time} {node} lachan - {kind}");
    match form {
        // The mark says that what follows is UTF-8 (RFC 5424 §6.4).
        SyslogForm::Rfc5424 => {
            format!(
                "{head} {} \u{feff}{}",
                structure(message),
                plain(&message.title())
            )
        }
        SyslogForm::Cef => format!("{head} - {}", cef_line(message, cef)),
    }
}

/// The severity of syslog (smaller is graver) and of CEF (larger is graver).
fn levels(message: &Message) -> (u8, u8) {
    match message.severity.as_str() {
        "critical" => (2, 10),
        "high" => (3, 8),
        "medium" => (4, 5),
        _ => (6, 3),
    }
}

fn fields(message: &Message) -> Vec<(&'static str, String)> {
    let all = [
        ("id", message.id.clone()),
        ("code", message.code.clone()),
        ("severity", message.severity.clone()),
        ("level", message.level.clone()),
        ("action", message.action.clone()),
        ("service", message.service.clone()),
        ("unit", message.unit.clone()),
        ("categories", message.categories.join(",")),
        ("subjects", message.subjects.to_string()),
    ];
    let is_told = |(name, value): &(&str, String)| {
        !value.is_empty() && (*name != "subjects" || message.subjects > 0)
    };
    all.into_iter().filter(is_told).collect()
}

fn structure(message: &Message) -> String {
    let parameters = fields(message).into_iter().map(|(name, value)| {
        let value = plain(&value)
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace(']', "\\]");
        format!(" {name}=\"{value}\"")
    });
    format!("[{STRUCTURE}{}]", parameters.collect::<String>())
}

fn cef_line(message: &Message, severity: u8) -> String {
    let header = |text: &str| plain(text).replace('\\', "\\\\").replace('|', "\\|");
    let value = |text: &str| plain(text).replace('\\', "\\\\").replace('=', "\\=");
    let kind = header(&message.kind);
    let name = header(&message.title());
    let extension = fields(message).into_iter().map(|(name, text)| {
        // Names that CEF knows where it has one; the others are custom strings with a label.
        match name {
            "id" => format!("externalId={}", value(&text)),
            "action" => format!("act={}", value(&text)),
            "service" => format!("app={}", value(&text)),
            "categories" => format!("cat={}", value(&text)),
            "code" => format!("cs1Label=code cs1={}", value(&text)),
            "unit" => format!("cs2Label=unit cs2={}", value(&text)),
            "level" => format!("cs3Label=level cs3={}", value(&text)),
            "subjects" => format!("cn1Label=subjects cn1={}", value(&text)),
            other => format!("{other}={}", value(&text)),
        }
    });
    let extension: Vec<String> = extension.collect();
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "CEF:0|La Chan|lachan|{version}|{kind}|{name}|{severity}|{}",
        extension.join(" ")
    )
}

/// A text without line breaks and other control characters.
fn plain(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect()
}

/// A name of the head: printable ASCII without blanks, `-` where nothing is left.
fn token(text: &str) -> String {
    let token: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(64)
        .collect();
    if token.is_empty() {
        "-".to_owned()
    } else {
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(unit: &str) -> Message {
        Message {
            kind: "incident".to_owned(),
            recorded_at: "2026-06-12T14:05:00.000+07:00".to_owned(),
            severity: "high".to_owned(),
            id: "0193".to_owned(),
            code: "K7M-2F4".to_owned(),
            unit: unit.to_owned(),
            categories: vec!["citizen_id".to_owned()],
            subjects: 7,
            ..Message::default()
        }
    }

    #[test]
    fn a_line_has_the_form_that_the_standard_wants() {
        assert_eq!(
            line(&message("Một cửa"), SyslogForm::Rfc5424, "xa thu"),
            "<35>1 2026-06-12T14:05:00.000+07:00 xathu lachan - incident \
             [lachan@32473 id=\"0193\" code=\"K7M-2F4\" severity=\"high\" unit=\"Một cửa\" \
             categories=\"citizen_id\" subjects=\"7\"] \u{feff}Lá Chắn: sự kiện K7M-2F4 mức cao"
        );
    }

    #[test]
    fn no_value_ends_its_field_or_its_line() {
        let hostile = "a\"]\\=|\nx=1";
        let standard = line(&message(hostile), SyslogForm::Rfc5424, "n");
        assert!(standard.contains(r#"unit="a\"\]\\=| x=1""#), "{standard}");
        let cef = line(&message(hostile), SyslogForm::Cef, "n");
        assert!(cef.contains(r#"cs2=a"]\\\=| x\=1"#), "{cef}");
        assert!(!standard.contains('\n') && !cef.contains('\n'));
        assert!(cef.contains("CEF:0|La Chan|lachan|"));
    }
}
