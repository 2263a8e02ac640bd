//! What administrators declared that people have, for programs.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::http::{Json, Path};
use platform::{Class, CurrentUser, FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity_tag::{IfMatch, stale, tagged};
use super::refusals::{self, Always, OfBodies};
use crate::Accounts;
use crate::domain::name::Unfit;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::custom_fields::Set;
use crate::service::people::Change;
use crate::web::asking::Asking;

/// What a person has in the fields that administrators declared.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonsFields {
    /// By name of the field, as pages and exports write it; empty where there is nothing.
    fields: BTreeMap<String, String>,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldChanges {
    /// By name of the field; null or empty takes the value away.
    fields: BTreeMap<String, Option<String>>,
}

/// The declared fields of a person, retired ones left out. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people/{id}/fields", params(("id" = Uuid, Path)), responses(
    (status = 200, body = PersonsFields, headers(("ETag" = String, description = "for If-Match"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    answered(&accounts, PersonId(id)).await
}

async fn answered(accounts: &Accounts, id: PersonId) -> Result<Response, Error> {
    let person = accounts.directory.person(id).await?;
    let (version, fields) = accounts.custom_fields.all_of(person.id).await?;
    let fields = fields.into_iter().collect();
    Ok(tagged(version, PersonsFields { fields }))
}

/// Fills in declared fields of a person, all that are named or none. Administrators; scope accounts:write.
#[utoipa::path(patch, path = "/api/accounts/people/{id}/fields", request_body = FieldChanges, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of the fields")),
    responses((status = 200, body = PersonsFields, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "the person is in the trash"), (status = 412, description = "changed meanwhile"),
        (status = 428, description = "If-Match is missing"), Always, OfBodies))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(body): Json<FieldChanges>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let values = body.fields.into_iter();
    let values = values
        .map(|(name, value)| (name, value.unwrap_or_default()))
        .collect();
    let fields = &accounts.custom_fields;
    match fields.set(&actor, id, expected.stated(), &values).await? {
        Set::Done => answered(&accounts, id).await,
        Set::Stale => Ok(stale().into_response()),
        Set::InTrash => Ok(refusals::of(Change::InTrash).into_response()),
        Set::NoField(name) => {
            let why =
                "There is no such field. Administrators declare them at /admin/accounts/fields.";
            let field =
                FieldProblem::new(format!("fields.{name}"), "accounts.field_not_found", why);
            let problem = Problem::new(Class::Unprocessable, "accounts.field_not_found");
            Ok(problem.detail(why).field(field).into_response())
        }
        Set::Unfit(unfit) => Ok(refused(&unfit).into_response()),
    }
}

/// Which values do not do, and why.
fn refused(unfit: &[(String, Unfit)]) -> Problem {
    let problem = Problem::new(Class::Unprocessable, "accounts.unfit")
        .detail("Nothing was changed: some values do not do.");
    unfit.iter().fold(problem, |problem, (name, why)| {
        let message = format!("{name} {why}.{}", why.remedy());
        let field = FieldProblem::new(format!("fields.{name}"), "accounts.unfit", message);
        problem.field(field)
    })
}
