//! Was this form ours, and what does it say? A token per form, tied to the browser and the path.
//!
//! The token is an HMAC over the session's token (or the door's, before signing in) and the path
//! that the form is sent to. Browsers' own fetch metadata is checked before, for every request; the
//! token is for those that send none.

use aws_lc_rs::hmac;
use axum::extract::{FromRequest, Request};
use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::{Zeroize as _, Zeroizing};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::session;

/// The field that carries the token.
const TOKEN_FIELD: &str = "form_token";
/// How large a form may be.
const FORM_BYTES_MAX: usize = 256 * 1024;

/// The fields of a form whose token was right.
pub(super) struct Form(Vec<(String, String)>);

impl Drop for Form {
    /// Passwords and keys come in forms, and are to be gone with them.
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl Form {
    /// The value of a field, without blanks around it; empty if it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field as it was typed: for passwords.
    pub(super) fn raw(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field that may stand several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.trim())
    }

    /// All names and values.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The fields whose names begin so, by the rest of their names.
    pub(super) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter();
        fields.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    /// Whether a box was ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

impl FromRequest<Desk> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, desk: &Desk) -> Result<Self, Failure> {
        let jar = CookieJar::from_headers(request.headers());
        let path = request.uri().path().to_owned();
        let body = axum::body::to_bytes(request.into_body(), FORM_BYTES_MAX).await;
        let body = body.map_err(|_too_large| Failure::BadForm)?;
        let fields = form_fields(&body);
        let token = fields.iter().find(|(name, _)| name == TOKEN_FIELD);
        let tie = session::existing_tie(&jar).ok_or(Failure::ForeignForm)?;
        let token = token.and_then(|(_, token)| URL_SAFE_NO_PAD.decode(token).ok());
        let message = message(&tie, &path);
        let is_ours =
            token.is_some_and(|token| hmac::verify(&desk.form_key, &message, &token).is_ok());
        is_ours.then_some(Self(fields)).ok_or(Failure::ForeignForm)
    }
}

/// The token of a form that is sent to a path.
pub(super) fn token(desk: &Desk, tie: &str, path: &str) -> String {
    let tag = hmac::sign(&desk.form_key, &message(tie, path));
    URL_SAFE_NO_PAD.encode(tag)
}

fn message(tie: &str, path: &str) -> Vec<u8> {
    [tie.as_bytes(), b"\n", path.as_bytes()].concat()
}

/// The fields of an `application/x-www-form-urlencoded` body (WHATWG URL §5.1).
fn form_fields(body: &[u8]) -> Vec<(String, String)> {
    let decoded = |part: &[u8]| {
        let spaced = part
            .iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte });
        let spaced = Zeroizing::new(spaced.collect::<Vec<u8>>());
        let bytes = percent_encoding::percent_decode(&spaced);
        // A line break in a form is CR LF; it is kept as one.
        let read = Zeroizing::new(bytes.decode_utf8_lossy().into_owned());
        read.replace("\r\n", "\n")
    };
    let pairs = body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let value = halves.next().unwrap_or_default();
            (decoded(name), decoded(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_as_browsers_write_them() {
        let fields = form_fields(b"a=1+2&a=%E1%BB%87&empty=&&line=x%0D%0Ay&odd");
        let form = Form(fields);
        assert_eq!(form.text("a"), "1 2");
        assert_eq!((form.text("empty"), form.text("none")), ("", ""));
        assert_eq!(form.raw("line"), "x\ny");
        assert!(form.is_ticked("a") && !form.is_ticked("odd"));
    }
}
