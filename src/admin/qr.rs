//! How does a text look as a QR code? As SVG that pages carry in themselves.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the code (ISO/IEC 18004 §6.3.8).
const QUIET_MODULES: i32 = 4;

/// The code as an SVG element; nothing if the text is too long for one.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET_MODULES;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string does not fail.
            write!(path, "M{},{}h1v1h-1z", x + QUIET_MODULES, y + QUIET_MODULES).ok();
        }
    }
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         aria-label=\"Mã QR của khóa xác thực\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_squares_with_a_white_border() {
        let drawn = svg("otpauth://totp/x").unwrap();
        assert!(drawn.contains("M4,4h1v1h-1z") && !drawn.contains("M3,"));
        assert!(svg(&"x".repeat(10_000)).is_none());
    }
}
