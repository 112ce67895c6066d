//! What is written about AI tools: the preliminary assessment, the impact assessment, the register.
//!
//! The assessment has the eight points of the plans under exactly the labels of the register.

use crate::model::thousands::grouped;
use crate::report::compose::{AI_DECREE, AI_LAW, DATA_LAW, Sheet};
use crate::report::document::{Align, Block, Document, Table, heading, item, paragraph};
use crate::report::lines::service_label;
use crate::report::tables::{NO_FIGURES, table};
use crate::report::told;
use crate::report::tool_facts::ToolFacts;
use crate::store::tool::ToolField;

/// The eight points: field, label, what belongs there.
const POINTS: [(&str, ToolField, &str); 8] = [
    (
        "purpose",
        ToolField::Purpose,
        "Công việc cần hỗ trợ; phạm vi, đơn vị sử dụng",
    ),
    (
        "data",
        ToolField::DataKinds,
        "Dữ liệu công khai, nội bộ, dữ liệu cá nhân; dữ liệu không được đưa vào",
    ),
    (
        "subjects",
        ToolField::Affected,
        "Người dân, doanh nghiệp, cán bộ; cách chịu tác động",
    ),
    (
        "risk",
        ToolField::Risk,
        "Mức độ và căn cứ phân loại theo Luật số 134/2025/QH15",
    ),
    (
        "deviation",
        ToolField::BiasControl,
        "Cách kiểm chứng kết quả, người kiểm tra, xử lý khi sai",
    ),
    (
        "personal_data",
        ToolField::PersonalData,
        "Biện pháp bảo vệ; nơi lưu trữ, chuyển dữ liệu ra nước ngoài",
    ),
    (
        "security",
        ToolField::Security,
        "Tài khoản, phân quyền, nhật ký, kiểm soát nội dung gửi đi",
    ),
    (
        "responsibility",
        ToolField::Responsible,
        "Họ tên, chức vụ, trách nhiệm của từng người",
    ),
];

/// Fills in the preliminary assessment: of the tool that was named, or of each of the register.
pub(super) fn assessment(sheet: Sheet<'_>, document: &mut Document) {
    let mut body = sheet.bases(&[AI_LAW, AI_DECREE]);
    match sheet.written.tools.as_slice() {
        [] => {
            body.push(sheet.named("tool", "Tên công cụ, nhà cung cấp, đơn vị đề xuất", ""));
            body.extend(points(sheet, None));
        }
        tools => {
            for tool in tools {
                let vendor = tool.fields(&[ToolField::Vendor]);
                let vendor = match vendor.as_str() {
                    "" => String::new(),
                    vendor => format!(" ({vendor})"),
                };
                body.push(heading(1, format!("Công cụ: {}{vendor}", tool.name())));
                let reach = tool.field(ToolField::Reach);
                if !reach.is_empty() {
                    body.push(item(format!("{}: {reach}", ToolField::Reach.label())));
                }
                body.extend(points(sheet, Some(tool)));
            }
        }
    }
    document.body = body;
}

/// The eight points of one tool, and what is decided.
fn points(sheet: Sheet<'_>, tool: Option<&ToolFacts>) -> Vec<Block> {
    // With one tool the fields have their plain names, with several each its tool before it.
    let is_one = sheet.written.tools.len() <= 1;
    let named = |field: &str| match tool {
        Some(tool) if !is_one => format!("{}.{field}", tool.id),
        Some(_) | None => field.to_owned(),
    };
    let mut body = Vec::new();
    for (place, (field, entered, about)) in POINTS.into_iter().enumerate() {
        body.push(heading(2, format!("{}. {}", place + 1, entered.label())));
        if entered == ToolField::PersonalData {
            body.push(item(
                "Nội dung gửi đi từ mạng của cơ quan được phần mềm Lá Chắn kiểm tra; dữ liệu cá nhân \
                 được che hoặc chặn theo quy trình kiểm soát",
            ));
        }
        if entered == ToolField::DataKinds {
            body.extend(seen(sheet, tool));
        }
        let text = tool.map(|tool| tool.field(entered)).unwrap_or_default();
        if text.is_empty() {
            body.push(sheet.judgement(&named(field), about));
        } else {
            body.push(paragraph(text));
        }
    }
    body.push(heading(2, "Kết luận của người có thẩm quyền"));
    if let Some(approver) = tool.and_then(|tool| tool.approver.as_ref()) {
        let until = tool.and_then(|tool| tool.until.as_deref()).map(told_day);
        let until = until.map_or_else(String::new, |day| format!(" đến hết ngày {day}"));
        body.push(item(format!("Đã cho phép sử dụng{until}: {approver}")));
    }
    body.push(sheet.judgement(
        &named("conclusion"),
        "Đồng ý / không đồng ý đưa vào Danh mục; điều kiện",
    ));
    body
}

/// A day as documents write it.
fn told_day(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), told::day)
}

