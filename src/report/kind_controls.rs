//! The rules by which traffic is controlled: seed 001, annex, row 5 ("quy trình kiểm soát").

use crate::report::compose::{AI_DECREE, AI_LAW, DATA_LAW, SECRECY_LAW, Sheet};
use crate::report::document::{Align, Block, Document, heading, item, paragraph};
use crate::report::tables::table;

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    let mut body = sheet.bases(&[AI_LAW, DATA_LAW, SECRECY_LAW, AI_DECREE]);
    body.extend([
        heading(1, "I. NGUYÊN TẮC"),
        item(
            "Không nhập, tải lên hoặc chia sẻ thông tin thuộc bí mật nhà nước, dữ liệu cá nhân nhạy \
             cảm, hồ sơ nội bộ chưa được phép công khai vào hệ thống trí tuệ nhân tạo công cộng",
        ),
        item("Trung tâm Phục vụ hành chính công không dùng hệ thống công cộng để xử lý hồ sơ, giấy tờ có thông tin cá nhân"),
        item("Trí tuệ nhân tạo chỉ hỗ trợ; người có thẩm quyền kiểm tra, quyết định và chịu trách nhiệm"),
        item("Người lao động được thông báo việc giám sát; số liệu theo đơn vị, không xếp hạng cá nhân"),
        heading(1, "II. QUY TẮC KIỂM SOÁT ĐANG ÁP DỤNG"),
        paragraph(
            "Khi nhiều quy tắc cùng áp dụng, biện pháp chặt nhất được thực hiện. Che dữ liệu là thay \
             giá trị bằng ký hiệu trước khi gửi và hiển thị lại giá trị cho chính người gửi.",
        ),
        Block::Table(rules(sheet)),
        heading(1, "III. CÁC BƯỚC XỬ LÝ"),
    ]);
    body.extend(steps().into_iter().map(item));
    body.extend([
        heading(1, "IV. TRÁCH NHIỆM"),
        sheet.judgement(
            "responsibility",
            "Người xem xét, người kiểm tra, quản trị viên; thời hạn xử lý",
        ),
        sheet.named("exceptions", "Trường hợp loại trừ đã được chấp thuận", ""),
    ]);
    document.body = body;
}

fn rules(sheet: Sheet<'_>) -> crate::report::document::Table {
    let rows = sheet.around.rules.iter().enumerate().map(|(place, rule)| {
        vec![
            (place + 1).to_string(),
            rule.about.clone(),
            rule.place.clone(),
            rule.action.to_owned(),
        ]
    });
    let columns = [
        ("TT", 6, Align::Center),
        ("Áp dụng với", 50, Align::Left),
        ("Phạm vi", 30, Align::Left),
        ("Biện pháp", 14, Align::Left),
    ];
    table("Quy tắc kiểm soát", &columns, rows.collect())
}

fn steps() -> [&'static str; 6] {
    [
        "Kiểm tra: mọi nội dung gửi đến công cụ trí tuệ nhân tạo được kiểm tra trước khi ra khỏi mạng",
        "Thông báo: khi bị chặn, người sử dụng nhận thông báo có mã sự kiện, lý do và cách hỏi khác",
        "Ghi nhận: sự kiện được ghi vào nhật ký có chuỗi mã băm; không ghi nội dung đã gửi",
        "Xem xét: người xem xét kết luận đúng, nhận diện nhầm hoặc đồng ý cho gửi một lần",
        "Sự cố: khi xác định dữ liệu đã ra ngoài, lập biên bản và thông báo trong thời hạn luật định",
        "Báo cáo: định kỳ 6 tháng, hằng năm và đột xuất; kiểm tra tính toàn vẹn của nhật ký",
    ]
}
