//! Does the built-in catalogue recognize what it must, and nothing else?

use crate::model::codec::Codec;
use crate::model::exchange::Carries;
use crate::model::part::{PartLocator, Step};
use crate::service::{Catalogue, Editable, Endpoint, Recognized, RefusalShape, Upgrade};
use http::Method;
use proptest::prelude::*;
use std::sync::LazyLock;

static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::builtin() {
    Ok(catalogue) => catalogue,
    Err(mistakes) => {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
});

/// Method and address to `service/endpoint carries`, or what else it is.
fn seen(request: &str) -> String {
    let (method, url) = request.split_once(' ').unwrap();
    let (host, path) = url.split_at(url.find('/').unwrap_or(url.len()));
    let (method, upgrade) = match method {
        "WS" => (Method::GET, Upgrade::WebSocket),
        name => (name.parse().unwrap(), Upgrade::None),
    };
    match BUILTIN.recognize(host, &method, path, upgrade) {
        Recognized::NotAi => "not ai".to_owned(),
        Recognized::Passing(service) => format!("{} passing", service.id),
        Recognized::UnknownPath(service) => format!("{} unknown", service.id),
        Recognized::Endpoint { service, endpoint } => {
            format!(
                "{}/{} {}",
                service.id,
                endpoint.id,
                endpoint.carries.as_str()
            )
        }
    }
}

fn endpoint(host: &str, path: &str) -> &'static Endpoint {
    match BUILTIN.recognize(host, &Method::POST, path, Upgrade::None) {
        Recognized::Endpoint { endpoint, .. } => endpoint,
        other @ (Recognized::NotAi | Recognized::Passing(_) | Recognized::UnknownPath(_)) => {
            panic!("{host}{path}: {other:?}")
        }
    }
}

/// What a request is to be taken for.
const MAIN_ENDPOINTS: &str = "
    POST chatgpt.com/backend-api/f/conversation => openai-chatgpt-web/conversation prompt
    POST ChatGPT.com./backend-anon/conversation => openai-chatgpt-web/conversation prompt
    POST chatgpt.com/backend-api/f/conversation/prepare => openai-chatgpt-web/prepare draft
    POST chatgpt.com/backend-api/conversation/experimental/generate_autocompletions => openai-chatgpt-web/autocomplete draft
    POST chatgpt.com/backend-api/conversation/gen_title/0-1 => openai-chatgpt-web/title draft
    PUT sdmntpr.oaiusercontent.com/file-AAAA?sig=x => openai-chatgpt-web/file-put upload
    POST chatgpt.com/backend-api/codex/responses => openai-codex/codex-responses prompt
    POST chatgpt.com/backend-api/sentinel/chat-requirements/prepare => openai-chatgpt-web/sentinel other
    POST ab.chatgpt.com/v1/rgstr => openai-chatgpt-web/telemetry telemetry
    POST auth.openai.com/api/accounts/password/verify => openai-chatgpt-web/sign-in account
    POST api.openai.com/v1/chat/completions => openai-api/chat-completions prompt
    POST x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1 => openai-api/chat-completions prompt
    POST claude.ai/api/organizations/o/chat_conversations/c/completion => anthropic-claude-web/completion prompt
    POST claude.ai/api/organizations/o/chat_conversations/c/title => anthropic-claude-web/title draft
    POST claude.ai/api/o/upload => anthropic-claude-web/upload upload
    POST claude.ai/api/auth/send_magic_link => anthropic-claude-web/sign-in account
    POST a-api.anthropic.com/v1/m => anthropic-claude-web/telemetry telemetry
    POST api.anthropic.com/v1/messages?beta=true => anthropic-api/messages prompt
    POST gemini.google.com/u/1/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate?bl=x => google-gemini-web/stream-generate prompt
    POST push.clients6.google.com/upload/?upload_id=x => google-gemini-web/upload upload
    POST generativelanguage.googleapis.com/v1beta/models/gemini-flash:streamGenerateContent?alt=sse => google-gemini-api/generate prompt
    POST us-central1-aiplatform.googleapis.com/v1/projects/p/models/m:generateContent => google-gemini-api/generate prompt
    POST chat.deepseek.com/api/v0/chat/completion => deepseek-web/completion prompt
    POST chat.deepseek.com/api/v0/users/login => deepseek-web/sign-in account
    POST api.deepseek.com/chat/completions => deepseek-api/chat-completions prompt
    WS copilot.microsoft.com/c/api/chat?api-version=2 => ms-copilot/ws-chat prompt
    WS substrate.office.com/m365Copilot/chathub/a@b => ms-365-copilot/chathub prompt
    POST api.individual.githubcopilot.com/chat/completions => github-copilot-ide/chat-completions prompt
    POST huggingface.co/chat/conversation/aaaaaaaaaaaaaaaaaaaaaaaa => huggingchat/conversation prompt
    GET you.com/api/streamingSearch?q=x => you-com/stream-get prompt
    POST translate-pa.googleapis.com/v1/translateHtml => google-translate/page page
    POST test.lachan.internal/v1/chat/completions => self-test/chat-completions prompt
    POST chatgpt.com/backend-api/files => openai-chatgpt-web/file-create upload
    PUT sdmntprexample.oaiusercontent.com/file-AAAA => openai-chatgpt-web/file-put upload
    POST chatgpt.com/unauth-mweb/conversation/updates => openai-chatgpt-web/unauth-mweb prompt
    POST claude.ai/api/organizations/09/chat_conversations/10/completion => anthropic-claude-web/completion prompt
    POST claude.ai/api/09/upload => anthropic-claude-web/upload upload
    POST gemini.google.com/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate => google-gemini-web/stream-generate prompt
    POST alkalimakersuite-pa.clients6.google.com/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent => google-ai-studio/generate prompt
    WS substrate.office.com/m365Copilot/Chathub/oid@tid => ms-365-copilot/chathub prompt
    PUT contoso-my.sharepoint.com/personal/x/_api/v2.0/drives/d/items/i/uploadSession => ms-365-copilot/upload-range upload
    POST api.individual.githubcopilot.com/github/chat/threads/18/messages => github-copilot-web/messages prompt
    POST chat.deepseek.com/api/v0/file/upload_file => deepseek-web/upload upload
    POST grok.com/rest/app-chat/conversations/new => xai-grok-web/conversation prompt
    POST www.perplexity.ai/rest/sse/perplexity_ask => perplexity-web/ask prompt
    POST ppl-ai-file-upload.s3.amazonaws.com/ => perplexity-web/s3-post upload
    POST poe.com/api/gql_POST => poe-web/gql prompt
    POST chat.mistral.ai/api/chat => mistral-lechat/chat prompt
    POST www.meta.ai/api/graphql => meta-ai-web/graphql-json prompt
    POST chat.qwen.ai/api/v2/chat/completions => qwen-intl-web/completions prompt
    POST www.kimi.com/apiv2/kimi.gateway.chat.v1.ChatService/Chat => kimi-web/connect-chat prompt
    POST www.doubao.com/samantha/chat/completion => doubao-web/chat-2024 prompt
    POST chat.z.ai/api/v2/chat/completions => zai-chatglm/zai prompt
    WS capi.grammarly.com/freews => grammarly/ws draft
    POST translate.google.com/_/TranslateWebserverUi/data/batchexecute => google-translate/batchexecute prompt
    POST www2.deepl.com/jsonrpc => deepl/jsonrpc prompt
    POST dict.deepl.com/english-vietnamese/search => deepl/dict draft
    POST api.fpt.ai/hmi/tts/v5 => fpt-ai/tts prompt
    POST api2.cursor.sh/aiserver.v1.ChatService/StreamUnifiedChatWithTools => cursor/chat prompt
    POST api.cohere.com/v1/chat => cohere/chat prompt
