//! What came out of a verification, and how is it said?

use super::chain::Hash;

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many records hold, from record 1 on.
    pub records: u64,
    /// How many of them are incidents.
    pub incidents: u64,
    /// How many of these are drafts that went on as another incident, and are not listed.
    pub continued: u64,
    /// How many are checkpoints.
    pub checkpoints: u64,
    /// How many came after the last checkpoint: they are chained, but not signed yet.
    pub unsigned: u64,
    /// The hash of the last record that holds.
    pub head: Hash,
    /// The first thing that does not hold.
    pub broken: Option<Broken>,
}

/// The first thing that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The record; nothing when it is the store as a whole.
    pub seq: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The record is not there.
    Missing,
    /// A value of the record cannot be read.
    Unreadable,
    /// The body is not there, though nothing says that it expired.
    NoBody,
    /// The body is not the one that was hashed.
    Body,
    /// The body is not in canonical form, or not of its kind.
    NotCanonical,
    /// The record does not name the one before.
    Prev,
    /// The hash is not that of the record.
    Hash,
    /// The time beside the body is not the time in it.
    Time,
    /// The derived row is missing or differs from the record.
    Derived,
    /// How incidents stand, or their totals, is not what follows from the chain.
    Stands,
    /// A sealed text is missing, was changed, or is one that no record tells of.
    Evidence,
    /// A derived row without a record.
    NoRecord,
    /// A checkpoint's signature does not hold, or is another key's.
    Signature,
    /// A checkpoint signs another chain than the one before it.
    CheckpointPlace,
    /// Too many records without a checkpoint.
    NoCheckpoint,
    /// The chain ends before the checkpoint that was kept elsewhere.
    Truncated,
    /// The checkpoint that was kept elsewhere signs another record here.
    OtherRecord,
    /// The store is signed by another key than expected.
    OtherKey,
    /// Tables, indexes or triggers were changed.
    Schema,
    /// The file itself is damaged.
    Storage,
}

impl Fault {
    /// What is wrong, in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Missing => "bản ghi bị mất hoặc bị đổi thứ tự",
            Self::Unreadable => "bản ghi không đọc được",
            Self::NoBody => "nội dung bản ghi bị mất",
            Self::Body => "nội dung bản ghi đã bị thay đổi",
            Self::NotCanonical => "nội dung bản ghi không đúng định dạng",
            Self::Prev => "mã băm của bản ghi trước không khớp",
            Self::Hash => "mã băm của bản ghi không khớp",
            Self::Time => "thời điểm ghi nhận không khớp",
            Self::Derived => "bảng tra cứu không khớp với bản ghi",
            Self::Stands => "trạng thái hoặc số tổng hợp của sự kiện không khớp với nhật ký",
            Self::Evidence => "nội dung niêm phong bị mất hoặc đã bị thay đổi",
            Self::NoRecord => "bảng tra cứu có dòng không có bản ghi gốc",
            Self::Signature => "chữ ký của mốc kiểm tra không đúng",
            Self::CheckpointPlace => "mốc kiểm tra không khớp với bản ghi đứng trước",
            Self::NoCheckpoint => "thiếu mốc kiểm tra có chữ ký",
            Self::Truncated => "nhật ký bị cắt bớt so với mốc kiểm tra lưu ở nơi khác",
            Self::OtherRecord => "bản ghi không khớp với mốc kiểm tra lưu ở nơi khác",
            Self::OtherKey => "nhật ký được ký bằng khóa khác",
            Self::Schema => "cấu trúc bảng của nhật ký đã bị thay đổi",
            Self::Storage => "tệp nhật ký bị hỏng",
        }
    }
}

impl VerifyReport {
    /// Whether everything holds.
    pub const fn is_intact(&self) -> bool {
        self.broken.is_none()
    }

    /// What stands beside the number of events that `lachan incidents list` shows.
    fn drafts(&self) -> String {
        match self.continued {
            0 => String::new(),
            drafts => format!(" (và {drafts} bản nháp đã tính vào sự kiện gửi sau đó)"),
        }
    }

    /// The report on one line for a person.
    pub fn to_line(&self) -> String {
        let Self {
            records, unsigned, ..
        } = self;
        match self.broken {
            None => format!(
                "Nhật ký toàn vẹn: {records} bản ghi, trong đó {} sự kiện{}; {unsigned} bản ghi \
                 cuối chưa có chữ ký; mã băm cuối {}",
                self.incidents.saturating_sub(self.continued),
                self.drafts(),
                self.head
            ),
            Some(Broken {
                seq: Some(seq),
                fault,
            }) => format!(
                "Nhật ký không toàn vẹn từ bản ghi số {seq}: {}",
                fault.label()
            ),
            Some(Broken { seq: None, fault }) => {
                format!("Nhật ký không toàn vẹn: {}", fault.label())
            }
        }
    }
}
