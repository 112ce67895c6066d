//! Two notices: about a mark of state secrecy, and about a serious incident of an AI system.
//!
//! The first has the circumstances alone; what the document is about is filled in on paper, never on
//! this machine (Luật 117/2025/QH15 Đ5). The second is Mẫu AI01a of Nghị định 142/2026/NĐ-CP.

use crate::report::compose::{AI_DECREE, AI_LAW, DOTS, SECRECY_DECREE, SECRECY_LAW, Sheet};
use crate::report::document::{Block, Document, heading, item, paragraph};
use crate::report::incident_words as words;
use crate::report::stage::Stage;

/// Fills in the notice about a mark of secrecy.
pub(super) fn secrecy(sheet: Sheet<'_>, document: &mut Document) {
    document.to = sheet.settings().recipients(sheet.kind);
    let mut body = sheet.bases(&[SECRECY_LAW, SECRECY_DECREE]);
    body.push(paragraph(format!(
        "{} thông báo sự kiện nội dung có dấu chỉ độ mật được nhập vào công cụ trí tuệ nhân tạo trên \
         máy tính kết nối Internet; nội dung đã bị chặn:",
        sheet.office()
    )));
    body.push(heading(1, "1. Hoàn cảnh"));
    let told = words::each_secret(sheet);
    if told.is_empty() {
        body.push(item(format!(
            "Mã sự kiện: {DOTS}; thời điểm: {DOTS}; máy trạm, đơn vị: {DOTS}; công cụ: {DOTS}"
        )));
    }
    body.extend(told);
    body.push(heading(
        1,
        "2. Tài liệu (ghi bằng tay trên bản giấy, không nhập vào máy tính)",
    ));
    for label in [
        "Cơ quan, tổ chức ban hành",
        "Số, ký hiệu, ngày, tháng, năm",
        "Độ mật được xác định trên bản gốc",
        "Người được giao quản lý tài liệu",
        "Nguồn gốc của nội dung trên máy tính",
    ] {
        body.push(item(format!("{label}: {DOTS}{DOTS}")));
    }
    body.push(heading(1, "3. Biện pháp đã thực hiện"));
    body.push(item(
        "Nội dung không được gửi đến công cụ; phần mềm không lưu nội dung, trích đoạn, tên tệp, số \
         văn bản; nội dung này tiếp tục bị chặn trong 24 giờ kể cả khi đã xóa dấu chỉ độ mật",
    ));
    body.push(sheet.named(
        "measures",
        "Việc giữ nguyên, cách ly máy tính; người đã được báo, thời điểm",
        "không ghi nội dung tài liệu",
    ));
    body.push(sheet.named(
        "sent_before",
        "Phần nội dung có thể đã gửi trước khi phát hiện",
        "nếu có",
    ));
    body.push(paragraph(
        "Đề nghị cơ quan, người có thẩm quyền xem xét, chỉ đạo xử lý theo quy định./.",
    ));
    document.body = body;
}

/// Fills in the preliminary report of a serious AI incident.
pub(super) fn ai_incident(sheet: Sheet<'_>, document: &mut Document) {
    document.under_title =
        Some("(Mẫu AI01a ban hành kèm theo Nghị định số 142/2026/NĐ-CP)".to_owned());
    document.to = sheet.settings().recipients(sheet.kind);
    if Stage::of(sheet.written) == Some(Stage::Final) {
        document.about =
            "Sự cố nghiêm trọng của hệ thống trí tuệ nhân tạo (báo cáo chính thức)".to_owned();
        document.under_title = Some("(Điều 19 Nghị định số 142/2026/NĐ-CP)".to_owned());
    }
    let mut body = sheet.bases(&[AI_LAW, AI_DECREE]);
    body.push(sheet.named("stage", "Loại báo cáo", "sơ bộ / chính thức"));
    body.push(paragraph(
        "Mẫu này dùng khi hệ thống trí tuệ nhân tạo gây ra sự cố nghiêm trọng. Việc người sử dụng đưa \
         dữ liệu vào công cụ thông thường không thuộc mẫu này; khi cùng sự kiện thuộc pháp luật về \
         bảo vệ dữ liệu cá nhân hoặc an ninh mạng thì thực hiện theo pháp luật đó (khoản 5 Điều 19).",
    ));
    body.extend(ai_system(sheet));
    body.extend(ai_event(sheet));
    document.body = body;
}

fn ai_system(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "I. THÔNG TIN VỀ CƠ QUAN, TỔ CHỨC BÁO CÁO"),
        item(format!("Tên cơ quan (bên triển khai): {}", sheet.office())),
        sheet.named(
            "contact",
            "Người liên hệ, chức danh, số điện thoại, thư điện tử",
            "",
        ),
        heading(1, "II. THÔNG TIN VỀ HỆ THỐNG TRÍ TUỆ NHÂN TẠO"),
        paragraph(format!("1. Tên hệ thống: {}", words::services(sheet))),
        sheet.named("ai_id", "2. Mã định danh (AI-ID), mức độ rủi ro", ""),
        sheet.named(
            "provider",
            "3. Nhà cung cấp; bên triển khai; thời điểm đã báo nhà cung cấp",
            "",
        ),
    ]
}

fn ai_event(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "III. THÔNG TIN VỀ SỰ CỐ"),
        paragraph(format!(
            "1. Thời điểm phát hiện: {}",
            words::detected(sheet)
        )),
        paragraph(format!(
            "2. Thời điểm xác nhận: {}",
            words::confirmed(sheet)
        )),
        paragraph(format!(
            "3. Mã sự kiện trong nhật ký: {}",
            words::codes(sheet)
        )),
        sheet.named("description", "4. Mô tả sự cố", ""),
        sheet.named(
            "consequences",
            "5. Loại hậu quả",
            "tính mạng, sức khỏe / tài sản / quyền con người / dịch vụ công, an ninh",
        ),
        sheet.named(
            "state",
            "6. Tình trạng vận hành",
            "đang hoạt động / tạm dừng / đã thu hồi",
        ),
        sheet.named("cause", "7. Nguyên nhân ban đầu", ""),
        sheet.named("measures", "8. Biện pháp đã thực hiện", ""),
        sheet.named("damage", "9. Thiệt hại ước tính", ""),
        sheet.named("proposals", "10. Kiến nghị, đề xuất", ""),
        paragraph(
            "Báo cáo sơ bộ gửi trong 72 giờ đối với trường hợp khẩn cấp, 05 ngày làm việc đối với \
             trường hợp khác, kể từ thời điểm xác nhận; báo cáo chính thức gửi trong 15 ngày tiếp theo \
             (Điều 19 Nghị định số 142/2026/NĐ-CP)./.",
        ),
    ]
}
