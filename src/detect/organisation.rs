//! Whose is an account: does the block of lines above it name a firm and nobody behind it, or the
//! line say that its holder is an organisation?
//!
//! In: text and the place of an account, or of a plate. Out: whether it is an organisation's, as on
//! an invoice, or the state's.
//!
//! Never: firms named behind the account without such words, nor beyond an empty line.

use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::prefilter::around;
use crate::model::part::Span;

/// The lines of a firm on an invoice stand within so many bytes.
const REACH: usize = 360;

const FIRMS: [&str; 7] = [
    "don vi nhan",
    "cong ty",
    "don vi ban",
    "don vi thu huong",
    "hop tac xa",
    "doanh nghiep",
    "tnhh",
];
const PERSONS: [&str; 9] = [
    "ho ten",
    "ho va ten",
    " ong ",
    " ba ",
    "chu tai khoan",
    "chu tk",
    "nguoi huong",
    "nguoi thu huong",
    "ben b",
];

/// Words in the line of whoever acts for a firm.
const ACTING: [&str; 3] = ["dai dien", "chuc vu", "giam doc"];
/// Words in the line of an organisation that speak of somebody in it.
const ABOUT_PERSONS: [&str; 10] = [
    " giao vien",
    " nhan vien",
    " can bo",
    " em ",
    " toi ",
    " anh ",
    " chi ",
    " co ",
    " thay ",
    " cua ",
];
/// Words for the tax code that stands before an account on an invoice.
const TAX_CODES: [&str; 3] = ["mst", "mã số thuế", "ma so thue"];
/// A bank's name behind an account is no longer than this.
const BANK_BYTES_MAX: usize = 32;
/// A label and nothing else is as short as this.
const LABEL_BYTES_MAX: usize = 32;
/// So many lines above may name the holder.
const LINES_ABOVE: usize = 3;

/// Words behind an account that name its holder, and those with which organisations' names begin;
/// without diacritics only those that are no surnames then.
const HOLDERS: [&str; 9] = [
    "ten tk",
    "ten tai khoan",
    "chủ tk",
    "chủ tài khoản",
    "chu tk",
    "chu tai khoan",
    "tên tk",
    "tên tài khoản",
    "đơn vị",
];
const ORGANISATIONS: [&str; 49] = [
    "ban ",
    "quỹ ",
    "công ty",
    "cong ty",
    "cty",
    "ubnd",
    "ủy ban",
    "uỷ ban",
    "uy ban",
    "trường ",
    "truong th",
    "truong tieu hoc",
    "truong mam non",
    "hội ",
    "hợp tác xã",
    "hop tac xa",
    "htx",
    "bệnh viện",
    "benh vien",
    "trung tâm",
    "trung tam",
    "kho bạc",
    "kho bac",
    "phòng ",
    "sở ",
    "doanh nghiệp",
    "doanh nghiep",
    "trạm ",
    "chi cục",
    "chi cuc",
    "cục ",
    "tòa án",
    "toà án",
    "toa an",
    "văn phòng",
    "van phong",
    "đơn vị",
    "don vi",
    "liên đoàn",
    "nhà thuốc",
    "cửa hàng",
    "nhà xuất bản",
    "quy vi nguoi ngheo",
    "quy den on",
    "quy khuyen hoc",
    "công đoàn",
    "cong doan",
    "mặt trận",
    "mttq",
];

/// Organisations right behind an account; banks have branches and funds there, too.
const HOLDERS_BESIDE: [&str; 25] = [
    "quy vi nguoi ngheo",
    "quy khuyen hoc",
    "chi cuc",
    "kho bac",
    "quỹ ",
    "chi cục",
    "kho bạc",
    "công ty",
    "cong ty",
    "cty",
    "ubnd",
    "ủy ban",
    "uy ban",
    "htx",
    "hợp tác xã",
    "hop tac xa",
    "bệnh viện",
    "benh vien",
    "trung tâm",
    "trung tam",
    "trường thpt",
    "trường thcs",
    "trường tiểu học",
    "trường mầm non",
    "truong th",
];
/// Only organisations have accounts there.
const TREASURIES: [&str; 8] = [
    "tại kho bạc",
    "tai kho bac",
    "tại kbnn",
    "tai kbnn",
    "mở tại kho bạc",
    "mo tai kho bac",
    "mở tại kbnn",
    "mo tai kbnn",
];
/// Words behind a plate that say the car is the state's, or the plate put up for auction.
const STATE_CARS: [&str; 20] = [
    "được đấu giá",
    "duoc dau gia",
    "người trả giá",
    "nguoi tra gia",
    "biển số xanh",
    "bien so xanh",
    "biển xanh",
    "bien xanh",
    "xe công",
    "xe cong",
    "xe cơ quan",
    "xe co quan",
    "của cơ quan",
    "cua co quan",
    "của công ty",
    "cua cong ty",
    "của doanh nghiệp",
    "cua doanh nghiep",
    "của hợp tác xã",
    "của htx",
];
/// Such words stand within so many bytes behind the plate.
const CAR_REACH: usize = 48;

