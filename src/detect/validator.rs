//! Can this value be what it looks like? Structures and check digits of identifiers.
//!
//! In: a candidate as written. Out: Valid, Invalid, or Unknown where nothing can be checked.
//!
//! Never: context; a validator sees the value alone.

use crate::detect::birth_year::is_time;
use crate::detect::check_digit::{card, is_card, tax_code};
use crate::detect::disguised;
use crate::detect::mailbox::{mailbox, spelled_mailbox};
use crate::detect::password;
use crate::detect::phone::{landline, mobile};
use crate::model::finding::{Evidence, Validation};

macro_rules! validators {
    ($($variant:ident, $name:literal, $doc:literal;)+) => {
        /// A check that a rule can name.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(super) enum Validator {
            $(#[doc = $doc] $variant,)+
            /// Nothing to check: structure neither speaks for nor against.
            #[default]
            None,
        }

        impl Validator {
            /// Those that a rule can name.
            pub(super) const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name in rule packs.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ Self::None => "none" }
            }
        }
    };
}

validators! {
    CitizenId, "citizen_id", "12 digits: province, century and sex, year (TT 07/2016/TT-BCA).";
    CitizenIdShort, "citizen_id_short", "A citizen number without its leading zeros.";
    CitizenIdMisread, "citizen_id_misread", "A citizen number with letters that look like digits.";
    CardCode, "card_code", "The payload of an identity card's QR code, which the pattern knows.";
    CardLines, "card_lines", "The numbers in an identity card's machine-readable lines.";
    IdentityCardMisread, "identity_card_misread", "9 digits, in part letters that look like them.";
    Misread, "misread", "A number of which some figures were read as letters that look like them.";
    TenDigits, "ten_digits", "10 digits, torn, misread or without the first zero, that are no years.";
    TornCode, "torn_code", "A code of 7 to 12 digits, torn or misread, that are no years.";
    LuhnMisread, "luhn_misread", "The same with a check digit by Luhn's formula.";
    IdentityCard, "identity_card", "Digits that are not one digit repeated, nor years or a date.";
    BankAccount, "bank_account", "The same, and no card's number with its check digit.";
    PhoneVn, "phone_vn", "A Vietnamese mobile number; former prefixes are Unknown.";
    PhonePair, "phone_pair", "A mobile number with the last digits of another behind it.";
    PhoneMisread, "phone_misread", "A mobile number with letters that look like digits.";
    PhoneMisreadGrouped, "phone_misread_grouped", "The same in groups, mostly figures, for which no label is needed.";
    PhoneBackwards, "phone_backwards", "A mobile number from back to front.";
    LandlineVn, "landline_vn", "A Vietnamese landline, which no check can tell from an office's.";
    HealthInsurance, "health_insurance", "15 signs: group, benefit, province, 10 digits.";
    TaxCode, "tax_code", "10 digits with a check digit, or the 12 digits of a citizen.";
    Luhn, "luhn", "A check digit by Luhn's formula.";
    Email, "email", "A mailbox of a person, not of an office.";
    EmailSpelled, "email_spelled", "The same with its signs spelled or apart.";
    VehiclePlate, "vehicle_plate", "A plate with a province's number.";
    Secret, "secret_shaped", "A password or key: not a mask, a variable or one sign repeated.";
    Password, "password_shaped", "A password, and not a path, a date, a measure or a name in a program.";
    PasswordOfWords, "password_of_words", "A password of letters, and not a word that programs show there.";
    PasswordAlone, "password_alone", "A password that no sign parts from its label: letters with figures or signs.";
    Shaped, "shaped", "The pattern itself is proof enough.";
}

