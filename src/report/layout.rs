//! Which measures has a page? Those of Nghị định 30/2020/NĐ-CP, Phụ lục I, in one place.

/// A4, width and height in millimetres.
pub(super) const PAGE_MM: [f32; 2] = [210.0, 297.0];
/// Top 20-25, right 15-20, bottom 20-25, left 30-35 mm.
pub(super) const MARGINS_MM: [f32; 4] = [20.0, 20.0, 20.0, 30.0];
/// The body has 13-14 points.
pub(super) const BODY_POINTS: f32 = 14.0;
/// A table has less, so that its columns hold.
pub(super) const TABLE_POINTS: f32 = 12.0;
/// The first line stands in by 1 or 1.27 cm.
pub(super) const FIRST_LINE_MM: f32 = 12.7;
/// Between paragraphs at least 6 points.
pub(super) const PARAGRAPH_GAP_POINTS: f32 = 6.0;
/// Lines stand single to one and a half.
pub(super) const LINE_SHARE: f32 = 1.1;

/// The country's name.
pub(super) const COUNTRY: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
/// Its motto.
pub(super) const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";

/// The parts of bars: dark, middle, light, so that they are told apart on a black and white print.
pub(super) const SHADES: [(u8, u8, u8); 3] =
    [(0x1d, 0x61, 0x49), (0x6f, 0xb0, 0x95), (0xcf, 0xe3, 0xd9)];

/// How a length of a bar is shared among so many cells: each part gets its share, at least one cell
/// where it is not nothing.
pub(super) fn cells(parts: &[u64], longest: u64, cells: u64) -> Vec<u64> {
    let share = |part: &u64| {
        let exact = u128::from(*part) * u128::from(cells) / u128::from(longest.max(1));
        u64::try_from(exact)
            .unwrap_or(cells)
            .max(u64::from(*part > 0))
    };
    let mut shares: Vec<u64> = parts.iter().map(share).collect();
    // Rounding up may be a cell or two too much; the largest part can spare them.
    while shares.iter().sum::<u64>() > cells {
        match shares.iter_mut().max() {
            Some(largest) if *largest > 1 => *largest -= 1,
            Some(_) | None => break,
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_nothing_is_seen_and_no_bar_is_too_long() {
        assert_eq!(cells(&[50, 50, 0], 100, 40), [20, 20, 0]);
        assert_eq!(cells(&[1, 0, 999_999], 1_000_000, 40), [1, 0, 39]);
        assert_eq!(cells(&[u64::MAX, 0, 0], u64::MAX, 40), [40, 0, 0]);
        assert_eq!(cells(&[0, 0, 0], 0, 40), [0, 0, 0]);
    }
}
