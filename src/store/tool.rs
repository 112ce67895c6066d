//! What does the office know of an AI tool? One entry of its register, from the deeds about it.
//!
//! The eight fields of the preliminary assessment (Bản đánh giá sơ bộ) are those that the plans
//! for Nghị định 142/2026/NĐ-CP ask for before a tool is used: purpose, kinds of data, who is
//! affected, risk, control of bias, protection of personal data, security, who is responsible.

use std::collections::BTreeMap;

use crate::model::exchange::UnixMillis;

use super::deed::DeedRecord;

macro_rules! fields {
    ($($variant:ident, $name:literal, $label:literal;)+) => {
        /// One field of an entry. The names stand in the chain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ToolField {
            $(#[doc = $label] $variant,)+
        }

        impl ToolField {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the chain and in forms.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// As people call it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

fields! {
    Name, "name", "Tên công cụ";
    Vendor, "vendor", "Nhà cung cấp";
    Reach, "reach", "Cách truy cập";
    Purpose, "purpose", "Mục đích sử dụng";
    DataKinds, "data_kinds", "Loại dữ liệu xử lý";
    Affected, "affected", "Đối tượng chịu tác động";
    Risk, "risk", "Mức độ rủi ro";
    BiasControl, "bias_control", "Phương án kiểm soát sai lệch";
    PersonalData, "personal_data", "Bảo vệ dữ liệu cá nhân";
    Security, "security", "Bảo đảm an toàn thông tin";
    Responsible, "responsible", "Trách nhiệm của người phê duyệt, người vận hành";
    DataAllowed, "data_allowed", "Dữ liệu được phép đưa vào";
    ImpactNumber, "impact_number", "Báo cáo đánh giá tác động: số, ký hiệu";
    ImpactDate, "impact_date", "Báo cáo đánh giá tác động: ngày";
    ImpactPlace, "impact_place", "Báo cáo đánh giá tác động: nơi công khai";
    AlarmPerDay, "alarm_per_day", "Báo động khi số lượt trong một ngày vượt quá";
}

impl ToolField {
    /// The eight fields of the preliminary assessment, in the order of the plans.
    pub const ASSESSMENT: [Self; 8] = [
        Self::Purpose,
        Self::DataKinds,
        Self::Affected,
        Self::Risk,
        Self::BiasControl,
        Self::PersonalData,
        Self::Security,
        Self::Responsible,
    ];
}

/// Who said that a tool may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The person or organ in authority, as written by hand.
    pub approver: String,
    /// The last day, `2026-12-31`; without one it does not end by itself.
    pub until: Option<String>,
    /// When it was recorded.
    pub at: UnixMillis,
    /// The account that recorded it.
    pub by: String,
}

/// One tool of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// The service's id in the catalogue, or the host where no row names it.
    pub id: String,
    /// What was entered.
    pub fields: BTreeMap<ToolField, String>,
    /// Whether it may be used.
    pub approval: Option<Approval>,
    /// The number of the last deed about it, so that two at once do not both count.
    pub seq: u64,
}

impl Tool {
    /// The value of a field; empty where nothing was entered.
    pub fn field(&self, field: ToolField) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        match self.field(ToolField::Name) {
            "" => &self.id,
            name => name,
        }
    }

    /// Whether all eight fields of the assessment are filled in.
    pub fn is_assessed(&self) -> bool {
        let fields = ToolField::ASSESSMENT;
        fields.iter().all(|field| !self.field(*field).is_empty())
    }

    /// Whether it may be used on this day (`2026-06-12`).
    pub fn is_approved(&self, day: &str) -> bool {
        let approval = self.approval.as_ref();
        approval.is_some_and(|approval| approval.until.as_deref().is_none_or(|end| day <= end))
    }

    /// The number of requests in one day from which people are told.
    pub fn alarm_per_day(&self) -> Option<u64> {
        self.field(ToolField::AlarmPerDay).parse().ok()
    }

    /// What was entered, from a deed.
    pub(super) fn enter(&mut self, record: &DeedRecord) {
        self.fields = ToolField::ALL
            .iter()
            .filter_map(|field| Some((*field, record.fact(field.as_str())?.to_owned())))
            .collect();
    }

    /// That it may be used, from a deed.
    pub(super) fn approve(&mut self, record: &DeedRecord) {
        let until = record.fact("until").filter(|day| !day.is_empty());
        self.approval = Some(Approval {
            approver: record.fact("approver").unwrap_or_default().to_owned(),
            until: until.map(str::to_owned),
            at: record.recorded_at,
            by: record.actor.name.clone(),
        });
    }
}
