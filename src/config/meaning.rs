//! Do values that read well make sense together? What the types alone do not exclude.
//!
//! Each part knows what its own settings mean; the bounds are weighed against one another here.

use crate::alert::Channel;
use crate::config::mistake::Mistake;
use crate::config::settings::Settings;
use crate::model::limits::Limits;
use crate::proxy::settings::SettingsMistake;

/// No prompt fits into less.
const BODY_BYTES_MIN: usize = 1024;

/// Every mistake in settings that were read from `file`.
pub(super) fn mistakes(file: &str, settings: &Settings) -> Vec<Mistake> {
    let of_parts = [
        settings.proxy.mistakes(),
        settings.interception.mistakes(),
        settings.upstream.mistakes(),
    ];
    of_parts
        .into_iter()
        .flatten()
        .map(|mistake| told(file, mistake))
        .chain(limits(file, &settings.limits))
        .chain(alerts(file, settings))
        .collect()
}

fn alerts(file: &str, settings: &Settings) -> Vec<Mistake> {
    let mistakes = settings.alerts.iter().flat_map(Channel::mistakes);
    let mistakes = mistakes.map(|mistake| (mistake.reason, mistake.remedy));
    let names: Vec<&str> = settings
        .alerts
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let twice = names
        .iter()
        .enumerate()
        .filter(|(at, name)| names.iter().take(*at).any(|other| other == *name))
        .map(|(_, name)| {
            let reason = format!("two channels are called \"{name}\"");
            (reason, "give each channel its own name")
        });
    mistakes
        .chain(twice)
        .map(|(reason, remedy)| Mistake {
            file: file.to_owned(),
            key: "alerts.channel".to_owned(),
            value: String::new(),
            reason,
            remedy: remedy.to_owned(),
        })
        .collect()
}

fn told(file: &str, mistake: SettingsMistake) -> Mistake {
    Mistake {
        file: file.to_owned(),
        key: mistake.key,
        // The value may hold a password.
        value: String::new(),
        reason: mistake.reason,
        remedy: mistake.remedy.to_owned(),
    }
}

fn limits(file: &str, limits: &Limits) -> Vec<Mistake> {
    let wrong = |key: &str, value: usize, reason: String, remedy: &str| Mistake {
        file: file.to_owned(),
        key: format!("limits.{key}"),
        value: value.to_string(),
        reason,
        remedy: remedy.to_owned(),
    };
    let mut mistakes = Vec::new();
    for (key, bytes) in [
        ("body_bytes_max", limits.body_bytes_max),
        ("message_bytes_max", limits.message_bytes_max),
    ] {
        if bytes < BODY_BYTES_MIN {
            let reason = format!("less than {BODY_BYTES_MIN} bytes stops ordinary work");
            mistakes.push(wrong(key, bytes, reason, "leave it out"));
        }
    }
    if limits.decoded_bytes_max < limits.body_bytes_max {
        mistakes.push(wrong(
            "decoded_bytes_max",
            limits.decoded_bytes_max,
            "it is less than limits.body_bytes_max".to_owned(),
            "make it at least as large",
        ));
    }
    if limits.client_held_bytes_max() < limits.body_bytes_max {
        mistakes.push(wrong(
            "held_bytes_max",
            limits.held_bytes_max,
            "one client may hold a quarter of it, less than limits.body_bytes_max".to_owned(),
            "make it at least four times as large",
        ));
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    fn told(text: &str) -> Vec<String> {
        let mistakes = parse("t.toml", text).expect_err("a mistake");
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_parent_proxy_that_names_nothing_is_a_mistake_that_shows_no_password() {
        let told = told("[upstream]\nparent_proxy = \"an:matkhau@\"\n");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("upstream.parent_proxy"), "{told:?}");
        assert!(!told[0].contains("matkhau"), "{told:?}");
    }

    #[test]
    fn what_each_part_says_of_its_settings_is_told() {
        let told = told(
            "[proxy]\nlisten = []\nconnect_ports = [0]\n[[proxy.unit]]\nname = \"\"\n\
             [interception]\nbypass_hosts = [\"a b\"]\n",
        );
        assert_eq!(told.len(), 5, "{told:?}");
    }

    #[test]
    fn bounds_that_contradict_each_other_are_mistakes() {
        let small = told("[limits]\nbody_bytes_max = 0\nheld_bytes_max = 1048576\n");
        assert_eq!(small.len(), 1, "{small:?}");
        let told = told("[limits]\nheld_bytes_max = 1048576\n");
        assert!(told[0].contains("limits.held_bytes_max"), "{told:?}");
    }
}
