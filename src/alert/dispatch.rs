//! Which alerts are queued, which are due, and what becomes of them?

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::channel::{Channel, Way};
use super::message::Message;
use super::{Alerts, mail, syslog, webhook};
use crate::model::category::Severity;
use crate::model::exchange::UnixMillis;
use crate::store::account::Change;
use crate::store::alert::{Alert, AlertChange};
use crate::store::{Act, StoreError};

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
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        // An attempt under way is left when the program stops: the queue still has it.
        tokio::select! {
            () = stop.cancelled() => return,
            done = turn(&alerts) => {
                if let Err(error) = done {
                    tracing::warn!(%error, "alerts wait: the incident store cannot be used");
                }
            }
        }
    }
}

async fn turn(alerts: &Alerts) -> Result<(), StoreError> {
    for channel in alerts.channels.iter() {
        queue_news(alerts, channel).await?;
    }
    let now = (alerts.clock)();
    for alert in alerts.reader.due_alerts(now, DUE_MAX).await? {
        let change = attempt(alerts, &alert).await;
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
async fn attempt(alerts: &Alerts, alert: &Alert) -> AlertChange {
    let sent = match alerts.channels.iter().find(|one| one.name == alert.channel) {
        None => return AlertChange::GivenUp(alert.id, "the channel is gone".to_owned()),
        Some(channel) => timeout(ATTEMPT_MAX, send(alerts, channel, &alert.body)).await,
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

async fn send(alerts: &Alerts, channel: &Channel, body: &str) -> Result<(), String> {
    let message: Message = serde_json::from_str(body).map_err(|error| error.to_string())?;
    match channel.way() {
        Some(Way::Mail(mail)) => mail::send(mail, &message, &alerts.node).await,
        Some(Way::Syslog(syslog)) => syslog::send(syslog, &message, &alerts.node).await,
        Some(Way::Webhook(webhook)) => {
            let now = (alerts.clock)();
            let sent = webhook::send(webhook, body, &alerts.tls, now);
            let sent = timeout(webhook::ANSWER_MAX, sent).await;
            sent.unwrap_or_else(|_elapsed| Err("no answer in time".to_owned()))
        }
        None => Err("the channel has no way".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_waits_longer_up_to_six_hours() {
        assert_eq!(wait_millis(0), 30_000);
        assert_eq!(wait_millis(1), 60_000);
        assert_eq!(wait_millis(30), RETRY_MILLIS_MAX);
    }
}
