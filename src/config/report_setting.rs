//! The keys that reports need: the office's names under `[office]`, days and recipients under
//! `[report]`.

use std::collections::BTreeMap;

use crate::config::table_reader::TableReader;
use crate::report::period::MonthDay;
use crate::report::{Kind, ReportSettings};

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
    fn every_mistake_about_reports_is_told() {
        let text =
            "[report]\nyear_from = \"13-01\"\ndue_days = 400\n[report.leads]\nperiodc = \"A\"\n";
        let mistakes = parse("t.toml", text).expect_err("three mistakes");
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
    }
}
