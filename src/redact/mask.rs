//! What may be shown of a value to a reviewer? Its label and a trace to tell it from others.

use unicode_normalization::UnicodeNormalization;

use crate::model::category::Category;
use crate::model::incident::MaskedExcerpt;

/// Digits shown at the end of a number.
const DIGITS_SHOWN: usize = 2;
/// Digits a number must have before any is shown: of a short one, two are too much.
const DIGITS_MIN: usize = 6;
/// Initials shown of a name.
const INITIALS_MAX: usize = 5;

/// The label with the last two digits, or with initials for a name. Never surrounding words, and
/// nothing of a record: a disease must not stand beside a name.
pub fn mask(category: Category, value: &str) -> MaskedExcerpt {
    let trace = match category {
        Category::CitizenId
        | Category::IdentityCard
        | Category::PhoneNumber
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
        | Category::PatientCode => last_digits(value),
        Category::PersonName => initials(value),
        Category::EmailAddress => value
            .nfkc()
            .find(|c| c.is_alphanumeric())
            .map(|c| format!("{c}…")),
        Category::BirthDate
        | Category::HomeAddress
        | Category::PersonalRecord
        | Category::HealthRecord
        | Category::StudentRecord
        | Category::WelfareRecord
        | Category::SensitiveRecord
        | Category::IdentityCardImage
        | Category::StateSecret
        | Category::InternalDocument
        | Category::Credential => None,
    };
    let label = category.label();
    MaskedExcerpt(trace.map_or_else(|| label.to_owned(), |trace| format!("{label} {trace}")))
}

fn last_digits(value: &str) -> Option<String> {
    let digits: Vec<char> = value.nfkc().filter(char::is_ascii_digit).collect();
    let shown = digits.get(digits.len().checked_sub(DIGITS_SHOWN)?..)?;
    (digits.len() >= DIGITS_MIN).then(|| format!("…{}", shown.iter().collect::<String>()))
}

fn initials(name: &str) -> Option<String> {
    let name: String = name.nfc().collect();
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let initials: String = letters
        .take(INITIALS_MAX)
        .flat_map(|letter| letter.to_uppercase().chain(['.']))
        .collect();
    (!initials.is_empty()).then_some(initials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_the_label_and_a_trace() {
        for (category, value, expected) in [
            (
                Category::CitizenId,
                "001 099 000 001",
                "số định danh cá nhân …01",
            ),
            (Category::PhoneNumber, "+84900000001", "số điện thoại …01"),
            (Category::VehiclePlate, "29A-123.45", "biển số xe …45"),
            (Category::PersonName, "Nguyễn Văn Thử", "họ và tên N.V.T."),
            (Category::PersonName, "đỗ thị mẫu", "họ và tên Đ.T.M."),
            (
                Category::EmailAddress,
                "thu@example.vn",
                "địa chỉ thư điện tử t…",
            ),
            (Category::StudentCode, "1234", "mã định danh học sinh"),
            (
                Category::HealthRecord,
                "Nguyễn Văn Thử, viêm gan",
                "thông tin sức khỏe của người bệnh",
            ),
            (
                Category::Credential,
                "mật khẩu 123456",
                "mật khẩu, mã xác thực, khóa truy cập",
            ),
            (Category::PersonName, "", "họ và tên"),
        ] {
            assert_eq!(mask(category, value).0, expected);
        }
    }

    proptest! {
        #[test]
        fn never_shows_more_than_a_trace(
            value in "\\PC{0,40}",
            category in proptest::sample::select(Category::ALL),
        ) {
            let shown = mask(category, &value).0;
            let trace = shown.strip_prefix(category.label()).unwrap();
            prop_assert!(trace.chars().filter(|c| c.is_alphanumeric()).count() <= 3 * INITIALS_MAX);
            prop_assert!(trace.chars().filter(char::is_ascii_digit).count() <= DIGITS_SHOWN);
        }
    }
}
