//! The checks of `lachan doctor` that look at the machine: clock, disk, ports, the running service.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::sys::statvfs::statvfs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::doctor::{Case, Line};
use crate::config::Settings;
use crate::store::{Filter, StoreReader};

/// How long the running program may take to say whether it is ready.
const READINESS_MAX: Duration = Duration::from_secs(3);
/// The largest answer of the readiness page that is read, in bytes.
const READINESS_BYTES_MAX: u64 = 64 * 1024;
/// Below this the store may soon fail, in bytes; a record has about a kilobyte.
const DISK_BYTES_MIN: u64 = 500_000_000;
/// Below this somebody should look, in bytes.
const DISK_BYTES_CARE: u64 = 2_000_000_000;
/// How much a clock may lie behind the last record, in milliseconds: incidents are written at once.
const CLOCK_BACK_MILLIS_MAX: i64 = 60_000;

/// Where systemd-timesyncd and chrony leave word that the clock is kept.
const CLOCK_KEPT: [&str; 2] = [
    "/run/systemd/timesync/synchronized",
    "/run/chrony/chronyd.pid",
];

/// What `/readyz` of a program with these settings says; `None` where none answers.
pub(super) async fn readiness(settings: &Settings) -> Option<String> {
    let ask = async {
        let mut stream = TcpStream::connect(settings.metrics_listen).await.ok()?;
        let request = "GET /readyz HTTP/1.1\r\nHost: lachan\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream
            .take(READINESS_BYTES_MAX)
            .read_to_string(&mut answer)
            .await
            .ok()?;
        let (_head, body) = answer.split_once("\r\n\r\n")?;
        Some(body.trim().to_owned())
    };
    tokio::time::timeout(READINESS_MAX, ask).await.ok()?
}

/// A wrong clock makes certificates that nobody accepts, and a log that nobody believes.
pub(super) async fn clock(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "đồng hồ";
    let remedy = "bật đồng bộ giờ: timedatectl set-ntp true (gói systemd-timesyncd), rồi xem lại \
                  bằng timedatectl";
    let now = millis(case.now);
    let told = jiff::Timestamp::from_millisecond(now).map_or_else(
        |_| String::from("?"),
        |time| {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(7));
            time.to_zoned(zone)
                .strftime("%H:%M ngày %-d/%-m/%Y")
                .to_string()
        },
    );
    let last = last_recorded(case.settings).await;
    if last.is_some_and(|last| now + CLOCK_BACK_MILLIS_MAX < last) {
        let found = format!("{told}, sớm hơn sự kiện cuối cùng trong nhật ký");
        return vec![Line::bad(SUBJECT, found, remedy)];
    }
    if CLOCK_KEPT.iter().any(|path| Path::new(path).exists()) {
        return vec![Line::good(SUBJECT, format!("{told}, có đồng bộ giờ"))];
    }
    let found = format!("{told}, chưa thấy dịch vụ đồng bộ giờ");
    vec![Line::care(SUBJECT, found, remedy)]
}

async fn last_recorded(settings: &Settings) -> Option<i64> {
    let path = settings.store_path();
    if !path.exists() {
        return None;
    }
    let reader = StoreReader::open(&path).await.ok()?;
    let filter = Filter {
        limit: 1,
        ..Filter::default()
    };
    let newest = reader.list(&filter).await.ok()?;
    newest.first().map(|incident| incident.record.recorded_at.0)
}

/// A full disk stops the log, and then all but harmless requests.
pub(super) fn disk(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "ổ đĩa";
    let data = &case.settings.data_dir;
    let place = data.ancestors().find(|path| path.exists());
    let place = place.unwrap_or_else(|| Path::new("."));
    let free = match statvfs(place) {
        Ok(disk) => disk.blocks_available().saturating_mul(disk.fragment_size()),
        Err(error) => {
            let found = format!("không xem được {}: {error}", place.display());
            return vec![Line::bad(
                SUBJECT,
                found,
                "kiểm tra quyền của thư mục dữ liệu",
            )];
        }
    };
    let tenths = free / 100_000_000;
    let found = format!(
        "còn {},{} GB ở {}",
        tenths / 10,
        tenths % 10,
        data.display()
    );
    let remedy = "dọn ổ đĩa (journalctl --vacuum-time=30d, apt clean) hoặc chuyển data_dir sang \
                  ổ lớn hơn";
    vec![if free < DISK_BYTES_MIN {
        Line::bad(SUBJECT, found, remedy)
    } else if free < DISK_BYTES_CARE {
        Line::care(SUBJECT, found, remedy)
    } else {
        Line::good(SUBJECT, found)
    }]
}

/// Every port is ours, or free to be.
pub(super) fn ports(case: &Case<'_>) -> Vec<Line> {
    let settings = case.settings;
    let listen = settings.proxy.listen.iter();
    let mut wanted: Vec<(&str, SocketAddr)> =
        listen.map(|address| ("proxy.listen", *address)).collect();
    wanted.push(("admin.listen", settings.admin_listen));
    wanted.push(("metrics.listen", settings.metrics_listen));
    let mut lines: Vec<Line> = wanted
        .into_iter()
        .map(|(key, address)| port(case, key, address))
        .collect();
    let is_local = |address: &SocketAddr| address.ip().is_loopback();
    if settings.proxy.listen.iter().all(is_local) {
        lines.push(Line::care(
            "cổng proxy",
            "chỉ nghe trên chính máy này, máy trạm không kết nối được",
            "đặt proxy.listen là địa chỉ trong mạng nội bộ, ví dụ \"10.0.0.2:3128\"",
        ));
    }
    lines
}

fn port(case: &Case<'_>, key: &str, address: SocketAddr) -> Line {
    const SUBJECT: &str = "cổng";
    let told = format!("{address} ({key})");
    if case.readiness.is_some() {
        return Line::good(SUBJECT, format!("{told} do Lá Chắn đang chạy sử dụng"));
    }
    let error = match TcpListener::bind(address) {
        Ok(_free) => return Line::good(SUBJECT, format!("{told} còn trống")),
        Err(error) => error,
    };
    let kind = error.kind();
    let remedy = if kind == ErrorKind::AddrInUse {
        format!("tìm chương trình đang dùng cổng (ss -ltnp) và dừng nó, hoặc đổi {key}")
    } else if kind == ErrorKind::AddrNotAvailable {
        format!("máy này không có địa chỉ đó (xem ip address): sửa {key}")
    } else {
        format!("cổng nhỏ hơn 1024 cần quyền của dịch vụ: đổi {key}, hoặc chạy bằng systemd")
    };
    Line::bad(SUBJECT, format!("{told} không dùng được: {error}"), remedy)
}

/// Whether the guard runs, and what it complains of.
pub(super) fn service(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "dịch vụ";
    match case.readiness.as_deref() {
        None => vec![Line::care(
            SUBJECT,
            format!("không trả lời ở {}", case.settings.metrics_listen),
            "systemctl start lachan; nếu không chạy, xem journalctl -u lachan -n 50",
        )],
        Some(said) if said.starts_with("ready") => {
            vec![Line::good(
                SUBJECT,
                format!("đang chạy ({})", said.replace('\n', "; ")),
            )]
        }
        Some(said) => said
            .lines()
            .map(|complaint| {
                Line::bad(
                    SUBJECT,
                    complaint,
                    "xem mục tương ứng trong tài liệu quản trị",
                )
            })
            .collect(),
    }
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
