//! Which hosts are never opened, whatever a catalogue or a setting says?
//!
//! State services, banks, digital signatures and private chats: intercepting them would serve no
//! purpose of this program and would put what it must not see within its reach. The list is part
//! of the program on purpose; no file can shorten it.

use std::sync::LazyLock;

use crate::service::host::{HostPattern, HostTable, folded};

/// Each domain stands for itself and everything below it.
const DOMAINS: &[&str] = &[
    // State organs, VNeID, the public service portals, ca.gov.vn.
    "gov.vn",
    // Banks and payment.
    "abbank.vn",
    "acb.com.vn",
    "agribank.com.vn",
    "baca-bank.vn",
    "baovietbank.vn",
    "bidv.com.vn",
    "bvbank.net.vn",
    "cake.vn",
    "cimbbank.com.vn",
    "co-opbank.vn",
    "eximbank.com.vn",
    "hdbank.com.vn",
    "hdbank.vn",
    "hlbank.com.vn",
    "hsbc.com.vn",
    "indovinabank.com.vn",
    "kienlongbank.com",
    "lienvietpostbank.com.vn",
    "lpbank.com.vn",
    "mbbank.com.vn",
    "mbv.com.vn",
    "momo.vn",
    "msb.com.vn",
    "namabank.com.vn",
    "napas.com.vn",
    "ncb-bank.vn",
    "ocb.com.vn",
    "pgbank.com.vn",
    "publicbank.com.vn",
    "pvcombank.com.vn",
    "sacombank.com",
    "sacombank.com.vn",
    "saigonbank.com.vn",
    "scb.com.vn",
    "seabank.com.vn",
    "shb.com.vn",
    "shinhan.com.vn",
    "techcombank.com",
    "techcombank.com.vn",
    "timo.vn",
    "tpb.vn",
    "uob.com.vn",
    "vbsp.org.vn",
    "vcbneo.com.vn",
    "vib.com.vn",
    "vietabank.com.vn",
    "vietbank.com.vn",
    "vietcombank.com.vn",
    "vietinbank.vn",
    "vikkibank.vn",
    "vnpay.vn",
    "vpbank.com.vn",
    "wooribank.com.vn",
    "zalopay.vn",
    // Digital signatures.
    "bkavca.vn",
    "ca2.vn",
    "cavn.vn",
    "easyca.vn",
    "fastca.vn",
    "fpt-ca.com.vn",
    "intrustca.vn",
    "misa-ca.vn",
    "mysign.vn",
    "newca.vn",
    "safeca.vn",
    "smartca.vnpt.vn",
    "smartsign.com.vn",
    "trustca.vn",
    "viettel-ca.vn",
    "vnpt-ca.vn",
    "winca.vn",
    // Private chats.
    "zalo.me",
    "zaloapp.com",
    "zdn.vn",
    "zadn.vn",
];

/// Hosts below a listed domain that are not what the domain is listed for.
const OPEN: &[&str] = &[
    // Public chat bots of Zalo AI, not conversations between people.
    "chatbot.zalo.me",
];

static TABLE: LazyLock<HostTable<bool>> = LazyLock::new(|| {
    let mut table = HostTable::new();
    for domain in DOMAINS {
        *table.entry(&HostPattern::Exact((*domain).to_owned())) = true;
        *table.entry(&HostPattern::Below((*domain).to_owned())) = true;
    }
    for host in OPEN {
        *table.entry(&HostPattern::Exact((*host).to_owned())) = false;
    }
    table
});

/// Whether a host is never intercepted.
pub fn is_never_intercepted(host: &str) -> bool {
    folded(host).is_some_and(|host| TABLE.covering(&host).next().copied().unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_banks_signatures_and_private_chats_stay_closed() {
        for host in [
            "gov.vn",
            "dichvucong.gov.vn",
            "VNeID.gov.vn.",
            "www.vietcombank.com.vn",
            "vbsp.org.vn",
            "chat.zalo.me",
            "zalo.me",
            "smartca.vnpt.vn",
        ] {
            assert!(is_never_intercepted(host), "{host}");
        }
    }

    #[test]
    fn ai_services_of_the_same_houses_are_not_private_chats() {
        for host in [
            "zalo.ai",
            "kiki.zalo.ai",
            "chatbot.zalo.me",
            "viettelai.vn",
            "vnpt.vn",
        ] {
            assert!(!is_never_intercepted(host), "{host}");
        }
    }

    #[test]
    fn look_alikes_are_not_covered() {
        for host in [
            "gov.vn.example.com",
            "mygov.vn",
            "evilzalo.me",
            "127.0.0.1",
            "",
        ] {
            assert!(!is_never_intercepted(host), "{host}");
        }
    }

    #[test]
    fn every_listed_domain_is_a_host_name() {
        for domain in DOMAINS.iter().chain(OPEN) {
            assert_eq!(folded(domain).as_deref(), Some(*domain));
        }
    }
}
