//! What do our pages look like, and what may they do? One style sheet, embedded in every page.
//!
//! Refusals are shown on foreign hosts, so nothing can be fetched: the sheet stands inside the
//! page, and the content security policy allows exactly that sheet by its hash (CSP Level 3).

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

/// The style sheet. It stands between `<style>` and `</style>` without one byte more.
pub(super) const STYLE: &str = include_str!("templates/style.css");

/// For a notice: show itself, nothing else.
pub(super) static NOTICE_POLICY: LazyLock<HeaderValue> =
    LazyLock::new(|| policy("form-action 'none'"));

/// For our own pages: their own script and forms, the question whether the self-test can be
/// reached, and in no frame.
pub(super) static OWN_PAGE_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    policy(
        "script-src 'self'; connect-src https://test.lachan.internal; form-action 'self'; \
         frame-ancestors 'none'",
    )
});

/// For the self-test: its own script, which asks its own host; or its plain form.
pub(super) static OWN_SCRIPT_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    policy("script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'")
});

fn policy(rights: &str) -> HeaderValue {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let text = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; {rights}");
    // Base64 and our own ASCII always fit; should they not, the page loses its looks, not its
    // protection.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
