//! In which words is a person told that a request could not be served?
//!
//! Each kind of failure has a title, what happened and what to do now. The tokens `{host}` and
//! `{contact}`, `{rule}` and `{tools}` stand for the host asked for and the office's own words.

use super::failure_page::FailureKind;
use super::notice::{Block, Notice, Step};
use super::office::OfficeTexts;

/// The longest host name that DNS can carry, in characters (RFC 1035 §2.3.4).
const HOST_CHARS_MAX: usize = 253;

const REFUSES_OUR_CA: &str = "Phần mềm này nhiều lần từ chối chứng chỉ bảo mật của cơ quan, nên \
     nội dung gửi đến {host} không kiểm tra được. Nội dung chưa kiểm tra thì không được gửi ra \
     ngoài.";
const STORE_DOWN: &str = "Nội dung này cần được ghi nhận trước khi xử lý, nhưng nhật ký của Lá \
     Chắn đang không ghi được. Chưa có nội dung nào được gửi đi.";

/// The notice for a failure.
pub(super) fn word(kind: FailureKind, host: Option<&str>, office: &OfficeTexts) -> Notice {
    let host = match host.map(shown_host) {
        Some(host) if !host.is_empty() => host,
        _ => String::from("máy chủ này"),
    };
    let tools = office.approved_tools().map_or_else(
        || format!("hỏi {}", office.contact()),
        |tools| tools.to_owned(),
    );
    // The host comes last: it is the only word from outside, and is not filled in again.
    let fill = |text: &str| {
        text.replace("{contact}", office.contact())
            .replace("{rule}", office.rule())
            .replace("{tools}", &tools)
            .replace("{host}", &host)
    };
    let steps = remedy(kind).iter().map(|step| Step::new("", fill(step)));
    Notice {
        title: fill(title(kind)),
        blocks: vec![
            Block::Paragraph(fill(happened(kind))),
            Block::Steps(String::from("Đề nghị anh/chị:"), steps.collect()),
        ],
        code: None,
        time: String::new(),
    }
}

/// A host name as it may be shown: printable, no longer than a name can be.
fn shown_host(host: &str) -> String {
    host.chars()
        .filter(|c| c.is_ascii_graphic() || c.is_alphanumeric())
        .take(HOST_CHARS_MAX)
        .collect()
}

const fn title(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::BadRequest => "Yêu cầu không đúng định dạng",
        FailureKind::ClientNotAllowed => "Máy tính này chưa được dùng Lá Chắn",
        FailureKind::PortNotAllowed => "Cổng kết nối chưa được phép sử dụng",
        FailureKind::AddressNotAllowed => "Không mở được địa chỉ nội bộ qua Lá Chắn",
        FailureKind::NamesDiffer => "Kết nối đã dừng vì tên máy chủ không thống nhất",
        FailureKind::ToolNotApproved => {
            "Công cụ {host} chưa có trong Danh mục công cụ AI được phép sử dụng"
        }
        FailureKind::NotInspectable => {
            "Phần mềm đang dùng không nhận chứng chỉ bảo mật của cơ quan nên chưa mở được {host}"
        }
        FailureKind::RequestTimeout => "Nội dung gửi lên chưa trọn vẹn",
        FailureKind::BodyTooLarge => "Nội dung lớn hơn mức cho phép",
        FailureKind::Misdirected => "Yêu cầu đến nhầm kết nối",
        FailureKind::TlsRequired => "Cần kết nối bảo mật (https) đến {host}",
        FailureKind::HeadTooLarge => "Phần đầu của yêu cầu quá lớn",
        FailureKind::Internal => "Lá Chắn chưa xử lý được yêu cầu này",
        FailureKind::UpstreamDns => "Không tìm thấy {host}",
        FailureKind::UpstreamConnect => "Chưa kết nối được đến {host}",
        FailureKind::UpstreamCertificate => "Chứng chỉ bảo mật của {host} không hợp lệ",
        FailureKind::UpstreamTimeout => "Chưa nhận được câu trả lời từ {host}",
        FailureKind::UpstreamProtocol => "Câu trả lời từ {host} không đúng quy cách",
        FailureKind::StoreDown => "Tạm thời chưa gửi được nội dung này",
        FailureKind::Busy => "Lá Chắn đang bận",
    }
}

