//! Rules of groups for programs: read, tried and given under the same rules as on the pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::http::{Json, Path};
use platform::{Class, CurrentUser, FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity_tag::{IfMatch, stale, tagged};
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::person::PersonId;
use crate::domain::rule::{Condition, Fault, MOST_CONDITIONS, Matching, Rule};
use crate::error::Error;
use crate::service::rules::{Preview, RuleChange};
use crate::web::asking::Asking;

/// By what people are in a group.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupRule {
    /// `all` or `any`: how many of the conditions must hold.
    matching: String,
    /// One to ten.
    conditions: Vec<GroupCondition>,
}

/// One condition.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupCondition {
    /// `department`, `title`, `role`, `mail_domain`, `language`, `manager` (their sign-in name), `state`, or `custom.` with
    /// the name of a declared field.
    fact: String,
    /// `is`, `is_not`, `contains`, `starts_with`, `at_least`, `at_most`, `is_empty` or `is_set`; case never matters.
    test: String,
    /// What the fact is held against; left out for `is_empty` and `is_set`.
    #[serde(default)]
    value: String,
}

/// Somebody a rule would bring in or take out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Concerned {
    /// UUID.
    id: String,
    /// Name to show.
    name: String,
}

/// What would come of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RulePreview {
    /// People the rule takes.
    taken: usize,
    /// People who would come in.
    joining: usize,
    /// The first 50 of them.
    joins: Vec<Concerned>,
    /// People who would go.
    leaving: usize,
    /// The first 50 of them.
    leaves: Vec<Concerned>,
}

impl GroupRule {
    fn of(rule: Rule) -> Self {
        let condition = |condition: Condition| GroupCondition {
            fact: condition.fact.word(),
            test: condition.test.as_str().to_owned(),
            value: condition.value,
        };
        Self {
            matching: rule.matching.as_str().to_owned(),
            conditions: rule.conditions.into_iter().map(condition).collect(),
        }
    }

    async fn check(self, accounts: &Accounts) -> Result<Rule, Refusal> {
        let matching: Option<Matching> = self.matching.parse().ok();
        let matching = matching.ok_or_else(|| refused("matching", "must be all or any."))?;
        if self.conditions.is_empty() || self.conditions.len() > MOST_CONDITIONS {
            return Err(refused("conditions", "must be one to ten."));
        }
        let fields = accounts.rules.fields().await?;
        let mut conditions = Vec::new();
        for (place, condition) in self.conditions.into_iter().enumerate() {
            let at = |name: &str| format!("conditions[{place}].{name}");
            let fact = condition.fact.parse();
            let fact = fact.map_err(|_| refused(&at("fact"), "is none of the facts there are."))?;
            let test = condition.test.parse();
            let test = test.map_err(|_| refused(&at("test"), "is none of the tests there are."))?;
            let condition = Condition {
                fact,
                test,
                value: condition.value,
            };
            let checked = condition.check(&fields).map_err(|fault| match fault {
                Fault::NoField => refused(&at("fact"), "names no declared field."),
                Fault::NoOrder => refused(&at("test"), "needs a field that holds numbers or days."),
                Fault::Value(why) => refused(&at("value"), &format!("{why}.{}", why.remedy())),
            })?;
            conditions.push(checked);
        }
        Ok(Rule {
            matching,
            conditions,
        })
    }
}

/// Why a rule was not taken.
enum Refusal {
    Unfit(Box<Problem>),
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

fn refused(field: &str, why: &str) -> Refusal {
    let problem = Problem::new(Class::Unprocessable, "accounts.unfit")
        .detail("Nothing was changed: the rule cannot be answered.")
        .field(FieldProblem::new(
            field,
            "accounts.unfit",
            format!("{field} {why}"),
        ));
    Refusal::Unfit(Box::new(problem))
}

/// The rule of a group; 404 where it has none. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/rule", params(("id" = Uuid, Path)), responses(
    (status = 200, body = GroupRule, headers(("ETag" = String, description = "of the group, for If-Match"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    answered(&accounts, GroupId(id)).await
}

async fn answered(accounts: &Accounts, id: GroupId) -> Result<Response, Error> {
    let version = accounts.groups.find(id).await?.version;
    let rule = accounts.rules.of(id).await?.ok_or(Error::NoRule)?;
    Ok(tagged(version, GroupRule::of(rule)))
}

/// What would come of giving a group a rule; nothing is changed. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/groups/{id}/rule/preview", request_body = GroupRule,
    params(("id" = Uuid, Path)), responses((status = 200, body = RulePreview), Always, OfBodies))]
pub(super) async fn preview(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
    Json(body): Json<GroupRule>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    accounts.groups.name(id).await?;
    match body.check(&accounts).await {
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Unfit(problem)) => Ok(problem.into_response()),
        Ok(rule) => {
            let preview = accounts.rules.preview(id, &rule).await?;
            Ok(Json(RulePreview::of(preview)).into_response())
        }
    }
}

/// Gives a group a rule, unless somebody changed the group since the version named by If-Match. Its people follow
/// within seconds. Administrators; scope accounts:write.
#[utoipa::path(put, path = "/api/accounts/groups/{id}/rule", request_body = GroupRule, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of the group")),
    responses((status = 200, body = GroupRule, headers(("ETag" = String, description = "of the group now"))),
        (status = 409, description = "as many groups as may have a rule"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "If-Match is missing"),
        Always, OfBodies))]
pub(super) async fn put(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(body): Json<GroupRule>,
) -> Result<Response, Error> {
    let (id, actor) = (GroupId(id), asking.actor(&who));
    let version = expected.version(accounts.groups.find(id).await?.version);
    match body.check(&accounts).await {
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Unfit(problem)) => Ok(problem.into_response()),
        Ok(rule) => {
            let change = accounts.rules.set(&actor, (id, version), Some(&rule));
            match refusal(change.await?)? {
                Some(problem) => Ok(problem.into_response()),
                None => answered(&accounts, id).await,
            }
        }
    }
}

/// Takes the rule from a group, unless somebody changed the group since the version named by If-Match. Whoever the rule
/// had brought in stays. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}/rule", params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of the group")),
    responses((status = 204), (status = 412, description = "changed meanwhile"),
        (status = 428, description = "If-Match is missing"), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (GroupId(id), asking.actor(&who));
    let version = expected.version(accounts.groups.find(id).await?.version);
    let change = accounts.rules.set(&actor, (id, version), None);
    Ok(match refusal(change.await?)? {
        Some(problem) => problem.into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

fn refusal(change: RuleChange) -> Result<Option<Problem>, Error> {
    match change {
        RuleChange::Done | RuleChange::Unchanged => Ok(None),
        RuleChange::Stale => Ok(Some(stale())),
        RuleChange::TooMany => Ok(Some(
            Problem::new(Class::Conflict, "accounts.too_many_rules").detail(
                "As many groups as may have a rule. Take the rule from another group first.",
            ),
        )),
        RuleChange::Forbidden => Err(Error::NotAdministrator),
    }
}

impl RulePreview {
    fn of(preview: Preview) -> Self {
        let named = |(id, name): (PersonId, String)| Concerned {
            id: id.to_string(),
            name,
        };
        Self {
            taken: preview.taken,
            joining: preview.joining,
            joins: preview.joins.into_iter().map(named).collect(),
            leaving: preview.leaving,
            leaves: preview.leaves.into_iter().map(named).collect(),
        }
    }
}
