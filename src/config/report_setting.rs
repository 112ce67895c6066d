//! The keys that reports need: the office's names under `[office]`, days and recipients under
//! `[report]`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::table_reader::TableReader;
use crate::report::period::MonthDay;
use crate::report::schedule::{Every, Schedule};
use crate::report::{About, Kind, ReportSettings};

/// How many days after a period its report may be due.
const DUE_DAYS_MAX: u16 = 90;

/// Takes the names that stand on reports from `[office]`.
pub(super) fn take_names(reader: &mut TableReader<'_>, report: &mut ReportSettings) {
    reader.take("name", &mut report.office);
    reader.take("parent", &mut report.parent);
    reader.take("place", &mut report.place);
    reader.take("symbol", &mut report.symbol);
    reader.take("address", &mut report.address);
    reader.take("signs_for", &mut report.signs_for);
    reader.take("signer_position", &mut report.signer_position);
    reader.take("signer", &mut report.signer);
    reader.take("data_officer", &mut report.data_officer);
}

/// Reads `[report]`.
pub(super) fn read_report(mut reader: TableReader<'_>, report: &mut ReportSettings) {
    reader.take("plan", &mut report.plan);
    reader.take("members", &mut report.members);
    let cut_offs = &mut report.cut_offs;
    for (key, slot) in [
        ("year_from", &mut cut_offs.year),
        ("second_half_from", &mut cut_offs.half),
    ] {
        reader.take_with(key, |text: String| {
            *slot = MonthDay::parse(&text).map_err(|remedy| {
                let reason = "there is no such day in every year".to_owned();
                (reason, remedy.to_owned())
            })?;
            Ok(())
        });
    }
    reader.take_with("due_days", |days: u16| {
        if days > DUE_DAYS_MAX {
            let reason = format!("must be at most {DUE_DAYS_MAX}");
            return Err((reason, "leave it out for 2".to_owned()));
        }
        report.due_days = days;
        Ok(())
    });
    reader.take_with("holidays", |days: Vec<String>| {
        let read = days.iter().map(|day| day.parse()).collect::<Result<_, _>>();
        report.holidays = read.map_err(|_not_a_day| {
            let reason = "there is a day that does not exist".to_owned();
            (reason, "write days like 2027-02-08".to_owned())
        })?;
        Ok(())
    });
    reader.take_with("schedule", |written: Vec<ScheduleWritten>| {
        report.schedules = written
            .into_iter()
            .map(schedule)
            .collect::<Result<_, _>>()?;
        Ok(())
    });
    reader.take_with("recipients", |by_kind: BTreeMap<String, Vec<String>>| {
        report.recipients = of_kinds(by_kind)?;
        Ok(())
    });
    reader.take_with("leads", |by_kind: BTreeMap<String, String>| {
        report.leads = of_kinds(by_kind)?;
        Ok(())
    });
    reader.finish();
}

/// One of `[[report.schedule]]`, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleWritten {
    kind: String,
    unit: Option<String>,
    every: Option<String>,
    days_before: Option<u16>,
}

/// What the program is to draft by itself.
fn schedule(written: ScheduleWritten) -> Result<Schedule, (String, String)> {
    let is_of_period = |kind: &Kind| matches!(kind.about(), About::Period | About::Tools);
    let names: Vec<&str> = Kind::all().filter(is_of_period).map(Kind::name).collect();
    let kind = Kind::parse(&written.kind)
        .filter(is_of_period)
        .ok_or_else(|| {
            let reason = format!("{} is no kind that can be scheduled", written.kind);
            (reason, format!("kinds are {}", names.join(", ")))
        })?;
    let every = match written.every.as_deref() {
        None => Every::default(),
        Some("half") => Every::Half,
        Some("year") => Every::Year,
        Some(other) => {
            let reason = format!("every = \"{other}\" is not known");
            return Err((
                reason,
                "write half or year, or leave it out for both".to_owned(),
            ));
        }
    };
    if written.days_before.is_some_and(|days| days > DUE_DAYS_MAX) {
        let reason = format!("days_before must be at most {DUE_DAYS_MAX}");
        let remedy = "leave it out for the day after the period".to_owned();
        return Err((reason, remedy));
    }
    Ok(Schedule {
        kind,
        unit: written.unit,
        every,
        days_before: written.days_before,
    })
}

/// The table, if each of its keys is a kind of report.
fn of_kinds<T>(by_kind: BTreeMap<String, T>) -> Result<BTreeMap<String, T>, (String, String)> {
    let wrong = by_kind.keys().find(|name| Kind::parse(name).is_none());
    let Some(wrong) = wrong else {
        return Ok(by_kind);
    };
    let names: Vec<&str> = Kind::all().map(Kind::name).collect();
    Err((
        format!("there is no kind of report named {wrong}"),
        format!("kinds are {}", names.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use crate::config::parse;
    use crate::report::Kind;

    #[test]
    fn names_days_and_recipients_are_read() {
        let settings = parse(
            "t.toml",
            "[office]\nname = \"UBND xã Ví Dụ\"\nsigns_for = [\"KT. CHỦ TỊCH\"]\n\
             [report]\nyear_from = \"01-01\"\n\
             [report.recipients]\nperiodic = [\"Sở A\"]\n[report.leads]\ninspection = \"Công an xã\"\n",
        )
        .expect("good settings");
        let report = &settings.report;
        assert_eq!(report.office.as_deref(), Some("UBND xã Ví Dụ"));
        assert_eq!(report.recipients(Kind::Periodic), ["Sở A"]);
        assert_eq!(report.lead(Kind::Inspection), "Công an xã");
        assert_eq!(report.due_days, 2);
    }

    #[test]
    fn schedules_are_read_and_may_be_none() {
        let settings = |text: &str| parse("t.toml", text).map(|settings| settings.report.schedules);
        assert_eq!(settings("").unwrap().len(), 1);
        assert!(settings("[report]\nschedule = []\n").unwrap().is_empty());
        let text = "[[report.schedule]]\nkind = \"inspection\"\nunit = \"Trạm Y tế\"\n\
                    every = \"year\"\ndays_before = 10\n";
        let read = settings(text).unwrap();
        assert_eq!(read[0].unit.as_deref(), Some("Trạm Y tế"));
        assert_eq!(read[0].days_before, Some(10));
        for bad in [
            "kind = \"minutes\"",
            "kind = \"periodic\"\nevery = \"day\"",
            "kin = \"x\"",
        ] {
            assert!(
                settings(&format!("[[report.schedule]]\n{bad}\n")).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn every_mistake_about_reports_is_told() {
        let text =
            "[report]\nyear_from = \"13-01\"\ndue_days = 400\n[report.leads]\nperiodc = \"A\"\n";
        let mistakes = parse("t.toml", text).expect_err("three mistakes");
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
    }
}
