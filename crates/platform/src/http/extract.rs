//! Extractors of what the client sent, whose refusals are problems that name the field at fault.
//!
//! Owns reading a body, a query or a path into a type. Bodies are capped by the layers around.
//! Must not know what a valid value means: that is the app's domain.

use std::fmt;

use axum::body::Bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Class, FieldProblem};
use crate::problem::Problem;

/// A JSON body, read or sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

/// A submitted form: the body of a POST, or the query of a GET.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<T>(pub T);

/// The query of the URL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

/// The parameters in the path.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        expect_type(request.headers(), "application/json", |kind| {
            kind == "application/json"
                || (kind.starts_with("application/") && kind.ends_with("+json"))
        })?;
        let body = body(request, state).await?;
        let mut json = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.inner();
            if inner.is_data() {
                field_problem(&path, inner, Class::Unprocessable)
            } else {
                not_json(inner)
            }
        })?;
        json.end().map_err(|error| not_json(&error))?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            let query = request.uri().query().unwrap_or_default();
            return pairs(query.as_bytes(), Class::Invalid).map(Self);
        }
        let kind = "application/x-www-form-urlencoded";
        expect_type(request.headers(), kind, |given| given == kind)?;
        let body = body(request, state).await?;
        pairs(&body, Class::Unprocessable).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        pairs(query.as_bytes(), Class::Invalid).map(Self)
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(path_problem(&rejection)),
        }
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection: BytesRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::from_status(StatusCode::PAYLOAD_TOO_LARGE),
            // The connection broke; hardly anybody is there to read this.
            _ => Problem::new(Class::Invalid, "request.incomplete")
                .detail("The body ended before it was complete. Send it again."),
        })
}

/// Reads `name=value` pairs. Repeated names fill a `Vec`, as the check boxes of a list need it.
fn pairs<T: DeserializeOwned>(text: &[u8], class: Class) -> Result<T, Problem> {
    let pairs = serde_html_form::Deserializer::from_bytes(text);
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        field_problem(&path, error.inner(), class)
    })
}

fn expect_type(
    headers: &HeaderMap,
    expected: &'static str,
    accepts: impl Fn(&str) -> bool,
) -> Result<(), Problem> {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default();
    if accepts(&kind.trim().to_ascii_lowercase()) {
        return Ok(());
    }
    Err(
        Problem::from_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(format!(
            "Send the body as {expected}, and say so in Content-Type."
        )),
    )
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(Class::Invalid, "request.not_json").detail(format!(
        "The body is not valid JSON: look at line {}, column {}.",
        error.line(),
        error.column()
    ))
}

const ONCE: &str = "Send this field once.";

/// The problem with one value, from what serde says about it.
fn field_problem(path: &str, error: &impl fmt::Display, class: Class) -> Problem {
    let text = error.to_string();
    // serde_json says where; the path says it better.
    let text = text.split(" at line ").next().unwrap_or_default();
    let path = if path == "." { "" } else { path };
    let (field, code, message) = if let Some(name) = quoted_after(text, "missing field ") {
        (
            join(path, name),
            "field.missing",
            "Add this field.".to_owned(),
        )
    } else if let Some(name) = quoted_after(text, "unknown field ") {
        let path = path.strip_suffix(name).unwrap_or(path);
        (
            join(path.trim_end_matches('.'), name),
            "field.unknown",
            "Remove this field; it is not known here.".to_owned(),
        )
    } else if let Some(name) = quoted_after(text, "duplicate field ") {
        let path = path.strip_suffix(name).unwrap_or(path);
        (
            join(path.trim_end_matches('.'), name),
            "field.duplicate",
            ONCE.to_owned(),
        )
    } else if text == "unsupported value" {
        // What the form reader says of a repeated name where one value is expected.
        (path.to_owned(), "field.duplicate", ONCE.to_owned())
    } else {
        (
            path.to_owned(),
            "field.invalid",
            format!("Change this value: {text}."),
        )
    };
    let code_of_all = match class {
        Class::Unprocessable => "request.unprocessable",
        _ => "request.invalid",
    };
    Problem::new(class, code_of_all)
        .detail("A value is missing or has the wrong form; `errors` names it.")
        .field(FieldProblem::new(field, code, message))
}

fn quoted_after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)?
        .strip_prefix('`')?
        .split('`')
        .next()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A parameter of another form than the handler's type names a thing that cannot exist: 404.
