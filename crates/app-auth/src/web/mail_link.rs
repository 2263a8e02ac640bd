//! Signing in by mail: asking for it, typing the code, and following the link.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;
use platform::http::Path;
use platform::identity::Visitor;
use serde::Deserialize;
use ui::cookies::{Lifetime, get, line, name};
use ui::form::Errors;
use ui::{CsrfForm, Shell};

use super::choose_password::dead_link;
use super::security::acting;
use super::sign_out::Nothing;
use super::{Web, cookies, throttled};
use crate::error::Error;
use crate::service::client::Client;
use crate::service::flows::Found;
use crate::service::mail_link::{Asked, Look, Outcome, Shown};

/// Name of the cookie that binds a link to the browser that asked for it.
const FLOW: &str = "cloud_flow";
/// As long as the link works.
const FLOW_LIFETIME: Lifetime = Lifetime::Seconds(600);

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "auth/mail_code.html")]
struct CodePage {
    shell: Shell,
    /// Address of the sign-in.
    flow: String,
    errors: Errors,
}

impl CodePage {
    fn new(shell: Shell, handle: &str) -> Self {
        Self {
            shell: shell
                .title("auth-mail-code-title")
                .subtitled_by("auth-mail-code-text"),
            flow: flow_path(handle),
            errors: Errors::none(),
        }
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[derive(Template)]
#[template(path = "auth/mail_link.html")]
struct LinkPage {
    shell: Shell,
    /// This browser asked for the link.
    is_here: bool,
}

fn flow_path(handle: &str) -> String {
    format!("/auth/sign-in/{handle}")
}

/// `POST /auth/sign-in/{handle}/mail/send`
pub(super) async fn send(
    State(web): State<Web>,
    Path(handle): Path<String>,
    client: Client,
    shell: Shell,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let links = &web.services.mail_links;
    match links.ask(&handle, shell.language(), &client).await? {
        Asked::Gone => Ok(ui::see_other(&flow_path(&handle))),
        Asked::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            let page = CodePage::new(shell, &handle).saying("", message);
            Ok(throttled::limited(&page, wait))
        }
        Asked::Noted => {
            let mut response = ui::see_other(&format!("{}/mail", flow_path(&handle)));
            let cookie = line(&name(FLOW, web.secure), &handle, FLOW_LIFETIME, web.secure);
            if let Some(cookie) = cookie {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(response)
        }
    }
}

/// `GET /auth/sign-in/{handle}/mail`
pub(super) async fn show(
    State(web): State<Web>,
    Path(handle): Path<String>,
    Visitor(who): Visitor,
    shell: Shell,
) -> Result<Response, Error> {
    match web.services.flows.find(&handle).await? {
        Found::Live(flow) if (who.is_none() || flow.adds) && flow.proof.is_none() => {
            Ok(ui::page(CodePage::new(shell, &handle)))
        }
        // The page of the sign-in knows what to do.
        _ => Ok(ui::see_other(&flow_path(&handle))),
    }
}

/// `POST /auth/sign-in/{handle}/mail`
pub(super) async fn confirm(
    State(web): State<Web>,
    Path(handle): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, Error> {
    let replaces = who.as_ref().map(acting);
    let shown = Shown::Code(&handle, &form.code);
    let links = &web.services.mail_links;
    let (key, wait) = match links.prove(shown, &client, replaces).await? {
        Outcome::Admitted(admitted) => return Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Wrong => ("auth-mail-code-wrong", None),
        Outcome::Dead => ("auth-mail-code-dead", None),
        Outcome::Limited(wait) => ("auth-limited", Some(wait)),
    };
    let message = match wait {
        Some(wait) => shell.tn(key, throttled::minutes(wait)),
        None => shell.t(key).into_owned(),
    };
    let page = CodePage::new(shell, &handle).saying("code", message);
    Ok(match wait {
        Some(wait) => throttled::limited(&page, wait),
        None => ui::invalid(page),
    })
}

/// `GET /auth/mail/{token}`. Uses nothing up: mail scanners follow links too.
pub(super) async fn open(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    headers: HeaderMap,
    shell: Shell,
) -> Result<Response, Error> {
    let flow = get(&headers, &name(FLOW, web.secure));
    let look = web.services.mail_links.look(&token, flow, &client).await?;
    let shell = shell.title("auth-mail-link-title");
    match look {
        Look::Dead => Ok(dead_link(shell)),
        look => Ok(ui::page(LinkPage {
            shell,
            is_here: look == Look::Here,
        })),
    }
}

/// `POST /auth/mail/{token}`
pub(super) async fn follow(
    State(web): State<Web>,
    Path(token): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    headers: HeaderMap,
    (shell, CsrfForm(Nothing {})): (Shell, CsrfForm<Nothing>),
) -> Result<Response, Error> {
    let flow = get(&headers, &name(FLOW, web.secure));
    let replaces = who.as_ref().map(acting);
    let links = &web.services.mail_links;
    match links
        .prove(Shown::Link(&token, flow), &client, replaces)
        .await?
    {
        Outcome::Admitted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Limited(wait) => Err(Error::Limited(wait)),
        Outcome::Wrong | Outcome::Dead => Ok(dead_link(shell)),
    }
}