impl Validator {
    /// Reads the name in a rule pack.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == name)
    }

    /// What the validator says of the value. `year_now` bounds years of birth.
    pub(super) fn check(self, value: &str, year_now: i32) -> Validation {
        let value = whole_part(value);
        let digits: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).collect();
        match self {
            Self::CitizenIdShort => disguised::citizen_id_short(&digits, year_now),
            Self::CitizenIdMisread => disguised::citizen_id_misread(value, year_now),
            Self::IdentityCardMisread => disguised::identity_card_misread(value),
            Self::Misread => disguised::misread(value),
            Self::LuhnMisread => disguised::luhn_misread(value),
            Self::TenDigits => disguised::torn(value, 9..=10),
            Self::TornCode if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                Validation::Invalid
            }
            Self::TornCode => disguised::torn(value, 7..=12),
            Self::PhonePair => disguised::phone_pair(value),
            Self::PhoneMisread => disguised::phone_misread(value),
            Self::PhoneMisreadGrouped => disguised::phone_misread_grouped(value),
            Self::PhoneBackwards => disguised::phone_backwards(&digits),
            Self::CardCode => Validation::Valid,
            Self::CardLines => disguised::card_lines(&digits),
            Self::CitizenId => citizen_id(value, &digits, year_now),
            Self::IdentityCard => refuse_if(is_one_digit(&digits) || is_time(value)),
            Self::BankAccount => {
                refuse_if(is_one_digit(&digits) || is_time(value) || is_card(&digits))
            }
            Self::PhoneVn => mobile(value, &digits),
            Self::LandlineVn => landline(&digits),
            Self::HealthInsurance => health_insurance(value),
            Self::TaxCode => tax_code(&digits, year_now),
            Self::Luhn => card(&digits),
            Self::Email => mailbox(value),
            Self::EmailSpelled => spelled_mailbox(value),
            Self::VehiclePlate => plate(value, &digits),
            Self::Secret => valid_if(password::is_secret(value)),
            Self::Password => valid_if(password::is_likely(value) && password::is_secret(value)),
            Self::PasswordOfWords => valid_if(password::is_of_words(value)),
            Self::PasswordAlone => valid_if(password::stands_alone(value)),
            Self::Shaped => Validation::Valid,
            Self::None => Validation::Unknown,
        }
    }

    /// A value with fewer figures is never Valid nor Unknown.
    pub(super) const fn figures_min(self) -> usize {
        match self {
            Self::CitizenId | Self::CardCode => 12,
            Self::PhoneVn => 9,
            Self::CitizenIdShort
            | Self::CitizenIdMisread
            | Self::IdentityCardMisread
            | Self::Misread
            | Self::LuhnMisread
            | Self::TenDigits
            | Self::TornCode
            | Self::PhonePair
            | Self::PhoneMisread
            | Self::PhoneMisreadGrouped
            | Self::PhoneBackwards
            | Self::CardLines
            | Self::IdentityCard
            | Self::BankAccount
            | Self::LandlineVn
            | Self::HealthInsurance
            | Self::TaxCode
            | Self::Luhn
            | Self::Email
            | Self::EmailSpelled
            | Self::VehiclePlate
            | Self::Secret
            | Self::Password
            | Self::PasswordOfWords
            | Self::PasswordAlone
            | Self::Shaped
            | Self::None => 0,
        }
    }

    /// What it means that this validator said Valid.
    pub(super) const fn evidence(self) -> Evidence {
        match self {
            Self::TaxCode | Self::Luhn => Evidence::Checksum,
            Self::CardCode | Self::CardLines => Evidence::CardCode,
            Self::CitizenId
            | Self::CitizenIdShort
            | Self::CitizenIdMisread
            | Self::IdentityCardMisread
            | Self::Misread
            | Self::LuhnMisread
            | Self::TenDigits
            | Self::TornCode
            | Self::PhonePair
            | Self::PhoneMisread
            | Self::PhoneMisreadGrouped
            | Self::PhoneBackwards
            | Self::IdentityCard
            | Self::BankAccount
            | Self::PhoneVn
            | Self::LandlineVn
            | Self::HealthInsurance
            | Self::Email
            | Self::EmailSpelled
            | Self::VehiclePlate
            | Self::Secret
            | Self::Password
            | Self::PasswordOfWords
            | Self::PasswordAlone
            | Self::Shaped
            | Self::None => Evidence::Structure,
        }
    }
}

const fn valid_if(holds: bool) -> Validation {
    if holds {
        Validation::Valid
    } else {
        Validation::Invalid
    }
}

/// Invalid or Unknown: for identifiers that only can be ruled out.
pub(super) const fn refuse_if(refused: bool) -> Validation {
    if refused {
        Validation::Invalid
    } else {
        Validation::Unknown
    }
}

/// Whether the digits are one digit repeated.
pub(super) fn is_one_digit(digits: &[u8]) -> bool {
    digits
        .first()
        .is_none_or(|first| digits.iter().all(|digit| digit == first))
}

/// The value without the decimals that spreadsheets put behind whole numbers: `912345678.0`.
fn whole_part(value: &str) -> &str {
    let number = value
        .strip_suffix(['0'])
        .map(|rest| rest.strip_suffix('0').unwrap_or(rest))
        .and_then(|rest| rest.strip_suffix(['.', ',']));
    number
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or(value)
}

/// The number that the digits write.
fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Province codes that are not given (Phụ lục 1 TT 07/2016/TT-BCA lists 63 of 001 to 096).
const PROVINCES_MISSING: [u32; 33] = [
    3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53, 55, 57, 59, 61, 63, 65, 69,
    71, 73, 76, 78, 81, 85, 88, 90,
];

fn is_province(code: u32) -> bool {
    (1..=96).contains(&code) && !PROVINCES_MISSING.contains(&code)
}

