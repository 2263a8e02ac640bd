//! The settings of one app in memory: replaced whole, read without a lock.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use registry::{AppId, SettingDeclaration};
use serde_json::Value;
use tokio::sync::watch;

use super::typed::{Setting, SettingValue};
use super::v1::Values;

/// The settings an app declared, and the organisation's. Cheap to clone; clones see the same values.
#[derive(Clone)]
pub struct Settings {
    inner: Arc<Inner>,
}

struct Inner {
    declared: Vec<Declared>,
    index: HashMap<String, usize>,
    current: ArcSwap<Current>,
    /// One writer at a time, so that versions are compared and stored in one step.
    apply: Mutex<()>,
    changes: watch::Sender<i64>,
}

struct Declared {
    declaration: SettingDeclaration,
    /// In force while app-settings says nothing else.
    unset: SettingValue,
}

struct Current {
    version: i64,
    values: Vec<SettingValue>,
}

/// An app asked for a setting it did not declare, or as a type it does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting {key} is not declared as {type_name}")]
pub struct Undeclared {
    /// The key asked for.
    pub key: String,
    /// The type asked for.
    pub type_name: &'static str,
}

impl Settings {
    /// Settings at the values that hold while nothing is stored. `seed` reads a declaration's environment
    /// variable; what it cannot use was refused when the configuration was read.
    pub(super) fn new(
        declarations: impl IntoIterator<Item = SettingDeclaration>,
        seed: impl Fn(&SettingDeclaration) -> Option<Value>,
    ) -> Self {
        let declared: Vec<_> = declarations
            .into_iter()
            .map(|declaration| {
                let seed = seed(&declaration);
                let value = seed.as_ref().unwrap_or_else(|| declaration.unset_value());
                let unset = SettingValue::parse(&declaration, value).unwrap_or_else(|fault| {
                    tracing::error!(key = %declaration.key, %fault, "the default of a setting is not one of its values");
                    SettingValue::None
                });
                Declared { declaration, unset }
            })
            .collect();
        let index = declared
            .iter()
            .enumerate()
            .map(|(at, declared)| (declared.declaration.key.clone(), at))
            .collect();
        let values = declared.iter().map(|d| d.unset.clone()).collect();
        Self {
            inner: Arc::new(Inner {
                declared,
                index,
                current: ArcSwap::from_pointee(Current { version: 0, values }),
                apply: Mutex::new(()),
                changes: watch::Sender::new(0),
            }),
        }
    }

    /// Settings at their defaults that nobody changes: for tests and for tools outside the platform.
    pub fn fixed(declarations: impl IntoIterator<Item = SettingDeclaration>) -> Self {
        Self::new(
            declarations
                .into_iter()
                .chain(super::organisation::declarations()),
            |_| None,
        )
    }

    /// The value in force. A key that is not declared, or as another type, yields the type's default and is
    /// reported: use [`Settings::handle`] to learn of it at start.
    pub fn get<T: Setting>(&self, key: &str) -> T {
        let found = self.inner.index.get(key).and_then(|at| self.read(*at));
        found.unwrap_or_else(|| {
            tracing::error!(
                key,
                type_name = std::any::type_name::<T>(),
                "setting is not declared as this type"
            );
            T::default()
        })
    }

    /// A setting by position, for code that reads it often and for learning at start that it is declared.
    pub fn handle<T: Setting>(&self, key: &str) -> Result<Handle<T>, Undeclared> {
        let undeclared = || Undeclared {
            key: key.to_owned(),
            type_name: std::any::type_name::<T>(),
        };
        let at = *self.inner.index.get(key).ok_or_else(undeclared)?;
        self.read::<T>(at).ok_or_else(undeclared)?;
        Ok(Handle {
            settings: self.clone(),
            at,
            value: PhantomData,
        })
    }

    /// Reads the organisation's name: for the frame of pages, which asks for it on each.
    pub fn organisation_name(&self) -> impl Fn() -> String + Send + Sync + use<> {
        let settings = self.clone();
        move || settings.get(super::organisation::NAME)
    }

    /// Counts up with each change that reached this process; 0 before the first answer.
    pub fn version(&self) -> i64 {
        self.inner.current.load().version
    }

    /// Says that something changed, by version.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.inner.changes.subscribe()
    }

    /// Puts received values in force. An older version than the one in force changes nothing.
    pub(super) fn apply(&self, values: &Values) {
        let _writer = self
            .inner
            .apply
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let current = self.inner.current.load();
        if values.version < current.version {
            tracing::debug!(
                received = values.version,
                in_force = current.version,
                "older settings ignored"
            );
            return;
        }
        let parsed = self
            .inner
            .declared
            .iter()
            .map(|declared| received(declared, values))
            .collect();
        self.inner.current.store(Arc::new(Current {
            version: values.version,
            values: parsed,
        }));
        self.inner.changes.send_replace(values.version);
    }

    fn read<T: Setting>(&self, at: usize) -> Option<T> {
        self.inner.current.load().values.get(at).and_then(T::read)
    }
}

/// The received value when there is one that this app's declaration admits; app-settings may know the
/// declaration of another version of the app.
fn received(declared: &Declared, values: &Values) -> SettingValue {
    let key = &declared.declaration.key;
    let Some(text) = values.json_values.get(key) else {
        return declared.unset.clone();
    };
    let value = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|json| SettingValue::parse(&declared.declaration, &json).ok());
    value.unwrap_or_else(|| {
        tracing::warn!(
            key,
            "the stored value is not admitted by this version of the app: its own holds"
        );
        declared.unset.clone()
    })
}

