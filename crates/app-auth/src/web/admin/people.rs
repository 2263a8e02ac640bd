//! `/admin/auth/people`: what people sign in with, removing it, and asking for more.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::{Path, Query};
use platform::identity::{CurrentUser, Principal};
use serde::Deserialize;
use ui::{Choice, CsrfForm, Flash, Shell, Tab};
use uuid::Uuid;

use super::factor_policy::{choices, chosen, words};
use super::sessions::Sought;
use super::{audit, tabs};
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::people_factors::Person;
use crate::store::people::ListedPerson;
use crate::web::Web;
use crate::web::sign_out::Nothing;
use crate::web::throttled::minutes;

const PEOPLE: &str = "/admin/auth/people";

#[derive(Template)]
#[template(path = "auth/admin/people.html")]
struct PeoplePage {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<ListedPerson>,
    q: String,
}

#[derive(Template)]
#[template(path = "auth/admin/person.html")]
struct PersonPage {
    shell: Shell,
    person: Person,
    choices: Vec<Choice>,
    /// Wrong proofs keep them out for this many minutes; 0 when nothing does.
    held_back_minutes: u64,
    /// In how many browsers they are signed in.
    sessions: usize,
    /// One looks at oneself: there is a page of one's own for that.
    is_own: bool,
}

/// What the form for asking sends.
#[derive(Deserialize)]
pub(super) struct RequireForm {
    #[serde(default)]
    requirement: String,
}

fn path_of(person: Uuid) -> String {
    format!("{PEOPLE}/{person}/factors")
}

/// `GET /admin/auth/people`
pub(super) async fn list(
    State(web): State<Web>,
    Query(sought): Query<Sought>,
    shell: Shell,
) -> Result<Response, Error> {
    let rows = web.services.people_factors.list(&sought.q).await?;
    Ok(ui::page(PeoplePage {
        tabs: tabs(&shell, PEOPLE),
        rows,
        q: sought.q,
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// `GET /admin/auth/people/{id}/factors`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let person = web.services.people_factors.show(UserId(id)).await?;
    let held_back = web
        .services
        .unlocking
        .held_back_for(&person.subject)
        .await?;
    let people = shell.t("auth-admin-people").into_owned();
    let name = person.subject.display_name.clone();
    Ok(ui::page(PersonPage {
        held_back_minutes: held_back.map_or(0, minutes),
        sessions: web.services.sessions.list(UserId(id)).await?.len(),
        choices: choices(&web, &shell),
        is_own: who.user_id == id,
        person,
        shell: shell.titled(name).crumb(people, PEOPLE),
    }))
}

/// Nobody locks themselves out by accident: for oneself there is the own page.
fn check_other(who: &Principal, id: Uuid) -> Result<(), Error> {
    if who.user_id == id {
        return Err(Error::InvalidRequest(
            "use your own security page for yourself",
        ));
    }
    Ok(())
}

/// `POST /admin/auth/people/{id}/factors/reset`
pub(super) async fn reset(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    check_other(&who, id)?;
    let audit = audit("factors.reset", &who, &client);
    web.services
        .unlocking
        .remove_factors(UserId(id), audit)
        .await?;
    let told = ui::flash(Flash::success(shell.t("auth-person-reset-done")));
    Ok((told, ui::see_other(&path_of(id))).into_response())
}

/// `POST /admin/auth/people/{id}/factors/unlock`: wrong proofs so far are forgotten.
pub(super) async fn unlock(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    check_other(&who, id)?;
    let audit = audit("person.unlock", &who, &client);
    web.services.unlocking.unlock(UserId(id), audit).await?;
    let told = ui::flash(Flash::success(shell.t("auth-person-unlocked")));
    Ok((told, ui::see_other(&path_of(id))).into_response())
}

/// `POST /admin/auth/people/{id}/factors/require`
pub(super) async fn require(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<RequireForm>,
) -> Result<Response, Error> {
    check_other(&who, id)?;
    let Some(requirement) = chosen(&web, &form.requirement) else {
        return Err(Error::InvalidRequest("requirement is unknown"));
    };
    let audit = audit("factors.require", &who, &client).reason(requirement.name());
    let asked = (UserId(id), requirement);
    web.services.people_factors.require(asked, audit).await?;
    let told = ui::flash(Flash::success(shell.t("auth-person-required-done")));
    Ok((told, ui::see_other(&path_of(id))).into_response())
}
