//! Which tables and charts do reports have? Each is made of figures alone.

use std::collections::BTreeMap;

use crate::model::request_counts::RequestCounts;
use crate::model::thousands::grouped;
use crate::report::clock::{CLOCKS, holidays};
use crate::report::compose::Sheet;
use crate::report::document::{Align, Bar, Chart, Column, Table, column};
use crate::report::figures::{Counts, DataGroup, Figures, Row};
use crate::report::lines::{action_label, category_label, service_label, unit_label};
use crate::report::told::{capital, change, percent, short_moment};

/// Rows of one table in a document; the rest is summed up in its last row.
const ROWS_MAX: usize = 40;
/// Bars of one chart.
const BARS_MAX: usize = 24;

/// Action by action, with the period before.
pub(super) fn actions(sheet: Sheet<'_>) -> Table {
    let figures = &sheet.written.figures;
    let before = sheet.written.before.as_ref().map(|before| &before.figures);
    let mut rows = vec![compared(
        "Tổng số sự kiện",
        figures.incidents,
        before.map(|f| f.incidents),
    )];
    for name in ["block", "redact", "audit"] {
        let of = |figures: &Figures| Figures::count_of(&figures.actions, name);
        let label = format!("Trong đó: {}", action_label(name));
        rows.push(compared(&label, of(figures), before.map(of)));
    }
    for (label, of) in [
        (
            "Số lần lặp lại (không lập bản ghi riêng)",
            (|f| f.repeats) as fn(&Figures) -> u64,
        ),
        ("Sự kiện xác định đã ra ngoài (sự cố)", |f| {
            Figures::count_of(&f.outcomes, "exposed")
        }),
        ("Sự kiện nhận diện nhầm", |f| {
            Figures::count_of(&f.statuses, "false_alarm")
        }),
        ("Nội dung không kiểm tra được", |f| {
            f.uninspectable.values().sum()
        }),
    ] {
        rows.push(compared(label, of(figures), before.map(of)));
    }
    table("Tổng hợp sự kiện, so sánh với kỳ trước", COMPARED, rows)
}

/// The columns of a comparison.
const COMPARED: &[(&str, u16, Align)] = &[
    ("Chỉ tiêu", 44, Align::Left),
    ("Kỳ này", 14, Align::Right),
    ("Kỳ trước", 14, Align::Right),
    ("So sánh", 28, Align::Left),
];

/// What a table says where nobody counted; the text beside it says why.
pub(super) const NO_FIGURES: &str = "-";

/// All requests, those that were simply let through too, with the period before.
pub(super) fn requests(sheet: Sheet<'_>) -> Table {
    let figures = &sheet.written.figures;
    let before = sheet.written.before.as_ref().map(|before| &before.figures);
    let all = |figures: &Figures| figures.requests.as_ref().map(|requests| requests.all);
    let (now, then) = (all(figures), before.and_then(all));
    let told = |count: Option<u64>| count.map_or_else(|| NO_FIGURES.to_owned(), grouped);
    let names = now.or(then).unwrap_or_default().named();
    let of = |counts: Option<RequestCounts>, wanted: &str| {
        let named = counts?.named();
        let found = named.into_iter().find(|(name, ..)| *name == wanted);
        found.map(|(.., count)| count)
    };
    let rows = names.into_iter().map(|(name, label, _)| {
        let (now, then) = (of(now, name), of(then, name));
        let compared = now.zip(then).map(|(now, then)| change(now, then));
        vec![
            label.to_owned(),
            told(now),
            told(then),
            compared.unwrap_or_else(|| "-".to_owned()),
        ]
    });
    table(
        "Số lượt sử dụng công cụ trí tuệ nhân tạo",
        COMPARED,
        rows.collect(),
    )
}

/// How much of all requests of each unit had to be treated.
pub(super) fn rates(sheet: Sheet<'_>) -> Option<Table> {
    let requests = sheet.written.figures.requests.as_ref()?;
    let units = requests
        .units
        .iter()
        .filter(|(_, counts)| counts.requests > 0);
    let rows = units.map(|(unit, counts)| rate(unit_label(unit), counts));
    let mut rows: Vec<Vec<String>> = rows.take(ROWS_MAX).collect();
    rows.push(rate("Tổng số".to_owned(), &requests.all));
    let columns = [
        ("Đơn vị", 34, Align::Left),
        ("Số lượt đã kiểm tra", 15, Align::Right),
        ("Trong đó: câu hỏi, tệp", 15, Align::Right),
        ("Chặn", 12, Align::Right),
        ("Che dữ liệu", 12, Align::Right),
        ("Tỷ lệ chặn, che", 12, Align::Right),
    ];
    let caption = "Số lượt theo đơn vị và tỷ lệ phải xử lý";
    (requests.all.requests > 0).then(|| table(caption, &columns, rows))
}

