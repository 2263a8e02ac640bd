//! Which declarations of a registration are taken.

use std::collections::HashSet;

use registry::{AppId, Entry, SettingDeclaration};
use rpc::settings::organisation;

use super::catalog::OWN_APP;

/// Longest key, in characters.
const KEY_MAX: usize = 80;

/// Most settings of one app.
const SETTINGS_MAX: usize = 200;

/// Why a declaration is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The key breaks its rule.
    #[error("a key is a lower-case letter followed by lower-case letters, digits, '.', '_' or '-'")]
    Key,
    /// The key belongs to the organisation.
    #[error("keys that start with 'organisation.' belong to the settings app")]
    Organisation,
    /// The same key twice.
    #[error("the key is declared twice")]
    Twice,
    /// The default is not a value of the setting.
    #[error("the default is not one of its values")]
    Default,
    /// A secret with a default everybody knows.
    #[error("a secret has no default")]
    SecretDefault,
    /// One setting too many.
    #[error("an app declares at most 200 settings")]
    TooMany,
}

/// Splits what an instance declares into what is taken and what is not. A seed the declaration does not admit
/// is dropped: the app itself refuses to start with one.
pub(crate) fn sift(entry: &Entry) -> (Vec<SettingDeclaration>, Vec<(String, Fault)>) {
    let mut keys = HashSet::new();
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for declaration in &entry.settings {
        let fault = check(&entry.id, declaration)
            .or_else(|| (!keys.insert(declaration.key.as_str())).then_some(Fault::Twice))
            .or_else(|| (taken.len() >= SETTINGS_MAX).then_some(Fault::TooMany));
        match fault {
            Some(fault) => refused.push((declaration.key.clone(), fault)),
            None => taken.push(cleaned(declaration)),
        }
    }
    (taken, refused)
}

fn check(app: &AppId, declaration: &SettingDeclaration) -> Option<Fault> {
    let foreign = app.as_str() != OWN_APP && declaration.key.starts_with(organisation::PREFIX);
    if !is_key(&declaration.key) {
        Some(Fault::Key)
    } else if foreign {
        Some(Fault::Organisation)
    } else if declaration.is_secret() && !declaration.default.is_null() {
        Some(Fault::SecretDefault)
    } else if declaration.check(&declaration.default).is_err() {
        Some(Fault::Default)
    } else {
        None
    }
}

fn is_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        })
        && key.len() <= KEY_MAX
}

fn cleaned(declaration: &SettingDeclaration) -> SettingDeclaration {
    let seed = declaration
        .seed
        .clone()
        .filter(|seed| declaration.check(seed).is_ok());
    declaration.clone().seeded(seed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use jiff::Timestamp;
    use registry::{InstanceId, Label, SettingKind};
    use serde_json::{Value, json};

    use super::*;

    fn declare(key: &str, kind: SettingKind, default: Value) -> SettingDeclaration {
        SettingDeclaration::new(key, Label::new("Name", "Name"), kind, default)
    }

    fn flag(key: &str) -> SettingDeclaration {
        declare(key, SettingKind::Boolean, json!(true))
    }

    fn faults(app: &str, settings: Vec<SettingDeclaration>) -> Vec<Fault> {
        let mut entry = Entry::new(
            AppId::new(app).unwrap(),
            InstanceId::random(),
            Timestamp::UNIX_EPOCH,
            "http://127.0.0.1:1".to_owned(),
        );
        entry.settings = settings;
        sift(&entry).1.into_iter().map(|(_, fault)| fault).collect()
    }

    #[test]
    fn a_sound_declaration_is_taken() {
        assert!(faults("hello", vec![flag("greeting.shown"), flag("a")]).is_empty());
        assert!(faults("settings", vec![flag("organisation.open")]).is_empty());
    }

    #[test]
    fn an_unsound_declaration_is_left_out_and_named() {
        for key in ["", "Name", "9a", "a b", "a/b", &"a".repeat(81)] {
            assert_eq!(faults("hello", vec![flag(key)]), [Fault::Key], "{key}");
        }
        assert_eq!(faults("hello", vec![flag("a"), flag("a")]), [Fault::Twice]);
        assert_eq!(
            faults("hello", vec![flag("organisation.name")]),
            [Fault::Organisation]
        );
        let count = SettingKind::Integer {
            min: Some(5),
            max: None,
        };
        assert_eq!(
            faults("hello", vec![declare("a", count, json!(1))]),
            [Fault::Default]
        );
        let secret = SettingKind::Secret { max_length: None };
        assert_eq!(
            faults("hello", vec![declare("a", secret, json!("x"))]),
            [Fault::SecretDefault]
        );
        let many = (0..201).map(|n| flag(&format!("a{n}"))).collect();
        assert_eq!(faults("hello", many), [Fault::TooMany]);
    }

    #[test]
    fn a_seed_that_is_no_value_or_a_secrets_is_dropped() {
        let mut odd = flag("a");
        odd.seed = Some(json!("yes"));
        let mut leaked = declare("b", SettingKind::Secret { max_length: None }, Value::Null);
        leaked.seed = Some(json!("canary"));
        let mut entry = Entry::new(
            AppId::new("hello").unwrap(),
            InstanceId::random(),
            Timestamp::UNIX_EPOCH,
            String::new(),
        );
        entry.settings = vec![odd, leaked];
        assert!(
            sift(&entry)
                .0
                .iter()
                .all(|declaration| declaration.seed.is_none())
        );
    }
}
