//! How much happened, and how long did it take? The figures for Prometheus.
//!
//! In go counts from the layers above; [`Metrics::render`] gives the page that the metrics
//! listener serves. Nothing here can fail once it is set up, and no text becomes a label unless it
//! is in a closed set: an unknown service counts as `other`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use prometheus::process_collector::ProcessCollector;
use prometheus::{
    Encoder as _, Histogram, HistogramVec, IntCounterVec, IntGauge, Registry, TextEncoder,
};

use crate::model::category::{Category, Severity};
use crate::model::coverage::Coverage;
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;

use super::TelemetryError;
use super::labels::{
    ExceptionStep, ExchangeOutcome, OTHER, ReleaseStep, ReloadResult, Stage, TunnelReason,
    UpstreamErrorKind,
};
use super::maker::{Maker, build_info};

const STORE_PENDING: &str = "Incidents that wait for the store now.";
const CA_EXPIRY: &str = "Seconds until the interception CA expires.";
const CHAIN_SEQ: &str = "The number of the last record in the hash chain. It never falls.";

/// The counters of the program. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Figures>);

#[derive(Debug)]
struct Figures {
    registry: Registry,
    services: BTreeSet<String>,
    exchanges: IntCounterVec,
    tunnels: IntCounterVec,
    decisions: IntCounterVec,
    findings: IntCounterVec,
    coverage: IntCounterVec,
    inspection: HistogramVec,
    added_latency: Histogram,
    upstream_errors: IntCounterVec,
    incidents: IntCounterVec,
    releases: IntCounterVec,
    exceptions: IntCounterVec,
    store_pending: IntGauge,
    chain_seq: IntGauge,
    config_reloads: IntCounterVec,
    ca_expiry: IntGauge,
    distrusting: IntGauge,
}

impl Metrics {
    /// Sets up every figure; `services` are the ids of the catalogue.
    ///
    /// # Errors
    /// When a figure's name is taken or malformed, which is a mistake in this file.
    pub fn new(services: &[String]) -> Result<Self, TelemetryError> {
        let make = Maker(Registry::new());
        build_info(&make)?;
        #[cfg(target_os = "linux")]
        make.0.register(Box::new(ProcessCollector::for_self()))?;
        let figures = Figures::of(make, services)?;
        figures.begin_at_zero();
        Ok(Self(Arc::new(figures)))
    }

    /// Counts one exchange.
    pub fn exchange(&self, service: &str, outcome: ExchangeOutcome) {
        let service = self.0.service(service);
        count(&self.0.exchanges, &[service, outcome.as_str()]);
    }

    /// Counts one blind tunnel.
    pub fn tunnel(&self, reason: TunnelReason) {
        count(&self.0.tunnels, &[reason.as_str()]);
    }

    /// Counts one decision.
    pub fn decision(&self, action: Action, carries: Carries) {
        count(&self.0.decisions, &[action.as_str(), carries.as_str()]);
    }

    /// Counts one finding.
    pub fn finding(&self, category: Category, confidence: Confidence) {
        count(&self.0.findings, &[category.as_str(), confidence.as_str()]);
    }

    /// Counts how well a request could be read.
    pub fn coverage(&self, service: &str, coverage: Coverage) {
        let service = self.0.service(service);
        count(&self.0.coverage, &[service, coverage.as_str()]);
    }

    /// Measures a stage.
    pub fn inspection(&self, stage: Stage, took: Duration) {
        let stage = self.0.inspection.with_label_values(&[stage.as_str()]);
        stage.observe(took.as_secs_f64());
    }

    /// Measures what the proxy added to one exchange before it went up.
    pub fn added_latency(&self, took: Duration) {
        self.0.added_latency.observe(took.as_secs_f64());
    }

    /// Counts one upstream error.
    pub fn upstream_error(&self, kind: UpstreamErrorKind) {
        count(&self.0.upstream_errors, &[kind.as_str()]);
    }

    /// Counts one incident.
    pub fn incident(&self, severity: Severity) {
        count(&self.0.incidents, &[severity.as_str()]);
    }

    /// Raises the incidents of a severity to what the store counted; they never fall.
    pub fn set_incidents(&self, severity: Severity, recorded: u64) {
        raise(&self.0.incidents, severity.as_str(), recorded);
    }

