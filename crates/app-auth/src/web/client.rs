//! Reads from a request what sign-in looks at.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;
use platform::http::RequestId;

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
            address: address(&parts.headers),
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

/// The address the gateway saw. It removes what browsers claim and adds its own: the last entry is its.
fn address(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    let last = line.rsplit(',').next()?.trim();
    last.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn only_the_last_hop_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(address(&headers), None);
        headers.append("x-forwarded-for", "203.0.113.9, 192.0.2.1".parse().unwrap());
        assert_eq!(address(&headers), "192.0.2.1".parse().ok());
        headers.append("x-forwarded-for", "2001:db8::1".parse().unwrap());
        assert_eq!(address(&headers), "2001:db8::1".parse().ok());
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(address(&headers), None);
    }
}
