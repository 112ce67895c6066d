//! `lachan report`: make a report from the log, or check one against it. Works while the proxy runs.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::{self, with_causes};
use crate::cli::owner::become_owner;
use crate::cli::report_inputs::{self, Inputs};
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::report::check::{Checked, check};
use crate::report::form::Form;
use crate::report::shelf::Shelf;
use crate::report::sum::{check_sum, sum};
use crate::report::written::REPORT_BYTES_MAX;
use crate::report::{Kind, Made, Period, Written, deeds};
use crate::store::{self, Act, Actor, Store, StoreKeys, StoreReader, StoreSettings, Trust};

/// What is asked for.
#[derive(Args)]
pub(super) struct ReportArgs {
    /// A year (2026), half of one (2026-H1), or days, both included (2026-03-01..2026-05-31).
    #[arg(long, value_name = "PERIOD", required_unless_present_any = ["check", "incident", "sum"])]
    period: Option<String>,
    /// periodic, inspection, incident, minutes, breach-notice, secrecy-notice, ai-incident,
    /// assessment, impact, tool-register or controls.
    #[arg(long, value_parser = kind, required_unless_present_any = ["check", "sum"])]
    kind: Option<Kind>,
    /// Only this unit.
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// Only this incident (its code), for a form about incidents.
    #[arg(long, value_name = "CODE")]
    incident: Option<String>,
    /// Only this tool of the register (its id), for assessment and impact.
    #[arg(long, value_name = "ID")]
    tool: Option<String>,
    /// What people wrote in fields of judgement: a JSON object, or an earlier report as JSON.
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
    /// docx, pdf, xlsx, csv or json.
    #[arg(long, value_parser = form, required_unless_present = "check")]
    format: Option<Form>,
    /// Where it is written to.
    #[arg(long, value_name = "FILE", required_unless_present = "check")]
    out: Option<PathBuf>,
    /// Add up reports of other offices (as JSON) instead of making one from this log; with --check,
    /// the reports that the sum in its file was made of.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["period", "kind", "unit", "incident", "tool", "texts"])]
    sum: Vec<PathBuf>,
    /// Count again what a report (as JSON) says, and verify the log; exit 1 where they differ.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["period", "kind", "format", "out"])]
    check: Option<PathBuf>,
}

/// Runs `lachan report`.
pub(super) fn report(args: &ReportArgs, settings: &Settings) -> Ended {
    let done = match (&args.check, args.kind, args.format, &args.out) {
        (Some(file), ..) if !args.sum.is_empty() => check_sum_file(file, &args.sum),
        (Some(file), ..) => check_file(file, settings),
        (None, None, Some(form), Some(out)) if !args.sum.is_empty() => {
            sum_file(&args.sum, form, out, settings)
        }
        (None, Some(kind), Some(form), Some(out)) => make_file(args, (kind, form), out, settings),
        _ => Err("name a kind, a format and a file to write to".to_owned()),
    };
    done.unwrap_or_else(|reason| {
        output::error(&reason);
        Ended::Failed
    })
}

