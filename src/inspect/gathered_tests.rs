//! Records whose elements stand in several fields of one request: whole requests in, verdicts out.

use bytes::Bytes;

use crate::inspect::tests::{
    AT, CHATGPT, chatgpt_body, forwarded, inspector, refused, request, sender,
};
use crate::inspect::{Inspection, OfflineScan, RefusalReason};
use crate::model::category::Category;
use crate::model::decision::Action;

const CLAUDE: (&str, &str) = ("api.anthropic.com", "/v1/messages");

fn sent((host, path): (&str, &str), kind: &str, body: impl Into<Bytes>) -> Inspection {
    inspector().inspect(&request(host, path, kind, body), &sender(), AT)
}

fn scanned(document: &str) -> OfflineScan {
    let bytes = Bytes::copy_from_slice(document.as_bytes());
    inspector().scan_file(&bytes, AT)
}

/// The kinds of records, with how many people they tell of, and where they stand.
fn records(scan: &OfflineScan) -> Vec<(Category, u32, &str)> {
    let records = scan.findings.iter();
    records
        .filter(|found| found.finding.category.is_record())
        .map(|found| {
            let finding = &found.finding;
            (finding.category, finding.subjects, found.part.as_str())
        })
        .collect()
}

#[test]
fn the_fields_of_an_object_are_one_record_and_each_element_stands_in_its_own() {
    let scan = scanned(
        r#"{"hoTen":"Nguyễn Văn Thử","ngaySinh":"01/02/1980","lienHe":{"diaChi":"thôn Mẫu, xã Ví Dụ","cccd":"001080000001"}}"#,
    );
    assert_eq!(records(&scan), [(Category::PersonalRecord, 1, "/hoTen")]);
    let record = scan
        .findings
        .iter()
        .position(|found| found.finding.category.is_record());
    let elements: Vec<(Category, &str)> = scan
        .findings
        .iter()
        .filter(|found| found.finding.element_of == record)
        .map(|found| (found.finding.category, found.part.as_str()))
        .collect();
    for element in [
        (Category::PersonName, "/hoTen"),
        (Category::BirthDate, "/ngaySinh"),
        (Category::HomeAddress, "/lienHe/diaChi"),
        (Category::CitizenId, "/lienHe/cccd"),
    ] {
        assert!(elements.contains(&element), "{element:?} in {elements:?}");
    }
    assert_eq!(elements.len(), 4);
}

#[test]
fn lists_in_every_form_of_json_are_counted() {
    for document in [
        r#"[{"ho_ten":"Nguyễn Văn Thử","nam_sinh":1980},{"ho_ten":"Trần Thị Mẫu","nam_sinh":1985},{"ho_ten":"Lê Văn Giả","nam_sinh":1990}]"#,
        r#"[["Họ và tên","Ngày sinh"],["Nguyễn Văn Thử","01/02/1980"],["Trần Thị Mẫu","02/03/1985"],["Lê Văn Giả","03/04/1990"]]"#,
        r#"{"columns":["Họ và tên","Ngày sinh"],"data":[["Nguyễn Văn Thử","01/02/1980"],["Trần Thị Mẫu","02/03/1985"],["Lê Văn Giả","03/04/1990"]]}"#,
        r#"{"hoTen":["Nguyễn Văn Thử","Trần Thị Mẫu","Lê Văn Giả"],"ngaySinh":["01/02/1980","02/03/1985","03/04/1990"]}"#,
        r#"{"HS1":{"ho_ten":"Nguyễn Văn Thử","ngay_sinh":"01/02/1980"},"HS2":{"ho_ten":"Trần Thị Mẫu","ngay_sinh":"02/03/1985"},"HS3":{"ho_ten":"Lê Văn Giả","ngay_sinh":"03/04/1990"}}"#,
        r#"["Nguyễn Văn Thử, sinh năm 1980, thôn Mẫu","Trần Thị Mẫu, sinh năm 1985, thôn Mẫu","Lê Văn Giả, sinh năm 1990, thôn Mẫu"]"#,
    ] {
        let scan = scanned(document);
        let counted: Vec<u32> = records(&scan)
            .iter()
            .map(|(_, people, _)| *people)
            .collect();
        assert_eq!(counted, [3], "{document}");
    }
}

#[test]
fn fields_that_say_what_their_value_is_are_read() {
    let scan = scanned(
        r#"{"fields":[{"label":"Họ và tên","value":"Nguyễn Văn Thử"},{"label":"Ngày sinh","value":"01/02/1980"}]}"#,
    );
    assert_eq!(
        records(&scan),
        [(Category::PersonalRecord, 1, "/fields/0/value")]
    );
}

