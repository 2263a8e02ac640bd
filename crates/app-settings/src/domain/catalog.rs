//! All settings of all apps, as they stand at one version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use registry::{AppId, Label, SettingDeclaration, ValueFault};
use rpc::settings::organisation;
use serde_json::Value;

use super::seal::{Envelope, Place, Sealer};

/// The app that declares the organisation's settings: this one.
pub(crate) const OWN_APP: &str = "settings";

/// Everything, at one version.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Catalog {
    /// Counts up with every change.
    pub version: i64,
    /// By id.
    pub apps: Vec<AppSettings>,
}

/// The settings of one app.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AppSettings {
    /// The app.
    pub id: AppId,
    /// Its name.
    pub name: Label,
    /// Its icon.
    pub icon: String,
    /// Its version, as the newest instance said.
    pub version: String,
    /// In the order of declaration.
    pub settings: Vec<Setting>,
}

/// One setting: what may be and what is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setting {
    /// What the app declares, its environment's seed included.
    pub declaration: SettingDeclaration,
    /// What an operator set.
    pub stored: Option<Stored>,
}

/// A value an operator set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    /// The value.
    pub content: Content,
    /// Version of the catalog that brought it.
    pub revision: i64,
    /// When.
    pub changed_at: Timestamp,
    /// Name of the person.
    pub changed_by: String,
}

/// A stored value in the form it is kept in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// As JSON.
    Plain(Value),
    /// Encrypted.
    Sealed(Envelope),
}

/// Where the value in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// An operator set it.
    Stored,
    /// An environment variable of the app.
    Environment,
    /// The declaration.
    Default,
}

/// Why a stored value is not in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// The declaration changed and does not admit it any more.
    Value(ValueFault),
    /// It was stored as a secret and the declaration no longer is one.
    NoLongerSecret,
    /// It was stored openly and the declaration is a secret now.
    NotYetSealed,
}

impl Catalog {
    /// The settings of one app.
    pub(crate) fn app(&self, id: &str) -> Option<&AppSettings> {
        self.apps.iter().find(|app| app.id.as_str() == id)
    }

    /// The values in force for one app, by key and as JSON: its own and the organisation's. Secrets are
    /// decrypted here and nowhere else; one that is not stored is left out, because only its app may know
    /// the environment's seed.
    pub(crate) fn values_for(&self, app: &AppId, sealer: &Sealer) -> BTreeMap<String, String> {
        self.app(app.as_str())
            .into_iter()
            .flat_map(|own| own.settings.iter().map(move |setting| (own, setting)))
            .chain(self.organisation())
            .filter_map(|(owner, setting)| {
                let value = setting.value_for_app(&owner.id, sealer)?;
                Some((setting.declaration.key.clone(), value))
            })
            .collect()
    }

    /// The organisation's name in force; empty before this app has declared it.
    pub(crate) fn organisation_name(&self) -> String {
        self.organisation()
            .find(|(_, setting)| setting.declaration.key == organisation::NAME)
            .and_then(|(_, setting)| setting.in_force().0.as_str())
            .unwrap_or_default()
            .to_owned()
    }

    fn organisation(&self) -> impl Iterator<Item = (&AppSettings, &Setting)> {
        self.app(OWN_APP).into_iter().flat_map(|own| {
            own.settings
                .iter()
                .filter(|setting| setting.declaration.key.starts_with(organisation::PREFIX))
                .map(move |setting| (own, setting))
        })
    }
}

impl AppSettings {
    /// One setting.
    pub(crate) fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings
            .iter()
            .find(|setting| setting.declaration.key == key)
    }

    /// How many settings an operator has set.
    pub(crate) fn stored_count(&self) -> usize {
        self.settings
            .iter()
            .filter(|setting| setting.stored.is_some())
            .count()
    }

    /// How many stored values are not in force.
    pub(crate) fn misfit_count(&self) -> usize {
        self.settings
            .iter()
            .filter(|setting| setting.misfit().is_some())
            .count()
    }
}

impl Setting {
    /// Whether an operator's value holds.
    pub(crate) fn is_stored(&self) -> bool {
        self.stored.is_some() && self.misfit().is_none()
    }

    /// The value in force and its source. Of a secret only whether there is one: `Null` stands for it.
    pub(crate) fn in_force(&self) -> (&Value, Source) {
        match &self.stored {
            Some(stored) if self.misfit().is_none() => match &stored.content {
                Content::Plain(value) => (value, Source::Stored),
                Content::Sealed(_) => (&Value::Null, Source::Stored),
            },
            _ if self.declaration.seed.is_some() => {
                (self.declaration.unset_value(), Source::Environment)
            }
            _ => (&self.declaration.default, Source::Default),
        }
    }

    /// Why the stored value, if there is one, is not in force.
    pub(crate) fn misfit(&self) -> Option<Misfit> {
        let stored = self.stored.as_ref()?;
        match (&stored.content, self.declaration.is_secret()) {
            (Content::Plain(value), false) => {
                self.declaration.check(value).err().map(Misfit::Value)
            }
            (Content::Sealed(_), true) => None,
            (Content::Plain(_), true) => Some(Misfit::NotYetSealed),
            (Content::Sealed(_), false) => Some(Misfit::NoLongerSecret),
        }
    }

