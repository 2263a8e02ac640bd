//! Changing one's own password.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::{CurrentUser, Principal};
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};

use super::security::{SecurityPage, acting};
use super::{Web, throttled};
use crate::domain::password::Password;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::passwords::{Change, Outcome};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    old_password: Password,
    #[serde(default)]
    new_password: Password,
    #[serde(default, deserialize_with = "ui::form::checked")]
    end_others: bool,
}

/// `GET /auth/security/password`: where a reload after a refused form ends up.
pub(super) async fn show() -> Response {
    ui::see_other("/auth/security")
}

/// `POST /auth/security/password`
pub(super) async fn submit(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<PasswordForm>,
) -> Result<Response, Error> {
    let end_others = form.end_others;
    let change = Change {
        old: form.old_password,
        new: form.new_password,
        end_others,
    };
    let outcome = web
        .services
        .passwords
        .change(acting(&who), change, &client)
        .await?;
    let refusal = match outcome {
        Outcome::Changed => {
            let done = ui::flash(Flash::success(shell.t("auth-password-changed")));
            return Ok((done, ui::see_other("/auth/security")).into_response());
        }
        Outcome::WrongOld => ("old_password", shell.t("auth-password-wrong").into_owned()),
        Outcome::Same => ("new_password", shell.t("auth-password-same").into_owned()),
        Outcome::Unacceptable(problem) => {
            ("new_password", shell.t(problem.message_key()).into_owned())
        }
        Outcome::NotTaken(refusal) => ("new_password", shell.t(refusal.message_key()).into_owned()),
        Outcome::Closed => ("", shell.t("auth-directory-closed").into_owned()),
        Outcome::Away => {
            let message = shell.t("auth-directory-away").into_owned();
            let page = again(&web, &who, shell)
                .await?
                .refused(("", message), end_others);
            return Ok(throttled::busy(&page, throttled::AWAY_RETRY));
        }
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            let page = again(&web, &who, shell)
                .await?
                .refused(("", message), end_others);
            return Ok(throttled::limited(&page, wait));
        }
        Outcome::Busy(wait) => {
            let message = shell.t("auth-busy").into_owned();
            let page = again(&web, &who, shell)
                .await?
                .refused(("", message), end_others);
            return Ok(throttled::busy(&page, wait));
        }
    };
    Ok(ui::invalid(
        again(&web, &who, shell).await?.refused(refusal, end_others),
    ))
}

async fn again(web: &Web, who: &Principal, shell: Shell) -> Result<SecurityPage, Error> {
    SecurityPage::of(web, who, shell).await
}
