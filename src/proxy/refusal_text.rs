//! In which words is a person told that a request was refused?
//!
//! One function per reason. Each says what was found (masked, counted), why that matters (the
//! office's rule), what to do now and whom to call; none blames. "Chặn" and "sự kiện" are used,
//! "vi phạm" and "sự cố" are not: whether a rule was broken is for people to say.
//!
//! Never: a found value; for a state secret nothing but its level.

use super::found_text::found_line;
use super::notice::{Block, Notice, Step};
use super::office::OfficeTexts;
use super::release_page;
use crate::inspect::{RefusalFacts, RefusalReason};
use crate::model::category::SecretLevel;
use crate::model::thousands::grouped;
use crate::model::uninspectable::Uninspectable;

/// The notice for a refusal. `code` is what can be read out by telephone, where one was given.
pub(super) fn word(
    facts: &RefusalFacts,
    code: Option<&str>,
    office: &OfficeTexts,
    now_label: &str,
) -> Notice {
    let case = Case {
        facts,
        office,
        cite: match code {
            Some(code) => format!("nêu mã sự kiện {code}"),
            None => format!("nêu thời điểm {now_label}"),
        },
    };
    let (title, mut blocks) = match facts.reason {
        RefusalReason::StateSecret(level) => case.state_secret(level),
        RefusalReason::InternalDocument => case.internal_document(),
        RefusalReason::Credential => case.credential(),
        RefusalReason::People => case.people(),
        RefusalReason::PersonalData => case.personal_data(),
        RefusalReason::Uninspectable(reason) => case.uninspectable(reason),
    };
    if let Some(own) = office.paragraph(facts.reason, &facts.service_name) {
        match (facts.reason, blocks.first_mut()) {
            (RefusalReason::StateSecret(_), _) | (_, None) => blocks.push(Block::Paragraph(own)),
            (_, Some(why)) => *why = Block::Paragraph(own),
        }
    }
    if let Some(message) = &facts.message {
        blocks.push(Block::Paragraph(message.clone()));
    }
    blocks.extend(release_link(facts, code));
    Notice {
        title,
        blocks,
        code: code.map(str::to_owned),
        time: now_label.to_owned(),
    }
}

/// Where the clerk asks that it may be sent all the same.
fn release_link(facts: &RefusalFacts, code: Option<&str>) -> Option<Block> {
    let is_secret = matches!(facts.reason, RefusalReason::StateSecret(_));
    let code = code.filter(|_| !is_secret)?;
    let lead = "Nếu công việc cần gửi đúng nội dung này, đề nghị cho gửi tại".to_owned();
    Some(Block::Link(lead, release_page::address_of(code)))
}

struct Case<'a> {
    facts: &'a RefusalFacts,
    office: &'a OfficeTexts,
    /// What to name when calling: the code, or the time where there is no code.
    cite: String,
}

