//! The browsers a person is signed in with, as auth tells them, for administrators.

use std::time::Duration;

use platform::identity::Assertion;
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1::{EndSessionsRequest, ListSessionsRequest, Session};

use crate::domain::person::PersonId;
use crate::error::Error;

/// How long auth may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lists and ends sessions of others.
#[derive(Clone, Debug)]
pub struct Sessions {
    auth: AuthClient,
}

impl Sessions {
    /// Over auth.
    pub fn new(auth: AuthClient) -> Self {
        Self { auth }
    }

    /// The live sessions of a person, newest first; at most 100.
    pub async fn list(
        &self,
        person: PersonId,
        on_behalf_of: &Assertion,
    ) -> Result<Vec<Session>, Error> {
        let call = Call::new(PATIENCE).on_behalf_of(on_behalf_of);
        let request = ListSessionsRequest {
            user_id: person.to_string(),
        };
        Ok(self.auth.list_sessions(call, request).await?.sessions)
    }

    /// Ends one session of a person, or all. Returns how many ended.
    pub async fn end(
        &self,
        person: PersonId,
        session: Option<&str>,
        on_behalf_of: &Assertion,
    ) -> Result<i32, Error> {
        let call = Call::new(PATIENCE).on_behalf_of(on_behalf_of);
        let request = EndSessionsRequest {
            user_id: person.to_string(),
            session_id: session.unwrap_or_default().to_owned(),
        };
        Ok(self.auth.end_sessions(call, request).await?.ended)
    }
}
