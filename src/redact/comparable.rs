//! When are two spellings the same value? When their comparable forms are equal.

use unicode_normalization::UnicodeNormalization;

use crate::model::category::Category;

/// The country code of Viet Nam, as telephone numbers carry it.
const COUNTRY_CODE: &str = "84";

/// The one form of a value: separators, case and compatibility forms undone where they say
/// nothing. `0123 4567 8901` and `012345678901` are one number.
pub(super) fn comparable(category: Category, value: &str) -> String {
    match category {
        Category::PhoneNumber => national(&letters_and_digits(value)),
        Category::CitizenId
        | Category::IdentityCard
        | Category::TaxCode
        | Category::SocialInsuranceNumber
        | Category::HealthInsuranceNumber
        | Category::PassportNumber
        | Category::DrivingLicence
        | Category::VehiclePlate
        | Category::BankAccount
        | Category::BankCard
        | Category::LandCertificate
        | Category::StudentCode
        | Category::PatientCode => letters_and_digits(value),
        Category::EmailAddress
        | Category::PersonName
        | Category::BirthDate
        | Category::HomeAddress
        | Category::PersonalRecord
        | Category::HealthRecord
        | Category::StudentRecord
        | Category::WelfareRecord
        | Category::SensitiveRecord
        | Category::IdentityCardImage
        | Category::StateSecret
        | Category::InternalDocument => {
            let folded = value.nfkc().collect::<String>().to_lowercase();
            folded.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        // In a password every character counts.
        Category::Credential => value.to_owned(),
    }
}

fn letters_and_digits(value: &str) -> String {
    let letters = value.nfkc().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_uppercase).collect()
}

/// A telephone number as it is dialled within the country: `+84 900 000 001` is `0900000001`.
fn national(digits: &str) -> String {
    match digits.strip_prefix(COUNTRY_CODE) {
        Some(rest) if digits.len() >= 11 => {
            format!("0{}", rest.strip_prefix('0').unwrap_or(rest))
        }
        Some(_) | None => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_equal() {
        for (category, a, b) in [
            (Category::CitizenId, "001099000001", "001 099 000 001"),
            (Category::CitizenId, "001099000001", "001.099.000.001"),
            (Category::CitizenId, "001099000001", "001099000001"),
            (Category::PhoneNumber, "0900000001", "+84 900 000 001"),
            (Category::PhoneNumber, "0900.000.001", "(+84) 0900000001"),
            (Category::VehiclePlate, "29a-123.45", "29A12345"),
            (
                Category::PersonName,
                "NGUYỄN  VĂN THỬ",
                "Nguye\u{302}\u{303}n Va\u{306}n Thu\u{31b}\u{309}",
            ),
            (Category::EmailAddress, "Thu@Example.vn", "thu@example.vn"),
        ] {
            assert_eq!(comparable(category, a), comparable(category, b), "{a} {b}");
        }
    }

    #[test]
    fn different_values_stay_different() {
        for (category, a, b) in [
            (Category::CitizenId, "001099000001", "001099000002"),
            (Category::PersonName, "Nguyễn Văn Thử", "Nguyễn Văn Thứ"),
            (Category::Credential, "abc", "ABC"),
            (Category::PhoneNumber, "8490000001", "090000001"),
        ] {
            assert_ne!(comparable(category, a), comparable(category, b), "{a} {b}");
        }
    }
}