fn make_file(
    args: &ReportArgs,
    (kind, form): (Kind, Form),
    out: &Path,
    settings: &Settings,
) -> Result<Ended, String> {
    // Opened before root becomes the owner of the data folder, who may not write there.
    let texts = match &args.texts {
        Some(file) => report_inputs::texts(&read(file)?)?,
        None => std::collections::BTreeMap::new(),
    };
    let told = |error: &dyn std::fmt::Display| format!("cannot write {}: {error}", out.display());
    if let Some(period) = &args.period {
        Period::parse(period, settings.report.cut_offs)?;
    }
    // An earlier report under this name stays until this one is whole.
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let mut file = options.open(out).map_err(|error| told(&error))?;
    become_owner(&settings.data_dir)?;
    let inputs = Inputs {
        kind,
        period: args.period.as_deref(),
        unit: args.unit.as_deref(),
        incident: args.incident.as_deref(),
        tool: args.tool.as_deref(),
        texts,
    };
    let made = block_on(async {
        let (made, bytes) = make_bytes(&inputs, form, settings).await?;
        file.set_len(0).map_err(|error| told(&error))?;
        file.write_all(&bytes).map_err(|error| told(&error))?;
        file.sync_all().map_err(|error| told(&error))?;
        record(settings, &made, form).await?;
        Ok(made)
    });
    match made {
        Ok(made) => Ok(output::print(&told_of(&made, out))),
        Err(reason) => {
            // An empty file is no report; where it cannot be taken away, it stays empty.
            if file.metadata().is_ok_and(|file| file.len() == 0) {
                drop(std::fs::remove_file(out));
            }
            Err(reason)
        }
    }
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Written>, String> {
    let read = files.iter().map(|path| {
        let report = Written::read(&read(path)?);
        report.map_err(|error| format!("{}: {error}", path.display()))
    });
    read.collect()
}

/// Adds up again what a sum was made of.
fn check_sum_file(path: &Path, files: &[PathBuf]) -> Result<Ended, String> {
    let written = Written::read(&read(path)?).map_err(|error| error.to_string())?;
    let lines = check_sum(&written, &read_all(files)?).map_err(|error| error.to_string())?;
    if lines.is_empty() {
        let line = "Số liệu tổng hợp khớp với các báo cáo nguồn.\n";
        return Ok(output::print(line));
    }
    let lines = lines.join("\n- ");
    let line = format!("Số liệu tổng hợp không khớp với các báo cáo nguồn:\n- {lines}\n");
    Ok(output::print(&line).worse(Ended::Found))
}

/// Adds up reports of other offices. They have their own logs, in which they were recorded; that
/// they were added up is recorded in ours, where there is one.
fn sum_file(
    files: &[PathBuf],
    form: Form,
    out: &Path,
    settings: &Settings,
) -> Result<Ended, String> {
    let reports = read_all(files)?;
    let (office, members) = (settings.report.office.as_deref(), &settings.report.members);
    let written = sum(&reports, office, members).map_err(|error| error.to_string())?;
    let made = Made {
        written,
        lines: std::collections::BTreeMap::new(),
    };
    let surroundings = report_inputs::surroundings(settings)?;
    let bytes = form.write(&made, &surroundings);
    let bytes = bytes.map_err(|error| with_causes(&error))?;
    std::fs::write(out, bytes)
        .map_err(|error| format!("cannot write {}: {error}", out.display()))?;
    if settings.store_path().exists() {
        become_owner(&settings.data_dir)?;
        block_on(record(settings, &made, form))?;
    }
    let missing = match made.written.missing.as_slice() {
        [] => String::new(),
        missing => format!("chưa gửi: {}\n", missing.join("; ")),
    };
    let sources = made.written.sources.len();
    let told = format!(
        "{}: {sources} báo cáo\n{missing}{}\n",
        out.display(),
        made.written.digest
    );
    Ok(output::print(&told))
}

async fn make_bytes(
    inputs: &Inputs<'_>,
    form: Form,
    settings: &Settings,
) -> Result<(Made, Vec<u8>), String> {
    let reader = open_reader(settings).await?;
    let asked = inputs.asked(settings, &reader).await?;
    let made = crate::report::make(&reader, &asked).await;
    let made = made.map_err(|error| with_causes(&error))?;
    let surroundings = report_inputs::surroundings(settings)?;
    let bytes = form.write(&made, &surroundings);
    let bytes = bytes.map_err(|error| with_causes(&error))?;
    Ok((made, bytes))
}

async fn record(settings: &Settings, made: &Made, form: Form) -> Result<(), String> {
    let place = StoreSettings {
        path: settings.store_path(),
        node: app::node_name(),
    };
    // Kept beside the log, so that the back office shows it too.
    Shelf::in_data_folder(&settings.data_dir)
        .put(&made.written)
        .map_err(|error| format!("cannot keep the report: {error}"))?;
    let recorded = async {
        let keys = StoreKeys::load(&settings.data_dir)?;
        let store = Store::open(&place, keys, app::now).await?;
        let deeds = deeds::made(&Actor::terminal(), &made.written, form.name());
        let act = deeds.into_iter().fold(Act::default(), Act::deed);
        let recorded = store.act(act).await;
        store.close().await?;
        recorded
    };
    let recorded = recorded.await;
    recorded
        .map(|_seqs| ())
        .map_err(|error| with_causes(&error))
}

fn told_of(made: &Made, out: &Path) -> String {
    let written = &made.written;
    format!(
        "{}: {} sự kiện từ {} đến {}, tính đến bản ghi số {}\n{}\n",
        out.display(),
        crate::model::thousands::grouped(written.figures.incidents),
        written.period.first,
        written.period.last,
        written.chain.head.seq,
        written.digest
    )
}

fn check_file(path: &Path, settings: &Settings) -> Result<Ended, String> {
    let written = Written::read(&read(path)?).map_err(|error| error.to_string())?;
    block_on(async {
        let reader = open_reader(settings).await?;
        let checked = check(&reader, &written).await;
        let checked = checked.map_err(|error| with_causes(&error))?;
        // Figures come from tables beside the chain; only this shows that they follow from it.
        let public_key = StoreKeys::load(&settings.data_dir).ok();
        let trust = Trust {
            public_key: public_key.map(|keys| keys.public_key()),
            checkpoint: None,
        };
        let verified = store::verify(&reader, &trust).await;
        let verified = verified.map_err(|error| with_causes(&error))?;
        let (line, mut ended) = match checked {
            Checked::Agrees => ("Số liệu khớp với nhật ký.\n".to_owned(), Ended::Done),
            Checked::Differs(lines) => {
                let lines = lines.join("\n- ");
                (
                    format!("Số liệu không khớp với nhật ký:\n- {lines}\n"),
                    Ended::Found,
                )
            }
        };
        if !verified.is_intact() {
            ended = Ended::Found;
        }
        Ok(output::print(&format!("{line}{}\n", verified.to_line())).worse(ended))
    })
}

async fn open_reader(settings: &Settings) -> Result<StoreReader, String> {
    let reader = StoreReader::open(&settings.store_path()).await;
    reader.map_err(|error| with_causes(&error))
}

fn block_on<T>(task: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start the runtime: {error}"))?
        .block_on(task)
}

fn read(path: &Path) -> Result<String, String> {
    let told = |error| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(told)?;
    let mut text = String::new();
    file.take(REPORT_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(told)?;
    Ok(text)
}

fn kind(text: &str) -> Result<Kind, String> {
    let names: Vec<&str> = Kind::all().map(Kind::name).collect();
    Kind::parse(text).ok_or_else(|| format!("kinds are {}", names.join(", ")))
}

fn form(text: &str) -> Result<Form, String> {
    let names: Vec<&str> = Form::ALL.into_iter().map(Form::name).collect();
    Form::parse(text).ok_or_else(|| format!("formats are {}", names.join(", ")))
}