impl Case<'_> {
    fn state_secret(&self, level: SecretLevel) -> (String, Vec<Block>) {
        let title = format!(
            "Nội dung đã bị dừng, chưa gửi đến {}",
            self.facts.service_name
        );
        let why = format!(
            "Nội dung này có dấu chỉ độ mật ({}). Pháp luật nghiêm cấm soạn thảo, lưu giữ tài \
             liệu bí mật nhà nước trên máy tính đang kết nối Internet (trừ trường hợp luật cho \
             phép) và sử dụng trí tuệ nhân tạo để xâm phạm bí mật nhà nước (Điều 5 Luật Bảo vệ \
             bí mật nhà nước số 117/2025/QH15).",
            level.label()
        );
        let report = format!(
            "Báo ngay lãnh đạo trực tiếp và {}, {}. Không nêu nội dung tài liệu qua điện thoại, \
             tin nhắn.",
            self.office.secret_contact(),
            self.cite
        );
        let blocks = vec![
            Block::Paragraph(why),
            steps(
                "Đề nghị anh/chị thực hiện ngay:",
                vec![
                    Step::new(
                        "",
                        "Không gửi lại bằng bất kỳ công cụ nào, kể cả khi đã xóa dòng ghi độ mật.",
                    ),
                    Step::new(
                        "",
                        "Giữ nguyên tài liệu, không sao chép, không chuyển đi, không tự xóa cho \
                         đến khi được hướng dẫn.",
                    ),
                    Step::new("", report),
                ],
            ),
            paragraph(
                "Nếu đây là văn bản mẫu, tài liệu tập huấn hoặc tài liệu đã giải mật, anh/chị \
                 vẫn báo theo mục 3 để được xác nhận.",
            ),
            paragraph(
                "Lá Chắn không lưu nội dung, trích đoạn và tên tệp; chỉ ghi thời điểm, máy trạm, \
                 bộ phận, công cụ, độ mật và việc đã chặn. Trường hợp này không có chức năng đề \
                 nghị cho gửi.",
            ),
        ];
        (title, blocks)
    }

    fn people(&self) -> (String, Vec<Block>) {
        let title = format!("Danh sách chưa được gửi đến {}", self.facts.service_name);
        let how_many = match self.facts.subjects {
            0 => String::from("nhiều người"),
            subjects => format!("{} người", grouped(u64::from(subjects))),
        };
        let why = format!(
            "Nội dung có thông tin của {how_many}. Theo {}, không đưa danh sách có thông tin cá \
             nhân vào công cụ AI công cộng.",
            self.office.rule()
        );
        let blocks = vec![
            Block::Paragraph(why),
            self.found(),
            steps(
                "Anh/chị có thể hỏi theo một trong các cách sau:",
                vec![
                    Step::new(
                        "Hỏi cách làm, không gửi danh sách.",
                        "Ví dụ: \"Bảng tính của tôi có cột B là số nhân khẩu, cột C là điểm B1, \
                         cột D là điểm B2. Hãy viết công thức phân loại hộ theo ngưỡng sau: …\"",
                    ),
                    Step::new(
                        "Gửi số tổng hợp.",
                        "Ví dụ: \"Toàn xã có 42 hộ nghèo, 57 hộ cận nghèo, giảm 11 hộ so với năm \
                         trước. Hãy viết đoạn đánh giá kết quả.\"",
                    ),
                    Step::new(
                        "Bỏ cột thông tin cá nhân.",
                        "Bỏ họ tên, số định danh, số điện thoại, nơi ở, ngày sinh; dùng số thứ \
                         tự thay tên.",
                    ),
                ],
            ),
            self.call("Nếu danh sách đã được công khai theo quy định hoặc cần hỗ trợ"),
        ];
        (title, blocks)
    }

    fn personal_data(&self) -> (String, Vec<Block>) {
        let why = format!(
            "Nội dung có thông tin cá nhân. Theo {}, không đưa thông tin cá nhân của người dân \
             vào công cụ AI công cộng. Trường hợp này Lá Chắn không tự che dữ liệu mà dừng lại \
             để anh/chị sửa.",
            self.office.rule()
        );
        let blocks = vec![
            Block::Paragraph(why),
            self.found(),
            steps("Anh/chị có thể:", self.other_ways()),
            self.call("Nếu nhận diện nhầm hoặc cần hỗ trợ"),
        ];
        (self.plain_title("Nội dung"), blocks)
    }

    fn other_ways(&self) -> Vec<Step> {
        let mut ways = vec![
            Step::new(
                "Bỏ thông tin về người rồi gửi lại.",
                "Viết \"ông A\", \"bà B\"; để trống họ tên, số giấy tờ, số điện thoại, \
                         nơi ở.",
            ),
            Step::new(
                "Hỏi về việc.",
                "Ví dụ: \"Soạn giấy mời một công dân đến UBND xã làm việc về đơn đề nghị; \
                         để trống họ tên, nơi ở, số điện thoại.\"",
            ),
            Step::new(
                "Nếu đang gửi tệp:",
                "lưu một bản đã bỏ thông tin cá nhân và gửi bản đó.",
            ),
        ];
        if self.facts.is_fixed {
            ways.push(self.approved_tool());
        }
        ways
    }

    /// Where the same can be asked: in what this service takes nothing can be replaced.
    fn approved_tool(&self) -> Step {
        let tools = self
            .office
            .approved_tools()
            .unwrap_or("công cụ cơ quan cho phép");
        Step::new(
            "Dùng công cụ khác.",
            format!(
                "Chép đoạn cần hỏi, cần dịch vào ô hội thoại của {tools}; ở đó Lá Chắn che được số \
                 giấy tờ, số điện thoại và trả lại trong câu trả lời."
            ),
        )
    }

    fn internal_document(&self) -> (String, Vec<Block>) {
        let why = format!(
            "Nội dung có dấu hiệu của hồ sơ, tài liệu nội bộ chưa được phép công khai. Theo {}, \
             không nhập, không tải lên, không chia sẻ tài liệu này vào công cụ AI công cộng, kể \
             cả khi chỉ để dịch hoặc sửa lỗi.",
            self.office.rule()
        );
        let blocks = vec![
            Block::Paragraph(why),
            self.found(),
            steps(
                "Anh/chị có thể:",
                vec![
                    Step::new(
                        "Hỏi về thể thức, cách làm.",
                        "Mô tả việc cần soạn, không dán nội dung tài liệu.",
                    ),
                    Step::new(
                        "Dùng văn bản đã công khai.",
                        "Luật, nghị định, kế hoạch, thông báo đã đăng công khai thì dùng được.",
                    ),
                ],
            ),
            self.call("Nếu tài liệu đã được phép công khai hoặc nhận diện nhầm"),
        ];
        (self.plain_title("Nội dung"), blocks)
    }

    fn credential(&self) -> (String, Vec<Block>) {
        let why = format!(
            "Nội dung có mật khẩu, mã xác thực hoặc khóa truy cập. Ai biết các thông tin này đều \
             có thể vào hệ thống thay anh/chị; theo {}, không đưa vào công cụ AI công cộng.",
            self.office.rule()
        );
        let blocks = vec![
            Block::Paragraph(why),
            self.found(),
            steps(
                "Đề nghị anh/chị:",
                vec![
                    Step::new(
                        "Xóa mật khẩu, mã, khóa rồi gửi lại.",
                        "Thay bằng chữ \"MẬT KHẨU\" nếu câu hỏi cần nhắc đến.",
                    ),
                    Step::new(
                        "Đổi mật khẩu",
                        "nếu trước đây đã từng gửi cho công cụ khác hoặc cho người khác.",
                    ),
                    Step::new(
                        "Không dùng mật khẩu công vụ cho tài khoản AI",
                        "(Công văn số 557/BKHCN-CĐSQG ngày 31/3/2025).",
                    ),
                ],
            ),
            self.call("Nếu nhận diện nhầm hoặc cần hỗ trợ"),
        ];
        (self.plain_title("Nội dung"), blocks)
    }

    fn uninspectable(&self, reason: Uninspectable) -> (String, Vec<Block>) {
        let why = format!(
            "Lá Chắn không kiểm tra được tệp hoặc nội dung này vì {}. Tệp chưa kiểm tra có thể \
             chứa thông tin cá nhân hoặc tài liệu nội bộ nên không được gửi ra ngoài.",
            reason.label()
        );
        let blocks = vec![
            Block::Paragraph(why),
            self.found(),
            steps(
                "Anh/chị có thể:",
                vec![
                    Step::new("", another_form(reason)),
                    Step::new(
                        "",
                        "Chỉ chép phần cần hỏi, đã bỏ thông tin cá nhân, vào ô hội thoại.",
                    ),
                ],
            ),
            self.call("Nếu vẫn cần gửi cả tệp"),
        ];
        (self.plain_title("Tệp"), blocks)
    }

    fn plain_title(&self, what: &str) -> String {
        format!("{what} chưa được gửi đến {}", self.facts.service_name)
    }

    fn found(&self) -> Block {
        Block::Found(self.facts.found.iter().map(found_line).collect())
    }

    fn call(&self, when: &str) -> Block {
        Block::Paragraph(format!(
            "{when}: liên hệ {}, {}.",
            self.office.contact(),
            self.cite
        ))
    }
}

