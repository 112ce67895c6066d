//! Is this a person's mailbox or an office's?
//!
//! A mailbox at a host of the state is an office's, whoever's name it bears: it stands in the
//! letterheads and contact lines of public documents.
//!
//! In: an address. Out: Valid for a person's, Invalid for an office's or no mailbox at all,
//! Unknown at hosts of examples (RFC 2606, and what people make after it): beside a label somebody
//! means a person.
//!
//! Never: whether the mailbox exists.

use crate::model::finding::Validation;

/// Words of mailboxes that are no person's, anywhere.
const ROLES: [&str; 74] = [
    "abuse",
    "admin",
    "attt",
    "banbientap",
    "baotang",
    "bbt",
    "bienso",
    "billing",
    "booking",
    "bug",
    "bugs",
    "cntt",
    "congty",
    "contact",
    "cskh",
    "cty",
    "dangky",
    "daotao",
    "devel",
    "ditich",
    "donotreply",
    "dulich",
    "duongdaynong",
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
    "kinhdoanh",
    "lienhe",
    "mail",
    "marketing",
    "media",
    "newsletter",
    "no-reply",
    "noreply",
    "notifications",
    "office",
    "order",
    "phananh",
    "phapche",
    "postmaster",
    "press",
    "privacy",
    "quangcao",
    "sale",
    "sales",
    "security",
    "service",
    "shop",
    "store",
    "subscribe",
    "support",
    "team",
    "thuvien",
    "tiepdan",
    "tiepnhan",
    "toasoan",
    "tochuc",
    "truyenthong",
    "tuvan",
    "tuyendung",
    "tuyensinh",
    "users",
    "vanphong",
    "vanthu",
    "webmaster",
    "webteam",
];

/// What the mailboxes of offices begin with, and no person's name does.
const OFFICES: [&str; 24] = [
    "ubnd",
    "ubmttq",
    "mttq",
    "thcs",
    "thpt",
    "tieuhoc",
    "mamnon",
    "mgtruong",
    "truongth",
    "tramyte",
    "trungtam",
    "benhvien",
    "vanphong",
    "vanthu",
    "motcua",
    "phongvh",
    "phongkt",
    "phonggd",
    "phongkinh",
    "phongnoi",
    "vpdk",
    "congdoan",
    "doanthanhnien",
    "dannguyen",
];
/// Hosts of the state beside `gov.vn`.
const STATE_HOSTS: [&str; 4] = ["gov.vn", "quochoi.vn", "chinhphu.vn", "dcs.vn"];

/// Whether the mailbox is a school's by its level, or a class's: `c12vidu`, `th.vidu`, `mnhoahong`,
/// `lop8a`.
fn is_of_school(mailbox: &str) -> bool {
    let level = mailbox.strip_prefix('c').is_some_and(|rest| {
        let name = rest.trim_start_matches(['1', '2', '3']);
        (1..=2).contains(&(rest.len() - name.len())) && name.len() > 2
    });
    let kind = ["th", "mn", "mg", "pt", "pgd", "sgd"].iter().any(|kind| {
        mailbox
            .strip_prefix(kind)
            .is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    });
    let is_of_class = mailbox
        .strip_prefix("lop")
        .is_some_and(|class| class.starts_with(|c: char| c.is_ascii_digit()));
    level
        || is_of_class
        || kind
        || mailbox
            .strip_prefix("mn")
            .is_some_and(|name| !name.starts_with('g'))
}

/// What the address is.
pub(super) fn mailbox(value: &str) -> Validation {
    let folded = value.to_ascii_lowercase();
    let Some((mailbox, host)) = folded.rsplit_once('@') else {
        return Validation::Invalid;
    };
    let words = || mailbox.split(['.', '_', '-']);
    let is_role = ROLES.contains(&mailbox) || words().any(|word| ROLES.contains(&word));
    let is_state = STATE_HOSTS.iter().any(|state| {
        host.strip_suffix(state)
            .is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    });
    // Many read what is sent to a list.
    let is_list = ["lists.", "list.", "bugs.", "groups.", "googlegroups."]
        .iter()
        .any(|lists| host.starts_with(lists));
    let is_office = is_state
        || is_list
        || OFFICES.iter().any(|office| mailbox.starts_with(office))
        || host.ends_with("edu.vn") && is_of_school(mailbox);
    let is_file = [".png", ".jpg", ".svg", ".css", ".js"]
        .iter()
        .any(|end| host.ends_with(end));
    if is_role || is_office || is_file || host == "domain.com" {
        Validation::Invalid
    } else if host.split('.').any(|label| label == "example") {
        Validation::Unknown
    } else {
        Validation::Valid
    }
}

/// The same of an address whose signs are spelled or stand apart: "mauthu (at) gmail (dot) com".
pub(super) fn spelled_mailbox(value: &str) -> Validation {
    const AT: [&str; 8] = [
        "(at)",
        "[at]",
        "( at )",
        "[ at ]",
        "(a còng)",
        "[a còng]",
        "a còng",
        "(a cong)",
    ];
    const DOT: [&str; 8] = [
        "(dot)", "[dot]", "( dot )", "[ dot ]", "(chấm)", "[chấm]", "chấm", "(cham)",
    ];
    let small = value.to_lowercase();
    let signed = AT.iter().fold(small, |text, at| text.replace(at, "@"));
    let (mailbox, host) = signed.rsplit_once('@').unwrap_or((&signed, ""));
    let host = DOT
        .iter()
        .fold(host.to_owned(), |text, dot| text.replace(dot, "."));
    let whole = format!("{mailbox}@{host}").replace([',', ';'], ".");
    self::mailbox(&whole.replace(' ', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelled_signs_are_read() {
        for (address, meant) in [
            ("mauthu_81 (at) gmail (dot) com", Validation::Valid),
            ("mauthu.9a @ gmail.com", Validation::Valid),
            ("mauthu2009@gmail,com", Validation::Valid),
            ("mauthu81 a còng gmail chấm com", Validation::Valid),
            ("info [at] vidu [dot] vn", Validation::Invalid),
            ("vanthu.vidu @ quangnam.gov.vn", Validation::Invalid),
        ] {
            assert_eq!(spelled_mailbox(address), meant, "{address}");
        }
    }

    #[test]
    fn mailboxes_of_offices_are_no_persons() {
        for (address, meant) in [
            ("nguyenvanthu@gmail.com", Validation::Valid),
            ("sonnv@hanoi.edu.vn", Validation::Valid),
            ("sonnv@hanoi.gov.vn", Validation::Invalid),
            ("ubndxavidu@hanoi.gov.vn", Validation::Invalid),
            ("hotro@vidu.vn", Validation::Invalid),
            ("c12vidu@hanoi.edu.vn", Validation::Invalid),
            ("th.vidu@hanoi.edu.vn", Validation::Invalid),
            ("mnhoahong@hanoi.edu.vn", Validation::Invalid),
            ("tramyte.vidu@gmail.com", Validation::Invalid),
            ("dannguyen@quochoi.vn", Validation::Invalid),
            ("thanhnv@hanoi.edu.vn", Validation::Valid),
            ("mnguyen@hanoi.edu.vn", Validation::Valid),
            ("chinh.tt@hanoi.edu.vn", Validation::Valid),
            ("vidu-devel@lists.vidu.org", Validation::Invalid),
            ("bug-vidu@gnu.org", Validation::Invalid),
            ("thu.nguyen@example.com", Validation::Unknown),
        ] {
            assert_eq!(mailbox(address), meant, "{address}");
        }
    }
}
