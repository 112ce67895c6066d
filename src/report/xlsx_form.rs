//! The figures for Excel: line by line, as data for pivot tables, and as charts.
//!
//! Everything a cell shows is a number or a text, never a formula; texts that look like one are
//! written as texts all the same.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart, ChartType, DocProperties, ExcelDateTime, Format, Table, TableColumn, Workbook,
    Worksheet, XlsxError,
};

use crate::report::csv_form::safe;
use crate::report::figures::Row;
use crate::report::form::FormError;
use crate::report::lines::{ServiceNames, action_label, lines, service_label, unit_label};
use crate::report::make::Made;

/// The font of offices.
const FONT: &str = "Times New Roman";
/// The sheet from which charts are drawn.
const CHARTS: &str = "Biểu đồ";

/// The file's bytes.
pub(super) fn xlsx(made: &Made, services: &ServiceNames) -> Result<Vec<u8>, FormError> {
    book(made, services).map_err(|error| FormError::Writer("xlsx", error.to_string()))
}

fn book(made: &Made, services: &ServiceNames) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(made)?);
    sums(book.add_worksheet().set_name("Tổng hợp")?, made, services)?;
    data(book.add_worksheet().set_name("Dữ liệu")?, made, services)?;
    charts(book.add_worksheet().set_name(CHARTS)?, made, services)?;
    source(book.add_worksheet().set_name("Nguồn số liệu")?, made)?;
    book.save_to_buffer()
}

/// The time of the last record that was counted, not of this clock: the same bytes for the same log.
fn properties(made: &Made) -> Result<DocProperties, XlsxError> {
    let at = &made.written.chain.head.at;
    let time = ExcelDateTime::parse_from_str(at.get(..19).unwrap_or("2000-01-01T00:00:00"));
    let time = match time {
        Ok(time) => time,
        Err(_before_1900) => ExcelDateTime::from_ymd(2000, 1, 1)?,
    };
    Ok(DocProperties::new()
        .set_title("Số liệu sử dụng công cụ trí tuệ nhân tạo")
        .set_creation_datetime(&time)
        .set_custom_property("lachan-digest", made.written.digest.as_str()))
}

fn head() -> Format {
    Format::new().set_bold().set_font_name(FONT).set_text_wrap()
}

fn text() -> Format {
    Format::new().set_font_name(FONT)
}

fn figure() -> Format {
    Format::new().set_font_name(FONT).set_num_format("#,##0")
}

/// A table whose columns have these heads, over so many rows.
fn framed(sheet: &mut Worksheet, heads: &[&str], rows: usize) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> = heads
        .iter()
        .map(|head| TableColumn::new().set_header(*head))
        .collect();
    let last = column(heads.len().saturating_sub(1));
    // A table needs a row, even where there is nothing to tell.
    sheet.add_table(
        0,
        0,
        line(rows.max(1)),
        last,
        &Table::new().set_columns(&columns),
    )?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn sums(sheet: &mut Worksheet, made: &Made, services: &ServiceNames) -> Result<(), XlsxError> {
    let before = made.written.before.as_ref().map(|before| &before.figures);
    let lines = lines(&made.written.figures, before, services);
    let heads = ["Nhóm", "Chỉ tiêu", "Mã chỉ tiêu", "Kỳ này", "Kỳ trước"];
    framed(sheet, &heads, lines.len())?;
    for (place, one) in lines.iter().enumerate() {
        let row = line(place + 1);
        sheet.write_string_with_format(row, 0, one.group, &text())?;
        sheet.write_string_with_format(row, 1, safe(&one.label), &text())?;
        sheet.write_string_with_format(row, 2, safe(&one.name), &text())?;
        sheet.write_number_with_format(row, 3, count(one.value), &figure())?;
        if let Some(before) = one.before {
            sheet.write_number_with_format(row, 4, count(before), &figure())?;
        }
    }
    widths(sheet, &[24.0, 60.0, 40.0, 12.0, 12.0])
}

/// One line for each combination: what pivot tables are made of.
fn data(sheet: &mut Worksheet, made: &Made, services: &ServiceNames) -> Result<(), XlsxError> {
    let heads = [
        "Tháng",
        "Đơn vị",
        "Công cụ",
        "Biện pháp",
        "Số sự kiện",
        "Số lượt người",
    ];
    framed(sheet, &heads, made.lines.len())?;
    for (place, ([month, unit, service, action], (incidents, people))) in
        made.lines.iter().enumerate()
    {
        let row = line(place + 1);
        let texts = [
            month.clone(),
            unit_label(unit),
            service_label(service, services),
            action_label(action),
        ];
        for (place, cell) in texts.iter().enumerate() {
            sheet.write_string_with_format(row, column(place), safe(cell), &text())?;
        }
        sheet.write_number_with_format(row, 4, count(*incidents), &figure())?;
        sheet.write_number_with_format(row, 5, count(*people), &figure())?;
    }
    widths(sheet, &[11.0, 36.0, 26.0, 26.0, 13.0, 14.0])
}

