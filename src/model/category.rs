//! What kinds of protected information are there, and how grave is each?
//!
//! The names are a contract: rules, metrics, incidents and `lachan scan` all use them.

use std::fmt;

/// How grave a finding or incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A single identifier.
    Low,
    /// A record of a person.
    Medium,
    /// What NĐ 356/2025/NĐ-CP Đ4.1 names, children, credentials, five or more people.
    High,
    /// A state secret.
    Critical,
}

impl Severity {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "thấp",
            Self::Medium => "trung bình",
            Self::High => "cao",
            Self::Critical => "rất cao",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

/// The letter of NĐ 356/2025/NĐ-CP Đ4.1 under which data are sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// a: race, ethnicity.
    Ethnicity,
    /// b: politics, religion, belief.
    Belief,
    /// c: private life, personal and family secrets.
    PrivateLife,
    /// d: health.
    Health,
    /// đ: biometrics, genetics.
    Biometrics,
    /// e: sexual life and orientation.
    SexualLife,
    /// g: crime and offences.
    Crime,
    /// h: location by positioning.
    Location,
    /// i: log-in data of electronic identity, pictures of identity cards.
    IdentityCard,
    /// k: bank access, cards, transactions, finance, insurance.
    Finance,
}

impl Ground {
    /// The letter as the decree writes it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Ethnicity => "a",
            Self::Belief => "b",
            Self::PrivateLife => "c",
            Self::Health => "d",
            Self::Biometrics => "đ",
            Self::SexualLife => "e",
            Self::Crime => "g",
            Self::Location => "h",
            Self::IdentityCard => "i",
            Self::Finance => "k",
        }
    }
}

/// The level of a state-secret marking: A tuyệt mật, B tối mật, C mật.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretLevel {
    /// Tuyệt mật.
    A,
    /// Tối mật.
    B,
    /// Mật.
    C,
}

impl SecretLevel {
    /// The letter kept in the incident.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// The level as people say it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::A => "Tuyệt mật",
            Self::B => "Tối mật",
            Self::C => "Mật",
        }
    }
}

macro_rules! categories {
    ($($variant:ident, $name:literal, $label:literal, $placeholder:literal, $severity:ident, $doc:literal;)+) => {
        /// A kind of protected information.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category {
            $(#[doc = $doc] $variant,)+
        }

        impl Category {
            /// Every category, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The contract's name, as in rules, metrics and incidents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The label shown to people, in Vietnamese.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The ASCII capitals that open a placeholder of this category.
            pub const fn placeholder_label(self) -> &'static str {
                match self { $(Self::$variant => $placeholder,)+ }
            }

            /// The severity of one finding of this category.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// Reads the contract's name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

categories! {
    CitizenId, "citizen_id", "số định danh cá nhân", "CCCD", Low, "Số định danh cá nhân (CCCD), 12 digits: Luật Căn cước 26/2023/QH15 Đ12.";
    IdentityCard, "identity_card", "số chứng minh nhân dân (9 số)", "CMND", Low, "Chứng minh nhân dân, 9 digits.";
    PhoneNumber, "phone_number", "số điện thoại", "SDT", Low, "A person's telephone number.";
    TaxCode, "tax_code", "mã số thuế của cá nhân", "MST", Low, "A person's tax code (TT 86/2024/TT-BTC).";
    SocialInsuranceNumber, "social_insurance_number", "mã số bảo hiểm xã hội", "BHXH", Low, "Social insurance number.";
    HealthInsuranceNumber, "health_insurance_number", "mã số thẻ bảo hiểm y tế", "BHYT", Low, "Health insurance card number.";
    PassportNumber, "passport_number", "số hộ chiếu", "HC", Low, "Passport number.";
    DrivingLicence, "driving_licence", "số giấy phép lái xe", "GPLX", Low, "Driving licence number.";
    VehiclePlate, "vehicle_plate", "biển số xe", "BSX", Low, "Vehicle registration plate.";
    BankAccount, "bank_account", "số tài khoản ngân hàng", "STK", High, "Bank account number (NĐ 356/2025 Đ4.1.k).";
    BankCard, "bank_card", "số thẻ ngân hàng", "THE", High, "Bank card number (NĐ 356/2025 Đ4.1.k).";
    EmailAddress, "email_address", "địa chỉ thư điện tử", "EMAIL", Low, "A person's e-mail address.";
    LandCertificate, "land_certificate", "số phát hành Giấy chứng nhận (đất đai)", "GCN", Low, "Land certificate serial number.";
    StudentCode, "student_code", "mã định danh học sinh", "MHS", Low, "Pupil code.";
    PatientCode, "patient_code", "mã người bệnh", "MBN", Low, "Patient code.";
    PersonName, "person_name", "họ và tên", "TEN", Low, "A name, only as an element of a record.";
    BirthDate, "birth_date", "ngày, tháng, năm sinh", "NGSINH", Low, "A birth date, only as an element of a record.";
    HomeAddress, "home_address", "nơi ở", "NOIO", Low, "A home address, only as an element of a record.";
    PersonalRecord, "personal_record", "thông tin cá nhân của một người cụ thể", "HOSO", Medium, "Several elements about one person, or a table of people.";
    HealthRecord, "health_record", "thông tin sức khỏe của người bệnh", "SKHOE", High, "Health data of a named person (NĐ 356/2025 Đ4.1.d).";
    StudentRecord, "student_record", "thông tin học sinh", "HSINH", High, "A pupil's record (Luật 91/2025/QH15 Đ24).";
    WelfareRecord, "welfare_record", "thông tin đối tượng chính sách, người yếu thế", "CSXH", High, "A beneficiary of social policy.";
    SensitiveRecord, "sensitive_record", "dữ liệu cá nhân nhạy cảm", "NHCAM", High, "Other sensitive data of a named person (NĐ 356/2025 Đ4.1).";
    IdentityCardImage, "identity_card_image", "ảnh thẻ căn cước, CCCD, CMND", "ANH", High, "A picture of an identity card (NĐ 356/2025 Đ4.1.i).";
    StateSecret, "state_secret", "bí mật nhà nước", "BMNN", Critical, "A mark of state secrecy (Luật 117/2025/QH15).";
    InternalDocument, "internal_document", "hồ sơ, tài liệu nội bộ chưa được phép công khai", "NOIBO", High, "A circulation mark of an internal document.";
    Credential, "credential", "mật khẩu, mã xác thực, khóa truy cập", "MKHAU", High, "A password, token or key.";
}

impl Category {
    /// Whether the category stands for a whole record (or marking) rather than one value.
    pub const fn is_record(self) -> bool {
        matches!(
            self,
            Self::PersonalRecord
                | Self::HealthRecord
                | Self::StudentRecord
                | Self::WelfareRecord
                | Self::SensitiveRecord
        )
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(*category));
        }
    }

    #[test]
    fn placeholder_labels_are_ascii_capitals_and_none_is_a_prefix_of_another() {
        for (i, a) in Category::ALL.iter().enumerate() {
            let label = a.placeholder_label();
            assert!(label.bytes().all(|b| b.is_ascii_uppercase()), "{label}");
            for b in &Category::ALL[i + 1..] {
                assert_ne!(label, b.placeholder_label());
            }
        }
    }
}
