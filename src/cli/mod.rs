//! The commands: what a person or a program types.
//!
//! `lachan` alone is `lachan run`. Results go to standard output, errors to standard error in one
//! readable line each. Exit status: 0 done, 1 found or not verified, 2 could not run.

mod ca;
mod check;
mod coverage;
mod doctor;
mod doctor_data;
mod doctor_machine;
mod doctor_network;
mod evidence;
mod incidents;
mod output;
mod owner;
mod passphrase;
mod report;
mod report_inputs;
mod run;
mod scan;
mod scan_lines;
mod shapes;
mod user;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};

use crate::config::{self, Mistake, Settings};

/// The variable that names the settings file.
const CONFIG_VARIABLE: &str = "LACHAN_CONFIG";

/// A guard between an office's workstations and public AI services.
#[derive(Parser)]
#[command(name = "lachan", version, about, max_term_width = 100)]
struct Cli {
    /// The settings file (default: $LACHAN_CONFIG, /etc/lachan/lachan.toml, else built-in
    /// defaults).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the proxy, the back office and the metrics listener.
    Run,
    /// Inspect files or texts offline: what would be found, what would policy do?
    Scan(scan::ScanArgs),
    /// Check settings, policy, rule packs (every example runs) and catalogue.
    Check,
    /// Check the machine, the data folder and the way out; every line says what to do.
    Doctor,
    /// Requests on unknown paths of known AI hosts, without their contents.
    Shapes(shapes::ShapesArgs),
    /// The interception CA.
    Ca {
        #[command(subcommand)]
        command: ca::CaCommand,
    },
    /// Accounts of the back office.
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// The incident log.
    Incidents {
        #[command(subcommand)]
        command: incidents::IncidentsCommand,
    },
    /// Sealed texts of blocked requests: list, export, make a key.
    Evidence {
        #[command(subcommand)]
        command: evidence::EvidenceCommand,
    },
    /// A report from the incident log, or a check of one against it.
    Report(report::ReportArgs),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// Done, nothing found.
    Done,
    /// Something was found, or not verified.
    Found,
    /// It could not run.
    Failed,
}

impl Ended {
    /// The worse of two ends.
    const fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (Self::Found, _) | (_, Self::Found) => Self::Found,
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Done => Self::SUCCESS,
            Ended::Found => Self::from(1),
            Ended::Failed => Self::from(2),
        }
    }
}

/// Runs the command that the program was started with.
pub fn main() -> ExitCode {
    forbid_core_dumps();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_a_command(&error).into(),
    };
    let named = cli
        .config
        .or_else(|| named_file(env::var_os(CONFIG_VARIABLE)));
    let (settings, mistakes) = config::read(named.as_deref());
    let command = cli.command.unwrap_or(Command::Run);
    // For `check` and `doctor` mistakes are what is looked for.
    if !mistakes.is_empty() && !matches!(command, Command::Check | Command::Doctor) {
        for mistake in &mistakes {
            output::error(&mistake.to_string());
        }
        return Ended::Failed.into();
    }
    run(command, settings, &mistakes).into()
}

/// The settings file that the environment names; an empty variable names none.
fn named_file(variable: Option<OsString>) -> Option<PathBuf> {
    variable.filter(|name| !name.is_empty()).map(PathBuf::from)
}

/// Prompts and keys lie in memory, and a core dump would write them to a disk. The second call also
/// keeps other programs of the same user from looking into this one.
fn forbid_core_dumps() {
    let limited = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    if let Err(error) = limited.and_then(|()| prctl::set_dumpable(false)) {
        output::error(&format!("core dumps cannot be forbidden: {error}"));
    }
}

/// Help and version are results; anything else is one line that says what is wrong.
fn not_a_command(error: &clap::Error) -> Ended {
    let told = error.render().to_string();
    if !error.use_stderr() {
        return output::print(&told);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        output::error("the command goes on; add --help to see how");
        return Ended::Failed;
    }
    let reason: Vec<&str> = told
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.is_empty())
        .collect();
    let reason = reason.join(" ");
    let reason = reason.strip_prefix("error: ").unwrap_or(&reason);
    output::error(&format!("{reason}; try `lachan --help`"));
    Ended::Failed
}

fn run(command: Command, settings: Settings, mistakes: &[Mistake]) -> Ended {
    match command {
        Command::Run => run::run(settings),
        Command::Scan(args) => scan::scan(&args, &settings),
        Command::Check => check::check(&settings, mistakes),
        Command::Doctor => doctor::doctor(&settings, mistakes),
        Command::Shapes(args) => shapes::shapes(&args, &settings),
        Command::Ca { command } => ca::ca(&command, &settings),
        Command::User { command } => user::user(&command, &settings),
        Command::Incidents { command } => incidents::incidents(&command, &settings),
        Command::Evidence { command } => evidence::evidence(&command, &settings),
        Command::Report(args) => report::report(&args, &settings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_names_no_file() {
        assert_eq!(named_file(None), None);
        assert_eq!(named_file(Some(OsString::new())), None);
        let named = named_file(Some("lachan.toml".into()));
        assert_eq!(named, Some(PathBuf::from("lachan.toml")));
    }
}
