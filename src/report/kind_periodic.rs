//! The report on the result of the plan, for half a year, a year or any period.
//!
//! Asked for by the plans (seed 003 §II.5: every 6 months, every year and on request; seed 001 §V).
//! What the proxy cannot know has its heading, and is left to people.

use crate::model::thousands::grouped;
use crate::report::compose::{AI_DECREE, AI_LAW, DATA_DECREE, DATA_LAW, SECRECY_LAW, Sheet};
use crate::report::document::{Block, Document, heading, item, paragraph};
use crate::report::figures::{DataGroup, Figures};
use crate::report::kind_tools::allowed_names;
use crate::report::lines::unit_label;
use crate::report::tables;
use crate::report::told::{change, minutes};

/// Fills in the contents.
pub(super) fn fill(sheet: Sheet<'_>, document: &mut Document) {
    document.about = format!(
        "Kết quả triển khai thực hiện Kế hoạch về ứng dụng và sử dụng an toàn trí tuệ nhân tạo {}",
        sheet.period()
    );
    document.under_title = Some(format!("(Số liệu {})", sheet.days()));
    let mut body = sheet.bases(&[AI_LAW, DATA_LAW, SECRECY_LAW, AI_DECREE, DATA_DECREE]);
    body.push(paragraph(format!(
        "{} báo cáo kết quả thực hiện {} như sau:",
        sheet.written.unit.as_deref().unwrap_or(sheet.office()),
        sheet.period()
    )));
    body.extend(general(sheet));
    body.extend(results(sheet));
    body.extend(outlook(sheet));
    body.push(paragraph(format!(
        "Trên đây là báo cáo kết quả triển khai thực hiện Kế hoạch {} của {}./.",
        sheet.period(),
        sheet.written.unit.as_deref().unwrap_or(sheet.office())
    )));
    document.body = body;
}

fn general(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(1, "I. TÌNH HÌNH CHUNG, CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
        sheet.judgement(
            "direction",
            "Văn bản đã ban hành, phân công nhiệm vụ, công tác chỉ đạo, đôn đốc, kiểm tra",
        ),
    ]
}

fn results(sheet: Sheet<'_>) -> Vec<Block> {
    let mut body = vec![
        heading(1, "II. KẾT QUẢ THỰC HIỆN"),
        heading(2, "1. Tuyên truyền, phổ biến, tập huấn"),
        sheet.judgement(
            "training",
            "Tin, bài, hội nghị đã thực hiện; lớp tập huấn, số người tham gia (kèm danh sách), kết quả",
        ),
        heading(2, "2. Rà soát văn bản, quy trình; lồng ghép nhiệm vụ"),
        sheet.judgement(
            "review",
            "Danh mục văn bản, quy trình đã rà soát; chương trình, kế hoạch đã lồng ghép; kiến nghị \
             sửa đổi, bổ sung",
        ),
        heading(2, "3. Rà soát, chuẩn hóa dữ liệu; ứng dụng trí tuệ nhân tạo"),
        sheet.judgement(
            "data",
            "Danh mục dữ liệu; mô hình, cách làm ứng dụng trí tuệ nhân tạo và hiệu quả",
        ),
    ];
    if let Some(tools) = allowed_names(sheet) {
        body.push(item(format!("Công cụ được phép sử dụng: {tools}")));
    }
    body.push(heading(
        2,
        "4. Bảo đảm an toàn dữ liệu, bảo vệ dữ liệu cá nhân và bí mật nhà nước",
    ));
    body.extend(safety(sheet));
    body.push(heading(2, "5. Theo dõi, xử lý sự kiện và sự cố"));
    body.extend(decisions(sheet));
    body
}

fn safety(sheet: Sheet<'_>) -> Vec<Block> {
    let figures = &sheet.written.figures;
    if figures.incidents == 0 {
        return vec![
            paragraph(format!(
                "{}Trong kỳ, phần mềm Lá Chắn không ghi nhận sự kiện nào phải chặn, che dữ liệu hoặc \
                 ghi nhận khi cán bộ, công chức, viên chức sử dụng công cụ trí tuệ nhân tạo công cộng.",
                of_all(sheet)
            )),
            sheet.judgement("safety", "Nhận xét"),
        ];
    }
    let of = |name| grouped(Figures::count_of(&figures.actions, name));
    let mut body = vec![paragraph(format!(
        "{}Phần mềm Lá Chắn ghi nhận {} sự kiện khi sử dụng công cụ trí tuệ nhân tạo công cộng, trong \
         đó đã chặn {}, đã che dữ liệu trước khi gửi {}, cho qua và ghi nhận {}{}.",
        of_all(sheet),
        grouped(figures.incidents),
        of("block"),
        of("redact"),
        of("audit"),
        compared(sheet)
    ))];
    for group in DataGroup::ALL {
        let row = figures
            .groups
            .get(group.name())
            .copied()
            .unwrap_or_default();
        if row.incidents > 0 {
            body.push(item(format!(
                "{}: {} sự kiện (đã chặn {}, đã che {})",
                group.label(),
                grouped(row.incidents),
                grouped(row.blocked),
                grouped(row.redacted)
            )));
        }
    }
    let secrets = Figures::count_of(&figures.categories, "state_secret");
    body.push(item(format!(
        "Nội dung có dấu chỉ độ mật: {} sự kiện, đã được chặn toàn bộ; báo cáo riêng theo quy định",
        grouped(secrets)
    )));
    body.push(item(format!(
        "Tài liệu nội bộ chưa được phép công khai: {} sự kiện; mật khẩu, mã xác thực: {} sự kiện",
        grouped(Figures::count_of(&figures.categories, "internal_document")),
        grouped(Figures::count_of(&figures.categories, "credential"))
    )));
    body.push(Block::Chart(tables::months(sheet)));
    body.push(sheet.judgement("safety", "Nhận xét, đánh giá"));
    body
}

