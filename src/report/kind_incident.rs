//! The report of an incident: seed 001 §II.5, to the people's committee, which sums up and reports.
//!
//! Fields of a cyber incident after Nghị định 331/2026/NĐ-CP Đ31; the official form is still to be
//! set by the Minister of Public Security (Đ28.6), so none is named.

use crate::report::compose::{AI_DECREE, CYBER_DECREE, CYBER_LAW, DATA_LAW, Sheet};
use crate::report::document::{Block, Document, heading, item, paragraph};
use crate::report::incident_words as words;

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    document.under_title = Some(format!("(Mã sự kiện: {})", words::codes(sheet)));
    let mut body = sheet.bases(&[DATA_LAW, CYBER_LAW, AI_DECREE, CYBER_DECREE]);
    body.push(sheet.named(
        "stage",
        "Loại báo cáo",
        "sơ bộ 24 giờ / 72 giờ / cập nhật / kết thúc",
    ));
    body.extend(what(sheet));
    body.extend(why(sheet));
    document.body = body;
}

fn what(sheet: Sheet<'_>) -> Vec<Block> {
    let settings = sheet.settings();
    let mut body = vec![
        heading(1, "I. THÔNG TIN CHUNG"),
        item(format!("Cơ quan, đơn vị: {}; đầu mối liên hệ: {}", sheet.office(), or_dots(settings.data_officer.as_deref()))),
        item(format!("Hệ thống, công cụ liên quan: {}", words::services(sheet))),
        sheet.named("system_level", "Chủ quản, cấp độ của hệ thống thông tin", "nếu có"),
        item(format!("Thời điểm xảy ra: {}", words::times(sheet))),
        item(format!("Thời điểm phát hiện: {}; xác nhận: {}", words::detected(sheet), words::confirmed(sheet))),
        item(format!("Đơn vị xảy ra: {}", words::units(sheet))),
        heading(1, "II. MÔ TẢ"),
        sheet.named("sort", "Loại", "sự cố / nguy cơ mất an toàn thông tin / lộ lọt dữ liệu / sai lệch nghiêm trọng / tác động bất lợi"),
    ];
    body.extend(words::each(sheet));
    body.extend([
        item(format!("Loại dữ liệu: {}", words::kinds(sheet))),
        item(format!("Số chủ thể dữ liệu: {}", words::people(sheet))),
        sheet.named(
            "description",
            "Diễn biến, cách phát hiện",
            "không ghi lại nội dung, giá trị định danh",
        ),
        sheet.named(
            "seriousness",
            "Mức độ ảnh hưởng",
            "dấu hiệu xâm phạm an ninh quốc gia, trật tự xã hội, nếu có",
        ),
    ]);
    body
}

fn why(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "III. NGUYÊN NHÂN, PHẠM VI, HẬU QUẢ"),
        sheet.named("cause", "Nguyên nhân", ""),
        sheet.named("scope", "Phạm vi, đối tượng bị ảnh hưởng, hậu quả", ""),
        sheet.named("evidence", "Chứng cứ đã giữ", "nhật ký, mã băm"),
        heading(1, "IV. BIỆN PHÁP ĐÃ THỰC HIỆN VÀ ĐỀ XUẤT"),
        sheet.named(
            "measures",
            "Biện pháp ngăn chặn, khắc phục",
            "đơn vị hỗ trợ",
        ),
        sheet.named(
            "proposals",
            "Kiến nghị, đề xuất",
            "với cơ quan chuyên môn cấp trên",
        ),
        paragraph("Trên đây là báo cáo sự cố, đề nghị cơ quan có thẩm quyền xem xét, chỉ đạo./."),
    ]
}

fn or_dots(text: Option<&str>) -> &str {
    crate::report::ReportSettings::or_dots(text)
}
