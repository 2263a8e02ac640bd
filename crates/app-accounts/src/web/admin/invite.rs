//! Inviting somebody: a form, then a mail with a link or a link that is shown once.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::http::Path;
use platform::{CurrentUser, Role};
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::invitations::INVITATIONS;
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::import_row::names_in;
use crate::domain::invitation::{Invite, Lasts, Letter, Message};
use crate::domain::name::{EmailAddress, Line, Username};
use crate::domain::person::{NewPerson, PersonId};
use crate::error::Error;
use crate::service::invitations::{Added, Link};
use crate::web::asking::Asking;
use crate::web::form::{Fields, Nothing, day, role, role_choices};
use crate::web::group::end;

const PEOPLE: &str = "/admin/accounts/people";

/// Whom to invite, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    id: Uuid,
    display_name: String,
    username: String,
    email: String,
    role: String,
    /// As browsers send dates; empty for ever.
    ends_on: String,
    /// Who answers for a guest: user name or mail address; empty for nobody.
    sponsor: String,
    /// Names of groups, one a line.
    groups: String,
    /// As browsers send moments; empty for ever.
    groups_end: String,
    /// `mail` or `link`.
    delivery: String,
    message: String,
    lasts: String,
}

impl InviteForm {
    fn empty(can_mail: bool, sponsor: &str) -> Self {
        let delivery = if can_mail { "mail" } else { "link" };
        Self {
            id: Uuid::now_v7(),
            role: Role::User.as_str().to_owned(),
            delivery: delivery.to_owned(),
            sponsor: sponsor.to_owned(),
            lasts: Lasts::default().to_string(),
            ..Self::default()
        }
    }

    /// What was typed as [`Invite`]; `sponsor` is who was found by what was typed there.
    fn check(
        &self,
        shell: &Shell,
        known: &HashMap<String, GroupId>,
        sponsor: Option<PersonId>,
    ) -> Result<Invite, Errors> {
        let mut fields = Fields::new(shell);
        let display_name = fields.take("display_name", Line::required(&self.display_name));
        let username = fields.take("username", Username::parse(&self.username));
        let email = fields.take("email", EmailAddress::parse(&self.email));
        let role = fields.take("role", role(&self.role));
        let ends_on = fields.take("ends_on", day(&self.ends_on));
        if sponsor.is_none() && self.has_sponsor() {
            fields.refuse("sponsor", "accounts-member-unknown");
        }
        let groups = self.groups(known, &mut fields);
        let groups_end = fields.take("groups_end", end::parse(&self.groups_end, shell));
        let message = fields.take("message", Message::parse(&self.message));
        let lasts = fields.take("lasts", Lasts::parse(&self.lasts));
        let invite = move || {
            Some(Invite {
                person: NewPerson {
                    id: PersonId(self.id),
                    username: username?,
                    email: email?,
                    display_name: display_name?,
                    role: role?,
                },
                ends_on: ends_on?,
                sponsor,
                groups: groups?,
                groups_end: groups_end?,
                letter: Letter {
                    message: message?,
                    lasts: lasts?,
                    by_mail: self.delivery == "mail",
                },
            })
        };
        fields.finish(invite())
    }

    /// Whether somebody is to answer for whom is invited.
    fn has_sponsor(&self) -> bool {
        self.role == Role::Guest.as_str() && !self.sponsor.trim().is_empty()
    }

    fn groups(
        &self,
        known: &HashMap<String, GroupId>,
        fields: &mut Fields<'_>,
    ) -> Option<Vec<GroupId>> {
        let names = names_in(&self.groups);
        let unknown: Vec<&str> = names
            .iter()
            .filter(|name| !known.contains_key(*name))
            .map(String::as_str)
            .collect();
        if !unknown.is_empty() {
            let names = ("names", unknown.join(", "));
            fields.refuse_with("groups", "accounts-groups-unknown", names);
            return None;
        }
        Some(
            names
                .iter()
                .filter_map(|name| known.get(name).copied())
                .collect(),
        )
    }
}

/// What there is to choose from in the forms.
pub(in crate::web) struct Options {
    pub(in crate::web) roles: Vec<Choice>,
    pub(in crate::web) lasts: Vec<Choice>,
    pub(in crate::web) deliveries: Vec<Choice>,
    /// The same for many at once: nobody is shown so many links.
    pub(in crate::web) import_deliveries: Vec<Choice>,
}

