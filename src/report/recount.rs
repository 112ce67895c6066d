//! The figures of a period as a person counts them with a list and a pencil.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most deeds change nothing that is counted here"
)]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fixture::{DAY, HOUR};
use super::recount_tests::{MINUTE, Noted};
use crate::store::What;

const TABLES: [&str; 8] = [
    "actions",
    "severities",
    "categories",
    "carries",
    "uninspectable",
    "outcomes",
    "statuses",
    "deeds",
];
const ROWS: [&str; 4] = ["groups", "units", "services", "months"];

type Table = BTreeMap<String, u64>;
type Rows = BTreeMap<String, [u64; 5]>;

/// How one incident stands in the end.
struct Stands {
    status: String,
    outcome: String,
    detected: Option<i64>,
    confirmed: Option<i64>,
    first_deed: Option<i64>,
    documents: Vec<(String, i64)>,
    is_touched: bool,
}

/// What is added up, incident by incident.
#[derive(Default)]
struct Sums {
    tables: BTreeMap<&'static str, Table>,
    rows: BTreeMap<&'static str, Rows>,
    minutes: Vec<i64>,
    clocks: BTreeMap<&'static str, Value>,
}

/// All figures, under the names that the report has.
pub(super) fn figures(
    noted: &Noted,
    list: &[Value],
    (since, until): (i64, i64),
    unit: Option<&str>,
) -> Value {
    let is_of_unit = |one: &Value| unit.is_none() || one["client"]["unit"].as_str() == unit;
    let in_period = |at: i64| (since..until).contains(&at);
    let (tests, real): (Vec<&Value>, Vec<&Value>) = list
        .iter()
        .filter(|one| in_period(time_of(one)) && is_of_unit(one))
        .partition(|one| one["service"] == "self-test");
    let mut sums = Sums::default();
    for name in TABLES {
        sums.tables.entry(name).or_default();
    }
    for name in ROWS {
        sums.rows.entry(name).or_default();
    }
    real.iter().for_each(|one| sums.take_in(noted, one));
    let all: BTreeMap<&str, &Value> = list.iter().map(|one| (text(&one["id"]), one)).collect();
    let done = noted.done.iter().filter(|done| in_period(done.at));
    for done in done.filter(|done| is_of_unit(all[done.incident.as_str()])) {
        sums.add("deeds", done.what.as_str());
    }
    sums.minutes.sort_unstable();
    let minutes = &sums.minutes;
    let mut counted = json!({
        "incidents": real.len(),
        "subjects": real.iter().map(|one| one["subjects"].as_u64().unwrap()).sum::<u64>(),
        "repeats": 0, "over_rate": 0, "without_requests": 0,
        "self_tests": tests.len(),
        "requests": requests(noted, (since, until), unit),
        "response": {
            "reviewed": minutes.len(),
            "first_deed_minutes_median": at_share(minutes, 50),
            "first_deed_minutes_p90": at_share(minutes, 90),
            "clocks": sums.clocks,
        },
    });
    for (name, table) in &sums.tables {
        counted[name] = json!(table);
    }
    for (name, rows) in &sums.rows {
        let told = rows
            .iter()
            .map(|(name, [all, audited, redacted, blocked, exposed])| {
                let row = json!({ "incidents": all, "audited": audited, "redacted": redacted,
                "blocked": blocked, "exposed": exposed });
                (name.clone(), row)
            });
        counted[name] = Value::Object(told.collect());
    }
    counted
}

impl Sums {
    fn add(&mut self, table: &'static str, name: &str) {
        let table = self.tables.entry(table).or_default();
        *table.entry(name.to_owned()).or_default() += 1;
    }

    fn row(&mut self, table: &'static str, name: &str, (one, is_out): (&Value, bool)) {
        let row = self.rows.entry(table).or_default();
        let row = row.entry(name.to_owned()).or_default();
        let actions = ["audit", "redact", "block"];
        let column = actions.iter().position(|action| one["action"] == *action);
        row[0] += 1;
        row[1 + column.unwrap()] += 1;
        row[4] += u64::from(is_out);
    }

