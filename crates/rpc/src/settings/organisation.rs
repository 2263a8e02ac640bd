//! The organisation's settings: declared by app-settings, readable by every app.

use registry::{ChoiceOption, Label, SettingDeclaration, SettingKind};
use serde_json::json;

/// Keys of the organisation's settings start with this; no other app may declare one.
pub const PREFIX: &str = "organisation.";

/// Name of the organisation, shown in page titles and mail.
pub const NAME: &str = "organisation.name";

/// Language of people who have not chosen one and of mail to strangers: `en` or `de`.
pub const LANGUAGE: &str = "organisation.language";

/// Whether strangers may ask for an account: `off`, `requests` or `domains`. Auth links to the form, accounts shows it.
pub const REGISTRATION: &str = "organisation.registration";

/// The domains whose mail addresses are let in where [`REGISTRATION`] is `domains`.
pub const REGISTRATION_DOMAINS: &str = "organisation.registration_domains";

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
        registration(),
        registration_domains(),
    ]
}

fn registration() -> SettingDeclaration {
    let option = |value: &str, label| ChoiceOption {
        value: value.to_owned(),
        label,
    };
    let ways = SettingKind::Choice {
        options: vec![
            option("off", Label::new("Not possible", "Nicht möglich")),
            option(
                "requests",
                Label::new("Administrators decide", "Die Administration entscheidet"),
            ),
            option(
                "domains",
                Label::new("By mail address", "Nach E-Mail-Adresse"),
            ),
        ],
    };
    let label = Label::new("Asking for an account", "Um ein Konto bitten");
    SettingDeclaration::new(REGISTRATION, label, ways, json!("off"))
        .hint(Label::new(
            "Whether the sign-in page leads strangers to a form with which they ask for an account.",
            "Ob die Anmeldeseite Fremde zu einem Formular führt, mit dem sie um ein Konto bitten.",
        ))
        .group(Label::new("Registration", "Registrierung"))
        .env("ORGANISATION_REGISTRATION")
}

fn registration_domains() -> SettingDeclaration {
    let list = SettingKind::Text {
        max_length: Some(2_000),
        multiline: true,
    };
    let label = Label::new("Domains that are let in", "Zugelassene Domains");
    SettingDeclaration::new(REGISTRATION_DOMAINS, label, list, json!(""))
        .hint(Label::new(
            "For \u{201c}By mail address\u{201d}, one a line: example.org is that domain alone, *.example.org every domain below it.",
            "Für \u{201e}Nach E-Mail-Adresse\u{201c}, eine je Zeile: example.org ist nur diese Domain, *.example.org jede darunter.",
        ))
        .group(Label::new("Registration", "Registrierung"))
        .env("ORGANISATION_REGISTRATION_DOMAINS")
}
