//! What went wrong, whose side was it on, and what are the two texts for it?
//!
//! Every failure of an exchange, tunnel or connection is one variant here and is met once, in
//! [`Failure::meet`]: the client gets a status and a Vietnamese text without detail (worded by
//! `failure_text`), the log an English line with the cause, the metrics a label.
//!
//! Never: request contents. A host name is the most that a failure knows.

use std::error::Error;

use super::dial::DialError;
use super::failure_page::FailureKind;
use crate::telemetry::{Metrics, UpstreamErrorKind};
use crate::tls::TlsError;

/// One thing that can go wrong between accepting a client and answering it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The workstation is in none of the allowed networks.
    #[error("client is in no allowed network")]
    ClientNotAllowed,
    /// All connections are taken.
    #[error("all connections are taken")]
    TooManyConnections,
    /// The request is not HTTP as it should be.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// A CONNECT to a port that is not open.
    #[error("CONNECT to port {0} is not allowed")]
    PortNotAllowed(u16),
    /// Something other than TLS for a host that is intercepted.
    #[error("{host} was asked for without TLS")]
    WithoutTls { host: String },
    /// The tunnel is for one host, the handshake in it for another.
    #[error("tunnel to {tunnel} opened with a handshake for {handshake}")]
    NamesDiffer { tunnel: String, handshake: String },
    /// The first bytes of a tunnel begin like TLS and cannot be read.
    #[error("handshake in the tunnel to {host} cannot be read")]
    HelloUnreadable {
        host: String,
        #[source]
        cause: std::io::Error,
    },
    /// The client broke off its handshake: it may not trust our certificates.
    #[error("client broke off the handshake for {host}")]
    ClientHandshake {
        host: String,
        #[source]
        cause: std::io::Error,
    },
    /// The client refused our certificates again and again.
    #[error("client does not trust our certificates for {host}")]
    ClientDistrusts { host: String },
    /// The host looks like an AI service and is not approved.
    #[error("{host} looks like an AI service that is not approved")]
    ToolNotApproved { host: String },
    /// The request inside names another host than its connection.
    #[error("request on a connection for {host} names another host")]
    Misdirected { host: String },
    /// An upgrade that cannot be read.
    #[error("upgrade to something other than websocket")]
    UpgradeRefused,
    /// More header fields than allowed.
    #[error("too many header fields")]
    TooManyFields,
    /// The body is over its bound.
    #[error("request body is over its bound")]
    BodyTooLarge,
    /// The body did not arrive in time.
    #[error("request body did not arrive in time")]
    BodyTimeout,
    /// The body broke off.
    #[error("request body broke off")]
    BodyBroken(#[source] hyper::Error),
    /// No memory for the body became free in time.
    #[error("no share of the body budget became free")]
    BudgetExhausted,
    /// The inspection itself failed.
    #[error("inspection failed")]
    Inspection,
    /// The incident could not be stored.
    #[error("incident could not be stored")]
    StoreDown,
    /// No leaf for the host.
    #[error("no certificate for {host}")]
    Leaf {
        host: String,
        #[source]
        cause: TlsError,
    },
    /// The upstream could not be dialled.
    #[error("cannot dial {host}")]
    Dial {
        host: String,
        #[source]
        cause: DialError,
    },
    /// A server that is no AI service could not be dialled.
    #[error("cannot dial a server")]
    TunnelDial {
        host: String,
        #[source]
        cause: DialError,
    },
    /// The upstream's handshake or certificate failed.
    #[error("TLS handshake with {host} failed")]
    Handshake {
        host: String,
        #[source]
        cause: std::io::Error,
    },
    /// The upstream took too long.
    #[error("{host} took too long")]
    UpstreamTimeout { host: String },
    /// The upstream answered what nobody asked for.
    #[error("{host} switched protocols unasked")]
    UpstreamSwitched { host: String },
    /// The upstream broke the protocol or closed early.
    #[error("{host} broke off")]
    UpstreamBroken {
        host: String,
        #[source]
        cause: hyper::Error,
    },
}

impl Failure {
    /// Meets the failure: logs and counts it, and says how the client is told.
    pub(super) fn meet(&self, metrics: &Metrics) -> FailureKind {
        let cause = self.source().map(chain).unwrap_or_default();
        let kind = self.kind();
        match kind {
            // Where people go besides AI services is not the log's business.
            _ if matches!(self, Self::TunnelDial { .. }) => tracing::debug!(cause, "{self}"),
            FailureKind::Internal | FailureKind::StoreDown => {
                tracing::error!(cause, "{self}");
            }
            FailureKind::Busy
            | FailureKind::AddressNotAllowed
            | FailureKind::UpstreamDns
            | FailureKind::UpstreamConnect
            | FailureKind::UpstreamCertificate
            | FailureKind::UpstreamTimeout
            | FailureKind::UpstreamProtocol => tracing::warn!(cause, "{self}"),
            FailureKind::BadRequest
            | FailureKind::ClientNotAllowed
            | FailureKind::PortNotAllowed
            | FailureKind::NamesDiffer
            | FailureKind::ToolNotApproved
            | FailureKind::NotInspectable
            | FailureKind::RequestTimeout
            | FailureKind::BodyTooLarge
            | FailureKind::Misdirected
            | FailureKind::TlsRequired
            | FailureKind::HeadTooLarge => tracing::debug!(cause, "{self}"),
        }
        if let Some(kind) = self.upstream_kind() {
            metrics.upstream_error(kind);
        }
        kind
    }

