//! WebSocket frames by hand (RFC 6455 section 5.2), for what a library would hide.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::client::PATIENCE;

/// A whole text message.
pub(crate) const TEXT: u8 = 0x81;
/// A close.
pub(crate) const CLOSE: u8 = 0x88;
/// A mask as good as any.
pub(crate) const MASK: [u8; 4] = [1, 2, 3, 4];

/// Writes one frame.
pub(crate) async fn write_frame<W: AsyncWrite + Unpin>(
    to: &mut W,
    first: u8,
    payload: &[u8],
    mask: Option<[u8; 4]>,
) {
    let masked = if mask.is_some() { 0x80 } else { 0 };
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length @ 0..126) => frame.push(length | masked),
        _ => {
            frame.push(126 | masked);
            frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    frame.extend(mask.into_iter().flatten());
    let payload = payload.iter().enumerate();
    frame.extend(payload.map(|(at, byte)| byte ^ mask.map_or(0, |mask| mask[at % 4])));
    drop(to.write_all(&frame).await);
    drop(to.flush().await);
}

/// Reads one frame.
pub(crate) async fn read_frame<R: AsyncRead + Unpin>(from: &mut R) -> Option<(u8, Vec<u8>)> {
    let reading = async {
        let first = from.read_u8().await.ok()?;
        let second = from.read_u8().await.ok()?;
        let length = match second & 0x7f {
            126 => from.read_u16().await.ok()?,
            short => u16::from(short),
        };
        let mut mask = [0; 4];
        if second & 0x80 != 0 {
            from.read_exact(&mut mask).await.ok()?;
        }
        let mut payload = vec![0; usize::from(length)];
        from.read_exact(&mut payload).await.ok()?;
        for (at, byte) in payload.iter_mut().enumerate() {
            *byte ^= mask[at % 4];
        }
        Some((first, payload))
    };
    tokio::time::timeout(PATIENCE, reading).await.ok()?
}
