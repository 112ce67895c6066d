//! Does the detector find what it must, leave the rest, and keep its promises on any text?

use super::*;
use crate::model::category::Category;
use crate::model::finding::Confidence;
use crate::model::normalized::OffsetMap;
use proptest::prelude::*;
use std::sync::LazyLock;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| match Detector::builtin() {
    Ok(detector) => detector,
    Err(mistakes) => panic!("{}", listed(&mistakes)),
});

fn listed(mistakes: &[RuleMistake]) -> String {
    mistakes
        .iter()
        .map(|mistake| format!("{mistake}\n"))
        .collect()
}

fn scan(text: &str) -> Vec<Finding> {
    findings_of(&DETECTOR, text)
}

fn findings_of(detector: &Detector, text: &str) -> Vec<Finding> {
    let plain = Normalized::new(text.to_owned(), OffsetMap::identity(text.len()));
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: 2026,
    };
    detector.scan(&plain, &context)
}

fn found(text: &str) -> Vec<(Category, &str)> {
    scan(text)
        .iter()
        .filter(|finding| finding.confidence >= Confidence::Medium)
        .map(|finding| (finding.category, finding.span.of(text)))
        .collect()
}

#[test]
fn the_examples_of_every_rule_hold() {
    let mistakes = DETECTOR.check_examples();
    assert!(mistakes.is_empty(), "{}", listed(&mistakes));
}

#[test]
fn a_citizen_number_named_as_a_code_is_noted() {
    for text in [
        "đối chiếu mã thiết bị 036085001234",
        "Mã tài sản\tTên\n036085001234\tĐiều hòa",
    ] {
        let noted = scan(text);
        let noted: Vec<_> = noted.iter().map(|f| (f.category, f.confidence)).collect();
        assert_eq!(noted, [(Category::CitizenId, Confidence::Low)], "{text}");
    }
}

#[test]
fn a_notice_to_one_person_is_a_record_of_one() {
    let text =
        "thông báo gửi ông Nguyễn Văn Thử, CCCD 001099000001, SĐT 0900000001, thôn Mẫu, xã Ví Dụ";
    let findings = scan(text);
    let record = findings
        .iter()
        .position(|f| f.category == Category::PersonalRecord)
        .unwrap();
    assert_eq!(findings[record].subjects, 1);
    assert_eq!(
        findings[record].span.of(text),
        "Nguyễn Văn Thử, CCCD 001099000001, SĐT 0900000001, thôn Mẫu, xã Ví Dụ"
    );
    for category in [
        Category::PersonName,
        Category::CitizenId,
        Category::PhoneNumber,
        Category::HomeAddress,
    ] {
        let element = findings.iter().find(|f| f.category == category).unwrap();
        assert_eq!(element.element_of, Some(record), "{category}");
    }
}

#[test]
fn every_person_of_a_list_is_counted() {
    let list: String = (1..=6)
        .map(|i| format!("{i}. Nguyễn Văn Thử, sinh năm 198{i}, thôn Mẫu, SĐT 090000000{i}\n"))
        .collect();
    let findings = scan(&list);
    let record = findings
        .iter()
        .find(|f| f.category == Category::PersonalRecord)
        .unwrap();
    assert_eq!(record.subjects, 6);
}

#[test]
fn every_row_of_a_table_is_counted() {
    let table = "DANH SÁCH HỘ NGHÈO\n| STT | Họ và tên | Năm sinh | Thôn |\n|---|---|---|---|\n\
        | 1 | Nguyễn Văn Thử | 1980 | Mẫu |\n| 2 | Trần Thị Mẫu | 1975 | Mẫu |\n| 3 | | | |\n";
    let findings = scan(table);
    let record = findings
        .iter()
        .find(|f| f.category == Category::WelfareRecord)
        .unwrap();
    assert_eq!(record.subjects, 2);
    let names = findings
        .iter()
        .filter(|f| f.category == Category::PersonName)
        .count();
    assert_eq!(names, 2);
}

