//! Does the built-in policy do what the default table promises, cell by cell?

use std::sync::LazyLock;

use crate::model::category::Category;
use crate::model::decision::Action::{self, Allow, Audit, Block, Redact};
use crate::model::decision::Decision;
use crate::model::exchange::{Carries, Circumstances};
use crate::model::finding::{Confidence, Evidence, Finding};
use crate::model::part::Span;
use crate::model::uninspectable::Uninspectable;
use crate::policy::{FieldPlace, Observed, Policy, Unread, UnreadWhat};

pub(super) static BUILTIN: LazyLock<Policy> = LazyLock::new(|| parsed(None));

pub(super) fn parsed(text: Option<&str>) -> Policy {
    let policy = text.map_or_else(Policy::builtin, |text| Policy::parse("policy.toml", text));
    policy.unwrap_or_else(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

pub(super) const DESK: &str = "Trung tâm Phục vụ hành chính công";

pub(super) fn circumstances(carries: Carries, unit: Option<&str>) -> Circumstances {
    Circumstances {
        carries,
        service: "openai-chatgpt-web".to_owned(),
        unit: unit.map(str::to_owned),
    }
}

pub(super) fn labelled(category: Category) -> Finding {
    let mut finding = Finding::new(category, "rule", Span::new(0, 12), Confidence::High);
    finding.evidence.push(Evidence::Label("nhãn".to_owned()));
    finding
}

pub(super) fn bare(category: Category) -> Finding {
    let mut finding = Finding::new(category, "rule", Span::new(0, 12), Confidence::Medium);
    finding.evidence.push(Evidence::Structure);
    finding
}

/// A record of so many people with one element, a name.
pub(super) fn record(category: Category, subjects: u32) -> Vec<Finding> {
    let mut record = labelled(category);
    record.span = Span::new(0, 40);
    record.subjects = subjects;
    let mut name = labelled(Category::PersonName);
    name.element_of = Some(0);
    vec![record, name]
}

pub(super) fn decide(
    findings: &[Finding],
    place: FieldPlace,
    carries: Carries,
    unit: Option<&str>,
) -> Decision {
    let observed: Vec<Observed<'_>> = findings
        .iter()
        .map(|finding| Observed { finding, place })
        .collect();
    BUILTIN.decide(&observed, &[], &circumstances(carries, unit))
}

/// The action in a prompt, in an upload that can be rewritten, in one that cannot, and in a prompt
/// and an upload of the one-stop desk.
fn row(findings: &[Finding]) -> [Action; 5] {
    use FieldPlace::{Fixed, Listed};
    [
        decide(findings, Listed, Carries::Prompt, None).action,
        decide(findings, Listed, Carries::Upload, None).action,
        decide(findings, Fixed, Carries::Upload, None).action,
        decide(findings, Listed, Carries::Prompt, Some(DESK)).action,
        decide(findings, Listed, Carries::Upload, Some(DESK)).action,
    ]
}

const IDENTIFIERS: [Category; 15] = [
    Category::CitizenId,
    Category::IdentityCard,
    Category::PhoneNumber,
    Category::TaxCode,
    Category::SocialInsuranceNumber,
    Category::HealthInsuranceNumber,
    Category::PassportNumber,
    Category::DrivingLicence,
    Category::VehiclePlate,
    Category::BankAccount,
    Category::BankCard,
    Category::EmailAddress,
    Category::LandCertificate,
    Category::StudentCode,
    Category::PatientCode,
];

#[test]
fn markings_and_credentials_block_everywhere() {
    for category in [
        Category::StateSecret,
        Category::InternalDocument,
        Category::Credential,
    ] {
        assert_eq!(row(&[labelled(category)]), [Block; 5], "{category}");
    }
}

#[test]
fn five_or_more_people_block_everywhere() {
    for category in [Category::PersonalRecord, Category::StudentRecord] {
        assert_eq!(row(&record(category, 5)), [Block; 5], "{category}");
        let decision = decide(
            &record(category, 5),
            FieldPlace::Listed,
            Carries::Prompt,
            None,
        );
        assert_eq!(decision.rule, "five-or-more-people");
    }
}

#[test]
fn sensitive_records_of_a_named_person_block_everywhere() {
    for category in [
        Category::SensitiveRecord,
        Category::HealthRecord,
        Category::WelfareRecord,
        Category::IdentityCardImage,
    ] {
        assert_eq!(row(&record(category, 1)), [Block; 5], "{category}");
    }
}

#[test]
fn records_of_up_to_four_are_hidden_but_blocked_at_the_desk() {
    for category in [Category::StudentRecord, Category::PersonalRecord] {
        for subjects in [0, 1, 4] {
            let expected = [Redact, Redact, Block, Block, Block];
            assert_eq!(
                row(&record(category, subjects)),
                expected,
                "{category} {subjects}"
            );
        }
    }
}

#[test]
fn single_identifiers_are_hidden_but_uploads_of_the_desk_block() {
    for category in IDENTIFIERS {
        let expected = [Redact, Redact, Block, Redact, Block];
        assert_eq!(row(&[labelled(category)]), expected, "{category}");
        assert_eq!(row(&[bare(category)]), expected, "{category} bare");
    }
}

#[test]
fn low_confidence_is_only_recorded() {
    for category in Category::ALL {
        let mut finding = labelled(*category);
        finding.confidence = Confidence::Low;
        assert_eq!(row(&[finding]), [Audit; 5], "{category}");
    }
}

#[test]
fn what_cannot_be_read_blocks_for_any_reason() {
    for reason in Uninspectable::ALL {
        for unit in [None, Some(DESK)] {
            for (carries, what, expected) in [
                (Carries::Upload, UnreadWhat::File, "unreadable"),
                (Carries::Upload, UnreadWhat::Body, "unreadable"),
                (Carries::Prompt, UnreadWhat::File, "unreadable"),
                (Carries::Other, UnreadWhat::Body, "unreadable"),
                (Carries::Account, UnreadWhat::File, "unreadable-account"),
                (Carries::Telemetry, UnreadWhat::Body, "telemetry"),
            ] {
                // A portrait.
                if (carries, reason) == (Carries::Account, Uninspectable::NoOcr) {
                    continue;
                }
                let unread = [Unread { reason, what }];
                let decision = BUILTIN.decide(&[], &unread, &circumstances(carries, unit));
                assert_eq!((decision.action, decision.rule.as_str()), (Block, expected));
            }
        }
    }
}

#[test]
fn drafts_are_treated_like_prompts() {
    for category in Category::ALL {
        for place in [FieldPlace::Listed, FieldPlace::Fixed, FieldPlace::Unlisted] {
            for unit in [None, Some(DESK)] {
                let findings = [labelled(*category)];
                let prompt = decide(&findings, place, Carries::Prompt, unit);
                assert_eq!(decide(&findings, place, Carries::Draft, unit), prompt);
            }
        }
    }
}

#[test]
fn pages_pass_single_contacts_only() {
    let on_page =
        |findings: &[Finding]| decide(findings, FieldPlace::Listed, Carries::Page, None).action;
    assert_eq!(on_page(&[labelled(Category::PhoneNumber)]), Allow);
    assert_eq!(on_page(&[labelled(Category::EmailAddress)]), Allow);
    assert_eq!(on_page(&[labelled(Category::CitizenId)]), Block);
    assert_eq!(on_page(&[labelled(Category::StateSecret)]), Block);
    assert_eq!(on_page(&[labelled(Category::InternalDocument)]), Block);
    assert_eq!(on_page(&record(Category::PersonalRecord, 1)), Block);
    assert_eq!(on_page(&record(Category::StudentRecord, 30)), Block);
}

#[test]
fn people_can_log_in() {
    let logging_in = |findings: &[Finding]| {
        decide(findings, FieldPlace::Unlisted, Carries::Account, None).action
    };
    for category in [
        Category::EmailAddress,
        Category::PhoneNumber,
        Category::PersonName,
        Category::Credential,
    ] {
        assert_eq!(logging_in(&[labelled(category)]), Allow, "{category}");
        assert_eq!(logging_in(&[bare(category)]), Allow, "{category} bare");
    }
    assert_eq!(logging_in(&record(Category::PersonalRecord, 1)), Block);
    assert_eq!(logging_in(&[labelled(Category::StateSecret)]), Block);
    assert_eq!(logging_in(&[labelled(Category::InternalDocument)]), Block);
    assert_eq!(logging_in(&[bare(Category::CitizenId)]), Audit);
}

#[test]
fn telemetry_with_a_hit_is_kept_here() {
    for category in Category::ALL {
        for finding in [labelled(*category), bare(*category)] {
            let decision = decide(&[finding], FieldPlace::Unlisted, Carries::Telemetry, None);
            assert_eq!(
                (decision.action, decision.rule.as_str()),
                (Block, "telemetry")
            );
        }
    }
}

#[test]
fn unknown_paths_never_redact() {
    let on_other =
        |finding: Finding| decide(&[finding], FieldPlace::Unlisted, Carries::Other, None).action;
    for category in Category::ALL {
        let expected = if *category == Category::EmailAddress {
            Audit
        } else {
            Block
        };
        assert_eq!(on_other(labelled(*category)), expected, "{category}");
    }
    assert_eq!(on_other(bare(Category::CitizenId)), Audit);
    assert_eq!(on_other(bare(Category::StateSecret)), Block);
}
