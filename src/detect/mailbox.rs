//! Is this a person's mailbox or an office's?
//!
//! A mailbox at a host of the state is an office's, whoever's name it bears: it stands in the
//! letterheads and contact lines of public documents.
//!
//! In: an address. Out: Valid for a person's, Invalid for an office's or no mailbox at all,
//! Unknown at hosts reserved for examples (RFC 2606): beside a label somebody means a person.
//!
//! Never: whether the mailbox exists.

use crate::model::finding::Validation;

/// Words of mailboxes that are no person's, anywhere.
const ROLES: [&str; 35] = [
    "admin",
    "bbt",
    "bienso",
    "contact",
    "cskh",
    "dangky",
    "donotreply",
    "feedback",
    "git",
    "gopy",
    "hello",
    "help",
    "helpdesk",
    "hoidap",
    "hotline",
    "hotro",
    "hr",
    "info",
    "lienhe",
    "mail",
    "marketing",
    "media",
    "no-reply",
    "noreply",
    "office",
    "phananh",
    "postmaster",
    "press",
    "sales",
    "security",
    "support",
    "toasoan",
    "tuyendung",
    "vanphong",
    "vanthu",
];

/// What the address is.
pub(super) fn mailbox(value: &str) -> Validation {
    let folded = value.to_ascii_lowercase();
    let Some((mailbox, host)) = folded.rsplit_once('@') else {
        return Validation::Invalid;
    };
    let words = || mailbox.split(['.', '_', '-']);
    let is_role = ROLES.contains(&mailbox) || words().any(|word| ROLES.contains(&word));
    let is_office = host == "gov.vn" || host.ends_with(".gov.vn");
    let is_file = [".png", ".jpg", ".svg", ".css", ".js"]
        .iter()
        .any(|end| host.ends_with(end));
    if is_role || is_office || is_file || host == "domain.com" {
        Validation::Invalid
    } else if matches!(host, "example.com" | "example.org" | "example.net") {
        Validation::Unknown
    } else {
        Validation::Valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_of_offices_are_no_persons() {
        for (address, meant) in [
            ("nguyenvanthu@gmail.com", Validation::Valid),
            ("sonnv@hanoi.edu.vn", Validation::Valid),
            ("sonnv@hanoi.gov.vn", Validation::Invalid),
            ("ubndxavidu@hanoi.gov.vn", Validation::Invalid),
            ("hotro@vidu.vn", Validation::Invalid),
            ("thu.nguyen@example.com", Validation::Unknown),
        ] {
            assert_eq!(mailbox(address), meant, "{address}");
        }
    }
}
