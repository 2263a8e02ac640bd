//! Answers made of templates.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};

/// Renders a view or fragment with status 200.
#[allow(
    clippy::needless_pass_by_value,
    reason = "a view is built to be rendered once"
)]
pub fn page(view: impl Template) -> Response {
    render(StatusCode::OK, &view)
}

/// Renders a form that was refused, with status 422.
#[allow(
    clippy::needless_pass_by_value,
    reason = "a view is built to be rendered once"
)]
pub fn invalid(view: impl Template) -> Response {
    render(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// Renders a view with any status.
pub fn render(status: StatusCode, view: &impl Template) -> Response {
    match view.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(CONTENT_TYPE, kind)], html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a template failed to render");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// After a POST that was accepted: go and read `path`, which must be a path of this host.
pub fn see_other(path: &str) -> Response {
    let path = if is_local(path) { path } else { "/" };
    let location = HeaderValue::from_str(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Whether a target stays on this host: a browser must read it as a path under every parsing quirk.
pub fn is_local(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|b| b > 0x20 && b != 0x7f && b != b'\\')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{is_local, see_other};

    #[test]
    fn only_paths_of_this_host_are_local() {
        for path in ["/", "/app/hello?x=1#y", "/a//b"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "//evil",
            "/\\evil",
            "https://evil",
            "/\t/evil",
            "/ evil",
            "app",
            "/a\r\nx: y",
        ] {
            assert!(!is_local(path), "{path:?}");
        }
    }

    #[test]
    fn foreign_targets_become_home() {
        let response = see_other("//evil.example");
        assert_eq!(response.headers().get("location").unwrap(), "/");
        assert_eq!(response.status(), 303);
    }
}
