//! Language and theme, chosen on any page: kept on the device and, for people who are signed in, in the profile.

use axum::extract::State;
use axum::response::Response;
use platform::http::LocalPath;
use platform::identity::Visitor;
use serde::Deserialize;
use ui::preferences::{LANGUAGE_COOKIE, THEME_COOKIE};
use ui::{CsrfForm, Language, Theme};

use super::{Web, cookies};
use crate::domain::subject::UserId;
use crate::error::Error;

/// What the form sends; what it does not send stays as it is.
#[derive(Debug, Deserialize)]
pub(super) struct PreferencesForm {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    theme: Option<String>,
    #[serde(default)]
    return_to: Option<String>,
}

/// `POST /auth/preferences`
pub(super) async fn submit(
    State(web): State<Web>,
    Visitor(who): Visitor,
    CsrfForm(form): CsrfForm<PreferencesForm>,
) -> Result<Response, Error> {
    let language = form.language.as_deref().and_then(Language::from_code);
    let theme = form.theme.as_deref().and_then(Theme::from_code);
    // Back to the very page, be it the sign-in page: choosing a language is no detour.
    let mut response = ui::see_other(LocalPath::or_home(form.return_to.as_deref()).as_str());
    if let Some(language) = language {
        cookies::remember(
            response.headers_mut(),
            LANGUAGE_COOKIE,
            language.code(),
            web.secure,
        );
    }
    if let Some(theme) = theme {
        cookies::remember(
            response.headers_mut(),
            THEME_COOKIE,
            theme.code(),
            web.secure,
        );
    }
    if let Some(who) = who.filter(|_| language.is_some() || theme.is_some()) {
        let chosen = (
            language.map_or("", Language::code),
            theme.map_or("", Theme::code),
        );
        web.services
            .preferences
            .change(UserId(who.user_id), chosen)
            .await?;
    }
    Ok(response)
}
