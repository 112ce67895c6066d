//! What do the words of a policy file stand for?

use crate::model::category::{Category, Ground};
use crate::policy::decide::is_identifier;

/// The words for several categories at once.
pub(super) const GROUPS: [&str; 4] = ["any", "identifiers", "records", "markings"];

/// The legal grounds by their letters.
pub(super) const GROUNDS: [Ground; 10] = [
    Ground::Ethnicity,
    Ground::Belief,
    Ground::PrivateLife,
    Ground::Health,
    Ground::Biometrics,
    Ground::SexualLife,
    Ground::Crime,
    Ground::Location,
    Ground::IdentityCard,
    Ground::Finance,
];

/// How alike two words must be for one to be offered for the other (Jaro-Winkler).
const LIKENESS_MIN: f64 = 0.75;

/// The categories that a word stands for.
pub(super) fn group(word: &str) -> Option<Vec<Category>> {
    let those = |is_meant: fn(Category) -> bool| {
        let all = Category::ALL.iter().copied();
        Some(all.filter(|category| is_meant(*category)).collect())
    };
    match word {
        "any" => those(|_| true),
        "identifiers" => those(is_identifier),
        "records" => those(Category::is_record),
        "markings" => Some(vec![Category::StateSecret, Category::InternalDocument]),
        name => Category::parse(name).map(|category| vec![category]),
    }
}

/// The remedy for an unknown word: the nearest known, or all of them.
pub(super) fn offer(word: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|other| (strsim::jaro_winkler(word, other), other))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, other)) if likeness >= LIKENESS_MIN => format!("did you mean \"{other}\"?"),
        Some(_) | None => format!("write one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_in_any_and_identifiers_and_records_are_apart() {
        assert_eq!(group("any").unwrap(), Category::ALL);
        let records = group("records").unwrap();
        assert!(
            group("identifiers")
                .unwrap()
                .iter()
                .all(|one| !records.contains(one))
        );
        assert_eq!(group("citizen_id").unwrap(), [Category::CitizenId]);
        assert_eq!(group("citizen"), None);
    }

    #[test]
    fn the_nearest_word_is_offered_or_all_of_them() {
        assert_eq!(
            offer("promt", &["prompt", "upload"]),
            "did you mean \"prompt\"?"
        );
        assert_eq!(
            offer("zzz", &["prompt", "upload"]),
            "write one of prompt, upload"
        );
    }
}
