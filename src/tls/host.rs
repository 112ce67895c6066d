//! What does a leaf name? One DNS name or one address, in one spelling.

use std::net::IpAddr;

use rcgen::SanType;
use rcgen::string::Ia5String;
use rustls_pki_types::DnsName;

use super::TlsError;

/// What a leaf names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Host {
    /// Lower case, no dot at the end.
    Dns(String),
    Ip(IpAddr),
}

impl Host {
    /// Reads a host as requests spell it: any case, a dot at the end, addresses in brackets.
    pub(super) fn parse(text: &str) -> Result<Self, TlsError> {
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Ip(address.to_canonical()));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        match DnsName::try_from(name.as_str()) {
            Ok(_) => Ok(Self::Dns(name)),
            Err(_) => Err(TlsError::Host),
        }
    }

    /// The one name in the certificate.
    pub(super) fn alternative_name(&self) -> Result<SanType, TlsError> {
        Ok(match self {
            Self::Dns(name) => SanType::DnsName(Ia5String::try_from(name.as_str())?),
            Self::Ip(address) => SanType::IpAddress(*address),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_host_are_one() {
        for (left, right) in [
            ("ChatGPT.com.", "chatgpt.com"),
            ("[2001:DB8::7]", "2001:db8:0::7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(Host::parse(left).unwrap(), Host::parse(right).unwrap());
        }
    }

    #[test]
    fn what_is_not_a_host_is_refused() {
        for host in [
            "",
            "*.openai.com",
            "a b",
            "a\r\nb",
            "tiếng.vn",
            "a..b",
            "[a]",
        ] {
            assert!(matches!(Host::parse(host), Err(TlsError::Host)), "{host}");
        }
    }
}
