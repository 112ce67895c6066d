//! How fast is a scan? Normalize and detect with all default rules, on one core, in 4 KB pieces.
//!
//! `cargo bench --bench scan` prints a table: kinds of text, the whole scan, normalization alone, and as a baseline in the same run one plain expression of twelve digits over the same
//! bytes. Figures are for comparing on one machine; nothing is asserted.

use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use lachan::detect::{Detector, ScanContext};
use lachan::model::part::PartId;
use lachan::normalize::normalize;
use regex::Regex;

/// The size of one piece, as a prompt or a paragraph has it.
const PIECE_BYTES: usize = 4096;
/// How long each cell of the table is measured.
const MEASURED: Duration = Duration::from_millis(1500);

const PROSE: &str = "Ủy ban nhân dân xã Ví Dụ báo cáo kết quả thực hiện nhiệm vụ phát triển kinh tế \
    xã hội quý III năm 2026. Tổng thu ngân sách đạt 1.234.567.000 đồng, bằng 78,5 % dự toán; diện \
    tích gieo trồng 345,6 ha. Các thôn tiếp tục vận động nhân dân chỉnh trang đường làng, thu gom \
    rác thải, chăm sóc cây xanh và giữ gìn an ninh trật tự. Căn cứ Nghị quyết số 12/NQ-HĐND ngày \
    15/7/2026, đề nghị các bộ phận rà soát, tổng hợp khó khăn, vướng mắc gửi về Văn phòng trước \
    ngày 20 hằng tháng.\n";
const HIT: &str = "Liên hệ ông Nguyễn Văn Thử, số CCCD 001099000001, điện thoại 0900000001.\n";
/// Whole documents have heads, lists, names of signers: more to look at than prose has.
const DOCUMENTS: [&str; 3] = [
    include_str!("../fixtures/documents/cong-van-tap-huan.txt"),
    include_str!("../fixtures/documents/ke-hoach-an-toan-thong-tin.txt"),
    include_str!("../fixtures/documents/thong-bao-tiep-cong-dan.txt"),
];
/// What stands in a document once per KB: numbers of both kinds, and a mark in prose.
const VALUES: [&str; 4] = [
    " 001099000001 ",
    " +84 900 000 001 ",
    " số tài khoản ",
    " căn cước công dân ",
];
const CSV: &str = "12;2026-07-15;4310001200;987654;1250000;17.5;340012;55;2026071512;88123\n";

fn main() {
    let detector = Detector::builtin().unwrap_or_else(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        unreachable!("{}", told.join("\n"))
    });
    let plain = Regex::new(r"(?-u:\b[0-9]{12}\b)").unwrap_or_else(|error| unreachable!("{error}"));
    let mut out = std::io::stdout().lock();
    let mut row = |cells: [String; 4]| {
        let [text, scan, normal, baseline] = cells;
        writeln!(out, "{text:<28} {scan:>12} {normal:>12} {baseline:>14}").unwrap_or_default();
    };
    row(["text", "scan", "normalize", "one expression"].map(str::to_owned));
    for (name, pieces) in samples() {
        let scan = rate(&pieces, |text| {
            let context = ScanContext {
                part: PartId(0),
                label: None,
                year_now: 2026,
            };
            black_box(detector.scan(&normalize(text), &context));
        });
        let normal = rate(&pieces, |text| {
            black_box(normalize(text));
        });
        let baseline = rate(&pieces, |text| {
            black_box(plain.find_iter(text).count());
        });
        row([name.to_owned(), scan, normal, baseline]);
    }
}

/// Each kind of text, in pieces.
fn samples() -> [(&'static str, Vec<String>); 6] {
    let dirty: String = std::iter::repeat_n([PROSE, PROSE, HIT].concat(), 4).collect();
    let documents = DOCUMENTS.concat();
    [
        ("prose that names nobody", in_pieces(&repeated(PROSE))),
        ("the same, a person per KB", in_pieces(&repeated(&dirty))),
        ("rows of figures", in_pieces(&repeated(CSV))),
        ("official documents", in_pieces(&documents)),
        (
            "the same, a value per KB",
            in_pieces(&with_values(&documents)),
        ),
        ("rows of people", in_pieces(&rows_of_people())),
    ]
}

/// The text again and again, up to one piece.
fn repeated(text: &str) -> String {
    text.repeat(PIECE_BYTES / text.len() + 1)
        .chars()
        .scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= PIECE_BYTES).then_some(c)
        })
        .collect()
}

/// A value behind each KB of the text.
fn with_values(text: &str) -> String {
    let mut made = String::new();
    let mut rest = text;
    for value in VALUES.iter().cycle() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(1024));
        made.push_str(piece);
        made.push_str(value);
        if behind.is_empty() {
            break;
        }
        rest = behind;
    }
    made
}

/// A row for each of some people, as lists of customers and of members have them.
fn rows_of_people() -> String {
    let row = |at: usize| {
        let (day, month, year) = (at % 28 + 1, at % 12 + 1, 1950 + at % 50);
        format!(
            "{at},Nguyễn Thị Mẫu {at},0010{:02}{at:06},0900{at:06},{day:02}/{month:02}/{year},{at}.000\n",
            year % 100
        )
    };
    (1..400).map(row).collect()
}

/// The text in pieces of equal size.
fn in_pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        pieces.push(piece.to_owned());
        rest = behind;
    }
    pieces
}

/// Bytes per second, in GB/s.
fn rate(pieces: &[String], mut work: impl FnMut(&str)) -> String {
    for piece in pieces {
        work(piece);
    }
    let begun = Instant::now();
    let mut bytes = 0_usize;
    while begun.elapsed() < MEASURED {
        for piece in pieces {
            work(black_box(piece));
            bytes += piece.len();
        }
    }
    format!(
        "{:.3} GB/s",
        bytes as f64 / begun.elapsed().as_secs_f64() / 1e9
    )
}
