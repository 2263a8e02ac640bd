//! Reads from a request what sign-in looks at.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::USER_AGENT;
use http::request::Parts;
use platform::http::{RequestId, client_address};

use super::{Web, cookies};
use crate::service::client::Client;

/// Longest user agent that is kept.
const LONGEST_AGENT: usize = 512;

impl FromRequestParts<Web> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            address: client_address(&parts.headers),
            user_agent: agent.chars().take(LONGEST_AGENT).collect(),
            request_id: parts
                .extensions
                .get::<RequestId>()
                .map(ToString::to_string)
                .unwrap_or_default(),
            device_cookie: cookies::device(&parts.headers, web.secure).map(str::to_owned),
            remember: cookies::remembers(&parts.headers, web.secure),
            others: cookies::others(&parts.headers, web.secure),
        })
    }
}
