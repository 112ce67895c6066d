//! What programs get by a token, and what they do not.

use http::{Method, StatusCode};
use serde_json::Value;

use super::browser::{Answer, Browser, TestOffice};
use crate::model::review::Role;
use crate::store::account::SessionStage;
use crate::store::incident_json::rfc3339;

/// Makes a token in the page and gives it.
async fn token(office: &TestOffice) -> (Browser, String) {
    office.account("admin", Role::Admin).await;
    let mut admin = office.signed_in("admin", SessionStage::Full).await;
    let shown = admin.get("/connections").await;
    let fields = [("name", "SIEM <b>")];
    let made = admin.submit(&shown, "/connections/tokens", &fields).await;
    let (_, rest) = made.body.split_once("<code class=\"secret\">").unwrap();
    let token = rest.split_once('<').unwrap().0.to_owned();
    (admin, token)
}

async fn ask(office: &TestOffice, token: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let mut program = office.browser();
    program.send(Method::GET, path, &[], &headers).await
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_token_opens_the_api_until_it_ends_and_nothing_else_does() {
    let office = TestOffice::open().await;
    let (mut admin, token) = token(&office).await;
    for path in ["incidents", "summary", "tools", "status"] {
        let path = format!("/api/v1/{path}");
        let answer = ask(&office, &token, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        for wrong in ["", "guess", token.trim_start_matches('l')] {
            let answer = ask(&office, wrong, &path).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        // A session is no token, and a token no session.
        let by_session = admin.get(&path).await;
        assert_eq!(by_session.status, StatusCode::UNAUTHORIZED);
    }
    let page = ask(&office, &token, "/users").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let shown = admin.get("/connections").await;
    assert!(!shown.body.contains(&token) && shown.body.contains("SIEM &#60;b&#62;"));
    let end = [("name", "SIEM <b>")];
    admin.submit(&shown, "/connections/tokens/end", &end).await;
    let answer = ask(&office, &token, "/api/v1/status").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_ends_by_itself_after_a_year() {
    let office = TestOffice::open().await;
    let (_, token) = token(&office).await;
    office.pass(367 * 24 * 3_600_000);
    let answer = ask(&office, &token, "/api/v1/status").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn incidents_come_in_pages_and_a_state_secret_with_its_level_alone() {
    let office = TestOffice::open().await;
    let (_, token) = token(&office).await;
    for number in 0..3 {
        office.incident(&format!("{number:016x}"), false).await;
    }
    let secret = office.incident("5ec0", true).await;
    let first = json(&ask(&office, &token, "/api/v1/incidents?limit=2").await);
    assert_eq!(first["incidents"].as_array().unwrap().len(), 2);
    let told = &first["incidents"][0];
    assert_eq!(told["id"], secret.id.as_str());
    assert_eq!(told["level"], "B");
    assert!(told["details"].is_null(), "{told}");
    assert!(!told.to_string().contains("openai-chatgpt-web"));
    let other = &first["incidents"][1];
    assert_eq!(other["details"]["findings"]["phone_number"], 1);
    assert!(other["level"].is_null());
    let before = first["next"].as_u64().unwrap();
    let next = format!("/api/v1/incidents?limit=2&before={before}");
    let second = json(&ask(&office, &token, &next).await);
    assert_eq!(second["incidents"].as_array().unwrap().len(), 2);
    let one = format!("/api/v1/incidents/{}", secret.code);
    assert_eq!(json(&ask(&office, &token, &one).await)["level"], "B");
    let none = ask(&office, &token, "/api/v1/incidents/none").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let since = rfc3339(office.desk.now()).replace('+', "%2B");
    let since = format!("/api/v1/incidents?since={since}");
    let all = ask(&office, &token, &since).await;
    assert_eq!(all.status, StatusCode::OK, "{}", all.body);
    let summary = json(&ask(&office, &token, "/api/v1/summary").await);
    assert!(summary["lines"].is_array(), "{summary}");
    let mut program = office.browser();
    let put = program.send(Method::PUT, "/api/v1/summary", &[], &[]).await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
    for bad in ["limit=0", "limit=1001", "since=now", "sinse=1", "before=-1"] {
        let answer = ask(&office, &token, &format!("/api/v1/incidents?{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}