fn charts(sheet: &mut Worksheet, made: &Made, services: &ServiceNames) -> Result<(), XlsxError> {
    let figures = &made.written.figures;
    let months = rows(sheet, 0, "Tháng", &figures.months, &|name| name.to_owned())?;
    let below = months + 2;
    let named = |name: &str| service_label(name, services);
    let last = rows(sheet, below, "Công cụ", &figures.services, &named)?;
    widths(sheet, &[26.0, 12.0, 12.0, 12.0])?;
    let mut by_month = stacked(ChartType::ColumnStacked, "Số sự kiện theo tháng", 0, months);
    sheet.insert_chart(0, 6, by_month.set_width(720).set_height(320))?;
    let mut by_service = stacked(
        ChartType::BarStacked,
        "Số sự kiện theo công cụ",
        below,
        last,
    );
    sheet.insert_chart(18, 6, by_service.set_width(720).set_height(320))?;
    Ok(())
}

/// Writes rows by what was done below a head; gives the last row.
fn rows(
    sheet: &mut Worksheet,
    at: u32,
    name: &str,
    rows: &BTreeMap<String, Row>,
    label: &dyn Fn(&str) -> String,
) -> Result<u32, XlsxError> {
    for (place, cell) in [name, "Đã chặn", "Đã che", "Ghi nhận"].iter().enumerate() {
        sheet.write_string_with_format(at, column(place), *cell, &head())?;
    }
    let mut last = at;
    for (name, row) in rows {
        last += 1;
        sheet.write_string_with_format(last, 0, safe(&label(name)), &text())?;
        for (place, value) in [row.blocked, row.redacted, row.audited]
            .into_iter()
            .enumerate()
        {
            sheet.write_number_with_format(last, column(place + 1), count(value), &figure())?;
        }
    }
    Ok(last)
}

fn stacked(kind: ChartType, title: &str, head: u32, last: u32) -> Chart {
    let mut chart = Chart::new(kind);
    chart.title().set_name(title);
    chart
        .legend()
        .set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    let first = head + 1;
    // Without a row a chart has an empty one: it is drawn, and says nothing.
    let last = last.max(first);
    for place in 1..=3_u16 {
        chart
            .add_series()
            .set_name((CHARTS, head, place))
            .set_categories((CHARTS, first, 0, last, 0))
            .set_values((CHARTS, first, place, last, place));
    }
    chart
}

fn source(sheet: &mut Worksheet, made: &Made) -> Result<(), XlsxError> {
    let written = &made.written;
    let place = |place: &Option<crate::report::written::Place>| match place {
        Some(place) => format!("{} · {}", place.seq, place.hash),
        None => "không có".to_owned(),
    };
    let head_place = format!("{} · {}", written.chain.head.seq, written.chain.head.hash);
    let lines = [
        ("Loại báo cáo", written.kind.clone()),
        (
            "Kỳ báo cáo",
            format!("{} đến {}", written.period.first, written.period.last),
        ),
        (
            "Đơn vị",
            written
                .unit
                .clone()
                .unwrap_or_else(|| "toàn cơ quan".to_owned()),
        ),
        ("Cơ quan", written.office.clone().unwrap_or_default()),
        ("Máy chủ ghi nhật ký", written.node.clone()),
        (
            "Sự kiện đầu tiên trong kỳ (số, mã băm)",
            place(&written.chain.first),
        ),
        (
            "Sự kiện cuối cùng trong kỳ (số, mã băm)",
            place(&written.chain.last),
        ),
        ("Tính đến bản ghi (số, mã băm)", head_place),
        ("Mã kiểm tra của báo cáo", written.digest.clone()),
    ];
    for (place, (label, value)) in lines.iter().enumerate() {
        sheet.write_string_with_format(line(place), 0, *label, &head())?;
        sheet.write_string_with_format(line(place), 1, safe(value), &text())?;
    }
    widths(sheet, &[42.0, 90.0])
}

fn widths(sheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (place, width) in widths.iter().enumerate() {
        sheet.set_column_width(column(place), *width)?;
    }
    Ok(())
}

fn line(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Excel's numbers are exact up to 2^53; a count is far below.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
const fn count(value: u64) -> f64 {
    value as f64
}
