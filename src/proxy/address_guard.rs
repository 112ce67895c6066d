//! May the proxy connect to this address for a client? Only to public ones: a workstation must not
//! reach, through us, what it could not reach itself.
//!
//! In goes an address as resolved (any spelling: IPv4-mapped, NAT64, 6to4 and Teredo are looked
//! into), out comes consent or the reason against it. `proxy::dial` asks before connecting and
//! again on the connected socket. Never: DNS, sockets.
//!
//! Exempt, by not being asked about: `upstream.connect_to`, the parent proxy, the self-test host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A tunnel, or a plain request, to a host that is not an AI service.
    Tunnel,
    /// An AI service: never at a private address, whatever the settings say.
    AiHost,
}

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// This machine.
    #[error("the address is a loopback address")]
    Loopback,
    /// `0.0.0.0` or `::`, which reach this machine.
    #[error("the address is unspecified")]
    Unspecified,
    /// One cable only; cloud metadata services.
    #[error("the address is link-local")]
    LinkLocal,
    /// Many receivers.
    #[error("the address is a multicast or broadcast address")]
    Multicast,
    /// A network that is not public, and not in `proxy.private_networks`.
    #[error("the address is private")]
    Private,
    /// Ranges that nobody on the internet uses.
    #[error("the address is reserved")]
    Reserved,
    /// A listener of ours: it would be a loop, or the back office by the back door.
    #[error("the address is a listener of this proxy")]
    OwnListener,
}

/// Private in the sense that `proxy.private_networks` may open them.
const PRIVATE_V4: [Ipv4Net; 4] = [
    net4([10, 0, 0, 0], 8),     // RFC 1918
    net4([172, 16, 0, 0], 12),  // RFC 1918
    net4([192, 168, 0, 0], 16), // RFC 1918
    net4([100, 64, 0, 0], 10),  // carrier-grade NAT, RFC 6598
];

/// The rest of IANA's special-purpose registry (RFC 6890), without those matched by name below.
const RESERVED_V4: [Ipv4Net; 8] = [
    net4([0, 0, 0, 0], 8),       // "this network", RFC 791
    net4([192, 0, 0, 0], 24),    // protocol assignments, RFC 6890
    net4([192, 0, 2, 0], 24),    // documentation, RFC 5737
    net4([192, 88, 99, 0], 24),  // 6to4 relays, RFC 7526
    net4([198, 18, 0, 0], 15),   // benchmarks, RFC 2544
    net4([198, 51, 100, 0], 24), // documentation, RFC 5737
    net4([203, 0, 113, 0], 24),  // documentation, RFC 5737
    net4([240, 0, 0, 0], 4),     // future use, RFC 1112
];

/// Unique local addresses, RFC 4193.
const PRIVATE_V6: Ipv6Net = net6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7);

/// Site-local addresses, withdrawn by RFC 3879 but still routed by some.
const SITE_LOCAL_V6: Ipv6Net = net6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10);

/// Everything that is assigned lies here (RFC 4291 section 2.4); the rest is reserved.
const GLOBAL_V6: Ipv6Net = net6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Parts of the global range that are not public (RFC 6890, RFC 3849, RFC 9637, RFC 5180).
const RESERVED_V6: [Ipv6Net; 5] = [
    net6([0x2001, 0x2, 0, 0, 0, 0, 0, 0], 48),   // benchmarks
    net6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28),  // ORCHID
    net6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28),  // ORCHIDv2
    net6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    net6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),     // documentation
];

/// The well-known NAT64 prefix, RFC 6052.
const NAT64: Ipv6Net = net6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// NAT64 for local use, RFC 8215: where the inner address lies depends on the network.
const NAT64_LOCAL: Ipv6Net = net6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48);

/// 6to4, RFC 3056: the inner address follows the prefix.
const SIX_TO_FOUR: Ipv6Net = net6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16);

/// Teredo, RFC 4380: server after the prefix, client inverted at the end.
const TEREDO: Ipv6Net = net6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32);

/// IPv4-compatible, withdrawn by RFC 4291 section 2.5.5.1.
const COMPATIBLE: Ipv6Net = net6([0, 0, 0, 0, 0, 0, 0, 0], 96);

/// The rule for addresses that the proxy dials for clients.
#[derive(Clone, Debug, Default)]
pub struct AddressGuard {
    private_networks: Vec<IpNet>,
    own_listeners: Vec<SocketAddr>,
}

