//! The report on the check of data safety and cyber security.
//!
//! Product of seed 003 §II.4 (led by the police of the commune), with proposals on violations where
//! there are any. A stopped request is none: whether somebody violated a rule, people decide.

use crate::model::thousands::grouped;
use crate::report::compose::{
    AI_LAW, CYBER_LAW, DATA_DECREE, DATA_LAW, SECRECY_DECREE, SECRECY_LAW, Sheet,
};
use crate::report::document::{Block, Document, heading, item, paragraph};
use crate::report::figures::Figures;
use crate::report::kind_tools::allowed_names;
use crate::report::tables;

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    document.about = format!(
        "Kết quả kiểm tra an toàn dữ liệu, an ninh mạng trong sử dụng trí tuệ nhân tạo {}",
        sheet.period()
    );
    document.under_title = Some(format!("(Số liệu {})", sheet.days()));
    let laws = [
        AI_LAW,
        DATA_LAW,
        SECRECY_LAW,
        CYBER_LAW,
        DATA_DECREE,
        SECRECY_DECREE,
    ];
    let mut body = sheet.bases(&laws);
    body.push(paragraph(format!(
        "{} báo cáo kết quả kiểm tra an toàn dữ liệu, an ninh mạng {} như sau:",
        sheet.settings().lead(sheet.kind),
        sheet.period()
    )));
    body.extend(scope(sheet));
    body.extend(findings(sheet));
    body.extend(conclusion(sheet));
    document.body = body;
}

fn scope(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "I. PHẠM VI, NỘI DUNG, PHƯƠNG PHÁP KIỂM TRA"),
        item(format!(
            "Phạm vi: {}; thời kỳ kiểm tra: {}",
            sheet.written.unit.as_deref().unwrap_or("toàn cơ quan"),
            sheet.days()
        )),
        item(
            "Nội dung: việc tuân thủ quy định về bảo vệ dữ liệu cá nhân, bí mật nhà nước, an ninh \
             mạng khi sử dụng công cụ trí tuệ nhân tạo công cộng",
        ),
        item("Phương pháp: tính số liệu từ nhật ký sự kiện của phần mềm Lá Chắn; kiểm tra thực tế"),
        sheet.named(
            "team",
            "Kiểm tra thực tế",
            "thành phần, thời gian, địa điểm, nếu có",
        ),
    ]
}

fn findings(sheet: Sheet<'_>) -> Vec<Block> {
    let figures = &sheet.written.figures;
    let category = |name| grouped(Figures::count_of(&figures.categories, name));
    let status = |name| grouped(Figures::count_of(&figures.statuses, name));
    let secrets = Figures::count_of(&figures.categories, "state_secret");
    let seen: Vec<String> = figures
        .services
        .keys()
        .map(|name| crate::report::lines::service_label(name, &sheet.around.services))
        .collect();
    vec![
        heading(1, "II. KẾT QUẢ KIỂM TRA"),
        heading(2, "1. Tình hình chung"),
        Block::Table(tables::actions(sheet)),
        heading(2, "2. Bảo vệ dữ liệu cá nhân"),
        Block::Table(tables::groups(sheet)),
        heading(2, "3. Bảo vệ bí mật nhà nước"),
        item(format!(
            "Sự kiện có dấu chỉ độ mật bị chặn: {}. Phần mềm không lưu nội dung, tên tệp, số văn bản; \
             từng sự kiện được thông báo riêng cho người có trách nhiệm",
            grouped(secrets)
        )),
        sheet.named("secrecy", "Kết quả xác minh, xử lý", "đối với từng sự kiện"),
        heading(2, "4. An ninh mạng, an toàn thông tin"),
        item(format!(
            "Mật khẩu, mã xác thực, khóa truy cập bị chặn: {} sự kiện; tài liệu nội bộ: {} sự kiện",
            category("credential"),
            category("internal_document")
        )),
        item(format!(
            "Nội dung không kiểm tra được (tệp có mật khẩu, tệp lỗi, định dạng chưa hỗ trợ): {} sự kiện",
            grouped(figures.uninspectable.values().sum())
        )),
        item(format!(
            "Công cụ trí tuệ nhân tạo có sự kiện: {}; công cụ được phép sử dụng: {}",
            if seen.is_empty() {
                "không có".to_owned()
            } else {
                seen.join(", ")
            },
            allowed_names(sheet).unwrap_or_else(|| "chưa có trong Danh mục".to_owned())
        )),
        heading(2, "5. Việc xem xét, xử lý sự kiện"),
        item(format!(
            "Mới {}, đang xem xét {}, đã xác nhận {}, nhận diện nhầm {}, đã kết thúc {}",
            status("new"),
            status("in_review"),
            status("confirmed"),
            status("false_alarm"),
            status("closed")
        )),
        Block::Table(tables::clocks(sheet)),
        heading(2, "6. Kết quả kiểm tra thực tế"),
        sheet.judgement(
            "on_site",
            "Máy trạm đã kiểm tra, cấu hình, chứng chỉ, kênh ngoài tầm kiểm soát",
        ),
    ]
}

fn conclusion(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "III. NHẬN XÉT, ĐÁNH GIÁ"),
        sheet.judgement("assessment", "Ưu điểm; tồn tại, hạn chế; nguyên nhân"),
        heading(1, "IV. KIẾN NGHỊ XỬ LÝ VI PHẠM (NẾU CÓ) VÀ ĐỀ XUẤT"),
        paragraph(
            "Sự kiện bị chặn hoặc che dữ liệu chưa phải là vi phạm; việc kết luận vi phạm do người có \
             thẩm quyền thực hiện sau khi xác minh.",
        ),
        sheet.named(
            "violations",
            "Kiến nghị xử lý vi phạm",
            "nếu không có, ghi “Không có”",
        ),
        sheet.named(
            "proposals",
            "Đề xuất",
            "biện pháp bảo đảm an toàn dữ liệu, an ninh mạng",
        ),
        paragraph(format!(
            "Trên đây là báo cáo kết quả kiểm tra an toàn dữ liệu, an ninh mạng {}./.",
            sheet.period()
        )),
    ]
}
