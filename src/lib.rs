//! Lá Chắn: a guard between the workstations of a Vietnamese commune office and public AI
//! services.
//!
//! It is an HTTP forward proxy with TLS interception. A request to an AI service is recognized,
//! opened, normalized, scanned and decided on; then it is forwarded, redacted or refused, and
//! whatever is not simply allowed becomes an incident in a tamper-evident log.
//!
//! It does not judge answers, does not intercept anything but AI services, and keeps no prompt; only
//! where the office wants it, a blocked one sealed for an auditor's key.
//!
//! Reading order: [`model`] (the nouns), [`inspect`] (the story), [`proxy`] (how requests come
//! and go), then one stage at a time. Layers go one way; `tests/architecture.rs` holds them to it:
//!
//! ```text
//! layer 5  main, cli, app, config
//! layer 4  proxy, admin, alert
//! layer 3  inspect, report
//! layer 2  tls, store, seal, telemetry
//! layer 1  service, payload, normalize, detect, policy, redact, answer
//! layer 0  model
//! ```

pub mod admin;
pub mod alert;
pub mod answer;
pub mod app;
pub mod cli;
pub mod config;
pub mod detect;
pub mod inspect;
pub mod model;
pub mod normalize;
pub mod payload;
pub mod policy;
pub mod proxy;
pub mod redact;
pub mod report;
pub mod seal;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod tls;
