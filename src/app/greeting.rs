//! What does the terminal say after a start? What was made, where things listen, how to try it.

use core::net::SocketAddr;
use std::io::{self, IsTerminal as _};
use std::path::Path;

/// What the greeting tells.
pub(super) struct Greeting<'a> {
    /// Whether the data folder was made by this start.
    pub is_first_start: bool,
    pub data_dir: &'a Path,
    pub proxies: &'a [SocketAddr],
    pub admin: SocketAddr,
    pub metrics: SocketAddr,
    pub services_count: usize,
    /// The path by which the first administrator is made, while there is none.
    pub setup_path: Option<&'a str>,
}

/// The sentence of the trial: a made-up person.
const TRIAL: &str = "Soạn giấy mời ông Nguyễn Văn Thử, số CCCD 001099000001, \
                     điện thoại 0900000001, đến UBND xã làm việc.";

impl Greeting<'_> {
    /// The lines, ready to print.
    pub(super) fn lines(&self) -> String {
        let data = self.data_dir.display();
        let mut lines = vec![if self.is_first_start {
            format!("Lá Chắn: đã tạo {data} (chứng chỉ bảo mật, khóa, nhật ký sự kiện)")
        } else {
            format!("Lá Chắn: dùng {data}")
        }];
        for proxy in self.proxies {
            lines.push(format!("  proxy           http://{proxy}"));
        }
        lines.push(format!("  trang quản trị  https://{}", self.admin));
        lines.push(format!("  metrics         http://{}/metrics", self.metrics));
        lines.push(format!(
            "  nhận biết       {} công cụ AI",
            self.services_count
        ));
        lines.extend(self.setup_line());
        if let Some(proxy) = self.proxies.first() {
            lines.push(
                "Thử ngay, không cần Internet (câu trả lời cho thấy công cụ AI nhận được gì):"
                    .to_owned(),
            );
            lines.push(format!("  {}", self.curl_line(*proxy)));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// The link is a key: it is shown to a person at a terminal, never written where output is kept.
    fn setup_line(&self) -> Option<String> {
        let path = self.setup_path?;
        Some(if io::stdout().is_terminal() {
            format!(
                "  tạo tài khoản quản trị đầu tiên (dùng một lần): https://{}{path}",
                self.admin
            )
        } else {
            "  chưa có tài khoản quản trị: chạy `lachan user add TÊN --role admin`".to_owned()
        })
    }

    fn curl_line(&self, proxy: SocketAddr) -> String {
        let reachable = if proxy.ip().is_unspecified() {
            SocketAddr::from(([127, 0, 0, 1], proxy.port()))
        } else {
            proxy
        };
        // The line is tried in another terminal, which may stand in another folder.
        let root = self.data_dir.join("ca").join("root.pem");
        let root = std::path::absolute(&root).unwrap_or(root);
        format!(
            "curl -sS -x http://{reachable} --cacert {} \
             https://test.lachan.internal/v1/chat/completions \
             -H 'Content-Type: application/json' \
             -d '{{\"model\":\"thu\",\"messages\":[{{\"role\":\"user\",\"content\":\"{TRIAL}\"}}]}}'",
            quoted(&root.display().to_string()),
        )
    }
}

/// A path as one word of a shell.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_blank_is_still_one_word() {
        assert_eq!(quoted("lachan-data/ca/root.pem"), "lachan-data/ca/root.pem");
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}
