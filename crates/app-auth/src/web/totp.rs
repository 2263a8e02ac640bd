//! Setting up one-time passwords, and the codes on paper that go with them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::CurrentUser;
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use std::fmt::Write as _;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use zeroize::Zeroizing;

use super::Web;
use super::second_factor::path_of;
use super::security::{SecurityPage, acting};
use super::sign_out::Nothing;
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::totp::{Confirmed, Offer, Removed};

/// Blank modules around a picture (ISO/IEC 18004).
const QUIET: usize = 4;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct TotpForm {
    #[serde(default)]
    offer: String,
    #[serde(default)]
    code: String,
}

impl TotpForm {
    /// The sealed offer and the first code.
    pub(super) fn parts(&self) -> (&str, &str) {
        (&self.offer, &self.code)
    }
}

/// What the form for removing sends.
#[derive(Deserialize)]
pub(super) struct RemovalForm {
    #[serde(default, deserialize_with = "ui::form::checked")]
    end_others: bool,
}

#[derive(Template)]
#[template(path = "auth/totp.html")]
pub(super) struct TotpPage {
    shell: Shell,
    /// What the form is sent to.
    action: String,
    username: String,
    /// The sealed offer.
    offer: String,
    secret: Zeroizing<String>,
    picture: Picture,
    /// There is no way round it, but a passkey is one more: its forms belong to this sign-in.
    required: bool,
    flow: String,
    offers_passkeys: bool,
    errors: Errors,
}

impl TotpPage {
    pub(super) fn new(shell: Shell, (action, username): (String, String), offer: &Offer) -> Self {
        let subtitle = shell.t("auth-totp-text").into_owned();
        let address = offer.seed.address(shell.brand(), &username);
        Self {
            picture: Picture::of(&address),
            shell: shell.title("auth-totp-title").subtitled(subtitle),
            action,
            username,
            offer: offer.sealed.clone(),
            secret: in_groups(&offer.seed.base32()),
            required: false,
            flow: String::new(),
            offers_passkeys: false,
            errors: Errors::none(),
        }
    }

    /// The same, for whoever does not get in without.
    pub(super) fn required(mut self, web: &Web, handle: &str) -> Self {
        self.required = true;
        self.flow = path_of(handle);
        self.offers_passkeys = web.services.passkeys.are_possible();
        self
    }

    /// The same, after a code that was refused.
    pub(super) fn saying(mut self, message: String) -> Self {
        self.errors.add("code", message);
        self
    }
}

/// A picture to scan: how many modules each side has, and the path of the dark ones.
struct Picture {
    side: usize,
    path: String,
}

impl Picture {
    /// Empty when the text is too long for a picture, which no address is: it can still be typed.
    fn of(text: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
            return Self {
                side: 0,
                path: String::new(),
            };
        };
        let width = code.width();
        let mut path = String::new();
        for (index, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (index % width + QUIET, index / width + QUIET);
                // Writing to a string cannot fail.
                _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Self {
            side: width + 2 * QUIET,
            path,
        }
    }
}

/// Four letters at a time: easier to copy by hand.
fn in_groups(text: &str) -> Zeroizing<String> {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    Zeroizing::new(groups.join(" "))
}

#[derive(Template)]
#[template(path = "auth/recovery_codes.html")]
pub(super) struct CodesPage {
    shell: Shell,
    codes: Zeroizing<String>,
    next: String,
}

impl CodesPage {
    /// Shown once, with a way on.
    pub(super) fn new(shell: Shell, codes: &[RecoveryCode], next: &str) -> Self {
        let subtitle = shell.t("auth-recovery-codes-text").into_owned();
        let lines: Vec<String> = codes.iter().map(|code| code.text().to_string()).collect();
        Self {
            shell: shell.title("auth-recovery-codes-title").subtitled(subtitle),
            codes: Zeroizing::new(lines.join("\n")),
            next: next.to_owned(),
        }
    }

    /// The codes as a file that needs no server.
    fn file(&self) -> String {
        format!(
            "data:text/plain;charset=utf-8,{}",
            self.codes.replace('\n', "%0A")
        )
    }
}

/// `GET /auth/security/totp`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    shell: Shell,
) -> Result<Response, Error> {
    let offer = web.services.totp.offer(UserId(who.user_id)).await?;
    let action = "/auth/security/totp".to_owned();
    Ok(ui::page(TotpPage::new(
        shell,
        (action, who.username),
        &offer,
    )))
}

/// `POST /auth/security/totp`
pub(super) async fn submit(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<TotpForm>,
) -> Result<Response, Error> {
    let id = UserId(who.user_id);
    let (offer, key) = match web.services.totp.confirm(id, form.parts(), &client).await? {
        Confirmed::Done(codes) => {
            return Ok(ui::page(CodesPage::new(shell, &codes, "/auth/security")));
        }
        Confirmed::Refused(offer) => (offer, "auth-code-wrong"),
        Confirmed::Stale(offer) => (offer, "auth-totp-stale"),
    };
    let message = shell.t(key).into_owned();
    let action = "/auth/security/totp".to_owned();
    let page = TotpPage::new(shell, (action, who.username), &offer);
    Ok(ui::invalid(page.saying(message)))
}

/// `POST /auth/security/totp/remove`
pub(super) async fn remove(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<RemovalForm>,
) -> Result<Response, Error> {
    let removed = web
        .services
        .totp
        .remove(acting(&who), form.end_others, &client)
        .await?;
    if removed == Removed::PasswordTooShort {
        let message = shell.t("auth-totp-needs-password").into_owned();
        let page = SecurityPage::of(&web, &who, shell).await?;
        return Ok(ui::invalid(page.refused(("new_password", message), true)));
    }
    let done = ui::flash(Flash::success(shell.t("auth-totp-removed")));
    Ok((done, ui::see_other("/auth/security")).into_response())
}

/// `POST /auth/security/recovery-codes`
pub(super) async fn new_codes(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let codes = web.services.totp.new_codes(acting(&who), &client).await?;
    Ok(ui::page(CodesPage::new(shell, &codes, "/auth/security")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_large_as_its_text_needs() {
        let picture =
            Picture::of("otpauth://totp/Cloud:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!((29..80).contains(&picture.side), "{}", picture.side);
        // The corner of the first finder pattern.
        assert!(picture.path.starts_with("M4 4h1v1h-1zM5 4h1v1h-1z"));
        assert_eq!(*in_groups("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
