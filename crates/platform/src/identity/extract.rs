//! Extractors of the person behind a request.

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{Assertion, Principal};
use crate::error::Class;
use crate::problem::Problem;

/// The person who is signed in. Refuses anonymous requests with 401.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub Principal);

/// The person who is signed in, or nobody. Accepts every request.
#[derive(Debug, Clone)]
pub struct Visitor(pub Option<Principal>);

/// Whoever is there, as another service can be told of them: with the assertion they came by. Accepts every request.
#[derive(Debug, Clone, Default)]
pub struct Introduced {
    person: Option<(Principal, Assertion)>,
}

impl Introduced {
    /// Nobody in particular.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// A person with the assertion that was verified.
    pub fn person(principal: Principal, assertion: Assertion) -> Self {
        Self {
            person: Some((principal, assertion)),
        }
    }

    /// Who is signed in.
    pub fn principal(&self) -> Option<&Principal> {
        self.person.as_ref().map(|(principal, _)| principal)
    }

    /// What another service verifies.
    pub fn assertion(&self) -> Option<&Assertion> {
        self.person.as_ref().map(|(_, assertion)| assertion)
    }
}

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

impl<S: Send + Sync> FromRequestParts<S> for Introduced {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let principal = parts.extensions.get::<Principal>().cloned();
        let assertion = parts.extensions.get::<Assertion>().cloned();
        Ok(Self {
            person: principal.zip(assertion),
        })
    }
}
