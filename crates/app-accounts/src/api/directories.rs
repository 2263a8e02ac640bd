//! Directories for programs: what is kept of each, and how its runs stand. Setting one up stays with a person on the
//! pages, who confirms who they are: it says which server the platform believes.

use axum::extract::State;
use axum::response::Response;
use platform::http::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity_tag::tagged;
use super::refusals::Always;
use crate::Accounts;
use crate::domain::source::{Directory as Found, DirectoryId};
use crate::error::Error;

/// A directory that people and groups come from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Directory {
    /// UUID.
    id: String,
    /// What it is called here.
    name: String,
    /// `freeipa`, `openldap` or `active-directory`.
    preset: &'static str,
    /// Host name or address of the server.
    host: String,
    /// Its port.
    port: u16,
    /// `tls`, `starttls` or `plain`.
    security: &'static str,
    /// The account that reads; empty for nobody in particular.
    bind_dn: String,
    /// Where people are.
    people_base: String,
    /// Which entries are people (RFC 4515).
    people_filter: String,
    /// Where groups are; empty leaves groups alone.
    groups_base: String,
    /// Which entries are groups.
    groups_filter: String,
    /// How often it is read, in minutes; 0 for never by itself.
    every_minutes: u16,
    /// Counts up with each change; also the `ETag`.
    version: i64,
}

/// All directories.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Directories {
    directories: Vec<Directory>,
}

impl From<Found> for Directory {
    fn from(directory: Found) -> Self {
        let settings = directory.settings;
        Self {
            id: directory.id.to_string(),
            name: settings.name.to_string(),
            preset: settings.preset.as_str(),
            host: settings.host,
            port: settings.port,
            security: settings.security.as_str(),
            bind_dn: settings.bind_dn,
            people_base: settings.people_base,
            people_filter: settings.people_filter,
            groups_base: settings.groups_base,
            groups_filter: settings.groups_filter,
            every_minutes: settings.every_minutes,
            version: directory.version,
        }
    }
}

/// Lists all directories by name, at most 20. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/directories", responses((status = 200, body = Directories), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Directories>, Error> {
    let found = accounts.directories.list().await?;
    Ok(Json(Directories {
        directories: found.into_iter().map(Directory::from).collect(),
    }))
}

/// One directory; never its password. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/directories/{id}", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Directory, headers(("ETag" = String, description = "of what is kept of it"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let found = accounts.directories.find(DirectoryId(id)).await?;
    Ok(tagged(found.version, Directory::from(found)))
}
