//! Is this a person's mailbox or an office's?
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

/// Beginnings of mailboxes of organs and their tasks, at hosts of the state.
const ORGANS: [&str; 38] = [
    "ubnd",
    "hdnd",
    "vpub",
    "vphdnd",
    "ttpvhcc",
    "hcc",
    "tthc",
    "motcua",
    "congan",
    "tram",
    "truong",
    "mttq",
    "vhxh",
    "tiepcongdan",
    "tcd",
    "vanphong",
    "vpdk",
    "phong",
    "phuong",
    "kinhte",
    "ktht",
    "hatang",
    "dothi",
    "tuphap",
    "hotich",
    "diachinh",
    "ketoan",
    "taichinh",
    "noivu",
    "chuyendoiso",
    "cds",
    "cchc",
    "thanhtra",
    "dangky",
    "doanthanhnien",
    "hoiphunu",
    "soyte",
    "banqlda",
];

/// Words that are an organ only whole: people are called Sơn, Bang, Xuân.
const ORGAN_WORDS: [&str; 6] = ["vp", "so", "ban", "bo", "xa", "dang"];

/// What the address is.
pub(super) fn mailbox(value: &str) -> Validation {
    let folded = value.to_ascii_lowercase();
    let Some((mailbox, host)) = folded.rsplit_once('@') else {
        return Validation::Invalid;
    };
    let words = || mailbox.split(['.', '_', '-']);
    let is_role = ROLES.contains(&mailbox) || words().any(|word| ROLES.contains(&word));
    let is_office = host.ends_with(".gov.vn") && (is_office(mailbox) || words().any(is_office));
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

fn is_office(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    ORGAN_WORDS.contains(&bare) || ORGANS.iter().any(|organ| word.starts_with(organ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_of_offices_are_no_persons() {
        for (address, meant) in [
            ("nguyenvanthu@gmail.com", Validation::Valid),
            ("sonnv@hanoi.gov.vn", Validation::Valid),
            ("ubndxavidu@hanoi.gov.vn", Validation::Invalid),
            ("vhxh.vidu@hanoi.gov.vn", Validation::Invalid),
            ("xavidu.motcua@vidu.gov.vn", Validation::Invalid),
            ("tiepcongdan@vidu.gov.vn", Validation::Invalid),
            ("hotro@vidu.vn", Validation::Invalid),
            ("thu.nguyen@example.com", Validation::Unknown),
        ] {
            assert_eq!(mailbox(address), meant, "{address}");
        }
    }
}
