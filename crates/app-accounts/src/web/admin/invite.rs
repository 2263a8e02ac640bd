//! Inviting somebody: a form, then a link that is shown once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::invitations::{Added, Link};
use crate::web::asking::Asking;
use crate::web::form::{InviteForm, Nothing, role_choices};

const PEOPLE: &str = "/admin/accounts/people";

#[derive(askama::Template)]
#[template(path = "accounts/admin/invite.html")]
struct InvitePage {
    shell: Shell,
    form: InviteForm,
    errors: Errors,
    roles: Vec<Choice>,
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/invited.html")]
struct InvitedPage {
    shell: Shell,
    id: PersonId,
    name: String,
    address: String,
    expires_at: jiff::Timestamp,
}

impl InvitePage {
    fn new(shell: Shell, form: InviteForm, errors: Errors) -> Self {
        let people = shell.t("accounts-people").into_owned();
        Self {
            roles: role_choices(&shell),
            shell: shell
                .title("accounts-invite")
                .crumb(people, PEOPLE)
                .narrow(),
            form,
            errors,
        }
    }
}

pub(super) async fn show(shell: Shell) -> Response {
    ui::page(InvitePage::new(shell, InviteForm::empty(), Errors::none()))
}

pub(super) async fn invite(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    asking: Asking,
    CsrfForm(form): CsrfForm<InviteForm>,
) -> Result<Response, Error> {
    let new = match form.check(&shell) {
        Ok(new) => new,
        Err(errors) => return Ok(ui::invalid(InvitePage::new(shell, form, errors))),
    };
    let taken = |field: &'static str, shell: Shell, form: InviteForm, key: &str| {
        let errors = Errors::one(field, shell.t(key));
        ui::invalid(InvitePage::new(shell, form, errors))
    };
    match accounts.invitations.add(&asking.actor(&who), &new).await? {
        Added::Done => link(&accounts, shell, &who, &asking, new.id).await,
        // The link of the first submit may have been given out: a second one would end it.
        Added::Repeated => Ok(ui::see_other(&format!("{PEOPLE}/{}", new.id))),
        Added::UsernameTaken => Ok(taken("username", shell, form, "accounts-username-taken")),
        Added::EmailTaken => Ok(taken("email", shell, form, "accounts-email-taken")),
    }
}

pub(super) async fn renew(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    link(&accounts, shell, &who, &asking, PersonId(id)).await
}

async fn link(
    accounts: &Accounts,
    shell: Shell,
    who: &CurrentUser,
    asking: &Asking,
    id: PersonId,
) -> Result<Response, Error> {
    let person = accounts.directory.person(id).await?;
    let made = accounts
        .invitations
        .link(&asking.actor(who), id, Some(&asking.assertion))
        .await?;
    let Link::Made(invitation) = made else {
        let flash = ui::flash(Flash::info(shell.t("accounts-not-invited")));
        return Ok((flash, ui::see_other(&format!("{PEOPLE}/{id}"))).into_response());
    };
    let people = shell.t("accounts-people").into_owned();
    let title = shell.t1("accounts-invited", "name", &person.display_name);
    let origin = asking.origin.trim_end_matches('/');
    Ok(ui::page(InvitedPage {
        address: format!("{origin}{}", invitation.path),
        expires_at: jiff::Timestamp::from_second(invitation.expires_at).unwrap_or_default(),
        shell: shell.titled(title).crumb(people, PEOPLE).narrow(),
        name: person.display_name,
        id,
    }))
}
