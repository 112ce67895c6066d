//! Invented people, the same ones on every run.
//!
//! In: a seed. Out: for each placeholder of a shape the person's value, and what it is.

use lachan::model::category::Category;

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    /// A finding of this category must cover it.
    Value(Category),
    /// A health record must cover it.
    Health,
    /// May be found or not: a relative's name, a figure.
    Free,
}

/// A small generator of numbers (xorshift), so that every run is the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) const fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub(crate) fn of<'a>(&mut self, words: &'a str) -> &'a str {
        let all: Vec<&str> = words.split('|').collect();
        let at = self.below(all.len());
        all.get(at).copied().unwrap_or_default()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0)))
            .collect()
    }
}

const SURNAMES: &str = "Nguyễn|Nguyễn|Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Bùi|Đặng|Đỗ|Hồ|Ngô|Dương|Đinh|Lương|Cao|Mai|Hà|Lò|Vàng|Giàng|Nông|Lý|Quàng|Tô|Văn|Kim|Thạch|Chu";
const MEN: &str = "Văn|Văn|Văn|Đức|Hữu|Quang|Minh|Đình|Xuân|Bá|Công|Tiến";
const WOMEN: &str = "Thị|Thị|Thị|Thị|Ngọc|Thu|Thanh|Thị Thu|Thị Ngọc|Thị Kim|Bích";
const MEN_GIVEN: &str =
    "Thử|Ví|Dụ|Hùng|Nam|Cường|Tài|Khoa|Sơn|Bình|Páo|Phúc|Long|Định|Giới|Số|Tuấn Anh|Gia Bảo|Sèng";
const WOMEN_GIVEN: &str =
    "Mẫu|Lan|Hoa|Hạnh|Nở|Mến|Sen|Dung|Én|Tuyết|Cúc|Điện|Tí|Mẩy|Xuân Mai|Bảo Châu|Quỳnh Như";
const HIGHLAND: &str = "Y Bhăm Niê|H' Nga Byă|H'Hen Niê|K' Brêm|Y Thương Êban|H'Linh Mlô|A Lăng Bước|Ksor H'Bia|Rơ Châm Tih|Siu Thoan|Thào Thị Sung|Sùng A Chớ|Điểu K'Rứt|Zơ Râm Tài|Hồ Thị Côn|Pờ Lóng Tơ|Kpă Y Nhem|Lầu Bá Tu|Vừ Y Xia|Moong Văn Nghệ";
const HAMLETS: &str = "thôn Đông|thôn 3|xóm Trại|ấp Bình Hòa|bản Nà Lộc|buôn Ea Mur|thôn Đồng Cao|tổ dân phố số 5|khu phố 2|tổ 7|xóm 12|thôn Mẫu|ấp 4|thôn Nam Sơn 2|bản Pá Hốc";
const COMMUNES: &str = "xã Ví Dụ|xã Bình Minh|phường Phủ Lý|xã Mường Mẫu|xã Ea Ví|phường Hà Nam|xã Đông Hòa|xã Tân Thử";
const PROVINCES: &str = "tỉnh Ninh Bình|tỉnh Đắk Lắk|thành phố Hải Phòng|tỉnh Sơn La|tỉnh Thái Nguyên|TP. Hà Nội|tỉnh Cà Mau|tỉnh Lâm Đồng";
const ILLNESSES: &str = "tăng huyết áp|đái tháo đường típ 2|viêm phổi|suy thận mạn|ung thư vú|K dạ dày|tai biến mạch máu não|tâm thần phân liệt|động kinh|nhiễm HIV|lao phổi|COPD|THA|viêm gan B|thoát vị đĩa đệm|rối loạn tiền đình|hen phế quản|gãy xương đùi|thiếu máu cơ tim|sỏi mật|suy tim độ III|trầm cảm|viêm đa khớp dạng thấp|xơ gan do rượu|nhồi máu cơ tim|bướu giáp nhân|viêm ruột thừa cấp|parkinson";
const WELFARE: &str = "hộ nghèo|hộ cận nghèo|khuyết tật nặng|thương binh 2/4|bảo trợ xã hội|người cao tuổi neo đơn|trẻ mồ côi|nạn nhân chất độc da cam|con liệt sĩ|đơn thân nuôi con nhỏ";
const CLASSES: &str = "5A|9B|4A1|12C2|lớp 3|7D|Lá 2";
const GRADES: &str = "8,5|9.0|6,75|khá|tốt|7.8";

