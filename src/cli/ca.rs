//! `lachan ca`: show the interception CA, export it, change it, keep it safe.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Subcommand;

use crate::app::with_causes;
use crate::cli::owner::become_owner;
use crate::cli::passphrase::{self, Asked};
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::tls::backup::{self, BACKUP_BYTES_MAX};
use crate::tls::{CertificateAuthority, rotation};

/// What to do with the CA.
#[derive(Subcommand)]
pub(super) enum CaCommand {
    /// Show names, validity and fingerprints.
    Show,
    /// Print the root certificates that workstations are to trust on standard output.
    Export {
        /// As DER instead of PEM: the root in use alone.
        #[arg(long)]
        der: bool,
    },
    /// Change the root: make a second CA that stands by, offered to workstations beside the first.
    Rotate {
        /// Let the two change places: from the next start on the other one signs. Can be undone by
        /// the same command.
        #[arg(long, conflicts_with = "finish")]
        activate: bool,
        /// Remove the old CA, keys included, once no workstation needs it.
        #[arg(long)]
        finish: bool,
    },
    /// Write the CA, keys included, to a file that a passphrase opens.
    Backup {
        /// The file, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Put a CA back from such a file, where there is none.
    Restore {
        /// The file.
        file: PathBuf,
    },
}

/// Runs `lachan ca`. It never makes a first CA: that is the first start's job.
pub(super) fn ca(command: &CaCommand, settings: &Settings) -> Ended {
    let folder = settings.data_dir.join("ca");
    let now = SystemTime::now();
    let done = match command {
        CaCommand::Show => show(&folder, now),
        CaCommand::Export { der: false } => {
            load(&folder, now).map(|authority| output::print(&authority.roots_pem()))
        }
        CaCommand::Export { der: true } => {
            load(&folder, now).map(|authority| output::print_bytes(authority.root_der()))
        }
        CaCommand::Rotate { activate, finish } => {
            become_owner(&settings.data_dir).and_then(|()| match (activate, finish) {
                (_, true) => end_rotation(&folder, now),
                (true, false) => turn(&folder, now),
                (false, false) => begin_rotation(&folder, now),
            })
        }
        CaCommand::Backup { out } => back_up(&folder, now, out),
        CaCommand::Restore { file } => restore(settings, &folder, now, file),
    };
    done.unwrap_or_else(|reason| {
        output::error(&reason);
        Ended::Failed
    })
}

fn show(folder: &Path, now: SystemTime) -> Result<Ended, String> {
    let authority = load(folder, now)?;
    Ok(output::print(&format!(
        "{}\n",
        authority.describe().trim_end()
    )))
}

const RESTART: &str = "Khởi động lại dịch vụ để có hiệu lực: systemctl restart lachan";

fn begin_rotation(folder: &Path, now: SystemTime) -> Result<Ended, String> {
    let second = rotation::prepare(folder, now).map_err(|error| with_causes(&error))?;
    Ok(output::print(&format!(
        "Đã tạo chứng chỉ thứ hai, SHA-256 {}. Nó được phát cho máy trạm cùng chứng chỉ đang \
         dùng, chưa dùng để ký. Khi mọi máy trạm đã cài, chạy: lachan ca rotate --activate. \
         {RESTART}\n",
        second.fingerprint_sha256()
    )))
}

fn turn(folder: &Path, now: SystemTime) -> Result<Ended, String> {
    let turned = rotation::activate(folder, now).map_err(|error| with_causes(&error))?;
    Ok(output::print(&format!(
        "Từ lần khởi động sau, Lá Chắn dùng chứng chỉ có SHA-256 {}. Chứng chỉ kia vẫn được phát \
         cho máy trạm; chạy lại lệnh này để đổi về. {RESTART}\n",
        turned.fingerprint_sha256()
    )))
}

fn end_rotation(folder: &Path, now: SystemTime) -> Result<Ended, String> {
    rotation::finish(folder, now).map_err(|error| with_causes(&error))?;
    Ok(output::print(&format!(
        "Đã xóa chứng chỉ cũ và khóa của nó khỏi máy này. {RESTART}\n"
    )))
}

fn back_up(folder: &Path, now: SystemTime, out: &Path) -> Result<Ended, String> {
    load(folder, now)?;
    if out.exists() {
        return Err(format!(
            "{} is there already; name another file",
            out.display()
        ));
    }
    let words = passphrase::ask(Asked::Twice)?;
    let text = backup::seal(folder, now, &words).map_err(|error| with_causes(&error))?;
    write(&text, out)
        .map_err(|error| format!("cannot write {}: {error}; name another file", out.display()))?;
    Ok(output::print(&format!(
        "Đã ghi {}. Cất tệp này và cụm mật khẩu ở hai nơi khác nhau; thiếu một trong hai thì không \
         khôi phục được.\n",
        out.display()
    )))
}

fn write(text: &str, out: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a backup is worse than none.
        std::fs::remove_file(out).ok();
    }
    written
}

fn restore(
    settings: &Settings,
    folder: &Path,
    now: SystemTime,
    path: &Path,
) -> Result<Ended, String> {
    let text = read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    become_owner(&settings.data_dir)?;
    let words = passphrase::ask(Asked::Once)?;
    let authority =
        backup::restore(folder, now, &text, &words).map_err(|error| with_causes(&error))?;
    Ok(output::print(&format!(
        "Đã khôi phục chứng chỉ, SHA-256 {}. Máy trạm đã tin chứng chỉ này thì không phải cài lại.\n",
        authority.fingerprint_sha256()
    )))
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(BACKUP_BYTES_MAX)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn load(folder: &Path, now: SystemTime) -> Result<CertificateAuthority, String> {
    CertificateAuthority::load(folder, now).map_err(|error| with_causes(&error))
}
