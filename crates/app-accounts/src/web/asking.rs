//! What the use cases want to know of a request besides the person.

use std::net::IpAddr;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Context, RequestId, client_address};
use platform::identity::Assertion;

use crate::service::actor::Actor;

/// Who asks, by which request, on whose origin.
pub(crate) struct Asking {
    request: RequestId,
    /// Where it came from, as the gateway saw it.
    address: Option<IpAddr>,
    now: Timestamp,
    /// The method changes nothing.
    reads: bool,
    pub(crate) assertion: Assertion,
    /// Where people reach the platform.
    pub(crate) origin: String,
}

impl Asking {
    /// Who asks. On the routes of administrators the platform has asked who it is; where members come in, too, an
    /// administrator who has not proved it lately changes things as a member.
    pub(crate) fn actor(&self, who: &CurrentUser) -> Actor {
        let confirmed = self.reads || who.is_narrowed() || who.proved_lately(self.now);
        let actor = self.oneself(who);
        Actor {
            administers: actor.administers && confirmed,
            ..actor
        }
    }

    /// Who changes what is their own.
    pub(crate) fn oneself(&self, who: &CurrentUser) -> Actor {
        Actor::person(who, &self.request, self.address)
    }

    /// Who asks where [`platform::Access::Entrusted`] let them in.
    pub(crate) fn entrusted(&self, who: &CurrentUser) -> Actor {
        Actor::entrusted(who, &self.request, self.address)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let request = RequestId::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let Extension(assertion) = Extension::<Assertion>::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let Extension(context) = Extension::<Context>::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            request,
            address: client_address(&parts.headers),
            now: context.clock.now(),
            reads: parts.method.is_safe(),
            assertion,
            origin: context.app_url.to_string(),
        })
    }
}
