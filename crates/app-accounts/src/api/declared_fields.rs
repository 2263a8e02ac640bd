//! What administrators declare that people have, for programs: the fields themselves, not what they hold.

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use jiff::Timestamp;
use platform::http::{Json, Path};
use platform::{CurrentUser, Routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ADMINISTRATOR;
use super::created::created;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::custom_field::{
    Declaration, Editor, Field as Found, FieldName, Kind, PLACES, Visibility, choices, is_blind,
};
use crate::domain::name::Line;
use crate::error::Error;
use crate::service::custom_fields::{Declared, FieldChange};
use crate::web::asking::Asking;

/// Its routes.
pub(super) fn routes() -> Routes<Accounts> {
    let of = |rest: &str| format!("/api/accounts/fields/{{id}}{rest}");
    Routes::new()
        .api(
            "/api/accounts/fields",
            ADMINISTRATOR,
            get(list).post(declare),
        )
        .api(
            &of(""),
            ADMINISTRATOR,
            get(show).patch(redeclare).delete(remove),
        )
        .api(&of("/retire"), ADMINISTRATOR, post(retire))
        .api(&of("/restore"), ADMINISTRATOR, post(restore))
}

/// Words of [`Kind`].
const KINDS: &str = "text, number, date, choice, yes_no or link";
/// Words of [`Visibility`].
const VISIBLE_TO: &str = "everyone, person or administrators";
/// Words of [`Editor`].
const EDITED_BY: &str = "person or administrators";

/// A field.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Field {
    /// UUID.
    id: String,
    /// What programs and exports call it, for ever.
    name: String,
    /// What people read, in English.
    label_en: String,
    /// The same in German; empty for the English one.
    label_de: String,
    /// `text`, `number`, `date`, `choice`, `yes_no` or `link`.
    kind: &'static str,
    /// Answers to choose from; only of the kind `choice`.
    choices: Vec<String>,
    /// Who sees the values: `everyone`, `person` (and administrators) or `administrators`.
    visible_to: &'static str,
    /// Who changes them: `person` (and administrators) or `administrators`.
    edited_by: &'static str,
    /// Where it stands among the others, lowest first.
    position: i32,
    /// Since when nobody sees it; its values are kept for 30 days from then.
    #[schema(value_type = Option<String>, format = DateTime)]
    retired_at: Option<Timestamp>,
}

impl From<Found> for Field {
    fn from(field: Found) -> Self {
        Self {
            id: field.id.to_string(),
            name: field.name,
            label_en: field.label_en,
            label_de: field.label_de,
            kind: field.kind.as_str(),
            choices: field.choices,
            visible_to: field.visible_to.as_str(),
            edited_by: field.edited_by.as_str(),
            position: field.position,
            retired_at: field.retired_at,
        }
    }
}

/// All fields in their order, retired ones last.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Fields {
    fields: Vec<Field>,
}

/// A field to declare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewField {
    /// What programs call it: up to 32 of `a-z 0-9 _`, a letter first; no other field has this name.
    name: String,
    /// `text`, `number`, `date`, `choice`, `yes_no` or `link`.
    kind: String,
    /// What people read, in English.
    label_en: String,
    /// The same in German.
    #[serde(default)]
    label_de: String,
    /// Answers to choose from, 1 to 50; only for the kind `choice`.
    #[serde(default)]
    choices: Vec<String>,
    /// `everyone`, `person` or `administrators`.
    visible_to: String,
    /// `person` or `administrators`.
    edited_by: String,
    /// Where it stands among the others, 0 to 9999.
    #[serde(default)]
    position: i32,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldRedeclaration {
    label_en: Option<String>,
    label_de: Option<String>,
    choices: Option<Vec<String>>,
    visible_to: Option<String>,
    edited_by: Option<String>,
    position: Option<i32>,
}

/// Identifies what was declared.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeclaredField {
    /// UUID.
    id: String,
}

impl NewField {
    fn check(&self) -> Result<(FieldName, Kind, Declaration), Error> {
        let name = FieldName::parse(&self.name).map_err(|unfit| Error::Unfit("name", unfit))?;
        let kind = self.kind.parse();
        let kind = kind.map_err(|_| Error::NotAWord("kind", KINDS))?;
        Ok((name, kind, self.declaration(kind)?))
    }

