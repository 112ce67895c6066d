//! What is written about AI tools: the preliminary assessment, the impact assessment, the register.
//!
//! The assessment has the eight points of seed 001 §II.5 under exactly these labels.

use crate::model::thousands::grouped;
use crate::report::compose::{AI_DECREE, AI_LAW, DATA_LAW, Sheet};
use crate::report::document::{Align, Block, Document, heading, item, paragraph};
use crate::report::lines::service_label;
use crate::report::tables::table;

/// The eight points: field, label, what belongs there.
const POINTS: [(&str, &str, &str); 8] = [
    (
        "purpose",
        "Mục đích sử dụng",
        "Công việc cần hỗ trợ; phạm vi, đơn vị sử dụng",
    ),
    (
        "data",
        "Loại dữ liệu xử lý",
        "Dữ liệu công khai, nội bộ, dữ liệu cá nhân; dữ liệu không được đưa vào",
    ),
    (
        "subjects",
        "Đối tượng chịu tác động",
        "Người dân, doanh nghiệp, cán bộ; cách chịu tác động",
    ),
    (
        "risk",
        "Mức độ rủi ro",
        "Mức độ và căn cứ phân loại theo Luật số 134/2025/QH15",
    ),
    (
        "deviation",
        "Phương án kiểm soát sai lệch",
        "Cách kiểm chứng kết quả, người kiểm tra, xử lý khi sai",
    ),
    (
        "personal_data",
        "Bảo vệ dữ liệu cá nhân",
        "Biện pháp bảo vệ; nơi lưu trữ, chuyển dữ liệu ra nước ngoài",
    ),
    (
        "security",
        "Bảo đảm an toàn thông tin",
        "Tài khoản, phân quyền, nhật ký, kiểm soát nội dung gửi đi",
    ),
    (
        "responsibility",
        "Trách nhiệm của người phê duyệt, người vận hành",
        "Họ tên, chức vụ, trách nhiệm của từng người",
    ),
];

/// Fills in the preliminary assessment.
pub(super) fn assessment(sheet: Sheet<'_>, document: &mut Document) {
    let mut body = sheet.bases(&[AI_LAW, AI_DECREE]);
    body.push(sheet.judgement("tool", "Tên công cụ, nhà cung cấp, đơn vị đề xuất"));
    for (place, (field, label, about)) in POINTS.into_iter().enumerate() {
        body.push(heading(2, format!("{}. {label}", place + 1)));
        match field {
            "personal_data" => body.push(item(
                "Nội dung gửi đi từ mạng của cơ quan được phần mềm Lá Chắn kiểm tra; dữ liệu cá nhân \
                 được che hoặc chặn theo quy trình kiểm soát",
            )),
            "data" => body.extend(seen(sheet)),
            _ => {}
        }
        body.push(sheet.judgement(field, about));
    }
    body.push(heading(2, "Kết luận của người có thẩm quyền"));
    body.push(sheet.judgement(
        "conclusion",
        "Đồng ý / không đồng ý đưa vào Danh mục; điều kiện",
    ));
    document.body = body;
}

