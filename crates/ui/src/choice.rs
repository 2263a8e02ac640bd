//! Options of selects, radios and tabs.

use crate::icon::icon;
use crate::markup::Markup;

/// One option of a select, a radio group or a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A second line, shown by radios.
    pub hint: String,
    /// Shown, but cannot be chosen.
    pub disabled: bool,
}

impl Choice {
    /// A choice with its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
            disabled: false,
        }
    }

    /// Adds the second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Makes it visible only.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Whether it is the chosen one.
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// One tab: a link, since each tab is a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// What the person reads.
    pub label: String,
    /// Where it leads.
    pub path: String,
    /// Whether it is the page shown.
    pub current: bool,
    /// A count beside the label.
    pub count: Option<u64>,
    icon: Option<&'static str>,
}

impl Tab {
    /// A tab that is current when `here` is its path.
    pub fn new(label: impl Into<String>, path: impl Into<String>, here: &str) -> Self {
        let path = path.into();
        Self {
            label: label.into(),
            current: path == here,
            path,
            count: None,
            icon: None,
        }
    }

    /// Adds a count.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Adds an icon.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(name);
        self
    }

    /// The icon's HTML, empty without one.
    pub fn icon_markup(&self) -> Markup {
        self.icon
            .map_or_else(|| Markup::from_escaped(String::new()), icon)
    }
}