    fn declaration(&self, kind: Kind) -> Result<Declaration, Error> {
        let unfit = |field| move |unfit| Error::Unfit(field, unfit);
        let answers = self.choices.iter().map(String::as_str);
        let visible_to: Result<Visibility, _> = self.visible_to.parse();
        let visible_to = visible_to.map_err(|_| Error::NotAWord("visible_to", VISIBLE_TO))?;
        let edited_by: Result<Editor, _> = self.edited_by.parse();
        let edited_by = edited_by.map_err(|_| Error::NotAWord("edited_by", EDITED_BY))?;
        if is_blind((visible_to, edited_by)) {
            let words = "administrators where the person does not see the values";
            return Err(Error::NotAWord("edited_by", words));
        }
        if !PLACES.contains(&self.position) {
            return Err(Error::NotAWord("position", "a number from 0 to 9999"));
        }
        Ok(Declaration {
            label_en: Line::required(&self.label_en).map_err(unfit("label_en"))?,
            label_de: Line::parse(&self.label_de).map_err(unfit("label_de"))?,
            choices: choices(answers, kind).map_err(unfit("choices"))?,
            visible_to,
            edited_by,
            position: self.position,
        })
    }
}

impl FieldRedeclaration {
    /// The field as it is to be.
    fn onto(self, field: Found) -> NewField {
        let word = |wanted: Option<String>, known: &str| wanted.unwrap_or_else(|| known.to_owned());
        NewField {
            name: field.name,
            kind: field.kind.as_str().to_owned(),
            label_en: self.label_en.unwrap_or(field.label_en),
            label_de: self.label_de.unwrap_or(field.label_de),
            choices: self.choices.unwrap_or(field.choices),
            visible_to: word(self.visible_to, field.visible_to.as_str()),
            edited_by: word(self.edited_by, field.edited_by.as_str()),
            position: self.position.unwrap_or(field.position),
        }
    }
}

/// Lists the fields that administrators declared. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/fields", responses((status = 200, body = Fields), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Fields>, Error> {
    let fields = accounts.custom_fields.list().await?;
    Ok(Json(Fields {
        fields: fields.into_iter().map(Field::from).collect(),
    }))
}

/// Declares a field; everybody has it at once, without a value. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/fields", request_body = NewField,
    responses((status = 201, body = DeclaredField, headers(("Location" = String, description = "the field"))),
        (status = 409, description = "the name is taken, or there are 40"), Always, OfBodies))]
pub(super) async fn declare(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Json(body): Json<NewField>,
) -> Result<Response, Error> {
    let (name, kind, declaration) = body.check()?;
    let (id, actor) = (Uuid::now_v7(), asking.actor(&who));
    let fields = &accounts.custom_fields;
    match fields
        .declare(&actor, id, (&name, kind), &declaration)
        .await?
    {
        Declared::NameTaken => Err(Error::FieldNameTaken),
        Declared::TooMany => Err(Error::TooManyFields),
        Declared::Done | Declared::Gone => {
            let body = DeclaredField { id: id.to_string() };
            Ok(created(format!("/api/accounts/fields/{id}"), body))
        }
    }
}

/// One field. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/fields/{id}", params(("id" = Uuid, Path)),
    responses((status = 200, body = Field), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<Field>, Error> {
    Ok(Json(accounts.custom_fields.find(id).await?.into()))
}

/// Declares a field anew; its name and its kind stay. Administrators; scope accounts:write.
#[utoipa::path(patch, path = "/api/accounts/fields/{id}", request_body = FieldRedeclaration, params(("id" = Uuid, Path)),
    responses((status = 200, body = Field), Always, OfBodies))]
pub(super) async fn redeclare(
    State(accounts): State<Accounts>,
    asker: (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    Json(body): Json<FieldRedeclaration>,
) -> Result<Json<Field>, Error> {
    let field = accounts.custom_fields.find(id).await?;
    let kind = field.kind;
    let change = FieldChange::Declare(body.onto(field).declaration(kind)?);
    act(&accounts, &asker, id, &change).await?;
    Ok(Json(accounts.custom_fields.find(id).await?.into()))
}

/// Lets nobody see a field any more; after 30 days its values go. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/fields/{id}/retire", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn retire(
    State(accounts): State<Accounts>,
    asker: (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    act(&accounts, &asker, id, &FieldChange::Retire).await
}

/// Lets a retired field be seen again, with the values it had. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/fields/{id}/restore", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn restore(
    State(accounts): State<Accounts>,
    asker: (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    act(&accounts, &asker, id, &FieldChange::Restore).await
}

/// Deletes a field with everybody's values, at once and for good. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/fields/{id}", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    asker: (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    act(&accounts, &asker, id, &FieldChange::Delete).await
}

async fn act(
    accounts: &Accounts,
    (who, asking): &(CurrentUser, Asking),
    id: Uuid,
    change: &FieldChange,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(who);
    match accounts.custom_fields.change(&actor, id, change).await? {
        Declared::Gone => Err(Error::FieldNotFound),
        Declared::Done | Declared::NameTaken | Declared::TooMany => Ok(StatusCode::NO_CONTENT),
    }
}