/// Whether the plate is that of a car of the state or a firm, or nobody's yet.
pub(super) fn drives(text: &str, span: Span) -> bool {
    let near = around(text, Span::new(span.end, span.end), CAR_REACH);
    let behind = Span::new(span.end, near.end.max(span.end)).of(text);
    let clause = behind.split(['\n', ';', '.']).next().unwrap_or_default();
    // A car in the office's garage may be anyone's.
    let clause = in_small(clause)
        .replace("nhà xe ", "")
        .replace("nha xe ", "");
    STATE_CARS.iter().any(|word| clause.contains(word))
}

/// Whether an organisation is named on the line of a tax code, and nobody between: "uỷ quyền cho
/// Trường THPT Mẫu (mst 4900182737)".
pub(super) fn is_named_before(text: &str, span: Span) -> bool {
    const OTHERS: [&str; 4] = ["bhxh ", "ctcp", "bv ", "employer"];
    let near = around(text, Span::new(span.start, span.start), REACH);
    let above = Span::new(near.start, span.start).of(text);
    let line = in_small(above.rsplit('\n').next().unwrap_or_default()).into_owned();
    let begins_word = |at: usize| !line.get(..at).is_some_and(|lead| lead.ends_with(is_letter));
    let last = |word: &&str| {
        let mut places = line.rmatch_indices(word).map(|(at, _)| at);
        places.find(|at| begins_word(*at))
    };
    let named = ORGANISATIONS.iter().chain(&OTHERS).filter_map(last).max();
    named.is_some_and(|at| {
        let behind = format!(" {} ", folded(line.get(at..).unwrap_or_default()));
        !PERSONS.iter().any(|word| behind.contains(word))
    })
}

/// Whether the account is an organisation's.
pub(super) fn owns(text: &str, span: Span) -> bool {
    is_last_above(text, span) || opens_with_organisation(text, span) || is_holder_behind(text, span)
}

/// Whether the clause with the account opens with an organisation and names nobody; or the lines
/// above do, where the account and its label are alone on theirs.
fn opens_with_organisation(text: &str, span: Span) -> bool {
    let near = around(text, Span::new(span.start, span.start), REACH);
    let above = in_small(Span::new(near.start, span.start).of(text));
    let mut blocks = above.rsplit("\n\n");
    let block = blocks.next().unwrap_or_default();
    // "Tên tài khoản: Quỹ Vì người nghèo", an empty line, "Số tài khoản: …".
    let holder = blocks.next().and_then(|block| block.rsplit('\n').next());
    if block.len() <= LABEL_BYTES_MAX && holder.is_some_and(tells_organisation) {
        return true;
    }
    let mut lines = block.rsplit('\n');
    let clause = lines
        .next()
        .and_then(|line| line.rsplit(';').next())
        .unwrap_or_default();
    let opens = |line: &str| {
        let bare = line.trim_start_matches([' ', '-', '*', '•', '+', '#', '"', '“']);
        ORGANISATIONS.iter().any(|word| bare.starts_with(word))
    };
    let names_nobody = |line: &str| {
        // "Công đoàn cơ sở" has no teacher (cô) in it.
        let plain = format!(" {} ", folded(line)).replace(" co so", " ");
        !PERSONS
            .iter()
            .chain(&ABOUT_PERSONS)
            .any(|word| plain.contains(word))
    };
    // "Sửa câu này: Quỹ Vì người nghèo, STK …".
    if clause.split(": ").any(opens) {
        return names_nobody(clause);
    }
    // A line of an invoice: "Người mua: Trường Mẫu; MST: ...; STK: ...".
    let line = block.rsplit('\n').next().unwrap_or_default();
    let buyer = line.split_once(": ").map_or(line, |(_, buyer)| buyer);
    if TAX_CODES.iter().any(|word| line.contains(word)) && (opens(line) || opens(buyer)) {
        return names_nobody(line);
    }
    // "Quỹ Vì người nghèo xã; STK: ...": the clause before names the holder.
    let holder = line.rsplit(';').nth(1).unwrap_or_default();
    if clause.len() <= LABEL_BYTES_MAX && is_fund(holder) {
        return names_nobody(line);
    }
    clause.len() <= LABEL_BYTES_MAX
        && lines.clone().take(LINES_ABOVE).any(opens)
        && lines.take(LINES_ABOVE).all(names_nobody)
}

/// Whether the clause begins with the name of an organisation that has accounts.
fn is_fund(clause: &str) -> bool {
    let bare = clause.trim_start_matches([' ', '-', '*', '•', '+']);
    HOLDERS_BESIDE.iter().any(|word| bare.starts_with(word))
}

