//! Is the whole request body here, in time and within its bounds?
//!
//! In: a body as it arrives. Out: its bytes and trailers, with the share of the budget that holds
//! them. Nothing goes up before the body is whole, so a body that does not end in time is refused.

use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::budget::{Budget, Share};
use super::failure::Failure;
use crate::model::limits::Limits;

/// How long an early refusal is followed by reading on.
const DRAIN_MAX: Duration = Duration::from_secs(30);

/// A body that arrived whole.
pub(super) struct Collected {
    pub(super) bytes: Bytes,
    pub(super) trailers: Option<HeaderMap>,
    pub(super) share: Option<Share>,
}

/// Collects a body.
pub(super) async fn collect<B>(
    body: &mut B,
    client: IpAddr,
    budget: &Budget,
    limits: &Limits,
) -> Result<Collected, Failure>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    let mut held = Held::new(body, client, budget, limits)?;
    let mut trailers: Option<HeaderMap> = None;
    if held.declared != Some(0) {
        held.reserve_first().await?;
    }
    // Growing by doubling would hold half as much again.
    let mut collected = BytesMut::with_capacity(held.declared.unwrap_or_default());
    let deadline = Instant::now() + limits.body_read_max;
    loop {
        let frame = timeout_at(deadline, body.frame())
            .await
            .map_err(|_| Failure::BodyTimeout)?;
        let Some(frame) = frame else { break };
        match frame.map_err(Failure::BodyBroken)?.into_data() {
            Ok(data) => {
                held.grow_to(collected.len() + data.len()).await?;
                collected.extend_from_slice(&data);
            }
            Err(other) => {
                if let Ok(fields) = other.into_trailers() {
                    trailers.get_or_insert_default().extend(fields);
                }
            }
        }
    }
    Ok(Collected {
        bytes: collected.freeze(),
        trailers,
        share: held.share,
    })
}

/// Reads on after an early refusal, bounded, so that a browser that is still sending sees the
/// answer instead of a reset connection.
pub(super) async fn drain<B>(mut body: B, limits: &Limits)
where
    B: Body<Data = Bytes> + Unpin,
{
    let deadline = Instant::now() + limits.body_read_max.min(DRAIN_MAX);
    let mut left = limits.drain_bytes_max;
    while let Ok(Some(Ok(frame))) = timeout_at(deadline, body.frame()).await {
        let count = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(count) else {
            return;
        };
        left = rest;
    }
}

/// The share that grows with the body.
struct Held<'a> {
    declared: Option<usize>,
    reserved: usize,
    share: Option<Share>,
    client: IpAddr,
    budget: &'a Budget,
    limits: &'a Limits,
}

impl<'a> Held<'a> {
    fn new<B: Body>(
        body: &B,
        client: IpAddr,
        budget: &'a Budget,
        limits: &'a Limits,
    ) -> Result<Self, Failure> {
        let declared = match body.size_hint().exact().map(usize::try_from) {
            Some(Ok(bytes)) if bytes <= limits.body_bytes_max => Some(bytes),
            Some(_) => return Err(Failure::BodyTooLarge),
            None => None,
        };
        Ok(Self {
            declared,
            reserved: 0,
            share: None,
            client,
            budget,
            limits,
        })
    }

    /// A declared body is reserved whole, so that large ones do not wait for each other halfway.
    async fn reserve_first(&mut self) -> Result<(), Failure> {
        const UNDECLARED_FIRST_BYTES: usize = 64 * 1024;
        let first = self.declared.unwrap_or(UNDECLARED_FIRST_BYTES);
        self.reserve(first.min(self.limits.body_bytes_max)).await
    }

    async fn grow_to(&mut self, bytes: usize) -> Result<(), Failure> {
        if bytes > self.limits.body_bytes_max {
            return Err(Failure::BodyTooLarge);
        }
        if bytes <= self.reserved {
            return Ok(());
        }
        let wanted = bytes.max(self.reserved * 2).min(self.limits.body_bytes_max);
        self.reserve(wanted - self.reserved).await
    }

    async fn reserve(&mut self, bytes: usize) -> Result<(), Failure> {
        let further = self
            .budget
            .share(bytes, self.client)
            .await
            .map_err(|_| Failure::BudgetExhausted)?;
        self.reserved += bytes;
        match &mut self.share {
            Some(share) => share.join(further),
            None => self.share = Some(further),
        }
        Ok(())
    }
}
