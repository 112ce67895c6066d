//! What figures promise, tried on real logs.

use serde_json::Value;

use super::fixture::{HOUR, Log, around, asked, draft, listed, made};
use crate::report::check::{Checked, check};
use crate::report::compose::compose;
use crate::report::form::Form;
use crate::report::period::CutOffs;
use crate::report::{Kind, Made, Period, Written, deeds, make};
use crate::store::Actor;

#[tokio::test]
async fn figures_are_those_of_the_incident_list() {
    let log = Log::with_a_year().await;
    let figures = made(&log, Kind::Periodic).await.written.figures;
    let list = listed(&log).await;
    let count = |test: &dyn Fn(&Value) -> bool| list.iter().filter(|i| test(i)).count() as u64;
    assert_eq!(figures.incidents, list.len() as u64);
    for action in ["block", "redact", "audit"] {
        assert_eq!(figures.actions[action], count(&|i| i["action"] == action));
    }
    for service in ["chatgpt", "gemini"] {
        assert_eq!(
            figures.services[service].incidents,
            count(&|i| i["service"] == service)
        );
    }
    let nowhere = count(&|i| i["client"]["unit"].is_null());
    assert_eq!(figures.units[""].incidents, nowhere);
    let has = |i: &Value, name: &str| {
        let findings = i["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["category"] == name)
    };
    for category in ["citizen_id", "student_record", "health_record"] {
        assert_eq!(figures.categories[category], count(&|i| has(i, category)));
    }
    assert_eq!(
        figures.groups["pupils"].incidents,
        count(&|i| has(i, "student_record"))
    );
    let of = |name: &str| figures.groups[name].incidents;
    assert_eq!((of("beneficiaries"), of("vulnerable")), (5, 1));
    assert_eq!(figures.categories["state_secret"], 1);
    let subjects: u64 = list.iter().map(|i| i["subjects"].as_u64().unwrap()).sum();
    assert_eq!(figures.subjects, subjects);
    assert_eq!(figures.statuses["closed"], 2);
    assert_eq!(figures.statuses["false_alarm"], 1);
    assert_eq!(figures.statuses["new"], list.len() as u64 - 4);
    assert_eq!(figures.outcomes["exposed"], 1);
    assert_eq!(figures.units["Trường Tiểu học"].exposed, 1);
    assert_eq!(figures.uninspectable["encrypted"], 1);
    assert_eq!(
        figures
            .months
            .values()
            .map(|row| row.incidents)
            .sum::<u64>(),
        figures.incidents
    );
    assert_eq!(figures.deeds["status_set"], 4);
}

#[tokio::test]
async fn a_unit_has_its_own_figures_and_a_self_test_none() {
    let log = Log::with_a_year().await;
    let mut test = draft(95);
    test.service = "self-test".to_owned();
    log.incident(test).await;
    let mut unit = asked(Kind::Periodic);
    unit.unit = Some("Trạm Y tế".to_owned());
    let figures = make(&log.reader, &unit).await.unwrap().written.figures;
    assert_eq!(figures.incidents, 10);
    assert_eq!(figures.units.keys().collect::<Vec<_>>(), ["Trạm Y tế"]);
    let whole = made(&log, Kind::Periodic).await.written.figures;
    assert_eq!((whole.incidents, whole.self_tests), (32, 1));
}

#[tokio::test]
async fn the_same_log_gives_the_same_bytes_and_a_change_of_the_log_others() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let first = made(&log, kind).await;
        // That a report was made is in the log, and changes no report.
        for deed in deeds::made(&Actor::terminal(), &first.written, "json") {
            log.deed(deed).await;
        }
        let again = made(&log, kind).await;
        assert_eq!(first, again, "{}", kind.name());
        for form in Form::ALL {
            let write = |made| form.write(made, around()).unwrap();
            assert_eq!(
                write(&first),
                write(&again),
                "{} {}",
                kind.name(),
                form.name()
            );
        }
    }
    let before = made(&log, Kind::Periodic).await;
    log.incident(draft(96)).await;
    assert_ne!(before, made(&log, Kind::Periodic).await);
}

#[tokio::test]
async fn a_report_agrees_with_its_log_later_and_a_changed_one_does_not() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let written = made(&log, kind).await.written;
        log.incident(draft(96)).await;
        let read = Written::read(&written.to_text()).unwrap();
        let checked = check(&log.reader, &read).await.unwrap();
        assert_eq!(checked, Checked::Agrees, "{}", kind.name());

        let mut changed = read.clone();
        changed.figures.incidents -= 1;
        let Checked::Differs(lines) = check(&log.reader, &changed).await.unwrap() else {
            panic!("a changed figure must be found");
        };
        assert!(lines[0].contains("digest"), "{lines:?}");
        assert!(lines[1].starts_with("figures.incidents"), "{lines:?}");

        // Sealed anew by somebody who knows how: the log says otherwise.
        let Checked::Differs(lines) = check(&log.reader, &changed.sealed()).await.unwrap() else {
            panic!("a forged figure must be found");
        };
        assert_eq!(lines.len(), 1, "{lines:?}");
    }
    let other = Log::open().await;
    let written = made(&log, Kind::Periodic).await.written;
    let checked = check(&other.reader, &written).await.unwrap();
    assert!(
        matches!(checked, Checked::Differs(_)),
        "another log is no source"
    );
}

