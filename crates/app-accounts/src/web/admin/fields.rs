//! `/admin/accounts/fields`: what administrators declare that people have.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::custom_field::{
    Declaration, Editor, Field, FieldName, Kind, PLACES, Visibility, choices, is_blind,
};
use crate::domain::name::{Line, Unfit};
use crate::error::Error;
use crate::service::custom_fields::{Declared, FieldChange, RETIRED_KEEPS};
use crate::web::asking::Asking;
use crate::web::custom_fields::label;
use crate::web::form::{Confirmed, Fields, Nothing};

const FIELDS: &str = "/admin/accounts/fields";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(FIELDS, admin, get(list).post(declare))
        .page(
            "/admin/accounts/fields/{id}",
            admin,
            get(show).post(redeclare),
        )
        .page("/admin/accounts/fields/{id}/retire", admin, post(retire))
        .page("/admin/accounts/fields/{id}/restore", admin, post(restore))
        .page("/admin/accounts/fields/{id}/delete", admin, post(delete))
}

/// A declaration as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct FieldForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    id: Uuid,
    name: String,
    kind: String,
    label_en: String,
    label_de: String,
    /// One answer a line.
    choices: String,
    visible_to: String,
    edited_by: String,
    position: String,
}

impl FieldForm {
    fn empty() -> Self {
        Self {
            id: Uuid::now_v7(),
            kind: Kind::Text.as_str().to_owned(),
            visible_to: Visibility::Everyone.as_str().to_owned(),
            edited_by: Editor::Person.as_str().to_owned(),
            position: "10".to_owned(),
            ..Self::default()
        }
    }

    fn of(field: &Field) -> Self {
        Self {
            id: field.id,
            name: field.name.clone(),
            kind: field.kind.as_str().to_owned(),
            label_en: field.label_en.clone(),
            label_de: field.label_de.clone(),
            choices: field.choices.join("\n"),
            visible_to: field.visible_to.as_str().to_owned(),
            edited_by: field.edited_by.as_str().to_owned(),
            position: field.position.to_string(),
        }
    }

    fn check_new(&self, shell: &Shell) -> Result<(FieldName, Kind, Declaration), Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", FieldName::parse(&self.name));
        let kind = fields.take("kind", self.kind.parse().map_err(|_| Unfit::Form));
        let declaration = kind.and_then(|kind| self.read(kind, &mut fields));
        let all = name.zip(kind).zip(declaration);
        fields.finish(all.map(|((name, kind), declaration)| (name, kind, declaration)))
    }

    fn check(&self, shell: &Shell, kind: Kind) -> Result<Declaration, Errors> {
        let mut fields = Fields::new(shell);
        let declaration = self.read(kind, &mut fields);
        fields.finish(declaration)
    }

    fn read(&self, kind: Kind, fields: &mut Fields<'_>) -> Option<Declaration> {
        let label_en = fields.take("label_en", Line::required(&self.label_en));
        let label_de = fields.take("label_de", Line::parse(&self.label_de));
        let choices = fields.take("choices", choices(self.choices.lines(), kind));
        let wrong = |_| Unfit::Form;
        let visible_to = fields.take("visible_to", self.visible_to.parse().map_err(wrong));
        let edited_by = fields.take("edited_by", self.edited_by.parse().map_err(wrong));
        let position = self.position.trim().parse().ok();
        let position = position.filter(|place| PLACES.contains(place));
        let position = fields.take("position", position.ok_or(Unfit::Form));
        if visible_to.zip(edited_by).is_some_and(is_blind) {
            fields.refuse("edited_by", "accounts-field-unseen");
        }
        Some(Declaration {
            label_en: label_en?,
            label_de: label_de?,
            choices: choices?,
            visible_to: visible_to?,
            edited_by: edited_by?,
            position: position?,
        })
    }
}

/// What there is to choose from in the forms.
struct Options {
    kinds: Vec<Choice>,
    visible: Vec<Choice>,
    editors: Vec<Choice>,
}

