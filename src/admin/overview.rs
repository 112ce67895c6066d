//! How does it stand? Today and the last 30 days, the health of the parts, what needs a person now.
//!
//! Figures come from the totals, never from a walk over incidents. By unit, never by person. State
//! secrets are counted only for those who may see them.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::admin::chart::{Chart, Share, shares};
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_query::{NONE, address_of};
use crate::admin::incident_words;
use crate::admin::past_days::Figures;
use crate::admin::report_desk::{Version, versions};
use crate::admin::report_reminders::reminders;
use crate::admin::status::Status;
use crate::admin::told;
use crate::model::category::Severity;
use crate::model::deadline::{WentOut, deadlines};
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::review::{ReviewStatus, Role};
use crate::model::thousands::grouped;
use crate::report::clock::holidays;
use crate::store;
use crate::store::exception::Standing;
use crate::store::pressing::COUNTED_MAX;
use crate::store::release::ReleaseAnswer;
use crate::store::totals::{Dimension, day_of, start_of_day};
use crate::store::{Decided, Narrow, Pressing, Secrets, Total};

/// Days of the long view, today among them.
const DAYS: i64 = 30;
/// Lines of each table.
const LINES_MAX: usize = 8;
/// New incidents of these severities wait for a person.
const GRAVE: [Severity; 2] = [Severity::Critical, Severity::High];

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    status: Status,
    chain_seq: String,
    now: String,
    tasks: Vec<Task>,
    tiles: Vec<Tile>,
    chart: Chart,
    tables: Vec<Table>,
    decided: Vec<(&'static str, String)>,
    last_report: Option<String>,
    disk: Option<Disk>,
}

/// Something that waits for a person.
struct Task {
    text: String,
    path: String,
    tone: &'static str,
}

/// One figure, today and in the long view.
struct Tile {
    label: &'static str,
    today: String,
    long: String,
}

struct Table {
    title: &'static str,
    shares: Vec<Share>,
}

struct Disk {
    free: String,
    is_low: bool,
}

/// `GET /`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let mut status = (desk.status)();
    for row in &mut status.coverage {
        row.service = desk.service_name(&row.service);
    }
    let today = day_of(desk.now());
    let days = (today - DAYS + 1, today);
    let secrets = if visit.sees_secrets() {
        Secrets::Shown
    } else {
        Secrets::Hidden
    };
    let log = log_of(&desk, days, secrets).await?;
    let Log {
        figures,
        decided,
        pressing,
        versions,
    } = &*log;
    let reports = reminders(&desk, versions).await?;
    page(&OverviewPage {
        frame: Frame::new(&desk, &visit, "/"),
        chain_seq: grouped(status.chain_seq),
        now: told::long(desk.now()),
        tasks: tasks(&desk, &visit, decided, pressing, reports),
        decided: decisions(decided, desk.now()),
        tiles: tiles(&status, figures, today),
        chart: Chart::of(figures.by_day(Dimension::All), days),
        tables: tables(&desk, figures),
        last_report: decided.last_report.map(told::long),
        disk: status.disk.map(|disk| Disk {
            free: format!(
                "còn {} GB trong {} GB",
                grouped(disk.free_bytes / 1_000_000_000),
                grouped(disk.total_bytes / 1_000_000_000)
            ),
            is_low: disk.is_low(),
        }),
        status,
    })
}

/// What the log says of some days.
#[derive(Debug)]
struct Log {
    figures: Figures,
    decided: Decided,
    pressing: Pressing,
    versions: Vec<Version>,
}

/// What the log said last, for whom, and which log it was.
#[derive(Debug, Default)]
pub(super) struct KeptLog(Mutex<Option<KeptFor>>);

#[derive(Debug)]
struct KeptFor {
    days: (i64, i64),
    secrets: Secrets,
    version: store::Version,
    log: Arc<Log>,
}

