//! The checks of `lachan doctor` that look at settings and data folder: CA, store, chain.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::doctor::{Case, Line};
use crate::app::{Snapshot, with_causes};
use crate::store::{self, StoreKeys, StoreReader, Trust};
use crate::tls::{CertificateAuthority, TlsError};

/// From when on a new root should be on its way to the workstations.
const CA_CARE: Duration = Duration::from_secs(90 * 86_400);

/// Settings, policy, rules and catalogue can be read.
pub(super) fn settings(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "cài đặt";
    const REMEDY: &str = "sửa tệp, rồi chạy lachan check để thử mọi quy tắc";
    let mut told: Vec<String> = case.mistakes.iter().map(ToString::to_string).collect();
    told.extend(Snapshot::load(case.settings).err().unwrap_or_default());
    if told.is_empty() {
        let file = case.settings.file.as_ref().map_or_else(
            || "giá trị mặc định, chưa có tệp".to_owned(),
            |file| file.display().to_string(),
        );
        return vec![Line::good(SUBJECT, file)];
    }
    told.into_iter()
        .map(|mistake| Line::bad(SUBJECT, mistake, REMEDY))
        .collect()
}

/// The CA is whole, ours, and good for a while.
pub(super) fn ca(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "chứng chỉ bảo mật";
    let folder = case.settings.data_dir.join("ca");
    let authority = match CertificateAuthority::load(&folder, case.now) {
        Ok(authority) => authority,
        Err(TlsError::NoneYet { .. }) => {
            return vec![Line::care(
                SUBJECT,
                format!("chưa có trong {}", folder.display()),
                "khởi động dịch vụ lần đầu để tạo, hoặc lachan ca restore TỆP nếu chuyển từ máy cũ",
            )];
        }
        Err(error) => {
            return vec![Line::bad(
                SUBJECT,
                with_causes(&error),
                "khôi phục từ bản sao lưu: lachan ca restore TỆP; không xóa thư mục khi chưa có \
                 bản sao",
            )];
        }
    };
    let mut lines = vec![expiry(SUBJECT, &authority, case.now)];
    lines.extend(belongings(SUBJECT, &folder, &case.settings.data_dir));
    lines.extend(standing_by(&folder, case.now));
    lines
}

fn expiry(subject: &'static str, authority: &CertificateAuthority, now: SystemTime) -> Line {
    let left = authority
        .not_after()
        .duration_since(now)
        .unwrap_or_default();
    let found = format!(
        "còn {} ngày, khóa khớp, SHA-256 {}",
        left.as_secs() / 86_400,
        authority.fingerprint_sha256()
    );
    if left < CA_CARE {
        let remedy = "thay chứng chỉ: lachan ca rotate, cài chứng chỉ mới lên máy trạm, rồi \
                      lachan ca rotate --activate";
        return Line::care(subject, found, remedy);
    }
    Line::good(subject, found)
}

/// A file that another user owns cannot be read, or can be read by another.
fn belongings(subject: &'static str, folder: &Path, data_dir: &Path) -> Option<Line> {
    let owner = std::fs::metadata(data_dir).ok()?.uid();
    let entries = std::fs::read_dir(folder).ok()?;
    let strange = entries.filter_map(Result::ok).find(|entry| {
        entry
            .metadata()
            .is_ok_and(|file| file.uid() != owner || file.mode() & 0o077 != 0)
    })?;
    Some(Line::bad(
        subject,
        format!(
            "{} thuộc người dùng khác hoặc người khác đọc được",
            strange.path().display()
        ),
        "chown -R lachan:lachan /var/lib/lachan và chmod -R go= /var/lib/lachan",
    ))
}

fn standing_by(folder: &Path, now: SystemTime) -> Option<Line> {
    const SUBJECT: &str = "chứng chỉ thứ hai";
    match CertificateAuthority::load_standby(folder, now) {
        Ok(standby) => standby.map(|standby| {
            let found = format!("đang phát kèm, SHA-256 {}", standby.fingerprint_sha256());
            Line::good(SUBJECT, found)
        }),
        Err(error) => Some(Line::care(
            SUBJECT,
            with_causes(&error),
            "kết thúc việc thay chứng chỉ: lachan ca rotate --finish",
        )),
    }
}

/// The log can be read, and nobody changed it.
pub(super) async fn store(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "nhật ký sự kiện";
    let path = case.settings.store_path();
    if !path.exists() {
        return vec![Line::care(
            SUBJECT,
            format!("chưa có tệp {}", path.display()),
            "khởi động dịch vụ lần đầu để tạo",
        )];
    }
    let unreadable = |error: &dyn std::error::Error| {
        let found = with_causes(error);
        let remedy = "kiểm tra ổ đĩa và quyền của tệp; nếu tệp hỏng, khôi phục từ bản sao lưu";
        vec![Line::bad(SUBJECT, found, remedy)]
    };
    let reader = match StoreReader::open(&path).await {
        Ok(reader) => reader,
        Err(error) => return unreadable(&error),
    };
    let key = StoreKeys::load(&case.settings.data_dir).ok();
    let trust = Trust {
        public_key: key.map(|key| key.public_key()),
        checkpoint: None,
    };
    match store::verify(&reader, &trust).await {
        Ok(report) if report.is_intact() => vec![Line::good(SUBJECT, report.to_line())],
        Ok(report) => vec![Line::bad(
            SUBJECT,
            report.to_line(),
            "giữ nguyên tệp, báo người kiểm tra; đối chiếu với mốc kiểm tra lưu ở nơi khác: \
             lachan incidents verify --from TỆP",
        )],
        Err(error) => unreadable(&error),
    }
}
