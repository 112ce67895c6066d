//! How does it stand? The first page.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::status::Status;
use crate::admin::told;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    status: Status,
    chain_seq: String,
}

/// `GET /`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let status = (desk.status)();
    page(&OverviewPage {
        frame: Frame::new(&desk, &visit, "/"),
        chain_seq: told::number(status.chain_seq),
        status,
    })
}