    fn take_in(&mut self, noted: &Noted, one: &Value) {
        let stands = stands(noted, one);
        for name in ["action", "severity"] {
            let table = if name == "action" {
                "actions"
            } else {
                "severities"
            };
            self.add(table, text(&one[name]));
        }
        self.add("carries", text(&one["carries"]));
        self.add("outcomes", &stands.outcome);
        self.add("statuses", &stands.status);
        for note in one["notes"].as_array().unwrap() {
            if let Some(reason) = text(note).strip_prefix("uninspectable_") {
                self.add("uninspectable", reason);
            }
        }
        let categories = categories(one);
        for name in &categories {
            self.add("categories", name);
        }
        let is_out = stands.outcome == "exposed";
        for group in groups(&categories, noted.welfare[text(&one["id"])]) {
            self.row("groups", group, (one, is_out));
        }
        let unit = one["client"]["unit"].as_str().unwrap_or_default();
        self.row("units", unit, (one, is_out));
        self.row("services", text(&one["service"]), (one, is_out));
        self.row("months", &month(text(&one["recorded_at"])), (one, false));
        let first = stands.first_deed;
        self.minutes
            .extend(first.map(|at| (at - time_of(one)) / MINUTE));
        if is_out && stands.is_touched {
            tick(&stands, one.get("secret").is_some(), &mut self.clocks);
        }
    }
}