/// Declarations an app follows: its own, and the organisation's unless it is the app that declares those.
pub(super) fn followed(app: &AppId, own: &[SettingDeclaration]) -> Vec<SettingDeclaration> {
    let mut all = own.to_vec();
    if app.as_str() != "settings" {
        all.retain(|declaration| !declaration.key.starts_with(super::organisation::PREFIX));
        all.extend(super::organisation::declarations());
    }
    all
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

/// One setting, read as one type.
pub struct Handle<T> {
    settings: Settings,
    at: usize,
    value: PhantomData<fn() -> T>,
}

impl<T: Setting> Handle<T> {
    /// The value in force.
    pub fn get(&self) -> T {
        self.settings.read(self.at).unwrap_or_default()
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            at: self.at,
            value: PhantomData,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::time::Duration;

    use registry::{Label, SettingKind};
    use serde_json::json;

    use super::*;

    fn label() -> Label {
        Label::new("Name", "Name")
    }

    fn declarations() -> Vec<SettingDeclaration> {
        let text = SettingKind::Text {
            max_length: Some(10),
            multiline: false,
        };
        let count = SettingKind::Integer {
            min: Some(1),
            max: Some(100),
        };
        vec![
            SettingDeclaration::new("greeting", label(), text, json!("Hello")).env("GREETING"),
            SettingDeclaration::new("count", label(), count, json!(3)),
            SettingDeclaration::new("wait", label(), SettingKind::Duration, json!("15m")),
            SettingDeclaration::new("names", label(), SettingKind::List, json!(["a"])),
            SettingDeclaration::new("home", label(), SettingKind::Url, Value::Null),
            SettingDeclaration::new(
                "token",
                label(),
                SettingKind::Secret { max_length: None },
                Value::Null,
            ),
        ]
    }

    fn values(version: i64, pairs: &[(&str, &str)]) -> Values {
        Values {
            version,
            json_values: pairs
                .iter()
                .map(|(key, json)| ((*key).to_owned(), (*json).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn defaults_hold_before_the_first_answer() {
        let settings = Settings::fixed(declarations());
        assert_eq!(settings.get::<String>("greeting"), "Hello");
        assert_eq!(settings.get::<u32>("count"), 3);
        assert_eq!(settings.get::<Duration>("wait"), Duration::from_mins(15));
        assert_eq!(settings.get::<Vec<String>>("names"), ["a"]);
        assert_eq!(settings.get::<Option<String>>("home"), None);
        assert_eq!(
            settings.get::<String>(super::super::organisation::NAME),
            "Cloud"
        );
    }

    #[test]
    fn a_seed_holds_over_the_default_and_a_stored_value_over_the_seed() {
        let settings = Settings::new(declarations(), |declaration| {
            declaration
                .read_seed(|name| (name == "GREETING").then(|| "Moin".to_owned()))
                .unwrap()
        });
        assert_eq!(settings.get::<String>("greeting"), "Moin");
        settings.apply(&values(5, &[("greeting", "\"Servus\"")]));
        assert_eq!(settings.get::<String>("greeting"), "Servus");
        settings.apply(&values(6, &[]));
        assert_eq!(settings.get::<String>("greeting"), "Moin");
    }

    #[test]
    fn versions_never_go_back() {
        let settings = Settings::fixed(declarations());
        let mut changes = settings.subscribe();
        settings.apply(&values(7, &[("count", "7")]));
        settings.apply(&values(6, &[("count", "6")]));
        assert_eq!(settings.get::<i64>("count"), 7);
        assert_eq!(settings.version(), 7);
        assert_eq!(*changes.borrow_and_update(), 7);
    }

    #[test]
    fn a_value_this_version_of_the_app_does_not_admit_is_not_taken() {
        let settings = Settings::fixed(declarations());
        settings.apply(&values(
            1,
            &[
                ("count", "1000"),
                ("greeting", "5"),
                ("wait", "not json"),
                ("unknown", "1"),
            ],
        ));
        assert_eq!(settings.get::<i64>("count"), 3);
        assert_eq!(settings.get::<String>("greeting"), "Hello");
        assert_eq!(settings.get::<Duration>("wait"), Duration::from_mins(15));
    }

    #[test]
    fn a_handle_is_refused_for_what_is_not_declared() {
        let settings = Settings::fixed(declarations());
        assert!(settings.handle::<String>("nothing").is_err());
        assert!(settings.handle::<bool>("greeting").is_err());
        let count = settings.handle::<u32>("count").unwrap();
        settings.apply(&values(1, &[("count", "9")]));
        assert_eq!(count.get(), 9);
    }

    #[test]
    fn no_other_app_declares_the_organisation() {
        let mut own = declarations();
        own.push(SettingDeclaration::new(
            "organisation.name",
            label(),
            SettingKind::Boolean,
            json!(true),
        ));
        let all = followed(&AppId::new("hello").unwrap(), &own);
        let names: Vec<_> = all
            .iter()
            .filter(|d| d.key == "organisation.name")
            .collect();
        assert_eq!(names.len(), 1);
        assert!(matches!(
            names.first().unwrap().kind,
            SettingKind::Text { .. }
        ));
    }

    #[test]
    fn a_value_does_not_reach_debug_output() {
        let text = SettingValue::Text("canary".into());
        assert!(!format!("{text:?}").contains("canary"));
    }
}