const fn happened(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::BadRequest => {
            "Lá Chắn không đọc được yêu cầu nên không gửi đi. Thường do phần mềm gửi yêu cầu."
        }
        FailureKind::ClientNotAllowed => {
            "Địa chỉ của máy tính này không thuộc mạng được phép dùng Lá Chắn."
        }
        FailureKind::PortNotAllowed => "Lá Chắn chỉ kết nối đến các cổng do cơ quan cho phép.",
        FailureKind::AddressNotAllowed => {
            "Tên {host} dẫn đến một địa chỉ trong mạng nội bộ. Lá Chắn chỉ kết nối ra Internet, để \
             không ai dùng nó đi vào mạng của cơ quan."
        }
        FailureKind::NamesDiffer => {
            "Tên máy chủ khi mở kết nối khác với tên trong phần bảo mật, nên không biết chắc nội \
             dung sẽ đến đâu. Chưa có nội dung nào được gửi đi."
        }
        FailureKind::ToolNotApproved => {
            "Theo {rule}, công cụ AI chỉ được dùng cho công việc sau khi có Bản đánh giá sơ bộ và \
             được người có thẩm quyền đồng ý. Mở trang này không bị coi là sai phạm."
        }
        FailureKind::NotInspectable => REFUSES_OUR_CA,
        FailureKind::RequestTimeout => {
            "Sau thời gian chờ, Lá Chắn vẫn chưa nhận đủ nội dung nên không kiểm tra và không gửi \
             đi. Chưa có phần nào đến {host}."
        }
        FailureKind::BodyTooLarge => {
            "Nội dung hoặc tệp vượt mức mà Lá Chắn kiểm tra được trong một lần, nên không gửi \
             đến {host}."
        }
        FailureKind::Misdirected => {
            "Kết nối này dành cho một máy chủ khác. Trình duyệt thường tự mở lại kết nối đúng."
        }
        FailureKind::TlsRequired => {
            "Công cụ AI {host} chỉ được dùng qua https. Gửi qua http thì người khác trên \
             đường truyền đọc được, nên Lá Chắn không gửi đi."
        }
        FailureKind::HeadTooLarge => {
            "Thông tin kèm theo yêu cầu (thường là cookie của trang web) vượt mức cho phép."
        }
        FailureKind::Internal => {
            "Có lỗi bên trong Lá Chắn. Nội dung chưa kiểm tra xong nên không được gửi đi."
        }
        FailureKind::UpstreamDns => {
            "Không tra được địa chỉ của máy chủ. Tên trang có thể bị gõ nhầm, hoặc đường truyền \
             Internet của cơ quan đang gián đoạn."
        }
        FailureKind::UpstreamConnect => {
            "Máy chủ không nhận kết nối. Dịch vụ có thể đang bảo trì, hoặc đường truyền Internet \
             của cơ quan đang gián đoạn."
        }
        FailureKind::UpstreamCertificate => {
            "Lá Chắn không xác nhận được đây đúng là {host}: chứng chỉ hết hạn, sai tên, hoặc có \
             bên thứ ba chen vào đường truyền. Chưa có nội dung nào được gửi đi."
        }
        FailureKind::UpstreamTimeout => {
            "Máy chủ đã nhận kết nối nhưng không trả lời trong thời gian chờ. Nội dung có thể đã \
             đến dịch vụ."
        }
        FailureKind::UpstreamProtocol => {
            "Câu trả lời của máy chủ bị ngắt hoặc không đọc được. Nội dung có thể đã đến dịch vụ."
        }
        FailureKind::StoreDown => STORE_DOWN,
        FailureKind::Busy => {
            "Đang có nhiều nội dung chờ kiểm tra cùng lúc. Chưa có nội dung nào được gửi đi."
        }
    }
}

