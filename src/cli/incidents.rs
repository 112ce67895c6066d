//! `lachan incidents`: list them, or verify that nobody changed them. Works while the proxy runs.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::app::with_causes;
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::model::exchange::UnixMillis;
use crate::store::{self, Checkpoint, Filter, StoreError, StoreKeys, StoreReader, Trust};

/// Incidents read and printed at a time.
const PAGE_INCIDENTS: u32 = 1000;

/// What to do with the log.
#[derive(Subcommand)]
pub(super) enum IncidentsCommand {
    /// List incidents, newest first.
    List {
        /// One JSON object per line.
        #[arg(long)]
        json: bool,
        /// Recorded at this time or later: 2026-06-05, or RFC 3339.
        #[arg(long, value_name = "T", value_parser = time)]
        since: Option<UnixMillis>,
        /// Recorded before this time.
        #[arg(long, value_name = "T", value_parser = time)]
        until: Option<UnixMillis>,
    },
    /// Recompute the hash chain and its signatures; exit 1 and name the first broken record.
    Verify {
        /// A checkpoint that was kept elsewhere: shows whether the end was cut off.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
}

/// Runs `lachan incidents`.
pub(super) fn incidents(command: &IncidentsCommand, settings: &Settings) -> Ended {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("cannot start the runtime: {error}"));
            return Ended::Failed;
        }
    };
    let ended = runtime.block_on(async {
        let reader = StoreReader::open(&settings.store_path()).await?;
        match command {
            IncidentsCommand::List { json, since, until } => {
                let form = if *json { Form::Json } else { Form::Line };
                let filter = Filter {
                    since: *since,
                    until: *until,
                    ..Filter::default()
                };
                list(&reader, filter, form).await
            }
            IncidentsCommand::Verify { from } => {
                verify(&reader, from.as_deref(), &settings.data_dir).await
            }
        }
    });
    ended.unwrap_or_else(|error| {
        output::error(&with_causes(&error));
        Ended::Failed
    })
}

/// How an incident is printed.
#[derive(Clone, Copy)]
enum Form {
    Line,
    Json,
}

async fn list(reader: &StoreReader, mut filter: Filter, form: Form) -> Result<Ended, StoreError> {
    filter.limit = PAGE_INCIDENTS;
    loop {
        let page = reader.list(&filter).await?;
        for incident in &page {
            let line = match form {
                Form::Line => incident.to_line(),
                Form::Json => incident.to_json().to_string(),
            };
            if output::print(&format!("{line}\n")) == Ended::Failed {
                return Ok(Ended::Failed);
            }
        }
        match page.last() {
            Some(last) => filter.before_seq = Some(last.seq),
            None => return Ok(Ended::Done),
        }
    }
}

async fn verify(
    reader: &StoreReader,
    from: Option<&Path>,
    data_dir: &Path,
) -> Result<Ended, StoreError> {
    let checkpoint = match from {
        Some(path) => Some(read_checkpoint(path)?),
        None => None,
    };
    // The key file is beside the store on the node itself; a copy elsewhere verifies without it.
    let public_key = StoreKeys::load(data_dir).ok().map(|keys| keys.public_key());
    let report = store::verify(
        reader,
        &Trust {
            public_key,
            checkpoint,
        },
    )
    .await?;
    let printed = output::print(&format!("{}\n", report.to_line()));
    Ok(printed.worse(if report.is_intact() {
        Ended::Done
    } else {
        Ended::Found
    }))
}

fn read_checkpoint(path: &Path) -> Result<Checkpoint, StoreError> {
    let text = std::fs::read_to_string(path).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    Checkpoint::from_json(&text)
}

/// A day (in Việt Nam) or an RFC 3339 time.
fn time(text: &str) -> Result<UnixMillis, String> {
    let remedy = "write a day like 2026-06-05, or a time like 2026-06-05T14:00:00+07:00";
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(UnixMillis(time.as_millisecond()));
    }
    let day: Date = text.parse().map_err(|_not_a_day| remedy.to_owned())?;
    let zone = TimeZone::fixed(Offset::constant(7));
    let start = day
        .to_datetime(Time::midnight())
        .to_zoned(zone)
        .map_err(|_out_of_range| remedy.to_owned())?;
    Ok(UnixMillis(start.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_viet_nam() {
        assert_eq!(time("2026-06-05"), time("2026-06-05T00:00:00+07:00"));
        assert!(time("yesterday").is_err());
    }
}