/// What is looked for only where it could be: a first look that says no must be right.
#[test]
fn names_heads_and_labels_in_unusual_forms_are_not_passed_over() {
    let rows = "1\tHà Lan Anh\t1980\n2\tCao Minh Khuê\t1975\n";
    let heads = "hoTenChuHo,namSinh,soCccd\nnguyễn ngọc thử,1980,001080000001\n\
        trần ngọc mẫu,1985,001185000002\n";
    assert!(
        scan(rows).iter().any(|f| f.category.is_record()),
        "no heads"
    );
    assert!(
        scan(heads)
            .iter()
            .any(|f| f.category == Category::CitizenId),
        "heads of keys"
    );
    let keyed = r#"{"khachSoTaiKhoanChinh": "1234567890123"}"#;
    assert!(
        scan(keyed)
            .iter()
            .any(|f| f.category == Category::BankAccount),
        "a label within a key"
    );
}

#[test]
fn signers_and_committees_are_no_records() {
    for text in [
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nPhan Đình Mẫu",
        "1. Ông Nguyễn Văn Thử, Chủ tịch UBND xã, Trưởng ban;\n2. Bà Trần Thị Mẫu, Phó Chủ tịch, Phó ban.",
        "STT\tHọ và tên\tChức vụ\n1\tNguyễn Văn Thử\tChủ tịch\n2\tTrần Thị Mẫu\tỦy viên\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn health_beside_a_name_is_a_health_record_and_alone_is_none() {
    let found_categories = |text| found(text).into_iter().map(|(c, _)| c).collect::<Vec<_>>();
    let told = found_categories(
        "Bệnh nhân Nguyễn Văn Thử, sinh năm 1980, chẩn đoán: đái tháo đường típ 2",
    );
    assert!(told.contains(&Category::HealthRecord), "{told:?}");
    assert_eq!(
        found("Chẩn đoán: đái tháo đường típ 2, điều trị nội trú"),
        []
    );
}

#[test]
fn the_key_of_a_field_labels_its_value() {
    let text = "012345678";
    let plain = Normalized::new(text.to_owned(), OffsetMap::identity(text.len()));
    let context = ScanContext {
        part: PartId(3),
        label: Some("soCmnd"),
        year_now: 2026,
    };
    let findings = DETECTOR.scan(&plain, &context);
    assert_eq!(findings[0].category, Category::IdentityCard);
    assert_eq!(findings[0].part, PartId(3));
    assert!(!findings[0].is_bare());
}

#[test]
fn a_bare_number_is_bare_and_medium() {
    let findings = scan("gửi anh 001099000001 nhé");
    assert_eq!(findings[0].confidence, Confidence::Medium);
    assert!(findings[0].is_bare());
}

#[test]
fn an_office_pack_adds_and_replaces_rules() {
    let own = r#"
[[rule]]
id = "own-code"
category = "patient_code"
description = "d"
pattern = 'XQ-\d{4}'
validator = "shaped"
match = ["XQ-1234", "a XQ-1234", "XQ-1234.", "(XQ-1234)", "XQ-0000"]
no_match = ["XQ", "1234", "XQ-", "XQ1234", "xq-1234"]
"#;
    let mut packs = builtin_packs();
    packs.push(("own.toml".to_owned(), own.to_owned()));
    let detector = Detector::from_packs(&packs).unwrap_or_else(|m| panic!("{}", listed(&m)));
    assert!(detector.check_examples().is_empty());
}

#[test]
fn a_rule_for_records_finds_nothing_beside_them() {
    let own = r#"
[[rule]]
id = "own-code"
category = "patient_code"
description = "d"
confidence = "high"
pattern = 'XQ-\d{4}'
validator = "shaped"
only_in = ["health_record"]
match = ["a", "b", "c", "d", "e"]
no_match = ["XQ", "1234", "XQ-", "XQ1234", "xq-1234"]
"#;
    let with = |own: &str| {
        let mut packs = builtin_packs();
        packs.push(("own.toml".to_owned(), own.to_owned()));
        Detector::from_packs(&packs)
    };
    let detector = with(own).unwrap_or_else(|m| panic!("{}", listed(&m)));
    let codes = |text: &str| {
        let found = findings_of(&detector, text);
        found.iter().filter(|f| f.rule == "own-code").count()
    };
    assert_eq!(codes("Lê Văn Thử, sinh 1980, bị suy thận, XQ-1234"), 1);
    assert_eq!(codes("Lê Văn Thử, sinh 1980, thôn 2, XQ-1234"), 0);
    assert_eq!(codes("phiếu XQ-1234"), 0);
    let told = listed(&detector.check_examples());
    assert!(
        told.contains("in a record of the kinds under only_in"),
        "{told}"
    );
    let mistakes = with(&own.replace("health_record", "health")).err().unwrap();
    let told = listed(&mistakes);
    assert!(
        told.contains("only_in") && told.contains("health_record"),
        "{told}"
    );
}

#[test]
fn hostile_texts_take_linear_time() {
    for text in [
        "0".repeat(400_000),
        "0900000001 ".repeat(20_000),
        "MẬT\n".repeat(40_000),
        "TUYỆT MẬT\n".repeat(20_000),
        "|a".repeat(100_000),
        "Họ tên|Năm sinh\n".repeat(10_000),
        "Nguyễn Văn Thử ".repeat(10_000),
        "bệnh nhân ".repeat(20_000),
        "a@".repeat(60_000),
        "mật khẩu: ".repeat(10_000),
        "Nguyễn Văn Thử 1980 ".repeat(4_000),
        "chị hoa bị ung thư, bà 70 tuổi, nhà cô ở ngõ 9 ".repeat(4_000),
        "Trưởng thôn báo nhà đ/c Thử bị cháy; ".repeat(4_000),
    ] {
        let label: String = text.chars().take(12).collect();
        let small_text = text
            .get(..text.floor_char_boundary(text.len() / 8))
            .unwrap_or_default();
        let started = std::time::Instant::now();
        let _ = scan(small_text).len();
        let small = started.elapsed();
        let started = std::time::Instant::now();
        let _ = scan(&text).len();
        let whole = started.elapsed();
        let bound = small * 40 + std::time::Duration::from_millis(500);
        assert!(
            whole < bound,
            "{label:?}: {small:?} for an eighth, {whole:?} for all"
        );
    }
}

/// Text in the manner of the field, with the pieces that detectors look for.
fn field_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[0-9 .-]{1,14}",
        prop::sample::select(vec![
            "CCCD ",
            "SĐT: ",
            "ông ",
            "Nguyễn Văn Thử",
            ", sinh năm ",
            "1980",
            "thôn Mẫu, xã Ví Dụ",
            "|",
            "\t",
            "\n",
            "Họ và tên",
            "Năm sinh",
            "MẬT",
            "Số: ",
            "(Mật)",
            "mật khẩu: ",
            "@",
            "a.vn",
            "001099000001",
            "0900000001",
            "bệnh nhân ",
            "chẩn đoán",
            "STK ",
            "BHYT ",
            "DN4010000000001",
            "chị hoa ",
            "đ/c Thu Hà ",
            "bị ",
            "bi ung thu ",
            "đòi chia đất ",
            "say rượu",
            "nợ 20tr",
            "bà 70 tuổi",
            "nhà cô ở ngõ 9",
            "soạn giúp em?",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn placeholder() -> impl Strategy<Value = String> {
    let label = prop::sample::select(
        Category::ALL
            .iter()
            .map(|c| c.placeholder_label())
            .collect::<Vec<_>>(),
    );
    (label, "[0-9BCDFGHJKLMNPQRSTVWXYZ]{6,8}").prop_map(|(label, code)| format!("{label}{code}"))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_spans_are_whole(text in field_text()) {
        let findings = scan(&text);
        for finding in &findings {
            prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
            if let Some(record) = finding.element_of {
                prop_assert!(findings[record].category.is_record());
            }
        }
        prop_assert!(findings.is_sorted_by_key(|finding| finding.span.start));
    }

    #[test]
    fn placeholders_are_never_found(values in prop::collection::vec(placeholder(), 6)) {
        let [name, id, phone, home, code, secret] = <[String; 6]>::try_from(values).unwrap();
        let text = format!(
            "Họ và tên: {name}, CCCD {id}, SĐT: {phone}, trú tại {home}, mã BN: {code}, \
             mã học sinh {code}, STK {code}, mật khẩu: {secret}, hộ chiếu {code}, biển số {code}"
        );
        prop_assert_eq!(found(&text), []);
    }
}
