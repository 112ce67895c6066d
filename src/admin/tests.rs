//! Who gets in, who does not, and what holds for every page.

use http::{Method, StatusCode};

use super::browser::{Answer, Browser, PASSWORD, TestOffice};
use super::routes::{Access, table};
use super::second_factor::FactorSecret;
use super::session::{IDLE_MILLIS_MAX, LIFE_MILLIS_MAX};
use crate::model::review::Role;
use crate::store::account::SessionStage;
use crate::store::{DeedFilter, Trust, What, verify};

/// A path with something in place of its parameters.
fn filled(path: &str) -> String {
    path.replace("{name}", "nobody-there")
        .replace("{token}", "guess")
        .replace("{code}", "222-222")
        .replace("{id}", "none")
}

async fn office() -> TestOffice {
    let office = TestOffice::open().await;
    for role in Role::ALL {
        office.account(role.as_str(), role).await;
    }
    office
}

async fn deeds(office: &TestOffice, what: What) -> usize {
    let filter = DeedFilter {
        what: Some(what),
        ..DeedFilter::default()
    };
    office.desk.reader.deeds(&filter).await.unwrap().len()
}

/// Asks for a route as a browser does whose form is right.
async fn ask(office: &TestOffice, browser: &mut Browser, method: &Method, path: &str) -> Answer {
    let token = office.form_token(browser, path);
    let fields = [("form_token", token.as_str())];
    let same = [("sec-fetch-site", "same-origin")];
    browser.send(method.clone(), path, &fields, &same).await
}

#[tokio::test]
async fn every_route_is_for_its_roles_and_nobody_else() {
    let office = office().await;
    for route in table() {
        let path = filled(route.path);
        let Access::Roles(allowed) = route.access else {
            continue;
        };
        let mut nobody = office.browser();
        let answer = nobody.send(route.method.clone(), &path, &[], &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} for nobody");
        assert!(answer.location().starts_with("/sign-in?next="));
        for role in Role::ALL {
            let mut half = office
                .signed_in(role.as_str(), SessionStage::Password)
                .await;
            let answer = ask(&office, &mut half, &route.method, &path).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} half way");
            let mut browser = office.signed_in(role.as_str(), SessionStage::Full).await;
            let answer = ask(&office, &mut browser, &route.method, &path).await;
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !allowed.contains(&role), "{path} for {role:?}");
        }
    }
}

#[tokio::test]
async fn every_form_without_its_token_or_from_elsewhere_is_refused() {
    let office = office().await;
    let posts = table()
        .into_iter()
        .filter(|route| route.method == Method::POST);
    for route in posts {
        let path = filled(route.path);
        for role in Role::ALL
            .into_iter()
            .filter(|role| route.access.lets_in(*role))
        {
            let mut browser = office.signed_in(role.as_str(), SessionStage::Full).await;
            let other = office.form_token(&browser, "/elsewhere");
            let own = office.form_token(&browser, &path);
            let before = office.store.chain_seq();
            let foreign = [("sec-fetch-site", "cross-site")];
            let origin = [("origin", "https://evil.example")];
            let tries: [(&str, &[(&str, &str)]); 4] =
                [("", &[]), (&other, &[]), (&own, &foreign), (&own, &origin)];
            for (token, headers) in tries {
                let fields = [("form_token", token)];
                let answer = browser.send(Method::POST, &path, &fields, headers).await;
                let is_refused = answer.status == StatusCode::FORBIDDEN
                    || answer.status == StatusCode::NOT_FOUND;
                assert!(is_refused, "{path}: {}", answer.status);
            }
            assert_eq!(office.store.chain_seq(), before, "{path}");
        }
    }
}

