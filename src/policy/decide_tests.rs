//! Do rules, records and places make one action, whatever the order of the findings?

use proptest::prelude::*;

use crate::model::category::{Category, Ground};
use crate::model::decision::Action::{Allow, Audit, Block, Redact};
use crate::model::decision::Decision;
use crate::model::exchange::Carries;
use crate::model::finding::{Confidence, Evidence, Finding};
use crate::model::part::{PartId, Span};
use crate::policy::policy_tests::{
    BUILTIN, DESK, bare, circumstances, decide, labelled, parsed, record,
};
use crate::policy::{FieldPlace, Observed};

#[test]
fn an_unlisted_field_blocks_but_a_bare_number_there_is_recorded() {
    let there =
        |finding: Finding| decide(&[finding], FieldPlace::Unlisted, Carries::Prompt, None).action;
    assert_eq!(there(labelled(Category::CitizenId)), Block);
    assert_eq!(there(bare(Category::CitizenId)), Audit);
    assert_eq!(there(bare(Category::EmailAddress)), Block);
    let mut card = bare(Category::BankCard);
    card.evidence.push(Evidence::Checksum);
    assert_eq!(there(card.clone()), Audit);
    card.evidence.push(Evidence::Label("số thẻ".to_owned()));
    assert_eq!(there(card), Block);
    let fixed = decide(
        &[bare(Category::CitizenId)],
        FieldPlace::Fixed,
        Carries::Prompt,
        None,
    );
    assert_eq!(fixed.action, Block);
}

#[test]
fn the_elements_of_a_record_share_its_fate() {
    let redacted = decide(
        &record(Category::PersonalRecord, 1),
        FieldPlace::Listed,
        Carries::Prompt,
        None,
    );
    assert_eq!(redacted.per_finding, [Redact, Redact]);
    let blocked = decide(
        &record(Category::HealthRecord, 1),
        FieldPlace::Listed,
        Carries::Prompt,
        None,
    );
    assert_eq!(blocked.per_finding, [Block, Block]);
}

#[test]
fn a_record_with_nothing_to_hide_in_it_blocks() {
    let whole = [labelled(Category::PersonalRecord)];
    assert_eq!(
        decide(&whole, FieldPlace::Listed, Carries::Prompt, None).action,
        Block
    );
}

#[test]
fn people_of_one_text_are_counted_together_and_repeats_in_other_texts_are_not() {
    let mut findings = Vec::new();
    for at in 0..5_usize {
        let mut pair = record(Category::PersonalRecord, 1);
        for finding in &mut pair {
            finding.span = Span::new(at * 100, at * 100 + 20);
        }
        pair[1].element_of = Some(at * 2);
        findings.extend(pair);
    }
    let together = decide(&findings, FieldPlace::Listed, Carries::Prompt, None);
    assert_eq!(
        (together.action, together.rule.as_str()),
        (Block, "five-or-more-people")
    );
    for (at, finding) in findings.iter_mut().enumerate() {
        finding.part = PartId(at / 2);
    }
    let apart = decide(&findings, FieldPlace::Listed, Carries::Prompt, None);
    assert_eq!(apart.action, Redact);
}

#[test]
fn nothing_found_is_allowed() {
    assert_eq!(
        decide(&[], FieldPlace::Listed, Carries::Prompt, None),
        Decision::allow()
    );
}

#[test]
fn an_office_may_write_its_own_rules() {
    let policy = parsed(Some(
        r#"
        [[rule]]
        name = "belief"
        categories = ["records"]
        grounds = ["b"]
        services = ["openai-chatgpt-web"]
        units = [" Tư pháp "]
        action = "block"
        message = "Hỏi bộ phận pháp chế."

        [[rule]]
        name = "rest"
        categories = ["identifiers", "!email_address"]
        confidence_min = "high"
        action = "audit"
        "#,
    ));
    let mut belief = labelled(Category::SensitiveRecord);
    belief.ground = Some(Ground::Belief);
    let ask = |finding: &Finding, unit| {
        let observed = [Observed {
            finding,
            place: FieldPlace::Listed,
        }];
        policy.decide(&observed, &[], &circumstances(Carries::Prompt, unit))
    };
    let decision = ask(&belief, Some("tư pháp"));
    assert_eq!((decision.action, decision.rule.as_str()), (Block, "belief"));
    assert_eq!(decision.message.as_deref(), Some("Hỏi bộ phận pháp chế."));
    assert_eq!(ask(&belief, None).action, Allow);
    belief.ground = None;
    assert_eq!(ask(&belief, Some("Tư pháp")).action, Allow);
    assert_eq!(ask(&labelled(Category::CitizenId), None).action, Audit);
    assert_eq!(ask(&bare(Category::CitizenId), None).action, Allow);
    assert_eq!(ask(&labelled(Category::EmailAddress), None).action, Allow);
}

