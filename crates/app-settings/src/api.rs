//! The JSON API: the same rules as the pages, for programs. Secrets are not part of it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use http::StatusCode;
use platform::access::Access;
use platform::http::{Json, Path, Query};
use platform::routes::Routes;
use registry::{Label, Role, SettingKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::catalog::{AppSettings, Setting, Source};
use crate::error::Error;
use crate::service::{Author, Put, Settings};

/// All resources, each with who may use it.
pub(crate) fn routes(settings: Settings) -> Routes {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .api("/api/settings/apps", admin, get(list))
        .api("/api/settings/apps/{app}", admin, get(show))
        .api(
            "/api/settings/apps/{app}/{key}",
            admin,
            put(set).delete(reset),
        )
        .with_state(settings)
}

#[derive(Serialize)]
struct AppList {
    version: i64,
    apps: Vec<AppLine>,
}

#[derive(Serialize)]
struct AppLine {
    id: String,
    name: Label,
    settings: usize,
    stored: usize,
}

#[derive(Serialize)]
struct AppDetail {
    version: i64,
    id: String,
    name: Label,
    settings: Vec<SettingDetail>,
}

#[derive(Serialize)]
struct SettingDetail {
    key: String,
    kind: SettingKind,
    label: Label,
    secret: bool,
    /// `stored`, `environment` or `default`.
    source: &'static str,
    /// Absent for a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

#[derive(Deserialize)]
struct SetRequest {
    value: Value,
    /// Version the program read; without it the value is set whatever it was.
    version: Option<i64>,
}

#[derive(Deserialize)]
struct ResetQuery {
    version: Option<i64>,
}

#[derive(Serialize)]
struct Changed {
    version: i64,
}

async fn list(State(settings): State<Settings>) -> Result<Json<AppList>, Error> {
    let catalog = settings.catalog().await?;
    let apps = catalog
        .apps
        .iter()
        .map(|app| AppLine {
            id: app.id.to_string(),
            name: app.name.clone(),
            settings: app.settings.len(),
            stored: app.stored_count(),
        })
        .collect();
    Ok(Json(AppList {
        version: catalog.version,
        apps,
    }))
}

async fn show(
    State(settings): State<Settings>,
    Path(id): Path<String>,
) -> Result<Json<AppDetail>, Error> {
    let catalog = settings.catalog().await?;
    let app = catalog.app(&id).ok_or(Error::UnknownApp(id))?;
    Ok(Json(detail(catalog.version, app)))
}

async fn set(
    State(settings): State<Settings>,
    author: Author,
    Path((app, key)): Path<(String, String)>,
    Json(body): Json<SetRequest>,
) -> Result<Response, Error> {
    let put = Put {
        value: Some(body.value),
        seen: body.version,
    };
    let version = settings.put(&app, &key, &put, &author).await?;
    Ok((StatusCode::OK, Json(Changed { version })).into_response())
}

async fn reset(
    State(settings): State<Settings>,
    author: Author,
    Path((app, key)): Path<(String, String)>,
    Query(query): Query<ResetQuery>,
) -> Result<Response, Error> {
    let put = Put {
        value: None,
        seen: query.version,
    };
    let version = settings.put(&app, &key, &put, &author).await?;
    Ok(Json(Changed { version }).into_response())
}

fn detail(version: i64, app: &AppSettings) -> AppDetail {
    AppDetail {
        version,
        id: app.id.to_string(),
        name: app.name.clone(),
        settings: app.settings.iter().map(setting).collect(),
    }
}

fn setting(setting: &Setting) -> SettingDetail {
    let declaration = &setting.declaration;
    let (value, source) = setting.in_force();
    SettingDetail {
        key: declaration.key.clone(),
        kind: declaration.kind.clone(),
        label: declaration.label.clone(),
        secret: declaration.is_secret(),
        source: match source {
            Source::Stored => "stored",
            Source::Environment => "environment",
            Source::Default => "default",
        },
        value: (!declaration.is_secret()).then(|| value.clone()),
    }
}
