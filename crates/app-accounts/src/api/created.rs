//! Answers to creates, and what makes repeating one harmless.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use platform::http::{IdempotencyKey, Json};
use platform::{CurrentUser, Problem};
use platform_pg::idempotency::{Answer, Attempt};
use serde::Serialize;

use crate::error::Error;
use crate::service::actor::Actor;
use crate::web::asking::Asking;

/// Who creates something, and under which key if any.
pub(super) struct Creating {
    who: CurrentUser,
    asking: Asking,
    key: Option<String>,
    operation: String,
}

impl Creating {
    /// Who asks.
    pub(super) fn actor(&self) -> Actor {
        self.asking.actor(&self.who)
    }

    /// What is asked with this body.
    pub(super) fn attempt(&self, body: &impl Serialize) -> Result<Option<Attempt>, Error> {
        let key = self.key.clone();
        Ok(Attempt::new(self.who.user_id, key, &self.operation, body)?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Creating {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let refused = |problem: Problem| problem.into_response();
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state)
            .await
            .map_err(refused)?;
        Ok(Self {
            who: CurrentUser::from_request_parts(parts, state)
                .await
                .map_err(IntoResponse::into_response)?,
            asking: Asking::from_request_parts(parts, state).await?,
            key,
            operation: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

/// Says what was made, and where it is, where sending it twice makes two or is refused.
pub(super) fn created(location: String, body: impl Serialize) -> Response {
    (StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response()
}

/// The answer that says what was made, and where it is, to be kept for whoever sends it again.
pub(super) fn made(location: String, body: &impl Serialize) -> Answer {
    Answer {
        status: StatusCode::CREATED.as_u16(),
        location,
        // Texts and numbers can always be written.
        body: serde_json::to_string(body).unwrap_or_default(),
    }
}

/// An answer as it is sent, the first time and every other.
pub(super) fn sent(answer: Answer) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(location) = HeaderValue::from_str(&answer.location) {
        headers.insert(LOCATION, location);
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::CREATED);
    (status, headers, answer.body).into_response()
}
