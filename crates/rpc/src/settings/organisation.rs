//! The organisation's settings: declared by app-settings, readable by every app.

use registry::{ChoiceOption, Label, SettingDeclaration, SettingKind};
use serde_json::json;

/// Keys of the organisation's settings start with this; no other app may declare one.
pub const PREFIX: &str = "organisation.";

/// Name of the organisation, shown in page titles and mail.
pub const NAME: &str = "organisation.name";

/// Language of people who have not chosen one and of mail to strangers: `en` or `de`.
pub const LANGUAGE: &str = "organisation.language";

/// The declarations, with the defaults that hold while app-settings is away.
pub fn declarations() -> Vec<SettingDeclaration> {
    let name = SettingKind::Text {
        max_length: Some(80),
        multiline: false,
    };
    let language = SettingKind::Choice {
        options: vec![
            ChoiceOption {
                value: "en".to_owned(),
                label: Label::new("English", "Englisch"),
            },
            ChoiceOption {
                value: "de".to_owned(),
                label: Label::new("German", "Deutsch"),
            },
        ],
    };
    let group = Label::new("Organisation", "Organisation");
    vec![
        SettingDeclaration::new(
            NAME,
            Label::new("Name of the organisation", "Name der Organisation"),
            name,
            json!("Cloud"),
        )
        .hint(Label::new(
            "Shown in page titles and mail.",
            "Erscheint in Seitentiteln und E-Mails.",
        ))
        .group(group.clone())
        .env("ORGANISATION_NAME"),
        SettingDeclaration::new(
            LANGUAGE,
            Label::new("Default language", "Standardsprache"),
            language,
            json!("en"),
        )
        .hint(Label::new(
            "For people who have not chosen a language and whose browser names none we speak.",
            "Für Personen ohne eigene Wahl, deren Browser keine unserer Sprachen nennt.",
        ))
        .group(group)
        .env("ORGANISATION_LANGUAGE"),
    ]
}
