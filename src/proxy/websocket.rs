//! How are WebSocket messages relayed? (Stand-in.)

use tokio::io::{AsyncRead, AsyncWrite};

use crate::inspect::{Cleared, Message};
use crate::model::limits::Limits;

/// What the judge said of a message.
pub enum Outcome {
    /// Send it.
    Forward(Cleared<Message>),
    /// Close the socket.
    Close,
}

/// How a relay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayEnd {
    /// Closed.
    Closed,
}

/// Relays.
pub async fn relay<C, U, J, F>(_client: C, _upstream: U, _judge: J, _limits: &Limits) -> RelayEnd
where
    C: AsyncRead + AsyncWrite + Unpin + Send,
    U: AsyncRead + AsyncWrite + Unpin + Send,
    J: FnMut(Message) -> F,
    F: Future<Output = Outcome>,
{
    RelayEnd::Closed
}