/// Nghị định 137/2015/NĐ-CP Đ13, TT 07/2016/TT-BCA Đ7: three digits for the province, one for
/// century and sex, two for the year of birth, six at random. There is no check digit, so a
/// wrong structure is no veto: it is only Unknown.
pub(super) fn citizen_id(value: &str, digits: &[u8], year_now: i32) -> Validation {
    if digits.len() != 12 || is_one_digit(digits) {
        return Validation::Invalid;
    }
    let part = |from, to| digits.get(from..to).and_then(number);
    let (Some(province), Some(century), Some(year)) = (part(0, 3), part(3, 4), part(4, 6)) else {
        return Validation::Invalid;
    };
    let born = 1900 + 100 * (century / 2) + year;
    let lives = i32::try_from(born).is_ok_and(|born| (year_now - 120..=year_now).contains(&born));
    if is_province(province) && century <= 3 && lives && is_regular(value) {
        Validation::Valid
    } else {
        Validation::Unknown
    }
}

/// Whether the digits are written as one run or in the usual groups.
fn is_regular(value: &str) -> bool {
    let groups: Vec<usize> = value
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .collect();
    // Lines of a list, spans of pages.
    if ["\n", " - ", " . "].iter().any(|sign| value.contains(sign)) {
        return false;
    }
    match groups.as_slice() {
        // A decimal has such halves, too.
        [6, 6] => !value.contains('.'),
        [12] | [4, 4, 4] | [3, 3, 3, 3] | [3, 6, 3] | [3, 3, 6] | [3, 1, 2, 6] => true,
        _ => false,
    }
}

/// The subject codes of QĐ 1351/QĐ-BHXH.
const INSURED_GROUPS: &str = include_str!("../../patterns/words/insured_groups.txt");

fn health_insurance(value: &str) -> Validation {
    let signs: String = value
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let (Some(group), Some(benefit), Some(province)) =
        (signs.get(..2), signs.get(2..3), signs.get(3..5))
    else {
        return Validation::Invalid;
    };
    let known = INSURED_GROUPS.split_ascii_whitespace().any(|g| g == group);
    let province = province
        .parse()
        .is_ok_and(|code| is_province(code) || code == 97);
    // "TK" before 13 digits is an account.
    let is_account = value
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("tk "))
        && value.bytes().filter(u8::is_ascii_digit).count() + 3 == value.len();
    let known = known && !is_account;
    match (
        signs.len() == 15 && matches!(benefit, "1" | "2" | "3" | "4" | "5"),
        known && province,
    ) {
        (true, true) => Validation::Valid,
        (true, false) => Validation::Unknown,
        (false, _) => Validation::Invalid,
    }
}

/// Plates: provinces 11 to 99 without those that are not given (TT 79/2024/TT-BCA).
fn plate(value: &str, digits: &[u8]) -> Validation {
    let province = digits.get(..2).and_then(number);
    let given = province.is_some_and(|code| {
        (11..=99).contains(&code) && ![13, 42, 44, 45, 46, 87, 91, 96].contains(&code)
    });
    if value.starts_with(|c: char| c.is_ascii_digit()) {
        valid_if(given)
    } else {
        Validation::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str) -> Validation {
        Validator::parse(name).unwrap().check(value, 2026)
    }

    #[test]
    fn citizen_ids_are_valid_by_province_century_and_year() {
        assert_eq!(check("citizen_id", "001099000001"), Validation::Valid);
        assert_eq!(check("citizen_id", "0012 0900 0001"), Validation::Valid);
        assert_eq!(check("citizen_id", "003099000001"), Validation::Unknown);
        assert_eq!(check("citizen_id", "001299000001"), Validation::Unknown);
        assert_eq!(check("citizen_id", "000000000000"), Validation::Invalid);
    }

    #[test]
    fn mobile_numbers_are_told_from_landlines_and_hotlines() {
        for valid in [
            "0900000001",
            "+84 900 000 001",
            "0084900000001",
            "84 (0) 900000001",
        ] {
            assert_eq!(check("phone_vn", valid), Validation::Valid, "{valid}");
        }
        assert_eq!(check("phone_vn", "03.3106.0403"), Validation::Unknown);
        assert_eq!(check("phone_vn", "02438250000"), Validation::Invalid);
        assert_eq!(check("landline_vn", "024 3825 0000"), Validation::Unknown);
        assert_eq!(check("phone_vn", "19001234"), Validation::Invalid);
        assert_eq!(check("phone_vn", "1900 123 456"), Validation::Invalid);
    }

    #[test]
    fn health_cards_are_valid_by_group_and_province() {
        assert_eq!(
            check("health_insurance", "DN4010000000001"),
            Validation::Valid
        );
        assert_eq!(
            check("health_insurance", "DN 4 01 00 00000001"),
            Validation::Valid
        );
        assert_eq!(
            check("health_insurance", "ZZ4010000000001"),
            Validation::Unknown
        );
    }
}
