//! `lachan doctor`: is everything around the guard as it should be, and what is to be done?
//!
//! A check is one function of [`Case`] that returns lines; a new one is added to [`examine`]. The
//! checks of the machine are in `doctor_machine`, those of the data folder in `doctor_data`, those
//! of the way out in `doctor_network`. It changes nothing, and may run beside the service.

use std::time::SystemTime;

use super::{doctor_data, doctor_machine, doctor_network};
use crate::cli::owner::become_owner;
use crate::cli::{Ended, output};
use crate::config::{Mistake, Settings};

/// What the checks look at.
pub(super) struct Case<'a> {
    pub(super) settings: &'a Settings,
    pub(super) mistakes: &'a [Mistake],
    pub(super) now: SystemTime,
    /// What the running program says of itself, if one runs with these settings.
    pub(super) readiness: Option<String>,
}

/// What was checked, what came of it, and what to do about it.
pub(super) struct Line {
    grade: Grade,
    subject: &'static str,
    found: String,
    remedy: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Good,
    /// Works, and wants a look.
    Care,
    Bad,
}

impl Grade {
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "đạt  ",
            Self::Care => "lưu ý",
            Self::Bad => "lỗi  ",
        }
    }
}

impl Line {
    pub(super) fn good(subject: &'static str, found: impl Into<String>) -> Self {
        Self::new(Grade::Good, subject, found.into(), String::new())
    }

    pub(super) fn care(
        subject: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(Grade::Care, subject, found.into(), remedy.into())
    }

    pub(super) fn bad(
        subject: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(Grade::Bad, subject, found.into(), remedy.into())
    }

    const fn new(grade: Grade, subject: &'static str, found: String, remedy: String) -> Self {
        Self {
            grade,
            subject,
            found,
            remedy,
        }
    }

    fn told(&self) -> String {
        let line = format!("{}  {}: {}\n", self.grade.word(), self.subject, self.found);
        if self.remedy.is_empty() {
            return line;
        }
        format!("{line}       cần làm: {}\n", self.remedy)
    }
}

/// Runs every check and prints a line for each; exit status 1 where one of them failed.
pub(super) fn doctor(settings: &Settings, mistakes: &[Mistake]) -> Ended {
    let runtime = become_owner(&settings.data_dir).and_then(|()| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start the runtime: {error}"))
    });
    let lines = match runtime {
        Ok(runtime) => runtime.block_on(examine(settings, mistakes)),
        Err(reason) => {
            output::error(&reason);
            return Ended::Failed;
        }
    };
    let count = |grade| lines.iter().filter(|line| line.grade == grade).count();
    let told: String = lines.iter().map(Line::told).collect();
    let summary = format!(
        "\nKết quả: {} đạt, {} lưu ý, {} lỗi\n",
        count(Grade::Good),
        count(Grade::Care),
        count(Grade::Bad)
    );
    let printed = output::print(&(told + &summary));
    printed.worse(if count(Grade::Bad) == 0 {
        Ended::Done
    } else {
        Ended::Found
    })
}

async fn examine(settings: &Settings, mistakes: &[Mistake]) -> Vec<Line> {
    let case = Case {
        settings,
        mistakes,
        now: SystemTime::now(),
        readiness: doctor_machine::readiness(settings).await,
    };
    let mut lines = doctor_data::settings(&case);
    lines.extend(doctor_machine::clock(&case).await);
    lines.extend(doctor_machine::disk(&case));
    lines.extend(doctor_machine::ports(&case));
    lines.extend(doctor_machine::service(&case));
    lines.extend(doctor_data::ca(&case));
    lines.extend(doctor_data::store(&case).await);
    lines.extend(doctor_network::roots(&case));
    lines.extend(doctor_network::names(&case).await);
    lines.extend(doctor_network::upstreams(&case).await);
    lines
}