    /// Raises what became of wishes to send a stopped content; it never falls.
    pub fn set_releases(&self, step: ReleaseStep, recorded: u64) {
        raise(&self.0.releases, step.as_str(), recorded);
    }

    /// Raises what became of exceptions; it never falls.
    pub fn set_exceptions(&self, step: ExceptionStep, recorded: u64) {
        raise(&self.0.exceptions, step.as_str(), recorded);
    }

    /// Takes over what the store says of itself.
    pub fn set_store(&self, pending: u64, chain_seq: u64) {
        self.0.store_pending.set(gauge_value(pending));
        self.0.chain_seq.set(gauge_value(chain_seq));
    }

    /// Counts one reload.
    pub fn config_reload(&self, result: ReloadResult) {
        count(&self.0.config_reloads, &[result.as_str()]);
    }

    /// Sets how many seconds the interception CA is still good for; negative once it expired.
    pub fn set_ca_expiry(&self, seconds: i64) {
        self.0.ca_expiry.set(seconds);
    }

    /// Sets how many programs on workstations refuse our CA for a host now.
    pub fn set_distrusting(&self, pairs: u64) {
        self.0.distrusting.set(gauge_value(pairs));
    }

    /// The page for Prometheus, in its text format.
    pub fn render(&self) -> String {
        let mut page = Vec::new();
        let families = self.0.registry.gather();
        if let Err(error) = TextEncoder::new().encode(&families, &mut page) {
            tracing::error!(%error, "the metrics could not be rendered");
        }
        String::from_utf8_lossy(&page).into_owned()
    }
}

impl Figures {
    fn of(make: Maker, services: &[String]) -> Result<Self, TelemetryError> {
        Ok(Self {
            services: services.iter().cloned().collect(),
            exchanges: make.counters(
                "lachan_exchanges_total",
                "Exchanges with AI services, by how they ended.",
                &["service", "outcome"],
            )?,
            tunnels: make.counters(
                "lachan_tunnels_total",
                "Tunnels passed blindly, by reason.",
                &["reason"],
            )?,
            decisions: make.counters(
                "lachan_decisions_total",
                "Decisions, by action and kind of content.",
                &["action", "carries"],
            )?,
            findings: make.counters(
                "lachan_findings_total",
                "Findings, by category and confidence.",
                &["category", "confidence"],
            )?,
            coverage: make.counters(
                "lachan_coverage_total",
                "Requests to AI services, by how well they could be read.",
                &["service", "result"],
            )?,
            inspection: make.histograms(
                "lachan_inspection_seconds",
                "Time of one stage of an inspection.",
            )?,
            added_latency: make.histogram(
                "lachan_added_latency_seconds",
                "What the proxy added to an exchange before it went up.",
            )?,
            upstream_errors: make.counters(
                "lachan_upstream_errors_total",
                "Failures of upstreams, by kind.",
                &["kind"],
            )?,
            incidents: make.counters(
                "lachan_incidents_total",
                "Incidents recorded since the start, by severity.",
                &["severity"],
            )?,
            releases: make.steps(
                "lachan_releases_total",
                "Wishes to send a stopped content, by what became of them.",
            )?,
            exceptions: make.steps(
                "lachan_exceptions_total",
                "Exceptions from false alarms, by what became of them; how often they were used.",
            )?,
            store_pending: make.gauge("lachan_store_pending", STORE_PENDING)?,
            chain_seq: make.gauge("lachan_chain_seq", CHAIN_SEQ)?,
            config_reloads: make.counters(
                "lachan_config_reloads_total",
                "Reloads of settings, policy, patterns and catalogue, by result.",
                &["result"],
            )?,
            ca_expiry: make.gauge("lachan_ca_expiry_seconds", CA_EXPIRY)?,
            distrusting: make.gauge(
                "lachan_distrusting_clients",
                "Programs on workstations that refuse our CA for a host and are refused now.",
            )?,
            registry: make.0,
        })
    }

    fn service<'a>(&'a self, service: &'a str) -> &'a str {
        if self.services.contains(service) {
            service
        } else {
            OTHER
        }
    }