";

#[test]
fn the_main_endpoints_are_recognized() {
    let rows = MAIN_ENDPOINTS
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty());
    for row in rows {
        let (request, expected) = row.split_once(" => ").unwrap();
        assert_eq!(seen(request), expected, "{request}");
    }
}

#[test]
fn every_endpoint_that_is_publicly_described_is_recognized() {
    let rows = include_str!("../../tests/fixtures/requests/endpoints.txt")
        .lines()
        .filter(|row| !row.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let (request, expected) = row.split_once(" => ").unwrap();
        assert_eq!(seen(request), expected, "{request}");
        count += 1;
    }
    assert!(count > 250, "{count}");
}

#[test]
fn unknown_paths_of_ai_hosts_are_not_harmless() {
    assert_eq!(
        seen("POST chatgpt.com/brand-new"),
        "openai-chatgpt-web unknown"
    );
    assert_eq!(
        seen("PUT chat.deepseek.com/api/v0/chat/completion"),
        "deepseek-web unknown"
    );
    assert_eq!(
        seen("WS chatgpt.com/backend-api/f/conversation"),
        "openai-chatgpt-web unknown"
    );
    assert_eq!(seen("POST pi.ai/api/chat"), "other-ai-hosts unknown");
}

#[test]
fn people_can_log_in_and_pass_the_front_of_any_service() {
    assert_eq!(
        seen("POST pi.ai/api/auth/login"),
        "other-ai-hosts/sign-in account"
    );
    assert_eq!(
        seen("POST claude.ai/cdn-cgi/challenge-platform/h/b/x"),
        "anthropic-claude-web/challenge other"
    );
    let challenge = endpoint("claude.ai", "/cdn-cgi/challenge-platform/h/b/x");
    assert!(challenge.passes_unreadable());
    assert!(!endpoint("api.openai.com", "/v1/chat/completions").passes_unreadable());
}

