//! Between the words of the contract and those of `platform::grants`.

use std::collections::HashMap;
use std::error::Error as StdError;

use jiff::Timestamp;
use platform::grants::{Grant, Grantee, Level, Resource};
use tonic::Status;

use super::{Error, Reachable};
use crate::accounts::v1;

pub(super) fn resource(thing: &Resource) -> v1::Resource {
    v1::Resource {
        kind: thing.kind().to_owned(),
        id: thing.id().to_owned(),
    }
}

pub(super) fn grantee(grantee: Grantee) -> v1::Grantee {
    v1::Grantee {
        kind: grantee.kind().to_owned(),
        id: grantee.id().map(|id| id.to_string()).unwrap_or_default(),
    }
}

pub(super) fn levels(answer: v1::GetLevelsResponse) -> Result<HashMap<String, Level>, Error> {
    let levels = answer.levels.into_iter();
    levels.map(|(id, word)| Ok((id, level(&word)?))).collect()
}

pub(super) fn reachable(answer: v1::ListReachableResponse) -> Result<Reachable, Error> {
    let resources = answer.resources.into_iter();
    let resources: Result<_, Error> = resources
        .map(|found| Ok((found.id, level(&found.level)?)))
        .collect();
    Ok(Reachable {
        resources: resources?,
        next: Some(answer.next_page_token).filter(|token| !token.is_empty()),
    })
}

pub(super) fn grant(grant: v1::Grant) -> Result<Grant, Error> {
    let v1::Grantee { kind, id } = grant.grantee.unwrap_or_default();
    Ok(Grant {
        grantee: Grantee::parse(&kind, &id).map_err(nonsense)?,
        name: grant.name,
        level: level(&grant.level)?,
        ends_at: match grant.ends_at {
            0 => None,
            at => Some(Timestamp::from_millisecond(at).map_err(nonsense)?),
        },
        granted_by: grant.granted_by,
        granted_at: Timestamp::from_millisecond(grant.granted_at).map_err(nonsense)?,
    })
}

fn level(word: &str) -> Result<Level, Error> {
    word.parse().map_err(nonsense)
}

/// What cannot be read is no answer.
fn nonsense(source: impl StdError + Send + Sync + 'static) -> Error {
    Error::Unavailable(crate::Error::Contract {
        callee: "accounts".to_owned(),
        method: "GrantsService",
        source: Box::new(Status::from_error(Box::new(source))),
    })
}
