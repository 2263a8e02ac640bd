//! One group, as administrators see it at `/admin/accounts/groups/{id}` and its managers at
//! `/app/accounts/groups/{id}`: the same pages, with what each may do. What they may is decided by the use cases.

pub(super) mod end;
mod everybody;
mod managers;
mod members;
mod membership;
mod page;
mod requests;
mod rule;

use axum::routing::{get, post};
use platform::{Access, Role, Routes};
use ui::{Shell, Tab};

use crate::Accounts;
use crate::domain::group::{Group, GroupId};
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::managers::Rights;

/// The groups in the administration.
pub(super) const ADMIN: &str = "/admin/accounts/groups";
/// The groups of the person.
pub(super) const OWN: &str = "/app/accounts/groups";

/// The routes of both places.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    at(ADMIN, admin)
        .merge(at(OWN, Access::Role(Role::User)))
        .page(&format!("{ADMIN}/{{id}}/delete"), admin, post(page::delete))
        .page(
            &format!("{ADMIN}/{{id}}/managers"),
            admin,
            post(managers::set),
        )
        .page(
            &format!("{ADMIN}/{{id}}/rule"),
            admin,
            get(rule::show).post(rule::edit),
        )
}

fn at(groups: &str, access: Access) -> Routes<Accounts> {
    let path = |rest: &str| format!("{groups}/{{id}}{rest}");
    Routes::new()
        .page(&path(""), access, get(page::show).post(page::edit))
        .page(&path("/add"), access, post(members::add))
        .page(&path("/remove"), access, post(members::remove))
        .page(&path("/put-back"), access, post(members::put_back))
        .page(&path("/requests"), access, post(requests::decide))
        .page(&path("/people"), access, get(everybody::list))
        .page(
            &path("/people/{person}"),
            access,
            get(membership::show_person).post(membership::end_person),
        )
        .page(
            &path("/groups/{inner}"),
            access,
            get(membership::show_group).post(membership::end_group),
        )
}

/// Where a group is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Desk {
    /// In the administration.
    Admin,
    /// By those who manage it.
    Own,
}

impl Desk {
    fn of(shell: &Shell) -> Self {
        if shell.path().starts_with(ADMIN) {
            Self::Admin
        } else {
            Self::Own
        }
    }

    /// Path of the list of groups.
    fn groups(self) -> &'static str {
        match self {
            Self::Admin => ADMIN,
            Self::Own => OWN,
        }
    }

    /// Path of the list of people.
    fn people(self) -> &'static str {
        match self {
            Self::Admin => "/admin/accounts/people",
            Self::Own => "/app/accounts/people",
        }
    }

    fn group(self, id: impl std::fmt::Display) -> String {
        format!("{}/{id}", self.groups())
    }
}

/// What somebody may do with a group.
///
/// # Errors
/// [`Error::NotManager`] when that is nothing.
async fn rights(accounts: &Accounts, actor: &Actor, id: GroupId) -> Result<Rights, Error> {
    let rights = accounts.managers.rights(actor, id).await?;
    rights.ok_or(Error::NotManager)
}

/// The pages about one group.
fn tabs(shell: &Shell, group: &Group) -> Vec<Tab> {
    let own = Desk::of(shell).group(group.id);
    let everybody = format!("{own}/people");
    let rule = format!("{own}/rule");
    let here = shell.path();
    let mut tabs = vec![
        Tab::new(shell.t("accounts-group-tab"), own, here),
        Tab::new(shell.t("accounts-everybody"), everybody, here)
            .count(u64::try_from(group.people).unwrap_or(0)),
    ];
    if Desk::of(shell) == Desk::Admin {
        tabs.push(Tab::new(shell.t("accounts-rule"), rule, here));
    }
    tabs
}
