//! How much is too much? Every bound of the program, with its unit and reason.

use std::time::Duration;

/// The bounds. Over a bound is refused with its reason, never passed in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest request body collected, in bytes. Uploads of offices are rarely above 30 MB.
    pub body_bytes_max: usize,
    /// Largest body after all content codings are undone, in bytes: compressed bombs end here.
    pub decoded_bytes_max: usize,
    /// How deep bodies inside bodies are opened (JSON in form in JSON ...).
    pub nesting_depth_max: usize,
    /// How deep one JSON value may nest.
    pub json_depth_max: usize,
    /// How many parts one request may have.
    pub parts_count_max: usize,
    /// How many content codings may be chained.
    pub codings_count_max: usize,
    /// Header list in bytes, both ways: real sites send 60 KB of cookies.
    pub header_bytes_max: usize,
    /// Header fields, both ways.
    pub header_fields_max: usize,
    /// Largest WebSocket message, in bytes.
    pub message_bytes_max: usize,
    /// All bodies held at one time, in bytes, with what is held of answers and what reading them
    /// takes. An exchange waits for its share, then is refused.
    pub held_bytes_max: usize,
    /// Connections of clients at one time.
    pub connections_max: usize,
    /// Streams of one HTTP/2 connection.
    pub h2_streams_max: u32,
    /// From accept (or the last answer) to a complete request head.
    pub header_read_max: Duration,
    /// For a request body to arrive whole.
    pub body_read_max: Duration,
    /// For a TCP connection to an upstream.
    pub connect_max: Duration,
    /// For a TLS handshake, on either side.
    pub handshake_max: Duration,
    /// For the next piece of an answer: models think for minutes.
    pub answer_idle_max: Duration,
    /// For any piece in a tunnel or WebSocket.
    pub tunnel_idle_max: Duration,
    /// How long an exchange waits for its share of `held_bytes_max`.
    pub budget_wait_max: Duration,
    /// How much of a request is read on after an early refusal, so that browsers show the answer.
    pub drain_bytes_max: usize,
    /// First bytes of a tunnel that are looked at for a `ClientHello`.
    pub hello_bytes_max: usize,
    /// Above this many bytes a body is judged on the blocking pool.
    pub inline_judge_bytes_max: usize,
    /// How much of an answer is held to turn placeholders back, in bytes: one event, or one JSON
    /// document. Over it the rest passes as it is.
    pub answer_held_bytes_max: usize,
    /// Values behind placeholders that are kept to be shown again, of all clients.
    pub way_back_values_max: usize,
    /// The same in bytes of text.
    pub way_back_bytes_max: usize,
    /// How long such a value is kept after it was last sent: a conversation of a working day.
    pub way_back_age_max: Duration,
    /// Longest text of one blocked request that is sealed, in bytes: some hundred pages. A longer
    /// one is not kept, and the incident says so.
    pub evidence_bytes_max: usize,
    /// All sealed texts together, in bytes: they share the disk with the log, and go with its
    /// backup.
    pub evidence_total_bytes_max: usize,
}

impl Limits {
    /// The share of `held_bytes_max` that one client may hold.
    pub const fn client_held_bytes_max(&self) -> usize {
        self.held_bytes_max / 4
    }
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            body_bytes_max: 32 * MIB,
            decoded_bytes_max: 64 * MIB,
            nesting_depth_max: 6,
            json_depth_max: 128,
            parts_count_max: 200_000,
            codings_count_max: 4,
            header_bytes_max: 256 * 1024,
            header_fields_max: 256,
            message_bytes_max: 8 * MIB,
            held_bytes_max: 256 * MIB,
            connections_max: 4096,
            h2_streams_max: 128,
            header_read_max: Duration::from_secs(30),
            body_read_max: Duration::from_secs(120),
            connect_max: Duration::from_secs(15),
            handshake_max: Duration::from_secs(15),
            answer_idle_max: Duration::from_secs(600),
            tunnel_idle_max: Duration::from_secs(3600),
            budget_wait_max: Duration::from_secs(10),
            drain_bytes_max: 32 * MIB,
            hello_bytes_max: 16 * 1024,
            inline_judge_bytes_max: 64 * 1024,
            answer_held_bytes_max: 8 * MIB,
            way_back_values_max: 100_000,
            way_back_bytes_max: 16 * MIB,
            way_back_age_max: Duration::from_secs(24 * 3600),
            evidence_bytes_max: 256 * 1024,
            evidence_total_bytes_max: 256 * MIB,
        }
    }
}
