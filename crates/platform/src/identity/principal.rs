//! The person behind a request, as an app sees them.

use std::fmt;

use jiff::Timestamp;
use registry::Role;
use uuid::Uuid;

use crate::access::SUDO_WINDOW;

/// Who authenticated, and how. Comes from a verified assertion, never from the request itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub user_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// Sign-in name.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Mail address; empty when there is none.
    pub email: String,
    /// What the person may do at all.
    pub role: Role,
    /// Effective groups, nesting resolved.
    pub groups: Vec<String>,
    /// When the person last authenticated in full.
    pub authenticated_at: Timestamp,
    /// Methods used to authenticate (RFC 8176: `pwd`, `otp`, `hwk`).
    pub factors: Vec<String>,
    /// Less was proven in the session than policy asks of an administrator: their pages wait for more.
    pub owes_factor: bool,
    /// Scopes of a narrowed credential; empty for a browser session, which has all.
    pub scopes: Vec<String>,
    /// A service account, no person: administrators alone make its keys, and say what each may do.
    pub is_service: bool,
    /// BCP 47 language tag the person chose.
    pub locale: Option<String>,
    /// IANA time zone the person chose.
    pub zone: Option<String>,
    /// `light` or `dark` when the person chose one.
    pub theme: Option<String>,
    /// Anti-forgery token of the session.
    pub csrf_token: String,
}

impl Principal {
    /// Whether the person belongs to a group, directly or through another.
    pub fn in_group(&self, group: &str) -> bool {
        self.groups.iter().any(|name| name == group)
    }

    /// Whether the credential may do less than the person behind it.
    pub fn is_narrowed(&self) -> bool {
        !self.scopes.is_empty()
    }

    /// Whether they proved who they are within [`SUDO_WINDOW`] before `now`.
    pub fn proved_lately(&self, now: Timestamp) -> bool {
        now.duration_since(self.authenticated_at) <= SUDO_WINDOW
    }
}

/// Leaves out what identifies a person beyond the id, and the anti-forgery token.
impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("user_id", &self.user_id)
            .field("session_id", &self.session_id)
            .field("role", &self.role)
            .field("scopes", &self.scopes)
            .field("is_service", &self.is_service)
            .finish_non_exhaustive()
    }
}

/// The verified assertion in its compact form, to ride along when a service calls another on
/// behalf of the person. A request extension.
#[derive(Clone)]
pub struct Assertion(String);

impl Assertion {
    /// Wraps an assertion whose signature has been verified.
    pub fn verified(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The compact form, for the metadata of a call.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::redacted(f, "Assertion")
    }
}
