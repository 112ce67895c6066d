//! Any host and path is recognized or not; nothing is both a state organ and an AI service.
#![no_main]

use std::sync::LazyLock;

use lachan::service::{Catalogue, Upgrade, is_never_intercepted};
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

fuzz_target!(|input: (String, String)| {
    let (host, path) = input;
    let _ = CATALOGUE.recognize(&host, &http::Method::POST, &path, Upgrade::None);
    assert!(!(CATALOGUE.is_ai_host(&host) && is_never_intercepted(&host)));
});
