//! Does a label or a question for a person's name stand right before a word?
//!
//! Never: titles; `name_before` knows those.

use crate::detect::context::last_chars;
use crate::detect::fold::folded;

/// Labels of names, whosever they are: "Họ và tên cha:", "Người được xác định:".
const LABELS: [&str; 15] = [
    "ho ten ",
    "ho va ten ",
    "ho, chu dem",
    "ho chu dem",
    "ho va chu dem",
    "ten nguoi ",
    "ten chu ho",
    "ten con",
    "ten me",
    "nguoi ",
    "tre duoc ",
    "nan nhan",
    "doi tuong",
    "benh nhan",
    "thi sinh",
];
/// What somebody is to another, as the whole label: "Mẹ:".
const KIN: [&str; 7] = ["me", "bo", "cha", "vo", "chong", "tre", "be"];
/// Labels of those who make a paper, not of those whom it is about.
const MAKERS: [&str; 6] = [
    "nguoi ky",
    "nguoi phat ngon",
    "nguoi lap",
    "nguoi soan",
    "nguoi phe duyet",
    "nguoi dung dau",
];
/// What stands before an answer.
const ANSWERS: [&str; 7] = ["dap", "tra loi", "tl", "d", "a", "answer", ""];
/// Whoever answers is called by so many words.
const SPEAKER_WORDS_MAX: usize = 3;
/// What is asked for.
const ASKED: [&str; 6] = [
    "ho ten",
    "ho va ten",
    "ten gi",
    "ten day du",
    "ten khai sinh",
    "xin ten",
];

/// Labels behind which a name and nothing else stands.
const WHOLE: [&str; 12] = [
    "ong (ba)",
    "ong/ba",
    "ong ba",
    "anh (chi)",
    "ho ten",
    "ho va ten",
    "ho, chu dem",
    "ho chu dem",
    "ho va chu dem",
    "ten khai sinh",
    "ten hoc sinh",
    "ten chu ho",
];
/// Labels of other fields, behind which no name stands.
const OTHERS: [&str; 14] = [
    "nghe nghiep",
    "cong viec",
    "quan he",
    "moi quan he",
    "gioi tinh",
    "dan toc",
    "ton giao",
    "trinh do",
    "dia chi",
    "noi o",
    "cho o",
    "thuong tru",
    "que quan",
    "tinh trang",
];

/// Whether the label of a name, which alone may follow, ends the text: "Họ và tên:".
pub(super) fn labels_whole_name(before: &str) -> bool {
    let label = label_at_end(before);
    WHOLE.iter().any(|whole| label.starts_with(whole))
        || label.ends_with(" ten con")
        || label.ends_with(" ten chau")
}

/// Whether the label of another field ends the text: "Nghề nghiệp:".
pub(super) fn labels_other(before: &str) -> bool {
    let label = label_at_end(before);
    OTHERS.iter().any(|other| label.starts_with(other))
}

/// The label with which the text ends, folded; nothing if it ends with none.
fn label_at_end(before: &str) -> String {
    const LABEL_CHARS_MAX: usize = 64;
    const DOTS_MIN: usize = 3;
    let near = last_chars(before, LABEL_CHARS_MAX).trim_end_matches(' ');
    // Dots are left for the pen: "Họ tên ......".
    let undotted = near.trim_end_matches(['.', '…', '_']);
    let is_dotted = undotted.len() + DOTS_MIN <= near.len();
    let label = match near.strip_suffix([':', '=']) {
        Some(label) => label,
        None if is_dotted => undotted.trim_end_matches([' ', ':']),
        None => return String::new(),
    };
    let parts = |c: char| matches!(c, '\n' | '.' | ';' | '\t' | '|' | ':');
    let label = folded(label.rsplit(parts).next().unwrap_or_default());
    label
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
        .to_owned()
}

/// Whether the label of a person's name ends the text, or a question for it.
pub(super) fn labels_name(before: &str) -> bool {
    if asks_name(before) {
        return true;
    }
    let Some(label) = before.trim_end_matches([' ', '\n']).strip_suffix(':') else {
        return false;
    };
    let parts = |c: char| matches!(c, '\n' | '.' | ';' | '\t' | '|' | ':');
    let label = folded(label.rsplit(parts).next().unwrap_or_default());
    let label = label.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let begins = |known: &&str| label.starts_with(*known);
    KIN.contains(&label.trim_end()) || LABELS.iter().any(begins) && !MAKERS.iter().any(begins)
}

/// Whether an answer begins behind the text and its question is for a name: "Họ tên?\nĐáp: ".
fn asks_name(before: &str) -> bool {
    let Some((question, answer)) = before.trim_end_matches(' ').rsplit_once('?') else {
        return false;
    };
    // "Người dân: Nguyễn Văn Thử"
    let is_speaker =
        answer.ends_with(':') && answer.split_whitespace().count() <= SPEAKER_WORDS_MAX;
    let answer = folded(answer);
    let answer = answer.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let question = folded(question.rsplit(['\n', '.']).next().unwrap_or_default());
    let is_what = question.contains("ten ") && question.trim_end().ends_with(" gi");
    (ANSWERS.contains(&answer) || is_speaker)
        && (is_what || ASKED.iter().any(|asked| question.contains(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_questions_of_names_are_known() {
        for before in [
            "Họ và tên cha: ",
            "Người được xác định: ",
            "Hỏi: Họ tên?\nĐáp: ",
            "1. Tên anh/chị là gì?\n→ ",
        ] {
            assert!(labels_name(before), "{before}");
        }
        for before in [
            "Người ký: ",
            "Nơi ở: ",
            "Hỏi: Ở đâu?\nĐáp: ",
            "Họ tên?\nKhông rõ ",
        ] {
            assert!(!labels_name(before), "{before}");
        }
    }
}
