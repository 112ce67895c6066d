//! Which hosts does a workstation send through the proxy? The proxy auto-configuration file.
//!
//! In: the addresses of the office's nodes and the catalogue's host patterns. Out: a script for
//! browsers and for Windows itself, whose engine knows ECMAScript 3 only. AI services and
//! `*.lachan.internal` go through a node and nowhere else: with a `DIRECT` after it, a stopped proxy
//! would mean no protection and nobody noticing. All else goes direct, or, where the office wants
//! everything to come here, direct when no node answers: public services never depend on us.
//!
//! Never: anything from the request; characters that could end a string.

use std::fmt::Write as _;

use super::settings::PacScope;

/// A host of the catalogue, as the script compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPatternForPac {
    /// This host alone.
    Exact(String),
    /// This host and every host below it.
    Suffix(String),
}

/// Writes the script; `nodes` are the addresses to try, this one first.
pub fn script(nodes: &[&str], scope: PacScope, hosts: &[HostPatternForPac]) -> String {
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
    let proxies: Vec<String> = nodes
        .iter()
        .map(|node| string_literal(&format!("PROXY {node}")))
        .collect();
    let proxy = proxies.join(" + \"; \" + ");
    let elsewhere = match scope {
        PacScope::Ai => "\"DIRECT\"",
        PacScope::Everything => "isInside(whole) ? \"DIRECT\" : proxy + \"; DIRECT\"",
    };
    let exact = object_literal(exact);
    let suffix = object_literal(suffix);
    format!(
        r#"// La Chan: AI services go through the proxy and never direct.
var proxy = {proxy};
var exact = {exact};
var suffix = {suffix};

function has(set, name) {{
  return Object.prototype.hasOwnProperty.call(set, name);
}}

// Names and addresses of the office itself.
function isInside(name) {{
  return name.indexOf(".") < 0 || name.indexOf(":") >= 0 ||
    /\.(local|lan|localhost)$/.test(name) ||
    /^(10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\./.test(name);
}}

function FindProxyForURL(url, host) {{
  var name = host.toLowerCase();
  while (name.charAt(name.length - 1) === ".") {{
    name = name.substring(0, name.length - 1);
  }}
  var whole = name;
  if (has(exact, name)) {{
    return proxy;
  }}
  for (;;) {{
    if (has(suffix, name)) {{
      return proxy;
    }}
    var dot = name.indexOf(".");
    if (dot < 0) {{
      return {elsewhere};
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
        sample_for(PacScope::Ai)
    }

    fn sample_for(scope: PacScope) -> String {
        script(
            &["10.0.0.1:3128", "10.0.0.3:3128"],
            scope,
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
            script.contains(r#"var proxy = "PROXY 10.0.0.1:3128" + "; " + "PROXY 10.0.0.3:3128";"#),
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
        let script = script(
            &[hostile],
            PacScope::Ai,
            &[HostPatternForPac::Exact(hostile.to_owned())],
        );
        assert!(script.contains(
            r#""PROXY a\u0022\u003balert\u00281\u0029\u002f\u002f\u005c\u000a\u2028\u003c\u002fscript\u003e\u0111""#
        ), "{script}");
        assert!(!script.contains("alert(1)"));
    }

    /// What a JavaScript engine answers for each host; `None` where Node.js is not installed.
    fn answers(mut program: String, hosts: &[&str]) -> Option<Vec<String>> {
        for host in hosts {
            let _ = writeln!(
                program,
                "console.log(FindProxyForURL('https://x/', '{host}'));"
            );
        }
        let output = Command::new("node").arg("-e").arg(&program).output().ok()?;
        let answers = String::from_utf8(output.stdout).unwrap();
        Some(answers.lines().map(str::to_owned).collect())
    }

    const THROUGH: &str = "PROXY 10.0.0.1:3128; PROXY 10.0.0.3:3128";
    const AI_HOSTS: [&str; 6] = [
        "gemini.google.com",
        "GEMINI.google.com.",
        "api.openai.com",
        "openai.com",
        "chatgpt.com",
        "test.lachan.internal",
    ];
    const OTHERS: [&str; 4] = [
        "www.gemini.google.com",
        "notopenai.com",
        "openai.com.example",
        "dichvucong.gov.vn",
    ];
    const INSIDE: [&str; 6] = [
        "localhost",
        "constructor",
        "",
        "may-in",
        "192.168.1.9",
        "::1",
    ];

    #[test]
    fn a_javascript_engine_agrees() {
        let hosts = [&AI_HOSTS[..], &OTHERS, &INSIDE].concat();
        for (scope, others) in [
            (PacScope::Ai, "DIRECT".to_owned()),
            (PacScope::Everything, format!("{THROUGH}; DIRECT")),
        ] {
            let Some(answers) = answers(sample_for(scope), &hosts) else {
                return;
            };
            let mut expected = vec![THROUGH; AI_HOSTS.len()];
            expected.extend(vec![others.as_str(); OTHERS.len()]);
            expected.extend(vec!["DIRECT"; INSIDE.len()]);
            assert_eq!(answers, expected);
        }
    }
}
