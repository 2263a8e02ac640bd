//! Extractors of the person behind a request.

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::Principal;
use crate::error::Class;
use crate::problem::Problem;

/// The person who is signed in. Refuses anonymous requests with 401.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Principal);

/// The person who is signed in, or nobody. Accepts every request.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<Principal>);

impl Deref for CurrentUser {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl Deref for Visitor {
    type Target = Option<Principal>;

    fn deref(&self) -> &Option<Principal> {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Principal>() {
            Some(principal) => Ok(Self(principal.clone())),
            None => Err(Problem::new(
                Class::Unauthenticated,
                "auth.sign_in_required",
            )),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for CurrentUser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Principal>().cloned().map(Self))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Principal>().cloned()))
    }
}
