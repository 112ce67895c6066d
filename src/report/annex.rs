//! What is annexed? The figures, and how anyone can check them.

use crate::model::thousands::grouped;
use crate::report::compose::{BLANK, Sheet};
use crate::report::document::{Align, Annex, Block, Document, paragraph};
use crate::report::kind::About;
use crate::report::tables;
use crate::report::told::{self, capital, minutes};
use crate::report::written::Place;

/// The annexes of a document.
pub(super) fn annexes(sheet: Sheet<'_>, document: &Document) -> Vec<Annex> {
    let belongs_to = format!(
        "(Kèm theo {} số{BLANK}ngày{BLANK}tháng{BLANK}năm{BLANK}của {})",
        capitalized(&document.title),
        sheet.office()
    );
    let annex = |title: &str, about: &str, body| Annex {
        title: title.to_owned(),
        about: about.to_owned(),
        belongs_to: belongs_to.clone(),
        body,
    };
    match sheet.kind.about() {
        About::Period => vec![
            annex(
                "Phụ lục I",
                "Số liệu về sử dụng công cụ trí tuệ nhân tạo",
                figures(sheet),
            ),
            annex(
                "Phụ lục II",
                "Nguồn số liệu và cách kiểm tra",
                provenance(sheet),
            ),
        ],
        // One alone has no number (NĐ 30/2020/NĐ-CP, phụ lục I, phần III).
        About::Exposures if !sheet.written.incidents.is_empty() => {
            vec![annex(
                "Phụ lục",
                "Nguồn số liệu và cách kiểm tra",
                provenance(sheet),
            )]
        }
        About::Exposures | About::Secrets | About::Tools => Vec::new(),
    }
}

fn figures(sheet: Sheet<'_>) -> Vec<Block> {
    let figures = &sheet.written.figures;
    let mut body = vec![
        paragraph(format!(
            "Kỳ báo cáo: {}. Phạm vi: {}. Sự kiện là một lần nội dung gửi đến công cụ trí tuệ nhân \
             tạo không được cho qua ngay; sự kiện đã chặn hoặc đã che chưa phải là sự cố.",
            sheet.days(),
            sheet.written.unit.as_deref().unwrap_or("toàn cơ quan")
        )),
        Block::Table(tables::requests(sheet)),
        paragraph(counted_since(sheet)),
        Block::Table(tables::actions(sheet)),
        Block::Chart(tables::months(sheet)),
        Block::Table(tables::categories(sheet)),
        Block::Table(tables::groups(sheet)),
        paragraph(
            "Một sự kiện có thể thuộc nhiều nhóm. Học sinh: hồ sơ, mã học sinh. Người bệnh: hồ sơ sức \
             khỏe, mã bệnh nhân, số thẻ bảo hiểm y tế. Đối tượng chính sách: người có công, hộ nghèo, \
             người hưởng trợ cấp. Người yếu thế: người khuyết tật, trẻ mồ côi, người neo đơn, nạn nhân \
             bạo lực. Nhóm khác: các dữ liệu cá nhân còn lại.",
        ),
        Block::Table(tables::units(sheet)),
        Block::Table(tables::services(sheet)),
        Block::Chart(tables::service_bars(sheet)),
        Block::Table(tables::clocks(sheet)),
        paragraph(
            "Thời hạn tính theo lần đầu văn bản được lập tại phần mềm; việc gửi do cơ quan theo dõi. Phần \
             mềm không đo được: báo ngay khi sự cố đe dọa an ninh quốc gia hoặc gây gián đoạn nghiêm \
             trọng (Điều 31 Nghị định số 331/2026/NĐ-CP); thông báo cho từng người trong 72 giờ khi lộ dữ \
             liệu sinh trắc học, vị trí (Điều 29 Nghị định số 356/2025/NĐ-CP); báo cáo an ninh mạng hằng \
             năm, trước ngày 20/12 và 25/12 (Điều 35, Điều 36 Nghị định số 331/2026/NĐ-CP).",
        ),
    ];
    if !sheet.written.cases.is_empty() {
        body.push(Block::Table(tables::cases(sheet)));
    }
    if let Some(rates) = tables::rates(sheet) {
        body.insert(3, Block::Table(rates));
    }
    let response = &figures.response;
    if let (Some(median), Some(p90)) = (
        response.first_deed_minutes_median,
        response.first_deed_minutes_p90,
    ) {
        body.push(paragraph(format!(
            "Thời gian từ khi ghi nhận đến khi có người xử lý ({} sự kiện đã có người xử lý): một nửa \
             không quá {}; chín phần mười không quá {}.",
            grouped(response.reviewed),
            minutes(median),
            minutes(p90)
        )));
    }
    body
}

