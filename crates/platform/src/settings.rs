//! The seeds that an app's environment gives to its declared settings.
//!
//! Owns reading the variable a declaration names. Values that operators store live in app-settings; what is
//! in force is the business of the `rpc` crate.

use registry::SettingDeclaration;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::config::{Environment, Reader};

/// The value an environment gives to a setting; a secret's variable may name a file (`X_FILE`). What the
/// declaration does not admit is `None`: it was reported when the configuration was read.
pub fn seed(environment: &Environment, declaration: &SettingDeclaration) -> Option<Value> {
    read(&mut environment.reader(), declaration)
}

/// Puts the seeds into the declarations that will be registered, and notes variables that hold no possible
/// value. A secret's seed is checked and left out.
pub(crate) fn seed_all(reader: &mut Reader<'_>, declarations: &mut [SettingDeclaration]) {
    for declaration in declarations {
        declaration.seed = read(reader, declaration).filter(|_| !declaration.is_secret());
    }
}

fn read(reader: &mut Reader<'_>, declaration: &SettingDeclaration) -> Option<Value> {
    let name = declaration.env.as_deref()?;
    let text = if declaration.is_secret() {
        reader
            .secret(name)
            .map(|secret| secret.expose_secret().to_owned())
    } else {
        reader.optional(name)
    };
    match declaration.read_seed(|_| text) {
        Ok(seed) => seed,
        Err(fault) => {
            reader.problem(
                name,
                &format!("is no value of setting {}: {fault}", declaration.key),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use registry::{Label, SettingKind};
    use serde_json::json;

    use super::*;

    fn declarations() -> [SettingDeclaration; 2] {
        let label = || Label::new("Name", "Name");
        let port = SettingKind::Integer {
            min: Some(1),
            max: Some(65_535),
        };
        let password = SettingKind::Secret { max_length: None };
        [
            SettingDeclaration::new("smtp.port", label(), port, json!(25)).env("SMTP_PORT"),
            SettingDeclaration::new("smtp.password", label(), password, Value::Null)
                .env("SMTP_PASSWORD"),
        ]
    }

    #[test]
    fn a_seed_is_registered_unless_it_is_a_secrets() {
        let environment =
            Environment::from_map([("SMTP_PORT", "587"), ("SMTP_PASSWORD", "canary")]);
        let mut all = declarations();
        let mut reader = environment.reader();
        seed_all(&mut reader, &mut all);
        reader.finish().unwrap();
        let [port, password] = all;
        assert_eq!(port.seed, Some(json!(587)));
        assert_eq!(password.seed, None);
        assert_eq!(seed(&environment, &password), Some(json!("canary")));
    }

    #[test]
    fn an_impossible_seed_is_a_problem_of_the_configuration() {
        let environment = Environment::from_map([("SMTP_PORT", "70000")]);
        let mut reader = environment.reader();
        seed_all(&mut reader, &mut declarations());
        let error = reader.finish().unwrap_err();
        assert_eq!(
            error.to_string(),
            "configuration: 1 problem\n  SMTP_PORT is no value of setting smtp.port: the number is above 65535"
        );
    }
}
