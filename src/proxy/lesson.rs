//! What does a clerk learn about asking safely? Short lessons, each with examples.
//!
//! The words are data; a lesson is signed off with name and unit for the list of who took part in
//! training (the plans' annex, line 6).

/// One lesson.
#[derive(Debug)]
pub(super) struct Lesson {
    /// Its id, in addresses and in the chain.
    pub(super) id: &'static str,
    /// Its title.
    pub(super) title: &'static str,
    /// What it says, paragraph by paragraph.
    pub(super) paragraphs: &'static [&'static str],
    /// Pairs: how not to ask, how to ask instead.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// What to keep in mind, one line each.
    pub(super) points: &'static [&'static str],
}

/// The lesson of an id.
pub(super) fn find(id: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.id == id)
}

/// All lessons, in the order in which they are best read.
pub(super) static LESSONS: [Lesson; 4] = [
    Lesson {
        id: "hoi-ve-viec",
        title: "Hỏi về việc, không đưa thông tin về người",
        paragraphs: &[
            "Bỏ họ tên, số định danh, số điện thoại, nơi ở, ngày sinh, bệnh tật, hoàn cảnh gia \
             đình trước khi hỏi. Viết \"ông A\", \"hộ số 1\", \"học sinh 01\".",
            "Công cụ AI soạn văn bản, lập công thức, sửa câu chữ tốt như nhau khi không có tên \
             người. Phần riêng của từng người, anh/chị tự điền sau.",
        ],
        examples: &[
            (
                "Soạn giấy mời bà (họ tên, số căn cước, số điện thoại, thôn) đến làm việc về đất \
                 đai.",
                "Soạn giấy mời một công dân đến UBND xã làm việc về đơn đề nghị cấp Giấy chứng \
                 nhận; để trống họ tên, nơi ở, số điện thoại.",
            ),
            (
                "Phân loại hộ nghèo trong danh sách 42 hộ sau: (họ tên chủ hộ, số căn cước, thu \
                 nhập từng hộ)…",
                "Bảng tính của tôi có cột B là số nhân khẩu, cột C là điểm B1, cột D là điểm B2. \
                 Hãy viết công thức phân loại hộ theo ngưỡng sau: …",
            ),
            (
                "Viết nhận xét cho em (họ tên, lớp, hoàn cảnh gia đình).",
                "Viết ba mẫu nhận xét cho học sinh lớp 4 có tiến bộ môn Toán nhưng còn rụt rè; \
                 không nêu tên.",
            ),
        ],
        points: &[
            "Một tên đi cùng một số, một bệnh hay một địa chỉ là thông tin của một người cụ thể.",
            "Xóa tên nhưng để lại số căn cước thì chưa đủ.",
            "Số tổng hợp (bao nhiêu hộ, tăng giảm bao nhiêu) thì dùng được.",
        ],
    },
    Lesson {
        id: "chua-cong-khai",
        title: "Chưa được công khai thì không nhập, không tải lên, không chia sẻ",
        paragraphs: &[
            "Gồm: bí mật nhà nước, dữ liệu cá nhân nhạy cảm, hồ sơ nội bộ chưa được phép công \
             khai; kể cả ảnh chụp, bản quét, ghi âm, và kể cả khi chỉ để dịch hoặc sửa lỗi.",
            "Luật, nghị định, kế hoạch, thông báo đã đăng công khai thì dùng được.",
            "Tự hỏi trước khi gửi: \"Dán nội dung này lên bảng tin của xã có được không?\" Nếu \
             không, chưa gửi.",
        ],
        examples: &[
            (
                "Tóm tắt giúp tôi dự thảo kết luận thanh tra đính kèm.",
                "Cho tôi dàn ý chung của một kết luận thanh tra theo quy định hiện hành.",
            ),
            (
                "Dịch công văn có đóng dấu độ mật sang tiếng Anh cho nhanh.",
                "Việc này không dùng công cụ AI công cộng, không dùng máy tính nối mạng. Báo người \
                 phụ trách bảo vệ bí mật nhà nước.",
            ),
        ],
        points: &[
            "Xóa dòng ghi độ mật không làm tài liệu hết mật.",
            "Ảnh chụp màn hình và bản quét cũng là nội dung.",
            "Bị chặn là phần mềm đang giúp; báo sớm thì không sao.",
        ],
    },
    Lesson {
        id: "con-nguoi-kiem-chung",
        title: "AI hỗ trợ, con người kiểm chứng và chịu trách nhiệm",
        paragraphs: &[
            "Đối chiếu số liệu, tên và số văn bản, điều khoản với bản gốc trước khi dùng. Công cụ \
             AI có thể viết ra một nghị định không có thật với giọng văn rất chắc chắn.",
            "Không dùng AI thay người có thẩm quyền để quyết định. Nội dung trước khi công bố, \
             phát hành phải được người có thẩm quyền kiểm tra.",
        ],
        examples: &[
            (
                "Chép nguyên đoạn trả lời về mức trợ cấp vào thông báo gửi dân.",
                "Tra lại mức trợ cấp trong văn bản gốc, ghi rõ số, ngày của văn bản rồi mới đưa \
                 vào thông báo.",
            ),
            (
                "Để công cụ AI chọn hồ sơ nào được duyệt.",
                "Nhờ công cụ AI lập danh sách điều kiện cần kiểm tra; người xử lý đối chiếu từng \
                 hồ sơ và quyết định.",
            ),
        ],
        points: &[
            "Câu trả lời còn ký hiệu như CCCD1X7Q thì tự điền thông tin đúng trước khi dùng.",
            "Người ký văn bản chịu trách nhiệm về văn bản, không phải công cụ.",
        ],
    },
    Lesson {
        id: "khi-co-su-co",
        title: "Lỡ gửi nhầm, hoặc thấy AI trả lời sai có thể gây hậu quả",
        paragraphs: &[
            "Dừng lại và báo ngay. Báo sớm thì xử lý được: pháp luật tính thời hạn thông báo từ \
             lúc phát hiện.",
            "Không dùng mật khẩu công vụ cho tài khoản AI (Công văn số 557/BKHCN-CĐSQG ngày \
             31/3/2025). Không gửi mật khẩu, khóa truy cập cho bất kỳ công cụ nào.",
        ],
        examples: &[(
            "Xóa hội thoại rồi coi như chưa có gì.",
            "Giữ nguyên, ghi lại thời điểm và công cụ, báo bằng mẫu \"Báo sự cố\" trên máy này.",
        )],
        points: &[
            "Khi báo, không chép lại nội dung đã lộ; chỉ nêu loại thông tin và số lượng.",
            "Không nêu nội dung tài liệu mật qua điện thoại, tin nhắn.",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_its_own_address_and_says_how_to_ask_instead() {
        for lesson in &LESSONS {
            assert!(std::ptr::eq(find(lesson.id).unwrap(), lesson));
            assert!(!lesson.examples.is_empty() && !lesson.points.is_empty());
        }
        assert!(find("khac").is_none());
    }
}