/// What to do, by kind: what helps the clerk first, whom to call last.
const fn remedy(kind: FailureKind) -> &'static [&'static str] {
    match kind {
        FailureKind::BadRequest | FailureKind::HeadTooLarge => &[
            "Tải lại trang; nếu vẫn vậy, xóa cookie của trang web đó rồi thử lại.",
            "Cần hỗ trợ: liên hệ {contact}.",
        ],
        FailureKind::ClientNotAllowed | FailureKind::PortNotAllowed => {
            &["Nếu công việc cần đến, đề nghị {contact} kiểm tra và bổ sung."]
        }
        FailureKind::AddressNotAllowed => &[
            "Mở trang nội bộ trực tiếp, không qua Lá Chắn.",
            "Nếu trang này phải đi qua Lá Chắn, liên hệ {contact}.",
        ],
        FailureKind::NamesDiffer => &[
            "Đóng trình duyệt, mở lại và thử một lần nữa.",
            "Nếu vẫn vậy, liên hệ {contact}; có thể máy tính này có phần mềm đổi đường kết nối.",
        ],
        FailureKind::ToolNotApproved => &[
            "Dùng công cụ đã được phép sử dụng: {tools}.",
            "Nếu công việc cần {host}: mở http://lachan.internal/cong-cu, mục \"Đề nghị bổ sung \
             công cụ\", ghi mục đích sử dụng và loại dữ liệu xử lý.",
            "Cần hỗ trợ: liên hệ {contact}.",
        ],
        FailureKind::NotInspectable => &[
            "Dùng {host} bằng trình duyệt thay cho ứng dụng cài trên máy.",
            "Nếu trình duyệt cũng không mở được, máy này có thể chưa cài chứng chỉ bảo mật của cơ \
             quan: báo {contact}. Sau mười phút có thể thử lại.",
        ],
        FailureKind::RequestTimeout => &[
            "Gửi lại một lần nữa.",
            "Nếu tệp lớn, tách thành tệp nhỏ hơn, chỉ gồm phần cần hỏi.",
        ],
        FailureKind::BodyTooLarge => &[
            "Tách thành tệp nhỏ hơn, chỉ gồm phần cần hỏi, rồi gửi lại.",
            "Chép phần cần hỏi, đã bỏ thông tin cá nhân, vào ô hội thoại.",
        ],
        FailureKind::Misdirected => &["Tải lại trang.", "Cần hỗ trợ: liên hệ {contact}."],
        FailureKind::TlsRequired => &["Mở lại trang bằng địa chỉ bắt đầu bằng https://."],
        FailureKind::Internal => &[
            "Thử lại một lần; nếu vẫn vậy, viết lại câu hỏi ngắn hơn.",
            "Báo {contact}, nêu thời điểm và công cụ đang dùng.",
        ],
        FailureKind::UpstreamDns | FailureKind::UpstreamConnect => &[
            "Kiểm tra lại tên trang và thử mở một trang khác.",
            "Thử lại sau vài phút; nếu vẫn vậy, liên hệ {contact}.",
        ],
        FailureKind::UpstreamCertificate => &[
            "Không gửi nội dung đến trang này cho đến khi được kiểm tra.",
            "Báo {contact}, nêu tên trang.",
        ],
        FailureKind::UpstreamTimeout | FailureKind::UpstreamProtocol => &[
            "Tải lại trang để xem câu trả lời đã có chưa, rồi mới gửi lại.",
            "Nếu vẫn vậy, liên hệ {contact}.",
        ],
        FailureKind::StoreDown => &[
            "Báo ngay {contact}: nhật ký của Lá Chắn không ghi được.",
            "Trong khi chờ, bỏ thông tin cá nhân khỏi nội dung rồi gửi lại.",
        ],
        FailureKind::Busy => &[
            "Chờ khoảng mười giây rồi gửi lại.",
            "Nếu nhiều lần như vậy, báo {contact}.",
        ],
    }
}
