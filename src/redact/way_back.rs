//! Which value stood where a placeholder stands now? Kept in memory only, for the client it came
//! from, within bounds and for a time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::time::Duration;

use crate::model::exchange::UnixMillis;
use crate::model::limits::Limits;
use crate::model::sensitive::Sensitive;
use crate::redact::placeholder::placeholders_in;

/// The values behind placeholders. The oldest go first when a bound is reached.
#[derive(Debug)]
pub struct WayBack {
    values_max: usize,
    bytes_max: usize,
    age_max: Duration,
    /// Per client, by placeholder.
    clients: HashMap<String, BTreeMap<String, Kept>>,
    /// Everything kept, oldest first; the number tells apart what was kept in one millisecond.
    by_age: BTreeMap<(UnixMillis, u64), (String, String)>,
    bytes: usize,
    next: u64,
}

#[derive(Debug)]
struct Kept {
    service: String,
    value: Sensitive<String>,
    age: (UnixMillis, u64),
}

impl WayBack {
    /// Nothing kept yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            values_max: limits.way_back_values_max,
            bytes_max: limits.way_back_bytes_max,
            age_max: limits.way_back_age_max,
            clients: HashMap::new(),
            by_age: BTreeMap::new(),
            bytes: 0,
            next: 0,
        }
    }

    /// Keeps what a plan says, for this client and service. What was known already lives on.
    pub fn remember(
        &mut self,
        client: &str,
        service: &str,
        way_back: Vec<(String, Sensitive<String>)>,
        now: UnixMillis,
    ) {
        for (placeholder, value) in way_back {
            self.forget(client, &placeholder);
            let age = (now, self.next);
            self.next = self.next.wrapping_add(1);
            self.bytes += size_of_entry(client, &placeholder, service, &value);
            self.by_age
                .insert(age, (client.to_owned(), placeholder.clone()));
            let kept = Kept {
                service: service.to_owned(),
                value,
                age,
            };
            self.clients
                .entry(client.to_owned())
                .or_default()
                .insert(placeholder, kept);
        }
        self.shrink(now);
    }

    /// Whether a placeholder was given to this client before, for this service.
    pub fn knows(&self, client: &str, service: &str, placeholder: &str, now: UnixMillis) -> bool {
        self.value(client, service, placeholder, now).is_some()
    }

    /// Whether this client has any value for this service.
    pub fn has_any(&self, client: &str, service: &str, now: UnixMillis) -> bool {
        self.clients.get(client).is_some_and(|known| {
            known
                .values()
                .any(|kept| kept.service == service && !self.is_expired(kept.age.0, now))
        })
    }

    /// Whether a placeholder that this client was given for this service begins with the text and
    /// is longer.
    pub fn knows_start(&self, client: &str, service: &str, start: &str, now: UnixMillis) -> bool {
        self.clients.get(client).is_some_and(|known| {
            known
                .range::<str, _>((Bound::Excluded(start), Bound::Unbounded))
                .take_while(|(placeholder, _)| placeholder.starts_with(start))
                .any(|(_, kept)| kept.service == service && !self.is_expired(kept.age.0, now))
        })
    }

    /// The text with this client's placeholders turned back into its values.
    pub fn restore<'a>(
        &self,
        client: &str,
        service: &str,
        text: &'a str,
        now: UnixMillis,
    ) -> Cow<'a, str> {
        let mut restored = String::new();
        let mut copied = 0;
        for at in placeholders_in(text) {
            if at.start < copied {
                continue;
            }
            let placeholder = text.get(at.clone()).unwrap_or_default();
            if let Some(value) = self.value(client, service, placeholder, now) {
                restored.push_str(text.get(copied..at.start).unwrap_or_default());
                restored.push_str(value);
                copied = at.end;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        restored.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(restored)
    }

    /// How many values are kept.
    pub fn len(&self) -> usize {
        self.by_age.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.by_age.is_empty()
    }

    /// The value behind a placeholder, for the client and service that it was made for.
    pub fn value(
        &self,
        client: &str,
        service: &str,
        placeholder: &str,
        now: UnixMillis,
    ) -> Option<&str> {
        let kept = self.clients.get(client)?.get(placeholder)?;
        let is_alive = kept.service == service && !self.is_expired(kept.age.0, now);
        is_alive.then(|| kept.value.expose().as_str())
    }

    fn is_expired(&self, since: UnixMillis, now: UnixMillis) -> bool {
        let age_max = i64::try_from(self.age_max.as_millis()).unwrap_or(i64::MAX);
        now.0.saturating_sub(since.0) > age_max
    }

    fn shrink(&mut self, now: UnixMillis) {
        while let Some(((since, _), (client, placeholder))) = self.by_age.first_key_value() {
            let is_over = self.by_age.len() > self.values_max || self.bytes > self.bytes_max;
            if !is_over && !self.is_expired(*since, now) {
                break;
            }
            let (client, placeholder) = (client.clone(), placeholder.clone());
            self.forget(&client, &placeholder);
        }
    }

    fn forget(&mut self, client: &str, placeholder: &str) {
        let Some(known) = self.clients.get_mut(client) else {
            return;
        };
        let Some(kept) = known.remove(placeholder) else {
            return;
        };
        if known.is_empty() {
            self.clients.remove(client);
        }
        self.by_age.remove(&kept.age);
        let size = size_of_entry(client, placeholder, &kept.service, &kept.value);
        self.bytes = self.bytes.saturating_sub(size);
    }
}

