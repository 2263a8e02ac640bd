//! Behind the link for whoever was held back because strangers guessed at their name.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::http::Path;
use ui::{CsrfForm, Shell};

use super::choose_password::dead_link;
use super::sign_in::path_of;
use super::sign_out::Nothing;
use super::{Web, cookies};
use crate::error::Error;
use crate::service::client::Client;

#[derive(Template)]
#[template(path = "auth/way_in.html")]
struct WayInPage {
    shell: Shell,
}

/// `GET /auth/way-in/{token}`. Uses nothing up: mail scanners follow links too.
pub(super) async fn show(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    if !web.services.way_in.is_live(&token, &client).await? {
        return Ok(dead_link(shell));
    }
    let shell = shell
        .title("auth-way-in-title")
        .subtitled_by("auth-way-in-text");
    Ok(ui::page(WayInPage { shell }))
}

/// `POST /auth/way-in/{token}`: the browser is known from now on, and the sign-in begins.
pub(super) async fn submit(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    match web.services.way_in.open(&token, &client).await? {
        Some(opened) => {
            let mut response = ui::see_other(&path_of(&opened.handle));
            cookies::keep_device(response.headers_mut(), &opened.device, web.secure);
            Ok(response)
        }
        None => Ok(dead_link(shell)),
    }
}
