//! Any file of the office (settings, policy, rules, catalogue) is read or its mistakes are told.
#![no_main]

use lachan::detect::Detector;
use lachan::policy::Policy;
use lachan::service::Catalogue;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: String| {
    let file = || vec![("fuzz.toml".to_owned(), text.clone())];
    let _ = lachan::config::parse("fuzz.toml", &text);
    let _ = Policy::parse("fuzz.toml", &text);
    let _ = Detector::from_packs(&file());
    let _ = Catalogue::from_files(&file());
});
