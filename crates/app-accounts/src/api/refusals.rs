//! What programs are told when a use case refuses, and which refusals every operation has.

use std::collections::BTreeMap;

use platform::{FieldProblem, Problem};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};

use super::entity_tag::stale;
use crate::service::people::Change;

/// Why a person was not changed.
pub(super) fn of(change: Change) -> Problem {
    if change == Change::Stale {
        return stale();
    }
    let (class, code, field) = change.refusal();
    let problem = Problem::new(class, code).detail(change.sentence());
    if field.is_empty() {
        problem
    } else {
        problem.field(FieldProblem::new(field, code, change.sentence()))
    }
}

/// What every operation may answer besides.
pub(super) struct Always;

/// What every operation that reads a body may answer besides.
pub(super) struct OfBodies;

impl utoipa::IntoResponses for Always {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described(&[
            ("400", "a parameter has the wrong form; `errors` names it"),
            ("401", "nobody is signed in, or the key does not stand"),
            ("403", "the role or the scope does not allow it"),
            ("404", "there is no such thing, or not for this caller"),
            (
                "429",
                "too many requests; Retry-After says when to come back",
            ),
            (
                "503",
                "a service is away; Retry-After says when to come back",
            ),
        ])
    }
}

impl utoipa::IntoResponses for OfBodies {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described(&[
            ("413", "the body is too large"),
            ("415", "the body is not application/json"),
            ("422", "a value is missing or refused; `errors` names it"),
        ])
    }
}

fn described(statuses: &[(&'static str, &'static str)]) -> BTreeMap<String, RefOr<Response>> {
    let one = |(status, description): &(&str, &str)| {
        let content = ContentBuilder::new().build();
        let response = ResponseBuilder::new()
            .description(*description)
            .content(platform::problem::MEDIA_TYPE, content);
        ((*status).to_owned(), RefOr::T(response.build()))
    };
    statuses.iter().map(one).collect()
}
