//! Refusals as SCIM tells them (RFC 7644 section 3.12).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use platform::{Class, Classify, Problem};
use serde_json::{Value, json};

use crate::error::Error;
use crate::service::people::Change;
use crate::service::provisioning::Unwanted;

/// Media type of everything SCIM.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScimType {
    /// The filter cannot be read, or asks for what is not filtered by.
    InvalidFilter,
    /// Too much is asked for.
    TooMany,
    /// Something else has this value already.
    Uniqueness,
    /// The attribute does not change like that.
    Mutability,
    /// The body cannot be read.
    InvalidSyntax,
    /// The path names nothing.
    InvalidPath,
    /// The path names no value.
    NoTarget,
    /// A value is missing or does not do.
    InvalidValue,
    /// This version of the protocol is not spoken here.
    InvalidVers,
}

impl ScimType {
    fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
        }
    }
}

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) kind: Option<ScimType>,
    detail: String,
}

impl Refusal {
    /// A refusal of what was sent.
    pub(super) fn new(kind: ScimType, detail: impl Into<String>) -> Self {
        let status = match kind {
            ScimType::Uniqueness => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            kind: Some(kind),
            detail: detail.into(),
        }
    }

    /// A refusal that has no kind of its own.
    pub(super) fn plain(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: None,
            detail: detail.into(),
        }
    }

    /// There is no such resource.
    pub(super) fn not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "there is no such resource")
    }

    /// It is not the version named by If-Match any more.
    pub(super) fn stale() -> Self {
        let detail = "the resource was changed meanwhile; read it again";
        Self::plain(StatusCode::PRECONDITION_FAILED, detail)
    }

    /// The body of the refusal.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_u16().to_string(),
            "detail": self.detail,
        });
        if let (Some(kind), Some(members)) = (self.kind, body.as_object_mut()) {
            members.insert("scimType".to_owned(), json!(kind.as_str()));
        }
        body
    }
}

impl From<Unwanted> for Refusal {
    fn from(unwanted: Unwanted) -> Self {
        let (kind, detail) = match unwanted {
            Unwanted::Failed(error) => return error.into(),
            Unwanted::Person(change) => return change.into(),
            Unwanted::Administrator => {
                let detail = "administrators get mail addresses, and access back, from other administrators alone, on the pages";
                return Self::plain(StatusCode::FORBIDDEN, detail);
            }
            Unwanted::ExternalIdTaken => (
                ScimType::Uniqueness,
                "externalId is the id of another resource of yours",
            ),
            Unwanted::UserNameTaken => {
                (ScimType::Uniqueness, "another person goes by this userName")
            }
            Unwanted::UserNameInTrash => (
                ScimType::Uniqueness,
                "somebody in the trash goes by this userName; an administrator can restore them, or delete them for good",
            ),
            Unwanted::TooManyAddresses => {
                (ScimType::TooMany, "people have at most 10 mail addresses")
            }
            Unwanted::MemberGone => (
                ScimType::InvalidValue,
                "one of members is no person or group that is here",
            ),
            Unwanted::Cycle => (
                ScimType::InvalidValue,
                "members would put the group inside itself",
            ),
            Unwanted::TooManyMembers => (
                ScimType::TooMany,
                "at most 1,000 members come or go in one request, and 50,000 are shown; leave them out by excludedAttributes=members",
            ),
        };
        Self::new(kind, detail)
    }
}

/// Why a person was not changed.
impl From<Change> for Refusal {
    fn from(change: Change) -> Self {
        let detail = change.sentence();
        match change {
            Change::UsernameTaken | Change::EmailTaken => Self::new(ScimType::Uniqueness, detail),
            Change::Stale => Self::stale(),
            Change::InTrash => Self::not_found(),
            Change::Oneself => Self::plain(StatusCode::FORBIDDEN, detail),
            Change::ManagerGone | Change::ManagerBelow => Self::new(ScimType::InvalidValue, detail),
            _ => Self::plain(StatusCode::CONFLICT, detail),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (class, code) = error.outcome();
        match &error {
            Error::PersonNotFound(_) | Error::GroupNotFound(_) => return Self::not_found(),
            Error::GroupNameTaken => {
                return Self::new(ScimType::Uniqueness, "another group has this name");
            }
            Error::Unfit(..) | Error::NotAWord(..) => {
                return Self::new(ScimType::InvalidValue, error.to_string());
            }
            _ => platform::error::log(&error),
        }
        match class {
            Class::Internal => Self::plain(class.status(), code),
            _ => Self::plain(class.status(), error.detail().unwrap_or_default()),
        }
    }
}

impl From<platform_pg::Error> for Refusal {
    fn from(error: platform_pg::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(self.status, &self.body())
    }
}

/// Renders as SCIM what was refused before a handler was reached: no session, the wrong scope, a body that is no JSON.
pub(super) async fn rendered(mut response: Response) -> Response {
    let status = response.status();
    let is_scim = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == MEDIA_TYPE);
    if is_scim || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>();
    let problem = problem.unwrap_or_else(|| Problem::from_status(status));
    let refusal = Refusal {
        status,
        kind: (problem.code == "request.not_json").then_some(ScimType::InvalidSyntax),
        detail: problem.detail.clone().unwrap_or_default(),
    };
    let mut body = refusal.into_response();
    // Who was refused, the methods there are, and when to come back stay said.
    *body.extensions_mut() = std::mem::take(response.extensions_mut());
    for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
        if let Some(value) = response.headers_mut().remove(&name) {
            body.headers_mut().insert(name, value);
        }
    }
    body
}

/// Something as SCIM is sent.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, MEDIA_TYPE)], body.to_string()).into_response()
}