/// The bytes of text that an entry holds, keys twice.
fn size_of_entry(
    client: &str,
    placeholder: &str,
    service: &str,
    value: &Sensitive<String>,
) -> usize {
    2 * (client.len() + placeholder.len()) + service.len() + value.expose().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{PlaceholderStart, placeholder_start};

    const CCCD: &str = "CCCDK7X3M9Q";
    const NAME: &str = "TENK7X3M9Q";

    fn filled(limits: &Limits) -> WayBack {
        let mut way_back = WayBack::new(limits);
        for (placeholder, value) in [(CCCD, "001099000001"), (NAME, "Nguyễn Văn Thử")] {
            let entry = (placeholder.to_owned(), Sensitive::new(value.to_owned()));
            way_back.remember("10.0.0.1", "self-test", vec![entry], UnixMillis(1000));
        }
        way_back
    }

    #[test]
    fn values_come_back_in_the_text_of_their_client_and_service_only() {
        let way_back = filled(&Limits::default());
        let text = format!("Kính gửi {NAME}, số {CCCD}; CCCDK7X3M9R");
        let now = UnixMillis(2000);
        assert_eq!(
            way_back.restore("10.0.0.1", "self-test", &text, now),
            "Kính gửi Nguyễn Văn Thử, số 001099000001; CCCDK7X3M9R"
        );
        let glued = format!("CCCD{CCCD}");
        let restored = way_back.restore("10.0.0.1", "self-test", &glued, now);
        assert_eq!(restored, "CCCD001099000001");
        assert_eq!(way_back.restore("10.0.0.2", "self-test", &text, now), text);
        assert_eq!(way_back.restore("10.0.0.1", "other", &text, now), text);
        assert!(way_back.knows("10.0.0.1", "self-test", CCCD, now));
        assert!(!way_back.knows("10.0.0.2", "self-test", CCCD, now));
    }

    #[test]
    fn the_beginning_of_a_placeholder_is_known_to_its_client_and_service_only() {
        let way_back = filled(&Limits::default());
        let now = UnixMillis(2000);
        for (client, service, start, knows) in [
            ("10.0.0.1", "self-test", "CC", true),
            ("10.0.0.1", "self-test", "CCCDK7X3M9", true),
            ("10.0.0.1", "self-test", CCCD, false),
            ("10.0.0.1", "self-test", "CCCDC", false),
            ("10.0.0.1", "other", "CC", false),
            ("10.0.0.2", "self-test", "CC", false),
        ] {
            assert_eq!(
                way_back.knows_start(client, service, start, now),
                knows,
                "{start}"
            );
            let has_any = way_back.has_any(client, service, now);
            assert_eq!(has_any, (client, service) == ("10.0.0.1", "self-test"));
        }
        assert_eq!(placeholder_start("CCCDK7"), PlaceholderStart::Cut);
        assert_eq!(placeholder_start("CCCDA"), PlaceholderStart::None);
        assert_eq!(
            placeholder_start("CCCDK7X3M9Q."),
            PlaceholderStart::Whole(11)
        );
    }

    #[test]
    fn values_expire() {
        let limits = Limits::default();
        let mut way_back = filled(&limits);
        let late = i64::try_from(limits.way_back_age_max.as_millis()).unwrap() + 1001;
        assert_eq!(
            way_back.restore("10.0.0.1", "self-test", CCCD, UnixMillis(late)),
            CCCD
        );
        way_back.remember("x", "y", Vec::new(), UnixMillis(late));
        assert!(way_back.is_empty() && way_back.bytes == 0 && way_back.clients.is_empty());
    }

    #[test]
    fn the_oldest_go_first_when_a_bound_is_reached() {
        for limits in [
            Limits {
                way_back_values_max: 1,
                ..Limits::default()
            },
            Limits {
                way_back_bytes_max: 80,
                ..Limits::default()
            },
        ] {
            let way_back = filled(&limits);
            assert_eq!(way_back.len(), 1);
            assert!(way_back.knows("10.0.0.1", "self-test", NAME, UnixMillis(1000)));
        }
    }

    #[test]
    fn remembering_again_keeps_one_entry_and_makes_it_young() {
        let limits = Limits {
            way_back_values_max: 2,
            ..Limits::default()
        };
        let mut way_back = filled(&limits);
        let bytes = way_back.bytes;
        let again = vec![(CCCD.to_owned(), Sensitive::new("001099000001".to_owned()))];
        way_back.remember("10.0.0.1", "self-test", again, UnixMillis(3000));
        assert_eq!((way_back.len(), way_back.bytes), (2, bytes));
        let third = vec![(
            "SDTK7X3M9Q".to_owned(),
            Sensitive::new("0900000001".to_owned()),
        )];
        way_back.remember("10.0.0.1", "self-test", third, UnixMillis(3001));
        assert!(way_back.knows("10.0.0.1", "self-test", CCCD, UnixMillis(3001)));
        assert!(!way_back.knows("10.0.0.1", "self-test", NAME, UnixMillis(3001)));
    }

    #[test]
    fn debug_shows_no_value() {
        assert!(!format!("{:?}", filled(&Limits::default())).contains("001099000001"));
    }
}
