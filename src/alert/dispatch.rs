//! Which alerts are queued, which are due, and what becomes of them?

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::channel::{Channel, Way};
use super::message::Message;
use super::{Alerts, Routes, mail, syslog, webhook};
use crate::model::category::Severity;
use crate::model::exchange::UnixMillis;
use crate::store::account::Change;
use crate::store::alert::{Alert, AlertChange};
use crate::store::registry::day_of;
use crate::store::{Act, StoreError};
use crate::tls::UpstreamTls;

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How many records of the chain are looked at in one go.
const NEWS_MAX: u32 = 200;
/// How many alerts are sent in one go.
const DUE_MAX: u32 = 20;
/// How long one attempt may take.
const ATTEMPT_MAX: Duration = Duration::from_secs(30);
/// How long after the first failure is tried again; each time twice as long.
const RETRY_MILLIS: i64 = 30 * 1000;
/// The longest wait between two attempts.
const RETRY_MILLIS_MAX: i64 = 6 * 60 * 60 * 1000;
/// After so long an alert is tried no more.
const GIVE_UP_MILLIS: i64 = 3 * 24 * 60 * 60 * 1000;
/// How long is kept what became of an alert.
const KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How much is kept of a fault.
const FAULT_CHARS_MAX: usize = 300;

/// Queues and sends until cancelled.
pub(super) async fn run(alerts: Alerts, stop: CancellationToken) {
    // A start tells again of what is too much today: better twice than not at all.
    let mut told = BTreeSet::new();
    let mut had_channels = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let routes = alerts.routes.load_full();
        had_channels |= !routes.channels.is_empty();
        if !had_channels {
            continue;
        }
        // An attempt under way is left when the program stops: the queue still has it.
        tokio::select! {
            () = stop.cancelled() => return,
            done = turn(&alerts, &routes, &mut told) => {
                if let Err(error) = done {
                    tracing::warn!(%error, "alerts wait: the incident store cannot be used");
                }
            }
        }
    }
}

/// Which tools were told of on which day.
type Told = BTreeSet<(String, String)>;

async fn turn(alerts: &Alerts, routes: &Routes, told: &mut Told) -> Result<(), StoreError> {
    queue_volumes(alerts, routes, told).await?;
    for channel in &routes.channels {
        queue_news(alerts, channel).await?;
    }
    let now = (alerts.clock)();
    for alert in alerts.reader.due_alerts(now, DUE_MAX).await? {
        let change = attempt(alerts, routes, &alert).await;
        change_queue(alerts, change).await?;
    }
    let before = UnixMillis(now.0.saturating_sub(KEPT_MILLIS));
    if alerts.reader.has_old_alerts(before).await? {
        change_queue(alerts, AlertChange::Forget(before)).await?;
    }
    Ok(())
}

async fn change_queue(alerts: &Alerts, change: AlertChange) -> Result<(), StoreError> {
    let act = Act::default().change(Change::Alert(change));
    alerts.store.act(act).await.map(drop)
}

/// Queues what is asked too often, once a day for each tool.
async fn queue_volumes(
    alerts: &Alerts,
    routes: &Routes,
    told: &mut Told,
) -> Result<(), StoreError> {
    let now = (alerts.clock)();
    let day = day_of(now);
    told.retain(|(told_on, _)| *told_on == day);
    for volume in (alerts.volumes)() {
        if !told.insert((day.clone(), volume.tool.clone())) {
            continue;
        }
        let message = Message::of_volume(&volume, now);
        for channel in &routes.channels {
            if channel.severity_min() > Severity::Medium {
                continue;
            }
            let queue = AlertChange::Queue {
                channel: channel.name.clone(),
                looked_at: None,
                bodies: serde_json::to_string(&message).into_iter().collect(),
                at: now,
            };
            change_queue(alerts, queue).await?;
        }
    }
    Ok(())
}

