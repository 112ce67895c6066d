//! What did a person do? A record of it, in the same chain as the incidents.
//!
//! A [`Deed`] is what the back office (or the proxy, for a clerk) asks to be recorded; a
//! [`DeedRecord`] is its body in the chain. `what` is kept as a name, so that a deed of a later
//! version is still listed and verified. Facts are short texts: states, reasons, names of
//! accounts; never text of a request, never a password or a code.
//!
//! Read next: [`review`](super::review), which computes an incident's state from its deeds.

use crate::model::exchange::UnixMillis;

use super::canonical::{Decoder, Encoder, NotCanonical};

/// How long a fact may be, in bytes. A note of a page is no place for a prompt.
const FACT_BYTES_MAX: usize = 4000;

macro_rules! whats {
    ($($variant:ident, $name:literal, $label:literal;)+) => {
        /// What was done. The names are a contract: they stand in the chain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum What {
            $(#[doc = $label] $variant,)+
        }

        impl What {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the chain.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// As people call it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Reads the name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

whats! {
    StatusSet, "status_set", "đặt trạng thái";
    NoteAdded, "note_added", "ghi chú";
    Assigned, "assigned", "phân công";
    OutcomeSet, "outcome_set", "xác định kết quả";
    ExceptionProposed, "exception_proposed", "đề xuất trường hợp loại trừ";
    ExceptionConfirmed, "exception_confirmed", "xác nhận trường hợp loại trừ";
    ExceptionDeclined, "exception_declined", "không chấp nhận trường hợp loại trừ";
    ExceptionEnded, "exception_ended", "chấm dứt trường hợp loại trừ";
    ReleaseAsked, "release_asked", "đề nghị cho gửi";
    ReleaseGranted, "release_granted", "đồng ý cho gửi một lần";
    ReleaseDeclined, "release_declined", "không đồng ý cho gửi";
    ReleaseUsed, "release_used", "đã gửi theo đề nghị được đồng ý";
    Approved, "approved", "phê duyệt";
    AccountAdded, "account_added", "thêm tài khoản";
    AccountChanged, "account_changed", "thay đổi tài khoản";
    PasswordSet, "password_set", "đặt mật khẩu";
    SecondFactorSet, "second_factor_set", "bật xác thực hai lớp";
    SecondFactorRemoved, "second_factor_removed", "gỡ xác thực hai lớp";
    RecoveryCodesMade, "recovery_codes_made", "tạo mã dự phòng";
    RecoveryCodeUsed, "recovery_code_used", "dùng mã dự phòng";
    SignedIn, "signed_in", "đăng nhập";
    SignInRefused, "sign_in_refused", "đăng nhập không thành công";
    SignInLocked, "sign_in_locked", "tạm khóa đăng nhập";
    SignedOut, "signed_out", "đăng xuất";
    SessionsEnded, "sessions_ended", "kết thúc các phiên làm việc";
    SecretSeen, "secret_seen", "xem sự kiện bí mật nhà nước";
    Exported, "exported", "xuất dữ liệu";
    ChainVerified, "chain_verified", "kiểm tra tính toàn vẹn của nhật ký";
    ReportMade, "report_made", "lập báo cáo";
    ExceptionUsed, "exception_used", "áp dụng trường hợp loại trừ";
    ToolEntered, "tool_entered", "ghi vào Danh mục công cụ AI";
    ToolApproved, "tool_approved", "cho phép sử dụng công cụ AI";
    ToolWithdrawn, "tool_withdrawn", "thôi cho phép sử dụng công cụ AI";
    ToolProposed, "tool_proposed", "đề nghị bổ sung công cụ AI";
    MachineNamed, "machine_named", "khai báo máy trạm";
    MachineConfirmed, "machine_confirmed", "xác nhận bộ phận của máy trạm";
    MachineDoubted, "machine_doubted", "máy trạm lâu không thấy, cần xác nhận lại";
    MachineRemoved, "machine_removed", "bỏ bộ phận của máy trạm";
    UnitSet, "unit_set", "đặt bộ phận";
    UnitRemoved, "unit_removed", "bỏ bộ phận";
    LessonSigned, "lesson_signed", "xác nhận đã học";
    TroubleReported, "trouble_reported", "báo sự cố";
    TroubleHandled, "trouble_handled", "xử lý báo sự cố";
    WordingSet, "wording_set", "sửa lời văn";
    RulesInForce, "rules_in_force", "quy tắc có hiệu lực";
    TokenMade, "token_made", "cấp mã truy cập API";
    TokenEnded, "token_ended", "thu hồi mã truy cập API";
    RequestsCounted, "requests_counted", "ghi số lượt gửi đến công cụ AI";
    AlertTried, "alert_tried", "thử kênh cảnh báo";
    EvidenceSealed, "evidence_sealed", "niêm phong nội dung bị chặn";
    EvidenceNotKept, "evidence_not_kept", "không niêm phong nội dung bị chặn";
    EvidenceExpired, "evidence_expired", "xóa nội dung niêm phong hết hạn";
    EvidenceDestroyed, "evidence_destroyed", "hủy nội dung niêm phong trước hạn";
    EvidenceExported, "evidence_exported", "xuất tệp niêm phong";
    EvidenceOpened, "evidence_opened", "mở nội dung niêm phong";
    EvidenceNotOpened, "evidence_not_opened", "mở nội dung niêm phong không thành công";
    SecretLifted, "secret_lifted", "xác định báo nhầm dấu mật";
    SecretNotLifted, "secret_not_lifted", "xác định báo nhầm dấu mật không thành công";
    SecretLiftEnded, "secret_lift_ended", "thôi xác định báo nhầm dấu mật";
}

/// Who did it, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account; `terminal` for a command, the workstation's address for a clerk.
    pub name: String,
    /// The role that allowed it: a [`Role`](crate::model::review::Role)'s name, `terminal`, `clerk`,
    /// `guard` or `nobody` for somebody who is not signed in.
    pub role: String,
    /// The network address it came from; empty for the terminal.
    pub address: String,
}

impl Actor {
    /// The program itself.
    pub fn guard() -> Self {
        Self {
            name: "guard".to_owned(),
            role: "guard".to_owned(),
            address: String::new(),
        }
    }

    /// A person at the machine's own terminal.
    pub fn terminal() -> Self {
        Self {
            name: "terminal".to_owned(),
            role: "terminal".to_owned(),
            address: String::new(),
        }
    }
}

/// Something a person did, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: What,
    /// The id of the incident it is about.
    pub incident: Option<String>,
    /// What else it is about: an account, an exception, a release.
    pub subject: Option<String>,
    /// What is to be known of it: names and values, in this order.
    pub facts: Vec<(String, String)>,
}

impl Deed {
    /// A deed about nothing in particular yet.
    pub const fn new(actor: Actor, what: What) -> Self {
        Self {
            actor,
            what,
            incident: None,
            subject: None,
            facts: Vec::new(),
        }
    }

    /// About this incident.
    #[must_use]
    pub fn incident(mut self, id: &str) -> Self {
        self.incident = Some(id.to_owned());
        self
    }

    /// About this account, exception or release.
    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// With this fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: &str) -> Self {
        let mut end = value.len().min(FACT_BYTES_MAX);
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        let value = value.get(..end).unwrap_or_default();
        self.facts.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The body of a deed in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedRecord {
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    /// The node that recorded it.
    pub node: String,
    /// Who did it.
    pub actor: Actor,
    /// What: a name of [`What`].
    pub what: String,
    /// The id of the incident it is about.
    pub incident: Option<String>,
    /// What else it is about.
    pub subject: Option<String>,
    /// Names and values.
    pub facts: Vec<(String, String)>,
}

impl DeedRecord {
    /// The record of a deed.
    pub(super) fn new(deed: Deed, recorded_at: UnixMillis, node: &str) -> Self {
        Self {
            recorded_at,
            node: node.to_owned(),
            actor: deed.actor,
            what: deed.what.as_str().to_owned(),
            incident: deed.incident,
            subject: deed.subject,
            facts: deed.facts,
        }
    }

    /// The value of a fact.
    pub fn fact(&self, name: &str) -> Option<&str> {
        let found = self.facts.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What it is, as people call it; the name itself for one of a later version.
    pub fn label(&self) -> &str {
        match What::parse(&self.what) {
            Some(what) => what.label(),
            None => &self.what,
        }
    }

    /// The body's bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder
            .time(self.recorded_at.0)
            .text(&self.node)
            .text(&self.actor.name)
            .text(&self.actor.role)
            .text(&self.actor.address)
            .text(&self.what)
            .optional(self.incident.as_ref(), |encoder, id| {
                encoder.text(id);
            })
            .optional(self.subject.as_ref(), |encoder, subject| {
                encoder.text(subject);
            })
            .list(&self.facts, |encoder, (name, value)| {
                encoder.text(name).text(value);
            });
        encoder.into_bytes()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When it is not exactly one deed in canonical form.
    pub fn from_canonical(body: &[u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(body)?;
        let record = Self {
            recorded_at: UnixMillis(decoder.time()?),
            node: decoder.text()?,
            actor: Actor {
                name: decoder.text()?,
                role: decoder.text()?,
                address: decoder.text()?,
            },
            what: decoder.text()?,
            incident: decoder.optional(Decoder::text)?,
            subject: decoder.optional(Decoder::text)?,
            facts: decoder.list(|decoder| Ok((decoder.text()?, decoder.text()?)))?,
        };
        decoder.end()?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_reads_back_and_every_name_is_known() {
        let deed = Deed::new(Actor::terminal(), What::NoteAdded)
            .incident("id")
            .subject("lan")
            .fact("note", "đã gọi điện");
        let record = DeedRecord::new(deed, UnixMillis(5), "xa-thu");
        let body = record.to_canonical();
        assert_eq!(DeedRecord::from_canonical(&body), Ok(record));
        assert!(DeedRecord::from_canonical(&body[..body.len() - 1]).is_err());
        for what in What::ALL {
            assert_eq!(What::parse(what.as_str()), Some(*what));
        }
    }

    #[test]
    fn a_long_fact_is_cut_between_characters() {
        let deed = Deed::new(Actor::terminal(), What::NoteAdded).fact("note", &"ệ".repeat(3000));
        let (_, value) = &deed.facts[0];
        assert!(value.len() <= FACT_BYTES_MAX && value.chars().all(|c| c == 'ệ'));
    }
}
