//! How is a figure made? Named, explained and registered, in one step.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// From a tenth of a millisecond (a prompt) to ten seconds (a large upload on a small machine).
const SECONDS_BUCKETS: [f64; 14] = [
    0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Makes figures and registers them.
pub(super) struct Maker(pub(super) Registry);

impl Maker {
    /// Counters with labels.
    pub(super) fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, prometheus::Error> {
        let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
        self.0.register(Box::new(counters.clone()))?;
        Ok(counters)
    }

    /// Counters of the steps that something goes through.
    pub(super) fn steps(&self, name: &str, help: &str) -> Result<IntCounterVec, prometheus::Error> {
        self.counters(name, help, &["step"])
    }

    /// A figure that rises and falls.
    pub(super) fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
        let gauge = IntGauge::new(name, help)?;
        self.0.register(Box::new(gauge.clone()))?;
        Ok(gauge)
    }

    /// Times.
    pub(super) fn histogram(&self, name: &str, help: &str) -> Result<Histogram, prometheus::Error> {
        let options = HistogramOpts::new(name, help).buckets(SECONDS_BUCKETS.to_vec());
        let histogram = Histogram::with_opts(options)?;
        self.0.register(Box::new(histogram.clone()))?;
        Ok(histogram)
    }

    /// Times by stage.
    pub(super) fn histograms(
        &self,
        name: &str,
        help: &str,
    ) -> Result<HistogramVec, prometheus::Error> {
        let options = HistogramOpts::new(name, help).buckets(SECONDS_BUCKETS.to_vec());
        let histograms = HistogramVec::new(options, &["stage"])?;
        self.0.register(Box::new(histograms.clone()))?;
        Ok(histograms)
    }
}

/// The version that runs.
pub(super) fn build_info(make: &Maker) -> Result<(), prometheus::Error> {
    let help = "The version that runs; always 1.";
    let info = IntGaugeVec::new(Opts::new("lachan_build_info", help), &["version"])?;
    info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    make.0.register(Box::new(info))
}