fn path_problem(rejection: &PathRejection) -> Problem {
    let not_found = Problem::from_status(StatusCode::NOT_FOUND);
    let PathRejection::FailedToDeserializePathParams(failed) = rejection else {
        return Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let (field, expected) = match failed.kind() {
        ErrorKind::ParseErrorAtKey {
            key, expected_type, ..
        } => (key.clone(), *expected_type),
        ErrorKind::ParseErrorAtIndex {
            index,
            expected_type,
            ..
        } => (index.to_string(), *expected_type),
        ErrorKind::InvalidUtf8InPathParam { key } => (key.clone(), "UTF-8"),
        ErrorKind::DeserializeError { key, .. } => (key.clone(), "a value of another form"),
        ErrorKind::ParseError { expected_type, .. } => (String::new(), *expected_type),
        ErrorKind::Message(_) => return not_found,
        // The handler asks for parameters its path does not have: our fault, at every request.
        _ => return Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR),
    };
    not_found.field(FieldProblem::new(
        field,
        "field.invalid",
        format!("This part of the address is not valid: expected {expected}."),
    ))
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only reading is tested")]
    struct Order {
        name: String,
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only reading is tested")]
    struct Item {
        count: u8,
    }

    async fn read(kind: &str, body: &str) -> Problem {
        let request = Request::builder()
            .method("POST")
            .header(CONTENT_TYPE, kind)
            .body(Body::from(body.to_owned()))
            .unwrap();
        Json::<Order>::from_request(request, &()).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_refused_json_body_names_the_field() {
        for (body, status, field, code) in [
            (r#"{"items":[]}"#, 422, "name", "field.missing"),
            (
                r#"{"name":"n","items":[{}]}"#,
                422,
                "items[0].count",
                "field.missing",
            ),
            (
                r#"{"name":"n","items":[{"count":300}]}"#,
                422,
                "items[0].count",
                "field.invalid",
            ),
            (r#"{"name":1,"items":[]}"#, 422, "name", "field.invalid"),
            (
                r#"{"name":"n","items":[],"role":"admin"}"#,
                422,
                "role",
                "field.unknown",
            ),
            (
                r#"{"name":"n","name":"m","items":[]}"#,
                422,
                "name",
                "field.duplicate",
            ),
        ] {
            let problem = read("application/json", body).await;
            assert_eq!(problem.status, status, "{body}");
            assert_eq!(problem.errors[0].field, field, "{body}");
            assert_eq!(problem.errors[0].code, code, "{body}");
            assert!(!problem.errors[0].message.contains("line"), "{body}");
        }
    }

    #[tokio::test]
    async fn what_is_no_json_is_told_where() {
        for body in ["", "{", r#"{"name":"n","items":[]} trailing"#] {
            let problem = read("application/json; charset=utf-8", body).await;
            assert_eq!(
                (problem.status, &*problem.code),
                (400, "request.not_json"),
                "{body}"
            );
        }
        let problem = read("text/plain", "{}").await;
        assert_eq!(
            (problem.status, &*problem.code),
            (415, "request.media_type")
        );
    }

    #[tokio::test]
    async fn a_refused_form_or_query_names_the_field() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only reading is tested")]
        struct Search {
            q: String,
            page: Option<u16>,
        }
        for (query, field, code) in [
            ("", "q", "field.missing"),
            ("q=x&page=two", "page", "field.invalid"),
            ("q=x&q=y", "q", "field.duplicate"),
        ] {
            let problem = pairs::<Search>(query.as_bytes(), Class::Invalid).unwrap_err();
            assert_eq!(problem.status, 400);
            assert_eq!(problem.errors[0].field, field, "{query}");
            assert_eq!(problem.errors[0].code, code, "{query}");
        }
    }

    #[test]
    fn a_list_of_check_boxes_is_read_and_an_empty_number_is_none() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Bulk {
            #[serde(default)]
            id: Vec<u32>,
            page: Option<u32>,
        }
        for (text, id, page) in [
            ("", vec![], None),
            ("id=1&page=", vec![1], None),
            ("id=1&page=2&id=3", vec![1, 3], Some(2)),
        ] {
            let read = pairs::<Bulk>(text.as_bytes(), Class::Invalid);
            assert_eq!(read, Ok(Bulk { id, page }), "{text}");
        }
        let problem = pairs::<Bulk>(b"id=1&id=x", Class::Invalid).unwrap_err();
        assert_eq!(problem.errors[0].code, "field.invalid");
        assert!(problem.errors[0].field.starts_with("id"));
    }
}