    /// Whether a request was not read because of it.
    pub(super) const fn leaves_unread(&self) -> bool {
        matches!(
            self,
            Self::BodyTooLarge
                | Self::BodyTimeout
                | Self::BodyBroken(_)
                | Self::BudgetExhausted
                | Self::Inspection
        )
    }

    /// The host concerned, where there is one.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::WithoutTls { host }
            | Self::HelloUnreadable { host, .. }
            | Self::ClientHandshake { host, .. }
            | Self::ClientDistrusts { host }
            | Self::ToolNotApproved { host }
            | Self::Misdirected { host }
            | Self::Leaf { host, .. }
            | Self::Dial { host, .. }
            | Self::TunnelDial { host, .. }
            | Self::Handshake { host, .. }
            | Self::UpstreamTimeout { host }
            | Self::UpstreamSwitched { host }
            | Self::UpstreamBroken { host, .. } => Some(host),
            Self::NamesDiffer { tunnel, .. } => Some(tunnel),
            Self::ClientNotAllowed
            | Self::TooManyConnections
            | Self::Malformed(_)
            | Self::PortNotAllowed(_)
            | Self::UpgradeRefused
            | Self::TooManyFields
            | Self::BodyTooLarge
            | Self::BodyTimeout
            | Self::BodyBroken(_)
            | Self::BudgetExhausted
            | Self::Inspection
            | Self::StoreDown => None,
        }
    }

    /// The label of `lachan_upstream_errors_total`, where an upstream is to blame.
    pub(super) fn upstream_kind(&self) -> Option<UpstreamErrorKind> {
        match self.kind() {
            FailureKind::AddressNotAllowed => Some(UpstreamErrorKind::Address),
            FailureKind::UpstreamDns => Some(UpstreamErrorKind::Dns),
            FailureKind::UpstreamConnect => Some(UpstreamErrorKind::Connect),
            FailureKind::UpstreamCertificate => Some(UpstreamErrorKind::Tls),
            FailureKind::UpstreamTimeout => Some(UpstreamErrorKind::Timeout),
            FailureKind::UpstreamProtocol => Some(UpstreamErrorKind::Protocol),
            FailureKind::BadRequest
            | FailureKind::ClientNotAllowed
            | FailureKind::PortNotAllowed
            | FailureKind::NamesDiffer
            | FailureKind::ToolNotApproved
            | FailureKind::NotInspectable
            | FailureKind::RequestTimeout
            | FailureKind::BodyTooLarge
            | FailureKind::Misdirected
            | FailureKind::TlsRequired
            | FailureKind::HeadTooLarge
            | FailureKind::Internal
            | FailureKind::StoreDown
            | FailureKind::Busy => None,
        }
    }

    const fn kind(&self) -> FailureKind {
        match self {
            Self::ClientNotAllowed => FailureKind::ClientNotAllowed,
            Self::TooManyConnections | Self::BudgetExhausted => FailureKind::Busy,
            Self::Malformed(_)
            | Self::UpgradeRefused
            | Self::HelloUnreadable { .. }
            | Self::ClientHandshake { .. } => FailureKind::BadRequest,
            Self::PortNotAllowed(_) => FailureKind::PortNotAllowed,
            Self::WithoutTls { .. } => FailureKind::TlsRequired,
            Self::NamesDiffer { .. } => FailureKind::NamesDiffer,
            Self::ClientDistrusts { .. } => FailureKind::NotInspectable,
            Self::ToolNotApproved { .. } => FailureKind::ToolNotApproved,
            Self::Misdirected { .. } => FailureKind::Misdirected,
            Self::TooManyFields => FailureKind::HeadTooLarge,
            Self::BodyTooLarge => FailureKind::BodyTooLarge,
            Self::BodyTimeout | Self::BodyBroken(_) => FailureKind::RequestTimeout,
            Self::Inspection | Self::Leaf { .. } => FailureKind::Internal,
            Self::StoreDown => FailureKind::StoreDown,
            Self::Dial { cause, .. } | Self::TunnelDial { cause, .. } => dial_kind(cause),
            Self::Handshake { .. } => FailureKind::UpstreamCertificate,
            Self::UpstreamTimeout { .. } => FailureKind::UpstreamTimeout,
            Self::UpstreamSwitched { .. } | Self::UpstreamBroken { .. } => {
                FailureKind::UpstreamProtocol
            }
        }
    }
}

const fn dial_kind(error: &DialError) -> FailureKind {
    match error {
        DialError::Host => FailureKind::BadRequest,
        DialError::Dns(_) => FailureKind::UpstreamDns,
        DialError::AddressRefused(_) => FailureKind::AddressNotAllowed,
        DialError::Timeout => FailureKind::UpstreamTimeout,
        DialError::Connect(_) | DialError::Parent(_) => FailureKind::UpstreamConnect,
    }
}

/// The causes, outermost first: `cannot connect: connection refused`.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
