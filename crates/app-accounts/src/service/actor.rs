//! Who asks for something, for the audit trail and for the rules about oneself.

use platform::Principal;
use platform::http::RequestId;

use crate::domain::person::PersonId;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person; `None` when the platform itself or its operator acts.
    pub id: Option<PersonId>,
    /// Their name, as it is now.
    pub name: String,
    /// The request it came by; empty for background work.
    pub request_id: String,
}

impl Actor {
    /// The person behind a request.
    pub fn person(who: &Principal, request: &RequestId) -> Self {
        Self {
            id: Some(PersonId(who.user_id)),
            name: who.display_name.clone(),
            request_id: request.to_string(),
        }
    }

    /// The platform itself, or its operator on the command line.
    pub fn platform(name: &str) -> Self {
        Self {
            id: None,
            name: name.to_owned(),
            request_id: String::new(),
        }
    }

    /// Whether this is the person of that id.
    pub fn is(&self, id: PersonId) -> bool {
        self.id == Some(id)
    }
}
