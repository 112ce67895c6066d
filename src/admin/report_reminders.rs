//! Which reports are due, and how far are they? For the page of reports and for the overview.

use jiff::civil::Date;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::report_desk::Version;
use crate::report::draft::day_of;
use crate::report::due::due;
use crate::report::schedule::planned;
use crate::report::told::capital;
use crate::report::{Kind, Period, deeds};

/// So many days before a report is due people are reminded, and so many after it was.
const REMIND_DAYS: i32 = 14;
const REMIND_DAYS_AFTER: i32 = 60;

/// One report that is due.
pub(super) struct DueLine {
    /// Kind, period, unit.
    pub(super) label: String,
    /// The last day on which it is in time.
    pub(super) on: String,
    /// How far it is.
    pub(super) state: String,
    /// Whether somebody must do something now.
    pub(super) is_urgent: bool,
    /// The newest version, where there is one.
    pub(super) id: Option<String>,
}

/// What is known of a due report before its versions are looked at.
struct Wanted {
    kind: Kind,
    unit: Option<String>,
    period: Period,
    on: Date,
    days_left: i32,
    is_scheduled: bool,
    is_of_the_log: bool,
}

/// The reports that are due, and how far they are, the earliest first.
pub(super) async fn dues(desk: &Desk, versions: &[Version]) -> Result<Vec<DueLine>, Failure> {
    let wanted = wanted(desk).await?;
    Ok(wanted.iter().map(|one| line(one, versions)).collect())
}

/// What the overview reminds of: what is written, and where it leads.
pub(super) async fn reminders(
    desk: &Desk,
    versions: &[Version],
) -> Result<Vec<(String, String)>, Failure> {
    let wanted = wanted(desk).await?;
    let is_near = |one: &&Wanted| {
        one.is_of_the_log && (-REMIND_DAYS_AFTER..=REMIND_DAYS).contains(&one.days_left)
    };
    let near: Vec<&Wanted> = wanted.iter().filter(is_near).collect();
    let lines = near.into_iter().map(|one| line(one, versions));
    let urgent = lines.filter(|line| line.is_urgent).map(|line| {
        let text = format!("{}: {}, hạn {}", line.label, line.state, line.on);
        let path = line
            .id
            .map_or_else(|| "/reports".to_owned(), |id| format!("/reports/{id}"));
        (text, path)
    });
    Ok(urgent.collect())
}

/// The periodic reports of the office, and whatever else is scheduled.
async fn wanted(desk: &Desk) -> Result<Vec<Wanted>, Failure> {
    let around = desk.reports.around.load();
    let settings = &around.settings;
    let today = day_of(desk.now());
    let log_from = desk.reader.begun_at().await?.map(day_of);
    let mut all: Vec<Wanted> = due(today, settings.cut_offs, settings.due_days)
        .into_iter()
        .map(|due| Wanted {
            kind: Kind::Periodic,
            unit: None,
            period: due.period,
            on: due.on,
            days_left: due.days_left,
            is_scheduled: false,
            is_of_the_log: log_from.is_some_and(|from| due.period.last >= from),
        })
        .collect();
    let scheduled = log_from.map(|from| planned(today, from, settings));
    for one in scheduled.into_iter().flatten() {
        let is_it = |known: &&mut Wanted| {
            known.kind == one.kind && known.unit == one.unit && known.period == one.period
        };
        match all.iter_mut().find(is_it) {
            Some(known) => known.is_scheduled = true,
            None => all.push(Wanted {
                kind: one.kind,
                unit: one.unit,
                period: one.period,
                on: one.on,
                days_left: one.days_left,
                is_scheduled: true,
                is_of_the_log: true,
            }),
        }
    }
    all.sort_by_key(|one| one.on);
    Ok(all)
}

fn line(one: &Wanted, versions: &[Version]) -> DueLine {
    let subject = deeds::subject_of(one.kind, one.period, one.unit.as_deref());
    let of_it: Vec<&Version> = versions
        .iter()
        .filter(|version| version.subject == subject)
        .collect();
    let is_approved = of_it.iter().any(|version| version.approved.is_some());
    let newest = of_it.first();
    let (state, is_urgent) = match (is_approved, newest, one.days_left) {
        (true, ..) => ("đã phê duyệt", false),
        (false, Some(version), left) => {
            let state = match (version.is_draft, left) {
                (true, ..0) => "đã quá hạn; có bản dự thảo tự động, chờ ghi nội dung và phê duyệt",
                (true, _) => "có bản dự thảo tự động, chờ ghi nội dung và phê duyệt",
                (false, ..0) => "đã quá hạn; đã lập, chưa phê duyệt",
                (false, _) => "đã lập, chưa phê duyệt",
            };
            (state, left <= REMIND_DAYS)
        }
        (false, None, ..0) => ("đã quá hạn, chưa lập", one.is_of_the_log),
        (false, None, ..=REMIND_DAYS) if one.is_scheduled => {
            ("sắp đến hạn; bản dự thảo sẽ được lập tự động", false)
        }
        (false, None, ..=REMIND_DAYS) => ("sắp đến hạn, chưa lập", true),
        (false, None, _) => ("chưa đến hạn", false),
    };
    let what = if one.kind == Kind::Periodic {
        "Báo cáo định kỳ".to_owned()
    } else {
        capital(&one.kind.told())
    };
    let unit = one.unit.as_deref();
    let unit = unit.map_or_else(String::new, |unit| format!(", {unit}"));
    DueLine {
        label: format!("{what} {}{unit}", one.period.label()),
        on: one.on.strftime("%d/%m/%Y").to_string(),
        state: state.to_owned(),
        is_urgent,
        id: newest.map(|version| version.id.clone()),
    }
}
