//! Which lines do the figures make? One list, for the table in the annex, CSV and spreadsheets.

use std::collections::BTreeMap;

use crate::model::category::{Category, Severity};
use crate::model::decision::Action;
use crate::model::incident::Outcome;
use crate::model::request_counts::RequestCounts;
use crate::model::review::ReviewStatus;
use crate::model::uninspectable::Uninspectable;
use crate::report::clock::CLOCKS;
use crate::report::figures::{Counts, DataGroup, Figures, Requests, Row};
use crate::store::What;

/// One line: what is counted, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The group of lines, for people.
    pub group: &'static str,
    /// What is counted, for people.
    pub label: String,
    /// The name in the JSON form.
    pub name: String,
    /// How much.
    pub value: u64,
    /// How much in the period before, where that is compared.
    pub before: Option<u64>,
}

/// What takes one number out of others.
type Of<T> = fn(&T) -> u64;

/// Counts of requests by a name.
type Rows = BTreeMap<String, RequestCounts>;

/// Names of services for people.
pub type ServiceNames = BTreeMap<String, String>;

/// All lines of the figures, in their order.
pub fn lines(figures: &Figures, before: Option<&Figures>, services: &ServiceNames) -> Vec<Line> {
    let mut lines = singles(figures, before);
    let mut add = |group, part, of: fn(&Figures) -> &Counts, label: &dyn Fn(&str) -> String| {
        lines.extend(counted((group, part), of(figures), before.map(of), label));
    };
    add("Biện pháp xử lý", "actions", |f| &f.actions, &action_label);
    add("Mức độ", "severities", |f| &f.severities, &|name| {
        known(Severity::parse(name).map(Severity::label), name)
    });
    add(
        "Loại thông tin",
        "categories",
        |f| &f.categories,
        &category_label,
    );
    add("Hình thức", "carries", |f| &f.carries, &|name| {
        carries_label(name).to_owned()
    });
    add(
        "Không kiểm tra được",
        "uninspectable",
        |f| &f.uninspectable,
        &|name| known(Uninspectable::parse(name).map(Uninspectable::label), name),
    );
    add("Kết quả", "outcomes", |f| &f.outcomes, &|name| {
        known(Outcome::parse(name).map(Outcome::label), name)
    });
    add(
        "Trạng thái xem xét",
        "statuses",
        |f| &f.statuses,
        &|name| known(ReviewStatus::parse(name).map(ReviewStatus::label), name),
    );
    add("Việc đã làm", "deeds", |f| &f.deeds, &|name| {
        known(What::parse(name).map(What::label), name)
    });
    let mut add_rows = |group,
                        part,
                        of: fn(&Figures) -> &BTreeMap<String, Row>,
                        label: &dyn Fn(&str) -> String| {
        lines.extend(rows((group, part), of(figures), before.map(of), label));
    };
    add_rows("Nhóm dữ liệu", "groups", |f| &f.groups, &group_label);
    add_rows("Đơn vị", "units", |f| &f.units, &unit_label);
    add_rows("Công cụ", "services", |f| &f.services, &|name| {
        service_label(name, services)
    });
    add_rows("Tháng", "months", |f| &f.months, &|name| name.to_owned());
    lines.extend(clocks(figures, before));
    lines.extend(requests(figures, before, services));
    lines
}

/// All requests, where they were counted.
fn requests(figures: &Figures, before: Option<&Figures>, services: &ServiceNames) -> Vec<Line> {
    let Some(requests) = &figures.requests else {
        return Vec::new();
    };
    let then = before.and_then(|figures| figures.requests.as_ref());
    let all = |requests: &Requests| BTreeMap::from([(String::new(), requests.all)]);
    let mut lines = Vec::new();
    let mut add = |part: &str, now: &Rows, then: Option<&Rows>, label: &dyn Fn(&str) -> String| {
        for (name, counts) in now {
            let before = then.map(|then| then.get(name).copied().unwrap_or_default().named());
            for (place, (count, told, value)) in counts.named().into_iter().enumerate() {
                let before = before.as_ref().and_then(|before| before.get(place));
                lines.push(Line {
                    group: "Số lượt gửi",
                    label: format!("{}: {told}", label(name)),
                    name: match name.as_str() {
                        "" if part == "all" => format!("requests.all.{count}"),
                        name => format!("requests.{part}.{name}.{count}"),
                    },
                    value,
                    before: before.map(|(.., value)| *value),
                });
            }
        }
    };
    let of = |part: fn(&Requests) -> &Rows| (part(requests), then.map(part));
    add("all", &all(requests), then.map(all).as_ref(), &|_| {
        "Toàn bộ".to_owned()
    });
    let (now, before) = of(|requests| &requests.units);
    add("units", now, before, &unit_label);
    let (now, before) = of(|requests| &requests.services);
    add("services", now, before, &|name| {
        service_label(name, services)
    });
    lines
}