impl AddressGuard {
    /// `private_networks` may be reached by tunnels; `own_listeners` by nobody.
    pub const fn new(private_networks: Vec<IpNet>, own_listeners: Vec<SocketAddr>) -> Self {
        Self {
            private_networks,
            own_listeners,
        }
    }

    /// Whether an address may be dialled.
    ///
    /// # Errors
    /// The reason against it.
    pub fn check(&self, address: IpAddr, purpose: Purpose) -> Result<(), AddressRefused> {
        let opened = self
            .private_networks
            .iter()
            .any(|network| network.contains(&address) || network.contains(&address.to_canonical()));
        match refusal(address) {
            None => Ok(()),
            Some(AddressRefused::Private) if opened && purpose == Purpose::Tunnel => Ok(()),
            Some(refused) => Err(refused),
        }
    }

    /// Whether an address may be dialled at a port: also not one of our own listeners.
    ///
    /// # Errors
    /// The reason against it.
    pub fn check_socket(&self, socket: SocketAddr, purpose: Purpose) -> Result<(), AddressRefused> {
        let address = socket.ip().to_canonical();
        let own = self.own_listeners.iter().any(|listener| {
            let at = listener.ip().to_canonical();
            // A listener on all addresses is met at any of this machine's, which are private or
            // loopback in an office; the port alone decides then, within such networks.
            let same = at == address || (at.is_unspecified() && refusal(address).is_some());
            listener.port() == socket.port() && same
        });
        if own {
            return Err(AddressRefused::OwnListener);
        }
        self.check(socket.ip(), purpose)
    }
}

fn refusal(address: IpAddr) -> Option<AddressRefused> {
    match address {
        IpAddr::V4(v4) => refusal_v4(v4),
        IpAddr::V6(v6) => refusal_v6(v6),
    }
}

fn refusal_v4(address: Ipv4Addr) -> Option<AddressRefused> {
    if address.is_loopback() {
        Some(AddressRefused::Loopback)
    } else if address.is_unspecified() {
        Some(AddressRefused::Unspecified)
    } else if address.is_link_local() {
        Some(AddressRefused::LinkLocal)
    } else if address.is_multicast() || address.is_broadcast() {
        Some(AddressRefused::Multicast)
    } else if PRIVATE_V4.iter().any(|network| network.contains(&address)) {
        Some(AddressRefused::Private)
    } else if RESERVED_V4.iter().any(|network| network.contains(&address)) {
        Some(AddressRefused::Reserved)
    } else {
        None
    }
}

fn refusal_v6(address: Ipv6Addr) -> Option<AddressRefused> {
    if address.is_loopback() {
        return Some(AddressRefused::Loopback);
    }
    if address.is_unspecified() {
        return Some(AddressRefused::Unspecified);
    }
    if let Some(inner) = address.to_ipv4_mapped() {
        return refusal_v4(inner);
    }
    if NAT64_LOCAL.contains(&address) {
        return Some(AddressRefused::Private);
    }
    if let Some(refused) = embedded_v4(address).into_iter().find_map(refusal_v4) {
        return Some(refused);
    }
    if NAT64.contains(&address) {
        return None;
    }
    if address.is_unicast_link_local() {
        Some(AddressRefused::LinkLocal)
    } else if address.is_multicast() {
        Some(AddressRefused::Multicast)
    } else if PRIVATE_V6.contains(&address) || SITE_LOCAL_V6.contains(&address) {
        Some(AddressRefused::Private)
    } else if !GLOBAL_V6.contains(&address)
        || RESERVED_V6.iter().any(|network| network.contains(&address))
    {
        Some(AddressRefused::Reserved)
    } else {
        None
    }
}

/// The IPv4 addresses that a translator or tunnel would deliver to.
fn embedded_v4(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let [.., a, b, c, d] = address.octets();
    let last = Ipv4Addr::new(a, b, c, d);
    let [_, _, e, f, g, h, ..] = address.octets();
    if NAT64.contains(&address) || COMPATIBLE.contains(&address) {
        vec![last]
    } else if SIX_TO_FOUR.contains(&address) {
        vec![Ipv4Addr::new(e, f, g, h)]
    } else if TEREDO.contains(&address) {
        let [_, _, _, _, i, j, k, l, ..] = address.octets();
        vec![Ipv4Addr::new(i, j, k, l), Ipv4Addr::new(!a, !b, !c, !d)]
    } else {
        Vec::new()
    }
}