/// What to send instead of a file that cannot be read.
fn another_form(reason: Uninspectable) -> &'static str {
    match reason {
        Uninspectable::Encrypted => {
            "Lưu lại thành tệp Word, Excel hoặc PDF có chữ, không đặt mật khẩu, rồi gửi lại."
        }
        Uninspectable::Corrupt | Uninspectable::Unknown => {
            "Mở tệp, lưu lại thành tệp Word, Excel hoặc PDF có chữ, rồi gửi lại."
        }
        Uninspectable::TooLarge => "Tách thành tệp nhỏ hơn, chỉ gồm phần cần hỏi, rồi gửi lại.",
        Uninspectable::Audio => "Ghi lại phần cần hỏi thành chữ, đã bỏ thông tin cá nhân.",
        Uninspectable::NoOcr => {
            "Gửi bản Word, Excel hoặc PDF có chữ của tài liệu thay cho ảnh, bản quét."
        }
        Uninspectable::WorkerDied | Uninspectable::Unsandboxed => {
            "Lưu lại thành tệp Word, Excel hoặc PDF có chữ rồi gửi lại một lần."
        }
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

fn steps(lead: &str, steps: Vec<Step>) -> Block {
    Block::Steps(lead.to_owned(), steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_without_a_receipt_names_the_time_instead_of_a_code() {
        let facts = RefusalFacts {
            shape: crate::service::RefusalShape::OpenAi,
            service_name: String::from("ChatGPT"),
            reason: RefusalReason::PersonalData,
            message: None,
            rule: String::new(),
            found: Vec::new(),
            subjects: 1,
            is_fixed: false,
            ids: crate::inspect::RequestIds::default(),
        };
        let office = OfficeTexts::default();
        let text = word(&facts, None, &office, "14:05 ngày 12/6/2026").plain();
        assert!(
            text.contains("nêu thời điểm 14:05 ngày 12/6/2026"),
            "{text}"
        );
        assert!(!text.contains("mã sự kiện"), "{text}");
        assert!(!text.contains("Dùng công cụ khác"), "{text}");
    }

    #[test]
    fn where_nothing_can_be_replaced_an_approved_tool_is_named() {
        let facts = RefusalFacts {
            shape: crate::service::RefusalShape::Message,
            service_name: String::from("DeepL"),
            reason: RefusalReason::PersonalData,
            message: None,
            rule: String::new(),
            found: Vec::new(),
            subjects: 1,
            is_fixed: true,
            ids: crate::inspect::RequestIds::default(),
        };
        let office = OfficeTexts {
            approved_tools: Some(String::from("Trợ lý của tỉnh")),
            ..OfficeTexts::default()
        };
        let text = word(&facts, Some("K7Q2-M4"), &office, "").plain();
        assert!(text.contains("ô hội thoại của Trợ lý của tỉnh"), "{text}");
    }
}