#[test]
fn shared_hosts_pass_outside_their_rows_in_every_spelling() {
    assert_eq!(
        seen("GET github.com/torvalds/linux"),
        "github-copilot-web passing"
    );
    assert_eq!(seen("POST github.com/login"), "github-copilot-web passing");
    assert_eq!(
        seen("GET graph.microsoft.com/v1.0/me/messages"),
        "ms-365-copilot passing"
    );
    for path in [
        "/duckchat/v1/chat",
        "//duckchat/./v1/chat",
        "/duckchat/v1/%63hat",
        "/x/../duckchat/v1/chat",
        "/DuckChat/v1/chat?x",
    ] {
        assert_eq!(
            seen(&format!("POST duckduckgo.com{path}")),
            "duck-ai/chat prompt"
        );
    }
}

#[test]
fn another_method_does_not_slip_past_a_row_on_a_shared_host() {
    let catalogue = Catalogue::builtin().unwrap();
    let recognize =
        |method, path| catalogue.recognize("www.bing.com", &method, path, Upgrade::None);
    for path in [
        "/images/kblob",
        "/images/kblob/",
        "/Images/kblob;a=1",
        "/images\\kblob",
    ] {
        for method in [Method::POST, Method::PUT, Method::GET] {
            let recognized = recognize(method.clone(), path);
            assert!(
                !matches!(recognized, Recognized::Passing(_)),
                "{method} {path}"
            );
        }
    }
    assert!(matches!(
        recognize(Method::POST, "/images"),
        Recognized::Passing(_)
    ));
}

#[test]
fn other_hosts_and_private_ones_are_not_ai() {
    for host in [
        "example.com",
        "chatgpt.com.example.com",
        "chat.zalo.me",
        "127.0.0.1",
        "x.gov.vn",
    ] {
        assert!(!BUILTIN.is_ai_host(host), "{host}");
        assert_eq!(seen(&format!("GET {host}/")), "not ai");
    }
    assert!(BUILTIN.is_ai_host("chatbot.zalo.me"));
    assert!(BUILTIN.is_ai_host("kiki.zalo.ai"));
}

#[test]
fn rows_say_where_a_value_may_be_replaced() {
    let body = |steps: &[Step]| PartLocator {
        place: crate::model::part::Place::Body,
        steps: steps.to_vec(),
    };
    let key = |name: &str| Step::Key(name.to_owned());
    let chat = endpoint("chatgpt.com", "/backend-api/f/conversation");
    let part = [
        key("messages"),
        Step::Index(0),
        key("content"),
        key("parts"),
        Step::Index(0),
    ];
    assert!(chat.lists(&body(&part)));
    assert!(!chat.lists(&body(&[key("model")])));
    assert_eq!(
        (chat.codec, chat.editable),
        (Some(Codec::Json), Editable::InPlace)
    );
    assert_eq!(chat.refusal, RefusalShape::ChatGptStream);

    let gemini = endpoint(
        "gemini.google.com",
        "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
    );
    assert!(gemini.ignores(&body(&[key("at")])));
    assert!(!gemini.ignores(&body(&[key("f.req")])));
    let upload = endpoint("claude.ai", "/api/o/upload");
    assert_eq!(
        (upload.carries, upload.editable),
        (Carries::Upload, Editable::BlockOnly)
    );
}

#[test]
fn drafts_have_a_harmless_answer() {
    let answer = endpoint(
        "chatgpt.com",
        "/backend-api/conversation/experimental/generate_autocompletions",
    )
    .local_answer()
    .unwrap();
    assert_eq!(answer.body, r#"{"completions":[]}"#);
    assert_eq!(answer.content_type, "application/json");
}

#[test]
fn later_files_replace_services_and_add_new_ones() {
    let office = r#"
        [[service]]
        id = "duck-ai"
        name = "Duck.ai"
        hosts = ["duck.ai"]

        [[service]]
        id = "province"
        name = "Trợ lý của tỉnh"
        hosts = ["ai.example.vn"]
        families = ["openai-compatible"]
    "#;
    let mut files = Catalogue::builtin_files().to_vec();
    files.push(("office.toml".to_owned(), office.to_owned()));
    let catalogue = Catalogue::from_files(&files).unwrap();
    assert!(!catalogue.is_ai_host("duckduckgo.com"));
    assert_eq!(
        catalogue.service_of("ai.example.vn").unwrap().id,
        "province"
    );
    assert_eq!(catalogue.services().len(), BUILTIN.services().len() + 1);
}

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

proptest! {
    #[test]
    fn no_request_makes_recognition_panic(host in "\\PC{0,40}", path in "\\PC{0,60}") {
        let _ = BUILTIN.recognize(&host, &Method::POST, &path, Upgrade::None);
        let _ = BUILTIN.recognize("graph.microsoft.com", &Method::GET, &path, Upgrade::WebSocket);
    }
}
