//! What may the office set about clients, interception and upstreams?
//!
//! In: tables of `lachan.toml`, already split by `config`, which alone knows the file. Out: values
//! with defaults, and a list of mistakes in words. Here is the meaning, not the syntax.
//!
//! Never: reading files, or a default that opens the proxy to strangers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use serde::Deserialize;

use super::target::Target;
pub use super::upstream_settings::{ConnectTo, UpstreamSettings};

/// One mistake in the settings: the key, what is wrong, what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsMistake {
    /// The key as in the file: `proxy.connect_ports`.
    pub key: String,
    /// What is wrong with its value.
    pub reason: String,
    /// What to write instead.
    pub remedy: &'static str,
}

impl SettingsMistake {
    pub(super) fn new(key: &str, reason: impl Into<String>, remedy: &'static str) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
            remedy,
        }
    }
}

/// The table `[proxy]`: who may use the proxy, and how it is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProxySettings {
    /// Addresses to listen on.
    pub listen: Vec<SocketAddr>,
    /// `HOST` or `HOST:PORT` under which workstations reach this proxy; written into the PAC file.
    pub public_address: Option<String>,
    /// `HOST:PORT` of the office's other nodes: a browser goes on with them when this one is down.
    pub other_nodes: Vec<String>,
    /// Which hosts the PAC file sends here.
    pub pac_scope: PacScope,
    /// Networks of the workstations.
    pub allowed_clients: Vec<IpNet>,
    /// Ports that a CONNECT may name.
    pub connect_ports: Vec<u16>,
    /// Private networks that clients may reach through the proxy.
    pub private_networks: Vec<IpNet>,
    /// Connections of clients at one time; the bound in force when absent.
    pub connections_max: Option<usize>,
    /// The units (bộ phận) of the office.
    pub unit: Vec<UnitSettings>,
}

impl Default for ProxySettings {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 3128))],
            public_address: None,
            other_nodes: Vec::new(),
            pac_scope: PacScope::Ai,
            allowed_clients: loopback_and_private_networks(),
            connect_ports: vec![443],
            private_networks: Vec::new(),
            connections_max: None,
            unit: Vec::new(),
        }
    }
}

/// Which hosts the PAC file sends through the proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PacScope {
    /// AI services only: a guard that is down cuts off nothing else.
    #[default]
    Ai,
    /// Every host outside the office; those that are no AI services go direct when no node answers.
    Everything,
}

/// One `[[proxy.unit]]`: a unit is known by client network or by listener port.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSettings {
    /// The unit's name, as in policy and reports.
    pub name: String,
    /// The networks of its workstations.
    #[serde(default)]
    pub clients: Vec<IpNet>,
    /// The listener port that its workstations use.
    #[serde(default)]
    pub port: Option<u16>,
}

/// The table `[interception]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InterceptionSettings {
    /// AI hosts that the office lets through unread; each exchange with them is counted.
    pub bypass_hosts: Vec<String>,
    /// What happens to hosts that look like AI services and have no catalogue row.
    pub unknown_ai_hosts: UnknownAiHosts,
    /// Whether clients and services may agree to compress the messages of WebSockets.
    pub compress_websockets: bool,
}

/// What happens to hosts that look like AI services and have no catalogue row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownAiHosts {
    /// Passed unread and listed.
    #[default]
    Observe,
    /// Read like the known ones, by the general reading.
    Inspect,
    /// Refused: the office has not approved them.
    Block,
}

impl ProxySettings {
    /// Every mistake that the types alone do not exclude.
    pub fn mistakes(&self) -> Vec<SettingsMistake> {
        let mut mistakes = Vec::new();
        if self.listen.is_empty() {
            mistakes.push(SettingsMistake::new(
                "proxy.listen",
                "no address to listen on",
                "name at least one, such as \"127.0.0.1:3128\"",
            ));
        }
        let has_port = |node: &str| Target::of(&node.parse().ok()?, None);
        for node in self
            .other_nodes
            .iter()
            .filter(|node| has_port(node).is_none())
        {
            mistakes.push(SettingsMistake::new(
                "proxy.other_nodes",
                format!("\"{node}\" is no HOST:PORT"),
                "write each node like \"10.0.0.3:3128\"",
            ));
        }
        if self.connect_ports.contains(&0) {
            mistakes.push(SettingsMistake::new(
                "proxy.connect_ports",
                "0 is no port",
                "list ports such as 443",
            ));
        }
        if self.connections_max == Some(0) {
            mistakes.push(SettingsMistake::new(
                "proxy.connections_max",
                "nobody could connect",
                "leave it out, or name a number such as 4096",
            ));
        }
        for unit in &self.unit {
            self.check_unit(unit, &mut mistakes);
        }
        mistakes
    }

