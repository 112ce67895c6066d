//! Which words did the person type? From a terminal unseen, or from standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

use crate::model::sensitive::Sensitive;

/// Longest line read, in bytes.
const LINE_BYTES_MAX: u64 = 4096;

/// Whether the words are asked for once, or a second time against a slip of the finger.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Once,
    Twice,
}

/// Asks for a passphrase; a program gives it as the first line of standard input.
///
/// # Errors
/// When nothing was typed, the two differ, or the terminal fails; as one line.
pub(super) fn ask(asked: Asked) -> Result<Sensitive<String>, String> {
    let words = if io::stdin().is_terminal() {
        let words = unseen("Cụm mật khẩu (không hiện khi gõ): ")?;
        if asked == Asked::Twice && unseen("Gõ lại cụm mật khẩu: ")?.expose() != words.expose()
        {
            return Err("hai lần gõ không giống nhau; hãy chạy lại lệnh".to_owned());
        }
        words
    } else {
        line()?
    };
    if words.expose().is_empty() {
        return Err(
            "chưa có cụm mật khẩu: gõ khi được hỏi, hoặc đưa vào dòng đầu của đầu vào chuẩn"
                .to_owned(),
        );
    }
    Ok(words)
}

/// Puts the terminal back when it goes out of scope.
struct Echo(Termios);

impl Drop for Echo {
    fn drop(&mut self) {
        tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &self.0).ok();
    }
}

fn unseen(prompt: &str) -> Result<Sensitive<String>, String> {
    let failed = |error: nix::Error| format!("the terminal cannot be used: {error}");
    let before = tcgetattr(io::stdin()).map_err(failed)?;
    let mut quiet = before.clone();
    quiet.local_flags.remove(LocalFlags::ECHO);
    quiet.local_flags.insert(LocalFlags::ECHONL);
    let _put_back = Echo(before);
    tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &quiet).map_err(failed)?;
    let mut err = io::stderr().lock();
    err.write_all(prompt.as_bytes())
        .and_then(|()| err.flush())
        .map_err(|error| error.to_string())?;
    line()
}

fn line() -> Result<Sensitive<String>, String> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(LINE_BYTES_MAX)
        .read_line(&mut text)
        .map_err(|error| format!("standard input cannot be read: {error}"))?;
    Ok(Sensitive::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