fn month(day: &str) -> String {
    day.chars().take(7).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn time_of(one: &Value) -> i64 {
    let at: jiff::Timestamp = text(&one["recorded_at"]).parse().unwrap();
    at.as_millisecond()
}

fn categories(one: &Value) -> Vec<String> {
    let found = one["findings"].as_array().unwrap().iter();
    let mut names: Vec<String> = found
        .map(|found| text(&found["category"]).to_owned())
        .collect();
    if one.get("secret").is_some() {
        names.push("state_secret".to_owned());
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn groups(categories: &[String], (poor, weak): (bool, bool)) -> Vec<&'static str> {
    let mut groups = Vec::new();
    for name in categories {
        match name.as_str() {
            "student_record" | "student_code" => groups.push("pupils"),
            "health_record" | "patient_code" | "health_insurance_number" => groups.push("patients"),
            "welfare_record" => {
                groups.extend(poor.then_some("beneficiaries"));
                groups.extend(weak.then_some("vulnerable"));
            }
            "state_secret" | "internal_document" | "credential" => {}
            _ => groups.push("other"),
        }
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn stands(noted: &Noted, one: &Value) -> Stands {
    let mut stands = Stands {
        status: "new".to_owned(),
        outcome: text(&one["outcome"]).to_owned(),
        detected: None,
        confirmed: None,
        first_deed: None,
        documents: Vec::new(),
        is_touched: false,
    };
    for done in noted
        .done
        .iter()
        .filter(|done| one["id"] == done.incident.as_str())
    {
        stands.is_touched = true;
        if !matches!(done.what, What::ReportMade | What::SecretSeen) {
            stands.first_deed.get_or_insert(done.at);
        }
        match done.what {
            What::StatusSet => stands.status.clone_from(&done.to),
            What::ReportMade => stands.documents.push((done.to.clone(), done.at)),
            What::OutcomeSet if done.to == "exposed" => {
                stands.outcome.clone_from(&done.to);
                stands.detected = done.detected.or(stands.detected);
                stands.confirmed.get_or_insert(done.at);
            }
            What::OutcomeSet => {
                stands.outcome.clone_from(&done.to);
                (stands.detected, stands.confirmed) = (None, None);
            }
            _ => {}
        }
    }
    stands
}

fn after_five_working_days(from: i64) -> i64 {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(7));
    let works = |at: i64| {
        let at = jiff::Timestamp::from_millisecond(at).unwrap();
        let day = at.to_zoned(zone.clone()).date();
        let is_off = [(1, 1), (4, 30), (5, 1), (9, 2)].contains(&(day.month(), day.day()));
        !is_off && day.weekday().to_monday_one_offset() <= 5
    };
    let days = (1..).map(|days| from + days * DAY);
    days.filter(|at| works(*at)).nth(4).unwrap()
}

/// Each legal clock that runs for an incident, and how it ended.
fn tick(stands: &Stands, is_secret: bool, clocks: &mut BTreeMap<&'static str, Value>) {
    let made = |fits: &dyn Fn(&str) -> bool| {
        let made = stands.documents.iter().find(|(name, _)| fits(name));
        made.map(|(_, at)| *at)
    };
    let confirmed = stands.confirmed.unwrap();
    let detected = stands.detected.unwrap_or(confirmed);
    let ai = made(&|name| name.starts_with("ai-incident"));
    let five = after_five_working_days(confirmed);
    let of_data = [
        (
            "personal_data_72h",
            made(&|name| name == "breach-notice"),
            detected + 72 * HOUR,
        ),
        (
            "cyber_24h",
            made(&|name| name.starts_with("incident")),
            detected + 24 * HOUR,
        ),
        (
            "cyber_72h",
            made(&|name| name == "incident"),
            detected + 72 * HOUR,
        ),
    ];
    let of_ai = [
        ("ai_72h", ai, confirmed + 72 * HOUR),
        ("ai_5_working_days", ai, five),
        (
            "ai_final_15d",
            made(&|name| name == "ai-incident/final"),
            confirmed + 15 * DAY,
        ),
    ];
    let of_secret = [(
        "secret_at_once",
        made(&|name| name == "secrecy-notice"),
        i64::MAX,
    )];
    let running: Vec<_> = match (is_secret, ai) {
        (true, _) => of_secret.to_vec(),
        (false, None) => of_data.to_vec(),
        (false, Some(_)) => of_data.into_iter().chain(of_ai).collect(),
    };
    for (name, made, due) in running {
        let none = || json!({ "started": 0, "in_time": 0, "late": 0, "not_made": 0 });
        let clock = clocks.entry(name).or_insert_with(none);
        let ended = match made {
            Some(at) if at <= due => "in_time",
            Some(_) => "late",
            None => "not_made",
        };
        for part in ["started", ended] {
            clock[part] = json!(clock[part].as_u64().unwrap() + 1);
        }
    }
}

fn requests(noted: &Noted, (since, until): (i64, i64), unit: Option<&str>) -> Value {
    let at = |day: &str| {
        format!("{day}T00:00:00+07:00")
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_millisecond()
    };
    let known = noted.requests.iter().filter(|(day, ..)| at(day) < until);
    let Some(first) = known.clone().map(|(day, ..)| day).min() else {
        return Value::Null;
    };
    let row = |(allowed, blocked): (u64, u64)| {
        json!({ "requests": allowed + blocked, "messages": blocked, "allowed": allowed, "audited": 0,
            "redacted": 0, "blocked": blocked, "uninspectable": 0, "tunnelled": 0 })
    };
    let of_period: Vec<_> = known
        .filter(|(day, of, _)| at(day) >= since && unit.is_none_or(|unit| unit == of))
        .collect();
    let table = |name: &dyn Fn(&str, &str) -> String| {
        let mut table: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (day, unit, counts) in &of_period {
            let sum = table.entry(name(day, unit)).or_default();
            *sum = (sum.0 + counts.0, sum.1 + counts.1);
        }
        let told = table.into_iter().map(|(name, counts)| (name, row(counts)));
        Value::Object(told.collect())
    };
    let all = of_period
        .iter()
        .fold((0, 0), |sum, (_, _, one)| (sum.0 + one.0, sum.1 + one.1));
    json!({ "since": first, "all": row(all), "units": table(&|_, unit| unit.to_owned()),
        "services": table(&|_, _| "chatgpt".to_owned()), "months": table(&|day, _| month(day)) })
}

fn at_share(sorted: &[i64], percent: usize) -> Option<i64> {
    let place = (sorted.len() * percent).div_ceil(100);
    (place > 0).then(|| sorted[place - 1])
}
