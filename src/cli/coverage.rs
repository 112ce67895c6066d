//! How well could requests be read? The table of `lachan check`.

use std::fmt::Write as _;

use crate::telemetry::{Counts, CoverageTable, Discovered};

/// Vietnamese time, as in incidents.
const ZONE_HOURS: i8 = 7;

/// The table, or nothing where no request was seen yet.
pub(super) fn told(table: &CoverageTable) -> String {
    let mut out = String::new();
    if table.rows().next().is_none() {
        return out;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "\ncoverage  since the start at {} / in total",
        time(table.started_at().0)
    );
    let _ = writeln!(
        out,
        "  {:<24} {:>17} {:>17} {:>17} {:>17}  last seen",
        "service", "parsed", "generic", "uninspectable", "tunnelled"
    );
    for (service, row) in table.rows() {
        let cell =
            |of: fn(&Counts) -> u64| format!("{} / {}", of(&row.since_start), of(&row.total));
        let _ = writeln!(
            out,
            "  {service:<24} {:>17} {:>17} {:>17} {:>17}  {}",
            cell(|counts| counts.parsed),
            cell(|counts| counts.generic),
            cell(|counts| counts.uninspectable),
            cell(|counts| counts.tunnelled),
            time(row.last_seen),
        );
    }
    out
}

/// The hosts that look like AI services, or nothing.
pub(super) fn told_discovered(hosts: &[(String, Discovered)]) -> String {
    let mut out = String::new();
    if hosts.is_empty() {
        return out;
    }
    let _ = writeln!(
        out,
        "\ndiscovered  look like AI services and stand in no catalogue"
    );
    for (host, discovered) in hosts {
        let (first, count) = (time(discovered.first_seen), discovered.count);
        let _ = writeln!(out, "  {host}  first seen {first}, {count} times");
    }
    out
}

fn time(millis: i64) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(ZONE_HOURS));
    jiff::Timestamp::from_millisecond(millis).map_or_else(
        |_| String::from("?"),
        |time| time.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