/// From when requests are counted, and what a count is.
fn counted_since(sheet: Sheet<'_>) -> String {
    let figures = &sheet.written.figures;
    let lacking = match figures.without_requests {
        0 => String::new(),
        count => format!(" Không tính {count} cơ quan không có số liệu về số lượt."),
    };
    let Some(requests) = &figures.requests else {
        return format!("Trong kỳ chưa có số liệu về số lượt.{lacking}");
    };
    let since = if requests.since > sheet.written.period.first {
        let day = requests.since.parse().map(told::day);
        let day = day.unwrap_or_else(|_| requests.since.clone());
        format!("Số lượt chỉ được đếm từ ngày {day}; trước ngày đó không có số liệu. ")
    } else {
        String::new()
    };
    let late = if requests.all.requests < figures.incidents {
        "Số lượt của những giờ gần nhất chưa được ghi vào nhật ký khi lập báo cáo. "
    } else {
        ""
    };
    format!(
        "{since}{late}Số lượt gồm mọi yêu cầu gửi đến công cụ trí tuệ nhân tạo qua phần mềm, kể cả yêu cầu \
         được cho qua, nội dung đang soạn và yêu cầu phụ của trang; được ghi vào nhật ký nhiều lần \
         trong ngày, theo đơn vị và công cụ, không theo cá nhân.{lacking}"
    )
}

/// Of a sum: which reports were added, and who has sent none.
fn sources(sheet: Sheet<'_>) -> Vec<Block> {
    let written = sheet.written;
    let rows = written.sources.iter().enumerate().map(|(place, source)| {
        vec![
            (place + 1).to_string(),
            source.office.clone(),
            grouped(source.incidents),
            source.digest.clone(),
        ]
    });
    let columns = [
        ("TT", 7, Align::Center),
        ("Cơ quan", 35, Align::Left),
        ("Số sự kiện", 13, Align::Right),
        ("Mã kiểm tra của báo cáo nguồn", 45, Align::Left),
    ];
    let missing = match written.missing.as_slice() {
        [] => "Không có cơ quan nào trong danh sách chưa gửi báo cáo.".to_owned(),
        missing => format!(
            "Chưa gửi báo cáo ({}): {}.",
            missing.len(),
            missing.join("; ")
        ),
    };
    vec![
        paragraph(
            "Số liệu được cộng từ báo cáo dạng JSON của từng cơ quan; mã kiểm tra của từng báo cáo đã \
             được tính lại trước khi cộng.",
        ),
        Block::Table(tables::table("Báo cáo đã cộng", &columns, rows.collect())),
        paragraph(missing),
        paragraph(format!(
            "Mã kiểm tra của báo cáo tổng hợp: {}",
            written.digest
        )),
    ]
}

fn provenance(sheet: Sheet<'_>) -> Vec<Block> {
    let written = sheet.written;
    if !written.sources.is_empty() {
        return sources(sheet);
    }
    let chain = &written.chain;
    let mut body = vec![paragraph(
        "Số liệu do phần mềm Lá Chắn tính từ nhật ký sự kiện. Mỗi bản ghi của nhật ký được nối với \
         bản ghi trước bằng mã băm SHA-256; sửa, xóa hoặc đổi thứ tự một bản ghi đều phát hiện được.",
    )];
    let place = |place: Option<&Place>| match place {
        Some(place) if place.seq > 0 => format!("bản ghi số {}, mã băm {}", place.seq, place.hash),
        Some(_) | None => "không có".to_owned(),
    };
    let rows = [
        ("Sự kiện đầu tiên trong kỳ", place(chain.first.as_ref())),
        ("Sự kiện cuối cùng trong kỳ", place(chain.last.as_ref())),
        ("Tính đến", place(Some(&chain.head))),
        ("Máy chủ ghi nhật ký", written.node.clone()),
        ("Mã kiểm tra của báo cáo", written.digest.clone()),
    ];
    let rows = rows.map(|(label, value)| vec![label.to_owned(), value]);
    let columns = [("Nội dung", 32, Align::Left), ("Giá trị", 68, Align::Left)];
    body.push(Block::Table(tables::table(
        "Nguồn số liệu",
        &columns,
        rows.to_vec(),
    )));
    body.extend([
        paragraph(
            "Cách kiểm tra: lưu báo cáo ở dạng JSON có cùng mã kiểm tra và chạy lệnh “lachan report \
             --check TỆP” trên máy chủ có nhật ký. Lệnh tính lại toàn bộ số liệu, kiểm tra chuỗi mã \
             băm và cho biết có khớp hay không.",
        ),
        paragraph(
            "Báo cáo không chứa nội dung đã gửi, không chứa giá trị định danh của người dân. Số liệu \
             theo đơn vị, không theo cá nhân.",
        ),
    ]);
    body
}

fn capitalized(title: &str) -> String {
    capital(&title.to_lowercase())
}
