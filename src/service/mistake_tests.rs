//! What is wrong in a catalogue file is told, all of it at once.

use crate::service::Catalogue;

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let bad = r#"
        colour = "red"
        [[service]]
        id = "a"
        name = "A"
        hosts = ["*", "dichvucong.gov.vn"]
        refusal = "loud"
        [[service.endpoint]]
        id = "x"
        path = 'v1'
        carries = "promt"
        codec = "yaml"
        fields = ["a"]
        [[service.endpoint]]
        id = "y"
        path = '/(('
        carries = "prompt"
        filds = []
        [[service]]
        name = "no id"
    "#;
    let mistakes =
        Catalogue::from_files(&[("office.toml".to_owned(), bad.to_owned())]).unwrap_err();
    let text = mistakes
        .iter()
        .map(|m| format!("{m}\n"))
        .collect::<String>();
    for word in [
        "colour",
        "\"*\"",
        "dichvucong.gov.vn",
        "loud",
        "endpoint \"x\": path",
        "promt",
        "codec",
        "\"a\"",
        "filds",
        "service no. 2",
    ] {
        assert!(text.contains(word), "{word} is missing in:\n{text}");
    }
    assert!(
        mistakes
            .iter()
            .all(|m| m.file == "office.toml" && !m.remedy.is_empty())
    );
}

#[test]
fn a_wide_pattern_is_refused_not_compiled() {
    let bad = "[[service]]\nid='a'\nname='A'\nhosts=['a.example']\n[[service.endpoint]]\nid='x'\ncarries='prompt'\npath='/((.{1000}){1000}){1000}'";
    assert!(Catalogue::from_files(&[("x.toml".to_owned(), bad.to_owned())]).is_err());
}
