//! Is the program alive, is it ready, what has it counted? `/healthz`, `/readyz`, `/metrics`.
//!
//! A listener of its own, plain HTTP, loopback by default. It names conditions, never content.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::reload::Pending;
use crate::model::category::Severity;
use crate::store::{Store, What};
use crate::telemetry::{ExceptionStep, Metrics, ReleaseStep};

/// How long a scraper may take to send its request head.
const HEADER_READ_MAX: Duration = Duration::from_secs(10);

/// Which deeds are which steps of a wish to send a stopped content.
const RELEASES: [(ReleaseStep, What); 4] = [
    (ReleaseStep::Asked, What::ReleaseAsked),
    (ReleaseStep::Granted, What::ReleaseGranted),
    (ReleaseStep::Declined, What::ReleaseDeclined),
    (ReleaseStep::Used, What::ReleaseUsed),
];
/// Which deeds are which steps of an exception.
const EXCEPTIONS: [(ExceptionStep, What); 5] = [
    (ExceptionStep::Proposed, What::ExceptionProposed),
    (ExceptionStep::Confirmed, What::ExceptionConfirmed),
    (ExceptionStep::Declined, What::ExceptionDeclined),
    (ExceptionStep::Ended, What::ExceptionEnded),
    (ExceptionStep::Used, What::ExceptionUsed),
];

/// What the health listener tells about.
pub(super) struct Health {
    pub metrics: Metrics,
    pub store: Store,
    /// Conditions found at start that lower what the program can do.
    pub degraded: Vec<String>,
    /// Changed settings that wait for a restart.
    pub pending: Pending,
    /// Seconds until the CA expires, asked at each scrape.
    pub ca_expires_at_seconds: i64,
}

impl Health {
    /// What keeps the program from being ready; empty when it is.
    pub(super) fn complaints(&self) -> Vec<String> {
        let mut complaints = self.degraded.clone();
        if !self.store.is_writable() {
            complaints.push(
                "the incident store cannot be written: only harmless requests go on; \
                 check the disk of the data folder"
                    .to_owned(),
            );
        }
        complaints
    }

    /// What waits for a restart; the program is ready all the same.
    pub(super) fn pending(&self) -> Option<String> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        (!pending.is_empty()).then(|| format!("waits for a restart: {}", pending.join(", ")))
    }

    fn scrape(&self) -> String {
        self.metrics
            .set_store(self.store.pending(), self.store.chain_seq());
        for severity in Severity::ALL {
            self.metrics
                .set_incidents(severity, self.store.incidents_recorded(severity));
        }
        for (step, what) in RELEASES {
            self.metrics
                .set_releases(step, self.store.deeds_recorded(what));
        }
        for (step, what) in EXCEPTIONS {
            self.metrics
                .set_exceptions(step, self.store.deeds_recorded(what));
        }
        let now_seconds = super::now().0 / 1000;
        self.metrics
            .set_ca_expiry(self.ca_expires_at_seconds - now_seconds);
        self.metrics.render()
    }

    fn answer(&self, method: &Method, path: &str) -> Response<Full<Bytes>> {
        if method != Method::GET && method != Method::HEAD {
            return text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned());
        }
        match path {
            "/metrics" => text(StatusCode::OK, self.scrape()),
            "/healthz" => text(StatusCode::OK, "alive\n".to_owned()),
            "/readyz" => {
                let complaints = self.complaints();
                if complaints.is_empty() {
                    let pending = self.pending().map(|line| line + "\n");
                    let ready = "ready\n".to_owned() + &pending.unwrap_or_default();
                    return text(StatusCode::OK, ready);
                }
                text(
                    StatusCode::SERVICE_UNAVAILABLE,
                    complaints.join("\n") + "\n",
                )
            }
            _ => text(
                StatusCode::NOT_FOUND,
                "try /metrics, /healthz or /readyz\n".to_owned(),
            ),
        }
    }
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = http::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    headers.insert(http::header::CONTENT_TYPE, kind);
    let no_store = http::HeaderValue::from_static("no-store");
    headers.insert(http::header::CACHE_CONTROL, no_store);
    response
}

/// Serves until cancelled.
pub(super) async fn serve(listener: TcpListener, health: Arc<Health>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _peer)) = accepted else {
            // Out of descriptors, most likely: waiting is all there is to do.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (health, stop) = (Arc::clone(&health), stop.clone());
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let response = health.answer(request.method(), request.uri().path());
                async move { Ok::<_, Infallible>(response) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADER_READ_MAX)
                .serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                () = stop.cancelled() => {}
                ended = connection => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection to the metrics listener broke");
                    }
                }
            }
        });
    }
}
