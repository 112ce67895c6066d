//! The settings that the proxy works by, made from the file: what a reload swaps as one.

use core::net::SocketAddr;
use std::sync::Arc;

use jiff::tz::{Offset, TimeZone};

use crate::app::snapshot::Snapshot;
use crate::config::Settings;
use crate::model::exchange::UnixMillis;
use crate::proxy::address_guard::AddressGuard;
use crate::proxy::dial::Dialer;
use crate::proxy::pac::HostPatternForPac;
use crate::proxy::{OwnPages, SettingsInForce, StandbyRoot};
use crate::service::{Catalogue, HostPattern};
use crate::tls::{CertificateAuthority, UpstreamTls};

/// Makes the proxy's settings. `own_listeners` are never dialled for a client.
pub(super) fn settings_in_force(
    settings: &Settings,
    snapshot: &Snapshot,
    upstream_tls: UpstreamTls,
    authority: &CertificateAuthority,
    own_listeners: Vec<SocketAddr>,
    now: UnixMillis,
) -> SettingsInForce {
    let guard = AddressGuard::new(settings.proxy.private_networks.clone(), own_listeners);
    let dial = settings.upstream.dial_settings(settings.limits.connect_max);
    SettingsInForce {
        proxy: settings.proxy.clone(),
        interception: settings.interception.clone(),
        office: settings.office.clone(),
        dialer: Dialer::new(dial, guard),
        upstream_tls,
        pages: OwnPages {
            ca_pem: authority.roots_pem(),
            ca_der: authority.root_der().to_vec(),
            ca_fingerprint: authority.fingerprint_sha256(),
            standby: authority.standby().map(|standby| StandbyRoot {
                der: standby.root_der().to_vec(),
                fingerprint: standby.fingerprint_sha256(),
            }),
            pac_hosts: pac_hosts(&snapshot.catalogue),
            policy_time: told(now),
            retention_days: settings.store.retention_days,
        },
        evidence: settings.evidence.clone(),
        limits: Arc::new(settings.limits.clone()),
    }
}

fn pac_hosts(catalogue: &Arc<Catalogue>) -> Vec<HostPatternForPac> {
    catalogue
        .host_patterns()
        .map(|pattern| match pattern {
            HostPattern::Exact(host) => HostPatternForPac::Exact(host.clone()),
            // A PAC file sends a little more than needed through the proxy, which tunnels it.
            HostPattern::Below(parent) | HostPattern::FirstLabel { parent, .. } => {
                HostPatternForPac::Suffix(parent.clone())
            }
        })
        .collect()
}

/// A time as people in Việt Nam write it.
fn told(time: UnixMillis) -> String {
    let Ok(time) = jiff::Timestamp::from_millisecond(time.0) else {
        return String::new();
    };
    let local = time.to_zoned(TimeZone::fixed(Offset::constant(7)));
    local.strftime("%H:%M ngày %-d/%-m/%Y").to_string()
}
