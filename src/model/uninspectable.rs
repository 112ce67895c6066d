//! Why could something not be inspected?

use std::fmt;

/// The reason why a body, file or message could not be read. Policy decides what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uninspectable {
    /// Locked by a password or encrypted.
    Encrypted,
    /// Broken: it claims a format that it does not keep.
    Corrupt,
    /// Over a bound.
    TooLarge,
    /// A format that is not supported.
    Unknown,
    /// Sound or video.
    Audio,
    /// A picture, and no text recognition.
    NoOcr,
    /// The worker that opened it died.
    WorkerDied,
    /// No sandbox could be made to open it in.
    Unsandboxed,
}

impl Uninspectable {
    /// All reasons.
    pub const ALL: [Self; 8] = [
        Self::Encrypted,
        Self::Corrupt,
        Self::TooLarge,
        Self::Unknown,
        Self::Audio,
        Self::NoOcr,
        Self::WorkerDied,
        Self::Unsandboxed,
    ];

    /// The contract's name, as in `policy.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::TooLarge => "too_large",
            Self::Unknown => "unknown",
            Self::Audio => "audio",
            Self::NoOcr => "no_ocr",
            Self::WorkerDied => "worker_died",
            Self::Unsandboxed => "unsandboxed",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// The reason as told to the clerk, in Vietnamese.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Encrypted => "tệp có mật khẩu",
            Self::Corrupt => "tệp bị hỏng, không mở được",
            Self::TooLarge => "tệp lớn hơn mức cho phép",
            Self::Unknown => "chưa hỗ trợ loại tệp này",
            Self::Audio => "đây là tệp ghi âm hoặc ghi hình",
            Self::NoOcr => "đây là ảnh hoặc bản quét mà máy chủ chưa đọc được chữ",
            Self::WorkerDied | Self::Unsandboxed => "việc kiểm tra không hoàn thành",
        }
    }
}

impl fmt::Display for Uninspectable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