/// What the log knows of how tools were used.
fn seen(sheet: Sheet<'_>) -> Vec<Block> {
    let services = sheet.written.figures.services.iter();
    services
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

/// Fills in the impact assessment (seed 000 §1).
pub(super) fn impact(sheet: Sheet<'_>, document: &mut Document) {
    let mut body = sheet.bases(&[AI_LAW, DATA_LAW, AI_DECREE]);
    body.push(paragraph(
        "Lập, phê duyệt và công khai trước khi đưa vào sử dụng hệ thống trí tuệ nhân tạo có rủi ro cao \
         hoặc hệ thống được dùng làm căn cứ trực tiếp để ban hành quyết định hành chính. Phần mềm Lá \
         Chắn chỉ kiểm soát nội dung gửi đi, không ra quyết định về người dân.",
    ));
    for (field, label, about) in [
        (
            "system",
            "1. Hệ thống trí tuệ nhân tạo",
            "Tên, phiên bản, nhà cung cấp, mã định danh (AI-ID)",
        ),
        (
            "purpose",
            "2. Mục đích, phạm vi sử dụng",
            "Công việc, đơn vị, thời gian; có là căn cứ trực tiếp ban hành quyết định hành chính hay không",
        ),
        ("risk", "3. Mức độ rủi ro", "Mức độ và căn cứ phân loại"),
        (
            "data",
            "4. Dữ liệu sử dụng",
            "Nguồn, loại dữ liệu, chất lượng, căn cứ xử lý",
        ),
        (
            "impact",
            "5. Đối tượng và tác động",
            "Tác động đến quyền, lợi ích của người dân, tổ chức; nhóm yếu thế",
        ),
        (
            "mitigation",
            "6. Biện pháp giảm thiểu",
            "Biện pháp kỹ thuật, tổ chức; rủi ro còn lại",
        ),
        (
            "oversight",
            "7. Giám sát và can thiệp của con người",
            "Người giám sát, cách dừng hệ thống, quyền quyết định cuối cùng",
        ),
        (
            "security",
            "8. An toàn dữ liệu và an ninh mạng",
            "Biện pháp bảo đảm; cách xử lý sự cố",
        ),
        (
            "consultation",
            "9. Lấy ý kiến, công khai",
            "Đối tượng được lấy ý kiến; nơi, thời điểm công khai",
        ),
        (
            "conclusion",
            "10. Kết luận, kiến nghị",
            "Đủ / chưa đủ điều kiện đưa vào sử dụng",
        ),
    ] {
        body.push(heading(2, label));
        body.push(sheet.judgement(field, about));
    }
    document.body = body;
}

/// Fills in the register of tools.
pub(super) fn register(sheet: Sheet<'_>, document: &mut Document) {
    let approved = approved(sheet);
    let mut body = sheet.bases(&[AI_LAW, AI_DECREE]);
    let rows = approved.iter().enumerate().map(|(place, tool)| {
        let mut row = vec![(place + 1).to_string(), tool.clone()];
        row.extend(std::iter::repeat_n(String::new(), 4));
        row
    });
    let columns = [
        ("TT", 7, Align::Center),
        ("Công cụ", 22, Align::Left),
        ("Mục đích, đơn vị sử dụng", 24, Align::Left),
        ("Loại dữ liệu được phép", 19, Align::Left),
        ("Mức độ rủi ro", 12, Align::Left),
        ("Bản đánh giá sơ bộ (số, ngày)", 16, Align::Left),
    ];
    body.push(Block::Table(table(
        "Công cụ được phép sử dụng",
        &columns,
        rows.collect(),
    )));
    if approved.is_empty() {
        body.push(paragraph(
            "Cơ quan chưa khai công cụ được phép sử dụng trong cấu hình.",
        ));
    }
    body.push(Block::Table(used(sheet, &approved)));
    body.push(sheet.judgement(
        "changes",
        "Công cụ bổ sung, đưa ra khỏi Danh mục trong kỳ; lý do",
    ));
    document.body = body;
}

/// The tools as the office names them, one by one.
fn approved(sheet: Sheet<'_>) -> Vec<String> {
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

fn used(sheet: Sheet<'_>, approved: &[String]) -> crate::report::document::Table {
    let rows = sheet.written.figures.services.iter().map(|(name, row)| {
        let label = service_label(name, &sheet.around.services);
        let folded = label.to_lowercase();
        let is_approved = approved.iter().any(|tool| tool.to_lowercase() == folded);
        let standing = if is_approved {
            "có trong Danh mục"
        } else {
            "chưa có trong Danh mục"
        };
        vec![label, grouped(row.incidents), standing.to_owned()]
    });
    let columns = [
        ("Công cụ", 44, Align::Left),
        ("Số sự kiện", 20, Align::Right),
        ("Đối chiếu", 36, Align::Left),
    ];
    let caption = format!("Công cụ có sự kiện trong kỳ {}", sheet.period());
    table(&caption, &columns, rows.collect())
}