/// What the log knows of how tools were used.
fn seen(sheet: Sheet<'_>, tool: Option<&ToolFacts>) -> Vec<Block> {
    let services = sheet.written.figures.services.iter();
    services
        .filter(|(name, _)| tool.is_none_or(|tool| tool.id == **name))
        .take(10)
        .map(|(name, row)| {
            item(format!(
                "{}: trong kỳ {} có {} sự kiện, đã chặn {}, đã che {}",
                service_label(name, &sheet.around.services),
                sheet.period(),
                grouped(row.incidents),
                grouped(row.blocked),
                grouped(row.redacted)
            ))
        })
        .collect()
}

/// The points of the impact assessment: field, heading, what the register knows of it, what belongs
/// there.
const IMPACT: [(&str, &str, &[ToolField], &str); 10] = [
    (
        "system",
        "1. Hệ thống trí tuệ nhân tạo",
        &[ToolField::Vendor, ToolField::Reach],
        "Tên, phiên bản, nhà cung cấp, mã định danh (AI-ID)",
    ),
    (
        "purpose",
        "2. Mục đích, phạm vi sử dụng",
        &[ToolField::Purpose],
        "Công việc, đơn vị, thời gian; có là căn cứ trực tiếp ban hành quyết định hành chính hay không",
    ),
    (
        "risk",
        "3. Mức độ rủi ro",
        &[ToolField::Risk],
        "Mức độ và căn cứ phân loại",
    ),
    (
        "data",
        "4. Dữ liệu sử dụng",
        &[ToolField::DataKinds, ToolField::DataAllowed],
        "Nguồn, loại dữ liệu, chất lượng, căn cứ xử lý",
    ),
    (
        "impact",
        "5. Đối tượng và tác động",
        &[ToolField::Affected],
        "Tác động đến quyền, lợi ích của người dân, tổ chức; nhóm yếu thế",
    ),
    (
        "mitigation",
        "6. Biện pháp giảm thiểu",
        &[ToolField::BiasControl, ToolField::PersonalData],
        "Biện pháp kỹ thuật, tổ chức; rủi ro còn lại",
    ),
    (
        "oversight",
        "7. Giám sát và can thiệp của con người",
        &[ToolField::Responsible],
        "Người giám sát, cách dừng hệ thống, quyền quyết định cuối cùng",
    ),
    (
        "security",
        "8. An toàn dữ liệu và an ninh mạng",
        &[ToolField::Security],
        "Biện pháp bảo đảm; cách xử lý sự cố",
    ),
    (
        "consultation",
        "9. Lấy ý kiến, công khai",
        &[
            ToolField::ImpactNumber,
            ToolField::ImpactDate,
            ToolField::ImpactPlace,
        ],
        "Đối tượng được lấy ý kiến; nơi, thời điểm công khai",
    ),
    (
        "conclusion",
        "10. Kết luận, kiến nghị",
        &[],
        "Đủ / chưa đủ điều kiện đưa vào sử dụng",
    ),
];

/// Fills in the impact assessment (seed 000 §1).
pub(super) fn impact(sheet: Sheet<'_>, document: &mut Document) {
    let mut body = sheet.bases(&[AI_LAW, DATA_LAW, AI_DECREE]);
    body.push(paragraph(
        "Lập, phê duyệt và công khai trước khi đưa vào sử dụng hệ thống trí tuệ nhân tạo có rủi ro cao \
         hoặc hệ thống được dùng làm căn cứ trực tiếp để ban hành quyết định hành chính. Phần mềm Lá \
         Chắn chỉ kiểm soát nội dung gửi đi, không ra quyết định về người dân.",
    ));
    for (field, label, entered, about) in IMPACT {
        body.push(heading(2, label));
        for tool in &sheet.written.tools {
            let text = tool.fields(entered);
            if !text.is_empty() {
                body.push(item(format!("{}: {text}", tool.name())));
            }
        }
        body.push(sheet.judgement(field, about));
    }
    document.body = body;
}

/// Fills in the register of tools.
pub(super) fn register(sheet: Sheet<'_>, document: &mut Document) {
    let named = named_in_settings(sheet);
    let allowed: Vec<&ToolFacts> = allowed(sheet).collect();
    let mut body = sheet.bases(&[AI_LAW, AI_DECREE]);
    let mut rows: Vec<Vec<String>> = allowed.iter().map(|tool| row(tool)).collect();
    if rows.is_empty() {
        rows = named
            .iter()
            .map(|name| {
                let mut row = vec![name.clone()];
                row.extend(std::iter::repeat_n(String::new(), 5));
                row
            })
            .collect();
    }
    for (place, row) in rows.iter_mut().enumerate() {
        row.insert(0, (place + 1).to_string());
    }
    let columns = [
        ("TT", 6, Align::Center),
        ("Công cụ, nhà cung cấp, cách truy cập", 19, Align::Left),
        ("Mục đích sử dụng", 18, Align::Left),
        ("Dữ liệu được phép đưa vào", 17, Align::Left),
        ("Mức độ rủi ro", 11, Align::Left),
        ("Người cho phép, thời hạn", 15, Align::Left),
        ("Báo cáo đánh giá tác động", 14, Align::Left),
    ];
    let caption = "Công cụ được phép sử dụng";
    let is_empty = rows.is_empty();
    body.push(Block::Table(table(caption, &columns, rows)));
    if is_empty {
        body.push(paragraph(
            "Danh mục chưa có công cụ được phép sử dụng. Công cụ được ghi và cho phép ở trang quản trị, \
             mục Công cụ AI.",
        ));
    }
    let waiting = sheet.written.tools.iter();
    let waiting: Vec<&str> = waiting
        .filter(|tool| tool.approver.is_none())
        .map(ToolFacts::name)
        .collect();
    if !waiting.is_empty() {
        let names = waiting.join("; ");
        body.push(item(format!("Đã ghi, chưa được phép sử dụng: {names}")));
    }
    body.push(Block::Table(used(sheet, &named)));
    body.push(sheet.named(
        "changes",
        "Thay đổi Danh mục trong kỳ",
        "công cụ bổ sung, đưa ra; lý do",
    ));
    document.body = body;
}

