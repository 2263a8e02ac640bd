//! The names an app has in PostgreSQL: its schema and its role.

use std::fmt;

use platform::AppId;

use crate::Error;

/// Names that belong to PostgreSQL itself.
const TAKEN: [&str; 2] = ["public", "information_schema"];

/// The schema of an app: its id with `_` for `-`. Safe to put into SQL as it is, quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema(String);

impl Schema {
    /// The schema of `app`, unless PostgreSQL keeps that name for itself.
    pub fn of(app: &AppId) -> Result<Self, Error> {
        let name = app.as_str().replace('-', "_");
        if TAKEN.contains(&name.as_str()) || name.starts_with("pg_") {
            return Err(Error::SchemaName(name));
        }
        Ok(Self(name))
    }

    /// The bare name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The login role that owns the schema when the platform provisions it.
    pub fn role(&self) -> String {
        format!("svc_{}", self.0)
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn schema(app: &str) -> Result<Schema, Error> {
        Schema::of(&AppId::new(app).unwrap())
    }

    #[test]
    fn an_app_id_becomes_an_identifier() {
        let lab = schema("ui-lab").unwrap();
        assert_eq!((lab.name(), lab.role().as_str()), ("ui_lab", "svc_ui_lab"));
    }

    #[test]
    fn names_of_postgresql_are_refused() {
        for app in ["public", "information-schema", "pg-catalog", "pg-x"] {
            assert!(schema(app).is_err(), "{app}");
        }
    }
}