    fn check_unit(&self, unit: &UnitSettings, mistakes: &mut Vec<SettingsMistake>) {
        if unit.name.trim().is_empty() {
            mistakes.push(SettingsMistake::new(
                "proxy.unit.name",
                "a unit has no name",
                "give each unit a name",
            ));
        }
        if unit.clients.is_empty() && unit.port.is_none() {
            mistakes.push(SettingsMistake::new(
                "proxy.unit",
                format!("unit \"{}\" can never be known", unit.name),
                "give it clients or a port",
            ));
        }
        let listens = |port| self.listen.iter().any(|address| address.port() == port);
        if let Some(port) = unit.port.filter(|port| !listens(*port)) {
            mistakes.push(SettingsMistake::new(
                "proxy.unit.port",
                format!("nothing listens on port {port} of unit \"{}\"", unit.name),
                "add the port to proxy.listen",
            ));
        }
    }

    /// Whether a workstation may use the proxy.
    pub fn allows(&self, client: IpAddr) -> bool {
        self.allowed_clients
            .iter()
            .any(|network| network.contains(&client))
    }

    /// The unit of a workstation: by its network first, by the listener's port else.
    pub fn unit_of(&self, client: IpAddr, listener_port: u16) -> Option<&str> {
        let by_network = || {
            self.unit
                .iter()
                .find(|unit| unit.clients.iter().any(|network| network.contains(&client)))
        };
        let by_port = || {
            self.unit
                .iter()
                .find(|unit| unit.port == Some(listener_port))
        };
        by_network().or_else(by_port).map(|unit| unit.name.as_str())
    }
}

impl InterceptionSettings {
    /// Every mistake that the types alone do not exclude.
    pub fn mistakes(&self) -> Vec<SettingsMistake> {
        self.bypass_hosts
            .iter()
            .filter(|pattern| !is_host_pattern(pattern))
            .map(|pattern| {
                SettingsMistake::new(
                    "interception.bypass_hosts",
                    format!("\"{pattern}\" is no host name"),
                    "write \"example.com\", or \"*.example.com\" for its subdomains",
                )
            })
            .collect()
    }

    /// Whether the office lets a host through unread.
    pub fn bypasses(&self, host: &str) -> bool {
        self.bypass_hosts
            .iter()
            .any(|pattern| host_matches(&pattern.to_ascii_lowercase(), host))
    }
}

/// `example.com` names itself; `*.example.com` names its subdomains.
fn host_matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => pattern == host,
    }
}

pub(super) fn is_host_pattern(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// RFC 1918, RFC 4193, RFC 6598 is left out (shared by strangers), and the local link.
fn loopback_and_private_networks() -> Vec<IpNet> {
    [
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
    ]
    .into_iter()
    .filter_map(|network| network.parse().ok())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_not_allowed_by_default() {
        let settings = ProxySettings::default();
        assert_eq!(settings.allowed_clients.len(), 7);
        assert!(settings.allows("192.168.1.20".parse().unwrap()));
        assert!(settings.allows("::1".parse().unwrap()));
        assert!(!settings.allows("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn a_unit_is_known_by_network_before_port() {
        let settings: ProxySettings = toml::from_str(
            r#"
            listen = ["127.0.0.1:3128", "127.0.0.1:3129"]
            [[unit]]
            name = "Bộ phận Một cửa"
            clients = ["192.168.1.0/28"]
            [[unit]]
            name = "Văn phòng"
            port = 3129
            "#,
        )
        .unwrap();
        let desk = "192.168.1.3".parse().unwrap();
        let other = "192.168.1.33".parse().unwrap();
        assert_eq!(settings.unit_of(desk, 3129), Some("Bộ phận Một cửa"));
        assert_eq!(settings.unit_of(other, 3129), Some("Văn phòng"));
        assert_eq!(settings.unit_of(other, 3128), None);
        assert_eq!(settings.mistakes(), Vec::new());
    }

    #[test]
    fn mistakes_are_reported_all_at_once() {
        let settings: ProxySettings = toml::from_str(
            "listen = []\nconnect_ports = [0]\nconnections_max = 0\n[[unit]]\nname = \"a\"\n",
        )
        .unwrap();
        assert_eq!(settings.mistakes().len(), 4);
    }

    #[test]
    fn a_star_names_subdomains_only() {
        let settings = InterceptionSettings {
            bypass_hosts: vec!["*.Example.com".to_owned()],
            ..InterceptionSettings::default()
        };
        assert!(settings.bypasses("a.example.com"));
        assert!(!settings.bypasses("example.com"));
        assert!(!settings.bypasses("badexample.com"));
        assert_eq!(settings.mistakes(), Vec::new());
    }
}
