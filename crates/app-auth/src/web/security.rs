//! One's own sessions and password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use platform::http::Path;
use platform::identity::{CurrentUser, Principal};
use registry::Role;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::sign_out::Nothing;
use super::{Web, cookies};
use crate::domain::network::{Place, place_of};
use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::sessions::Acting;
use crate::service::totp::Overview;
use crate::store::passkeys::ListedPasskey;
use crate::store::sessions::ListedSession;
use crate::store::sign_in_events::SignInEvent;

/// A line of the list.
struct SessionRow {
    id: Uuid,
    device: String,
    address: String,
    place: String,
    factors: String,
    remembered: bool,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    current: bool,
}

#[derive(Template)]
#[template(path = "auth/security.html")]
pub(super) struct SecurityPage {
    shell: Shell,
    username: String,
    /// Name of the directory that keeps the password; empty when it is kept here.
    password_directory: String,
    rows: Vec<SessionRow>,
    activity: Vec<SignInEvent>,
    factors: Overview,
    /// Break-glass codes left, for whoever may have some.
    break_glass: Option<i64>,
    passkeys: Vec<ListedPasskey>,
    /// There can be passkeys here.
    offers_passkeys: bool,
    end_others: bool,
    pub(super) errors: Errors,
}

/// The session somebody acts in.
pub(super) fn acting(who: &Principal) -> Acting {
    Acting {
        user_id: UserId(who.user_id),
        session_id: SessionId(who.session_id),
    }
}

impl SecurityPage {
    /// The page with the sessions of the person who looks at it.
    pub(super) async fn of(web: &Web, who: &Principal, shell: Shell) -> Result<Self, Error> {
        let sessions = web.services.sessions.list(UserId(who.user_id)).await?;
        let row = |session: ListedSession| SessionRow {
            id: session.session_id.0,
            device: device_in_words(&session.device, &shell),
            place: place_in_words(&session.address, &shell),
            address: session.address,
            factors: factors_in_words(&session.factors, &shell),
            remembered: session.remembered,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.session_id.0 == who.session_id,
        };
        let mut rows: Vec<SessionRow> = sessions.into_iter().map(row).collect();
        rows.sort_by_key(|row| !row.current);
        let factors = web.services.totp.overview(UserId(who.user_id)).await?;
        let break_glass = match who.role {
            Role::Admin => Some(web.services.break_glass.left(UserId(who.user_id)).await?),
            _ => None,
        };
        let subtitle = shell.t("auth-security-text").into_owned();
        Ok(Self {
            shell: shell.title("auth-security-title").subtitled(subtitle),
            username: who.username.clone(),
            password_directory: web.services.passwords.kept_in(UserId(who.user_id)).await?,
            rows,
            activity: web.services.explain.own(UserId(who.user_id)).await?,
            factors,
            break_glass,
            passkeys: web.services.passkeys.list(UserId(who.user_id)).await?,
            offers_passkeys: web.services.passkeys.are_possible(),
            end_others: true,
            errors: Errors::none(),
        })
    }

    /// The page again after the password form was refused.
    pub(super) fn refused(
        mut self,
        (field, message): (&'static str, String),
        end_others: bool,
    ) -> Self {
        self.errors.add(field, message);
        self.end_others = end_others;
        self
    }

    fn has_others(&self) -> bool {
        self.rows.iter().any(|row| !row.current)
    }
}

/// What a new password has to be.
fn password_hint<'a>(directory: &str, shell: &'a Shell) -> std::borrow::Cow<'a, str> {
    shell.t(if directory.is_empty() {
        "auth-password-hint"
    } else {
        "auth-directory-hint"
    })
}

/// What is stored as "Firefox on Linux", in the language of the page.
pub(super) fn device_in_words(device: &str, shell: &Shell) -> String {
    match device.split_once(" on ") {
        Some((program, system)) => shell.t2("auth-device-on", "program", program, "system", system),
        None if device.is_empty() => shell.t("auth-device-unknown").into_owned(),
        None => device.to_owned(),
    }
}

/// How somebody signed in, in the language of the page.
pub(super) fn factors_in_words(factors: &[String], shell: &Shell) -> String {
    let words: Vec<_> = factors
        .iter()
        // It says of the others that they are several.
        .filter(|factor| *factor != "mfa")
        .map(|factor| match factor.as_str() {
            "pwd" => shell.t("auth-factor-password"),
            "mail" => shell.t("auth-factor-mail"),
            "otp" => shell.t("auth-factor-totp"),
            "recovery" => shell.t("auth-factor-recovery"),
            "pop" => shell.t("auth-factor-passkey"),
            "break_glass" => shell.t("auth-factor-break-glass"),
            _ => factor.clone().into(),
        })
        .collect();
    words.join(" + ")
}

/// Where an address is, as far as that can be told without asking anybody.
pub(super) fn place_in_words(address: &str, shell: &Shell) -> String {
    match address.parse().map(place_of) {
        Ok(Place::ThisMachine) => shell.t("auth-place-machine").into_owned(),
        Ok(Place::LocalNetwork) => shell.t("auth-place-local").into_owned(),
        Ok(Place::Network(network)) => shell.t1("auth-place-network", "network", network),
        Err(_) => String::new(),
    }
}

/// `GET /auth/security`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    shell: Shell,
) -> Result<Response, Error> {
    Ok(ui::page(SecurityPage::of(&web, &who, shell).await?))
}

/// `POST /auth/security/sessions/{id}/end`
pub(super) async fn end(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    web.services
        .sessions
        .end_own(acting(&who), SessionId(id), &client)
        .await?;
    let done = ui::flash(Flash::success(shell.t("auth-session-ended")));
    let response = if id == who.session_id {
        cookies::signed_out("/auth/sign-in", web.secure)
    } else {
        ui::see_other("/auth/security")
    };
    Ok((done, response).into_response())
}

/// `POST /auth/security/sessions/end-others`
pub(super) async fn end_others(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let ended = web
        .services
        .sessions
        .end_others(acting(&who), &client)
        .await?;
    let done = ui::flash(Flash::success(shell.tn("auth-sessions-ended", ended)));
    Ok((done, ui::see_other("/auth/security")).into_response())
}