impl Options {
    pub(in crate::web) fn new(shell: &Shell, can_mail: bool) -> Self {
        let lasts = Lasts::OFFERED.map(|lasts| {
            let days = i64::from(lasts.get());
            Choice::new(lasts.to_string(), shell.tn("accounts-lasts-days", days))
        });
        let (mail, link) = ("accounts-delivery-mail", "accounts-delivery-link");
        let mail = Choice::new("mail", shell.t(mail)).hint(shell.t(if can_mail {
            "accounts-delivery-mail-hint"
        } else {
            "accounts-delivery-no-mail"
        }));
        let mail = if can_mail { mail } else { mail.disabled() };
        let later = Choice::new("link", shell.t("accounts-delivery-later"));
        let later = later.hint(shell.t("accounts-delivery-later-hint"));
        Self {
            roles: role_choices(shell),
            lasts: lasts.into(),
            import_deliveries: vec![mail.clone(), later],
            deliveries: vec![
                mail,
                Choice::new("link", shell.t(link)).hint(shell.t("accounts-delivery-link-hint")),
            ],
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/invite.html")]
struct InvitePage {
    shell: Shell,
    form: InviteForm,
    errors: Errors,
    options: Options,
    end_hint: String,
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
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        refused: Option<(InviteForm, Errors)>,
    ) -> Self {
        let can_mail = accounts.invitations.can_mail().await;
        let people = shell.t("accounts-people").into_owned();
        let oneself = shell.principal().map(|who| who.username.clone());
        let oneself = oneself.unwrap_or_default();
        let empty = || (InviteForm::empty(can_mail, &oneself), Errors::none());
        let (form, errors) = refused.unwrap_or_else(empty);
        Self {
            options: Options::new(&shell, can_mail),
            end_hint: end::hint(&shell),
            shell: shell
                .title("accounts-invite")
                .crumb(people, PEOPLE)
                .narrow(),
            form,
            errors,
        }
    }
}

pub(super) async fn show(State(accounts): State<Accounts>, shell: Shell) -> Response {
    ui::page(InvitePage::build(&accounts, shell, None).await)
}

pub(super) async fn invite(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<InviteForm>,
) -> Result<Response, Error> {
    let known = accounts.groups.by_names(&names_in(&form.groups)).await?;
    let sponsor = match form.sponsor.trim() {
        login if form.has_sponsor() => accounts.directory.by_login(login).await?,
        _ => None,
    };
    let sponsor = sponsor.map(|sponsor| sponsor.id);
    let errors = match form.check(&shell, &known, sponsor) {
        Err(errors) => errors,
        Ok(invite) => {
            let (id, by_mail) = (invite.person.id, invite.letter.by_mail);
            let actor = asking.actor(&who);
            let added = accounts.invitations.add(&actor, &invite).await?;
            let (field, key) = match added {
                Added::Done if by_mail => {
                    return Ok(on_its_way(&shell, invite.person.email.as_str()));
                }
                Added::Done => return link(&accounts, shell, (&who, &asking), id).await,
                // The link of the first submit may have been given out: a second one would end it.
                Added::Repeated => return Ok(ui::see_other(&format!("{PEOPLE}/{id}"))),
                Added::UsernameTaken => ("username", "accounts-username-taken"),
                Added::EmailTaken => ("email", "accounts-email-taken"),
                Added::GroupGone => ("groups", "accounts-groups-gone"),
                Added::SponsorUnfit => ("sponsor", "accounts-sponsor-unfit"),
                Added::AdministratorEnds => ("ends_on", "accounts-administrator-ends"),
                Added::EndPassed if invite.groups_end.is_some() && invite.ends_on.is_none() => {
                    ("groups_end", "accounts-end-past")
                }
                Added::EndPassed => ("ends_on", "accounts-end-passed"),
            };
            Errors::one(field, shell.t(key))
        }
    };
    let page = InvitePage::build(&accounts, shell, Some((form, errors)));
    Ok(ui::invalid(page.await))
}

fn on_its_way(shell: &Shell, address: &str) -> Response {
    let said = shell.t1("accounts-invitation-sending", "address", address);
    let flash = ui::flash(Flash::success(said));
    (flash, ui::see_other(INVITATIONS)).into_response()
}

/// `POST /admin/accounts/people/{id}/invitation`: a link to pass on.
pub(super) async fn renew(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    link(&accounts, shell, (&who, &asking), PersonId(id)).await
}

async fn link(
    accounts: &Accounts,
    shell: Shell,
    (who, asking): (&CurrentUser, &Asking),
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
