//! `/app/accounts`: one's own profile.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};

use super::asking::Asking;
use super::custom_fields::{Shown, shown};
use super::form::ProfileForm;
use crate::Accounts;
use crate::domain::custom_field::Viewer;
use crate::domain::person::{Person, PersonId};
use crate::domain::sponsorship::{Guest, Sponsor};
use crate::error::Error;

#[derive(askama::Template)]
#[template(path = "accounts/profile.html")]
pub(super) struct ProfilePage {
    shell: Shell,
    person: Person,
    groups: Vec<String>,
    pub(super) custom: Vec<Shown>,
    form: ProfileForm,
    errors: Errors,
    /// Only of a guest.
    sponsor: Option<Sponsor>,
    /// Those the person answers for.
    guests: Vec<Guest>,
    /// The last day of the account, by whatever rule.
    ends_on: Option<jiff::civil::Date>,
}

impl ProfilePage {
    /// The page with a form and what is wrong with it.
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: PersonId,
        form: Option<ProfileForm>,
        errors: Errors,
    ) -> Result<Self, Error> {
        let person = accounts.directory.person(id).await?;
        let groups = accounts.directory.groups(id).await?;
        let custom = shown(accounts, &shell, (id, Viewer::Oneself), None).await?;
        let end_of_kind = accounts.expiry.end_of_kind(&person).await?;
        Ok(Self {
            sponsor: accounts.sponsors.of(&person).await?,
            guests: accounts.sponsors.guests_of(id).await?,
            ends_on: person.ends_on.or(end_of_kind),
            shell: shell.title("accounts-profile").narrow(),
            groups: groups.into_iter().map(|(_, name)| name).collect(),
            custom,
            form: form.unwrap_or_else(|| ProfileForm::of(&person)),
            person,
            errors,
        })
    }
}

impl ProfilePage {
    /// Whether there is a declared field to fill in.
    fn has_inputs(&self) -> bool {
        self.custom.iter().any(|field| field.is_changed)
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    Ok(ui::page(
        ProfilePage::build(&accounts, shell, id, None, Errors::none()).await?,
    ))
}

pub(super) async fn change(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<ProfileForm>,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    let profile = match form.check(&shell) {
        Ok(profile) => profile,
        Err(errors) => {
            return Ok(ui::invalid(
                ProfilePage::build(&accounts, shell, id, Some(form), errors).await?,
            ));
        }
    };
    accounts
        .people
        .change_profile(&asking.oneself(&who), id, profile)
        .await?;
    let saved = ui::flash(Flash::success(shell.t("accounts-saved")));
    Ok((saved, ui::see_other("/app/accounts")).into_response())
}
