//! The minutes that confirm a breach of the rules on personal data (Luật 91/2025/QH15 Đ23.2).
//!
//! They are made of every breach, also of one of which no notice is due.

use crate::report::compose::{DATA_DECREE, DATA_LAW, DOTS, Sheet};
use crate::report::document::{Block, Document, Signature, heading, item, paragraph};
use crate::report::incident_words as words;

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    document.under_title = Some("(Khoản 2 Điều 23 Luật số 91/2025/QH15)".to_owned());
    let mut body = sheet.bases(&[DATA_LAW, DATA_DECREE]);
    body.push(sheet.judgement(
        "meeting",
        "Hôm nay, hồi … giờ …, ngày … tháng … năm …, tại …",
    ));
    body.push(sheet.named("present", "Thành phần gồm", "họ và tên, chức vụ, đơn vị"));
    body.push(paragraph(
        "Cùng lập biên bản xác nhận vi phạm với các nội dung sau:",
    ));
    body.extend(facts(sheet));
    body.extend(findings(sheet));
    document.body = body;
    let person = |position: &str| Signature {
        position: position.to_owned(),
        note: "(Ký, ghi rõ họ tên)".to_owned(),
        ..Signature::default()
    };
    let signatures = std::mem::take(&mut document.signatures);
    document.signatures = vec![
        person("NGƯỜI LẬP BIÊN BẢN"),
        person("ĐẠI DIỆN BỘ PHẬN LIÊN QUAN"),
    ];
    document.signatures.extend(signatures);
}

fn facts(sheet: Sheet<'_>) -> Vec<Block> {
    let mut body = vec![
        heading(2, "1. Thời điểm và cách phát hiện"),
        item(format!("Phát hiện: {}", words::detected(sheet))),
        sheet.named("how_found", "Cách phát hiện, người phát hiện", ""),
        heading(2, "2. Thời gian, địa điểm xảy ra"),
        item(format!(
            "Thời gian: {}; đơn vị: {}",
            words::times(sheet),
            words::units(sheet)
        )),
        heading(2, "3. Hệ thống, công cụ liên quan"),
        item(format!(
            "Công cụ trí tuệ nhân tạo: {}",
            words::services(sheet)
        )),
        heading(2, "4. Mô tả hành vi"),
    ];
    body.extend(words::each(sheet));
    body.extend([
        sheet.named(
            "description",
            "Diễn biến",
            "không ghi lại nội dung, giá trị định danh",
        ),
        heading(2, "5. Dữ liệu bị ảnh hưởng"),
        item(format!("Loại dữ liệu: {}", words::kinds(sheet))),
        item(format!("Số chủ thể dữ liệu: {}", words::people(sheet))),
        sheet.named("children", "Dữ liệu của trẻ em", "có / không"),
    ]);
    body
}

fn findings(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(2, "6. Nguyên nhân"),
        sheet.judgement("cause", "Nguyên nhân"),
        heading(2, "7. Hậu quả"),
        sheet.judgement("consequences", "Hậu quả, thiệt hại đã xảy ra hoặc có thể xảy ra"),
        heading(2, "8. Biện pháp đã thực hiện"),
        sheet.judgement("measures", "Biện pháp ngăn chặn, giảm thiểu, khắc phục"),
        heading(2, "9. Chứng cứ"),
        item(format!(
            "Nhật ký sự kiện của phần mềm Lá Chắn, mã sự kiện {}; bản ghi cuối được tính số {}, mã băm {}",
            words::codes(sheet),
            sheet.written.chain.head.seq,
            sheet.written.chain.head.hash
        )),
        sheet.named("evidence", "Chứng cứ khác", ""),
        heading(2, "10. Thông báo đã gửi, phải gửi"),
        sheet.judgement(
            "notices",
            "Thông báo cơ quan chuyên trách bảo vệ dữ liệu cá nhân trong 72 giờ kể từ khi phát hiện \
             (khoản 1 Điều 23 Luật số 91/2025/QH15): có / không, lý do; thông báo chủ thể dữ liệu",
        ),
        heading(2, "11. Có phải sự cố nghiêm trọng của hệ thống trí tuệ nhân tạo"),
        sheet.judgement("ai_serious", "Có / không; lý do (Điều 19 Nghị định số 142/2026/NĐ-CP)"),
        heading(2, "12. Việc tiếp theo"),
        sheet.judgement("next_steps", "Công việc, người thực hiện, thời hạn"),
        paragraph(format!(
            "Biên bản lập thành {DOTS} bản, các thành phần đã đọc lại, thống nhất và ký tên./."
        )),
    ]
}
