//! A posted form that is not thrown away when its anti-forgery token does not fit: a page that was open too long
//! is shown again with what was typed.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::http::Form;
use serde::de::DeserializeOwned;
use ui::CsrfForm;

/// What was submitted, and whether this site's own page submitted it.
#[derive(Debug)]
pub(super) enum Submitted<T> {
    /// With the right token: may be acted on.
    Genuine(T),
    /// Without it: may only be shown again.
    Doubtful(T),
}

impl<T> Submitted<T> {
    /// What was submitted, and whether it may be acted on.
    pub(super) fn into_parts(self) -> (T, bool) {
        match self {
            Self::Genuine(form) => (form, true),
            Self::Doubtful(form) => (form, false),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequest<S> for Submitted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(IntoResponse::into_response)?;
        let again = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let refusal = match CsrfForm::from_request(again(), state).await {
            Ok(CsrfForm(form)) => return Ok(Self::Genuine(form)),
            Err(refusal) => refusal,
        };
        if refusal.status() != StatusCode::FORBIDDEN {
            return Err(refusal);
        }
        let Form(form) = Form::from_request(again(), state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self::Doubtful(form))
    }
}