#[tokio::test]
async fn legal_clocks_run_from_the_detection_to_the_document() {
    let log = Log::with_a_year().await;
    let clock = |made: &Made| made.written.figures.response.clocks["personal_data_72h"];
    let before = made(&log, Kind::Periodic).await;
    assert_eq!((clock(&before).started, clock(&before).not_made), (1, 1));
    let notice = made(&log, Kind::BreachNotice).await.written;
    assert_eq!(notice.incidents.len(), 1);
    Log::pass(70 * HOUR);
    for deed in deeds::made(&Actor::terminal(), &notice, "docx") {
        log.deed(deed).await;
    }
    let after = made(&log, Kind::Periodic).await;
    assert_eq!((clock(&after).in_time, clock(&after).not_made), (1, 0));
    let case = &after.written.cases[0];
    assert_eq!(case.documents[0].0, "breach-notice");
    // Settled to have been detected earlier, the same document came too late.
    log.exposed(&case.id, 80 * HOUR).await;
    assert_eq!(clock(&made(&log, Kind::Periodic).await).late, 1);
}

#[tokio::test]
async fn a_named_incident_is_told_and_a_secret_only_in_its_notice() {
    let log = Log::with_a_year().await;
    let listed = listed(&log).await;
    let code = |i: &Value| i["code"].as_str().unwrap().to_owned();
    let secret = listed
        .iter()
        .find(|i| !i["secret"].is_null())
        .map(code)
        .unwrap();
    let open = listed
        .iter()
        .find(|i| i["secret"].is_null())
        .map(code)
        .unwrap();
    let about = |kind, code: &str| {
        let mut asked = asked(kind);
        asked.incident = Some(code.to_owned());
        asked
    };
    let minutes = make(&log.reader, &about(Kind::Minutes, &open))
        .await
        .unwrap();
    assert_eq!(minutes.written.incidents[0].code, open);
    for (kind, code) in [
        (Kind::Minutes, &secret),
        (Kind::SecrecyNotice, &open),
        (Kind::Periodic, &open),
        (Kind::Incident, &"222-222".to_owned()),
    ] {
        assert!(
            make(&log.reader, &about(kind, code)).await.is_err(),
            "{}",
            kind.name()
        );
    }
    let notice = make(&log.reader, &about(Kind::SecrecyNotice, &secret)).await;
    assert_eq!(
        notice.unwrap().written.incidents[0].level.as_deref(),
        Some("B")
    );
}

#[tokio::test]
async fn requests_are_those_of_the_log_and_unknown_where_nobody_counted() {
    let log = Log::with_a_year().await;
    let of = async |period: &str, unit: Option<&str>| {
        let mut asked = asked(Kind::Periodic);
        asked.period = Period::parse(period, CutOffs::default()).unwrap();
        asked.unit = unit.map(str::to_owned);
        let written = make(&log.reader, &asked).await.unwrap().written;
        written.figures.requests
    };
    let year = of("2026", None).await.unwrap();
    assert_eq!((year.all.requests, year.all.blocked), (160, 13));
    assert_eq!(year.since, "2026-03-02");
    assert_eq!(year.units["Trạm Y tế"].requests, 110);
    assert_eq!(year.months["2026-05"].allowed, 7);
    let may = of("2026-05-01..2026-05-31", Some("Trạm Y tế")).await;
    assert_eq!(may.unwrap().all.requests, 10);
    let quiet = of("2026-04-01..2026-04-30", None).await.unwrap();
    assert_eq!(quiet.all.requests, 0, "counted, and nothing came");
    assert_eq!(of("2025", None).await, None, "nobody counted then");

    // Later counts change no earlier report, and a changed one is found.
    let written = made(&log, Kind::Periodic).await.written;
    log.requests("2026-05-02", "", (1, 1)).await;
    assert_eq!(check(&log.reader, &written).await.unwrap(), Checked::Agrees);
    let mut forged = written;
    forged.figures.requests.as_mut().unwrap().all.blocked = 0;
    let Checked::Differs(lines) = check(&log.reader, &forged.sealed()).await.unwrap() else {
        panic!("a forged count must be found");
    };
    assert!(
        lines[0].starts_with("figures.requests.all.blocked"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn the_register_is_that_of_the_back_office_as_of_the_report() {
    let log = Log::with_a_year().await;
    let text = |made: &Made| format!("{:?}", compose(&made.written, around()).unwrap());
    let register = made(&log, Kind::ToolRegister).await;
    assert_eq!(register.written.tools.len(), 1);
    for part in [
        "OpenAI",
        "Dữ liệu công khai",
        "Chủ tịch",
        "31/12/2026",
        "có trong Danh mục",
    ] {
        assert!(text(&register).contains(part), "{part}");
    }
    let assessment = text(&made(&log, Kind::Assessment).await);
    assert!(assessment.contains("Soạn thảo, tóm tắt văn bản công khai"));
    assert!(text(&made(&log, Kind::Impact).await).contains("ChatGPT: thấp"));
    assert!(text(&made(&log, Kind::Periodic).await).contains("Công cụ được phép sử dụng: ChatGPT"));

    log.tool("gemini").await;
    let both = made(&log, Kind::ToolRegister).await.written;
    assert_eq!(both.tools.len(), 2);
    let checked = check(&log.reader, &register.written).await.unwrap();
    assert_eq!(
        checked,
        Checked::Agrees,
        "a later entry changes no earlier report"
    );
    let mut one = asked(Kind::Assessment);
    one.tool = Some("gemini".to_owned());
    let written = make(&log.reader, &one).await.unwrap().written;
    assert_eq!(written.tools.len(), 1);
    assert_eq!(check(&log.reader, &written).await.unwrap(), Checked::Agrees);
    one.tool = Some("none".to_owned());
    assert!(make(&log.reader, &one).await.is_err());
}