#[test]
fn the_kind_of_a_record_is_told_by_another_field() {
    let scan = scanned(
        r#"{"benhNhan":"Nguyễn Văn Thử","tuoi":78,"chanDoan":"suy thận mạn","thuoc":["Amlodipin 5mg"]}"#,
    );
    assert_eq!(records(&scan), [(Category::HealthRecord, 1, "/benhNhan")]);
    assert_eq!(scan.action, Action::Block);
}

#[test]
fn objects_without_people_are_no_records() {
    for document in [
        r#"[{"hoTen":"Nguyễn Văn Thử","chucVu":"Chủ tịch UBND xã","dienThoai":"02203825001"}]"#,
        r#"[{"title":"Giáo trình Luật","author":"Nguyễn Văn Thử","year":1990},{"title":"Sổ tay","author":"Trần Thị Mẫu","year":1995}]"#,
        r#"[{"tenDuong":"Nguyễn Văn Thử","nam":1990,"xa":"phường Ví Dụ"},{"tenDuong":"Trần Thị Mẫu","nam":1991,"xa":"phường Ví Dụ"}]"#,
        r#"{"properties":{"hoTen":{"description":"Họ và tên công dân"},"ngaySinh":{"description":"Ngày sinh"}}}"#,
        r#"[{"hoTen":"","ngaySinh":"","diaChi":""},{"hoTen":"","ngaySinh":"","diaChi":""}]"#,
        r#"[{"role":"user","content":"Thư mời ông Nguyễn Văn Thử"},{"role":"assistant","content":"Tiêu chí hộ nghèo là gì?"}]"#,
    ] {
        let scan = scanned(document);
        assert!(
            records(&scan).is_empty(),
            "{document}: {:?}",
            records(&scan)
        );
    }
}

#[test]
fn what_a_tool_is_called_with_is_hidden_field_by_field() {
    let body = r#"{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"luu","input":{"hoTen":"Nguyễn Văn Thử","ngaySinh":"01/02/1980","noiDung":"xin xác nhận"}}]}]}"#;
    let inspection = sent(CLAUDE, "application/json", body);
    let upstream = String::from_utf8(forwarded(&inspection).to_vec()).unwrap();
    for hidden in ["Nguyễn Văn Thử", "01/02/1980"] {
        assert!(!upstream.contains(hidden), "{upstream}");
    }
    assert!(upstream.contains("xin xác nhận"), "{upstream}");
}

#[test]
fn a_list_pasted_as_json_is_as_much_a_list_as_one_pasted_as_text() {
    let rows: Vec<String> = (0..6)
        .map(|at| {
            format!(
                r#"{{"ho_ten":"Nguyễn Văn Thử","ngay_sinh":"0{}/02/1980"}}"#,
                at + 1
            )
        })
        .collect();
    let inspection = sent(
        CHATGPT,
        "application/json",
        chatgpt_body(&format!("[{}]", rows.join(","))),
    );
    assert_eq!(refused(&inspection), RefusalReason::People);
    assert_eq!(
        inspection.incident.map(|incident| incident.subjects),
        Some(6)
    );
}

#[test]
fn fields_of_forms_are_put_together() {
    let part = |name: &str, value: &str| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let multipart = [
        part("ho_ten", "Nguyễn Văn Thử"),
        part("ngay_sinh", "01/02/1980"),
        part("chan_doan", "suy thận mạn"),
        "--X--\r\n".to_owned(),
    ]
    .concat();
    let form = "ho_ten=Nguy%E1%BB%85n+V%C4%83n+Th%E1%BB%AD&ngay_sinh=01%2F02%2F1980";
    for (kind, body) in [
        ("multipart/form-data; boundary=X", multipart.as_str()),
        ("application/x-www-form-urlencoded", form),
    ] {
        let path = ("chatgpt.com", "/backend-api/nobody-knows");
        let inspection = sent(path, kind, body.to_owned());
        assert_eq!(refused(&inspection), RefusalReason::PersonalData, "{kind}");
    }
}

#[test]
fn the_name_of_the_account_beside_a_prompt_is_no_record() {
    let body = chatgpt_body("Tiêu chí hộ nghèo năm 2026 là gì?").replacen(
        '{',
        r#"{"user_name":"Nguyễn Văn Thử","user_email":"","#,
        1,
    );
    let inspection = sent(CHATGPT, "application/json", body.clone());
    assert_eq!(forwarded(&inspection), &body);
    assert_eq!(inspection.incident, None);
}

#[test]
fn whoever_signs_up_gives_a_name_and_a_birthday() {
    let body = r#"{"name":"Nguyễn Văn Thử","birthdate":"1980-02-01","email":"thu@example.com"}"#;
    let inspection = sent(
        ("auth.openai.com", "/api/accounts/create_account"),
        "application/json",
        body,
    );
    assert_eq!(forwarded(&inspection), body);
}
