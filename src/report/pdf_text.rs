//! How wide is a text, and how is it broken into lines? With the embedded font's own measures.
//!
//! Vietnamese letters are single characters (NFC) with a glyph each in Liberation Serif, which has
//! the widths of Times New Roman; nothing is shaped or kerned, as in Word.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};

const REGULAR: &[u8] = include_bytes!("fonts/LiberationSerif-Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/LiberationSerif-Bold.ttf");
const ITALIC: &[u8] = include_bytes!("fonts/LiberationSerif-Italic.ttf");
const BOLD_ITALIC: &[u8] = include_bytes!("fonts/LiberationSerif-BoldItalic.ttf");

/// Which face a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

/// The four faces.
pub(super) struct Fonts {
    faces: [(Font, skrifa::FontRef<'static>); 4],
}

/// A face and a size in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) face: Face,
    pub(super) points: f32,
}

impl Style {
    pub(super) const fn new(face: Face, points: f32) -> Self {
        Self { face, points }
    }

    /// From one line to the next.
    pub(super) fn line_height(self) -> f32 {
        self.points * 1.15
    }
}

impl Fonts {
    /// Reads the embedded files; nothing if they are no fonts.
    pub(super) fn load() -> Option<Self> {
        let face = |bytes: &'static [u8]| {
            Some((
                Font::new(bytes.into(), 0)?,
                skrifa::FontRef::new(bytes).ok()?,
            ))
        };
        let faces = [
            face(REGULAR)?,
            face(BOLD)?,
            face(ITALIC)?,
            face(BOLD_ITALIC)?,
        ];
        Some(Self { faces })
    }

    fn of(&self, face: Face) -> &(Font, skrifa::FontRef<'static>) {
        let [regular, bold, italic, bold_italic] = &self.faces;
        match face {
            Face::Regular => regular,
            Face::Bold => bold,
            Face::Italic => italic,
            Face::BoldItalic => bold_italic,
        }
    }

    /// The face, to draw with.
    pub(super) fn font(&self, face: Face) -> Font {
        self.of(face).0.clone()
    }

    /// The glyphs of a text, with widths as shares of the size.
    pub(super) fn glyphs(&self, text: &str, face: Face) -> Vec<KrillaGlyph> {
        let (_, font) = self.of(face);
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = f32::from(
            font.metrics(Size::unscaled(), LocationRef::default())
                .units_per_em,
        );
        let letters = font.charmap();
        text.char_indices()
            .map(|(at, letter)| {
                let glyph = letters.map(letter).unwrap_or_default();
                let width = metrics.advance_width(glyph).unwrap_or_default() / em;
                let range = at..at + letter.len_utf8();
                KrillaGlyph::new(
                    GlyphId::new(glyph.to_u32()),
                    width,
                    0.0,
                    0.0,
                    0.0,
                    range,
                    None,
                )
            })
            .collect()
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        let glyphs = self.glyphs(text, style.face);
        glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.points
    }

    /// Breaks a text into lines; the first may be shorter. A word that is longer than a line is
    /// broken between letters.
    pub(super) fn lines(
        &self,
        text: &str,
        style: Style,
        width: f32,
        first_width: f32,
    ) -> Vec<Vec<String>> {
        let space = self.width(" ", style);
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut line: Vec<String> = Vec::new();
        let mut used = 0.0;
        for word in text.split_ascii_whitespace() {
            for word in self.broken(word, style, width.min(first_width)) {
                let limit = if lines.is_empty() { first_width } else { width };
                let long = self.width(&word, style);
                let gap = if line.is_empty() { 0.0 } else { space };
                if !line.is_empty() && used + gap + long > limit {
                    lines.push(std::mem::take(&mut line));
                    used = long;
                } else {
                    used += gap + long;
                }
                line.push(word);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A word that is longer than a line, in parts: after a mark that joins, else between letters.
    fn broken(&self, word: &str, style: Style, width: f32) -> Vec<String> {
        const JOINING: [char; 6] = ['-', '/', '_', '.', '@', ','];
        if self.width(word, style) <= width {
            return vec![word.to_owned()];
        }
        let mut parts = Vec::new();
        let (mut part, mut used) = (String::new(), 0.0);
        for letter in word.chars() {
            let mut bytes = [0; 4];
            let wide = self.width(letter.encode_utf8(&mut bytes), style);
            if used + wide > width && !part.is_empty() {
                let joint = part.rfind(JOINING).map_or(part.len(), |at| at + 1);
                let rest = part.split_off(joint);
                parts.push(std::mem::replace(&mut part, rest));
                used = self.width(&part, style);
            }
            part.push(letter);
            used += wide;
        }
        parts.push(part);
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_has_a_glyph_in_every_face() {
        let fonts = Fonts::load().unwrap();
        let mut letters = String::from("₫…“”–·■0123456789");
        for base in "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ".chars() {
            for mark in ["", "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}"] {
                letters.extend(unicode_normalization::UnicodeNormalization::nfc(
                    format!("{base}{mark}").chars(),
                ));
            }
        }
        for face in [Face::Regular, Face::Bold, Face::Italic, Face::BoldItalic] {
            for glyph in fonts.glyphs(
                &letters.replace(['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'], ""),
                face,
            ) {
                assert_ne!(glyph.glyph_id, GlyphId::new(0), "{face:?}");
            }
        }
    }

    #[test]
    fn lines_hold_every_word_and_none_is_too_wide() {
        let fonts = Fonts::load().unwrap();
        let style = Style::new(Face::Regular, 14.0);
        let text = format!("Ủy ban nhân dân {} xã", "x".repeat(400));
        let lines = fonts.lines(&text, style, 200.0, 150.0);
        let joined: String = lines.concat().concat();
        assert_eq!(joined, text.replace(' ', ""));
        for line in lines {
            assert!(fonts.width(&line.join(" "), style) <= 200.0);
        }
    }
}
