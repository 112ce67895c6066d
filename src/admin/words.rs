//! What may be typed for a name or a password, and what is said when it may not?

use crate::admin::password::{PASSWORD_CHARS_MIN, PasswordError};

/// The longest name to sign in with.
const NAME_CHARS_MAX: usize = 40;

/// Checks a name to sign in with: it stands in deeds, addresses and on the command line.
///
/// # Errors
/// What to say.
pub fn account_name(name: &str) -> Result<(), &'static str> {
    let first = name.chars().next();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    let is_good = first.is_some_and(|c| c.is_ascii_lowercase())
        && name.chars().all(is_plain)
        && name.len() >= 2
        && name.len() <= NAME_CHARS_MAX;
    // A deed tells the terminal and people who are not signed in by these names.
    let is_free = !["terminal", "nobody", "clerk", "guard"].contains(&name);
    if is_good && is_free {
        Ok(())
    } else {
        Err(
            "Tên đăng nhập gồm 2 đến 40 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối, \
             bắt đầu bằng chữ.",
        )
    }
}

/// What is said of a password that cannot be used.
pub(super) const fn password_fault(error: PasswordError) -> &'static str {
    const { assert!(PASSWORD_CHARS_MIN == 12) };
    match error {
        PasswordError::TooShort => "Mật khẩu cần ít nhất 12 ký tự; nên dùng vài từ ghép lại.",
        PasswordError::TooLong => "Mật khẩu quá dài.",
        PasswordError::Guessable => {
            "Mật khẩu dễ đoán: chứa tên đăng nhập hoặc chỉ lặp lại một ký tự."
        }
        PasswordError::NotHashed => "Tạm thời chưa đặt được mật khẩu. Đề nghị thử lại.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_none_is_taken_by_the_log() {
        for good in ["lan", "tran.thi-lan2", "vh_xh"] {
            assert_eq!(account_name(good), Ok(()));
        }
        let long = "a".repeat(41);
        for bad in [
            "", "a", "Lan", "2lan", "lan anh", "lần", "a/b", "terminal", &long,
        ] {
            assert!(account_name(bad).is_err(), "{bad}");
        }
    }
}
