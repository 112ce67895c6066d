//! How does a report become a document? The parts that all kinds share; each kind adds its contents.

use crate::report::document::{Block, Document, Judgement, Signature, basis};
use crate::report::kind::{About, Kind};
use crate::report::period::{CutOffs, Period};
use crate::report::settings::ReportSettings;
use crate::report::surroundings::Surroundings;
use crate::report::written::{Days, Written};
use crate::report::{
    annex, kind_breach, kind_controls, kind_incident, kind_inspection, kind_minutes, kind_notice,
    kind_periodic, kind_tools,
};

/// Where something is to be written by hand.
pub(super) const DOTS: &str = "…………………";
/// Where a number or a day is to be written by hand: blanks that are kept.
pub(super) const BLANK: &str = "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}";

/// A report with what stands around it, as the kinds compose from it.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) kind: Kind,
    pub(super) written: &'a Written,
    pub(super) around: &'a Surroundings,
}

/// The document of a report; nothing for a report of a kind that this program does not know.
pub fn compose(written: &Written, around: &Surroundings) -> Option<Document> {
    let kind = Kind::parse(&written.kind)?;
    let sheet = Sheet {
        kind,
        written,
        around,
    };
    let mut document = sheet.frame();
    match kind {
        Kind::Periodic => kind_periodic::fill(sheet, &mut document),
        Kind::Inspection => kind_inspection::fill(sheet, &mut document),
        Kind::Incident => kind_incident::fill(sheet, &mut document),
        Kind::Minutes => kind_minutes::fill(sheet, &mut document),
        Kind::BreachNotice => kind_breach::fill(sheet, &mut document),
        Kind::SecrecyNotice => kind_notice::secrecy(sheet, &mut document),
        Kind::AiIncident => kind_notice::ai_incident(sheet, &mut document),
        Kind::Assessment => kind_tools::assessment(sheet, &mut document),
        Kind::Impact => kind_tools::impact(sheet, &mut document),
        Kind::ToolRegister => kind_tools::register(sheet, &mut document),
        Kind::Controls => kind_controls::fill(sheet, &mut document),
    }
    document.annexes = annex::annexes(sheet, &document);
    Some(document)
}

impl<'a> Sheet<'a> {
    /// What the office says of itself.
    pub(super) fn settings(&self) -> &'a ReportSettings {
        &self.around.settings
    }

    /// The period as people call it.
    pub(super) fn period(&self) -> String {
        period(&self.written.period).map_or_else(String::new, Period::label)
    }

    /// The days of the period.
    pub(super) fn days(&self) -> String {
        period(&self.written.period).map_or_else(String::new, Period::days)
    }

    /// The office, or dots.
    pub(super) fn office(&self) -> &'a str {
        let office = self.written.office.as_deref();
        ReportSettings::or_dots(office)
    }

    /// What a person writes under a heading that names it.
    pub(super) fn judgement(&self, field: &str, label: &str) -> Block {
        self.named(field, "", label)
    }

    /// What a person writes in a field of a form, under its name.
    pub(super) fn named(&self, field: &str, name: &str, label: &str) -> Block {
        Block::Judgement(Judgement {
            field: field.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            text: self.written.texts.get(field).cloned(),
        })
    }

    fn frame(&self) -> Document {
        let settings = self.settings();
        let symbol = settings.symbol.as_deref().unwrap_or("UBND");
        let letters = self.kind.letters();
        Document {
            parent: settings
                .parent
                .clone()
                .filter(|name| !name.trim().is_empty()),
            office: self.office().to_uppercase(),
            number: (!letters.is_empty()).then(|| format!("Số:{BLANK}/{letters}-{symbol}")),
            place_date: format!(
                "{}, ngày{BLANK}tháng{BLANK}năm {}",
                ReportSettings::or_dots(settings.place.as_deref()),
                self.year()
            ),
            title: self.kind.title().to_owned(),
            about: self.kind.label().to_owned(),
            signatures: vec![self.signature()],
            recipients: self.recipients(),
            ..Document::default()
        }
    }

    /// The year in which the period ends; a report of December is signed in that year.
    fn year(&self) -> &'a str {
        self.written.period.last.get(..4).unwrap_or_default()
    }

    fn signature(&self) -> Signature {
        let settings = self.settings();
        Signature {
            signs_for: settings.signs_for.clone(),
            position: settings
                .signer_position
                .clone()
                .unwrap_or_else(|| DOTS.to_owned()),
            note: "(Ký, ghi rõ họ tên, đóng dấu)".to_owned(),
            name: settings.signer.clone().unwrap_or_default(),
        }
    }

    fn recipients(&self) -> Vec<String> {
        let names = self.settings().recipients(self.kind);
        let names = names.into_iter().map(|name| format!("- {name};"));
        names.chain(["- Lưu: VT, VHXH.".to_owned()]).collect()
    }

    /// The laws in force that a kind rests on.
    pub(super) fn bases(&self, laws: &[&str]) -> Vec<Block> {
        let mut texts: Vec<String> = laws.iter().map(|law| format!("Căn cứ {law}")).collect();
        let is_of_plan = matches!(self.kind.about(), About::Period | About::Tools);
        if let Some(plan) = self.settings().plan.as_ref().filter(|_| is_of_plan) {
            texts.push(format!("Thực hiện {plan}"));
        }
        let last = texts.len().saturating_sub(1);
        let ended = |(place, text): (usize, String)| {
            basis(format!("{text}{}", if place == last { "," } else { ";" }))
        };
        texts.into_iter().enumerate().map(ended).collect()
    }
}

/// The period of a report.
pub(super) fn period(days: &Days) -> Option<Period> {
    let cut_offs = CutOffs::default();
    let period = Period::parse(&format!("{}..{}", days.first, days.last), cut_offs).ok()?;
    let span = Period::parse(&days.name, cut_offs).map_or(period.span, |named| named.span);
    Some(Period { span, ..period })
}

/// Luật Trí tuệ nhân tạo.
pub(super) const AI_LAW: &str = "Luật Trí tuệ nhân tạo số 134/2025/QH15 ngày 10/12/2025";
/// Luật Bảo vệ dữ liệu cá nhân.
pub(super) const DATA_LAW: &str = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15";
/// Luật Bảo vệ bí mật nhà nước.
pub(super) const SECRECY_LAW: &str = "Luật Bảo vệ bí mật nhà nước số 117/2025/QH15 ngày 10/12/2025";
/// Luật An ninh mạng.
pub(super) const CYBER_LAW: &str = "Luật An ninh mạng số 116/2025/QH15";
/// Nghị định về trí tuệ nhân tạo.
pub(super) const AI_DECREE: &str = "Nghị định số 142/2026/NĐ-CP ngày 30/4/2026 của Chính phủ quy \
     định chi tiết một số điều và biện pháp thi hành Luật Trí tuệ nhân tạo";
/// Nghị định về dữ liệu cá nhân.
pub(super) const DATA_DECREE: &str = "Nghị định số 356/2025/NĐ-CP ngày 31/12/2025 của Chính phủ \
     quy định chi tiết một số điều và biện pháp thi hành Luật Bảo vệ dữ liệu cá nhân";
/// Nghị định về bí mật nhà nước.
pub(super) const SECRECY_DECREE: &str = "Nghị định số 63/2026/NĐ-CP ngày 28/02/2026 của Chính phủ";
/// Nghị định về an ninh mạng.
pub(super) const CYBER_DECREE: &str = "Nghị định số 331/2026/NĐ-CP của Chính phủ";
