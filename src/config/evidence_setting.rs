//! The keys under `[evidence]`: for whom blocked texts are sealed, and for how many days.

use crate::config::table_reader::TableReader;
use crate::seal::{EvidenceSettings, NotAKey, Recipient};

/// Reads `[evidence]`.
pub(super) fn read_evidence(mut reader: TableReader<'_>, evidence: &mut EvidenceSettings) {
    reader.take_with("recipient", |text: String| {
        let recipient = Recipient::parse(&text).map_err(|fault| mistake(&text, fault))?;
        evidence.recipient = Some(recipient);
        Ok(())
    });
    reader.take_with("days", |days: u16| {
        evidence.days = EvidenceSettings::days_of(days)
            .map_err(|fault| (fault.to_string(), "leave it out for 90".to_owned()))?;
        Ok(())
    });
    reader.finish();
}

fn mistake(text: &str, fault: NotAKey) -> (String, String) {
    let remedy = match fault {
        NotAKey::Secret => {
            "take it out of the file, have the auditor make a new pair, and write the line that \
             begins with age1 here"
        }
        NotAKey::Other => "copy the line \"Public key\" that age-keygen printed, whole",
    };
    let characters = text.chars().count();
    (
        format!("{fault}; it has {characters} characters"),
        remedy.to_owned(),
    )
}