fn singles(figures: &Figures, before: Option<&Figures>) -> Vec<Line> {
    let all: [(&str, &str, Of<Figures>); 6] = [
        ("Số sự kiện", "incidents", |f| f.incidents),
        (
            "Số lượt người có thông tin trong các sự kiện",
            "subjects",
            |f| f.subjects,
        ),
        (
            "Số lần lặp lại (không lập bản ghi riêng)",
            "repeats",
            |f| f.repeats,
        ),
        (
            "Số lượt vượt ngưỡng ghi nhận của một máy trạm",
            "over_rate",
            |f| f.over_rate,
        ),
        (
            "Số lần tự kiểm tra (không tính vào số liệu)",
            "self_tests",
            |f| f.self_tests,
        ),
        (
            "Số sự kiện đã có người xem xét",
            "response.reviewed",
            |f| f.response.reviewed,
        ),
    ];
    let line = |(label, name, of): (&str, &str, Of<Figures>)| Line {
        group: "Tổng số",
        label: label.to_owned(),
        name: name.to_owned(),
        value: of(figures),
        before: before.map(of),
    };
    all.into_iter().map(line).collect()
}

fn counted(
    (group, part): (&'static str, &str),
    counts: &Counts,
    before: Option<&Counts>,
    label: &dyn Fn(&str) -> String,
) -> Vec<Line> {
    let mut names: Vec<&String> = counts
        .keys()
        .chain(before.into_iter().flatten().map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let line = |name: &String| Line {
        group,
        label: label(name),
        name: format!("{part}.{name}"),
        value: Figures::count_of(counts, name),
        before: before.map(|before| Figures::count_of(before, name)),
    };
    names.into_iter().map(line).collect()
}

fn rows(
    (group, part): (&'static str, &str),
    rows: &BTreeMap<String, Row>,
    before: Option<&BTreeMap<String, Row>>,
    label: &dyn Fn(&str) -> String,
) -> Vec<Line> {
    let mut names: Vec<&String> = rows
        .keys()
        .chain(before.into_iter().flatten().map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    let columns: [(&str, &str, Of<Row>); 5] = [
        ("incidents", "tổng số", |row| row.incidents),
        ("blocked", "đã chặn", |row| row.blocked),
        ("redacted", "đã che", |row| row.redacted),
        ("audited", "cho qua, có ghi nhận", |row| row.audited),
        ("exposed", "đã ra ngoài", |row| row.exposed),
    ];
    let mut lines = Vec::new();
    for name in names {
        for (column, column_label, of) in columns {
            lines.push(Line {
                group,
                label: format!("{}: {column_label}", label(name)),
                name: format!("{part}.{name}.{column}"),
                value: rows.get(name).map_or(0, of),
                before: before.map(|before| before.get(name).map_or(0, of)),
            });
        }
    }
    lines
}

fn clocks(figures: &Figures, before: Option<&Figures>) -> Vec<Line> {
    let mut lines = Vec::new();
    for rule in &CLOCKS {
        let of = |figures: &Figures| {
            figures
                .response
                .clocks
                .get(rule.name)
                .copied()
                .unwrap_or_default()
        };
        let (now, then) = (of(figures), before.map(of));
        for (part, label, value, before) in [
            (
                "started",
                "số sự cố",
                now.started,
                then.map(|clock| clock.started),
            ),
            (
                "in_time",
                "đúng hạn",
                now.in_time,
                then.map(|clock| clock.in_time),
            ),
            ("late", "quá hạn", now.late, then.map(|clock| clock.late)),
            (
                "not_made",
                "chưa lập",
                now.not_made,
                then.map(|clock| clock.not_made),
            ),
        ] {
            lines.push(Line {
                group: "Thời hạn theo pháp luật",
                label: format!("{}: {label}", rule.label),
                name: format!("response.clocks.{}.{part}", rule.name),
                value,
                before,
            });
        }
    }
    lines
}

/// What was done, for people.
pub fn action_label(name: &str) -> String {
    match Action::parse(name) {
        Some(Action::Allow) => "cho qua",
        Some(Action::Audit) => "cho qua, có ghi nhận",
        Some(Action::Redact) => "đã che dữ liệu",
        Some(Action::Block) => "đã chặn",
        None => name,
    }
    .to_owned()
}

/// A category, for people.
pub fn category_label(name: &str) -> String {
    known(Category::parse(name).map(Category::label), name)
}

/// What a request carried, for people.
pub fn carries_label(name: &str) -> &str {
    match name {
        "prompt" => "câu hỏi gửi đi",
        "upload" => "tệp tải lên",
        "draft" => "nội dung đang soạn",
        "page" => "trang gửi để dịch",
        "account" => "đăng nhập, hồ sơ tài khoản",
        "telemetry" => "số liệu sử dụng của công cụ",
        "other" => "nội dung khác",
        other => other,
    }
}

/// A data group, for people.
pub fn group_label(name: &str) -> String {
    let found = DataGroup::ALL
        .into_iter()
        .find(|group| group.name() == name);
    known(found.map(DataGroup::label), name)
}

/// A unit, for people.
pub fn unit_label(name: &str) -> String {
    if name.is_empty() {
        "Chưa xác định đơn vị".to_owned()
    } else {
        name.to_owned()
    }
}

/// A service, for people.
pub fn service_label(name: &str, services: &ServiceNames) -> String {
    services.get(name).map_or(name, String::as_str).to_owned()
}

/// The label of a name, or the name itself where a later version wrote it.
fn known(label: Option<&'static str>, name: &str) -> String {
    label.unwrap_or(name).to_owned()
}
