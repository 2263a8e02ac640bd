//! Pictures of people: shown to whoever is signed in, changed by the person themselves.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use platform::CurrentUser;
use platform::http::{Path, RequestId};
use ui::form::Errors;
use ui::{CsrfForm, CsrfMultipart, Flash, Shell};
use uuid::Uuid;

use super::form::Nothing;
use super::profile::ProfilePage;
use crate::Accounts;
use crate::domain::avatar::{MOST_UPLOADED, Unusable};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;

/// The address changes with the picture, so a browser may keep it.
const KEEP: &str = "private, max-age=604800, immutable";

pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let Some(stored) = accounts.pictures.find(id).await? else {
        return Err(Error::PersonNotFound(id));
    };
    let tag = format!("\"{}\"", stored.updated_at.as_microsecond());
    let known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let about = [(ETAG, tag), (CACHE_CONTROL, KEEP.to_owned())];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [
        (CONTENT_TYPE, stored.content_type),
        (CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    Ok((about, kind, stored.content).into_response())
}

pub(super) async fn upload(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    request: RequestId,
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
        .put(&Actor::person(&who, &request), id, upload)
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
    who: CurrentUser,
    request: RequestId,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    accounts
        .pictures
        .delete(&Actor::person(&who, &request), PersonId(who.user_id))
        .await?;
    let removed = ui::flash(Flash::success(shell.t("accounts-avatar-removed")));
    Ok((removed, ui::see_other("/app/accounts")).into_response())
}
