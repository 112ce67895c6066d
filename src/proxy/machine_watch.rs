//! Is the machine at this address still the one that was confirmed?
//!
//! A unit that a clerk chose is kept by address. Where addresses are lent for a time (DHCP), one
//! that was not used for long may have changed hands: then the administrator is asked again. Until
//! he answers, the unit confirmed before holds: rules of units only add strictness, so that a doubt
//! never loosens anything.

use std::net::IpAddr;
use std::sync::Arc;

use super::Core;
use crate::model::exchange::UnixMillis;
use crate::store::registry::{Machine, MachineStanding, UNTIL_THEN};
use crate::store::{Act, Actor, Deed, What};

/// After so long unseen a machine is doubted: longer than the longest holiday (Tết, nine days) and
/// than what routers lend addresses for.
const UNSEEN_MILLIS_MAX: i64 = 14 * 24 * 60 * 60 * 1000;

/// Notes that a named machine is here; doubts it after a long absence.
pub(super) fn note(core: &Arc<Core>, client: IpAddr, machine: &Machine) {
    let now = (core.parts.clock)();
    let last = core.parts.watch.machine_seen(client, now);
    if !is_doubtful(machine, last, now) {
        return;
    }
    let deed = Deed::new(Actor::guard(), What::MachineDoubted)
        .subject(&client.to_string())
        .fact("machine", &machine.name)
        .fact("unit", &machine.unit)
        .fact(UNTIL_THEN, &machine.unit);
    let core = Arc::clone(core);
    tokio::spawn(async move {
        if let Err(error) = core.parts.store.act(Act::of(deed)).await {
            tracing::warn!(%error, "a doubt about a workstation could not be recorded");
        }
    });
}

/// A machine of which nothing is known is not doubted: the program may have just learnt to note.
fn is_doubtful(machine: &Machine, last: Option<UnixMillis>, now: UnixMillis) -> bool {
    let last = last.map(|last| last.0.max(machine.at.0));
    machine.standing == MachineStanding::Confirmed
        && last.is_some_and(|last| now.0.saturating_sub(last) >= UNSEEN_MILLIS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_confirmed_machine_that_was_away_for_long_is_doubted() {
        let mut machine = Machine {
            name: "MC-01".to_owned(),
            unit: "Một cửa".to_owned(),
            standing: MachineStanding::Confirmed,
            unit_until_then: None,
            at: UnixMillis(1000),
        };
        let after = |millis| UnixMillis(1000 + millis);
        let seen = Some(after(5));
        assert!(!is_doubtful(&machine, None, after(UNSEEN_MILLIS_MAX)));
        assert!(!is_doubtful(&machine, seen, after(UNSEEN_MILLIS_MAX)));
        assert!(is_doubtful(&machine, seen, after(UNSEEN_MILLIS_MAX + 5)));
        // It was confirmed again since.
        machine.at = after(10);
        assert!(!is_doubtful(&machine, seen, after(UNSEEN_MILLIS_MAX + 5)));
        machine.standing = MachineStanding::Doubted;
        assert!(!is_doubtful(&machine, seen, after(2 * UNSEEN_MILLIS_MAX)));
    }
}
