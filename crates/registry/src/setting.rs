//! Settings an app declares when it registers. Values live in app-settings, never here.

mod fault;
mod value;

use serde::{Deserialize, Serialize};

use crate::Label;

pub use fault::ValueFault;

/// One value an operator may change at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingDeclaration {
    /// Name within the app, such as `invitation.lifetime`.
    pub key: String,
    /// What values are possible.
    pub kind: SettingKind,
    /// Name to show.
    pub label: Label,
    /// Explanation to show.
    #[serde(default)]
    pub hint: Label,
    /// Value until somebody sets one.
    #[serde(default)]
    pub default: serde_json::Value,
    /// Heading under which the form shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Label>,
    /// Environment variable that seeds the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// Value of that variable as the app saw it when it started; wins over the default. Never present for a
    /// secret: an app keeps the seeds of its secrets to itself. Set by [`SettingDeclaration::seeded`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<serde_json::Value>,
    /// Stored encrypted and never shown again.
    #[serde(default)]
    pub secret: bool,
}

/// What values a setting can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SettingKind {
    /// Free text.
    Text {
        /// Longest text, in characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
        /// Shown as a field of several lines.
        #[serde(default)]
        multiline: bool,
    },
    /// A whole number.
    Integer {
        /// Least value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// Greatest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// On or off.
    Boolean,
    /// One of several values.
    Choice {
        /// The values, in the order to show them.
        options: Vec<ChoiceOption>,
    },
    /// An absolute http or https address.
    Url,
    /// A mail address.
    Email,
    /// A length of time in ISO 8601 or the friendly form, such as `7d` or `PT15M`.
    Duration,
    /// Text that is stored encrypted and never shown again.
    Secret {
        /// Longest text, in characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
    },
    /// Several lines of text, each one a value.
    List,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// The value stored.
    pub value: String,
    /// The name shown.
    pub label: Label,
}
