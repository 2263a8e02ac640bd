//! The headers every response carries unless its handler set them.

use axum::response::Response;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, Entry, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Destination, RequestId, request_id};
use crate::routes::RouteKind;

/// What the gateway counts a request under; it takes it off. Empty where nothing answers at the path.
const ROUTE: HeaderName = HeaderName::from_static("cloud-route");

const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (
        CONTENT_SECURITY_POLICY,
        // No inline script or style, nothing from elsewhere; `data:` images are icons in CSS.
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Removes an `Allow` that names nothing: it kept the router from naming the methods to a caller who was refused.
pub(super) fn without_empty_allow(mut response: Response) -> Response {
    if let Entry::Occupied(allow) = response.headers_mut().entry(ALLOW)
        && allow.get().is_empty()
    {
        allow.remove();
    }
    response
}

/// Adds what is missing. Pages and API answers are made for one person, so nobody may store them
/// unless the handler says otherwise.
pub(super) fn apply(headers: &mut HeaderMap, destination: &Destination, id: &RequestId) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    if destination.kind != RouteKind::Asset {
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if let Some(id) = id.header() {
        headers.insert(request_id::HEADER, id);
    }
    if let Ok(template) = HeaderValue::from_str(&destination.template)
        && !template.is_empty()
    {
        headers.insert(ROUTE, template);
    }
}
