//! Does the time that a text takes grow with its length, whatever it is made of?
//!
//! A text that takes the square of its length would stop the guard for everybody. Each text here is
//! one piece again and again; the bound is generous, for a busy machine and an unoptimized program.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lachan::detect::Detector;
use lachan::inspect::{Inspector, InspectorParts, Node};
use lachan::model::exchange::UnixMillis;
use lachan::model::limits::Limits;
use lachan::policy::Policy;
use lachan::service::Catalogue;

const TEXT_BYTES: usize = 50_000;
/// What is linear takes well below a second of an unoptimized program; squares take minutes.
const TIME_MAX: Duration = Duration::from_secs(8);

const PIECES: [&str; 98] = [
    "a",
    "A",
    "ă",
    "a ",
    "- ",
    "a1",
    "0",
    "0123456789",
    "0 ",
    "0.",
    " ",
    "\t",
    "\n",
    "*",
    "**a",
    "|",
    "| a |\n",
    "<td>",
    "<td>1</td>",
    "&#48;",
    "001099000001 ",
    "0912345678,",
    "%41",
    "%",
    "a=",
    "a@",
    ".",
    "(",
    "aw",
    "dd",
    "b c d f ",
    "n g u y e n ",
    "{\"a\":",
    "[",
    "a;b;c\n",
    "a  b  c\n",
    "không một hai ",
    "ba- ",
    "CCCD: ",
    "TUYỆT MẬT\n",
    "TUYỆT MẬT>",
    "|TUYỆT MẬT<b",
    "LƯU HÀNH NỘI BỘ, ",
    "mật khẩu là ",
    "mk a ",
    "curl -u ",
    "tuổi: 6\n",
    "địa chỉ\n",
    "12\n> ",
    "\u{200b}",
    "０",
    "Họ tên: ",
    "Họ và tên\tNgày sinh\tCCCD\n",
    "1. ",
    "http://",
    "====",
    "_",
    "a\u{301}",
    "1/",
    "Ông ",
    "NGUYỄN VĂN THỬ\n",
    "NGUYỄN VĂN THỬ SINH NĂM 1985 Ở THÔN MẪU ",
    "nguyễn văn thử sinh 1985 ở thôn mẫu; ",
    "y thuôn ",
    "lê ",
    "a  ",
    "> 1;a\n",
    "<td rowspan=9>",
    "stt\nhọ tên\n1\n",
    "số 0912345678 ",
    "Hộ nghèo: Nguyễn Văn Hùng, ",
    "DANH SÁCH HỘ NGHÈO\nNguyễn Văn Hùng\n",
    "Bà Lan (sinh năm 1960) bị ung thư, ",
    "hotline\n0912345678 ",
    "**a** **",
    "<p>a</p>",
    "mot hai ba bon\n\nMột hai ba bốn\n\n",
    "Nguyễn Văn Thử, 0912345678\n---\n",
    "anh K.T.H (SN 1986, trú xã Ví Dụ), ",
    "Chị Ví, 56 tuổi, dân tộc Mường, trú tại xã Mẫu, ",
    "Họ tên,Năm sinh\nNguyễn Văn Thử,1980\n\nmột, hai, ba\n\n",
    "| Họ tên | Năm sinh |\n\n|---|---|\n",
    "names = [\"Nguyễn Văn Thử\", \"Trần Thị Mẫu\"]\n",
    "a) Nguyễn Văn Thử ",
    "Họ tên?\nĐáp: Nguyễn Văn Thử\n",
    "Nợ 0912345678 của Thử\n\n",
    "Lê Văn Thử 0912345678 ở ",
    "Lê Văn Thử sinh năm 1980 (",
    "Nơi ở: thôn 3\nHọ tên: Lê Văn Thử\n",
    "Công ty TNHH Lê Văn Thử 0912345678 ",
    "Lê Văn Thử (1980) và vợ ",
    "Tôi là Trần Thị Mẫu mẹ em Lê Văn Thử hộ nghèo ",
    "('001080000001','Nguyễn Văn Thử'),",
    "ví dụ 0912345678 gửi 8079 ",
    "0912\n345\n678\n",
    "chị Hoa 912345678 ",
    "nhà em ở 45 trần phú p. ví dụ ",
    "bảng điểm ",
];

/// A piece in one cell of a table, again and again.
const CELLS: [(&str, &str); 3] = [
    ("x|y\n1|", "a 0912345678 "),
    ("x\ty\n1\t", "a 0912345678 "),
    ("x;y;z\n1;2;", "a 0912345678 "),
];

/// One piece again and again, and another behind it: what is told of the last is told of all.
const ROWS: [(&str, &str); 1] = [("Lê Văn Thử (1980) và vợ ", "bị lao phổi ")];
/// So many of either: their product is what a fault would take.
const ROW_PIECES: usize = 6_000;

#[test]
fn the_time_for_a_text_grows_with_its_length_only() {
    let limits = Limits::default();
    let inspector = Inspector::new(InspectorParts {
        catalogue: Arc::new(Catalogue::builtin().unwrap()),
        detector: Arc::new(Detector::builtin().unwrap()),
        policy: Arc::new(Policy::builtin().unwrap()),
        node: Arc::new(Node::new([1; 32], [2; 32], &limits)),
        limits: Arc::new(limits),
    });
    let mut slow = Vec::new();
    let repeated = |piece: &str| piece.repeat(TEXT_BYTES / piece.len());
    let plain = PIECES.map(|piece| (piece, repeated(piece)));
    let cells = CELLS.map(|(lead, piece)| (piece, [lead, &repeated(piece)].concat()));
    let rows = ROWS.map(|(first, piece)| {
        let told = [first.repeat(ROW_PIECES), piece.repeat(ROW_PIECES)];
        (piece, told.concat())
    });
    for (piece, text) in plain.into_iter().chain(cells).chain(rows) {
        let started = Instant::now();
        let _scan = inspector.scan_text(text, UnixMillis(1_795_000_000_000));
        let took = started.elapsed();
        if took > TIME_MAX {
            slow.push((piece, took));
        }
    }
    assert_eq!(slow, []);
}
