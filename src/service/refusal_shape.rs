//! In which wire shape does a service print an error, or an answer, that its client shows?
//!
//! Three kinds. An **error** is what the service itself would send, under status 403. A **stream**
//! is an answer like any other, under status 200, for clients that show nothing of an error; only
//! rows name one. A **socket** shape is a message of the service's own on a WebSocket.

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
    /// `{"detail":…}`, as Perplexity and Z.ai.
    DetailText,
    /// `{"code":…,"msg":…,"data":null}`, as DeepSeek web.
    CodeMsg,
    /// `{"code":1,"success":false,"msg":…,"data":{"code":…,"details":…}}`, as Ernie and Qwen.
    CodeSuccess,
    /// `{"message":…}`, as HuggingChat.
    Message,
    /// `{"code":…,"status":1,"error_type":…,"message":…}`, as Doubao, ChatGLM and the older Kimi.
    CodeMessage,
    /// `{"message":…,"errorMessage":…,"vi_message":…}` with codes beside, as the Vietnamese
    /// interfaces for speech and pictures: FPT.AI, Viettel AI, Zalo AI.
    ErrorMessage,
    /// `{"data":null,"errors":[{"message":…}]}`, as GraphQL: Poe, Meta AI.
    GraphQl,
    /// `[{"error":{"json":{"message":…}}}]`, as a tRPC batch: Le Chat.
    Trpc,
    /// `[,[7,…]]`, as Google AI Studio prints `PERMISSION_DENIED`.
    RpcArray,
    /// XML with `Code` and `Message`, as stores of uploaded files: S3, Azure, OSS.
    StoreXml,
    /// Nothing known: JSON like [`RefusalShape::OpenAi`], or text where JSON is not accepted.
    Generic,
    /// Server-sent events with deltas, version `v1`: ChatGPT web.
    ChatGptStream,
    /// Server-sent events of a message: Claude web.
    ClaudeStream,
    /// One JSON object a line, tokens and then the whole: Grok web.
    GrokStream,
    /// Server-sent events with patches: DeepSeek web.
    DeepSeekStream,
    /// Server-sent events `content` and `complete`: GitHub Copilot web.
    GithubCopilotStream,
    /// Server-sent events, one with the text: Duck.ai.
    DuckStream,
    /// The end frame of a Connect stream of JSON: Kimi. A Connect client reads errors nowhere else.
    ConnectJsonEnd,
    /// The end frame of a Connect stream of protobuf, which is JSON all the same: Cursor.
    ConnectProtoEnd,
    /// Events `received`, `startMessage`, `appendText`, `done`: Microsoft Copilot.
    CopilotSocket,
    /// `SignalR` records of types 1, 2 and 3: Microsoft 365 Copilot.
    SignalrSocket,
    /// An `error` event, as OpenAI's Realtime API.
    RealtimeSocket,
    /// An `error` event in an envelope: Grok.
    GrokSocket,
    /// A `neo_error` command: Character.AI.
    NeoSocket,
    /// An `error` action, after which the client starts anew: Grammarly.
    GrammarlySocket,
}

/// How a shape is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// As an error, under an error's status.
    Error,
    /// As an answer, under status 200.
    Stream,
    /// As a message on a WebSocket.
    Socket,
}

impl RefusalShape {
    /// All shapes.
    pub const ALL: [Self; 29] = [
        Self::OpenAi,
        Self::Anthropic,
        Self::Google,
        Self::Detail,
        Self::DetailText,
        Self::CodeMsg,
        Self::CodeSuccess,
        Self::Message,
        Self::CodeMessage,
        Self::ErrorMessage,
        Self::GraphQl,
        Self::Trpc,
        Self::RpcArray,
        Self::StoreXml,
        Self::Generic,
        Self::ChatGptStream,
        Self::ClaudeStream,
        Self::GrokStream,
        Self::DeepSeekStream,
        Self::GithubCopilotStream,
        Self::DuckStream,
        Self::ConnectJsonEnd,
        Self::ConnectProtoEnd,
        Self::CopilotSocket,
        Self::SignalrSocket,
        Self::RealtimeSocket,
        Self::GrokSocket,
        Self::NeoSocket,
        Self::GrammarlySocket,
    ];

    /// The catalogue's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Google => "google",
            Self::Detail => "detail",
            Self::DetailText => "detail_text",
            Self::CodeMsg => "code_msg",
            Self::CodeSuccess => "code_success",
            Self::Message => "message",
            Self::CodeMessage => "code_message",
            Self::ErrorMessage => "error_message",
            Self::GraphQl => "graphql",
            Self::Trpc => "trpc",
            Self::RpcArray => "rpc_array",
            Self::StoreXml => "store_xml",
            Self::Generic => "generic",
            Self::ChatGptStream => "chatgpt_stream",
            Self::ClaudeStream => "claude_stream",
            Self::GrokStream => "grok_stream",
            Self::DeepSeekStream => "deepseek_stream",
            Self::GithubCopilotStream => "github_copilot_stream",
            Self::DuckStream => "duck_stream",
            Self::ConnectJsonEnd => "connect_json_end",
            Self::ConnectProtoEnd => "connect_proto_end",
            Self::CopilotSocket => "copilot_socket",
            Self::SignalrSocket => "signalr_socket",
            Self::RealtimeSocket => "realtime_socket",
            Self::GrokSocket => "grok_socket",
            Self::NeoSocket => "neo_socket",
            Self::GrammarlySocket => "grammarly_socket",
        }
    }

    /// Reads the catalogue's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.as_str() == word)
    }

    /// How it is sent.
    pub const fn kind(self) -> RefusalKind {
        match self {
            Self::OpenAi
            | Self::Anthropic
            | Self::Google
            | Self::Detail
            | Self::DetailText
            | Self::CodeMsg
            | Self::CodeSuccess
            | Self::Message
            | Self::CodeMessage
            | Self::ErrorMessage
            | Self::GraphQl
            | Self::Trpc
            | Self::RpcArray
            | Self::StoreXml
            | Self::Generic => RefusalKind::Error,
            Self::ChatGptStream
            | Self::ClaudeStream
            | Self::GrokStream
            | Self::DeepSeekStream
            | Self::GithubCopilotStream
            | Self::DuckStream
            | Self::ConnectJsonEnd
            | Self::ConnectProtoEnd => RefusalKind::Stream,
            Self::CopilotSocket
            | Self::SignalrSocket
            | Self::RealtimeSocket
            | Self::GrokSocket
            | Self::NeoSocket
            | Self::GrammarlySocket => RefusalKind::Socket,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::service::Catalogue;

    #[test]
    fn a_shape_must_fit_where_it_stands() {
        let bad = r#"
            [[service]]
            id = "a"
            name = "A"
            hosts = ["a.example"]
            refusal = "chatgpt_stream"
            [[service.endpoint]]
            id = "x"
            path = '/x'
            carries = "prompt"
            refusal = "copilot_socket"
            [[service.endpoint]]
            id = "y"
            methods = ["WS"]
            path = '/y'
            carries = "prompt"
            refusal = "openai"
        "#;
        let files = [("office.toml".to_owned(), bad.to_owned())];
        let mistakes = Catalogue::from_files(&files).unwrap_err();
        let keys: Vec<&str> = mistakes.iter().map(|m| m.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "refusal",
                "endpoint \"x\": refusal",
                "endpoint \"y\": refusal"
            ]
        );
    }
}
