//! What is said when a page cannot be given? Plain words, no detail; the log has the ids.

use askama::Template as _;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use crate::admin::frame::Plain;
use crate::admin::password::PasswordError;
use crate::report::MakeError;
use crate::report::form::FormError;
use crate::store::StoreError;

/// Why a page cannot be given.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// There is no such page or thing.
    #[error("no such page")]
    NotFound,
    /// Not for this role.
    #[error("not for this role")]
    Forbidden,
    /// Sign in first, then go on there.
    #[error("not signed in")]
    SignInFirst(String),
    /// Something else is to be done first, there.
    #[error("something is to be done first")]
    First(&'static str),
    /// The form was not made for this browser, or is too old.
    #[error("the form is not ours")]
    ForeignForm,
    /// The form cannot be understood.
    #[error("the form cannot be understood")]
    BadForm,
    /// A field cannot be taken as it is, for the reason told.
    #[error("a field cannot be taken")]
    BadField(&'static str),
    /// Somebody else was first.
    #[error("somebody else changed this first")]
    Conflict,
    /// The store could not do it.
    #[error("the store could not do it")]
    Store(#[source] StoreError),
    /// The page could not be made.
    #[error("the page could not be made")]
    Page(#[from] askama::Error),
    /// A report could not be kept.
    #[error("the report could not be kept")]
    Shelf(#[source] std::io::Error),
    /// A report could not be counted.
    #[error("the report could not be made")]
    Report(#[source] MakeError),
    /// A report could not be written in a form.
    #[error("the report could not be written")]
    ReportForm(#[source] FormError),
    /// A password could not be hashed, or there is no randomness.
    #[error("the system gives no randomness")]
    Crypto,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Conflict) {
            Self::Conflict
        } else {
            Self::Store(error)
        }
    }
}

impl From<PasswordError> for Failure {
    fn from(_error: PasswordError) -> Self {
        Self::Crypto
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title, text) = match &self {
            Self::SignInFirst(next) => {
                return Redirect::to(&format!("/sign-in?next={next}")).into_response();
            }
            Self::First(place) => return Redirect::to(place).into_response(),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Không có trang này",
                "Địa chỉ không đúng, hoặc nội dung không còn.",
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "Tài khoản này không có quyền xem trang",
                "Trang dành cho vai trò khác. Nếu cần, đề nghị liên hệ quản trị viên.",
            ),
            Self::ForeignForm => (
                StatusCode::FORBIDDEN,
                "Biểu mẫu đã hết hạn",
                "Đề nghị quay lại, tải lại trang và thực hiện lại. Chưa có gì thay đổi.",
            ),
            Self::BadForm => (
                StatusCode::BAD_REQUEST,
                "Biểu mẫu chưa hợp lệ",
                "Đề nghị quay lại và kiểm tra các ô đã nhập. Chưa có gì thay đổi.",
            ),
            Self::BadField(text) => (StatusCode::BAD_REQUEST, "Biểu mẫu chưa hợp lệ", *text),
            Self::Conflict => (
                StatusCode::CONFLICT,
                "Nội dung vừa được người khác thay đổi",
                "Đề nghị tải lại trang để xem trạng thái mới rồi thực hiện lại.",
            ),
            Self::Store(_)
            | Self::Page(_)
            | Self::Crypto
            | Self::Shelf(_)
            | Self::Report(_)
            | Self::ReportForm(_) => {
                let cause = std::error::Error::source(&self).map(ToString::to_string);
                tracing::error!(error = %self, cause, "a page of the back office failed");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Tạm thời chưa thực hiện được",
                    "Nhật ký sự kiện chưa đọc hoặc ghi được. Đề nghị thử lại sau ít phút; nếu vẫn \
                     vậy, quản trị viên kiểm tra ổ đĩa của máy chủ.",
                )
            }
        };
        let body = Plain { title, text }.render().unwrap_or_default();
        (status, axum::response::Html(body)).into_response()
    }
}