/// The tools of the register that somebody allowed.
pub(super) fn allowed<'a>(sheet: Sheet<'a>) -> impl Iterator<Item = &'a ToolFacts> {
    let tools = sheet.written.tools.iter();
    tools.filter(|tool| tool.approver.is_some())
}

/// The names of the tools that may be used: those of the register, else as the settings name them.
pub(super) fn allowed_names(sheet: Sheet<'_>) -> Option<String> {
    let names: Vec<&str> = allowed(sheet).map(ToolFacts::name).collect();
    if names.is_empty() {
        return sheet.settings().approved_tools.clone();
    }
    Some(names.join(", "))
}

fn row(tool: &ToolFacts) -> Vec<String> {
    let of = |fields: &[ToolField]| tool.fields(fields);
    let about = [ToolField::Vendor, ToolField::Reach];
    let about: Vec<&str> = about.iter().map(|field| tool.field(*field)).collect();
    let name = std::iter::once(tool.name()).chain(about);
    let name: Vec<&str> = name.filter(|text| !text.is_empty()).collect();
    let until = tool.until.as_deref().map(told_day);
    let until = until.map_or_else(String::new, |day| format!("; đến {day}"));
    let impact_date = told_day(tool.field(ToolField::ImpactDate));
    let impact = [
        tool.field(ToolField::ImpactNumber),
        &impact_date,
        tool.field(ToolField::ImpactPlace),
    ];
    let impact: Vec<&str> = impact.into_iter().filter(|text| !text.is_empty()).collect();
    vec![
        name.join("; "),
        of(&[ToolField::Purpose]),
        of(&[ToolField::DataAllowed]),
        of(&[ToolField::Risk]),
        format!("{}{until}", tool.approver.as_deref().unwrap_or_default()),
        impact.join("; "),
    ]
}

/// The tools as the settings name them, one by one.
fn named_in_settings(sheet: Sheet<'_>) -> Vec<String> {
    let named = sheet
        .settings()
        .approved_tools
        .as_deref()
        .unwrap_or_default();
    let names = named.split([',', ';', '\n']).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How much each tool was used, and whether it may be.
fn used(sheet: Sheet<'_>, named: &[String]) -> Table {
    let figures = &sheet.written.figures;
    let requests = figures.requests.as_ref();
    let mut names: Vec<&String> = figures.services.keys().collect();
    let asked = requests.map(|requests| requests.services.iter());
    let asked = asked.into_iter().flatten();
    names.extend(
        asked
            .filter(|(_, counts)| counts.requests > 0)
            .map(|(name, _)| name),
    );
    names.sort_unstable();
    names.dedup();
    let has_register = allowed(sheet).next().is_some();
    let rows = names.into_iter().map(|name| {
        let label = service_label(name, &sheet.around.services);
        let folded = label.to_lowercase();
        let is_allowed = if has_register {
            allowed(sheet).any(|tool| tool.id == *name)
        } else {
            named.iter().any(|tool| tool.to_lowercase() == folded)
        };
        let standing = if is_allowed {
            "có trong Danh mục"
        } else {
            "chưa có trong Danh mục"
        };
        let asked = requests.map(|requests| {
            let counts = requests.services.get(name).copied().unwrap_or_default();
            grouped(counts.requests)
        });
        let incidents = figures.services.get(name).map_or(0, |row| row.incidents);
        vec![
            label,
            asked.unwrap_or_else(|| NO_FIGURES.to_owned()),
            grouped(incidents),
            standing.to_owned(),
        ]
    });
    let columns = [
        ("Công cụ", 36, Align::Left),
        ("Số lượt", 18, Align::Right),
        ("Số sự kiện", 16, Align::Right),
        ("Đối chiếu", 30, Align::Left),
    ];
    let caption = format!("Công cụ đã được sử dụng trong kỳ {}", sheet.period());
    table(&caption, &columns, rows.collect())
}
