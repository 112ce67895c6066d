//! Which values can a label have? Only these, and the services of the catalogue.

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The label's value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

labels! {
    /// How an exchange ended: the label `outcome` of `lachan_exchanges_total`.
    ExchangeOutcome {
        /// Sent up unchanged and answered.
        Forwarded = "forwarded",
        /// Sent up with placeholders.
        Redacted = "redacted",
        /// Refused by policy.
        Refused = "refused",
        /// Answered here.
        AnsweredHere = "answered_here",
        /// Passed on a shared host.
        Passed = "passed",
        /// Refused for a bound, the store or bad input.
        Failed = "failed",
        /// The upstream failed.
        UpstreamFailed = "upstream_failed",
    }
}

labels! {
    /// Why a tunnel was not opened up: the label `reason` of `lachan_tunnels_total`.
    TunnelReason {
        /// Not an AI host.
        NotAi = "not_ai",
        /// On the office's or the built-in bypass list.
        Bypass = "bypass",
        /// Looks like an AI host and is in no catalogue; the office only observes such hosts.
        UnknownAi = "unknown_ai",
    }
}

labels! {
    /// What became of a wish to send a stopped content: the label `step` of
    /// `lachan_releases_total`.
    ReleaseStep {
        /// A clerk asked.
        Asked = "asked",
        /// A reviewer granted it once.
        Granted = "granted",
        /// A reviewer declined it.
        Declined = "declined",
        /// The content was sent.
        Used = "used",
    }
}

labels! {
    /// What became of an exception: the label `step` of `lachan_exceptions_total`.
    ExceptionStep {
        /// A reviewer proposed it.
        Proposed = "proposed",
        /// An administrator confirmed it.
        Confirmed = "confirmed",
        /// An administrator declined it.
        Declined = "declined",
        /// Somebody ended it before its day.
        Ended = "ended",
        /// A finding was excepted by it.
        Used = "used",
    }
}

labels! {
    /// What went wrong with an upstream: the label `kind` of `lachan_upstream_errors_total`.
    UpstreamErrorKind {
        /// The name did not resolve.
        Dns = "dns",
        /// The address is not allowed.
        Address = "address",
        /// No connection.
        Connect = "connect",
        /// The handshake or certificate failed.
        Tls = "tls",
        /// It took too long.
        Timeout = "timeout",
        /// It broke the protocol or closed early.
        Protocol = "protocol",
    }
}

labels! {
    /// A stage whose time is measured: the label `stage` of `lachan_inspection_seconds`.
    Stage {
        /// Collecting the body.
        Collect = "collect",
        /// The whole of `inspect`.
        Inspect = "inspect",
        /// Waiting for the store.
        Store = "store",
    }
}

labels! {
    /// How a reload of the settings ended: the label `result` of `lachan_config_reloads_total`.
    ReloadResult {
        /// The new settings are in force.
        Applied = "applied",
        /// They had mistakes; the old ones stay.
        Refused = "refused",
    }
}

/// What stands for every value outside its closed set.
pub(super) const OTHER: &str = "other";
