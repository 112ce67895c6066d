//! How does an alert go by mail? By the office's own mail server, one message for all readers.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message as Letter, Tokio1Executor};

use super::channel::{Mail, Transport};
use super::message::Message;

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// Sends an alert. An error is a sentence without secrets.
pub(super) async fn send(mail: &Mail, message: &Message, node: &str) -> Result<(), String> {
    let mailbox = |address: &str| {
        let read: Result<Mailbox, _> = address.parse();
        read.map_err(|_| format!("\"{address}\" is no mail address"))
    };
    let mut letter = Letter::builder()
        .from(mailbox(&mail.from)?)
        .subject(message.title())
        .header(ContentType::TEXT_PLAIN);
    for reader in &mail.to {
        letter = letter.to(mailbox(reader)?);
    }
    let letter = letter
        .body(message.text(node))
        .map_err(|error| error.to_string())?;
    let server = server(mail).await?;
    let sent = server.send(letter).await;
    sent.map(drop).map_err(|error| error.to_string())
}

async fn server(mail: &Mail) -> Result<Smtp, String> {
    let (host, port) = match mail.server.rsplit_once(':') {
        Some((host, port)) => {
            let port: u16 = port.parse().map_err(|_| "mail.server has no port")?;
            (host, Some(port))
        }
        None => (mail.server.as_str(), None),
    };
    let builder: Result<AsyncSmtpTransportBuilder, _> = match mail.security {
        Transport::Starttls => Smtp::starttls_relay(host),
        Transport::Tls => Smtp::relay(host),
        Transport::None => Ok(Smtp::builder_dangerous(host)),
    };
    let mut builder = builder.map_err(|error| error.to_string())?;
    if let Some(port) = port {
        builder = builder.port(port);
    }
    if let (Some(user), Some(file)) = (&mail.user, &mail.password_file) {
        let password = tokio::fs::read_to_string(file).await;
        let password = password.map_err(|error| format!("{}: {error}", file.display()))?;
        let credentials = Credentials::new(user.clone(), password.trim_end().to_owned());
        builder = builder.credentials(credentials);
    }
    Ok(builder.build())
}