const fn net4(octets: [u8; 4], prefix: u8) -> Ipv4Net {
    let [a, b, c, d] = octets;
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn net6(segments: [u16; 8], prefix: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> AddressGuard {
        AddressGuard::new(
            vec!["10.20.0.0/16".parse().unwrap()],
            vec![
                "0.0.0.0:3128".parse().unwrap(),
                "8.8.4.4:8443".parse().unwrap(),
            ],
        )
    }

    fn check(address: &str, purpose: Purpose) -> Result<(), AddressRefused> {
        guard().check(address.parse().unwrap(), purpose)
    }

    #[test]
    fn public_addresses_pass() {
        for address in [
            "1.1.1.1",
            "104.18.32.47",
            "172.15.255.255",
            "100.63.255.255",
            "2606:4700::1111",
            "2400:cb00::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert_eq!(check(address, Purpose::AiHost), Ok(()), "{address}");
        }
    }

    #[test]
    fn every_kind_of_inner_address_is_refused_in_every_spelling() {
        use AddressRefused::{LinkLocal, Loopback, Multicast, Private, Reserved, Unspecified};
        for (address, reason) in [
            ("127.0.0.1", Loopback),
            ("127.255.0.9", Loopback),
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Reserved),
            ("169.254.169.254", LinkLocal),
            ("224.0.0.1", Multicast),
            ("255.255.255.255", Multicast),
            ("10.0.0.1", Private),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.168.1.1", Private),
            ("100.64.0.1", Private),
            ("198.18.0.1", Reserved),
            ("198.51.100.1", Reserved),
            ("203.0.113.9", Reserved),
            ("240.0.0.1", Reserved),
            ("::1", Loopback),
            ("::", Unspecified),
            ("fe80::1", LinkLocal),
            ("ff02::1", Multicast),
            ("fd00::1", Private),
            ("fec0::1", Private),
            ("2001:db8::1", Reserved),
            ("100::1", Reserved),
            ("::ffff:127.0.0.1", Loopback),
            ("::ffff:10.0.0.1", Private),
            ("::127.0.0.1", Loopback),
            ("::192.168.1.1", Private),
            ("::8.8.8.8", Reserved),
            ("64:ff9b::127.0.0.1", Loopback),
            ("64:ff9b::a00:1", Private),
            ("64:ff9b:1::1.1.1.1", Private),
            ("2002:7f00:1::1", Loopback),
            ("2002:c0a8:101::1", Private),
            // The Teredo server is public, the client 192.168.1.1 (inverted).
            ("2001:0:808:808::3f57:fefe", Private),
            ("2001:0:a00:1::f7f7:f7f7", Private),
        ] {
            assert_eq!(check(address, Purpose::AiHost), Err(reason), "{address}");
        }
    }

    #[test]
    fn opened_private_networks_are_for_tunnels_only() {
        assert_eq!(check("10.20.3.4", Purpose::Tunnel), Ok(()));
        assert_eq!(check("::ffff:10.20.3.4", Purpose::Tunnel), Ok(()));
        assert_eq!(
            check("10.20.3.4", Purpose::AiHost),
            Err(AddressRefused::Private)
        );
        assert_eq!(
            check("10.21.3.4", Purpose::Tunnel),
            Err(AddressRefused::Private)
        );
    }

    #[test]
    fn a_setting_cannot_open_loopback() {
        let guard = AddressGuard::new(vec!["0.0.0.0/0".parse().unwrap()], Vec::new());
        assert_eq!(
            guard.check("127.0.0.1".parse().unwrap(), Purpose::Tunnel),
            Err(AddressRefused::Loopback)
        );
    }

    #[test]
    fn own_listeners_are_never_dialled() {
        for socket in ["10.20.3.4:3128", "8.8.4.4:8443", "[::ffff:8.8.4.4]:8443"] {
            assert_eq!(
                guard().check_socket(socket.parse().unwrap(), Purpose::Tunnel),
                Err(AddressRefused::OwnListener),
                "{socket}"
            );
        }
        for socket in ["10.20.3.4:80", "8.8.4.4:443", "9.9.9.9:3128"] {
            assert_eq!(
                guard().check_socket(socket.parse().unwrap(), Purpose::Tunnel),
                Ok(()),
                "{socket}"
            );
        }
    }
}
