//! How is a finding told to the clerk, in one line?
//!
//! In: a label, a masked value, a count. Out: "số điện thoại: 2, ví dụ …01".
//!
//! Never: an unmasked value.

use crate::inspect::FoundForPeople;
use crate::model::category::Category;
use crate::model::thousands::grouped;

/// One line of what was found, masked. The official name of the identity number is not the one that
/// everybody says, so both stand here once.
pub(super) fn found_line(found: &FoundForPeople) -> String {
    let label = if found.label == Category::CitizenId.label() {
        format!("{} (số căn cước, CCCD)", found.label)
    } else {
        found.label.to_owned()
    };
    let count = grouped(u64::from(found.count));
    let masked = found.masked.trim();
    let example = masked.strip_prefix(found.label).unwrap_or(masked).trim();
    if example.is_empty() {
        format!("{label}: {count}")
    } else {
        format!("{label}: {count}, ví dụ {example}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_that_repeats_its_label_is_not_said_twice() {
        let line = |masked: &str| {
            found_line(&FoundForPeople {
                label: Category::PhoneNumber.label(),
                masked: masked.to_owned(),
                count: 2,
            })
        };
        assert_eq!(line("số điện thoại …01"), "số điện thoại: 2, ví dụ …01");
        assert_eq!(line("SDT …01"), "số điện thoại: 2, ví dụ SDT …01");
        assert_eq!(line(""), "số điện thoại: 2");
    }
}