    /// Makes the small series appear at once: a rate over a series that begins at 1 shows nothing.
    fn begin_at_zero(&self) {
        for reason in TunnelReason::ALL {
            self.tunnels.with_label_values(&[reason.as_str()]);
        }
        for kind in UpstreamErrorKind::ALL {
            self.upstream_errors.with_label_values(&[kind.as_str()]);
        }
        for result in ReloadResult::ALL {
            self.config_reloads.with_label_values(&[result.as_str()]);
        }
        for severity in Severity::ALL {
            self.incidents.with_label_values(&[severity.as_str()]);
        }
        for step in ReleaseStep::ALL {
            self.releases.with_label_values(&[step.as_str()]);
        }
        for step in ExceptionStep::ALL {
            self.exceptions.with_label_values(&[step.as_str()]);
        }
        for stage in Stage::ALL {
            self.inspection.with_label_values(&[stage.as_str()]);
        }
        for action in Action::ALL {
            for carries in Carries::ALL {
                self.decisions
                    .with_label_values(&[action.as_str(), carries.as_str()]);
            }
        }
    }
}

fn count(counters: &IntCounterVec, labels: &[&str]) {
    counters.with_label_values(labels).inc();
}

fn raise(counters: &IntCounterVec, label: &str, to: u64) {
    let counter = counters.with_label_values(&[label]);
    counter.inc_by(to.saturating_sub(counter.get()));
}

fn gauge_value(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> Metrics {
        Metrics::new(&["chatgpt".to_owned(), "gemini".to_owned()]).unwrap()
    }

    #[test]
    fn every_figure_of_the_contract_is_on_the_page() {
        let metrics = metrics();
        metrics.exchange("chatgpt", ExchangeOutcome::Redacted);
        metrics.finding(Category::CitizenId, Confidence::High);
        metrics.coverage("gemini", Coverage::Parsed);
        metrics.inspection(Stage::Inspect, Duration::from_millis(3));
        metrics.added_latency(Duration::from_millis(4));
        metrics.set_store(2, 41);
        metrics.set_releases(ReleaseStep::Granted, 3);
        metrics.set_ca_expiry(-5);
        metrics.decision(Action::Block, Carries::Upload);
        metrics.tunnel(TunnelReason::NotAi);
        metrics.upstream_error(UpstreamErrorKind::Tls);
        metrics.config_reload(ReloadResult::Refused);
        let page = metrics.render();
        for line in [
            r#"lachan_exchanges_total{outcome="redacted",service="chatgpt"} 1"#,
            r#"lachan_tunnels_total{reason="not_ai"} 1"#,
            r#"lachan_tunnels_total{reason="bypass"} 0"#,
            r#"lachan_decisions_total{action="block",carries="upload"} 1"#,
            r#"lachan_findings_total{category="citizen_id",confidence="high"} 1"#,
            r#"lachan_coverage_total{result="parsed",service="gemini"} 1"#,
            r#"lachan_inspection_seconds_count{stage="inspect"} 1"#,
            "lachan_added_latency_seconds_count 1",
            r#"lachan_upstream_errors_total{kind="tls"} 1"#,
            r#"lachan_incidents_total{severity="critical"} 0"#,
            r#"lachan_releases_total{step="granted"} 3"#,
            r#"lachan_exceptions_total{step="used"} 0"#,
            "lachan_store_pending 2",
            "lachan_chain_seq 41",
            r#"lachan_config_reloads_total{result="refused"} 1"#,
            "lachan_ca_expiry_seconds -5",
            r#"lachan_build_info{version=""#,
            "process_open_fds ",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
    }

    #[test]
    fn what_is_in_no_closed_set_counts_as_other() {
        let metrics = metrics();
        metrics.exchange("001099000001", ExchangeOutcome::Failed);
        metrics.coverage("evil\"host", Coverage::Generic);
        let page = metrics.render();
        assert!(!page.contains("0010990000"));
        assert!(page.contains(r#"lachan_exchanges_total{outcome="failed",service="other"} 1"#));
        assert!(page.contains(r#"lachan_coverage_total{result="generic",service="other"} 1"#));
    }

    #[test]
    fn incidents_follow_the_store_and_never_fall() {
        let metrics = metrics();
        metrics.set_incidents(Severity::High, 3);
        metrics.set_incidents(Severity::High, 2);
        let expected = r#"lachan_incidents_total{severity="high"} 3"#;
        assert!(metrics.render().contains(expected));
        metrics.incident(Severity::High);
        let expected = r#"lachan_incidents_total{severity="high"} 4"#;
        assert!(metrics.render().contains(expected));
    }
}
