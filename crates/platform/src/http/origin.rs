//! Refuses state-changing requests that another site made the browser send.
//!
//! The first of two defences against forged requests; the token in every form is the other.
//! Clients that are no browsers send neither header and pass: they have no session to abuse.

use axum::extract::Request;
use http::header::{ORIGIN, UPGRADE};
use http::{HeaderName, Method};
use url::Url;

use crate::error::Class;
use crate::problem::Problem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses an unsafe request from anywhere but the platform's own pages.
pub(super) fn check(request: &Request, app_url: &Url) -> Result<(), Problem> {
    // A WebSocket is opened by a GET, and the browser lets any site open one with our cookies.
    let unsafe_method = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    );
    if !unsafe_method && !request.headers().contains_key(UPGRADE) {
        return Ok(());
    }
    let headers = request.headers();
    let foreign_site = headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .any(|site| site != "same-origin" && site != "none");
    let ours = app_url.origin().ascii_serialization();
    let foreign_origin = headers
        .get_all(ORIGIN)
        .iter()
        .any(|origin| origin != ours.as_str());
    if foreign_site || foreign_origin {
        return Err(Problem::new(Class::Forbidden, "csrf.origin")
            .detail("The request came from another site. Open the page here and try again."));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn allowed(method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = http::Request::builder().method(method).uri("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        let app_url = Url::parse("http://localhost:3000/").unwrap();
        check(&request, &app_url).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        for (expected, headers) in [
            (true, &[][..]),
            (true, &[("origin", "http://localhost:3000")]),
            (true, &[("sec-fetch-site", "same-origin")]),
            (true, &[("sec-fetch-site", "none")]),
            (false, &[("sec-fetch-site", "cross-site")]),
            (false, &[("sec-fetch-site", "same-site")]),
            (false, &[("sec-fetch-site", "nonsense")]),
            (false, &[("origin", "null")]),
            (false, &[("origin", "http://localhost:3001")]),
            (false, &[("origin", "https://localhost:3000")]),
            (false, &[("origin", "http://localhost:3000.evil.example")]),
            (
                false,
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "https://evil.example"),
                ],
            ),
            (
                false,
                &[
                    ("origin", "http://localhost:3000"),
                    ("origin", "https://evil.example"),
                ],
            ),
        ] {
            for method in ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "QUERY"] {
                assert_eq!(allowed(method, headers), expected, "{method} {headers:?}");
            }
            for method in ["GET", "HEAD", "OPTIONS"] {
                assert!(allowed(method, headers), "{method} {headers:?}");
            }
        }
    }

    #[test]
    fn a_foreign_page_may_not_open_a_web_socket() {
        let foreign = [("upgrade", "websocket"), ("origin", "https://evil.example")];
        let own = [
            ("upgrade", "websocket"),
            ("origin", "http://localhost:3000"),
        ];
        assert!(!allowed("GET", &foreign));
        assert!(allowed("GET", &own));
    }
}