/// Queues what is new in the chain. A channel that is new begins with what comes now.
async fn queue_news(alerts: &Alerts, channel: &Channel) -> Result<(), StoreError> {
    let end = alerts.store.chain_seq();
    let seen = alerts.reader.alert_cursor(&channel.name).await?;
    if seen.is_some_and(|seen| seen >= end) {
        return Ok(());
    }
    let mut bodies = Vec::new();
    let mut looked_at = end;
    if let Some(seen) = seen {
        let news = alerts.reader.news_after(seen, NEWS_MAX).await?;
        looked_at = news.until.unwrap_or(end).max(seen);
        let messages = news.incidents.iter().map(Message::of_incident);
        let reports = news.reports.iter().map(Message::of_report);
        let is_wanted = |message: &Message| {
            let severity = Severity::parse(&message.severity);
            severity.unwrap_or(Severity::Critical) >= channel.severity_min()
        };
        let wanted = messages.chain(reports).filter(is_wanted);
        bodies.extend(wanted.filter_map(|message| serde_json::to_string(&message).ok()));
    }
    let queue = AlertChange::Queue {
        channel: channel.name.clone(),
        looked_at: Some(looked_at),
        bodies,
        at: (alerts.clock)(),
    };
    change_queue(alerts, queue).await
}

/// Tries to send, and says what follows.
async fn attempt(alerts: &Alerts, routes: &Routes, alert: &Alert) -> AlertChange {
    let sent = match routes.channels.iter().find(|one| one.name == alert.channel) {
        None => return AlertChange::GivenUp(alert.id, "the channel is gone".to_owned()),
        Some(channel) => {
            let sent = send(alerts, &routes.tls, channel, &alert.body);
            timeout(ATTEMPT_MAX, sent).await
        }
    };
    let fault = match sent {
        Ok(Ok(())) => return AlertChange::Sent(alert.id),
        Ok(Err(fault)) => fault.chars().take(FAULT_CHARS_MAX).collect(),
        Err(_elapsed) => "no answer in time".to_owned(),
    };
    let now = (alerts.clock)();
    tracing::warn!(channel = alert.channel, fault, "an alert did not arrive");
    if now.0.saturating_sub(alert.made_at.0) >= GIVE_UP_MILLIS {
        return AlertChange::GivenUp(alert.id, fault);
    }
    AlertChange::Failed(
        alert.id,
        UnixMillis(now.0 + wait_millis(alert.attempts)),
        fault,
    )
}

/// How long to wait after so many attempts that failed before this one.
fn wait_millis(attempts: u32) -> i64 {
    let doubled = RETRY_MILLIS.saturating_mul(1 << attempts.min(20));
    doubled.min(RETRY_MILLIS_MAX)
}