#[tokio::test]
async fn a_session_ends_after_its_idle_time_and_after_its_life() {
    let office = office().await;
    let mut idle = office.signed_in("auditor", SessionStage::Full).await;
    office.pass(IDLE_MILLIS_MAX - 1);
    assert_eq!(idle.get("/").await.status, StatusCode::OK);
    office.pass(IDLE_MILLIS_MAX);
    assert_eq!(idle.get("/").await.status, StatusCode::SEE_OTHER);

    let mut busy = office.signed_in("auditor", SessionStage::Full).await;
    for _ in 0..(LIFE_MILLIS_MAX / IDLE_MILLIS_MAX * 2 - 1) {
        office.pass(IDLE_MILLIS_MAX / 2);
        assert_eq!(busy.get("/").await.status, StatusCode::OK);
    }
    office.pass(IDLE_MILLIS_MAX / 2);
    assert_eq!(busy.get("/").await.status, StatusCode::SEE_OTHER);
    let mut forged = office.browser();
    forged
        .cookies
        .insert("__Host-lachan".to_owned(), "guess".to_owned());
    assert_eq!(forged.get("/").await.status, StatusCode::SEE_OTHER);
}

async fn try_password(office: &TestOffice, name: &str, password: &str) -> Answer {
    let mut browser = office.browser();
    let shown = browser.get("/sign-in").await;
    let fields = [("name", name), ("password", password)];
    browser.submit(&shown, "/sign-in", &fields).await
}

#[tokio::test]
async fn refusals_tell_nothing_about_who_has_an_account() {
    let office = office().await;
    let of = |answer: Answer, name: &str| {
        let token = answer.token_for("/sign-in");
        (
            answer.status,
            answer.body.replace(&token, "").replace(name, ""),
        )
    };
    for _ in 0..8 {
        let known = of(try_password(&office, "auditor", "wrong").await, "auditor");
        let unknown = of(try_password(&office, "nobody2", "wrong").await, "nobody2");
        assert_eq!(known, unknown);
        assert_eq!(known.0, StatusCode::UNAUTHORIZED);
    }
    // Both are locked now: the right password is refused with the same words.
    let locked = try_password(&office, "auditor", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::UNAUTHORIZED);
    assert_eq!(deeds(&office, What::SignInLocked).await, 2);
    office.pass(60_000);
    let free = try_password(&office, "auditor", PASSWORD).await;
    assert_eq!(
        (free.status, free.location()),
        (StatusCode::SEE_OTHER, "/sign-in/code?next=/")
    );
}

