//! What is a client told when its request cannot be served, for a reason other than its content?
//!
//! In: the kind of failure and how the client can read an answer. Out: a complete response in
//! Vietnamese: what happened, what to do now. The log says the rest, in English.
//!
//! Never: a detail of the request or of the network behind the proxy, apart from the host's name.
//!
//! Read next: `failure_text` (the words).

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::answer::{self, AnswerFormat, OwnAnswer, PageRights, allow_origin};
use super::failure_text;
use super::office::OfficeTexts;
use super::wire_error::wire_error;
use crate::service::RefusalShape;

/// Why a request cannot be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The request is not HTTP as it should be.
    BadRequest,
    /// The workstation may not use this proxy.
    ClientNotAllowed,
    /// The port may not be dialled.
    PortNotAllowed,
    /// The host's address is one that the proxy never dials: loopback, private, link-local.
    AddressNotAllowed,
    /// CONNECT named one AI host, the TLS handshake another.
    NamesDiffer,
    /// An AI tool that the office has not approved.
    ToolNotApproved,
    /// The program refuses our certificates, so that its requests cannot be read.
    NotInspectable,
    /// The request did not arrive whole in time.
    RequestTimeout,
    /// The body is over its bound.
    BodyTooLarge,
    /// The request names a host other than the one this connection is for.
    Misdirected,
    /// An AI service was asked without TLS.
    TlsRequired,
    /// The header list is over its bound.
    HeadTooLarge,
    /// A failure of our own: the exchange was stopped.
    Internal,
    /// The host's name was not found.
    UpstreamDns,
    /// The host did not accept a connection.
    UpstreamConnect,
    /// The host's certificate is not valid.
    UpstreamCertificate,
    /// The host did not answer in time.
    UpstreamTimeout,
    /// The host answered something that is not HTTP as it should be.
    UpstreamProtocol,
    /// The incident could not be stored, so the request was not sent.
    StoreDown,
    /// The bounds on what is held at one time are reached.
    Busy,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::BadRequest,
        Self::ClientNotAllowed,
        Self::PortNotAllowed,
        Self::AddressNotAllowed,
        Self::NamesDiffer,
        Self::ToolNotApproved,
        Self::NotInspectable,
        Self::RequestTimeout,
        Self::BodyTooLarge,
        Self::Misdirected,
        Self::TlsRequired,
        Self::HeadTooLarge,
        Self::Internal,
        Self::UpstreamDns,
        Self::UpstreamConnect,
        Self::UpstreamCertificate,
        Self::UpstreamTimeout,
        Self::UpstreamProtocol,
        Self::StoreDown,
        Self::Busy,
    ];

    /// The status (RFC 9110 §15, RFC 6585 §5).
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::ClientNotAllowed
            | Self::PortNotAllowed
            | Self::AddressNotAllowed
            | Self::NamesDiffer
            | Self::ToolNotApproved
            | Self::NotInspectable => StatusCode::FORBIDDEN,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::TlsRequired => StatusCode::UPGRADE_REQUIRED,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::UpstreamDns
            | Self::UpstreamConnect
            | Self::UpstreamCertificate
            | Self::UpstreamTimeout
            | Self::UpstreamProtocol => StatusCode::BAD_GATEWAY,
            Self::StoreDown | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The `code` that programs see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "lachan_bad_request",
            Self::ClientNotAllowed => "lachan_client_not_allowed",
            Self::PortNotAllowed => "lachan_port_not_allowed",
            Self::AddressNotAllowed => "lachan_address_not_allowed",
            Self::NamesDiffer => "lachan_names_differ",
            Self::ToolNotApproved => "lachan_tool_not_approved",
            Self::NotInspectable => "lachan_not_inspectable",
            Self::RequestTimeout => "lachan_request_timeout",
            Self::BodyTooLarge => "lachan_body_too_large",
            Self::Misdirected => "lachan_misdirected",
            Self::TlsRequired => "lachan_tls_required",
            Self::HeadTooLarge => "lachan_head_too_large",
            Self::Internal => "lachan_internal",
            Self::UpstreamDns => "lachan_upstream_dns",
            Self::UpstreamConnect => "lachan_upstream_connect",
            Self::UpstreamCertificate => "lachan_upstream_certificate",
            Self::UpstreamTimeout => "lachan_upstream_timeout",
            Self::UpstreamProtocol => "lachan_upstream_protocol",
            Self::StoreDown => "lachan_store_down",
            Self::Busy => "lachan_busy",
        }
    }

    /// After how many seconds it is worth trying again (RFC 9110 §10.2.3).
    const fn retry_after_seconds(self) -> Option<u32> {
        match self {
            Self::StoreDown => Some(30),
            Self::Busy => Some(10),
            Self::BadRequest
            | Self::ClientNotAllowed
            | Self::PortNotAllowed
            | Self::AddressNotAllowed
            | Self::NamesDiffer
            | Self::ToolNotApproved
            | Self::NotInspectable
            | Self::RequestTimeout
            | Self::BodyTooLarge
            | Self::Misdirected
            | Self::TlsRequired
            | Self::HeadTooLarge
            | Self::Internal
            | Self::UpstreamDns
            | Self::UpstreamConnect
            | Self::UpstreamCertificate
            | Self::UpstreamTimeout
            | Self::UpstreamProtocol => None,
        }
    }
}

