//! How is a plain HTTP request to a host that is no AI service passed on?
//!
//! In: a request in absolute form. Out: the server's answer, streaming. One connection each: plain
//! HTTP is rare by now, and keeping connections would need a pool of its own.
//!
//! Never: a request to an AI host, a field of the client's connection.

use http::header::{self, HeaderValue};
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::Core;
use super::address_guard::Purpose;
use super::bodies::{AnswerBody, Streamed};
use super::dial::PlainForm;
use super::failure::Failure;
use super::fields::{onward_answer, onward_request};
use super::parent_proxy::ParentError;
use super::target::Target;

/// Passes a request on.
pub(super) async fn forward(
    core: &Core,
    target: &Target,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Failure> {
    let settings = core.parts.settings.load_full();
    let allowed = &settings.proxy.connect_ports;
    // Ports below 1024 other than that of HTTP belong to protocols that a request could imitate.
    if target.port < 1024 && target.port != 80 && !allowed.contains(&target.port) {
        return Err(Failure::PortNotAllowed(target.port));
    }
    let host = || target.host.clone();
    let (dialled, form) = settings
        .dialer
        .dial_plain(&target.host, target.port, Purpose::Tunnel)
        .await
        .map_err(|cause| Failure::TunnelDial {
            host: host(),
            cause,
        })?;
    let broken = |cause| Failure::UpstreamBroken {
        host: host(),
        cause,
    };
    let (mut sender, connection) = http1::Builder::new()
        .preserve_header_case(true)
        .max_headers(core.limits().header_fields_max)
        .handshake(TokioIo::new(dialled.stream))
        .await
        .map_err(broken)?;
    tokio::spawn(connection);
    let idle_max = core.limits().answer_idle_max;
    let sent = sender.send_request(onward(request, form));
    let answer = timeout(idle_max, sent)
        .await
        .map_err(|_| Failure::UpstreamTimeout { host: host() })?
        .map_err(broken)?;
    if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        && let PlainForm::Absolute(_) = form
    {
        // It asks us, not the client, who has no credentials for it.
        let status = answer.status().as_u16();
        return Err(Failure::TunnelDial {
            host: host(),
            cause: ParentError::Refused { status }.into(),
        });
    }
    let mut answer = answer.map(|body| AnswerBody::Upstream(Streamed::new(body, idle_max)));
    *answer.version_mut() = Version::HTTP_11;
    *answer.headers_mut() = onward_answer(answer.headers());
    Ok(answer)
}

/// The request as it goes on. The host in its URI wins over the `Host` field (RFC 9112 section
/// 3.2.2), so that the one who answers is the one who was judged.
fn onward(request: Request<Incoming>, form: PlainForm<'_>) -> Request<Incoming> {
    let (mut head, body) = request.into_parts();
    head.version = Version::HTTP_11;
    head.headers = onward_request(&head.headers);
    let authority = head.uri.authority().map(|authority| authority.as_str());
    if let Some(host) = authority.and_then(|host| HeaderValue::from_str(host).ok()) {
        head.headers.insert(header::HOST, host);
    }
    match form {
        PlainForm::Origin => {
            let path = head.uri.path_and_query().cloned();
            head.uri = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
        }
        PlainForm::Absolute(parent) => {
            if let Some(credentials) = &parent.authorization
                && let Ok(value) = HeaderValue::from_str(credentials.expose())
            {
                head.headers.insert(header::PROXY_AUTHORIZATION, value);
            }
        }
    }
    Request::from_parts(head, body)
}
