//! The pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::RequestId;
use platform::{Access, CurrentUser, Routes};
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};

use crate::error::Error;
use crate::greeting::Greeter;

/// All routes, each with who may use it.
pub(crate) fn routes(greeter: Greeter) -> Routes {
    Routes::new()
        .page("/app/hello", Access::SignedIn, get(show))
        .page("/app/hello/greetings", Access::SignedIn, post(send))
        .page("/app/hello/widgets/greeting", Access::SignedIn, get(widget))
        .with_state(greeter)
}

#[derive(askama::Template)]
#[template(path = "hello/home.html")]
struct HomePage {
    shell: Shell,
    greeting: String,
    name: String,
    /// Makes a second submit of the same form a repetition of the first.
    key: String,
}

#[derive(askama::Template)]
#[template(path = "hello/widget.html")]
struct GreetingWidget {
    shell: Shell,
    greeting: String,
    name: String,
}

async fn show(
    State(greeter): State<Greeter>,
    shell: Shell,
    who: CurrentUser,
    request: RequestId,
) -> Response {
    ui::page(HomePage {
        shell: shell.title("hello-title").narrow(),
        greeting: greeter.words(),
        name: who.display_name.clone(),
        key: request.to_string(),
    })
}

async fn widget(State(greeter): State<Greeter>, shell: Shell, who: CurrentUser) -> Response {
    ui::page(GreetingWidget {
        shell,
        greeting: greeter.words(),
        name: who.display_name.clone(),
    })
}

#[derive(Deserialize)]
struct SendForm {
    key: String,
}

async fn send(
    State(greeter): State<Greeter>,
    shell: Shell,
    who: CurrentUser,
    CsrfForm(form): CsrfForm<SendForm>,
) -> Result<Response, Error> {
    greeter.send(&who, &form.key).await?;
    let sent = ui::flash(Flash::success(shell.t("hello-sent")));
    Ok((sent, ui::see_other("/app/hello")).into_response())
}
