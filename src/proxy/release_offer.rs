//! What does the workstation's own page say of a stopped event: may its clerk ask that it be sent
//! all the same, and what became of a wish?
//!
//! In: the events of one workstation. Out: the same, each with the way to its release page where
//! there is one. If the log cannot be read the events stand there without it.

use std::collections::BTreeSet;

use super::Core;
use super::incident_label;
use super::recent::RecentEvent;
use super::release_page::{may_ask, place_of};
use crate::model::exchange::UnixMillis;
use crate::store::StoreError;
use crate::store::release::{ReleaseAnswer, ReleaseState};

/// The way to the page of a release, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseOffer {
    /// Where the page is.
    pub path: String,
    /// The words that lead there.
    pub link: &'static str,
    /// What became of a wish; empty where none was made.
    pub state: String,
    /// Whether that is what the clerk hoped for.
    pub is_good: bool,
}

/// An event with the way to its release page, where it has one.
#[derive(Clone, Debug)]
pub struct OwnEvent {
    /// The event.
    pub event: RecentEvent,
    /// The way there.
    pub release: Option<ReleaseOffer>,
}

/// The events with what may be done about them.
pub(super) async fn with_offers(core: &Core, events: Vec<RecentEvent>) -> Vec<OwnEvent> {
    let offers = offers(core, &events).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the events of a workstation are shown without their wishes");
        vec![None; events.len()]
    });
    let both = events.into_iter().zip(offers);
    both.map(|(event, release)| OwnEvent { event, release })
        .collect()
}

async fn offers(
    core: &Core,
    events: &[RecentEvent],
) -> Result<Vec<Option<ReleaseOffer>>, StoreError> {
    let reader = &core.parts.reader;
    let now = (core.parts.clock)();
    let stopped = events.iter().filter(|event| event.is_block);
    let codes: BTreeSet<&str> = stopped.map(|event| event.code.as_str()).collect();
    let mut offers = Vec::with_capacity(events.len());
    if codes.is_empty() {
        offers.resize(events.len(), None);
        return Ok(offers);
    }
    let wishes = reader.releases(|wish| codes.contains(wish.code.as_str()));
    let wishes = wishes.await?;
    for event in events {
        let mut offer = None;
        if event.is_block
            && let Some(incident) = reader.find(&event.code).await?
        {
            let wish = wishes.iter().find(|wish| wish.code == event.code);
            let may_ask = may_ask(&incident, wish, now);
            offer = offer_of(&event.code, wish, may_ask, now);
        }
        offers.push(offer);
    }
    Ok(offers)
}

/// What to say of a wish, or of the chance to make one.
fn offer_of(
    code: &str,
    wish: Option<&ReleaseState>,
    may_ask: bool,
    now: UnixMillis,
) -> Option<ReleaseOffer> {
    let path = place_of(code);
    let Some(wish) = wish else {
        return may_ask.then(|| ReleaseOffer {
            path,
            link: "Đề nghị cho gửi nội dung này",
            ..ReleaseOffer::default()
        });
    };
    let (state, is_good) = match (&wish.answer, wish.granted_until(now)) {
        (ReleaseAnswer::Granted { .. }, Some(until)) => {
            let until = incident_label::at(until);
            (format!("Được gửi lại một lần, đến {until}"), true)
        }
        (ReleaseAnswer::Granted { .. }, None) => {
            ("Đã đồng ý, quá hạn mà chưa gửi".to_owned(), false)
        }
        (ReleaseAnswer::Declined { reason, .. }, _) => (format!("Không đồng ý: {reason}"), false),
        (ReleaseAnswer::Used { at }, _) => {
            (format!("Đã gửi lúc {}", incident_label::at(*at)), true)
        }
        (ReleaseAnswer::Waiting, _) if wish.waits_at(now) => {
            let asked = incident_label::at(wish.asked_at);
            (format!("Đã đề nghị lúc {asked}, đang chờ trả lời"), false)
        }
        (ReleaseAnswer::Waiting, _) => ("Đề nghị hết hạn, chưa có trả lời".to_owned(), false),
    };
    Some(ReleaseOffer {
        path,
        link: if may_ask {
            "Đề nghị lại"
        } else {
            "Xem đề nghị"
        },
        state,
        is_good,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::release::{GRANTED_MILLIS, WAITING_MILLIS};

    fn wish(answer: ReleaseAnswer) -> ReleaseState {
        ReleaseState {
            incident: "i".to_owned(),
            code: "K7M-2F4".to_owned(),
            reason: "cần gấp".to_owned(),
            asked_at: UnixMillis(1_781_247_900_000),
            answer,
        }
    }

    fn told(answer: ReleaseAnswer, later: i64) -> ReleaseOffer {
        let now = UnixMillis(1_781_247_900_000 + later);
        offer_of("K7M-2F4", Some(&wish(answer)), false, now).unwrap()
    }

    #[test]
    fn a_stopped_event_leads_to_its_page_where_one_may_ask() {
        let now = UnixMillis(0);
        assert_eq!(offer_of("K7M-2F4", None, false, now), None);
        let offer = offer_of("K7M-2F4", None, true, now).unwrap();
        assert_eq!(offer.path, "/release/K7M-2F4");
        assert!(offer.state.is_empty());
    }

    #[test]
    fn a_wish_is_told_with_what_became_of_it() {
        let waiting = told(ReleaseAnswer::Waiting, 1);
        assert!(waiting.state.contains("14:05") && waiting.state.contains("đang chờ"));
        assert!(
            told(ReleaseAnswer::Waiting, WAITING_MILLIS)
                .state
                .contains("hết hạn")
        );
        let granted = ReleaseAnswer::Granted {
            by: "b".to_owned(),
            at: UnixMillis(1_781_247_900_000),
        };
        let now = told(granted.clone(), 1);
        assert!(
            now.is_good && now.state.contains("đến 14:20"),
            "{}",
            now.state
        );
        assert!(!told(granted, GRANTED_MILLIS).is_good);
        let declined = ReleaseAnswer::Declined {
            by: "b".to_owned(),
            reason: "chưa rõ".to_owned(),
        };
        assert_eq!(told(declined, 1).state, "Không đồng ý: chưa rõ");
    }
}
