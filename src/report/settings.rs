//! What does the office itself put on its reports? Names, symbol, place, signer, recipients.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::report::kind::Kind;
use crate::report::period::CutOffs;
use crate::report::schedule::Schedule;

/// What a report says about its office. What is not set is left as dots, to be filled in by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// The office: `Ủy ban nhân dân xã Ví Dụ`.
    pub office: Option<String>,
    /// The organ above it, where one is named on documents.
    pub parent: Option<String>,
    /// Where it is, for the line of place and date.
    pub place: Option<String>,
    /// What follows the letters in the symbol: `UBND`.
    pub symbol: Option<String>,
    /// The lines over the signer's position: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`.
    pub signs_for: Vec<String>,
    /// The signer's position: `PHÓ CHỦ TỊCH`.
    pub signer_position: Option<String>,
    /// The signer's name.
    pub signer: Option<String>,
    /// Who answers for personal data: name, position, telephone, e-mail, as it is to stand there.
    pub data_officer: Option<String>,
    /// The address of the office.
    pub address: Option<String>,
    /// The tools that may be used, as the office names them.
    pub approved_tools: Option<String>,
    /// The plan whose result is reported: kind, number, day.
    pub plan: Option<String>,
    /// When reporting years and halves begin.
    pub cut_offs: CutOffs,
    /// How many days after the end of a period its report is due.
    pub due_days: u16,
    /// What the program drafts by itself.
    pub schedules: Vec<Schedule>,
    /// Days on which nobody works, besides weekends and those of every year.
    pub holidays: Vec<Date>,
    /// To whom a kind goes, by its name.
    pub recipients: BTreeMap<String, Vec<String>>,
    /// The offices whose reports are added up, for those who add up.
    pub members: Vec<String>,
    /// Which organ leads a kind, by its name.
    pub leads: BTreeMap<String, String>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            office: None,
            parent: None,
            place: None,
            symbol: None,
            signs_for: Vec::new(),
            signer_position: None,
            signer: None,
            data_officer: None,
            address: None,
            approved_tools: None,
            plan: None,
            cut_offs: CutOffs::default(),
            // As provinces ask for (two working days, for example).
            due_days: 2,
            schedules: vec![Schedule::of(Kind::Periodic)],
            holidays: Vec::new(),
            recipients: BTreeMap::new(),
            members: Vec::new(),
            leads: BTreeMap::new(),
        }
    }
}

impl ReportSettings {
    /// To whom a kind goes: as set, or as the plans say.
    pub fn recipients(&self, kind: Kind) -> Vec<String> {
        if let Some(set) = self.recipients.get(kind.name()) {
            return set.clone();
        }
        let usual: &[&str] = match kind {
            Kind::Periodic | Kind::Incident => &["Sở Khoa học và Công nghệ", "UBND cấp xã"],
            Kind::Inspection => &["UBND cấp xã", "Công an cấp tỉnh"],
            Kind::AiIncident => &["Sở Khoa học và Công nghệ"],
            Kind::BreachNotice => &["Cơ quan chuyên trách bảo vệ dữ liệu cá nhân (Bộ Công an)"],
            Kind::SecrecyNotice => &[
                "Người đứng đầu cơ quan",
                "Cơ quan, tổ chức ban hành tài liệu",
                "Công an cấp xã",
            ],
            Kind::Minutes
            | Kind::Assessment
            | Kind::Impact
            | Kind::ToolRegister
            | Kind::Controls => &["UBND cấp xã"],
        };
        let own = |name: &&str| match (*name, &self.office) {
            ("UBND cấp xã", Some(office)) => office.clone(),
            (name, _) => name.to_owned(),
        };
        usual.iter().map(own).collect()
    }

    /// Which organ leads a kind: as set, or as the plans say.
    pub fn lead(&self, kind: Kind) -> &str {
        let usual = match kind {
            Kind::Inspection | Kind::SecrecyNotice => "Công an cấp xã",
            Kind::Periodic
            | Kind::Incident
            | Kind::Minutes
            | Kind::BreachNotice
            | Kind::AiIncident
            | Kind::Assessment
            | Kind::Impact
            | Kind::ToolRegister
            | Kind::Controls => "Phòng Văn hóa - Xã hội",
        };
        self.leads.get(kind.name()).map_or(usual, String::as_str)
    }

    /// What is set, or dots.
    pub fn or_dots(text: Option<&str>) -> &str {
        text.map(str::trim)
            .filter(|text| !text.is_empty())
            .unwrap_or("…………………")
    }
}