fn rate(label: String, counts: &RequestCounts) -> Vec<String> {
    let treated = counts.blocked + counts.redacted;
    vec![
        label,
        grouped(counts.requests),
        grouped(counts.messages),
        grouped(counts.blocked),
        grouped(counts.redacted),
        percent(treated, counts.requests),
    ]
}

fn compared(label: &str, now: u64, before: Option<u64>) -> Vec<String> {
    vec![
        label.to_owned(),
        grouped(now),
        before.map_or_else(|| "-".to_owned(), grouped),
        before.map_or_else(|| "-".to_owned(), |before| change(now, before)),
    ]
}

/// Category by category, with the period before.
pub(super) fn categories(sheet: Sheet<'_>) -> Table {
    let before = sheet.written.before.as_ref().map(|before| &before.figures);
    let counts = &sheet.written.figures.categories;
    let then = before.map(|before| &before.categories);
    let rows = names(counts, then).into_iter().map(|name| {
        let then = then.map(|then| Figures::count_of(then, name));
        compared(
            &capital(&category_label(name)),
            Figures::count_of(counts, name),
            then,
        )
    });
    table(
        "Sự kiện theo loại thông tin được nhận diện",
        COMPARED,
        rows.collect(),
    )
}

fn names<'a>(counts: &'a Counts, before: Option<&'a Counts>) -> Vec<&'a str> {
    let mut names: Vec<&str> = counts.keys().map(String::as_str).collect();
    names.extend(before.into_iter().flatten().map(|(name, _)| name.as_str()));
    names.sort_unstable();
    names.dedup();
    // The most frequent first; among equals by name.
    names.sort_by_key(|name| std::cmp::Reverse(Figures::count_of(counts, name)));
    names
}

/// The columns of incidents by what was done.
const BY_ACTION: [(&str, u16, Align); 7] = [
    ("TT", 7, Align::Center),
    ("", 36, Align::Left),
    ("Tổng số", 12, Align::Right),
    ("Đã chặn", 12, Align::Right),
    ("Đã che", 11, Align::Right),
    ("Ghi nhận", 12, Align::Right),
    ("Đã ra ngoài", 12, Align::Right),
];

/// The data groups of seed 001 §III.5, all four even where there was nothing.
pub(super) fn groups(sheet: Sheet<'_>) -> Table {
    let rows = DataGroup::ALL.into_iter().map(|group| {
        let row = sheet.written.figures.groups.get(group.name());
        (group.label().to_owned(), row.copied().unwrap_or_default())
    });
    by_action(
        "Sự kiện theo nhóm dữ liệu cá nhân cần quản lý chặt chẽ",
        "Nhóm dữ liệu",
        &rows.collect::<Vec<_>>(),
    )
}

/// Unit by unit, in the order of their names: a report ranks nobody.
pub(super) fn units(sheet: Sheet<'_>) -> Table {
    let rows = labelled(&sheet.written.figures.units, unit_label);
    by_action("Sự kiện theo đơn vị", "Đơn vị", &rows)
}

/// Service by service.
pub(super) fn services(sheet: Sheet<'_>) -> Table {
    let services = &sheet.around.services;
    let rows = labelled(&sheet.written.figures.services, |name| {
        service_label(name, services)
    });
    by_action("Sự kiện theo công cụ trí tuệ nhân tạo", "Công cụ", &rows)
}

fn labelled(rows: &BTreeMap<String, Row>, label: impl Fn(&str) -> String) -> Vec<(String, Row)> {
    let rows = rows.iter().map(|(name, row)| (label(name), *row));
    rows.collect()
}

fn by_action(caption: &str, head: &str, rows: &[(String, Row)]) -> Table {
    let mut columns = BY_ACTION;
    columns[1].0 = head;
    let cells = |place: usize, label: &str, row: &Row| {
        let figures = [
            row.incidents,
            row.blocked,
            row.redacted,
            row.audited,
            row.exposed,
        ];
        let place = if place > 0 {
            place.to_string()
        } else {
            String::new()
        };
        let mut cells = vec![place, label.to_owned()];
        cells.extend(figures.map(grouped));
        cells
    };
    let (shown, rest) = rows.split_at(rows.len().min(ROWS_MAX));
    let mut told: Vec<Vec<String>> = shown
        .iter()
        .enumerate()
        .map(|(place, (label, row))| cells(place + 1, label, row))
        .collect();
    if !rest.is_empty() {
        let mut sum = Row::default();
        for (_, row) in rest {
            sum.incidents += row.incidents;
            sum.blocked += row.blocked;
            sum.redacted += row.redacted;
            sum.audited += row.audited;
            sum.exposed += row.exposed;
        }
        told.push(cells(0, &format!("Còn lại ({} dòng)", rest.len()), &sum));
    }
    table(caption, &columns, told)
}

