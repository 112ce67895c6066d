//! Which hosts does a workstation send through the proxy? The proxy auto-configuration file.
//!
//! In: the proxy's address and the catalogue's host patterns. Out: a script for browsers and for
//! Windows itself, whose engine knows ECMAScript 3 only. AI services and `*.lachan.internal` go
//! through the proxy and nowhere else: with a `DIRECT` after it, a stopped proxy would mean no
//! protection and nobody noticing. All else goes direct.
//!
//! Never: anything from the request; characters that could end a string.

use std::fmt::Write as _;

/// A host of the catalogue, as the script compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPatternForPac {
    /// This host alone.
    Exact(String),
    /// This host and every host below it.
    Suffix(String),
}

/// Writes the script.
pub fn script(proxy_address: &str, hosts: &[HostPatternForPac]) -> String {
    let mut exact: Vec<&str> = Vec::new();
    let mut suffix: Vec<&str> = vec!["lachan.internal"];
    for host in hosts {
        match host {
            HostPatternForPac::Exact(name) => exact.push(name),
            HostPatternForPac::Suffix(name) => {
                suffix.push(name.trim_start_matches('*').trim_start_matches('.'));
            }
        }
    }
    let proxy = string_literal(&format!("PROXY {proxy_address}"));
    let exact = object_literal(exact);
    let suffix = object_literal(suffix);
    format!(
        r#"// La Chan: AI services go through the proxy, everything else goes direct.
var proxy = {proxy};
var exact = {exact};
var suffix = {suffix};

function has(set, name) {{
  return Object.prototype.hasOwnProperty.call(set, name);
}}

function FindProxyForURL(url, host) {{
  var name = host.toLowerCase();
  while (name.charAt(name.length - 1) === ".") {{
    name = name.substring(0, name.length - 1);
  }}
  if (has(exact, name)) {{
    return proxy;
  }}
  for (;;) {{
    if (has(suffix, name)) {{
      return proxy;
    }}
    var dot = name.indexOf(".");
    if (dot < 0) {{
      return "DIRECT";
    }}
    name = name.substring(dot + 1);
  }}
}}
"#
    )
}

/// A set of names, sorted, each once.
fn object_literal(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.dedup();
    let members: Vec<String> = names
        .iter()
        .map(|name| format!("  {}: 1", string_literal(&name.to_ascii_lowercase())))
        .collect();
    if members.is_empty() {
        return String::from("{}");
    }
    format!("{{\n{}\n}}", members.join(",\n"))
}

/// A string in which only characters of host names and addresses stand for themselves.
fn string_literal(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b" .:-_[]".contains(&byte) => {
                out.push(char::from(byte));
            }
            // Writing into a string cannot fail.
            Ok(_) | Err(_) => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn sample() -> String {
        script(
            "10.0.0.1:3128",
            &[
                HostPatternForPac::Exact(String::from("Gemini.Google.com")),
                HostPatternForPac::Suffix(String::from("*.openai.com")),
                HostPatternForPac::Suffix(String::from("chatgpt.com")),
            ],
        )
    }

    #[test]
    fn an_ai_host_has_no_way_around_the_proxy() {
        let script = sample();
        assert!(
            script.contains("var proxy = \"PROXY 10.0.0.1:3128\";"),
            "{script}"
        );
        assert_eq!(script.matches("DIRECT").count(), 1, "{script}");
        for name in [
            "gemini.google.com",
            "openai.com",
            "chatgpt.com",
            "lachan.internal",
        ] {
            assert!(script.contains(&format!("  \"{name}\": 1")), "{script}");
        }
    }

    #[test]
    fn no_character_can_end_a_string() {
        let hostile = "a\";alert(1)//\\\n\u{2028}</script>đ";
        let script = script(hostile, &[HostPatternForPac::Exact(hostile.to_owned())]);
        assert!(script.contains(
            r#""PROXY a\u0022\u003balert\u00281\u0029\u002f\u002f\u005c\u000a\u2028\u003c\u002fscript\u003e\u0111""#
        ), "{script}");
        assert!(!script.contains("alert(1)"));
    }

    /// Runs where Node.js is installed; elsewhere the tests above stand alone.
    #[test]
    fn a_javascript_engine_agrees() {
        let questions = [
            ("gemini.google.com", "PROXY 10.0.0.1:3128"),
            ("GEMINI.google.com.", "PROXY 10.0.0.1:3128"),
            ("www.gemini.google.com", "DIRECT"),
            ("api.openai.com", "PROXY 10.0.0.1:3128"),
            ("openai.com", "PROXY 10.0.0.1:3128"),
            ("notopenai.com", "DIRECT"),
            ("openai.com.example", "DIRECT"),
            ("test.lachan.internal", "PROXY 10.0.0.1:3128"),
            ("dichvucong.gov.vn", "DIRECT"),
            ("localhost", "DIRECT"),
            ("constructor", "DIRECT"),
            ("", "DIRECT"),
        ];
        let mut program = sample();
        for (host, _) in questions {
            let _ = writeln!(
                program,
                "console.log(FindProxyForURL('https://x/', '{host}'));"
            );
        }
        let Ok(output) = Command::new("node").arg("-e").arg(&program).output() else {
            return;
        };
        let answers = String::from_utf8(output.stdout).unwrap();
        let expected: Vec<&str> = questions.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(answers.lines().collect::<Vec<_>>(), expected);
    }
}
