//! Sixth phase: what the browser gets to see of the answer.

use http::StatusCode;

use crate::exchange::Exchange;
use crate::gateway::Gateway;
use crate::{cookies, headers};

/// The app that owns sessions.
const AUTH: &str = "auth";

/// Cleans an app's response, and adds to every response what all of them have.
pub(crate) fn respond(gateway: &Gateway, exchange: &mut Exchange) {
    let secure = exchange.is_secure(gateway);
    let Some(response) = &mut exchange.response else {
        return;
    };
    let upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    // The client's connection may speak another version than the app's.
    *response.version_mut() = exchange.head.version;
    let fields = response.headers_mut();
    headers::clean_response(fields, upgraded);
    if exchange
        .route
        .as_ref()
        .is_some_and(|route| route.app.as_str() != AUTH)
    {
        cookies::keep_session_out(fields);
    }
    headers::protect(fields, secure);
    fields.insert(headers::REQUEST_ID, exchange.id.clone());
}
