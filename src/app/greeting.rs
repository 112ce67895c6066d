//! What does the terminal say after a start? What was made, where things listen, how to try it.

use core::net::SocketAddr;
use std::fmt::Write as _;
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
}

/// The sentence of the trial: a made-up person.
const TRIAL: &str = "Soạn giấy mời ông Nguyễn Văn Thử, số CCCD 001099000001, \
                     điện thoại 0900000001, đến UBND xã làm việc.";

impl Greeting<'_> {
    /// The lines, ready to print.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        let data = self.data_dir.display();
        // Writing to a String cannot fail.
        let _ = if self.is_first_start {
            writeln!(out, "Lá Chắn: made {data} (CA, keys, incident store)")
        } else {
            writeln!(out, "Lá Chắn: using {data}")
        };
        for proxy in self.proxies {
            let _ = writeln!(out, "  proxy          http://{proxy}");
        }
        let _ = writeln!(out, "  back office    https://{}", self.admin);
        let _ = writeln!(out, "  metrics        http://{}/metrics", self.metrics);
        let _ = writeln!(out, "  guarding       {} AI services", self.services_count);
        if let Some(proxy) = self.proxies.first() {
            let _ = writeln!(
                out,
                "Try it (offline; the answer shows what an AI would receive):"
            );
            let _ = writeln!(out, "  {}", self.curl_line(*proxy));
        }
        out
    }

    fn curl_line(&self, proxy: SocketAddr) -> String {
        let reachable = if proxy.ip().is_unspecified() {
            SocketAddr::from(([127, 0, 0, 1], proxy.port()))
        } else {
            proxy
        };
        let root = self.data_dir.join("ca").join("root.pem");
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