#[tokio::test]
async fn from_the_setup_link_to_a_second_factor_and_in_again() {
    let office = TestOffice::open().await;
    let mut browser = office.browser();
    let shown = browser.get(&office.setup_path).await;
    let weak = [("name", "quantri"), ("password", "ngắn"), ("again", "ngắn")];
    let refused = browser.submit(&shown, &office.setup_path, &weak).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [
        ("name", "quantri"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let made = browser.submit(&refused, &office.setup_path, &good).await;
    assert_eq!(made.location(), "/account/second-factor");
    let used = office.browser().get(&office.setup_path).await;
    assert_eq!(used.status, StatusCode::NOT_FOUND);
    // Nothing else before the second factor is set.
    let first = browser.get("/users").await;
    assert_eq!(first.location(), "/account/second-factor");

    let secret = set_factor(&office, &mut browser).await;
    assert_eq!(browser.get("/users").await.status, StatusCode::OK);

    office.pass(60_000);
    let mut again = office.browser();
    let shown = again.get("/sign-in?next=/users").await;
    let fields = [
        ("name", "quantri"),
        ("password", PASSWORD),
        ("next", "/users"),
    ];
    let half = again.submit(&shown, "/sign-in", &fields).await;
    assert_eq!(half.location(), "/sign-in/code?next=/users");
    let before = again.cookies.clone();
    let shown = again.get(half.location()).await;
    let code = secret.code_at(office.desk.now());
    let fields = [("code", code.as_str()), ("next", "/users")];
    let full = again.submit(&shown, "/sign-in/code", &fields).await;
    assert_eq!(
        (full.status, full.location()),
        (StatusCode::SEE_OTHER, "/users")
    );
    assert_ne!(again.cookies, before, "a new token at each step");
    let mut old = again.clone();
    old.cookies = before;
    assert_eq!(old.get("/").await.status, StatusCode::SEE_OTHER);

    // The same code again, from another browser: refused.
    let mut replay = office.browser();
    let shown = replay.get("/sign-in").await;
    let fields = [("name", "quantri"), ("password", PASSWORD)];
    replay.submit(&shown, "/sign-in", &fields).await;
    let shown = replay.get("/sign-in/code").await;
    let refused = replay
        .submit(&shown, "/sign-in/code", &[("code", &code)])
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let report = verify(&office.desk.reader, &Trust::default())
        .await
        .unwrap();
    assert!(report.is_intact(), "{report:?}");
}

/// Sets up the second factor of whoever is signed in, and uses one recovery code up.
async fn set_factor(office: &TestOffice, browser: &mut Browser) -> FactorSecret {
    let shown = browser.get("/account/second-factor").await;
    let sealed = shown.hidden("sealed");
    assert!(shown.body.contains("<svg class=\"qr\""));
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &sealed);
    let secret = office.desk.sealer.open(&bytes.unwrap(), "quantri").unwrap();
    let wrong = [("sealed", sealed.as_str()), ("code", "000000")];
    let refused = browser
        .submit(&shown, "/account/second-factor", &wrong)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = secret.code_at(office.desk.now());
    let right = [("sealed", sealed.as_str()), ("code", code.as_str())];
    let set = browser
        .submit(&shown, "/account/second-factor", &right)
        .await;
    assert_eq!(set.body.matches("<li><code>").count(), 10);
    secret
}

#[tokio::test]
async fn an_administrator_adds_changes_and_disables_an_account() {
    let office = office().await;
    let mut admin = office.signed_in("admin", SessionStage::Full).await;
    let shown = admin.get("/users").await;
    let fields = [
        ("name", "lan"),
        ("full_name", "Trần <b>Lan"),
        ("role", "reviewer"),
    ];
    let made = admin.submit(&shown, "/users", &fields).await;
    let (_, rest) = made.body.split_once("<code class=\"secret\">").unwrap();
    let password = rest.split_once('<').unwrap().0.to_owned();
    let signed = try_password(&office, "lan", &password).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);

    let shown = admin.get("/users/lan").await;
    assert!(shown.body.contains("Trần &#60;b&#62;Lan"), "{}", shown.body);
    let version = shown.hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("role", "auditor"),
        ("is_disabled", "yes"),
    ];
    let changed = admin.submit(&shown, "/users/lan", &fields).await;
    assert_eq!(changed.location(), "/users/lan?done=saved");
    let again = admin.submit(&shown, "/users/lan", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let out = try_password(&office, "lan", &password).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    // Nobody takes the own rights away.
    let own = admin.get("/users/admin").await;
    assert!(!own.body.contains("name=\"is_disabled\""));
    for what in [What::AccountAdded, What::AccountChanged] {
        assert_eq!(deeds(&office, what).await, 1);
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let office = office().await;
    let mut browser = office.signed_in("auditor", SessionStage::Full).await;
    for path in [
        "/",
        "/sign-in",
        "/static/office.css",
        "/no/such/page",
        "/users",
    ] {
        let answer = browser.get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["x-frame-options"], "DENY");
        assert!(answer.headers.contains_key("cache-control"), "{path}");
        assert!(!answer.body.contains("style=") && !answer.body.contains("<script>"));
    }
}

#[tokio::test]
async fn the_auditor_verifies_the_chain_and_that_is_written_down() {
    let office = office().await;
    let mut auditor = office.signed_in("auditor", SessionStage::Full).await;
    let shown = auditor.get("/log").await;
    let verified = auditor.submit(&shown, "/log/verify", &[]).await;
    assert!(
        verified.body.contains("Nhật ký toàn vẹn"),
        "{}",
        verified.body
    );
    assert_eq!(deeds(&office, What::ChainVerified).await, 1);
}