async fn send(
    alerts: &Alerts,
    tls: &UpstreamTls,
    channel: &Channel,
    body: &str,
) -> Result<(), String> {
    let message: Message = serde_json::from_str(body).map_err(|error| error.to_string())?;
    match channel.way() {
        Some(Way::Mail(mail)) => mail::send(mail, &message, &alerts.node).await,
        Some(Way::Syslog(syslog)) => syslog::send(syslog, &message, &alerts.node).await,
        Some(Way::Webhook(webhook)) => {
            let now = (alerts.clock)();
            let sent = webhook::send(webhook, body, tls, now);
            let sent = timeout(webhook::ANSWER_MAX, sent).await;
            sent.unwrap_or_else(|_elapsed| Err("no answer in time".to_owned()))
        }
        None => Err("the channel has no way".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arc_swap::ArcSwap;

    use super::*;
    use crate::store::alert::AlertState;
    use crate::store::{Actor, Deed, Store, StoreKeys, StoreReader, StoreSettings, What};

    const NOON: UnixMillis = UnixMillis(1_781_247_900_000);

    async fn alerts(folder: &std::path::Path, address: &str) -> Alerts {
        let settings = StoreSettings {
            path: folder.join("incidents.db"),
            node: "xa-thu".to_owned(),
        };
        let keys = StoreKeys::load_or_create(folder).unwrap();
        let channel =
            format!("name = \"siem\"\nsyslog = {{ address = \"{address}\", transport = \"tcp\" }}");
        Alerts {
            routes: Arc::new(ArcSwap::from_pointee(Routes {
                channels: vec![toml::from_str(&channel).unwrap()],
                tls: UpstreamTls::new(&[]).unwrap(),
            })),
            store: Store::open(&settings, keys, || NOON).await.unwrap(),
            reader: StoreReader::at(&settings.path),
            volumes: Arc::new(Vec::new),
            node: "xa-thu".to_owned(),
            clock: || NOON,
        }
    }

    async fn one_turn(alerts: &Alerts) -> Result<(), StoreError> {
        let routes = alerts.routes.load_full();
        turn(alerts, &routes, &mut Told::new()).await
    }

    async fn report(alerts: &Alerts) {
        let deed = Deed::new(Actor::terminal(), What::TroubleReported).subject("SC-222222");
        alerts.store.act(Act::of(deed)).await.unwrap();
    }

    #[tokio::test]
    async fn a_new_channel_begins_with_what_comes_now_and_what_fails_waits_for_its_time() {
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago: nobody listens there.
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = closed.local_addr().unwrap().to_string();
        drop(closed);
        let alerts = alerts(folder.path(), &address).await;
        report(&alerts).await;
        one_turn(&alerts).await.unwrap();
        assert!(alerts.reader.alerts().await.unwrap().is_empty());
        report(&alerts).await;
        one_turn(&alerts).await.unwrap();
        let queued = alerts.reader.alerts().await.unwrap();
        assert_eq!(queued.len(), 1);
        assert_eq!(queued[0].state, AlertState::Waiting);
        assert_eq!(queued[0].due_at, Some(UnixMillis(NOON.0 + RETRY_MILLIS)));
        assert!(queued[0].fault.is_some());
        assert!(queued[0].body.contains("SC-222222"));
        one_turn(&alerts).await.unwrap();
        assert_eq!(alerts.reader.alerts().await.unwrap()[0].attempts, 1);
    }

    #[tokio::test]
    async fn an_alert_arrives_once_with_its_length_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap().to_string();
        let alerts = alerts(folder.path(), &address).await;
        report(&alerts).await;
        one_turn(&alerts).await.unwrap();
        report(&alerts).await;
        let (done, arrived) = tokio::join!(one_turn(&alerts), async {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut text = String::new();
            tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut text)
                .await
                .unwrap();
            text
        });
        done.unwrap();
        let (length, line) = arrived.split_once(' ').unwrap();
        assert_eq!(length.parse(), Ok(line.len()));
        assert!(line.contains("SC-222222"), "{line}");
        let alert = &alerts.reader.alerts().await.unwrap()[0];
        assert_eq!((alert.state, alert.attempts), (AlertState::Sent, 1));
    }

    #[tokio::test]
    async fn what_waits_for_a_channel_that_a_reload_took_away_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let alerts = alerts(folder.path(), "127.0.0.1:1").await;
        one_turn(&alerts).await.unwrap();
        let mut routes = Routes::clone(&alerts.routes.load());
        let queue = AlertChange::Queue {
            channel: "siem".to_owned(),
            looked_at: None,
            bodies: vec!["{}".to_owned()],
            at: NOON,
        };
        change_queue(&alerts, queue).await.unwrap();
        routes.channels.clear();
        alerts.routes.store(Arc::new(routes));
        one_turn(&alerts).await.unwrap();
        let alert = &alerts.reader.alerts().await.unwrap()[0];
        assert_eq!(alert.state, AlertState::GivenUp);
    }

    #[test]
    fn each_attempt_waits_longer_up_to_six_hours() {
        assert_eq!(wait_millis(0), 30_000);
        assert_eq!(wait_millis(1), 60_000);
        assert_eq!(wait_millis(30), RETRY_MILLIS_MAX);
    }

    #[tokio::test]
    async fn a_tool_that_is_asked_too_often_is_told_of_once_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let mut alerts = alerts(folder.path(), "127.0.0.1:1").await;
        let volume = crate::alert::Volume {
            tool: "ChatGPT".to_owned(),
            today: 12,
            bound: 10,
        };
        alerts.volumes = Arc::new(move || vec![volume.clone()]);
        let mut routes = Routes::clone(&alerts.routes.load());
        routes.channels[0].severity_min = "medium".to_owned();
        let mut told = Told::new();
        for _ in 0..2 {
            queue_volumes(&alerts, &routes, &mut told).await.unwrap();
        }
        assert_eq!(alerts.reader.alerts().await.unwrap().len(), 1);
    }
}
