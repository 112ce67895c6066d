//! What holds for every answer? Fixed headers, foreign origins refused, a panic caught.
//!
//! The content policy lets a page load its style and script from here and nothing else: a text that
//! slips into a page cannot run, load or send anything.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// How large any request may be.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;

const FIXED: [(HeaderName, &str); 6] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
         img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Without it browsers call the origin of a form "null".
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// The routes with what holds for all of them.
pub(super) fn guarded(router: Router) -> Router {
    let mut router = router
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(CatchPanicLayer::new())
        .layer(CsrfLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    for (name, value) in FIXED {
        let value = HeaderValue::from_static(value);
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    router
}
