//! `lachan evidence`: what is kept sealed, as files that `age -d` opens with the auditor's own key.
//!
//! The program never opens one here: the secret key belongs on the auditor's machine. An export is a
//! deed, like every other way by which a sealed text leaves.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::app::{self, with_causes};
use crate::cli::owner::become_owner;
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::seal::Identity;
use crate::store::incident_json::rfc3339;
use crate::store::{
    Act, Actor, Deed, Store, StoreError, StoreKeys, StoreReader, StoreSettings, What,
};

/// What to do with sealed texts.
#[derive(Subcommand)]
pub(super) enum EvidenceCommand {
    /// List what is kept, newest first: incident, sealed at, deleted at, bytes.
    List,
    /// Write the sealed file of an incident, still sealed.
    Export {
        /// The incident's code, as on the refusal.
        code: String,
        /// Where to; must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Make a pair of keys and print it, as `age-keygen` does. Run it on the auditor's own machine.
    Keygen,
}

/// Runs `lachan evidence`.
pub(super) fn evidence(command: &EvidenceCommand, settings: &Settings) -> Ended {
    let ended = match command {
        EvidenceCommand::Keygen => keygen(),
        EvidenceCommand::List => in_runtime(list(settings)),
        EvidenceCommand::Export { code, out } => {
            // Made while the command is still whoever typed it.
            exported_to(out).and_then(|file| {
                let exported = become_owner(&settings.data_dir)
                    .and_then(|()| in_runtime(export(settings, code, file)));
                if exported.is_err() {
                    std::fs::remove_file(out).ok();
                }
                exported
            })
        }
    };
    ended.unwrap_or_else(|problem| {
        output::error(&problem);
        Ended::Failed
    })
}

fn keygen() -> Result<Ended, String> {
    let no_randomness = || "the system gives no randomness".to_owned();
    let identity = Identity::make().ok_or_else(no_randomness)?;
    let recipient = identity.recipient().ok_or_else(no_randomness)?;
    let secret = identity.to_text().ok_or_else(no_randomness)?;
    output::error(&format!(
        "public key, for [evidence] recipient: {recipient}"
    ));
    let created = rfc3339(app::now());
    let head = format!("# created: {created}\n# public key: {recipient}\n");
    let printed = output::print(&head);
    Ok(printed
        .worse(output::print(&secret))
        .worse(output::print("\n")))
}

fn in_runtime(work: impl Future<Output = Result<Ended, String>>) -> Result<Ended, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| format!("cannot start the runtime: {error}"))?
        .block_on(work)
}

async fn list(settings: &Settings) -> Result<Ended, String> {
    let failed = |error: StoreError| with_causes(&error);
    let reader = StoreReader::open(&settings.store_path())
        .await
        .map_err(failed)?;
    let mut lines = String::new();
    for kept in reader.all_evidence().await.map_err(failed)? {
        let Some(incident) = reader.find(&kept.incident).await.map_err(failed)? else {
            continue;
        };
        lines.push_str(&format!(
            "{}  {}  {}  {}\n",
            incident.record.code,
            rfc3339(kept.sealed_at),
            rfc3339(kept.ends_at),
            kept.bytes
        ));
    }
    Ok(output::print(&lines))
}

fn exported_to(path: &Path) -> Result<std::fs::File, String> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| {
            format!(
                "cannot make {}: {error}; name a file that is not there yet",
                path.display()
            )
        })
}

async fn export(settings: &Settings, code: &str, mut file: std::fs::File) -> Result<Ended, String> {
    let failed = |error: StoreError| with_causes(&error);
    let reader = StoreReader::open(&settings.store_path())
        .await
        .map_err(failed)?;
    let incident = reader.find(code).await.map_err(failed)?;
    let incident = incident.ok_or_else(|| format!("there is no incident {code}"))?;
    let id = incident.record.id.as_str();
    let sealed = reader.sealed_bytes(id).await.map_err(failed)?;
    let sealed = sealed.ok_or_else(|| {
        format!("nothing is kept sealed of {code}; `lachan evidence list` shows what is")
    })?;
    record(settings, id).await.map_err(failed)?;
    let written = file.write_all(&sealed).and_then(|()| file.sync_all());
    written.map_err(|error| format!("the file cannot be written: {error}"))?;
    Ok(Ended::Done)
}

/// The deed is in the chain before the file is there.
async fn record(settings: &Settings, incident: &str) -> Result<(), StoreError> {
    let keys = StoreKeys::load(&settings.data_dir)?;
    let place = StoreSettings {
        path: settings.store_path(),
        node: app::node_name(),
    };
    let store = Store::open(&place, keys, app::now).await?;
    let deed = Deed::new(Actor::terminal(), What::EvidenceExported).incident(incident);
    let recorded = store.act(Act::of(deed)).await;
    store.close().await?;
    recorded.map(drop)
}
