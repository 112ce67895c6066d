//! Which open connections to upstreams can be used again, and by whom?
//!
//! Connections are kept per client address, host, port and what was offered in the handshake.
//! They are never shared between clients: an AI service must not see two clerks on one connection.
//! New settings may lead to another server, or believe fewer certificates, so what was opened under
//! others is not used again.
//!
//! Never: a connection beyond its idle time or the bounds below.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use tokio::time::Instant;

use super::SettingsInForce;
use super::bodies::UpstreamBody;
use crate::tls::Alpn;

/// Idle HTTP/1.1 connections kept per client and host: browsers open six at once, and several
/// people may sit behind one address.
const IDLE_PER_KEY_MAX: usize = 32;
/// Client-host pairs with connections kept.
const KEYS_MAX: usize = 4096;
/// How long a connection is kept unused; servers close theirs after a minute or more.
const IDLE_MAX: Duration = Duration::from_secs(50);

/// To whom a connection belongs and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PoolKey {
    pub(super) client: IpAddr,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) offer: Alpn,
}

/// The sending side of an open connection.
pub(super) enum Sender {
    /// One exchange at a time.
    Http1(http1::SendRequest<UpstreamBody>),
    /// Many at a time.
    Http2(http2::SendRequest<UpstreamBody>),
}

/// The open connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pool {
    open: Arc<Mutex<Open>>,
}

struct Open {
    entries: HashMap<PoolKey, Entry>,
    /// The settings under which all of them were opened.
    under: Arc<SettingsInForce>,
}

struct Entry {
    http2: Option<http2::SendRequest<UpstreamBody>>,
    idle: Vec<(Instant, http1::SendRequest<UpstreamBody>)>,
    /// Held while a first connection is opened, so that parallel requests wait for one HTTP/2
    /// connection instead of opening many.
    opening: Arc<tokio::sync::Mutex<()>>,
    used: Instant,
}

impl Pool {
    /// No connections yet.
    pub(super) fn new(under: Arc<SettingsInForce>) -> Self {
        let entries = HashMap::new();
        Self {
            open: Arc::new(Mutex::new(Open { entries, under })),
        }
    }

    /// Drops what was opened under other settings than these, which are in force now.
    pub(super) fn hold_to(&self, settings: &Arc<SettingsInForce>) {
        let mut open = self.lock();
        if !Arc::ptr_eq(&open.under, settings) {
            open.under = Arc::clone(settings);
            // Answers that are still on their way keep their connections to their end.
            open.entries.clear();
        }
    }

    /// Takes an open connection, where one is left.
    pub(super) fn take(&self, key: &PoolKey) -> Option<Sender> {
        let mut open = self.lock();
        let entry = open.entries.get_mut(key)?;
        entry.used = Instant::now();
        if let Some(sender) = &entry.http2 {
            if !sender.is_closed() {
                return Some(Sender::Http2(sender.clone()));
            }
            entry.http2 = None;
        }
        while let Some((since, sender)) = entry.idle.pop() {
            if since.elapsed() < IDLE_MAX && sender.is_ready() {
                return Some(Sender::Http1(sender));
            }
        }
        None
    }

    /// Keeps an open connection for later, if the settings are still those it was opened under.
    pub(super) fn keep(&self, key: PoolKey, sender: Sender, under: &Arc<SettingsInForce>) {
        let mut open = self.lock();
        let is_foreign = !Arc::ptr_eq(&open.under, under);
        let entries = &mut open.entries;
        if is_foreign || (entries.len() >= KEYS_MAX && !entries.contains_key(&key)) {
            return;
        }
        let entry = entries.entry(key).or_insert_with(Entry::new);
        entry.used = Instant::now();
        match sender {
            Sender::Http2(sender) => entry.http2 = Some(sender),
            Sender::Http1(sender) if entry.idle.len() < IDLE_PER_KEY_MAX => {
                entry.idle.push((Instant::now(), sender));
            }
            Sender::Http1(_) => {}
        }
    }

    /// Forgets an HTTP/2 connection that turned out to be dead.
    pub(super) fn forget_http2(&self, key: &PoolKey) {
        if let Some(entry) = self.lock().entries.get_mut(key) {
            entry.http2 = None;
        }
    }

    /// The lock to hold while opening a first connection.
    pub(super) fn opening(&self, key: &PoolKey) -> Arc<tokio::sync::Mutex<()>> {
        let entries = &mut self.lock().entries;
        if entries.len() >= KEYS_MAX && !entries.contains_key(key) {
            return Arc::default();
        }
        let entry = entries.entry(key.clone()).or_insert_with(Entry::new);
        Arc::clone(&entry.opening)
    }

    /// Drops what has not been used for long. Called every few seconds.
    pub(super) fn expire(&self) {
        self.lock().entries.retain(|_, entry| {
            entry
                .idle
                .retain(|(since, sender)| since.elapsed() < IDLE_MAX && !sender.is_closed());
            if entry.used.elapsed() >= IDLE_MAX {
                // Streams that are still running keep the connection itself open.
                entry.http2 = None;
            }
            entry.http2.is_some() || !entry.idle.is_empty() || Arc::strong_count(&entry.opening) > 1
        });
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new() -> Self {
        Self {
            http2: None,
            idle: Vec::new(),
            opening: Arc::default(),
            used: Instant::now(),
        }
    }
}
