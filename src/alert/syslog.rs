//! How does an alert reach a log server? A datagram, or a connection with lengths.

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket};

use super::channel::{Syslog, SyslogTransport};
use super::line::line;
use super::message::Message;

/// Sends an alert. A datagram that nobody takes is lost in silence: that is what UDP means.
pub(super) async fn send(syslog: &Syslog, message: &Message, node: &str) -> Result<(), String> {
    let line = line(message, syslog.format, node);
    let sent = match syslog.transport {
        SyslogTransport::Udp => datagram(&syslog.address, &line).await,
        SyslogTransport::Tcp => framed(&syslog.address, &line).await,
    };
    sent.map_err(|error| error.to_string())
}

async fn datagram(address: &str, line: &str) -> std::io::Result<()> {
    let mut places = tokio::net::lookup_host(address).await?;
    let place = places.next().ok_or(std::io::ErrorKind::NotFound)?;
    let own = if place.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(own).await?;
    socket.send_to(line.as_bytes(), place).await.map(drop)
}

async fn framed(address: &str, line: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let frame = format!("{} {line}", line.len());
    stream.write_all(frame.as_bytes()).await?;
    stream.shutdown().await
}
