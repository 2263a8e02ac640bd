//! Values as apps read them.

use std::sync::Arc;
use std::time::Duration;

use registry::{SettingDeclaration, SettingKind, ValueFault};
use secrecy::SecretString;
use serde_json::Value;

/// A value, parsed once when it arrives.
#[derive(Clone, PartialEq)]
pub enum SettingValue {
    /// No value: an optional setting that nobody set.
    None,
    /// Text, address, mail address, choice or secret.
    Text(Arc<str>),
    /// A whole number.
    Integer(i64),
    /// On or off.
    Boolean(bool),
    /// A length of time.
    Duration(Duration),
    /// A list.
    List(Arc<[Arc<str>]>),
}

impl SettingValue {
    /// Parses a JSON value that the declaration admits.
    pub(super) fn parse(
        declaration: &SettingDeclaration,
        json: &Value,
    ) -> Result<Self, ValueFault> {
        declaration.check(json)?;
        Ok(match json {
            Value::String(text) if matches!(declaration.kind, SettingKind::Duration) => {
                Self::Duration(SettingKind::duration(text)?)
            }
            Value::String(text) => Self::Text(text.as_str().into()),
            Value::Bool(flag) => Self::Boolean(*flag),
            Value::Number(number) => Self::Integer(number.as_i64().ok_or(ValueFault::Type)?),
            Value::Array(values) => Self::List(
                values
                    .iter()
                    .filter_map(Value::as_str)
                    .map(Arc::from)
                    .collect(),
            ),
            Value::Null | Value::Object(_) => Self::None,
        })
    }
}

/// Says the kind only: the value may be a secret.
impl std::fmt::Debug for SettingValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Text(_) => "Text(..)",
            Self::Integer(_) => "Integer(..)",
            Self::Boolean(_) => "Boolean(..)",
            Self::Duration(_) => "Duration(..)",
            Self::List(_) => "List(..)",
        })
    }
}

/// A type that a setting can be read as.
pub trait Setting: Default {
    /// Reads the value; `None` when it is of another type. [`SettingValue::None`] reads as the type's default.
    fn read(value: &SettingValue) -> Option<Self>;
}

macro_rules! read_as {
    ($type:ty, $($pattern:pat => $value:expr),+) => {
        impl Setting for $type {
            fn read(value: &SettingValue) -> Option<Self> {
                match value {
                    SettingValue::None => Some(Self::default()),
                    $($pattern => $value,)+
                    _ => None,
                }
            }
        }
    };
}

read_as!(bool, SettingValue::Boolean(flag) => Some(*flag));
read_as!(i64, SettingValue::Integer(number) => Some(*number));
read_as!(u64, SettingValue::Integer(number) => Self::try_from(*number).ok());
read_as!(u32, SettingValue::Integer(number) => Self::try_from(*number).ok());
read_as!(u16, SettingValue::Integer(number) => Self::try_from(*number).ok());
read_as!(usize, SettingValue::Integer(number) => Self::try_from(*number).ok());
read_as!(String, SettingValue::Text(text) => Some(text.to_string()));
read_as!(Arc<str>, SettingValue::Text(text) => Some(Self::clone(text)));
read_as!(SecretString, SettingValue::Text(text) => Some(Self::from(text.to_string())));
read_as!(Duration, SettingValue::Duration(duration) => Some(*duration));
read_as!(Arc<[Arc<str>]>, SettingValue::List(values) => Some(Self::clone(values)));
read_as!(Vec<String>, SettingValue::List(values) => Some(values.iter().map(ToString::to_string).collect()));

impl<T: Setting> Setting for Option<T> {
    fn read(value: &SettingValue) -> Option<Self> {
        match value {
            SettingValue::None => Some(None),
            present => T::read(present).map(Some),
        }
    }
}
