//! The form of one app's settings.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::Path;
use ui::{CsrfForm, Flash, Shell};

use super::fields::{self, Again, Group, Input, SecretField};
use super::{Pages, app_path};
use crate::domain::catalog::{AppSettings, Catalog};
use crate::domain::submission::Submission;
use crate::error::Error;
use crate::service::{Author, Saved};

#[derive(askama::Template)]
#[template(path = "settings/form.html")]
pub(super) struct FormPage {
    shell: Shell,
    path: String,
    history: String,
    version: i64,
    groups: Vec<Group>,
    secrets: Vec<SecretField>,
    /// What is wrong with the form as a whole.
    problem: String,
}

impl FormPage {
    pub(super) fn new(
        shell: Shell,
        catalog: &Catalog,
        app: &AppSettings,
        again: &Again<'_>,
        secret_error: Option<(&str, &str)>,
    ) -> Self {
        let problem = match again.refusals.len() {
            0 => String::new(),
            count => shell.tn("settings-refused", i64::try_from(count).unwrap_or(i64::MAX)),
        };
        let crumb = shell.t("settings-title").into_owned();
        let title = app.name.get(shell.lang()).to_owned();
        let path = app_path(app.id.as_str());
        Self {
            history: format!("{path}/history"),
            path,
            version: catalog.version,
            groups: fields::groups(&shell, app, again),
            secrets: fields::secrets(&shell, app, secret_error),
            problem,
            shell: shell.titled(title).crumb(crumb, "/admin/settings").narrow(),
        }
    }
}

pub(super) async fn show(
    State(pages): State<Pages>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let catalog = pages.settings.catalog().await?;
    let app = find(&catalog, &id)?;
    Ok(ui::page(FormPage::new(
        shell,
        &catalog,
        app,
        &Again::default(),
        None,
    )))
}

pub(super) async fn save(
    State(pages): State<Pages>,
    shell: Shell,
    author: Author,
    Path(id): Path<String>,
    CsrfForm(pairs): CsrfForm<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let submission = read(pairs);
    match pages.settings.save(&id, &submission, &author).await? {
        Saved::Done(count) => {
            let text = match i64::try_from(count).unwrap_or(i64::MAX) {
                0 => shell.t("settings-unchanged").into_owned(),
                count => shell.tn("settings-saved", count),
            };
            let done = ui::flash(Flash::success(text));
            Ok((done, ui::see_other(&app_path(&id))).into_response())
        }
        Saved::Refused(refusals) => {
            // Read again: the version shown must be the one conflicts were told about.
            let catalog = pages.settings.catalog().await?;
            let app = find(&catalog, &id)?;
            let again = Again {
                submission: Some(&submission),
                refusals,
            };
            Ok(ui::invalid(FormPage::new(
                shell, &catalog, app, &again, None,
            )))
        }
    }
}

pub(super) fn find<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a AppSettings, Error> {
    catalog
        .app(id)
        .ok_or_else(|| Error::UnknownApp(id.to_owned()))
}

/// A submission from the fields of the form, whatever else was sent.
fn read(pairs: Vec<(String, String)>) -> Submission {
    let mut submission = Submission {
        // Without a version everything changed since: what differs is a conflict, never a silent win.
        seen: 0,
        shown: HashSet::new(),
        texts: HashMap::new(),
        resets: HashSet::new(),
    };
    for (name, value) in pairs {
        match name.as_str() {
            "version" => submission.seen = value.parse().unwrap_or_default(),
            "shown" => {
                submission.shown.insert(value);
            }
            "reset" => {
                submission.resets.insert(value);
            }
            name => {
                if let Some(key) = name.strip_prefix("value.") {
                    submission.texts.insert(key.to_owned(), value);
                }
            }
        }
    }
    submission
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_by_its_names() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let submission = read(vec![
            pair("csrf_token", "x"),
            pair("version", "42"),
            pair("shown", "greeting"),
            pair("shown", "open"),
            pair("value.greeting", "Moin"),
            pair("reset", "open"),
        ]);
        assert_eq!(submission.seen, 42);
        assert!(submission.shown.contains("greeting") && submission.shown.contains("open"));
        assert_eq!(
            submission.texts.get("greeting").map(String::as_str),
            Some("Moin")
        );
        assert!(submission.resets.contains("open"));
        assert_eq!(read(vec![pair("version", "soon")]).seen, 0);
    }
}
