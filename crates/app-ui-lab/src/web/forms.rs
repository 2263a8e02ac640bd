//! Fields in every state, and one form that really validates.

use axum::response::{IntoResponse, Response};
use platform::http::{Json, Query};
use platform::problem::Problem;
use serde::{Deserialize, Serialize};
use ui::form::Errors;
use ui::{Choice, CsrfForm, CsrfMultipart, Flash, Shell};

const CITIES: [&str; 12] = [
    "Amsterdam",
    "Berlin",
    "Bern",
    "Dublin",
    "Hamburg",
    "Köln",
    "London",
    "Madrid",
    "München",
    "Oslo",
    "Paris",
    "Wien",
];

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct SampleForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    city: String,
    #[serde(default, deserialize_with = "ui::form::checked")]
    terms: bool,
}

#[derive(askama::Template)]
#[template(path = "ui-lab/forms.html")]
pub(crate) struct FormsPage {
    pub(crate) shell: Shell,
    pub(crate) form: SampleForm,
    pub(crate) errors: Errors,
    pub(crate) roles: Vec<Choice>,
    pub(crate) cities: Vec<Choice>,
}

impl FormsPage {
    pub(crate) fn new(shell: Shell, form: SampleForm, errors: Errors) -> Self {
        let roles = vec![
            Choice::new("user", shell.t("lab-role-user")).hint(shell.t("lab-role-user-hint")),
            Choice::new("admin", shell.t("lab-role-admin")).hint(shell.t("lab-role-admin-hint")),
            Choice::new("owner", shell.t("lab-role-owner"))
                .hint(shell.t("lab-role-owner-hint"))
                .disabled(),
        ];
        Self {
            shell: shell.title("lab-forms").subtitled_by("lab-forms-hint"),
            form,
            errors,
            roles,
            cities: CITIES.map(|city| Choice::new(city, city)).into(),
        }
    }
}

pub(crate) async fn show(shell: Shell) -> Response {
    ui::page(FormsPage::new(shell, SampleForm::default(), Errors::none()))
}

pub(crate) async fn submit(shell: Shell, CsrfForm(form): CsrfForm<SampleForm>) -> Response {
    let errors = check(&shell, &form);
    if !errors.is_empty() {
        return ui::invalid(FormsPage::new(shell, form, errors));
    }
    let saved = Flash::success(shell.t1("lab-saved", "name", &form.name)).undo("/app/ui-lab/undo");
    (ui::flash(saved), ui::see_other("/app/ui-lab/forms")).into_response()
}

pub(crate) fn check(shell: &Shell, form: &SampleForm) -> Errors {
    let mut errors = Errors::none();
    if form.name.trim().is_empty() {
        errors.add("name", shell.t("lab-name-missing"));
    }
    if !form.email.contains('@') {
        errors.add("email", shell.t("lab-email-odd"));
    }
    if form.role.is_empty() {
        errors.add("role", shell.t("lab-role-missing"));
    }
    if !form.terms {
        errors.add("terms", shell.t("lab-terms-missing"));
    }
    if !errors.is_empty() {
        errors.add_general(shell.t("ui-form-invalid"));
    }
    errors
}

pub(crate) async fn upload(
    shell: Shell,
    CsrfMultipart(mut form): CsrfMultipart,
) -> Result<Response, Problem> {
    let mut bytes: u64 = 0;
    while let Some(mut field) = form.next_field().await.map_err(|_| incomplete())? {
        while let Some(chunk) = field.chunk().await.map_err(|_| incomplete())? {
            bytes += u64::try_from(chunk.len()).unwrap_or(0);
        }
    }
    let text = shell.t1("lab-uploaded", "size", shell.bytes(bytes));
    Ok((
        ui::flash(Flash::success(text)),
        ui::see_other("/app/ui-lab/forms"),
    )
        .into_response())
}

fn incomplete() -> Problem {
    Problem::new(platform::error::Class::Invalid, "request.incomplete")
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
pub(crate) struct Suggestion {
    value: &'static str,
    label: &'static str,
}

pub(crate) async fn suggestions(Query(search): Query<Search>) -> Json<Vec<Suggestion>> {
    let wanted = search.q.to_lowercase();
    let found = CITIES
        .into_iter()
        .filter(|city| city.to_lowercase().contains(&wanted))
        .map(|city| Suggestion {
            value: city,
            label: city,
        });
    Json(found.collect())
}
