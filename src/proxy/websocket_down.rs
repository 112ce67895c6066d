//! How do messages of a service come down with the clerk's own values in them?
//!
//! In: data frames as the service sent them. Out: the same frames, or, where a message held a
//! placeholder, the message with its value in one frame. Frames pass at once, unread, while the
//! client has no values kept for this service.
//!
//! Never: a binary message changed, a message over the bound held.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yawc::frame::{Frame, OpCode};

use super::budget::Growing;
use crate::answer::Restorer;

/// What turns messages back, and counts what is held of them.
pub(super) struct Turning {
    pub(super) restorer: Box<Restorer>,
    pub(super) share: Growing,
}

/// The data frames of one socket on their way down.
pub(super) struct Downward {
    turning: Option<Turning>,
    held: Vec<Frame>,
    held_bytes: usize,
    bytes_max: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between messages.
    Between,
    /// In a message that is held until it is whole.
    Holding,
    /// In a message that passes.
    Passing,
}

impl Downward {
    /// Frames through this restorer, which holds at most `bytes_max` bytes.
    pub(super) const fn new(turning: Option<Turning>, bytes_max: usize) -> Self {
        Self {
            turning,
            held: Vec::new(),
            held_bytes: 0,
            bytes_max,
            state: State::Between,
        }
    }

    /// What still waits when the service closes.
    pub(super) fn end(&mut self) -> Vec<Frame> {
        let mut frames = std::mem::take(&mut self.held);
        if let Some(Turning { restorer, .. }) = &mut self.turning {
            let messages = catch_unwind(AssertUnwindSafe(|| restorer.last_messages()));
            let messages = messages.unwrap_or_default().into_iter().map(Frame::text);
            frames.splice(0..0, messages);
        }
        frames
    }

    /// Takes the next data frame and gives those that can go on.
    pub(super) fn take(&mut self, frame: Frame) -> Vec<Frame> {
        let Some(Turning { restorer, share }) = &mut self.turning else {
            return vec![frame];
        };
        if self.state == State::Between {
            let is_read = frame.opcode() == OpCode::Text && !restorer.is_idle();
            self.state = if is_read {
                State::Holding
            } else {
                State::Passing
            };
        }
        let is_last = frame.is_fin();
        if self.state == State::Passing {
            if is_last {
                self.state = State::Between;
            }
            return vec![frame];
        }
        self.held_bytes += frame.payload().len();
        self.held.push(frame);
        if self.held_bytes > self.bytes_max || share.follow(self.held_bytes).is_err() {
            self.state = if is_last {
                State::Between
            } else {
                State::Passing
            };
            self.held_bytes = 0;
            drop(share.follow(0));
            return std::mem::take(&mut self.held);
        }
        if !is_last {
            return Vec::new();
        }
        self.state = State::Between;
        self.held_bytes = 0;
        drop(share.follow(0));
        let frames = std::mem::take(&mut self.held);
        turned(restorer, frames)
    }
}

/// A whole message: its own frames where nothing is to be turned back. A panic leaves it as it is.
fn turned(restorer: &mut Restorer, frames: Vec<Frame>) -> Vec<Frame> {
    let payloads: Vec<&[u8]> = frames
        .iter()
        .map(|frame| frame.payload().as_ref())
        .collect();
    let message = payloads.concat();
    let messages = catch_unwind(AssertUnwindSafe(|| restorer.message(&message)));
    match messages {
        Ok(messages) if messages.as_slice() != [message] => {
            messages.into_iter().map(Frame::text).collect()
        }
        Ok(_) | Err(_) => frames,
    }
}
