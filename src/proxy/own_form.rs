//! Did one of our own pages send this form, and may this workstation send it?
//!
//! The pages are plain HTTP under the proxy's own names, so a browser tells nothing but `Origin`
//! about where a form comes from: it must be the very origin that the form is sent to, and that
//! must be one of ours, whatever a foreign name resolves to. A form without it is refused.
//!
//! Never: keeps what was typed; counts addresses only, bounded.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;

use super::Core;
use super::host_kind::is_own;
use super::target::Target;
use crate::model::exchange::UnixMillis;

/// How large a form may be, in bytes.
pub(super) const FORM_BYTES_MAX: usize = 32 * 1024;
/// How many forms one workstation may send within [`WINDOW_MILLIS`].
const FORMS_MAX: u32 = 30;
const WINDOW_MILLIS: u64 = 60 * 60 * 1000;
/// How many workstations are counted.
const CLIENTS_MAX: usize = 2000;

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct OwnForm(Vec<(String, String)>);

impl OwnForm {
    /// Reads an `application/x-www-form-urlencoded` body (WHATWG URL §5.1).
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return None;
        }
        let text = std::str::from_utf8(body).ok()?;
        let decoded = |part: &str| {
            let spaced = part.replace('+', " ");
            let text = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
            text.replace("\r\n", "\n")
        };
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Some(Self(
            pairs
                .map(|(n, value)| (decoded(n), decoded(value)))
                .collect(),
        ))
    }

    /// A field of at most so many characters, without blanks around it and without characters that
    /// are no text; empty where it is not there.
    pub(super) fn text(&self, name: &str, chars_max: usize) -> String {
        let value = self.0.iter().find(|(known, _)| known == name);
        let value = value.map_or("", |(_, value)| value.trim());
        let is_text = |c: &char| !c.is_control() || *c == '\n';
        value.chars().filter(is_text).take(chars_max).collect()
    }
}

/// Whether a form was sent from one of our own pages to itself.
pub(super) fn is_from_own_page(
    headers: &HeaderMap,
    uri: &Uri,
    at: SocketAddr,
    core: &Core,
) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let named = uri.authority().map(http::uri::Authority::as_str).or(host);
    let target = named.and_then(|name| Target::parse(name, 80));
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let origin = origin.and_then(|origin| Target::parse(origin.strip_prefix("http://")?, 80));
    match (target, origin) {
        (Some(target), Some(origin)) => target == origin && is_own(&target, at, core),
        _ => false,
    }
}

/// How many forms each workstation sent lately.
#[derive(Debug, Default)]
pub(super) struct FormCounts(Mutex<HashMap<IpAddr, (UnixMillis, u32)>>);

impl FormCounts {
    /// Counts one more form, and says whether it may be taken.
    pub(super) fn takes(&self, client: IpAddr, now: UnixMillis) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !counts.contains_key(&client) && counts.len() >= CLIENTS_MAX {
            counts.retain(|_, (since, _)| now.0.abs_diff(since.0) < WINDOW_MILLIS);
            if counts.len() >= CLIENTS_MAX {
                return false;
            }
        }
        let (since, count) = counts.entry(client).or_insert((now, 0));
        if now.0.abs_diff(since.0) >= WINDOW_MILLIS {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= FORMS_MAX
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn fields_are_read_bounded_and_without_control_characters() {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, kind);
        let form = OwnForm::read(&headers, b"a=+%E1%BB%87%00x+&b=1%0D%0A2&odd").unwrap();
        assert_eq!(form.text("a", 10), "ệx");
        assert_eq!(form.text("a", 1), "ệ");
        assert_eq!(
            (form.text("b", 10).as_str(), form.text("odd", 9)),
            ("1\n2", String::new())
        );
        assert!(OwnForm::read(&HeaderMap::new(), b"a=1").is_none());
    }

    #[test]
    fn a_workstation_sends_no_more_forms_than_people_do() {
        let counts = FormCounts::default();
        let client = "10.0.0.7".parse().unwrap();
        let taken = (0..40)
            .filter(|_| counts.takes(client, UnixMillis(0)))
            .count();
        assert_eq!(taken, usize::try_from(FORMS_MAX).unwrap());
        assert!(counts.takes("10.0.0.8".parse().unwrap(), UnixMillis(0)));
        assert!(counts.takes(client, UnixMillis(3_600_000)));
    }
}
