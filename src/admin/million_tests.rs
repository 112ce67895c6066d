//! Does every page stay fast over a million incidents? Measured against the list over a few.
//!
//! Over TLS a bare page costs more than any of these; here there is none, so that only the store's
//! size can tell.

use std::time::{Duration, Instant};

use http::StatusCode;

use super::browser::{Browser, NOON, TestOffice};
use super::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::Role;
use crate::store::account::SessionStage;
use crate::store::million;

/// How often each page is asked for.
const ROUNDS: usize = 40;
/// How many times as long a page may take as the list does over a few incidents.
const TIMES_MAX: f64 = 3.0;

/// The shortest time of a page: what others do on the machine only makes it longer.
async fn time_of(browser: &mut Browser, path: &str) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let answer = browser.get(path).await;
        shortest = shortest.min(begun.elapsed());
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
    shortest
}

#[tokio::test]
#[ignore = "makes a store of a million incidents, which takes minutes"]
async fn no_page_over_a_million_incidents_takes_three_times_as_long_as_a_list_of_a_few() {
    let few = TestOffice::open().await;
    few.account("auditor", Role::Auditor).await;
    for number in 0..60 {
        few.store.record(million::one(number)).await.unwrap();
    }
    let mut small = few.signed_in("auditor", SessionStage::Full).await;
    let office = TestOffice::over(&million::folder().await, None).await;
    if office
        .desk
        .reader
        .account("auditor")
        .await
        .unwrap()
        .is_none()
    {
        office.account("auditor", Role::Auditor).await;
    }
    // The store ends when it was made.
    let newest = crate::store::Filter {
        limit: 1,
        ..crate::store::Filter::default()
    };
    let newest = office.desk.reader.list(&newest).await.unwrap();
    office.pass(newest[0].record.recorded_at.0 - NOON);
    let mut browser = office.signed_in("auditor", SessionStage::Full).await;
    let listed = browser.get("/incidents").await.body;
    let (_, rest) = listed
        .split_once("class=\"code\" href=\"/incidents/")
        .unwrap();
    let detail = format!("/incidents/{}", rest.split_once('"').unwrap().0);
    let deep = format!("/incidents?before={}", million::INCIDENTS / 2);
    let long_ago = told::day_field(UnixMillis(newest[0].record.recorded_at.0 - 40_000_000_000));
    let dated = format!("/incidents?from={long_ago}&action=block&severity=high&service=kimi-web");
    let pages = [
        "/",
        "/incidents",
        &deep,
        &detail,
        "/incidents?status=new&severity=high",
        "/incidents?service=mistral-lechat",
        "/incidents?service=mistral-lechat&unit=-&action=block&severity=high",
        "/incidents?unit=V%C4%83n%20ph%C3%B2ng&category=phone_number",
        "/incidents?category=health_record&client=10.0.1.7",
        "/incidents?fingerprint=0000000000000a00",
        "/incidents?status=closed",
        "/incidents?severity=low&service=openai-chatgpt-web&status=confirmed",
        &dated,
        "/incidents?status=closed&severity=low&action=block",
        "/incidents?assignee=nguoi-xem-xet&service=kimi-web&severity=high",
        "/incidents?outcome=exposed",
        "/incidents?category=state_secret",
        "/releases",
        "/exceptions",
        "/log",
    ];
    let usual = time_of(&mut small, "/incidents").await;
    eprintln!("the list over a few incidents takes {usual:?}");
    let mut slow = Vec::new();
    for path in pages {
        let time = time_of(&mut browser, path).await;
        let times = time.as_secs_f64() / usual.as_secs_f64();
        eprintln!("{times:5.2} times, {time:?}: {path}");
        if times >= TIMES_MAX {
            slow.push((path, times));
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}