/// Whether the line goes on with a holder that is an organisation: `chủ TK: Quỹ Vì người nghèo`.
fn is_holder_behind(text: &str, span: Span) -> bool {
    let near = around(text, Span::new(span.end, span.end), REACH);
    let behind = Span::new(span.end, near.end.max(span.end)).of(text);
    let line = in_small(behind.split('\n').next().unwrap_or_default());
    let line = line.trim_start();
    let beside = line.trim_start_matches([' ', '-', ',', '(']);
    let owner = line
        .strip_prefix("của ")
        .or_else(|| line.strip_prefix("cua "));
    let behind_bank = line.split_once(['-', '–', '(']).filter(|(bank, _)| {
        bank.len() <= BANK_BYTES_MAX && !bank.bytes().any(|byte| byte.is_ascii_digit())
    });
    behind_bank.is_some_and(|(_, name)| {
        let name = name.trim_start();
        HOLDERS_BESIDE.iter().any(|word| name.starts_with(word))
    }) || owner.is_some_and(is_organisation)
        || beside.len() < line.len() && HOLDERS_BESIDE.iter().any(|word| beside.starts_with(word))
        || TREASURIES.iter().any(|start| line.starts_with(start))
        || tells_organisation(line)
}

/// Whether the line tells a holder that is an organisation.
fn tells_organisation(line: &str) -> bool {
    HOLDERS.iter().any(|holder| {
        line.split_once(holder)
            .is_some_and(|(_, name)| is_organisation(name.trim_start_matches([' ', ':', '-', '"'])))
    })
}

fn is_organisation(name: &str) -> bool {
    ORGANISATIONS.iter().any(|word| name.starts_with(word))
}

/// Whether the last owner named above the span is a firm.
fn is_last_above(text: &str, span: Span) -> bool {
    let near = around(text, Span::new(span.start, span.start), REACH);
    let above = Span::new(near.start, span.start).of(text);
    let block = folded(above.rsplit("\n\n").next().unwrap_or_default());
    // "Đại diện: Bà Lê Thị Mẫu - Chức vụ: Giám đốc" acts for the firm.
    let lines = block
        .split('\n')
        .filter(|line| !ACTING.iter().any(|acting| line.contains(acting)));
    let plain = lines.collect::<Vec<_>>().join(" ");
    let plain = plain.replace([':', '.', '('], " ");
    let last = |words: &[&str]| words.iter().filter_map(|word| plain.rfind(word)).max();
    last(&FIRMS).is_some_and(|firm| {
        !is_workplace(plain.get(..firm).unwrap_or_default())
            && last(&PERSONS).is_none_or(|person| person < firm)
    })
}

/// Whether somebody works, or worked, at the firm that stands behind the words: "tôi nghỉ việc tại
/// công ty".
fn is_workplace(before: &str) -> bool {
    let clause = before.rsplit([',', ';']).next().unwrap_or_default();
    let told = clause.trim_end();
    let is_at = ["tai", "o", "cho"]
        .iter()
        .any(|at| told.ends_with(&format!(" {at}")));
    is_at
        && [" lam", " nghi viec", " viec "]
            .iter()
            .any(|word| told.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_firms(text: &str) -> bool {
        let at = text.find("0123456789").unwrap();
        owns(text, Span::new(at, at + 10))
    }

    #[test]
    fn accounts_of_firms_are_told_from_those_of_people() {
        assert!(is_firms("CÔNG TY MẪU\nMST: 1\nSố tài khoản: 0123456789"));
        assert!(!is_firms(
            "Công ty Mẫu\nÔng Nguyễn Văn Thử\nSTK: 0123456789"
        ));
        assert!(is_firms(
            "Công ty Mẫu\n- Đại diện: Bà Lê Thị Thử\n- Tài khoản: 0123456789"
        ));
        assert!(!is_firms("Công ty Mẫu\n\nSTK: 0123456789"));
        assert!(is_firms(
            "Tên tài khoản: Ủy ban Mẫu\n\nSố tài khoản: 0123456789"
        ));
        assert!(is_firms("Quỹ Vì người nghèo xã: STK 0123456789"));
        assert!(is_firms("BỆNH VIỆN MẪU\nMST: 1\nTK: 0123456789"));
        assert!(is_firms("STK 0123456789 - Trường THPT Mẫu"));
        assert!(!is_firms("Trường THPT Mẫu, cô giáo Thử, STK 0123456789"));
        assert!(!is_firms("STK: 0123456789"));
        assert!(!is_firms(
            "Tôi nghỉ làm tại công ty Mẫu, xin nhận vào tài khoản 0123456789"
        ));
        assert!(is_firms(
            "STK 0123456789, chủ TK: Quỹ Vì người nghèo xã Ví Dụ"
        ));
        assert!(!is_firms("STK 0123456789, chủ TK: Trương Văn Thử"));
        assert!(is_firms("tài khoản 0123456789 của Công ty đấu giá Mẫu"));
        assert!(!is_firms("tài khoản 0123456789 của bà Trương Thị Thử"));
    }
}
