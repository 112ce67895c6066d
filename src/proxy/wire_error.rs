//! How does a service print an error, so that its own client shows the text to the person?
//!
//! In: the shape that the catalogue names, the status, a message. Out: a body in that shape. The
//! shapes were read off the services' clients and SDKs; SDKs print `error.message`. A shape of a
//! stream or socket has the error shape of the same service.

use http::StatusCode;
use serde_json::{Value, json};

use crate::service::RefusalShape;

/// A body as a service writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WireBody {
    /// The `Content-Type`; with its charset, or clients show Vietnamese as garbage.
    pub(super) content_type: &'static str,
    /// The body.
    pub(super) text: String,
}

impl WireBody {
    fn json(value: &Value) -> Self {
        Self {
            content_type: "application/json; charset=utf-8",
            text: value.to_string(),
        }
    }
}

/// The error as the service's client expects it. `code` names the cause for programs.
pub(super) fn wire_error(
    shape: RefusalShape,
    status: StatusCode,
    code: &str,
    message: &str,
) -> WireBody {
    let number = status.as_u16();
    let value = match shape {
        RefusalShape::OpenAi
        | RefusalShape::Generic
        | RefusalShape::DuckStream
        | RefusalShape::CopilotSocket
        | RefusalShape::SignalrSocket
        | RefusalShape::RealtimeSocket
        | RefusalShape::NeoSocket
        | RefusalShape::GrammarlySocket => json!({
            "error": {
                "message": message,
                "type": openai_type(status),
                "param": null,
                "code": code,
            }
        }),
        RefusalShape::Anthropic | RefusalShape::ClaudeStream => json!({
            "type": "error",
            "error": { "type": anthropic_type(status), "message": message },
        }),
        RefusalShape::Google | RefusalShape::GrokStream | RefusalShape::GrokSocket => json!({
            "error": { "code": number, "message": message, "status": google_status(status) }
        }),
        RefusalShape::Detail | RefusalShape::ChatGptStream => {
            json!({ "detail": { "message": message, "code": code } })
        }
        RefusalShape::DetailText => json!({ "detail": message }),
        RefusalShape::CodeMsg | RefusalShape::DeepSeekStream => {
            json!({ "code": number, "msg": message, "data": null })
        }
        RefusalShape::CodeSuccess => json!({
            "code": 1,
            "success": false,
            "msg": message,
            "data": { "code": code, "details": message },
        }),
        RefusalShape::Message | RefusalShape::GithubCopilotStream => json!({ "message": message }),
        RefusalShape::CodeMessage => json!({
            "code": number, "status": 1, "error_type": code, "message": message,
        }),
        RefusalShape::ErrorMessage => error_message(number, message),
        RefusalShape::GraphQl => json!({ "data": null, "errors": [{ "message": message }] }),
        RefusalShape::Trpc => trpc(status, message),
        // The error of a call that is no stream (Connect protocol, "Error codes").
        RefusalShape::ConnectJsonEnd | RefusalShape::ConnectProtoEnd => {
            json!({ "code": connect_code(status), "message": message })
        }
        RefusalShape::RpcArray => return rpc_array(status, message),
        RefusalShape::StoreXml => return store_xml(message),
    };
    WireBody::json(&value)
}

/// The name of a Connect error (Connect protocol, "HTTP to error code").
pub(super) fn connect_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "permission_denied",
        StatusCode::REQUEST_TIMEOUT => "deadline_exceeded",
        StatusCode::PAYLOAD_TOO_LARGE => "resource_exhausted",
        StatusCode::INTERNAL_SERVER_ERROR => "internal",
        other if other.is_server_error() => "unavailable",
        _ => "invalid_argument",
    }
}

/// Each of these interfaces reads names of its own and passes over the others'.
fn error_message(number: u16, message: &str) -> Value {
    json!({
        "error": 1, "message": message,
        "errorCode": 1, "errorMessage": message,
        "error_code": 1, "error_message": message,
        "code": number.to_string(), "vi_message": message, "en_message": message,
    })
}

/// tRPC keeps the codes of JSON-RPC; -32603 is what it gives to a refusal without a code.
fn trpc(status: StatusCode, message: &str) -> Value {
    let name = match status {
        StatusCode::FORBIDDEN => "FORBIDDEN",
        StatusCode::REQUEST_TIMEOUT => "TIMEOUT",
        StatusCode::PAYLOAD_TOO_LARGE => "PAYLOAD_TOO_LARGE",
        other if other.is_server_error() => "INTERNAL_SERVER_ERROR",
        _ => "BAD_REQUEST",
    };
    json!([{
        "error": {
            "json": {
                "message": message,
                "code": -32603,
                "data": { "code": name, "httpStatus": status.as_u16() },
            }
        }
    }])
}

/// Google's arrays leave the first field out, which is no JSON. 7 is `PERMISSION_DENIED` and 14
/// `UNAVAILABLE` (google.rpc.Code).
fn rpc_array(status: StatusCode, message: &str) -> WireBody {
    let code = match status {
        other if other.is_server_error() => 14,
        StatusCode::FORBIDDEN => 7,
        _ => 3,
    };
    WireBody {
        content_type: "application/json+protobuf; charset=utf-8",
        text: format!("[,[{code},{}]]", Value::from(message)),
    }
}

fn store_xml(message: &str) -> WireBody {
    let escaped = message
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    WireBody {
        content_type: "application/xml; charset=utf-8",
        text: format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Error><Code>AccessDenied</Code><Message>{escaped}</Message></Error>"
        ),
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
