//! Tools, units, reports, lessons and wording, as people in the office work with them.

use http::StatusCode;

use super::browser::{Browser, TestOffice};
use crate::model::review::Role;
use crate::store::account::SessionStage;
use crate::store::tool::ToolField;
use crate::store::{Act, Actor, Deed, What};

async fn signed_in(office: &TestOffice, role: Role) -> Browser {
    office.account(role.as_str(), role).await;
    office.signed_in(role.as_str(), SessionStage::Full).await
}

fn clerk() -> Actor {
    Actor {
        name: "10.0.0.7".to_owned(),
        role: "clerk".to_owned(),
        address: "10.0.0.7".to_owned(),
    }
}

/// What an administrator fills in to let a tool be used.
fn yes(seq: &str) -> [(&'static str, &str); 3] {
    [
        ("seq", seq),
        ("approver", "Chủ tịch"),
        ("until", "2099-12-31"),
    ]
}

async fn record(office: &TestOffice, deed: Deed) {
    office.store.act(Act::of(deed)).await.unwrap();
}

#[tokio::test]
async fn a_tool_is_approved_only_with_its_whole_assessment_and_by_an_administrator() {
    let office = TestOffice::open().await;
    let mut reviewer = signed_in(&office, Role::Reviewer).await;
    let mut admin = signed_in(&office, Role::Admin).await;
    let here = "/tools/openai-chatgpt-web";
    let approve = "/tools/openai-chatgpt-web/approve";
    let shown = admin.get(here).await;
    assert!(
        shown.body.contains("value=\"OpenAI\""),
        "the catalogue names the vendor"
    );
    let seq = shown.hidden("seq");
    let refused = admin.submit(&shown, approve, &yes(&seq)).await;
    assert!(refused.body.contains("đủ tám mục"));

    let shown = reviewer.get(here).await;
    assert!(!shown.body.contains(approve));
    let seq = shown.hidden("seq");
    let mut fields: Vec<(&str, &str)> = ToolField::ASSESSMENT
        .iter()
        .map(|field| (field.as_str(), "đã xem <script>"))
        .collect();
    fields.extend([("seq", seq.as_str()), ("name", "ChatGPT")]);
    let entered = reviewer.submit(&shown, here, &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    let late = reviewer.submit(&shown, here, &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);

    let shown = admin.get(here).await;
    assert!(!shown.body.contains("<script>"));
    let seq = shown.hidden("seq");
    admin.submit(&shown, approve, &yes(&seq)).await;
    let registry = office.store.registry();
    assert!(registry.is_approved("openai-chatgpt-web", office.desk.now()));
    let listed = reviewer.get("/tools").await;
    assert!(listed.body.contains("đến hết ngày 31/12/2099"));
    let odd = admin.get("/tools/..%2Fetc").await;
    assert_eq!(odd.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_machine_is_confirmed_as_it_was_named_and_a_bad_network_is_told() {
    let office = TestOffice::open().await;
    let mut admin = signed_in(&office, Role::Admin).await;
    let named = Deed::new(clerk(), What::MachineNamed)
        .subject("10.0.0.7")
        .fact("machine", "MC <01>")
        .fact("unit", "Một cửa");
    record(&office, named).await;
    let shown = admin.get("/machines").await;
    assert!(shown.body.contains("MC &#60;01&#62;"));
    let of = |machine| {
        [
            ("address", "10.0.0.7"),
            ("machine", machine),
            ("unit", "Một cửa"),
            ("do", "confirm"),
        ]
    };
    let refused = admin.submit(&shown, "/machines", &of("x")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    admin.submit(&shown, "/machines", &of("MC <01>")).await;
    let client = "10.0.0.7".parse().unwrap();
    assert_eq!(office.store.registry().unit_of(client), Some("Một cửa"));
    let unit = [("name", "Trạm Y tế"), ("networks", "10.0.1.0/24, mạng")];
    let refused = admin.submit(&shown, "/machines/units", &unit).await;
    assert!(refused.body.contains("Mạng ghi như"));
    let unit = [("name", "Trạm Y tế"), ("networks", "10.0.1.0/24, 10.0.2.9")];
    admin.submit(&shown, "/machines/units", &unit).await;
    let single = "10.0.2.9".parse().unwrap();
    assert_eq!(office.store.registry().unit_of(single), Some("Trạm Y tế"));
}

#[tokio::test]
async fn only_a_person_says_that_data_went_out_and_the_law_counts_from_the_report() {
    let office = TestOffice::open().await;
    let mut reviewer = signed_in(&office, Role::Reviewer).await;
    let report = Deed::new(clerk(), What::TroubleReported)
        .subject("SC-7KQ2M4")
        .fact("kind", "leak")
        .fact("what", "danh sách <b>30 hộ");
    record(&office, report).await;
    let here = "/troubles/SC-7KQ2M4";
    let shown = reviewer.get(here).await;
    assert!(shown.body.contains("danh sách &#60;b&#62;30 hộ"));
    assert!(!shown.body.contains("72 giờ"));
    let fields = [
        ("status", "in_work"),
        ("note", "đã gọi"),
        ("exposed", "yes"),
    ];
    reviewer.submit(&shown, here, &fields).await;
    let shown = reviewer.get(here).await;
    assert!(shown.body.contains("72 giờ"), "{}", shown.body);
    let closed = [("status", "closed"), ("note", "")];
    reviewer.submit(&shown, here, &closed).await;
    let listed = reviewer.get("/troubles").await;
    assert!(listed.body.contains("đã kết thúc"));
    let none = reviewer.get("/troubles/SC-NONE").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_lessons_is_exported_without_formulas() {
    let office = TestOffice::open().await;
    let mut auditor = signed_in(&office, Role::Auditor).await;
    let signed = Deed::new(clerk(), What::LessonSigned)
        .subject("hoi-ve-viec")
        .fact("name", "=HYPERLINK(1)")
        .fact("unit", "Văn phòng");
    record(&office, signed).await;
    let shown = auditor.get("/lessons").await;
    let table = auditor.submit(&shown, "/lessons/export", &[]).await;
    assert!(
        table.body.contains("'=HYPERLINK(1),Văn phòng"),
        "{}",
        table.body
    );
}

#[tokio::test]
async fn wording_is_kept_where_it_changed_and_the_try_out_keeps_nothing() {
    let office = TestOffice::open().await;
    let mut admin = signed_in(&office, Role::Admin).await;
    let shown = admin.get("/wording").await;
    let before = office.store.chain_seq();
    let contact = [("contact", "anh Ba, máy 101")];
    admin.submit(&shown, "/wording", &contact).await;
    assert_eq!(office.store.chain_seq(), before + 1);
    let registry = office.store.registry();
    assert_eq!(registry.wording("contact"), Some("anh Ba, máy 101"));
    let shown = admin.get("/rules").await;
    let tried = [("text", "CCCD 001099000001")];
    let told = admin.submit(&shown, "/rules/try", &tried).await;
    assert!(told.body.contains("che dữ liệu"), "{}", told.body);
    assert!(!told.body.contains("001099000001"));
    assert_eq!(office.store.chain_seq(), before + 1);
}
