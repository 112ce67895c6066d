//! How is a workstation set up? Steps for each system and browser, the asker's own first open.
//!
//! In: what the browser calls itself. Out: the guides, of which at most one is for this machine.

/// The steps for one system and its browsers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guide {
    pub(super) title: &'static str,
    pub(super) certificate: &'static [&'static str],
    pub(super) proxy: &'static [&'static str],
    /// Whether it is for the browser that asks.
    pub(super) is_here: bool,
}

/// All guides.
pub(super) fn guides(user_agent: &str) -> [Guide; 4] {
    let mut guides = GUIDES;
    let here = place_of(user_agent);
    for (place, guide) in guides.iter_mut().enumerate() {
        guide.is_here = Some(place) == here;
    }
    guides
}

fn place_of(user_agent: &str) -> Option<usize> {
    let has = |word| user_agent.contains(word);
    if has("Firefox/") {
        return Some(1);
    }
    let is_phone = has("Android") || has("iPhone") || has("iPad");
    if is_phone {
        None
    } else if has("Windows") {
        Some(0)
    } else if has("Macintosh") {
        Some(2)
    } else if has("Linux") {
        Some(3)
    } else {
        None
    }
}

const GUIDES: [Guide; 4] = [
    Guide {
        title: "Windows 10, 11: Chrome, Edge",
        certificate: &[
            "Tải tệp lachan-ca.cer. So dấu vân tay bằng lệnh: certutil -hashfile lachan-ca.cer \
             SHA256",
            "Nhấp đúp tệp, chọn Cài đặt chứng chỉ (Install Certificate).",
            "Chọn Máy cục bộ (Local Machine; cần quyền quản trị máy), rồi Đặt tất cả chứng chỉ vào \
             kho sau (Place all certificates in the following store).",
            "Chọn kho Cơ quan chứng thực gốc tin cậy (Trusted Root Certification Authorities), \
             hoàn tất.",
        ],
        proxy: &[
            "Mở Cài đặt (Settings), Mạng và Internet (Network & internet), Proxy.",
            "Ở Dùng tập lệnh thiết lập (Use setup script), chọn Thiết lập (Set up) và bật lên.",
            "Dán địa chỉ cấu hình tự động ở trên, chọn Lưu (Save).",
        ],
        is_here: false,
    },
    Guide {
        title: "Firefox (Windows, macOS, Linux)",
        certificate: &[
            "Tải tệp dạng PEM (lachan-ca.pem).",
            "Mở Cài đặt (Settings), tìm \"chứng chỉ\" (certificates), chọn Xem chứng chỉ (View \
             Certificates).",
            "Ở thẻ Nhà cung cấp (Authorities), chọn Nhập (Import), mở tệp lachan-ca.pem, đánh dấu \
             tin cậy để nhận diện trang web.",
        ],
        proxy: &[
            "Mở Cài đặt (Settings), Cài đặt mạng (Network Settings), chọn Thiết lập (Settings…).",
            "Chọn URL cấu hình proxy tự động (Automatic proxy configuration URL), dán địa chỉ cấu \
             hình tự động ở trên, chọn OK.",
        ],
        is_here: false,
    },
    Guide {
        title: "macOS: Safari, Chrome, Edge",
        certificate: &[
            "Tải tệp lachan-ca.cer. So dấu vân tay bằng lệnh: shasum -a 256 lachan-ca.cer",
            "Nhấp đúp tệp, chọn chuỗi khóa Hệ thống (System), nhập mật khẩu quản trị máy.",
            "Trong Truy cập chuỗi khóa (Keychain Access), mở chứng chỉ vừa thêm, phần Tin cậy \
             (Trust), chọn Luôn tin cậy (Always Trust).",
        ],
        proxy: &[
            "Mở Cài đặt hệ thống (System Settings), Mạng (Network), chọn kết nối đang dùng, Chi \
             tiết (Details), Proxy.",
            "Bật Cấu hình proxy tự động (Automatic proxy configuration), dán địa chỉ cấu hình tự \
             động ở trên, chọn OK.",
        ],
        is_here: false,
    },
    Guide {
        title: "Linux: Chrome, Chromium, Edge",
        certificate: &[
            "Tải tệp dạng PEM (lachan-ca.pem). So dấu vân tay bằng lệnh: openssl x509 -in \
             lachan-ca.pem -noout -fingerprint -sha256",
            "Mở chrome://certificate-manager, phần Chứng chỉ cục bộ (Local certificates), Đã cài \
             đặt (Installed by you).",
            "Ở Chứng chỉ tin cậy (Trusted certificates), chọn Nhập (Import) và mở tệp.",
        ],
        proxy: &[
            "Mở cài đặt mạng của hệ điều hành, phần Proxy, chọn Tự động (Automatic).",
            "Dán địa chỉ cấu hình tự động ở trên vào ô URL cấu hình (Configuration URL).",
        ],
        is_here: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_of_the_asking_browser_is_open() {
        let open = |agent: &str| {
            let guides = guides(agent);
            let open = guides.iter().find(|guide| guide.is_here);
            open.map(|guide| guide.title)
        };
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Edg/140.0";
        assert!(open(edge).unwrap().starts_with("Windows"));
        assert!(
            open("(Windows NT 10.0) Gecko/20100101 Firefox/140.0")
                .unwrap()
                .contains("Firefox")
        );
        assert!(
            open("(Macintosh; Intel Mac OS X 10_15_7) Safari")
                .unwrap()
                .contains("macOS")
        );
        assert!(
            open("(X11; Linux x86_64) Chrome/140")
                .unwrap()
                .contains("Linux")
        );
        assert_eq!(open("(Linux; Android 15) Chrome/140"), None);
    }
}