/// How the legal clocks ended.
pub(super) fn clocks(sheet: Sheet<'_>) -> Table {
    let rows = CLOCKS.iter().map(|rule| {
        let clocks = &sheet.written.figures.response.clocks;
        let clock = clocks.get(rule.name).copied().unwrap_or_default();
        let mut cells = vec![rule.label.to_owned(), rule.source.to_owned()];
        cells.extend([clock.started, clock.in_time, clock.late, clock.not_made].map(grouped));
        cells
    });
    let columns = [
        ("Thời hạn", 36, Align::Left),
        ("Căn cứ", 24, Align::Left),
        ("Số sự cố", 10, Align::Right),
        ("Đúng hạn", 10, Align::Right),
        ("Quá hạn", 10, Align::Right),
        ("Chưa lập", 10, Align::Right),
    ];
    table(
        "Thực hiện thời hạn theo pháp luật đối với sự cố",
        &columns,
        rows.collect(),
    )
}

/// Incident by incident, those in which data went out.
pub(super) fn cases(sheet: Sheet<'_>) -> Table {
    let days = sheet
        .written
        .holidays
        .iter()
        .filter_map(|day| day.parse().ok());
    let holidays = holidays(&days.collect::<Vec<_>>());
    let rows = sheet.written.cases.iter().take(ROWS_MAX).map(|one| {
        let due = CLOCKS.first().and_then(|rule| rule.due_at(one, &holidays));
        let made = one.document("breach-notice").map(|at| at.0);
        vec![
            one.code.clone(),
            unit_label(&one.unit),
            service_label(&one.service, &sheet.around.services),
            told_or(one.detected_at, "-"),
            told_or(one.confirmed_at, "-"),
            told_or(due, "-"),
            told_or(made, "chưa lập"),
        ]
    });
    let columns = [
        ("Mã sự kiện", 14, Align::Left),
        ("Đơn vị", 20, Align::Left),
        ("Công cụ", 14, Align::Left),
        ("Phát hiện", 13, Align::Left),
        ("Xác nhận", 13, Align::Left),
        ("Hạn thông báo (72 giờ)", 13, Align::Left),
        ("Thông báo đã lập", 13, Align::Left),
    ];
    table("Các sự kiện xác định đã ra ngoài", &columns, rows.collect())
}

fn told_or(at: Option<i64>, or: &str) -> String {
    at.map_or_else(|| or.to_owned(), short_moment)
}

/// Month by month, as bars.
pub(super) fn months(sheet: Sheet<'_>) -> Chart {
    let rows = &sheet.written.figures.months;
    let ends = rows.keys().next().zip(rows.keys().next_back());
    let bars = months_between(ends).into_iter().map(|(year, month)| {
        let row = rows.get(&format!("{year:04}-{month:02}"));
        let row = row.copied().unwrap_or_default();
        bar(format!("Tháng {month:02}/{year}"), &row)
    });
    chart("Số sự kiện theo tháng", bars.collect())
}

/// All months from the first to the last, those without incidents too.
fn months_between(ends: Option<(&String, &String)>) -> Vec<(i32, i32)> {
    let number = |name: &String| {
        let (year, month) = name.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
    };
    let ends = ends.and_then(|(first, last)| number(first).zip(number(last)));
    let Some((first, last)) = ends else {
        return Vec::new();
    };
    (first..=last)
        .take(BARS_MAX)
        .map(|number| (number.div_euclid(12), number.rem_euclid(12) + 1))
        .collect()
}

/// Service by service, as bars; the most frequent first.
pub(super) fn service_bars(sheet: Sheet<'_>) -> Chart {
    let mut rows: Vec<(&String, &Row)> = sheet.written.figures.services.iter().collect();
    rows.sort_by_key(|(name, row)| (std::cmp::Reverse(row.incidents), *name));
    let bars = rows.into_iter().take(10);
    let bars = bars.map(|(name, row)| bar(service_label(name, &sheet.around.services), row));
    chart(
        "Số sự kiện theo công cụ (nhiều nhất 10 công cụ)",
        bars.collect(),
    )
}

fn bar(label: String, row: &Row) -> Bar {
    Bar {
        label,
        parts: vec![row.blocked, row.redacted, row.audited],
    }
}

fn chart(caption: &str, mut bars: Vec<Bar>) -> Chart {
    let too_many = bars.len().saturating_sub(BARS_MAX);
    bars.drain(..too_many);
    Chart {
        caption: caption.to_owned(),
        series: ["Đã chặn", "Đã che dữ liệu", "Cho qua, có ghi nhận"]
            .map(str::to_owned)
            .to_vec(),
        bars,
    }
}

/// A table of these columns.
pub(super) fn table(
    caption: &str,
    columns: &[(&str, u16, Align)],
    rows: Vec<Vec<String>>,
) -> Table {
    let columns: Vec<Column> = columns
        .iter()
        .map(|(head, width, align)| column(head, *width, *align))
        .collect();
    Table {
        caption: caption.to_owned(),
        columns,
        rows,
    }
}
