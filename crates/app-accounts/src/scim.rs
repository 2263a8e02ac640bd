//! `/api/accounts/scim/v2`: people and groups for other identity systems (SCIM 2.0, RFC 7643 and RFC 7644).
//!
//! Open to administrators and to service accounts they gave the scope `accounts:provision`, which opens nothing else. A
//! client is whom its key belongs to: it knows its own external ids, and nobody else's. Deleting puts people into the
//! trash, where this interface sees nobody. Nobody becomes an administrator here.

mod bulk;
mod discovery;
mod filter;
mod group;
mod list;
mod matching;
mod patch;
mod refusal;
mod schemas;
mod session;
mod user;

use axum::extract::FromRequestParts;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use platform::http::{Json, Path, Query};
use platform::{Access, CurrentUser, Routes};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::bulk::Bulk;
use self::list::Projection;
use self::refusal::{Refusal, ScimType, answer};
use self::session::{Edit, Session};
use crate::Accounts;
use crate::service::provisioning::Provisioner;
use crate::web::asking::Asking;

/// Where it is served.
const BASE: &str = "/api/accounts/scim/v2";

/// One scope for all of it: whoever provisions reads and writes.
const SCOPE: &str = "accounts:provision";

const ACCESS: Access = Access::Entrusted(SCOPE);

/// What there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Kind {
    /// People.
    Users,
    /// Groups.
    Groups,
}

/// The routes of SCIM. What is refused before a handler is reached is told as SCIM tells it, too.
pub(super) fn routes() -> Routes<Accounts> {
    let api = |routes: Routes<Accounts>, path: &str, methods| {
        routes.api(&format!("{BASE}{path}"), ACCESS, methods)
    };
    let routes = Routes::new().api(
        "/api/accounts/scim/{version}/{*rest}",
        ACCESS,
        any(somewhere_else),
    );
    let routes = api(
        routes,
        "/ServiceProviderConfig",
        get(discovery::service_provider),
    );
    let routes = api(routes, "/ResourceTypes", get(discovery::resource_types));
    let routes = api(routes, "/ResourceTypes/{id}", get(discovery::resource_type));
    let routes = api(routes, "/Schemas", get(discovery::schemas));
    let routes = api(routes, "/Schemas/{id}", get(discovery::schema));
    let routes = api(routes, "/Bulk", post(run_bulk));
    let routes = api(routes, "/{kind}", get(list).post(create));
    let one = get(show).put(replace).patch(patch).delete(remove);
    api(routes, "/{kind}/{id}", one).layer(map_response(refusal::rendered))
}

impl FromRequestParts<Accounts> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, accounts: &Accounts) -> Result<Self, Response> {
        let asking = Asking::from_request_parts(parts, accounts).await?;
        let who = CurrentUser::from_request_parts(parts, accounts)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            accounts: accounts.clone(),
            by: Provisioner {
                actor: asking.entrusted(&who),
                client: who.user_id,
            },
            base: format!("{}{BASE}", asking.origin.trim_end_matches('/')),
        })
    }
}

/// A text of a resource; null and nothing are the same.
fn text_of(resource: &Value, name: &'static str) -> Result<Option<String>, Refusal> {
    match matching::member(resource, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => {
            let detail = format!("{name} must be a text");
            Err(Refusal::new(ScimType::InvalidValue, detail))
        }
    }
}

/// The entity tag of a resource: a hash of what is shown of it, and of a number that counts up with the rest.
fn version_of(shown: &Value, number: i64) -> String {
    let mut hash = Sha256::new();
    hash.update(shown.to_string());
    hash.update(number.to_be_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let short = URL_SAFE_NO_PAD.encode(hash.get(..12).unwrap_or_default());
    format!("W/\"{short}\"")
}

/// A resource with its entity tag and place, cut down to what is asked for.
fn shown(status: StatusCode, resource: Value, projection: &Projection) -> Response {
    let meta = |name: &str| {
        let text = resource.get("meta")?.get(name)?.as_str()?;
        HeaderValue::from_str(text).ok()
    };
    let (tag, place) = (meta("version"), meta("location"));
    let mut response = answer(status, &projection.of(resource));
    let headers = response.headers_mut();
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    if let Some(place) = place.filter(|_| status == StatusCode::CREATED) {
        headers.insert(LOCATION, place);
    }
    response
}

fn tags(headers: &HeaderMap, name: http::HeaderName) -> Option<&str> {
    // A tag of other bytes than text is none of ours.
    headers.get(name).map(|tag| tag.to_str().unwrap_or("-"))
}

async fn list(
    session: Session,
    Path(kind): Path<Kind>,
    Query(query): Query<list::Query>,
) -> Result<Response, Refusal> {
    let page = session.list(kind, &query).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn create(
    session: Session,
    Path(kind): Path<Kind>,
    Query(query): Query<list::Query>,
    Json(body): Json<Value>,
) -> Result<Response, Refusal> {
    let made = session.create(kind, &body).await?;
    Ok(shown(StatusCode::CREATED, made, &query.projection()))
}

async fn show(
    session: Session,
    Path((kind, id)): Path<(Kind, Uuid)>,
    Query(query): Query<list::Query>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let resource = session.get(kind, id).await?;
    let version = resource.get("meta").and_then(|meta| meta.get("version"));
    let known = tags(&headers, IF_NONE_MATCH);
    if known.is_some() && known == version.and_then(Value::as_str) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(shown(StatusCode::OK, resource, &query.projection()))
}

async fn replace(
    session: Session,
    Path(which): Path<(Kind, Uuid)>,
    Query(query): Query<list::Query>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Refusal> {
    let expected = tags(&headers, IF_MATCH);
    let changed = session.change(which, expected, Edit::Put(body)).await?;
    Ok(shown(StatusCode::OK, changed, &query.projection()))
}

async fn patch(
    session: Session,
    Path(which): Path<(Kind, Uuid)>,
    Query(query): Query<list::Query>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Refusal> {
    let expected = tags(&headers, IF_MATCH);
    let edit = Edit::Patch(message(body)?);
    let changed = session.change(which, expected, edit).await?;
    Ok(shown(StatusCode::OK, changed, &query.projection()))
}

async fn remove(
    session: Session,
    Path(which): Path<(Kind, Uuid)>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    session.delete(which, tags(&headers, IF_MATCH)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Nothing is here; perhaps another version is meant.
async fn somewhere_else(Path((version, _)): Path<(String, String)>) -> Refusal {
    if version == "v2" {
        Refusal::not_found()
    } else {
        let detail = format!("SCIM is served at {BASE}");
        Refusal::new(ScimType::InvalidVers, detail)
    }
}

async fn run_bulk(session: Session, Json(body): Json<Value>) -> Result<Response, Refusal> {
    let bulk: Bulk = message(body)?;
    Ok(answer(StatusCode::OK, &session.bulk(bulk).await?))
}

/// A message of a known form; what is none is a matter of syntax (RFC 7644 section 3.12).
fn message<T: DeserializeOwned>(body: Value) -> Result<T, Refusal> {
    serde_json::from_value(body)
        .map_err(|error| Refusal::new(ScimType::InvalidSyntax, error.to_string()))
}
