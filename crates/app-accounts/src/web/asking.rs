//! What the use cases want to know of a request besides the person.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use platform::CurrentUser;
use platform::http::{Context, RequestId};
use platform::identity::Assertion;

use crate::service::actor::Actor;

/// Who asks, by which request, on whose origin.
pub(crate) struct Asking {
    request: RequestId,
    pub(crate) assertion: Assertion,
    /// Where people reach the platform.
    pub(crate) origin: String,
}

impl Asking {
    pub(crate) fn actor(&self, who: &CurrentUser) -> Actor {
        Actor::person(who, &self.request)
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
            assertion,
            origin: context.app_url.to_string(),
        })
    }
}
