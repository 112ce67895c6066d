//! From which files do the rules in force come, with which hash, whose are they, since when?
//!
//! Each file of the office whose text is new is a deed in the chain, so that anybody can see later
//! which rules were in force when something was decided; what comes with the program is known by
//! its version.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{Uid, User};

use crate::admin::{RuleFile, RulesInForce};
use crate::config::Settings;
use crate::detect::builtin_packs;
use crate::model::exchange::UnixMillis;
use crate::policy::Policy;
use crate::service::Catalogue;
use crate::store::chain::Hash;
use crate::store::{Act, Actor, Deed, Store, StoreReader, What};

/// A file's name and text.
type Text = (String, String);

/// The files of one snapshot, the policy first.
pub(super) fn rule_files(
    policy: Option<&Path>,
    packs: &[Text],
    services: &[Text],
) -> Vec<RuleFile> {
    let mut files = Vec::new();
    match policy {
        None => files.push(builtin("quy tắc", "policy.toml", Policy::builtin_text())),
        Some(path) => {
            // It was read a moment ago; should it be gone by now, the hash is that of nothing.
            let text = std::fs::read_to_string(path).unwrap_or_default();
            files.push(of_office("quy tắc", &path.display().to_string(), &text));
        }
    }
    let own = builtin_packs();
    files.extend(
        own.iter()
            .map(|(name, text)| builtin("mẫu nhận diện", name, text)),
    );
    files.extend(
        packs
            .iter()
            .map(|(name, text)| of_office("mẫu nhận diện", name, text)),
    );
    let own = Catalogue::builtin_files().to_vec();
    files.extend(
        own.iter()
            .map(|(name, text)| builtin("danh mục công cụ", name, text)),
    );
    let services = services.iter();
    files.extend(services.map(|(name, text)| of_office("danh mục công cụ", name, text)));
    files
}

fn builtin(kind: &'static str, name: &str, text: &str) -> RuleFile {
    RuleFile {
        kind,
        name: name.to_owned(),
        hash: Hash::of(text.as_bytes()).to_string(),
        owner: String::new(),
    }
}

fn of_office(kind: &'static str, name: &str, text: &str) -> RuleFile {
    let uid = std::fs::metadata(name).map(|metadata| metadata.uid()).ok();
    let user = uid.and_then(|uid| User::from_uid(Uid::from_raw(uid)).ok().flatten());
    RuleFile {
        owner: user.map_or_else(
            || uid.map_or_else(|| "?".to_owned(), |uid| format!("uid {uid}")),
            |user| user.name,
        ),
        ..builtin(kind, name, text)
    }
}

/// What the page of rules shows.
pub(super) fn rules_in_force(
    files: Vec<RuleFile>,
    settings: &Settings,
    now: UnixMillis,
) -> RulesInForce {
    let units = settings.proxy.unit.iter().map(|unit| {
        let networks: Vec<String> = unit.clients.iter().map(ToString::to_string).collect();
        let port = unit.port.map(|port| format!("cổng {port}"));
        let known: Vec<String> = networks.into_iter().chain(port).collect();
        (unit.name.clone(), known.join(", "))
    });
    RulesInForce {
        read_at: now,
        units: units.collect(),
        files,
    }
}

/// Records the files of the office whose text is not the one that was last recorded.
pub(super) async fn record(rules: &RulesInForce, store: &Store, reader: &StoreReader) {
    let known = match reader.last_deeds(&[What::RulesInForce]).await {
        Ok(known) => known,
        Err(error) => {
            tracing::warn!(%error, "it cannot be said which rules were in force before");
            return;
        }
    };
    let known: BTreeMap<&str, &str> = known
        .iter()
        .filter_map(|deed| Some((deed.record.subject.as_deref()?, deed.record.fact("sha256")?)))
        .collect();
    let mut act = Act::default();
    let is_new = |file: &&RuleFile| {
        !file.owner.is_empty() && known.get(file.name.as_str()) != Some(&file.hash.as_str())
    };
    for file in rules.files.iter().filter(is_new) {
        let deed = Deed::new(Actor::guard(), What::RulesInForce)
            .subject(&file.name)
            .fact("kind", file.kind)
            .fact("owner", &file.owner)
            .fact("sha256", &file.hash);
        act = act.deed(deed);
    }
    if !act.deeds.is_empty()
        && let Err(error) = store.act(act).await
    {
        tracing::warn!(%error, "the rules in force could not be recorded");
    }
}
