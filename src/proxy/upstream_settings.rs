//! What may the office set about the way to servers?
//!
//! In: the table `[upstream]`. Out: what the dialler works by, and a list of mistakes in words.
//!
//! Never: a setting that stops the verification of certificates, or credentials in a debug line.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::dial::{self, DialSettings};
use super::parent_proxy::ParentProxy;
use super::settings::{SettingsMistake, is_host_pattern};
use super::target::Target;
use crate::model::sensitive::Sensitive;

/// The table `[upstream]`: how servers are reached.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamSettings {
    /// `http://HOST:PORT` of a proxy through which everything goes, or with `USER:PASSWORD@` before
    /// the host.
    pub parent_proxy: Option<String>,
    /// More roots to trust, PEM files.
    pub extra_ca_files: Vec<std::path::PathBuf>,
    /// Hosts that are reached at a given address.
    pub connect_to: Vec<ConnectTo>,
}

/// One element of `upstream.connect_to`: name and certificate are still those of `host`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectTo {
    /// The host as clients name it.
    pub host: String,
    /// The port as clients name it.
    #[serde(default = "https_port")]
    pub port: u16,
    /// Where to connect instead.
    pub address: SocketAddr,
}

impl UpstreamSettings {
    /// The same, as the dialler wants it.
    pub fn dial_settings(&self, connect_max: Duration) -> DialSettings {
        DialSettings {
            connect_to: self
                .connect_to
                .iter()
                .map(|entry| dial::ConnectTo {
                    host: entry.host.clone(),
                    port: entry.port,
                    address: entry.address,
                })
                .collect(),
            parent_proxy: self.parent_proxy.as_deref().and_then(parent_of),
            connect_max,
        }
    }

    /// Every mistake that the types alone do not exclude.
    pub fn mistakes(&self) -> Vec<SettingsMistake> {
        let mut mistakes = Vec::new();
        let parent = self.parent_proxy.as_deref();
        if parent.is_some_and(|parent| parent_of(parent).is_none()) {
            mistakes.push(SettingsMistake::new(
                "upstream.parent_proxy",
                "it is neither http://HOST:PORT nor http://USER:PASSWORD@HOST:PORT",
                "write it as \"http://proxy.example:3128\"",
            ));
        }
        for entry in &self.connect_to {
            if !is_host_pattern(&entry.host) || entry.host.starts_with('*') {
                mistakes.push(SettingsMistake::new(
                    "upstream.connect_to",
                    format!("\"{}\" is no host name", entry.host),
                    "name one host per entry",
                ));
            }
        }
        mistakes
    }
}

impl fmt::Debug for UpstreamSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = self.parent_proxy.as_deref().and_then(parent_of);
        f.debug_struct("UpstreamSettings")
            .field("parent_proxy", &parent)
            .field("extra_ca_files", &self.extra_ca_files)
            .field("connect_to", &self.connect_to)
            .finish()
    }
}

/// Reads a parent proxy; credentials become a `Proxy-Authorization` (RFC 7617), and may be
/// percent-encoded. The scheme may be written or left out.
fn parent_of(text: &str) -> Option<ParentProxy> {
    let text = text.strip_prefix("http://").unwrap_or(text);
    let text = text.strip_suffix('/').unwrap_or(text);
    let (credentials, authority) = match text.rsplit_once('@') {
        Some((credentials, authority)) => (Some(credentials), authority),
        None => (None, text),
    };
    let Target { host, port } = Target::of(&authority.parse().ok()?, None)?;
    let authorization = credentials.map(|credentials| {
        let credentials: Vec<u8> = percent_decode_str(credentials).collect();
        Sensitive::new(format!("Basic {}", STANDARD.encode(credentials)))
    });
    Some(ParentProxy {
        host,
        port,
        authorization,
    })
}

const fn https_port() -> u16 {
    443
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_may_have_credentials_that_no_debug_line_shows() {
        let settings: UpstreamSettings =
            toml::from_str(r#"parent_proxy = "an:m%40t@proxy.example:3128""#).unwrap();
        assert_eq!(settings.mistakes(), Vec::new());
        let dial = settings.dial_settings(Duration::from_secs(1));
        let parent = dial.parent_proxy.unwrap();
        assert_eq!((parent.host.as_str(), parent.port), ("proxy.example", 3128));
        let authorization = parent.authorization.unwrap();
        assert_eq!(authorization.expose(), "Basic YW46bUB0");
        let shown = format!("{settings:?}");
        assert!(
            !shown.contains("m%40t") && !shown.contains("YW46"),
            "{shown}"
        );
    }

    #[test]
    fn a_parent_may_be_written_as_a_url() {
        for text in [
            "http://10.0.0.1:8080",
            "http://10.0.0.1:8080/",
            "10.0.0.1:8080",
        ] {
            let parent = parent_of(text).unwrap();
            assert_eq!((parent.host.as_str(), parent.port), ("10.0.0.1", 8080));
        }
        assert!(parent_of("https://10.0.0.1:8080").is_none());
    }

    #[test]
    fn a_parent_without_a_port_and_a_host_that_is_none_are_mistakes() {
        let settings: UpstreamSettings = toml::from_str(
            r#"
            parent_proxy = "proxy.example"
            connect_to = [{ host = "*.example.com", address = "192.0.2.1:443" }]
            "#,
        )
        .unwrap();
        assert_eq!(settings.mistakes().len(), 2);
    }
}