/// One invented person.
pub(crate) struct Person {
    name: String,
    is_woman: bool,
    day: usize,
    month: usize,
    year: usize,
    hamlet: String,
    commune: String,
    province: String,
    house: String,
    dice: Dice,
}

impl Person {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        // The first numbers of near seeds are alike.
        for _ in 0..8 {
            dice.below(2);
        }
        let is_woman = dice.below(2) == 0;
        let name = match (dice.below(7), is_woman) {
            (0, _) => dice.of(HIGHLAND).to_owned(),
            (_, true) => format!(
                "{} {} {}",
                dice.of(SURNAMES),
                dice.of(WOMEN),
                dice.of(WOMEN_GIVEN)
            ),
            (_, false) => format!(
                "{} {} {}",
                dice.of(SURNAMES),
                dice.of(MEN),
                dice.of(MEN_GIVEN)
            ),
        };
        Self {
            name,
            is_woman,
            day: 1 + dice.below(28),
            month: 1 + dice.below(12),
            year: 1938 + dice.below(80),
            hamlet: dice.of(HAMLETS).to_owned(),
            commune: dice.of(COMMUNES).to_owned(),
            province: dice.of(PROVINCES).to_owned(),
            house: format!("số {}", 1 + dice.below(240)),
            dice,
        }
    }

    /// The value of a placeholder and what it is; `None` where there is no such placeholder.
    pub(crate) fn value(&mut self, placeholder: &str, number: usize) -> Option<(String, Truth)> {
        use Category::{BirthDate, HomeAddress, PersonName};
        let Self {
            day,
            month,
            year,
            hamlet,
            commune,
            province,
            house,
            ..
        } = &*self;
        let (category, value) = match placeholder {
            "name" => (PersonName, self.name.clone()),
            "NAME" => (PersonName, self.name.to_uppercase()),
            "age" => (BirthDate, format!("Tuổi: {}", 2026 - year)),
            "birth" => (BirthDate, format!("{day:02}/{month:02}/{year}")),
            "birth_short" => (BirthDate, format!("{day}/{month}/{year}")),
            "birth_dots" => (BirthDate, format!("{day:02}.{month:02}.{year}")),
            "birth_dashes" => (BirthDate, format!("{day:02}-{month:02}-{year}")),
            "birth_iso" => (BirthDate, format!("{year}-{month:02}-{day:02}")),
            "birth_compact" => (BirthDate, format!("{day:02}{month:02}{year}")),
            "birth_words" => (
                BirthDate,
                format!("ngày {day:02} tháng {month:02} năm {year}"),
            ),
            "year" => (BirthDate, year.to_string()),
            "home" => (HomeAddress, format!("{hamlet}, {commune}, {province}")),
            "home_near" => (HomeAddress, format!("{hamlet}, {commune}")),
            "home_dashes" => (HomeAddress, format!("{hamlet} - {commune} - {province}")),
            "hamlet" => (HomeAddress, hamlet.clone()),
            "hamlet_bare" => (
                HomeAddress,
                hamlet
                    .split_once(' ')
                    .map_or("Đông", |(_, bare)| bare)
                    .to_owned(),
            ),
            "commune" => (HomeAddress, format!("{commune}, {province}")),
            "house" => (
                HomeAddress,
                format!("{house}, ngõ 5, đường Lê Lợi, {commune}, {province}"),
            ),
            "house_near" => (
                HomeAddress,
                format!("{house} đường Trần Hưng Đạo, {commune}"),
            ),
            _ => return self.other(placeholder, number),
        };
        Some((value, Truth::Value(category)))
    }

    #[expect(
        clippy::too_many_lines,
        reason = "it is a table of placeholders, one a line"
    )]
    fn other(&mut self, placeholder: &str, number: usize) -> Option<(String, Truth)> {
        let (year, is_woman) = (self.year, self.is_woman);
        let dice = &mut self.dice;
        let of_century = 2 * usize::from(year >= 2000) + usize::from(is_woman);
        let (truth, value) = match placeholder {
            "illness" => (Truth::Health, dice.of(ILLNESSES).to_owned()),
            "cccd" => (
                Truth::Value(Category::CitizenId),
                format!(
                    "{}{of_century}{:02}{}",
                    dice.of("001|035|037|014|066|031|019"),
                    year % 100,
                    dice.digits(6)
                ),
            ),
            "cmnd" => (
                Truth::Value(Category::IdentityCard),
                format!("{}{}", dice.of("168|012|240|073"), dice.digits(6)),
            ),
            "phone" => (
                Truth::Value(Category::PhoneNumber),
                format!("{}{}", dice.of("091|098|036|070|083|056"), dice.digits(7)),
            ),
            "phone_dots" => (
                Truth::Value(Category::PhoneNumber),
                format!(
                    "{}{}.{}.{}",
                    dice.of("09|03"),
                    dice.of("12|86|74"),
                    dice.digits(3),
                    dice.digits(3)
                ),
            ),
            "bhyt" => (
                Truth::Value(Category::HealthInsuranceNumber),
                format!(
                    "{}4{}{}",
                    dice.of("DN|GD|HS|CH"),
                    dice.of("01|37|35"),
                    dice.digits(10)
                ),
            ),
            "bhyt_spaced" => (
                Truth::Value(Category::HealthInsuranceNumber),
                format!(
                    "{} 2 {} {}",
                    dice.of("HN|BT|DT"),
                    dice.of("01|37|35"),
                    dice.digits(10)
                ),
            ),
            "bhxh" => (
                Truth::Value(Category::SocialInsuranceNumber),
                format!("{}{}", dice.of("01|37|79"), dice.digits(8)),
            ),
            "tax" => (
                Truth::Value(Category::TaxCode),
                tax_code(&format!("8{}", dice.digits(8))),
            ),
            "passport" => (
                Truth::Value(Category::PassportNumber),
                format!("{}{}", dice.of("B|C|K|N|P"), dice.digits(7)),
            ),
            "account" => (
                Truth::Value(Category::BankAccount),
                format!("{}{}", dice.of("19|10|35|21|06"), dice.digits(10)),
            ),
            "account_groups" => (
                Truth::Value(Category::BankAccount),
                format!(
                    "{} {} {}",
                    dice.of("1903|1020|3500"),
                    dice.digits(4),
                    dice.digits(4)
                ),
            ),
            "card" => (
                Truth::Value(Category::BankCard),
                luhn(&format!("9704{}", dice.digits(11))),
            ),
            "card_groups" => (
                Truth::Value(Category::BankCard),
                in_fours(&luhn(&format!("4{}", dice.digits(14)))),
            ),
            "plate" => (
                Truth::Value(Category::VehiclePlate),
                format!(
                    "{}{}-{}.{}",
                    dice.of("29|90|35|15"),
                    dice.of("A|H1|B2|K"),
                    dice.digits(3),
                    dice.digits(2)
                ),
            ),
            "land" => (
                Truth::Value(Category::LandCertificate),
                format!("{} {}", dice.of("BA|CH|AN|DD|CS"), dice.digits(6)),
            ),
            "land_book" => (
                Truth::Value(Category::LandCertificate),
                format!("{}{}", dice.of("CH|CS|H"), dice.digits(5)),
            ),
            "licence" => (
                Truth::Value(Category::DrivingLicence),
                format!("{}{}", dice.of("01|79|37"), dice.digits(10)),
            ),
            "student_code" => (
                Truth::Value(Category::StudentCode),
                format!("{}{}", dice.of("01|37|26"), dice.digits(8)),
            ),
            "patient_code" => (
                Truth::Value(Category::PatientCode),
                format!("{}{}", dice.of("BN|2600|26."), dice.digits(6)),
            ),
            "email" => (
                Truth::Value(Category::EmailAddress),
                format!(
                    "{}{}@gmail.com",
                    dice.of("nguyenthu|lanmau|hoa.tran"),
                    dice.digits(3)
                ),
            ),
            "secret" => (
                Truth::Value(Category::Credential),
                format!(
                    "{}{}{}",
                    dice.of("Ubnd@|Vidu#|Mau!x"),
                    dice.digits(4),
                    dice.of("a|Z|k9")
                ),
            ),
            "otp" => (Truth::Value(Category::Credential), dice.digits(6)),
            "token" => (
                Truth::Value(Category::Credential),
                format!(
                    "ghp_Ab{}cDeFgHiJkLmNoPqRsTuVwXyZ{}",
                    dice.digits(4),
                    dice.digits(6)
                ),
            ),
            "i" => (Truth::Free, number.to_string()),
            "ii" => (Truth::Free, format!("{number:02}")),
            "sex" => (Truth::Free, if is_woman { "Nữ" } else { "Nam" }.to_owned()),
            "ong" => (Truth::Free, if is_woman { "bà" } else { "ông" }.to_owned()),
            "Ong" => (Truth::Free, if is_woman { "Bà" } else { "Ông" }.to_owned()),
            "O" => (Truth::Free, if is_woman { "B." } else { "Ô." }.to_owned()),
            "ethnic" => (
                Truth::Free,
                dice.of("Kinh|Tày|Mường|Thái|Ê Đê|Mông").to_owned(),
            ),
            "welfare" => (Truth::Free, dice.of(WELFARE).to_owned()),
            "class" => (Truth::Free, dice.of(CLASSES).to_owned()),
            "grade" => (Truth::Free, dice.of(GRADES).to_owned()),
            "man" => (
                Truth::Free,
                format!("{} Văn {}", dice.of(SURNAMES), dice.of(MEN_GIVEN)),
            ),
            "woman" => (
                Truth::Free,
                format!("{} Thị {}", dice.of(SURNAMES), dice.of(WOMEN_GIVEN)),
            ),
            "date" => (
                Truth::Free,
                format!("{:02}/{:02}/2026", 1 + dice.below(28), 1 + dice.below(11)),
            ),
            "small" => (Truth::Free, (1 + dice.below(9)).to_string()),
            "d3" => (Truth::Free, dice.digits(3)),
            "d6" => (
                Truth::Free,
                format!("{}{}", 1 + dice.below(9), dice.digits(5)),
            ),
            "d9" => (
                Truth::Free,
                format!("{}{}", 1 + dice.below(9), dice.digits(8)),
            ),
            "d10" => (
                Truth::Free,
                format!("{}{}", 1 + dice.below(9), dice.digits(9)),
            ),
            "d12" => (
                Truth::Free,
                format!("{}{}", 1 + dice.below(9), dice.digits(11)),
            ),
            "money" => (
                Truth::Free,
                format!("{}.{}.000", 1 + dice.below(900), dice.digits(3)),
            ),
            "org_tax" => (Truth::Free, tax_code(&format!("0{}", dice.digits(8)))),
            _ => return None,
        };
        Some((value, truth))
    }
}

/// A tax code whose check digit holds: the next number that has one.
fn tax_code(body: &str) -> String {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let mut number: u64 = body.parse().unwrap_or(0);
    loop {
        let body = format!("{number:09}");
        let sum: u32 = body
            .bytes()
            .zip(WEIGHTS)
            .map(|(d, w)| u32::from(d - b'0') * w)
            .sum();
        let check = 10 - sum % 11;
        if check < 10 {
            return format!("{body}{check}");
        }
        number += 1;
    }
}

/// The digits with Luhn's check digit.
fn luhn(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn in_fours(digits: &str) -> String {
    let groups: Vec<String> = digits
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    groups.join(" ")
}
