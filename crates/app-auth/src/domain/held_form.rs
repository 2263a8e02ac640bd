//! A submitted form that waits until its sender has confirmed who they are.

use jiff::SignedDuration;
use platform::http::LocalPath;
use postgres_types::{FromSql, ToSql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a form waits: longer than any way of confirming takes.
pub(crate) const HELD_FOR: SignedDuration = SignedDuration::from_mins(30);
/// Most forms of one person that wait at the same time; the oldest makes room.
pub(crate) const MOST_HELD_OF_ONE: i64 = 10;

/// Names a form. Nobody but its sender finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSql, FromSql)]
#[postgres(transparent)]
pub(crate) struct FormId(pub(crate) Uuid);

/// What was typed, and where it goes. Never printed: a field may be a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeldForm {
    action: String,
    return_to: String,
    /// Names and values in the order of the form.
    pub(crate) fields: Vec<(String, String)>,
}

impl HeldForm {
    /// A form on its way to `action` that stands on the page `return_to`.
    pub(crate) fn new(
        action: &LocalPath,
        return_to: &LocalPath,
        fields: Vec<(String, String)>,
    ) -> Self {
        Self {
            action: action.to_string(),
            return_to: return_to.to_string(),
            fields,
        }
    }

    /// Where it goes. Checked again: whoever can write to the table must not send people elsewhere.
    pub(crate) fn action(&self) -> LocalPath {
        LocalPath::or_home(Some(&self.action))
    }

    /// The page it stands on.
    pub(crate) fn return_to(&self) -> LocalPath {
        LocalPath::or_home(Some(&self.return_to))
    }
}
