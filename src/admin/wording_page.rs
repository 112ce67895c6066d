//! The office's own words in refusals and on workstations' pages, changed here instead of in files.
//!
//! An empty field means: as in the settings file, or the usual words.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::model::review::Role;
use crate::store::{Act, Deed, What};

const HERE: &str = "/wording";
/// How much one wording may hold.
const WORDING_CHARS_MAX: usize = 1000;

/// Key, name, and whether it is one line.
const WORDINGS: [(&str, &str, bool); 10] = [
    ("contact", "Người hỗ trợ, số máy", true),
    (
        "secret_contact",
        "Người phụ trách bảo vệ bí mật nhà nước, số máy",
        true,
    ),
    (
        "rule",
        "Văn bản của cơ quan (loại, số, ký hiệu, ngày)",
        true,
    ),
    (
        "approved_tools",
        "Công cụ được phép sử dụng (để trống: theo Danh mục)",
        true,
    ),
    ("state_secret", "Đoạn thêm khi có dấu chỉ độ mật", false),
    (
        "internal_document",
        "Đoạn giải thích: tài liệu nội bộ",
        false,
    ),
    (
        "credential",
        "Đoạn giải thích: mật khẩu, khóa truy cập",
        false,
    ),
    ("people", "Đoạn giải thích: danh sách nhiều người", false),
    (
        "personal_data",
        "Đoạn giải thích: thông tin của một vài người",
        false,
    ),
    (
        "uninspectable",
        "Đoạn giải thích: tệp không kiểm tra được",
        false,
    ),
];

#[derive(Template)]
#[template(path = "wording.html")]
struct WordingPage {
    frame: Frame,
    lines: Vec<WordingLine>,
    may_change: bool,
}

struct WordingLine {
    key: &'static str,
    label: &'static str,
    is_line: bool,
    value: String,
}

/// `GET /wording`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let registry = desk.store.registry();
    let lines = WORDINGS.map(|(key, label, is_line)| WordingLine {
        key,
        label,
        is_line,
        value: registry.wording(key).unwrap_or_default().to_owned(),
    });
    page(&WordingPage {
        frame: Frame::new(&desk, &visit, HERE),
        lines: lines.into_iter().collect(),
        may_change: visit.role() == Role::Admin,
    })
}

/// `POST /wording`
pub(super) async fn save(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let registry = desk.store.registry();
    let mut act = Act::default();
    for (key, _, _) in WORDINGS {
        let value: String = form.text(key).chars().take(WORDING_CHARS_MAX).collect();
        if value != registry.wording(key).unwrap_or_default() {
            let deed = Deed::new(visit.actor(), What::WordingSet);
            act = act.deed(deed.subject(key).fact("to", &value));
        }
    }
    if !act.deeds.is_empty() {
        desk.act(act).await?;
    }
    Ok(Redirect::to("/wording?done=saved").into_response())
}
