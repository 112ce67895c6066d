//! Are the figures of a report those of the log? Counted again as of the record that it names.

use serde_json::Value;

use crate::report::kind::Kind;
use crate::report::make::{Asked, MakeError, make_as_of};
use crate::report::period::{CutOffs, Period};
use crate::report::written::{Place, Written};
use crate::store::StoreReader;

/// How many differences are told.
const DIFFERENCES_MAX: usize = 20;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Everything is as in the log.
    Agrees,
    /// What differs, one line each.
    Differs(Vec<String>),
}

/// Checks a report against a log.
///
/// # Errors
/// When the log cannot be read.
pub async fn check(reader: &StoreReader, written: &Written) -> Result<Checked, MakeError> {
    let mut lines = Vec::new();
    if written.digest != written.expected_digest() {
        lines.push("mã kiểm tra (digest) không phải của nội dung này: tệp đã bị sửa".to_owned());
    }
    if !written.sources.is_empty() {
        lines.push(
            "báo cáo tổng hợp không có nhật ký riêng: kiểm tra bằng --check TỆP --sum các báo cáo nguồn".to_owned(),
        );
        return Ok(Checked::Differs(lines));
    }
    let head = reader.mark(written.chain.head.seq).await?.map(Place::of);
    if written.chain.head.seq > 0 && head.as_ref() != Some(&written.chain.head) {
        lines.push(format!(
            "nhật ký không có bản ghi số {} với mã băm đã nêu: báo cáo lập từ nhật ký khác",
            written.chain.head.seq
        ));
        return Ok(Checked::Differs(lines));
    }
    match asked(written) {
        Ok(asked) => match counted_again(reader, &asked, written).await {
            Ok(again) => differences("", &value(written), &value(&again), &mut lines),
            Err(MakeError::NoIncident(code)) => {
                lines.push(format!("nhật ký không có sự kiện {code}"));
            }
            Err(other) => return Err(other),
        },
        Err(what) => lines.push(what.to_owned()),
    }
    Ok(if lines.is_empty() {
        Checked::Agrees
    } else {
        Checked::Differs(lines)
    })
}

/// The same report from this log, with what no log can tell taken over.
async fn counted_again(
    reader: &StoreReader,
    asked: &Asked,
    written: &Written,
) -> Result<Written, MakeError> {
    let head = written.chain.head.clone();
    let mut again = make_as_of(reader, asked, head).await?.written;
    again.digest.clone_from(&written.digest);
    // The days of the period before depend on cut-offs that may have been set otherwise since.
    let days = written.before.as_ref().map(|before| &before.period.name);
    let period = days.and_then(|name| days_of(name, written.before.as_ref()));
    again.before = None;
    if let (Some(period), Some(before)) = (period, &written.before) {
        let asked = Asked {
            period,
            ..asked.clone()
        };
        let head = written.chain.head.clone();
        let counted = make_as_of(reader, &asked, head).await?.written;
        let mut before = before.clone();
        before.figures = counted.figures;
        again.before = Some(before);
    }
    Ok(again)
}

fn days_of(name: &str, before: Option<&crate::report::written::Before>) -> Option<Period> {
    let before = before?;
    period(name, &before.period.first, &before.period.last).ok()
}

/// What a report was made from.
///
/// # Errors
/// When its kind or period cannot be read.
pub fn asked(written: &Written) -> Result<Asked, &'static str> {
    let days = &written.period;
    let days_off = written
        .holidays
        .iter()
        .map(|day| day.parse())
        .collect::<Result<_, _>>();
    Ok(Asked {
        kind: Kind::parse(&written.kind).ok_or("loại báo cáo không rõ")?,
        period: period(&days.name, &days.first, &days.last)?,
        cut_offs: CutOffs::default(),
        holidays: days_off.map_err(|_not_a_day| "ngày nghỉ trong báo cáo không đọc được")?,
        unit: written.unit.clone(),
        // A form about one incident tells of that one.
        incident: match written.incidents.as_slice() {
            [only] => Some(only.code.clone()),
            _ => None,
        },
        tool: written.tool.clone(),
        node: written.node.clone(),
        office: written.office.clone(),
        texts: written.texts.clone(),
    })
}

/// The days as they stand in the report, under the name that they have there.
fn period(name: &str, first: &str, last: &str) -> Result<Period, &'static str> {
    let days = Period::parse(&format!("{first}..{last}"), CutOffs::default())
        .map_err(|_what| "kỳ báo cáo không đọc được")?;
    let named = Period::parse(name, CutOffs::default()).unwrap_or(days);
    Ok(Period {
        span: named.span,
        ..days
    })
}

pub(super) fn value(written: &Written) -> Value {
    serde_json::to_value(written).unwrap_or_default()
}

/// Tells where two values differ, by the names of the keys.
pub(super) fn differences(place: &str, reported: &Value, counted: &Value, lines: &mut Vec<String>) {
    if lines.len() >= DIFFERENCES_MAX || reported == counted {
        return;
    }
    let (Value::Object(these), Value::Object(those)) = (reported, counted) else {
        lines.push(format!(
            "{place}: báo cáo ghi {}, nhật ký có {}",
            short(reported),
            short(counted)
        ));
        return;
    };
    let mut names: Vec<&String> = these.keys().chain(those.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let place = match place {
            "" => name.clone(),
            place => format!("{place}.{name}"),
        };
        let none = &Value::Null;
        let (this, that) = (these.get(name), those.get(name));
        differences(&place, this.unwrap_or(none), that.unwrap_or(none), lines);
    }
}

fn short(value: &Value) -> String {
    const CHARS_MAX: usize = 80;
    let text = match value {
        Value::Null => "không có".to_owned(),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => value.to_string(),
    };
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
