//! Protection of forms against other sites.
//!
//! A signed-in person's token comes with the session; an anonymous visitor's is a cookie that the form
//! repeats. Either way another site knows the address of the form, but not the token. The platform's origin
//! check stands in front of this; the token also covers browsers and proxies that strip those headers.

use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use platform::error::Class;
use platform::identity::Principal;
use platform::problem::Problem;
use serde::de::DeserializeOwned;
use std::sync::{Arc, OnceLock};
use subtle::ConstantTimeEq;

use crate::context::Context;
use crate::cookies::{self, Jar, Lifetime};

/// Name of the field, and of the header for requests made by scripts.
pub const FIELD: &str = "csrf_token";
const HEADER: &str = "x-csrf-token";
const COOKIE: &str = "cloud_csrf";

/// The token of a page: known, or made when the first form asks for it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    value: Arc<OnceLock<String>>,
    jar: Jar,
    secure: bool,
}

impl Token {
    pub(crate) fn of(
        principal: Option<&Principal>,
        headers: &HeaderMap,
        secure: bool,
        jar: Jar,
    ) -> Self {
        let value = OnceLock::new();
        if let Some(known) = expected(principal, headers, secure) {
            value.get_or_init(|| known.to_owned());
        }
        Self {
            value: Arc::new(value),
            jar,
            secure,
        }
    }

    /// The token; an anonymous visitor without one gets a cookie with the response.
    pub(crate) fn issue(&self) -> &str {
        self.value.get_or_init(|| {
            let mut random = [0_u8; 24];
            if let Err(error) = getrandom::fill(&mut random) {
                // An empty token is never accepted: the form fails closed.
                tracing::error!(%error, "no randomness for a form token");
                return String::new();
            }
            let token = URL_SAFE_NO_PAD.encode(random);
            let name = cookies::name(COOKIE, self.secure);
            if let Some(line) = cookies::line(&name, &token, Lifetime::Session, self.secure) {
                self.jar.push(line);
            }
            token
        })
    }
}

/// The token a request must repeat.
fn expected<'a>(
    principal: Option<&'a Principal>,
    headers: &'a HeaderMap,
    secure: bool,
) -> Option<&'a str> {
    let token = match principal {
        Some(who) => Some(who.csrf_token.as_str()),
        None => cookies::get(headers, &cookies::name(COOKIE, secure)),
    };
    // A short one was not made here, and comparing with an empty one would let everything pass.
    token.filter(|token| token.len() >= 16)
}

fn check(parts: &Parts, given: Option<&str>) -> Result<(), Problem> {
    let secure = parts
        .extensions
        .get::<Arc<Context>>()
        .is_some_and(|context| context.secure);
    let header = parts
        .headers
        .get(HEADER)
        .and_then(|value| value.to_str().ok());
    let given = given.or(header).unwrap_or_default();
    let expected = expected(parts.extensions.get::<Principal>(), &parts.headers, secure);
    match expected {
        Some(expected) if bool::from(expected.as_bytes().ct_eq(given.as_bytes())) => Ok(()),
        _ => Err(Problem::new(Class::Forbidden, "csrf.token")),
    }
}

/// A posted form whose token was checked. Fields the type does not know are ignored; repeated fields fill a `Vec`.
#[derive(Debug, Clone)]
pub struct CsrfForm<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for CsrfForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let is_form = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(http::StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        // The parts are kept: the check looks at the principal among the extensions.
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(IntoResponse::into_response)?;
        let token = url::form_urlencoded::parse(&body)
            .find(|(name, _)| name == FIELD)
            .map(|(_, value)| value.into_owned());
        check(&parts, token.as_deref()).map_err(IntoResponse::into_response)?;
        serde_html_form::from_bytes(&body)
            .map(Self)
            .map_err(|error| {
                // The message may quote what was typed: it is for the developer's log, not for the page.
                tracing::debug!(%error, "a form does not fit its type");
                Problem::new(Class::Invalid, "form.invalid").into_response()
            })
    }
}

/// A posted multipart form whose token was checked. The token must be its first field; the rest is still to be read.
#[derive(Debug)]
pub struct CsrfMultipart(pub Multipart);

impl<S: Send + Sync> FromRequest<S> for CsrfMultipart {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let mut form = Multipart::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(MultipartRejection::into_response)?;
        if parts.headers.contains_key(HEADER) {
            check(&parts, None).map_err(IntoResponse::into_response)?;
            return Ok(Self(form));
        }
        let first = form
            .next_field()
            .await
            .map_err(IntoResponse::into_response)?;
        let token = match first {
            Some(field) if field.name() == Some(FIELD) => {
                Some(field.text().await.map_err(IntoResponse::into_response)?)
            }
            _ => None,
        };
        check(&parts, token.as_deref()).map_err(IntoResponse::into_response)?;
        Ok(Self(form))
    }
}
