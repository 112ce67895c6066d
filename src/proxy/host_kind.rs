//! What is done with connections to a host?

use super::Core;
use super::settings::UnknownAiHosts;
use super::target::Target;
use crate::inspect::Inspector;
use crate::policy::ToolsAllowed;
use crate::telemetry::TunnelReason;

/// The proxy's own name; its pages are served under it.
pub(super) const OWN_HOST: &str = "lachan.internal";
/// The AI stand-in where a workstation tries its protection.
pub(super) const SELF_TEST_HOST: &str = "test.lachan.internal";

/// What is done with connections to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostKind {
    /// Its requests are read.
    Intercepted,
    /// Its requests are all refused: it looks like an AI service that nobody approved.
    Refused,
    /// Its bytes pass unread, for this reason.
    Tunnelled(TunnelReason),
    /// It is the proxy itself.
    Own,
}

impl HostKind {
    /// Whether TLS to the host ends here, so that its requests can be read or refused.
    pub(super) const fn ends_here(self) -> bool {
        match self {
            Self::Intercepted | Self::Refused => true,
            Self::Tunnelled(_) | Self::Own => false,
        }
    }
}

/// Says what is done with a host, by the settings and rules in force now.
pub(super) fn kind_of(host: &str, core: &Core) -> HostKind {
    if host == SELF_TEST_HOST {
        return HostKind::Intercepted;
    }
    if host == OWN_HOST || host.ends_with(".lachan.internal") {
        return HostKind::Own;
    }
    if core.parts.settings.load().interception.bypasses(host) {
        return HostKind::Tunnelled(TunnelReason::Bypass);
    }
    let inspector = core.parts.inspector.load();
    if inspector.is_ai_host(host) && !inspector.is_never_intercepted(host) {
        return HostKind::Intercepted;
    }
    if !inspector.looks_like_ai(host) {
        return HostKind::Tunnelled(TunnelReason::NotAi);
    }
    if inspector.policy().tools() == ToolsAllowed::Approved {
        return if core.allows_tool(&inspector, host, host) {
            HostKind::Intercepted
        } else {
            HostKind::Refused
        };
    }
    match core.parts.settings.load().interception.unknown_ai_hosts {
        UnknownAiHosts::Observe => HostKind::Tunnelled(TunnelReason::UnknownAi),
        UnknownAiHosts::Inspect => HostKind::Intercepted,
        UnknownAiHosts::Block => HostKind::Refused,
    }
}

impl Core {
    /// Whether the office lets a tool be used: by its id in the catalogue, or by its host.
    pub(super) fn allows_tool(&self, inspector: &Inspector, id: &str, host: &str) -> bool {
        let now = (self.parts.clock)();
        let registry = || self.parts.store.registry();
        match inspector.policy().tools() {
            ToolsAllowed::Any => true,
            ToolsAllowed::Approved if host == SELF_TEST_HOST => true,
            ToolsAllowed::Approved => {
                registry().is_approved(id, now) || registry().is_approved(host, now)
            }
        }
    }
}

/// Whether a target is this proxy: by its name, its public address, or the socket asked.
pub(super) fn is_own(target: &Target, at: std::net::SocketAddr, core: &Core) -> bool {
    if kind_of(&target.host, core) == HostKind::Own {
        return true;
    }
    if target.host.parse() == Ok(at.ip()) && target.port == at.port() {
        return true;
    }
    let settings = core.parts.settings.load();
    let public = settings.proxy.public_address.as_deref();
    let public = public.and_then(|address| Target::parse(address, at.port()));
    public.as_ref() == Some(target)
}
