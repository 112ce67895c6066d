//! How does a service print an error, so that its own client shows the text to the person?
//!
//! In: the shape that the catalogue names, the status, a message. Out: JSON in that shape. The
//! shapes were read off the services' clients and SDKs; SDKs print `error.message`.

use http::StatusCode;
use serde_json::{Value, json};

use crate::service::RefusalShape;

/// The error as the service's client expects it. `code` names the cause for programs.
pub(super) fn wire_error(
    shape: RefusalShape,
    status: StatusCode,
    code: &str,
    message: &str,
) -> Value {
    match shape {
        RefusalShape::OpenAi | RefusalShape::Generic => json!({
            "error": {
                "message": message,
                "type": openai_type(status),
                "param": null,
                "code": code,
            }
        }),
        RefusalShape::Anthropic => json!({
            "type": "error",
            "error": { "type": anthropic_type(status), "message": message },
        }),
        RefusalShape::Google => json!({
            "error": {
                "code": status.as_u16(),
                "message": message,
                "status": google_status(status),
            }
        }),
        RefusalShape::Detail => json!({ "detail": { "message": message, "code": code } }),
        RefusalShape::CodeMsg => {
            json!({ "code": status.as_u16(), "msg": message, "data": null })
        }
        RefusalShape::Message => json!({ "message": message }),
    }
}

fn openai_type(status: StatusCode) -> &'static str {
    if status.is_server_error() {
        "server_error"
    } else {
        "invalid_request_error"
    }
}

fn anthropic_type(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "permission_error",
        StatusCode::PAYLOAD_TOO_LARGE => "request_too_large",
        StatusCode::SERVICE_UNAVAILABLE => "overloaded_error",
        other if other.is_server_error() => "api_error",
        _ => "invalid_request_error",
    }
}

/// The names of google.rpc.Code that Google's HTTP mapping gives these statuses.
fn google_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "PERMISSION_DENIED",
        StatusCode::REQUEST_TIMEOUT => "DEADLINE_EXCEEDED",
        StatusCode::INTERNAL_SERVER_ERROR => "INTERNAL",
        other if other.is_server_error() => "UNAVAILABLE",
        _ => "INVALID_ARGUMENT",
    }
}
