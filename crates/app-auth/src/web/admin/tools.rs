//! Tools behind proxies: who may use them, and what their proxies are told to do.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::Path;
use platform::identity::{CurrentUser, Principal};
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell, Tab};

use super::tool_form::ToolForm;
use super::{audit, tabs};
use crate::domain::forward::groups_line;
use crate::error::Error;
use crate::service::client::Client;
use crate::store::forward::StoredTool;
use crate::web::Web;
use crate::web::proxy_setup::setup;
use crate::web::security::acting;
use crate::web::sign_out::Nothing;

const TOOLS: &str = "/admin/auth/tools";

#[derive(Template)]
#[template(path = "auth/admin/tools.html")]
struct ToolsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    tools: Vec<StoredTool>,
}

#[derive(Template)]
#[template(path = "auth/admin/tool_form.html")]
struct ToolFormPage {
    shell: Shell,
    /// What the form is sent to.
    action: String,
    is_new: bool,
    form: ToolForm,
    proxies: Vec<Choice>,
    errors: Errors,
}

/// One finding of a test.
struct Finding {
    tone: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "auth/admin/tool.html")]
struct ToolPage {
    shell: Shell,
    stored: StoredTool,
    setup: String,
    findings: Vec<Finding>,
}

impl ToolFormPage {
    fn new(shell: Shell, action: &str, form: ToolForm, errors: Errors) -> Self {
        let is_new = form.is_new;
        let tools = shell.t("auth-admin-tools").into_owned();
        let title = if is_new {
            "auth-tool-new"
        } else {
            "auth-tool-edit"
        };
        Self {
            shell: shell.title(title).crumb(tools, TOOLS).narrow(),
            action: action.to_owned(),
            is_new,
            form,
            proxies: [
                ("nginx", "nginx"),
                ("traefik", "Traefik"),
                ("caddy", "Caddy"),
            ]
            .map(|(value, label)| Choice::new(value, label))
            .into(),
            errors,
        }
    }
}

impl ToolPage {
    async fn of(web: &Web, shell: Shell, id: &str) -> Result<Self, Error> {
        let stored = web.services.forward.find(id).await?;
        let stored = stored.ok_or(Error::ToolNotFound)?;
        let tools = shell.t("auth-admin-tools").into_owned();
        Ok(Self {
            shell: shell.titled(stored.tool.name.clone()).crumb(tools, TOOLS),
            setup: setup(&stored.tool, web.services.app_url.as_str()),
            stored,
            findings: Vec::new(),
        })
    }

    /// What would be answered about the person who asks, and what the proxy did last.
    fn test(&mut self, who: &Principal, admits: bool) {
        let groups = match groups_line(&who.groups) {
            line if line.is_empty() => "–".to_owned(),
            line => line,
        };
        let text = if admits {
            self.shell.t2(
                "auth-tool-test-in",
                "user",
                who.username.clone(),
                "groups",
                groups,
            )
        } else {
            self.shell
                .t1("auth-tool-test-out", "user", who.username.clone())
        };
        let tone = if admits { "success" } else { "warning" };
        self.findings.push(Finding { tone, text });
        let (tone, key) = match (self.stored.asked_at, self.stored.problem.as_str()) {
            (None, _) => ("warning", "auth-tool-test-silent"),
            (Some(_), "") => ("success", "auth-tool-test-heard"),
            (Some(_), "unsaid") => ("danger", "auth-tool-test-unsaid"),
            (Some(_), _) => ("danger", "auth-tool-test-foreign"),
        };
        let text = self.shell.t(key).into_owned();
        self.findings.push(Finding { tone, text });
    }
}

/// `GET /admin/auth/tools`
pub(super) async fn list(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    Ok(ui::page(ToolsPage {
        tools: web.services.forward.list().await?,
        tabs: tabs(&shell, TOOLS),
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// `GET /admin/auth/tools/new`
pub(super) async fn ask(shell: Shell) -> Result<Response, Error> {
    let action = format!("{TOOLS}/new");
    let page = ToolFormPage::new(shell, &action, ToolForm::fresh(), Errors::none());
    Ok(ui::page(page))
}

/// `POST /admin/auth/tools/new`
pub(super) async fn create(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(mut form): CsrfForm<ToolForm>,
) -> Result<Response, Error> {
    form.is_new = true;
    let action = format!("{TOOLS}/new");
    let tool = match form.check(&shell) {
        Ok(tool) => tool,
        Err(errors) => return Ok(ui::invalid(ToolFormPage::new(shell, &action, form, errors))),
    };
    let audit = audit("forward.tool.create", &who, &client);
    if !web.services.forward.put(&tool, false, audit).await? {
        let errors = Errors::one("id", shell.t("auth-tool-id-taken"));
        return Ok(ui::invalid(ToolFormPage::new(shell, &action, form, errors)));
    }
    let done = ui::flash(Flash::success(shell.t("auth-tool-saved")));
    Ok((done, ui::see_other(&format!("{TOOLS}/{}", tool.id))).into_response())
}

/// `GET /admin/auth/tools/{id}`
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    shell: Shell,
) -> Result<Response, Error> {
    Ok(ui::page(ToolPage::of(&web, shell, &id).await?))
}

/// `POST /admin/auth/tools/{id}/test`
pub(super) async fn test(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<String>,
    shell: Shell,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let mut page = ToolPage::of(&web, shell, &id).await?;
    let forward = &web.services.forward;
    let admits = forward
        .admits(&page.stored.tool, acting(&who).user_id)
        .await?;
    page.test(&who, admits);
    Ok(ui::page(page))
}

/// `GET /admin/auth/tools/{id}/edit`
pub(super) async fn edit(
    State(web): State<Web>,
    Path(id): Path<String>,
    shell: Shell,
) -> Result<Response, Error> {
    let stored = web.services.forward.find(&id).await?;
    let form = ToolForm::of(&stored.ok_or(Error::ToolNotFound)?.tool);
    let action = format!("{TOOLS}/{id}/edit");
    let page = ToolFormPage::new(shell, &action, form, Errors::none());
    Ok(ui::page(page))
}

/// `POST /admin/auth/tools/{id}/edit`
pub(super) async fn save(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<String>, Client),
    shell: Shell,
    CsrfForm(mut form): CsrfForm<ToolForm>,
) -> Result<Response, Error> {
    web.services
        .forward
        .find(&id)
        .await?
        .ok_or(Error::ToolNotFound)?;
    form.id.clone_from(&id);
    let action = format!("{TOOLS}/{id}/edit");
    let tool = match form.check(&shell) {
        Ok(tool) => tool,
        Err(errors) => return Ok(ui::invalid(ToolFormPage::new(shell, &action, form, errors))),
    };
    let audit = audit("forward.tool.change", &who, &client);
    web.services.forward.put(&tool, true, audit).await?;
    let done = ui::flash(Flash::success(shell.t("auth-tool-saved")));
    Ok((done, ui::see_other(&format!("{TOOLS}/{id}"))).into_response())
}

/// `POST /admin/auth/tools/{id}/remove`
pub(super) async fn remove(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<String>, Client),
    shell: Shell,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let audit = audit("forward.tool.remove", &who, &client);
    web.services.forward.remove(&id, audit).await?;
    let done = ui::flash(Flash::success(shell.t("auth-tool-removed")));
    Ok((done, ui::see_other(TOOLS)).into_response())
}
