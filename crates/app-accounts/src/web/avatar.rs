//! Pictures of people: shown to whoever is signed in, changed by the person themselves.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, StatusCode};
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Path, Query};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, CsrfMultipart, Flash, Shell};
use uuid::Uuid;

use super::asking::Asking;
use super::form::Nothing;
use super::profile::ProfilePage;
use crate::Accounts;
use crate::domain::avatar::{MOST_UPLOADED, Unusable};
use crate::domain::person::PersonId;
use crate::error::Error;

/// An address with the time of the picture in it changes with the picture, so a browser may keep what it got.
const KEEP: &str = "private, max-age=604800, immutable";
/// Under the address without it the picture changes, comes and goes: a browser asks each time.
const ASK: &str = "private, no-cache";
/// Shown for a person without a picture: nothing, so that the initials below are seen. The frame of every page
/// asks for the picture without knowing whether there is one.
const NOTHING: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;

/// What the address says of the picture wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The time of the picture, as [`crate::domain::person::Person::avatar_path`] writes it.
    v: Option<i64>,
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let current = accounts.pictures.find_time(id).await?;
    if headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag(current).as_bytes())
    {
        let about = about(current, &wanted);
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    // Read anew: it may have gone in between.
    let Some(stored) = accounts.pictures.find(id).await? else {
        let kind = [(CONTENT_TYPE, "image/svg+xml")];
        return Ok((about(None, &wanted), kind, NOTHING).into_response());
    };
    let kind = [
        (CONTENT_TYPE, stored.content_type),
        (CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    let about = about(Some(stored.updated_at), &wanted);
    Ok((about, kind, stored.content).into_response())
}

/// What a browser should know of the picture of that time.
fn about(at: Option<Timestamp>, wanted: &Wanted) -> [(HeaderName, String); 2] {
    let same = at.is_some_and(|at| wanted.v == Some(at.as_millisecond()));
    let keep = if same { KEEP } else { ASK };
    [(ETAG, tag(at)), (CACHE_CONTROL, keep.to_owned())]
}

fn tag(at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "\"none\"".to_owned(),
        |at| format!("\"{}\"", at.as_microsecond()),
    )
}

pub(super) async fn upload(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfMultipart(mut form): CsrfMultipart,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    let mut upload = Vec::new();
    while let Ok(Some(mut field)) = form.next_field().await {
        if field.name() != Some("avatar") {
            continue;
        }
        while let Ok(Some(chunk)) = field.chunk().await {
            if upload.len() + chunk.len() > MOST_UPLOADED {
                return refuse(&accounts, shell, id, "accounts-avatar-too-large").await;
            }
            upload.extend_from_slice(&chunk);
        }
    }
    if upload.is_empty() {
        return refuse(&accounts, shell, id, "accounts-avatar-missing").await;
    }
    match accounts
        .pictures
        .put(&asking.oneself(&who), id, upload)
        .await?
    {
        Ok(()) => {
            let saved = ui::flash(Flash::success(shell.t("accounts-avatar-saved")));
            Ok((saved, ui::see_other("/app/accounts")).into_response())
        }
        Err(Unusable::Kind) => refuse(&accounts, shell, id, "accounts-avatar-kind").await,
        Err(Unusable::Damaged) => refuse(&accounts, shell, id, "accounts-avatar-damaged").await,
    }
}

async fn refuse(
    accounts: &Accounts,
    shell: Shell,
    id: PersonId,
    message: &str,
) -> Result<Response, Error> {
    let errors = Errors::one("avatar", shell.t(message));
    Ok(ui::invalid(
        ProfilePage::build(accounts, shell, id, None, errors).await?,
    ))
}

pub(super) async fn remove(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    accounts
        .pictures
        .delete(&asking.oneself(&who), PersonId(who.user_id))
        .await?;
    let removed = ui::flash(Flash::success(shell.t("accounts-avatar-removed")));
    Ok((removed, ui::see_other("/app/accounts")).into_response())
}
