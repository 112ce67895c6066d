//! How does an alert reach a web address? JSON, signed, so that its reader knows who sent it.
//!
//! `Lachan-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 over `SECONDS.BODY` with the key
//! of the channel. A reader refuses what is older than a few minutes: nobody sends it again later.

use std::time::Duration;

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{Request, Uri};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::channel::Webhook;
use crate::model::exchange::UnixMillis;
use crate::tls::{Alpn, UpstreamTls};

/// The shortest key.
const KEY_BYTES_MIN: usize = 16;
/// How long an answer may take.
pub(super) const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Sends a body.
pub(super) async fn send(
    webhook: &Webhook,
    body: &str,
    tls: &UpstreamTls,
    now: UnixMillis,
) -> Result<(), String> {
    let key = tokio::fs::read_to_string(&webhook.secret_file).await;
    let key = key.map_err(|error| format!("{}: {error}", webhook.secret_file.display()))?;
    let key = key.trim();
    if key.len() < KEY_BYTES_MIN {
        return Err(format!("the key has fewer than {KEY_BYTES_MIN} characters"));
    }
    let uri: Uri = webhook
        .url
        .parse()
        .map_err(|_| "webhook.url is no address")?;
    let host = uri.host().ok_or("webhook.url names no host")?;
    let is_plain = uri.scheme_str() == Some("http");
    let port = uri.port_u16().unwrap_or(if is_plain { 80 } else { 443 });
    let authority = uri.authority().map_or(host, http::uri::Authority::as_str);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::post(path)
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("lachan/", env!("CARGO_PKG_VERSION")))
        .header("lachan-signature", signature(key, body, now))
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .map_err(|error| error.to_string())?;
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((name, port)).await;
    let stream = stream.map_err(|error| error.to_string())?;
    if is_plain {
        return exchange(stream, request).await;
    }
    let name = ServerName::try_from(name.to_owned()).map_err(|error| error.to_string())?;
    let connector = TlsConnector::from(tls.client_config(Alpn::Http1));
    let stream = connector.connect(name, stream).await;
    exchange(stream.map_err(|error| error.to_string())?, request).await
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(), String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let told = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(told)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(told);
    connection.abort();
    let status = answer?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("the address answered {status}"))
    }
}

fn signature(key: &str, body: &str, now: UnixMillis) -> String {
    let seconds = now.0.div_euclid(1000);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    let hex: Vec<String> = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={seconds},v1={}", hex.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_time_and_body() {
        let signed = signature("0123456789abcdef", "{}", UnixMillis(1_781_247_900_999));
        assert!(signed.starts_with("t=1781247900,v1="), "{signed}");
        assert_eq!(signed.len(), "t=1781247900,v1=".len() + 64);
        for (body, at) in [("{ }", 1_781_247_900_999), ("{}", 1_781_247_901_000)] {
            assert_ne!(signature("0123456789abcdef", body, UnixMillis(at)), signed);
        }
    }
}
