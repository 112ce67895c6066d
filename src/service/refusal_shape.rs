//! In which wire shape does a service print an error that its client shows?

/// The shape of a refusal's body. The catalogue names it per service or endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalShape {
    /// `{"error":{"message":…,"type":…,"param":null,"code":…}}`, as OpenAI and its likes.
    OpenAi,
    /// `{"type":"error","error":{"type":…,"message":…}}`, as the Anthropic API.
    Anthropic,
    /// `{"error":{"code":403,"message":…,"status":"PERMISSION_DENIED"}}`, as Google APIs.
    Google,
    /// `{"detail":{"message":…,"code":…}}`, as ChatGPT web.
    Detail,
    /// `{"code":…,"msg":…,"data":null}`, as DeepSeek web.
    CodeMsg,
    /// `{"message":…}`, as HuggingChat.
    Message,
    /// Nothing known: JSON like [`RefusalShape::OpenAi`], or text where JSON is not accepted.
    Generic,
}

impl RefusalShape {
    /// All shapes.
    pub const ALL: [Self; 7] = [
        Self::OpenAi,
        Self::Anthropic,
        Self::Google,
        Self::Detail,
        Self::CodeMsg,
        Self::Message,
        Self::Generic,
    ];

    /// The catalogue's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Google => "google",
            Self::Detail => "detail",
            Self::CodeMsg => "code_msg",
            Self::Message => "message",
            Self::Generic => "generic",
        }
    }

    /// Reads the catalogue's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.as_str() == word)
    }
}
