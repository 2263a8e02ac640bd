//! `/admin/auth/policy`: who has to prove more than one way of signing in.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell, Tab};

use super::{audit, tabs};
use crate::domain::factor::Requirement;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::factor_policy::Policy;
use crate::store::factor_policy::Audience;
use crate::web::Web;

const POLICY: &str = "/admin/auth/policy";
/// Longest name of a group.
const LONGEST_NAME: usize = 200;

/// What the form for the roles sends.
#[derive(Deserialize)]
pub(super) struct RolesForm {
    #[serde(default)]
    admin: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    guest: String,
}

/// What the form for a group sends.
#[derive(Deserialize)]
pub(super) struct GroupForm {
    #[serde(default)]
    group: String,
    #[serde(default)]
    requirement: String,
}

#[derive(Template)]
#[template(path = "auth/admin/policy.html")]
struct PolicyPage {
    shell: Shell,
    tabs: Vec<Tab>,
    policy: Policy,
    choices: Vec<Choice>,
    other_groups: Vec<Choice>,
    errors: Errors,
}

impl PolicyPage {
    async fn of(web: &Web, shell: Shell) -> Result<Self, Error> {
        let policy = web.services.factor_policy.show().await?;
        let other_groups = policy.other_groups.iter();
        Ok(Self {
            tabs: tabs(&shell, POLICY),
            choices: choices(web, &shell),
            other_groups: other_groups.map(|name| Choice::new(name, name)).collect(),
            policy,
            errors: Errors::none(),
            shell: shell.title("auth-admin-title").wide(),
        })
    }
}

/// What may be asked: nobody for passkeys where there can be none.
fn offered(web: &Web) -> impl Iterator<Item = Requirement> {
    let possible = web.services.passkeys.are_possible();
    let all = Requirement::ALL.into_iter();
    all.filter(move |one| possible || *one < Requirement::PhishingResistant)
}

pub(super) fn choices(web: &Web, shell: &Shell) -> Vec<Choice> {
    offered(web)
        .map(|one| Choice::new(one.name(), shell.t(words(one))))
        .collect()
}

/// What a requirement is called.
pub(super) fn words(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::None => "auth-policy-none",
        Requirement::SecondFactor => "auth-policy-second",
        Requirement::PhishingResistant => "auth-policy-phishing",
    }
}

/// One of those that may be asked.
pub(super) fn chosen(web: &Web, text: &str) -> Option<Requirement> {
    let chosen = Requirement::chosen(text)?;
    offered(web).find(|one| *one == chosen)
}

/// `GET /admin/auth/policy`
pub(super) async fn show(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    Ok(ui::page(PolicyPage::of(&web, shell).await?))
}

/// `POST /admin/auth/policy/roles`
pub(super) async fn set_roles(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<RolesForm>,
) -> Result<Response, Error> {
    let asked = [
        ("admin", &form.admin),
        ("user", &form.user),
        ("guest", &form.guest),
    ];
    let mut rules = Vec::new();
    for (role, text) in asked {
        let Some(requirement) = chosen(&web, text) else {
            return refused(&web, shell, role).await;
        };
        rules.push((Audience::Role(role.to_owned()), requirement));
    }
    let audit = audit("policy.factors", &who, &client).reason("roles");
    web.services.factor_policy.ask(&rules, audit).await?;
    Ok(saved(&shell))
}

/// `POST /admin/auth/policy/groups`
pub(super) async fn set_group(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<GroupForm>,
) -> Result<Response, Error> {
    let name = form.group.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return refused(&web, shell, "group").await;
    }
    let Some(requirement) = chosen(&web, &form.requirement) else {
        return refused(&web, shell, "requirement").await;
    };
    let rules = [(Audience::Group(name.to_owned()), requirement)];
    let audit = audit("policy.factors", &who, &client).reason("group");
    web.services.factor_policy.ask(&rules, audit).await?;
    Ok(saved(&shell))
}

fn saved(shell: &Shell) -> Response {
    let told = ui::flash(Flash::success(shell.t("auth-policy-saved")));
    (told, ui::see_other(POLICY)).into_response()
}

async fn refused(web: &Web, shell: Shell, field: &'static str) -> Result<Response, Error> {
    let message = shell.t("auth-policy-invalid").into_owned();
    let mut page = PolicyPage::of(web, shell).await?;
    page.errors.add(field, message);
    Ok(ui::invalid(page))
}