fn any_finding() -> impl Strategy<Value = (Finding, FieldPlace)> {
    let place = prop_oneof![
        Just(FieldPlace::Listed),
        Just(FieldPlace::Fixed),
        Just(FieldPlace::Unlisted)
    ];
    let category = proptest::sample::select(Category::ALL);
    let confidence = proptest::sample::select(&Confidence::ALL[..]);
    let span = (0..50_usize, 0..50_usize).prop_map(|(a, b)| Span::new(a, b));
    (
        category,
        confidence,
        span,
        0..7_u32,
        any::<bool>(),
        0..3_usize,
        place,
    )
        .prop_map(
            |(category, confidence, span, subjects, is_labelled, part, place)| {
                let mut finding = if is_labelled {
                    labelled(category)
                } else {
                    bare(category)
                };
                finding.confidence = confidence;
                finding.span = span;
                finding.subjects = subjects;
                finding.part = PartId(part);
                (finding, place)
            },
        )
}

proptest! {
    #[test]
    fn the_order_of_findings_changes_nothing(
        (found, order) in proptest::collection::vec(any_finding(), 1..12).prop_flat_map(|found| {
            let order: Vec<usize> = (0..found.len()).collect();
            (Just(found), Just(order).prop_shuffle())
        }),
        carries in proptest::sample::select(&Carries::ALL[..]),
        is_desk: bool,
        links in proptest::collection::vec(proptest::option::of(0..12_usize), 12),
    ) {
        let mut found = found;
        for (at, link) in links.iter().enumerate().take(found.len()) {
            found[at].0.element_of = *link;
        }
        // The same findings in another order, their links led along.
        let new_place = |old: usize| order.iter().position(|from| *from == old);
        let shuffled: Vec<(Finding, FieldPlace)> = order
            .iter()
            .map(|from| {
                let (mut finding, place) = found[*from].clone();
                finding.element_of = finding.element_of.map(|of| new_place(of).unwrap_or(99));
                (finding, place)
            })
            .collect();
        let here = circumstances(carries, is_desk.then_some(DESK));
        let ask = |found: &[(Finding, FieldPlace)]| {
            let observed: Vec<Observed<'_>> = found
                .iter()
                .map(|(finding, place)| Observed { finding, place: *place })
                .collect();
            BUILTIN.decide(&observed, &[], &here)
        };
        let (straight, mixed) = (ask(&found), ask(&shuffled));
        prop_assert_eq!(straight.action, mixed.action);
        prop_assert_eq!(straight.rule, mixed.rule);
        for (to, from) in order.iter().enumerate() {
            prop_assert_eq!(straight.per_finding[*from], mixed.per_finding[to]);
        }
        prop_assert_eq!(straight.action, *straight.per_finding.iter().max().unwrap());
    }

    #[test]
    fn more_findings_never_make_the_decision_milder(
        found in proptest::collection::vec(any_finding(), 1..8),
        carries in proptest::sample::select(&Carries::ALL[..]),
    ) {
        let observed: Vec<Observed<'_>> = found
            .iter()
            .map(|(finding, place)| Observed { finding, place: *place })
            .collect();
        let here = circumstances(carries, None);
        let (all, some) = (
            BUILTIN.decide(&observed, &[], &here),
            BUILTIN.decide(&observed[1..], &[], &here),
        );
        prop_assert!(all.action >= some.action);
    }
}