/// Around what a failure is told.
pub struct FailureContext<'a> {
    /// How the client can read it.
    pub format: AnswerFormat,
    /// The service's error shape, [`RefusalShape::Generic`] where none is known.
    pub shape: RefusalShape,
    /// The host that was asked for.
    pub host: Option<&'a str>,
    /// The request's `Origin`, where it had one.
    pub origin: Option<HeaderValue>,
    /// The office's words.
    pub office: &'a OfficeTexts,
}

/// Makes the answer to a request that cannot be served.
pub fn fail(kind: FailureKind, context: &FailureContext<'_>) -> OwnAnswer {
    let notice = failure_text::word(kind, context.host, context.office);
    let status = kind.status();
    let mut answer = match context.format {
        AnswerFormat::Page => answer::page(status, notice.html(), PageRights::Notice),
        AnswerFormat::Json => {
            let error = wire_error(context.shape, status, kind.code(), &notice.plain());
            answer::content(status, error.content_type, error.text)
        }
        AnswerFormat::Text => answer::content(status, "text/plain; charset=utf-8", notice.plain()),
    };
    if let Some(seconds) = kind.retry_after_seconds() {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    allow_origin(&mut answer, context.origin.as_ref());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::answer::text_of;
    use http::header::{CONTENT_TYPE, VARY};

    const FORMATS: [AnswerFormat; 3] = [AnswerFormat::Page, AnswerFormat::Json, AnswerFormat::Text];

    fn told(kind: FailureKind, format: AnswerFormat, host: Option<&str>) -> (OwnAnswer, String) {
        let office = OfficeTexts::default();
        let answer = fail(
            kind,
            &FailureContext {
                format,
                shape: RefusalShape::Anthropic,
                host,
                origin: Some(HeaderValue::from_static("https://claude.ai")),
                office: &office,
            },
        );
        let body = text_of(&answer);
        (answer, body)
    }

    /// What a person reads: the style sheet and the JSON braces are not for people.
    fn words(body: &str, format: AnswerFormat) -> String {
        match format {
            AnswerFormat::Page => body.split("</style>").nth(1).unwrap().to_owned(),
            AnswerFormat::Json => {
                let json: serde_json::Value = serde_json::from_str(body).unwrap();
                json["error"]["message"].as_str().unwrap().to_owned()
            }
            AnswerFormat::Text => body.to_owned(),
        }
    }

    #[test]
    fn every_kind_is_told_in_every_form_without_open_tokens() {
        for kind in FailureKind::ALL {
            for format in FORMATS {
                let (answer, body) = told(kind, format, Some("claude.ai"));
                assert_eq!(answer.status(), kind.status());
                let words = words(&body, format);
                assert!(words.contains("Đề nghị anh/chị:"), "{kind:?} {words}");
                assert!(!words.contains(['{', '}']), "{kind:?} {words}");
                assert!(
                    !words.contains('!') || format == AnswerFormat::Page,
                    "{words}"
                );
                let content_type = answer.headers()[CONTENT_TYPE].to_str().unwrap();
                assert!(content_type.ends_with("; charset=utf-8"), "{content_type}");
                assert_eq!(answer.headers()["cache-control"], "no-store");
                assert_eq!(answer.headers()["x-should-retry"], "false");
                assert_eq!(answer.headers()[VARY], "Origin");
                assert_eq!(
                    answer.headers()["content-length"].to_str().unwrap(),
                    body.len().to_string()
                );
            }
        }
    }

    #[test]
    fn only_the_unavailable_say_when_to_come_back() {
        for kind in FailureKind::ALL {
            let (answer, _) = told(kind, AnswerFormat::Text, None);
            assert_eq!(
                answer.headers().contains_key(RETRY_AFTER),
                kind.status() == StatusCode::SERVICE_UNAVAILABLE,
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_hostile_host_name_is_escaped_and_not_filled_in() {
        let host = "<script>alert(1)</script>{contact}\r\nX: y";
        let (_, body) = told(FailureKind::UpstreamDns, AnswerFormat::Page, Some(host));
        assert!(!body.contains("<script>"), "{body}");
        assert!(body.contains("&#60;script&#62;alert(1)&#60;/script&#62;{contact}X:y"));
    }

    #[test]
    fn a_long_host_name_is_cut() {
        let host = "a".repeat(10_000);
        let (_, body) = told(FailureKind::UpstreamDns, AnswerFormat::Text, Some(&host));
        assert!(body.len() < 2_000, "{}", body.len());
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::HashSet<_> =
            FailureKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), FailureKind::ALL.len());
    }

    #[test]
    fn an_unapproved_tool_names_the_approved_ones() {
        let office = OfficeTexts {
            approved_tools: Some(String::from("Trợ lý ảo của tỉnh")),
            rule: Some(String::from("Kế hoạch số 01/KH-UBND")),
            ..OfficeTexts::default()
        };
        let answer = fail(
            FailureKind::ToolNotApproved,
            &FailureContext {
                format: AnswerFormat::Text,
                shape: RefusalShape::Generic,
                host: Some("chat.example"),
                origin: None,
                office: &office,
            },
        );
        let body = text_of(&answer);
        assert!(body.contains("Trợ lý ảo của tỉnh"), "{body}");
        assert!(body.contains("Theo Kế hoạch số 01/KH-UBND"), "{body}");
        assert!(body.starts_with("Công cụ chat.example chưa có trong Danh mục"));
        assert!(!answer.headers().contains_key(VARY));
    }
}
