//! Logs and metrics; never prompt text. (Skeleton.)

/// The counters of the program. Cheap to clone.
#[derive(Clone)]
pub struct Metrics;

/// How an exchange ended: the label `outcome` of `lachan_exchanges_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeOutcome {
    /// Sent up unchanged and answered.
    Forwarded,
    /// Sent up with placeholders.
    Redacted,
    /// Refused by policy.
    Refused,
    /// Answered here.
    AnsweredHere,
    /// Passed on a shared host.
    Passed,
    /// Refused for a bound, the store or bad input.
    Failed,
    /// The upstream failed.
    UpstreamFailed,
}

/// Why a tunnel was not opened up: the label `reason` of `lachan_tunnels_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunnelReason {
    /// Not an AI host.
    NotAi,
    /// On the office's or the built-in bypass list.
    Bypass,
}

/// What went wrong with an upstream: the label `kind` of `lachan_upstream_errors_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpstreamErrorKind {
    /// The name did not resolve.
    Dns,
    /// The address is not allowed.
    Address,
    /// No connection.
    Connect,
    /// The handshake or certificate failed.
    Tls,
    /// It took too long.
    Timeout,
    /// It broke the protocol or closed early.
    Protocol,
}

/// A stage whose time is measured: the label `stage` of `lachan_inspection_seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Collecting the body.
    Collect,
    /// The whole of `inspect`.
    Inspect,
    /// Waiting for the store.
    Store,
}

impl Metrics {
    /// Counts one exchange.
    pub fn exchange(&self, _service: &str, _outcome: ExchangeOutcome) {}
    /// Counts one blind tunnel.
    pub fn tunnel(&self, _reason: TunnelReason) {}
    /// Counts one decision.
    pub fn decision(
        &self,
        _action: crate::model::decision::Action,
        _carries: crate::model::exchange::Carries,
    ) {
    }
    /// Counts one finding.
    pub fn finding(
        &self,
        _category: crate::model::category::Category,
        _confidence: crate::model::finding::Confidence,
    ) {
    }
    /// Counts how well a request could be read; `result` is `parsed|generic|uninspectable|tunnelled`.
    pub fn coverage(&self, _service: &str, _result: &'static str) {}
    /// Measures a stage.
    pub fn inspection(&self, _stage: Stage, _took: std::time::Duration) {}
    /// Measures what the proxy added to one exchange before it went up.
    pub fn added_latency(&self, _took: std::time::Duration) {}
    /// Counts one upstream error.
    pub fn upstream_error(&self, _kind: UpstreamErrorKind) {}
}
