//! How is a number written for people? With dots between thousands (NĐ 30/2020/NĐ-CP).

/// `1.234.567`
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push('.');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_between_thousands() {
        for (value, written) in [
            (0, "0"),
            (999, "999"),
            (1_234, "1.234"),
            (1_234_567, "1.234.567"),
        ] {
            assert_eq!(grouped(value), written);
        }
    }
}
