//! `lachan ca`: show the interception CA, or export its root certificate.

use std::time::SystemTime;

use clap::Subcommand;

use crate::app::with_causes;
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::tls::CertificateAuthority;

/// What to do with the CA.
#[derive(Subcommand)]
pub(super) enum CaCommand {
    /// Show names, validity and fingerprints.
    Show,
    /// Print the root certificate on standard output.
    Export {
        /// As DER instead of PEM.
        #[arg(long)]
        der: bool,
    },
}

/// Runs `lachan ca`. It never makes a CA: that is the first start's job.
pub(super) fn ca(command: &CaCommand, settings: &Settings) -> Ended {
    let folder = settings.data_dir.join("ca");
    let authority = match CertificateAuthority::load(&folder, SystemTime::now()) {
        Ok(authority) => authority,
        Err(error) => {
            output::error(&with_causes(&error));
            return Ended::Failed;
        }
    };
    match command {
        CaCommand::Show => output::print(&format!("{}\n", authority.describe().trim_end())),
        CaCommand::Export { der: false } => output::print(authority.root_pem()),
        CaCommand::Export { der: true } => output::print_bytes(authority.root_der()),
    }
}
