//! May a request on a shared host, outside the paths of its rows, go on with its body unread?
//!
//! In: its head. Out: the permit, or the inspection that refuses it. The head is read as any other;
//! but what others do on such a host is no matter of AI, so anything less than a block leaves no
//! trace.
//!
//! Never: a look at the body.

use crate::inspect::cleared::{Cleared, Passing};
use crate::inspect::inspection::{CollectedRequest, Inspection, Sender};
use crate::inspect::{Inspector, Verdict};
use crate::model::exchange::UnixMillis;

/// What becomes of such a request.
#[derive(Debug)]
pub enum HeadVerdict {
    /// It goes on, its body unread.
    Pass(Cleared<Passing>),
    /// It does not.
    Refuse(Box<Inspection>),
}

impl Inspector {
    /// Inspects the head of a request that [`Route::Passing`](crate::inspect::Route) names; its
    /// body is empty here.
    pub fn inspect_head(
        &self,
        request: &CollectedRequest,
        sender: &Sender,
        at: UnixMillis,
    ) -> HeadVerdict {
        let inspection = self.inspect(request, sender, at);
        match inspection.verdict {
            Verdict::Forward { .. } => HeadVerdict::Pass(Cleared::new(Passing)),
            Verdict::Refuse(_) | Verdict::AnswerHere { .. } => {
                HeadVerdict::Refuse(Box::new(Inspection {
                    shape: None,
                    ..inspection
                }))
            }
        }
    }
}
