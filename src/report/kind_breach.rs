//! The notice of a breach: Mẫu số 08 of Nghị định 356/2025/NĐ-CP (Đ28.1), within 72 hours.
//!
//! Nghị định 331/2026/NĐ-CP has a Mẫu số 08 too, so the decree is always named.

use crate::report::ReportSettings;
use crate::report::compose::{DATA_DECREE, DATA_LAW, Sheet};
use crate::report::document::{Block, Document, heading, item, paragraph};
use crate::report::incident_words as words;

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    document.under_title =
        Some("(Mẫu số 08 ban hành kèm theo Nghị định số 356/2025/NĐ-CP)".to_owned());
    document.to = sheet.settings().recipients(sheet.kind);
    let mut body = sheet.bases(&[DATA_LAW, DATA_DECREE]);
    body.push(paragraph(format!(
        "{} thông báo về việc vi phạm quy định về bảo vệ dữ liệu cá nhân như sau:",
        sheet.office()
    )));
    body.extend(organ(sheet));
    body.extend(breach(sheet));
    body.extend([
        heading(1, "3. Tài liệu kèm theo"),
        sheet.judgement("documents", "Biên bản xác nhận vi phạm số …, ngày …; tài liệu khác"),
        heading(1, "4. Cam kết"),
        paragraph(format!(
            "{} cam kết chịu trách nhiệm trước pháp luật về tính chính xác của nội dung thông báo và \
             tài liệu kèm theo; tiếp tục bổ sung khi có thông tin mới./.",
            sheet.office()
        )),
    ]);
    document.body = body;
}

fn organ(sheet: Sheet<'_>) -> Vec<Block> {
    let settings = sheet.settings();
    let or_dots = |text: &Option<String>| ReportSettings::or_dots(text.as_deref()).to_owned();
    vec![
        heading(1, "1. Thông tin về cơ quan, tổ chức"),
        item(format!("Tên cơ quan: {}", sheet.office())),
        item(format!("Địa chỉ trụ sở: {}", or_dots(&settings.address))),
        sheet.named(
            "founded",
            "Quyết định thành lập; mã số thuế; điện thoại",
            "",
        ),
        item(format!(
            "Nhân sự bảo vệ dữ liệu cá nhân (họ và tên, chức danh, số điện thoại, thư điện tử): {}",
            or_dots(&settings.data_officer)
        )),
    ]
}

fn breach(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "2. Mô tả vi phạm"),
        item(format!("Thời gian xảy ra: {}", words::times(sheet))),
        item(format!("Thời gian phát hiện: {}", words::detected(sheet))),
        item(format!(
            "Địa điểm: {}; công cụ nhận dữ liệu: {}",
            words::units(sheet),
            words::services(sheet)
        )),
        sheet.named("act", "Hành vi", ""),
        sheet.named("involved", "Tổ chức, cá nhân có liên quan", ""),
        item(format!("Loại dữ liệu cá nhân: {}", words::kinds(sheet))),
        item(format!(
            "Số lượng chủ thể dữ liệu: {}",
            words::people(sheet)
        )),
        sheet.named(
            "consequences",
            "Hậu quả, thiệt hại đã hoặc có thể xảy ra",
            "",
        ),
        sheet.named(
            "measures",
            "Biện pháp đã, đang và sẽ thực hiện để khắc phục, giảm thiểu",
            "",
        ),
        item(format!("Mã sự kiện trong nhật ký: {}", words::codes(sheet))),
        sheet.named(
            "late_reason",
            "Lý do thông báo chậm",
            "nếu thông báo sau 72 giờ kể từ khi phát hiện",
        ),
    ]
}
