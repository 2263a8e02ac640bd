//! The settings of the life cycle: how long accounts last, and who may let them go on.

use std::fmt;

use platform::{Label, SettingDeclaration, SettingKind};
use registry::ChoiceOption;
use rpc::settings::Settings;
use serde_json::json;

use crate::domain::dormancy;
use crate::domain::expiry::{Extension, Terms};

const GUEST_DAYS: &str = "life_cycle.guest_days";
const USER_DAYS: &str = "life_cycle.user_days";
const GRACE_DAYS: &str = "life_cycle.grace_days";
const DORMANT_DAYS: &str = "life_cycle.dormant_days";
const EXTENSION: &str = "life_cycle.extension";

/// Longest that can be set, in days: ten years.
const MOST_DAYS: i64 = 3_650;

/// The declarations, with the defaults that hold while app-settings is away.
pub fn declarations() -> Vec<SettingDeclaration> {
    let group = || Label::new("Life cycle", "Lebenszyklus");
    let days = |key, label, hint, default: i64, variable| {
        let kind = SettingKind::Integer {
            min: Some(0),
            max: Some(MOST_DAYS),
        };
        SettingDeclaration::new(key, label, kind, json!(default))
            .hint(hint)
            .group(group())
            .env(variable)
    };
    vec![
        days(
            GUEST_DAYS,
            Label::new("Guests: days", "Gäste: Tage"),
            Label::new(
                "How long an account of a guest lasts; 0 for ever. A last day chosen for somebody goes before it. Nobody's end comes closer than 30 days by a change here.",
                "Wie lange ein Gastkonto gilt; 0 für immer. Ein eigener letzter Tag geht vor. Durch eine Änderung hier rückt kein Ende näher als 30 Tage.",
            ),
            365,
            "LIFE_CYCLE_GUEST_DAYS",
        ),
        days(
            USER_DAYS,
            Label::new("Members: days", "Mitglieder: Tage"),
            Label::new(
                "How long an account of a member lasts; 0 for ever. Administrators have no end.",
                "Wie lange ein Konto eines Mitglieds gilt; 0 für immer. Die Administration hat kein Ende.",
            ),
            0,
            "LIFE_CYCLE_USER_DAYS",
        ),
        days(
            GRACE_DAYS,
            Label::new("Grace: days", "Nachfrist: Tage"),
            Label::new(
                "How long after their end people go into the trash, which keeps them for another 30 days; 0 never.",
                "Wie lange nach ihrem Ende Personen in den Papierkorb kommen, der sie weitere 30 Tage behält; 0 nie.",
            ),
            30,
            "LIFE_CYCLE_GRACE_DAYS",
        ),
        dormant().group(group()),
        extension().group(group()),
    ]
}

fn dormant() -> SettingDeclaration {
    let kind = SettingKind::Integer {
        min: Some(1),
        max: Some(i64::from(dormancy::MOST_DAYS)),
    };
    let label = Label::new("Dormant: days", "Unbenutzt: Tage");
    SettingDeclaration::new(DORMANT_DAYS, label, kind, json!(90))
        .hint(Label::new(
            "Active people who were not seen for so long are in the report of dormant accounts. Nothing happens to them by itself.",
            "Aktive Personen, die so lange nicht gesehen wurden, stehen im Bericht der unbenutzten Konten. Von selbst geschieht ihnen nichts.",
        ))
        .env("LIFE_CYCLE_DORMANT_DAYS")
}

fn extension() -> SettingDeclaration {
    let option = |value: &str, label| ChoiceOption {
        value: value.to_owned(),
        label,
    };
    let who = SettingKind::Choice {
        options: vec![
            option(
                "off",
                Label::new("Administrators only", "Nur die Administration"),
            ),
            option(
                "sponsors",
                Label::new("Whoever answers for a guest", "Wer für einen Gast einsteht"),
            ),
            option(
                "everybody",
                Label::new(
                    "They, and members for themselves",
                    "Diese, und Mitglieder für sich selbst",
                ),
            ),
        ],
    };
    let label = Label::new("Letting accounts go on", "Konten verlängern");
    SettingDeclaration::new(EXTENSION, label, who, json!("sponsors"))
        .hint(Label::new(
            "Who finds a link in the reminder by which an account goes on for the days of its kind.",
            "Wer in der Erinnerung einen Link findet, mit dem ein Konto um die Tage seiner Art weitergeht.",
        ))
        .env("LIFE_CYCLE_EXTENSION")
}

/// Follows the settings of the life cycle.
#[derive(Clone)]
pub struct ExpiryTerms {
    settings: Settings,
}

impl ExpiryTerms {
    /// Over the settings in force.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The rules as they are now.
    pub fn get(&self) -> Terms {
        let days = |key| u16::try_from(self.settings.get::<i64>(key)).unwrap_or(0);
        let extension: String = self.settings.get(EXTENSION);
        Terms {
            guest_days: days(GUEST_DAYS),
            user_days: days(USER_DAYS),
            grace_days: days(GRACE_DAYS),
            dormant_days: days(DORMANT_DAYS).max(1),
            extension: extension.parse().unwrap_or(Extension::Off),
        }
    }

    /// What else is set, for who writes mail.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl fmt::Debug for ExpiryTerms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExpiryTerms")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{ExpiryTerms, Extension, Settings, Terms, declarations};

    #[test]
    fn guests_end_after_a_year_and_nobody_else_does() {
        let terms = ExpiryTerms::new(Settings::fixed(declarations()));
        let expected = Terms {
            guest_days: 365,
            user_days: 0,
            grace_days: 30,
            dormant_days: 90,
            extension: Extension::Sponsors,
        };
        assert_eq!(terms.get(), expected);
    }
}
