//! Names of apps and of their instances. Values of these types are valid by construction.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

/// Longest app id, in characters.
const APP_ID_MAX: usize = 40;
/// Longest instance id, in characters.
const INSTANCE_ID_MAX: usize = 64;

/// The name of an app: a lower-case letter followed by up to 39 lower-case letters, digits or hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppId(Box<str>);

impl AppId {
    /// Checks and wraps a name.
    pub fn new(name: &str) -> Result<Self, Error> {
        let mut bytes = name.bytes();
        let starts_well = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
        let goes_on_well =
            bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if starts_well && goes_on_well && name.len() <= APP_ID_MAX {
            Ok(Self(name.into()))
        } else {
            Err(Error::AppId)
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl AsRef<str> for AppId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for AppId {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<String> for AppId {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(&name)
    }
}

impl From<AppId> for String {
    fn from(id: AppId) -> Self {
        id.0.into()
    }
}

/// The name of one running copy of an app: 1 to 64 letters, digits or hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstanceId(Box<str>);

impl InstanceId {
    /// Checks and wraps a name.
    pub fn new(name: &str) -> Result<Self, Error> {
        let well_formed = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if well_formed && !name.is_empty() && name.len() <= INSTANCE_ID_MAX {
            Ok(Self(name.into()))
        } else {
            Err(Error::InstanceId)
        }
    }

    /// A name no other instance has.
    pub fn random() -> Self {
        Self(Uuid::new_v4().simple().to_string().into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl FromStr for InstanceId {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl TryFrom<String> for InstanceId {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(&name)
    }
}

impl From<InstanceId> for String {
    fn from(id: InstanceId) -> Self {
        id.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_is_a_lower_case_word() {
        for good in ["a", "hello", "ui-lab", "a0", &"a".repeat(40)] {
            assert!(AppId::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "0a",
            "-a",
            "Hello",
            "a_b",
            "a/b",
            "a.b",
            "ä",
            &"a".repeat(41),
        ] {
            assert!(AppId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_instance_id_cannot_leave_its_key() {
        for good in ["a", "Pod-7", &"a".repeat(64)] {
            assert!(InstanceId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a/b", "a b", "a\0", &"a".repeat(65)] {
            assert!(InstanceId::new(bad).is_err(), "{bad}");
        }
        assert_ne!(InstanceId::random(), InstanceId::random());
    }

    #[test]
    fn ids_are_checked_when_they_are_read() {
        assert!(serde_json::from_str::<AppId>("\"hello\"").is_ok());
        assert!(serde_json::from_str::<AppId>("\"../hello\"").is_err());
        assert!(serde_json::from_str::<InstanceId>("\"\"").is_err());
    }
}
