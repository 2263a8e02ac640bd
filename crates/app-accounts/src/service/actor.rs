//! Who asks for something, for the audit trail and for the rules about oneself.

use std::net::IpAddr;

use platform::http::RequestId;
use platform::{AppId, Principal, Role};

use crate::domain::person::PersonId;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person; `None` when the platform itself or its operator acts.
    pub id: Option<PersonId>,
    /// Whether they may do everything with every group.
    pub administers: bool,
    /// Their name, as it is now.
    pub name: String,
    /// The request it came by; empty for background work.
    pub request_id: String,
    /// Address the request came from; empty for background work.
    pub address: String,
    /// What acts on behalf of the person, as in `key 0190…` or `app files`; empty when they act themselves.
    pub through: String,
}

impl Actor {
    /// The person behind a request, with the address the gateway saw. A key has the id that stands in the list of keys.
    pub fn person(who: &Principal, request: &RequestId, address: Option<IpAddr>) -> Self {
        let address = address.map(|address| address.to_canonical().to_string());
        let key = who.is_narrowed().then(|| format!("key {}", who.session_id));
        Self {
            id: Some(PersonId(who.user_id)),
            // Somebody who owes a factor is no administrator yet. What a narrowed credential reaches was decided where
            // the route declares its access: it comes here only by routes that name a scope of it.
            administers: who.role >= Role::Admin && !who.owes_factor,
            name: who.display_name.clone(),
            request_id: request.to_string(),
            address: address.unwrap_or_default(),
            through: key.unwrap_or_default(),
        }
    }

    /// The person, or the service account, for whom an app asks by a call of its own.
    pub fn through_app(who: &Principal, app: &AppId) -> Self {
        Self {
            id: Some(PersonId(who.user_id)),
            administers: who.role >= Role::Admin && !who.owes_factor,
            name: who.display_name.clone(),
            request_id: String::new(),
            address: String::new(),
            through: format!("app {app}"),
        }
    }

    /// A program that administrators trust with what they may do themselves: its route is [`platform::Access::Entrusted`].
    pub fn entrusted(who: &Principal, request: &RequestId, address: Option<IpAddr>) -> Self {
        Self {
            administers: true,
            ..Self::person(who, request, address)
        }
    }

    /// The platform itself, or its operator on the command line.
    pub fn platform(name: &str) -> Self {
        Self {
            id: None,
            administers: true,
            name: name.to_owned(),
            request_id: String::new(),
            address: String::new(),
            through: String::new(),
        }
    }

    /// Whether this is the person of that id.
    pub fn is(&self, id: PersonId) -> bool {
        self.id == Some(id)
    }
}
