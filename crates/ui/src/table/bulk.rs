//! What can be done with the selected rows of a table.

/// A button that posts the selected rows (repeated field `id`) to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkAction {
    /// What the button says.
    pub label: String,
    /// Where it posts to.
    pub path: String,
    /// Name of its icon, may be empty.
    pub icon: &'static str,
    /// Its tone: `plain` or `danger`.
    pub tone: &'static str,
}

/// For tables without.
pub const NO_ACTIONS: &[BulkAction] = &[];

impl BulkAction {
    /// An action with its path.
    pub fn new(label: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            path: path.into(),
            icon: "",
            tone: "plain",
        }
    }

    /// Adds an icon.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = name;
        self
    }

    /// Marks it as one that takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.tone = "danger";
        self
    }
}
