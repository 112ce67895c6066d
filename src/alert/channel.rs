//! Where do alerts go? The table `[[alerts.channel]]`, and what can be wrong in it.
//!
//! Secrets (a password, a key) stand in files of their own, which the settings name: the settings
//! are shown to people, those are not.

use std::path::PathBuf;

use serde::Deserialize;

use crate::model::category::Severity;

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its name, in pages and in the queue.
    pub name: String,
    /// From which severity on: `low`, `medium`, `high` (unless said), `critical`.
    #[serde(default = "high")]
    pub severity_min: String,
    /// Mail.
    pub mail: Option<Mail>,
    /// A web address that takes JSON.
    pub webhook: Option<Webhook>,
    /// A log server.
    pub syslog: Option<Syslog>,
}

/// Mail by SMTP.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server, `HOST` or `HOST:PORT`.
    pub server: String,
    /// `starttls` (unless said), `tls`, or `none` for a server on the same machine.
    #[serde(default)]
    pub security: Transport,
    /// Who signs in, where the server asks.
    pub user: Option<String>,
    /// The file with the password.
    pub password_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// The readers.
    pub to: Vec<String>,
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Plain at first, TLS before anything is said.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all.
    None,
}

/// A web address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// `https://…`, or `http://…` inside the office.
    pub url: String,
    /// The file with the key that signs.
    pub secret_file: PathBuf,
}

/// A log server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Syslog {
    /// `HOST:PORT`.
    pub address: String,
    /// `udp` (unless said) or `tcp`.
    #[serde(default)]
    pub transport: SyslogTransport,
    /// `rfc5424` (unless said) or `cef`.
    #[serde(default)]
    pub format: SyslogForm,
}

/// How a log server is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SyslogTransport {
    /// One datagram for each message (RFC 5426).
    #[default]
    Udp,
    /// One connection, each message with its length before it (RFC 6587 §3.4.1).
    Tcp,
}

/// In which form a log server is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SyslogForm {
    /// With structured data (RFC 5424).
    #[default]
    Rfc5424,
    /// The Common Event Format, inside RFC 5424.
    Cef,
}

/// The one way of a channel.
pub enum Way<'a> {
    /// By mail.
    Mail(&'a Mail),
    /// To a web address.
    Webhook(&'a Webhook),
    /// To a log server.
    Syslog(&'a Syslog),
}

/// One mistake in a channel.
pub struct ChannelMistake {
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub remedy: &'static str,
}

fn high() -> String {
    Severity::High.as_str().to_owned()
}

impl Channel {
    /// The way, where the channel has exactly one.
    pub fn way(&self) -> Option<Way<'_>> {
        match (&self.mail, &self.webhook, &self.syslog) {
            (Some(mail), None, None) => Some(Way::Mail(mail)),
            (None, Some(webhook), None) => Some(Way::Webhook(webhook)),
            (None, None, Some(syslog)) => Some(Way::Syslog(syslog)),
            _ => None,
        }
    }

    /// From which severity on it wants to know.
    pub fn severity_min(&self) -> Severity {
        Severity::parse(&self.severity_min).unwrap_or(Severity::Low)
    }

    /// How it tells, and whom, for people.
    pub fn about(&self) -> String {
        match self.way() {
            Some(Way::Mail(mail)) => format!("thư điện tử đến {}", mail.to.join(", ")),
            Some(Way::Webhook(webhook)) => format!("webhook {}", webhook.url),
            Some(Way::Syslog(syslog)) => format!("syslog {}", syslog.address),
            None => String::new(),
        }
    }

    /// The files that hold its secrets.
    pub fn secret_files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let password = self
            .mail
            .iter_mut()
            .filter_map(|mail| mail.password_file.as_mut());
        let keys = self
            .webhook
            .iter_mut()
            .map(|webhook| &mut webhook.secret_file);
        password.chain(keys)
    }

    /// Everything that is wrong with it.
    pub fn mistakes(&self) -> Vec<ChannelMistake> {
        let mut mistakes = Vec::new();
        let mut add = |reason: String, remedy| mistakes.push(ChannelMistake { reason, remedy });
        let name = &self.name;
        if name.trim().is_empty() {
            add(
                "a channel has no name".to_owned(),
                "give each channel a name",
            );
        }
        if Severity::parse(&self.severity_min).is_none() {
            let reason = format!("severity_min of \"{name}\" is no severity");
            add(reason, "write low, medium, high or critical");
        }
        match self.way() {
            None => add(
                format!("channel \"{name}\" has no way, or several"),
                "give it one of mail, webhook, syslog",
            ),
            Some(Way::Mail(mail)) if mail.to.is_empty() => {
                add(
                    format!("channel \"{name}\" has no reader"),
                    "name them in mail.to",
                );
            }
            Some(Way::Webhook(webhook)) => {
                let uri: Option<http::Uri> = webhook.url.parse().ok();
                let is_web = |uri: &http::Uri| {
                    matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some()
                };
                if !uri.as_ref().is_some_and(is_web) {
                    let reason = format!("webhook.url of \"{name}\" is no web address");
                    add(reason, "write https://host/path");
                }
            }
            Some(Way::Mail(_) | Way::Syslog(_)) => {}
        }
        mistakes
    }
}
