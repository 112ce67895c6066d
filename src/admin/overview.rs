//! How does it stand? Today and the last 30 days, the health of the parts, what needs a person now.
//!
//! Figures come from the totals, never from a walk over incidents. By unit, never by person. State
//! secrets are counted only for those who may see them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::admin::chart::{Chart, Share, shares};
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_query::{NONE, address_of};
use crate::admin::incident_words;
use crate::admin::report_reminders::reminders;
use crate::admin::status::Status;
use crate::admin::{past_days, told};
use crate::model::category::Severity;
use crate::model::deadline::{WentOut, deadlines};
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::review::{ReviewStatus, Role};
use crate::model::thousands::grouped;
use crate::report::clock::holidays;
use crate::store::exception::{ExceptionState, Standing};
use crate::store::release::{ReleaseAnswer, ReleaseState};
use crate::store::totals::{day_of, start_of_day};
use crate::store::{DeedFilter, Narrow, Secrets, Total, What};

/// Days of the long view, today among them.
const DAYS: i64 = 30;
/// Lines of each table.
const LINES_MAX: usize = 8;
/// Above this, waiting incidents are not counted one by one.
const COUNTED_MAX: u32 = 200;
/// How many incidents that went out are looked at for their clocks.
const EXPOSED_MAX: u32 = 50;

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
    // Side by side: each asks its own question.
    let (totals, people, tables, last_report) = tokio::try_join!(
        past_days::totals(&desk, days, secrets),
        People::of(&desk, days),
        tables(&desk, days, secrets),
        last_report(&desk),
    )?;
    let [all, unread] = totals;
    page(&OverviewPage {
        frame: Frame::new(&desk, &visit, "/"),
        chain_seq: grouped(status.chain_seq),
        now: told::long(desk.now()),
        tasks: tasks(&desk, &visit, secrets, &people).await?,
        decided: people.decided(desk.now()),
        tiles: tiles(&status, &all, &unread, today),
        chart: Chart::of(&all, days),
        tables,
        last_report,
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

fn tiles(status: &Status, all: &[Total], unread: &[Total], today: i64) -> Vec<Tile> {
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

async fn tables(desk: &Desk, days: (i64, i64), secrets: Secrets) -> Result<Vec<Table>, Failure> {
    let [categories, services, units] = past_days::sums(desk, days, secrets).await?;
    let table = |title, sums: &[(String, u64)], label: &dyn Fn(&str) -> (String, String)| Table {
        title,
        shares: shares(sums, LINES_MAX, label),
    };
    Ok(vec![
        table("Theo loại thông tin", &categories, &|name| {
            let path = address_of(Narrow::Category, name);
            (incident_words::category(name), path)
        }),
        table("Theo công cụ AI", &services, &|name| {
            (desk.service_name(name), address_of(Narrow::Service, name))
        }),
        table("Theo bộ phận", &units, &|name| match name {
            "" => ("chưa rõ bộ phận".to_owned(), address_of(Narrow::Unit, NONE)),
            name => (name.to_owned(), address_of(Narrow::Unit, name)),
        }),
    ])
}

/// What people asked for and decided against the rules.
struct People {
    /// The wishes of these days.
    wishes: Vec<ReleaseState>,
    /// All exceptions.
    exceptions: Vec<ExceptionState>,
}

impl People {
    async fn of(desk: &Desk, (first, _): (i64, i64)) -> Result<Self, Failure> {
        let since = start_of_day(first);
        let (wishes, exceptions) = tokio::try_join!(
            desk.reader.releases(|one| one.asked_at >= since),
            desk.reader.exceptions(),
        )?;
        Ok(Self { wishes, exceptions })
    }

    /// Releases of these days, exceptions in force.
    fn decided(&self, now: UnixMillis) -> Vec<(&'static str, String)> {
        let count = |wanted: &dyn Fn(&ReleaseAnswer) -> bool| {
            let all = self.wishes.iter().filter(|one| wanted(&one.answer));
            all.count()
        };
        let used = count(&|answer| matches!(answer, ReleaseAnswer::Used { .. }));
        let granted = count(&|answer| matches!(answer, ReleaseAnswer::Granted { .. }));
        let declined = count(&|answer| matches!(answer, ReleaseAnswer::Declined { .. }));
        let open = count(&|answer| matches!(answer, ReleaseAnswer::Waiting));
        let holding = || self.exceptions.iter().filter(|one| one.holds_at(now));
        let uses: u64 = holding().map(|one| one.uses).sum();
        let wishes = match self.wishes.len() {
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
}

/// What waits for a person, the most pressing first.
async fn tasks(
    desk: &Desk,
    visit: &Visit,
    secrets: Secrets,
    people: &People,
) -> Result<Vec<Task>, Failure> {
    let (mut tasks, new, reports) =
        tokio::try_join!(clocks(desk), new_and_grave(desk, secrets), reminders(desk),)?;
    let now = desk.now();
    let waiting = people.wishes.iter().filter(|one| one.waits_at(now)).count();
    if waiting > 0 {
        tasks.push(Task {
            text: format!("{waiting} đề nghị cho gửi đang chờ trả lời"),
            path: "/releases".to_owned(),
            tone: "grave",
        });
    }
    tasks.extend(new);
    let proposed = people
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
    Ok(tasks)
}

/// New incidents of the two highest severities.
async fn new_and_grave(desk: &Desk, secrets: Secrets) -> Result<Vec<Task>, Failure> {
    let new = ReviewStatus::New.as_str();
    let grave = [Severity::Critical, Severity::High];
    let names = grave.map(Severity::as_str);
    let counts = desk
        .reader
        .count_standing(new, &names, secrets, COUNTED_MAX);
    let counts = grave.into_iter().zip(counts.await?);
    let task = |(severity, count): (Severity, u64)| Task {
        text: format!(
            "{}{} sự kiện mới, mức {}",
            if count >= COUNTED_MAX.into() {
                "trên "
            } else {
                ""
            },
            grouped(count),
            severity.label()
        ),
        path: match severity {
            // State secrets are asked for by name.
            Severity::Critical => address_of(Narrow::Category, "state_secret"),
            Severity::Low | Severity::Medium | Severity::High => {
                format!("/incidents?status={new}&severity={}", severity.as_str())
            }
        },
        tone: "care",
    };
    Ok(counts.filter(|(_, count)| *count > 0).map(task).collect())
}

/// The next deadline of what went out and is not closed.
async fn clocks(desk: &Desk) -> Result<Vec<Task>, Failure> {
    let now = desk.now();
    let open = desk.reader.went_out(EXPOSED_MAX).await?;
    let days_off = holidays(&desk.reports.around.load().settings.holidays);
    let mut due: Vec<_> = open
        .into_iter()
        .filter_map(|(code, detected)| {
            let all = deadlines(WentOut::Data, detected, detected, &days_off);
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
    Ok(due.collect())
}

async fn last_report(desk: &Desk) -> Result<Option<String>, Failure> {
    let filter = DeedFilter {
        what: Some(What::ReportMade),
        limit: 1,
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&filter).await?;
    Ok(deeds
        .first()
        .map(|deed| told::long(deed.record.recorded_at)))
}
