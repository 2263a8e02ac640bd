//! Bulk (RFC 7644 section 3.7): many operations in one request, each by itself, in an order in which what they refer
//! to is there.

use std::collections::HashMap;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Kind;
use super::refusal::{Refusal, ScimType};
use super::session::{Edit, Session};

/// Most operations of one request.
pub(super) const MOST: usize = 100;
/// Largest request, in bytes.
pub(super) const LARGEST: usize = 1_048_576;
/// What stands before a reference to a resource that another operation makes.
const REFERENCE: &str = "bulkId:";

/// The body of a bulk request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bulk {
    fail_on_errors: Option<usize>,
    #[serde(rename = "Operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    method: String,
    bulk_id: Option<String>,
    version: Option<String>,
    path: String,
    data: Option<Value>,
}

/// What came of an operation.
struct Outcome {
    status: StatusCode,
    location: Option<String>,
    refusal: Option<Refusal>,
}

/// What operations refer to: a client's name for it, and the id it has by now.
type Made = HashMap<String, Uuid>;

impl Session {
    /// Runs all operations, until as many failed as the client puts up with.
    pub(super) async fn bulk(&self, bulk: Bulk) -> Result<Value, Refusal> {
        if bulk.operations.len() > MOST {
            let detail = "at most 100 operations in one request";
            return Err(Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        let most_errors = bulk.fail_on_errors.filter(|most| *most > 0);
        let (mut made, mut errors) = (Made::new(), 0);
        let mut waiting: Vec<Operation> = bulk.operations;
        let mut answers = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let mut later = Vec::new();
            let before = waiting.len();
            for operation in waiting {
                if most_errors.is_some_and(|most| errors >= most) {
                    continue;
                }
                if refers_to_nothing(&operation, &made) {
                    later.push(operation);
                    continue;
                }
                let outcome = self.run(&operation, &mut made).await;
                errors += usize::from(outcome.refusal.is_some());
                answers.push(outcome.shown(&operation));
            }
            // What refers to nothing that is made, or to each other in a circle.
            if later.len() == before {
                let unresolved = later.drain(..).map(|operation| {
                    let detail = "a bulkId names no operation that succeeded before";
                    let refusal = Refusal::plain(StatusCode::CONFLICT, detail);
                    Outcome::refused(refusal).shown(&operation)
                });
                answers.extend(unresolved);
            }
            waiting = later;
        }
        Ok(json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
            "Operations": answers,
        }))
    }

    async fn run(&self, operation: &Operation, made: &mut Made) -> Outcome {
        match self.try_run(operation, made).await {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::refused(refusal),
        }
    }

    async fn try_run(&self, operation: &Operation, made: &mut Made) -> Result<Outcome, Refusal> {
        let (kind, id) = place(&operation.path, made)?;
        let expected = operation.version.as_deref();
        let mut data = operation.data.clone().unwrap_or(Value::Null);
        resolve(&mut data, made);
        let wrong = || {
            let detail = "method must be POST to a list, or PUT, PATCH or DELETE to a resource";
            Refusal::new(ScimType::InvalidSyntax, detail)
        };
        let (status, resource) = match (operation.method.to_ascii_uppercase().as_str(), id) {
            ("POST", None) => {
                let resource = self.create(kind, &data).await?;
                let id = resource.get("id").and_then(Value::as_str);
                let id = id.and_then(|id| Uuid::parse_str(id).ok());
                if let (Some(name), Some(id)) = (operation.bulk_id.clone(), id) {
                    made.insert(name, id);
                }
                (StatusCode::CREATED, Some(resource))
            }
            ("PUT", Some(id)) => {
                let changed = self.change((kind, id), expected, Edit::Put(data)).await?;
                (StatusCode::OK, Some(changed))
            }
            ("PATCH", Some(id)) => {
                let patch = serde_json::from_value(data)
                    .map_err(|error| Refusal::new(ScimType::InvalidSyntax, error.to_string()))?;
                let edit = Edit::Patch(patch);
                let changed = self.change((kind, id), expected, edit).await?;
                (StatusCode::OK, Some(changed))
            }
            ("DELETE", Some(id)) => {
                self.delete((kind, id), expected).await?;
                (StatusCode::NO_CONTENT, None)
            }
            _ => return Err(wrong()),
        };
        let location = resource.and_then(|one| {
            let location = one.get("meta")?.get("location")?;
            location.as_str().map(str::to_owned)
        });
        Ok(Outcome {
            status,
            location,
            refusal: None,
        })
    }
}

impl Outcome {
    fn refused(refusal: Refusal) -> Self {
        Self {
            status: refusal.status,
            location: None,
            refusal: Some(refusal),
        }
    }

    fn shown(&self, operation: &Operation) -> Value {
        let mut shown = json!({
            "method": operation.method,
            "status": self.status.as_u16().to_string(),
        });
        if let Some(members) = shown.as_object_mut() {
            let mut put = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    members.insert(name.to_owned(), value);
                }
            };
            put("bulkId", operation.bulk_id.as_ref().map(|id| json!(id)));
            put("location", self.location.as_ref().map(|place| json!(place)));
            put("response", self.refusal.as_ref().map(Refusal::body));
        }
        shown
    }
}

/// `/Users`, `/Users/{id}` or `/Users/bulkId:{name}`, and the same of groups.
fn place(path: &str, made: &Made) -> Result<(Kind, Option<Uuid>), Refusal> {
    let wrong = || {
        let detail = "path must be /Users, /Groups, or one of these and an id";
        Refusal::new(ScimType::InvalidPath, detail)
    };
    let mut parts = path.trim_start_matches('/').split('/');
    let kind = match parts.next() {
        Some("Users") => Kind::Users,
        Some("Groups") => Kind::Groups,
        _ => return Err(wrong()),
    };
    let id = match (parts.next(), parts.next()) {
        (None, _) => None,
        (Some(id), None) => Some(match id.strip_prefix(REFERENCE) {
            Some(name) => *made.get(name).ok_or_else(wrong)?,
            None => Uuid::parse_str(id).map_err(|_| Refusal::not_found())?,
        }),
        _ => return Err(wrong()),
    };
    Ok((kind, id))
}

/// Whether an operation refers to something that is not made yet.
fn refers_to_nothing(operation: &Operation, made: &Made) -> bool {
    let unknown = |text: &str| {
        let name = text.split_once(REFERENCE).map(|(_, name)| name);
        name.is_some_and(|name| !made.contains_key(name))
    };
    let data = operation.data.as_ref();
    unknown(&operation.path) || data.is_some_and(|data| any_reference(data, &unknown))
}

/// Whether one of the references in a value is such.
fn any_reference(value: &Value, is_such: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => text.starts_with(REFERENCE) && is_such(text),
        Value::Array(values) => values.iter().any(|value| any_reference(value, is_such)),
        Value::Object(members) => members.values().any(|value| any_reference(value, is_such)),
        _ => false,
    }
}

/// Puts ids in place of references.
fn resolve(value: &mut Value, made: &Made) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix(REFERENCE).and_then(|name| made.get(name)) {
                *text = id.to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, made)),
        Value::Object(members) => members.values_mut().for_each(|value| resolve(value, made)),
        _ => {}
    }
}
