//! How is a notice to a person written, whatever it is shown in?
//!
//! A refusal or a failure is worded once, as a [`Notice`]; from it come the plain lines that a
//! chat window shows and the page that a browser shows. Every text is escaped on the page.

use askama::Template;

/// What a person is told: what happened, why, what to do now.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "notice.html")]
pub(super) struct Notice {
    /// What happened, in one line.
    pub(super) title: String,
    /// The rest, in order.
    pub(super) blocks: Vec<Block>,
    /// The code to read out by telephone, where something was recorded.
    pub(super) code: Option<String>,
    /// When, as people write it; empty where it does not matter.
    pub(super) time: String,
}

/// One block of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Some sentences.
    Paragraph(String),
    /// What was found, one line each.
    Found(Vec<String>),
    /// What to do, numbered.
    Steps(String, Vec<Step>),
    /// Words and the address that they lead to.
    Link(String, String),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The point in a few words; may be empty.
    pub(super) head: &'static str,
    /// The rest.
    pub(super) text: String,
}

impl Step {
    pub(super) fn new(head: &'static str, text: impl Into<String>) -> Self {
        Self {
            head,
            text: text.into(),
        }
    }
}

impl Notice {
    /// The notice as plain lines.
    pub(super) fn plain(&self) -> String {
        let mut paragraphs = vec![self.title.clone()];
        paragraphs.extend(self.blocks.iter().map(Block::plain));
        paragraphs.extend(self.closing());
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.join("\n\n")
    }

    /// The notice as a page. Writing into a string cannot fail; should it, the plain lines are
    /// still a page.
    pub(super) fn html(&self) -> String {
        self.render().unwrap_or_else(|_| {
            let escaped = self.plain().replace('&', "&amp;").replace('<', "&lt;");
            format!("<!doctype html><meta charset=\"utf-8\"><pre>{escaped}</pre>")
        })
    }

    fn closing(&self) -> Option<String> {
        let code = self.code.as_ref().map(|code| format!("Mã sự kiện {code}"));
        let time = (!self.time.is_empty()).then(|| self.time.clone());
        let words: Vec<String> = code.into_iter().chain(time).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    }
}

impl Block {
    fn plain(&self) -> String {
        match self {
            Self::Paragraph(text) => text.clone(),
            Self::Found(lines) => lines
                .iter()
                .map(|line| format!("- {line}"))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::Link(lead, address) => format!("{lead}: {address}"),
            Self::Steps(lead, steps) => std::iter::once(lead.clone())
                .chain(steps.iter().zip(1..).map(|(step, number)| {
                    let gap = if step.head.is_empty() { "" } else { " " };
                    format!("{number}. {}{gap}{}", step.head, step.text)
                }))
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> Notice {
        Notice {
            title: String::from("Nội dung chưa được gửi đến <b>X</b>"),
            blocks: vec![
                Block::Paragraph(String::from("Vì có & trong câu.")),
                Block::Found(vec![String::from("số điện thoại: 1, ví dụ SDT …01")]),
                Block::Steps(
                    String::from("Anh/chị có thể:"),
                    vec![
                        Step::new("Hỏi cách làm.", "Không gửi danh sách."),
                        Step::new("", "Gọi người hỗ trợ."),
                    ],
                ),
            ],
            code: Some(String::from("K7Q2")),
            time: String::from("14:05 ngày 12/6/2026"),
        }
    }

    #[test]
    fn the_plain_form_keeps_every_line() {
        assert_eq!(
            notice().plain(),
            "Nội dung chưa được gửi đến <b>X</b>\n\nVì có & trong câu.\n\n\
             - số điện thoại: 1, ví dụ SDT …01\n\n\
             Anh/chị có thể:\n1. Hỏi cách làm. Không gửi danh sách.\n2. Gọi người hỗ trợ.\n\n\
             Mã sự kiện K7Q2 · 14:05 ngày 12/6/2026"
        );
    }

    #[test]
    fn a_list_of_nothing_leaves_no_gap() {
        let mut notice = notice();
        notice.blocks.insert(0, Block::Found(Vec::new()));
        assert!(!notice.plain().contains("\n\n\n"));
        assert!(notice.plain().starts_with("Nội dung chưa được gửi"));
    }

    #[test]
    fn the_page_escapes_every_text() {
        let html = notice().html();
        assert!(!html.contains("<b>X</b>"));
        assert!(html.contains("&#60;b&#62;X&#60;/b&#62;"), "{html}");
        assert!(html.contains("lang=\"vi\""));
        assert!(html.contains("K7Q2"));
    }

    #[test]
    fn the_style_sheet_stands_in_the_page_without_one_byte_more() {
        let style = format!("<style>{}</style>", super::super::page_style::STYLE);
        assert!(notice().html().contains(&style));
    }
}
