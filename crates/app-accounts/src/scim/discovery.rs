//! What this interface can do and which resources there are (RFC 7643 sections 5 and 6, RFC 7644 section 4).

use axum::response::Response;
use http::StatusCode;
use platform::http::Path;
use serde_json::{Value, json};

use super::refusal::{Refusal, answer};
use super::session::Session;
use super::user::{ENTERPRISE, USER};
use super::{SCOPE, bulk, group, list, schemas};

pub(super) async fn service_provider(session: Session) -> Response {
    let supported = |supported: bool| json!({ "supported": supported });
    let location = format!("{}/ServiceProviderConfig", session.base);
    let config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": supported(true),
        "bulk": {"supported": true, "maxOperations": bulk::MOST, "maxPayloadSize": bulk::LARGEST},
        "filter": {"supported": true, "maxResults": list::MOST},
        "changePassword": supported(false),
        "sort": supported(false),
        "etag": supported(true),
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Key",
            "description": format!("A key with the scope {SCOPE}, as a bearer token"),
            "primary": true,
        }],
        "meta": {"resourceType": "ServiceProviderConfig", "location": location},
    });
    answer(StatusCode::OK, &config)
}

fn types(base: &str) -> [Value; 2] {
    let one = |id: &str, endpoint: &str, schema: &str, extensions: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": id,
            "name": id,
            "endpoint": endpoint,
            "schema": schema,
            "schemaExtensions": extensions,
            "meta": {"resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{id}")},
        })
    };
    let enterprise = json!([{ "schema": ENTERPRISE, "required": false }]);
    [
        one("User", "/Users", USER, enterprise),
        one("Group", "/Groups", group::GROUP, json!([])),
    ]
}

fn listed(resources: &[Value]) -> Response {
    let list = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    answer(StatusCode::OK, &list)
}

fn found(resources: &[Value], id: &str) -> Result<Response, Refusal> {
    let is_meant = |one: &&Value| {
        let known = one.get("id").and_then(Value::as_str);
        known.is_some_and(|known| known.eq_ignore_ascii_case(id))
    };
    let one = resources.iter().find(is_meant);
    one.map(|one| answer(StatusCode::OK, one))
        .ok_or_else(Refusal::not_found)
}

pub(super) async fn resource_types(session: Session) -> Response {
    listed(&types(&session.base))
}

pub(super) async fn resource_type(
    session: Session,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    found(&types(&session.base), &id)
}

pub(super) async fn schemas(session: Session) -> Response {
    listed(&schemas::all(&session.base))
}

pub(super) async fn schema(session: Session, Path(id): Path<String>) -> Result<Response, Refusal> {
    found(&schemas::all(&session.base), &id)
}