impl Options {
    fn new(shell: &Shell) -> Self {
        let kind = |kind: &Kind| Choice::new(kind.as_str(), shell.t(kind_key(*kind)));
        let visible = |to: &Visibility| Choice::new(to.as_str(), shell.t(visible_key(*to)));
        let editor = |by: &Editor| {
            let key = match by {
                Editor::Person => "accounts-field-by-person",
                Editor::Administrators => "accounts-field-by-administrators",
            };
            Choice::new(by.as_str(), shell.t(key))
        };
        Self {
            kinds: Kind::ALL.iter().map(kind).collect(),
            visible: Visibility::ALL.iter().map(visible).collect(),
            editors: Editor::ALL.iter().map(editor).collect(),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/fields.html")]
struct FieldsPage {
    shell: Shell,
    fields: Vec<Field>,
    options: Options,
    form: FieldForm,
    errors: Errors,
}

impl FieldsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        (form, errors): (FieldForm, Errors),
    ) -> Result<Self, Error> {
        let people = shell.t("accounts-people").into_owned();
        Ok(Self {
            fields: accounts.custom_fields.list().await?,
            options: Options::new(&shell),
            shell: shell
                .title("accounts-fields")
                .crumb(people, "/admin/accounts/people"),
            form,
            errors,
        })
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/field.html")]
struct FieldPage {
    shell: Shell,
    field: Field,
    /// When a retired field goes.
    gone_at: Option<jiff::Timestamp>,
    options: Options,
    form: FieldForm,
    errors: Errors,
}

impl FieldPage {
    fn new(shell: Shell, field: Field, form: FieldForm, errors: Errors) -> Self {
        let fields = shell.t("accounts-fields").into_owned();
        let title = label(&field, &shell);
        Self {
            options: Options::new(&shell),
            shell: shell.titled(title).crumb(fields, FIELDS).narrow(),
            gone_at: field.retired_at.map(|at| at + RETIRED_KEEPS),
            field,
            form,
            errors,
        }
    }
}

async fn list(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let empty = (FieldForm::empty(), Errors::none());
    Ok(ui::page(FieldsPage::build(&accounts, shell, empty).await?))
}

async fn declare(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<FieldForm>,
) -> Result<Response, Error> {
    let errors = match form.check_new(&shell) {
        Err(errors) => errors,
        Ok((name, kind, declaration)) => {
            let (actor, fields) = (asking.actor(&who), &accounts.custom_fields);
            let what = (&name, kind);
            match fields.declare(&actor, form.id, what, &declaration).await? {
                Declared::Done | Declared::Gone => return Ok(saved(&shell)),
                Declared::NameTaken => Errors::one("name", shell.t("accounts-field-name-taken")),
                Declared::TooMany => Errors::one("", shell.t("accounts-fields-full")),
            }
        }
    };
    Ok(ui::invalid(
        FieldsPage::build(&accounts, shell, (form, errors)).await?,
    ))
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let field = accounts.custom_fields.find(id).await?;
    let form = FieldForm::of(&field);
    Ok(ui::page(FieldPage::new(shell, field, form, Errors::none())))
}

async fn redeclare(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<FieldForm>,
) -> Result<Response, Error> {
    let field = accounts.custom_fields.find(id).await?;
    match form.check(&shell, field.kind) {
        Err(errors) => Ok(ui::invalid(FieldPage::new(shell, field, form, errors))),
        Ok(declaration) => {
            let change = FieldChange::Declare(declaration);
            act(&accounts, &shell, (&who, &asking), id, &change).await
        }
    }
}

async fn retire(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    act(&accounts, &shell, (&who, &asking), id, &FieldChange::Retire).await
}

async fn restore(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let change = FieldChange::Restore;
    act(&accounts, &shell, (&who, &asking), id, &change).await
}

async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Confirmed>,
) -> Result<Response, Error> {
    let field = accounts.custom_fields.find(id).await?;
    if !form.is(&field.name) {
        let flash = ui::flash(Flash::danger(shell.t("accounts-field-not-confirmed")));
        return Ok((flash, ui::see_other(&format!("{FIELDS}/{id}"))).into_response());
    }
    act(&accounts, &shell, (&who, &asking), id, &FieldChange::Delete).await
}

async fn act(
    accounts: &Accounts,
    shell: &Shell,
    (who, asking): (&CurrentUser, &Asking),
    id: Uuid,
    change: &FieldChange,
) -> Result<Response, Error> {
    let actor = asking.actor(who);
    match accounts.custom_fields.change(&actor, id, change).await? {
        Declared::Gone => Err(Error::FieldNotFound),
        Declared::Done | Declared::NameTaken | Declared::TooMany => Ok(saved(shell)),
    }
}

fn saved(shell: &Shell) -> Response {
    let flash = ui::flash(Flash::success(shell.t("accounts-saved")));
    (flash, ui::see_other(FIELDS)).into_response()
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "accounts-field-text",
        Kind::Number => "accounts-field-number",
        Kind::Date => "accounts-field-date",
        Kind::Choice => "accounts-field-choice",
        Kind::YesNo => "accounts-field-yes-no",
        Kind::Link => "accounts-field-link",
    }
}

fn visible_key(to: Visibility) -> &'static str {
    match to {
        Visibility::Everyone => "accounts-field-to-everyone",
        Visibility::Person => "accounts-field-to-person",
        Visibility::Administrators => "accounts-field-to-administrators",
    }
}