    fn value_for_app(&self, app: &AppId, sealer: &Sealer) -> Option<String> {
        if !self.declaration.is_secret() {
            return Some(self.in_force().0.to_string());
        }
        let Content::Sealed(envelope) = &self.stored.as_ref()?.content else {
            return None;
        };
        let place = Place {
            app: app.as_str(),
            key: &self.declaration.key,
        };
        match sealer.open(&place, envelope) {
            Ok(text) => Some(Value::from(text.as_str()).to_string()),
            Err(error) => {
                tracing::error!(app = place.app, key = place.key, %error, "stored secret does not open");
                None
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use registry::{AppSecret, SettingKind};
    use serde_json::json;

    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&AppSecret::new("0123456789abcdef0123456789abcdef").unwrap())
    }

    fn number(default: i64, seed: Option<i64>, stored: Option<Value>) -> Setting {
        let kind = SettingKind::Integer {
            min: Some(1),
            max: Some(10),
        };
        Setting {
            declaration: SettingDeclaration::new(
                "count",
                Label::new("Count", "Anzahl"),
                kind,
                default,
            )
            .seeded(seed.map(Value::from)),
            stored: stored.map(|value| stored_as(Content::Plain(value))),
        }
    }

    fn stored_as(content: Content) -> Stored {
        Stored {
            content,
            revision: 1,
            changed_at: Timestamp::UNIX_EPOCH,
            changed_by: "Ada".to_owned(),
        }
    }

    fn secret(key: &str, stored: Option<Content>) -> Setting {
        let kind = SettingKind::Secret { max_length: None };
        Setting {
            declaration: SettingDeclaration::new(
                key,
                Label::new("Key", "Schlüssel"),
                kind,
                Value::Null,
            ),
            stored: stored.map(stored_as),
        }
    }

    fn app(id: &str, settings: Vec<Setting>) -> AppSettings {
        AppSettings {
            id: AppId::new(id).unwrap(),
            name: Label::new(id, id),
            icon: String::new(),
            version: "1".to_owned(),
            settings,
        }
    }

    #[test]
    fn stored_wins_over_seed_and_seed_over_default() {
        assert_eq!(
            number(3, None, None).in_force(),
            (&json!(3), Source::Default)
        );
        assert_eq!(
            number(3, Some(4), None).in_force(),
            (&json!(4), Source::Environment)
        );
        let stored = number(3, Some(4), Some(json!(5)));
        assert_eq!(stored.in_force(), (&json!(5), Source::Stored));
        assert!(stored.is_stored());
    }

    #[test]
    fn a_value_the_declaration_no_longer_admits_is_shown_and_not_in_force() {
        let outgrown = number(3, None, Some(json!(11)));
        assert_eq!(outgrown.in_force(), (&json!(3), Source::Default));
        assert_eq!(
            outgrown.misfit(),
            Some(Misfit::Value(ValueFault::AboveMaximum(10)))
        );
        assert!(!outgrown.is_stored());
    }

    #[test]
    fn a_secret_reaches_its_own_app_alone() {
        let sealer = sealer();
        let place = Place {
            app: "mail",
            key: "smtp.password",
        };
        let envelope = sealer.seal(&place, "canary").unwrap();
        let catalog = Catalog {
            version: 1,
            apps: vec![
                app("hello", vec![number(3, None, None)]),
                app(
                    "mail",
                    vec![secret("smtp.password", Some(Content::Sealed(envelope)))],
                ),
            ],
        };
        let mail = catalog.values_for(&AppId::new("mail").unwrap(), &sealer);
        assert_eq!(mail.get("smtp.password").unwrap(), "\"canary\"");
        let hello = catalog.values_for(&AppId::new("hello").unwrap(), &sealer);
        assert_eq!(
            hello.into_iter().collect::<Vec<_>>(),
            [("count".to_owned(), "3".to_owned())]
        );
    }

    #[test]
    fn a_secret_that_is_not_stored_is_left_to_its_app() {
        let catalog = Catalog {
            version: 1,
            apps: vec![app("mail", vec![secret("smtp.password", None)])],
        };
        assert!(
            catalog
                .values_for(&AppId::new("mail").unwrap(), &sealer())
                .is_empty()
        );
    }

    #[test]
    fn every_app_sees_the_organisation_and_nothing_else_of_this_app() {
        let named = |key: &str| Setting {
            declaration: SettingDeclaration::new(
                key,
                Label::new("Name", "Name"),
                SettingKind::Boolean,
                true,
            ),
            stored: None,
        };
        let catalog = Catalog {
            version: 1,
            apps: vec![app(
                OWN_APP,
                vec![named("organisation.name"), named("internal")],
            )],
        };
        let seen = catalog.values_for(&AppId::new("hello").unwrap(), &sealer());
        assert_eq!(seen.keys().collect::<Vec<_>>(), ["organisation.name"]);
    }

    #[test]
    fn a_secret_stored_openly_is_not_handed_out() {
        let open = secret("token", Some(Content::Plain(json!("canary"))));
        assert_eq!(open.misfit(), Some(Misfit::NotYetSealed));
        let catalog = Catalog {
            version: 1,
            apps: vec![app("mail", vec![open])],
        };
        assert!(
            catalog
                .values_for(&AppId::new("mail").unwrap(), &sealer())
                .is_empty()
        );
    }
}