/// In a sentence, how many requests there were in all, where they were counted.
pub(super) fn of_all(sheet: Sheet<'_>) -> String {
    let figures = &sheet.written.figures;
    let requests = figures.requests.as_ref();
    // Every incident is of a request: where there are fewer, the last hours are not counted yet.
    let requests = requests
        .filter(|requests| requests.all.requests > 0 && requests.all.requests >= figures.incidents);
    requests.map_or_else(String::new, |requests| {
        format!(
            "Số lượt gửi đến công cụ trí tuệ nhân tạo đã kiểm tra: {}, trong đó {} câu hỏi, tệp do \
             người dùng gửi. ",
            grouped(requests.all.requests),
            grouped(requests.all.messages)
        )
    })
}

/// In a sentence, how the number differs from the period before.
fn compared(sheet: Sheet<'_>) -> String {
    let before = sheet.written.before.as_ref();
    before.map_or_else(String::new, |before| {
        let told = change(sheet.written.figures.incidents, before.figures.incidents);
        format!("; tổng số so với kỳ trước {told}")
    })
}

fn decisions(sheet: Sheet<'_>) -> Vec<Block> {
    let figures = &sheet.written.figures;
    let deed = |name| Figures::count_of(&figures.deeds, name);
    let status = |name| grouped(Figures::count_of(&figures.statuses, name));
    let mut body = vec![
        item(format!(
            "Đã có người xem xét {} sự kiện; kết luận nhận diện nhầm {}, đã kết thúc {}, đang xem xét {}",
            grouped(figures.response.reviewed),
            status("false_alarm"),
            status("closed"),
            status("in_review")
        )),
        item(format!(
            "Đề nghị cho gửi: {} lượt; đồng ý cho gửi một lần {}, không đồng ý {}",
            grouped(deed("release_asked")),
            grouped(deed("release_granted")),
            grouped(deed("release_declined"))
        )),
        item(format!(
            "Nội dung không kiểm tra được và đã xử lý theo quy tắc: {} sự kiện",
            grouped(figures.uninspectable.values().sum())
        )),
        item(format!(
            "Sự cố (người có thẩm quyền xác định dữ liệu đã ra ngoài): {}",
            grouped(Figures::count_of(&figures.outcomes, "exposed"))
        )),
    ];
    if let Some(median) = figures.response.first_deed_minutes_median {
        body.push(item(format!(
            "Thời gian từ khi ghi nhận đến khi có người xử lý: một nửa số sự kiện không quá {}",
            minutes(median)
        )));
    }
    if !sheet.written.cases.is_empty() {
        body.push(Block::Table(tables::cases(sheet)));
    }
    let exposed = figures.units.iter().filter(|(_, row)| row.exposed > 0);
    let units: Vec<String> = exposed.map(|(name, _)| unit_label(name)).collect();
    if !units.is_empty() {
        body.push(item(format!("Đơn vị có sự cố: {}", units.join("; "))));
    }
    body.push(sheet.judgement(
        "handling",
        "Biện pháp khắc phục đã thực hiện; việc thông báo, báo cáo cơ quan có thẩm quyền",
    ));
    body
}

fn outlook(sheet: Sheet<'_>) -> Vec<Block> {
    vec![
        heading(
            1,
            "III. TỒN TẠI, HẠN CHẾ, KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN",
        ),
        sheet.judgement(
            "difficulties",
            "Khó khăn, vướng mắc; nguyên nhân khách quan, chủ quan",
        ),
        paragraph(
            "Phần mềm chỉ kiểm soát nội dung gửi đi qua mạng của cơ quan đến các công cụ trí tuệ nhân \
             tạo đã biết; không thấy được việc sử dụng bằng điện thoại, mạng riêng và không nhận diện \
             được mọi trường hợp mô tả bằng lời.",
        ),
        heading(1, "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TIẾP THEO"),
        sheet.judgement("outlook", "Nhiệm vụ trọng tâm, phân công, thời hạn"),
        heading(1, "V. KIẾN NGHỊ, ĐỀ XUẤT"),
        sheet.judgement("proposals", "Kiến nghị với cơ quan cấp trên; đề xuất"),
    ]
}