/// What the log says, asked anew when anything was written since.
async fn log_of(desk: &Desk, days: (i64, i64), secrets: Secrets) -> Result<Arc<Log>, Failure> {
    let version = desk.reader.version().await?;
    let lock = || {
        desk.kept_log
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    let is_it =
        |kept: &&KeptFor| (kept.days, kept.secrets, kept.version) == (days, secrets, version);
    if let Some(kept) = lock().as_ref().filter(is_it) {
        return Ok(Arc::clone(&kept.log));
    }
    let since = start_of_day(days.0);
    // One after the other, over one connection: four at once wake four threads, of which each reads
    // the same pages of the file again.
    let log = Arc::new(Log {
        figures: Figures::of(desk, days, secrets).await?,
        decided: desk.reader.decided(|one| one.asked_at >= since).await?,
        pressing: desk.reader.pressing(&GRAVE, secrets).await?,
        versions: versions(desk).await?,
    });
    let kept = KeptFor {
        days,
        secrets,
        version,
        log: Arc::clone(&log),
    };
    *lock() = Some(kept);
    Ok(log)
}

fn tiles(status: &Status, figures: &Figures, today: i64) -> Vec<Tile> {
    let all = figures.by_day(Dimension::All);
    let unread = figures.by_day(Dimension::Uninspectable);
    let sum = |totals: &[Total], action: Option<Action>, only_today: bool| {
        let wanted = totals.iter().filter(|total| {
            (!only_today || total.day == today)
                && action.is_none_or(|action| total.action == action.as_str())
        });
        wanted.map(|total| total.count).sum::<u64>()
    };
    let tile = |label, today: u64, long: u64| Tile {
        label,
        today: grouped(today),
        long: grouped(long),
    };
    let of = |label, action| {
        tile(
            label,
            sum(all, Some(action), true),
            sum(all, Some(action), false),
        )
    };
    let asked = |only_today: bool| {
        let days = status.requests_by_day.iter();
        let wanted = days.filter(|(day, _)| {
            *day <= today && (*day == today || (!only_today && *day > today - DAYS))
        });
        wanted.map(|(_, count)| *count).sum::<u64>()
    };
    vec![
        tile("lượt gửi đến công cụ AI", asked(true), asked(false)),
        of("đã che dữ liệu", Action::Redact),
        of("đã chặn", Action::Block),
        of("cho qua, có ghi nhận", Action::Audit),
        tile(
            "không kiểm tra được",
            sum(unread, None, true),
            sum(unread, None, false),
        ),
    ]
}

fn tables(desk: &Desk, figures: &Figures) -> Vec<Table> {
    let table = |title, by, label: &dyn Fn(&str) -> (String, String)| Table {
        title,
        shares: shares(&figures.by_name(by), LINES_MAX, label),
    };
    vec![
        table("Theo loại thông tin", Dimension::Category, &|name| {
            let path = address_of(Narrow::Category, name);
            (incident_words::category(name), path)
        }),
        table("Theo công cụ AI", Dimension::Service, &|name| {
            (desk.service_name(name), address_of(Narrow::Service, name))
        }),
        table("Theo bộ phận", Dimension::Unit, &|name| match name {
            "" => ("chưa rõ bộ phận".to_owned(), address_of(Narrow::Unit, NONE)),
            name => (name.to_owned(), address_of(Narrow::Unit, name)),
        }),
    ]
}

/// Releases of these days, exceptions in force.
fn decisions(decided: &Decided, now: UnixMillis) -> Vec<(&'static str, String)> {
    let count = |wanted: &dyn Fn(&ReleaseAnswer) -> bool| {
        let all = decided.releases.iter().filter(|one| wanted(&one.answer));
        all.count()
    };
    let used = count(&|answer| matches!(answer, ReleaseAnswer::Used { .. }));
    let granted = count(&|answer| matches!(answer, ReleaseAnswer::Granted { .. }));
    let declined = count(&|answer| matches!(answer, ReleaseAnswer::Declined { .. }));
    let open = count(&|answer| matches!(answer, ReleaseAnswer::Waiting));
    let holding = || decided.exceptions.iter().filter(|one| one.holds_at(now));
    let uses: u64 = holding().map(|one| one.uses).sum();
    let wishes = match decided.releases.len() {
        0 => "chưa có".to_owned(),
        all => format!(
            "{all}: đồng ý {} (đã gửi {used}), không đồng ý {declined}, chưa trả lời {open}",
            granted + used
        ),
    };
    let exceptions = match holding().count() {
        0 => "không có trường hợp nào đang có hiệu lực".to_owned(),
        held => format!("{held} đang có hiệu lực, đã áp dụng {} lần", grouped(uses)),
    };
    vec![
        ("Đề nghị cho gửi, 30 ngày", wishes),
        ("Trường hợp loại trừ", exceptions),
    ]
}

/// What waits for a person, the most pressing first.
fn tasks(
    desk: &Desk,
    visit: &Visit,
    decided: &Decided,
    pressing: &Pressing,
    reports: Vec<(String, String)>,
) -> Vec<Task> {
    let now = desk.now();
    let mut tasks = clocks(desk, &pressing.went_out);
    let wishes = decided.releases.iter();
    let waiting = wishes.filter(|one| one.waits_at(now)).count();
    if waiting > 0 {
        tasks.push(Task {
            text: format!("{waiting} đề nghị cho gửi đang chờ trả lời"),
            path: "/releases".to_owned(),
            tone: "grave",
        });
    }
    tasks.extend(new_and_grave(&pressing.new));
    let proposed = decided
        .exceptions
        .iter()
        .filter(|one| one.standing == Standing::Proposed);
    let proposed = proposed.count();
    if proposed > 0 && visit.role() == Role::Admin {
        tasks.push(Task {
            text: format!("{proposed} trường hợp loại trừ chờ xác nhận"),
            path: "/exceptions".to_owned(),
            tone: "care",
        });
    }
    tasks.extend(reports.into_iter().map(|(text, path)| Task {
        text,
        path,
        tone: "care",
    }));
    tasks
}

/// New incidents of the highest severities.
fn new_and_grave(new: &[(Severity, u64)]) -> impl Iterator<Item = Task> {
    let some = new.iter().filter(|(_, count)| *count > 0);
    some.map(|(severity, count)| Task {
        text: format!(
            "{}{} sự kiện mới, mức {}",
            if *count >= COUNTED_MAX.into() {
                "trên "
            } else {
                ""
            },
            grouped(*count),
            severity.label()
        ),
        path: match severity {
            // State secrets are asked for by name.
            Severity::Critical => address_of(Narrow::Category, "state_secret"),
            Severity::Low | Severity::Medium | Severity::High => {
                let new = ReviewStatus::New.as_str();
                format!("/incidents?status={new}&severity={}", severity.as_str())
            }
        },
        tone: "care",
    })
}

/// The next deadlines of what went out and is not closed.
fn clocks(desk: &Desk, went_out: &[(String, UnixMillis)]) -> Vec<Task> {
    let now = desk.now();
    let days_off = holidays(&desk.reports.around.load().settings.holidays);
    let mut due: Vec<_> = went_out
        .iter()
        .filter_map(|(code, detected)| {
            let all = deadlines(WentOut::Data, *detected, *detected, &days_off);
            let told = all.into_iter().find(|one| one.only_if.is_empty())?;
            Some((told, code))
        })
        .collect();
    due.sort_by_key(|(deadline, _)| deadline.due_at);
    let due = due.into_iter().take(5).map(|(deadline, code)| Task {
        text: format!(
            "Sự cố {code}: {}, {}",
            deadline.what.to_lowercase(),
            told::left(deadline.due_at, now)
        ),
        path: format!("/incidents/{code}"),
        tone: "grave",
    });
    due.collect()
}
