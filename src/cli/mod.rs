//! The commands: what a person or a program types.
//!
//! `lachan` alone is `lachan run`. Results go to standard output, errors to standard error in one
//! readable line each. Exit status: 0 done, 1 found or not verified, 2 could not run.

mod ca;
mod check;
mod coverage;
mod incidents;
mod output;
mod run;
mod scan;
mod scan_lines;
mod shapes;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Settings};

/// A guard between an office's workstations and public AI services.
#[derive(Parser)]
#[command(name = "lachan", version, about, max_term_width = 100)]
struct Cli {
    /// The settings file (default: /etc/lachan/lachan.toml, else built-in defaults).
    #[arg(long, global = true, value_name = "FILE", env = "LACHAN_CONFIG")]
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
    /// Requests on unknown paths of known AI hosts, without their contents.
    Shapes(shapes::ShapesArgs),
    /// The interception CA.
    Ca {
        #[command(subcommand)]
        command: ca::CaCommand,
    },
    /// The incident log.
    Incidents {
        #[command(subcommand)]
        command: incidents::IncidentsCommand,
    },
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
    let cli = Cli::parse();
    let settings = match config::load(cli.config.as_deref()) {
        Ok(settings) => settings,
        Err(mistakes) => {
            for mistake in &mistakes {
                output::error(&mistake.to_string());
            }
            // For `check` mistakes are what was looked for.
            let is_check = matches!(cli.command, Some(Command::Check));
            return if is_check {
                Ended::Found
            } else {
                Ended::Failed
            }
            .into();
        }
    };
    command(cli.command.unwrap_or(Command::Run), settings).into()
}

fn command(command: Command, settings: Settings) -> Ended {
    match command {
        Command::Run => run::run(settings),
        Command::Scan(args) => scan::scan(&args, &settings),
        Command::Check => check::check(&settings),
        Command::Shapes(args) => shapes::shapes(&args, &settings),
        Command::Ca { command } => ca::ca(&command, &settings),
        Command::Incidents { command } => incidents::incidents(&command, &settings),
    }
}
