//! Which header fields pass, in either direction. Everything that speaks about one connection, about this platform's
//! own affairs, or in the name of a proxy, ends here and is made anew.

use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_SECURITY_POLICY, COOKIE, EXPECT, HOST, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, REFERRER_POLICY, SEC_WEBSOCKET_KEY, SERVER, STRICT_TRANSPORT_SECURITY, TE,
    TRANSFER_ENCODING, UPGRADE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};

/// The name of a request, at every hop.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Which features of the browser a page may use.
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Copies the fields of a request that an app may see. Cookies, host, identity and forwarding are the caller's.
pub(crate) fn copy_request(from: &HeaderMap, to: &mut HeaderMap) {
    let nominated = nominated(from);
    for (name, value) in from {
        if passes_in(name) && !nominated.contains(name) {
            to.append(name.clone(), value.clone());
        }
    }
    // Of all that TE can say only this concerns the far end as well.
    if from
        .get_all(TE)
        .iter()
        .any(|value| has_token(value, "trailers"))
    {
        to.insert(TE, HeaderValue::from_static("trailers"));
    }
}

/// Whether a trailer of a request may pass.
pub(crate) fn trailer_passes(name: &HeaderName) -> bool {
    passes_in(name) && *name != COOKIE && *name != http::header::CONTENT_LENGTH
}

fn passes_in(name: &HeaderName) -> bool {
    if is_hop_by_hop(name) {
        return false;
    }
    let text = name.as_str();
    // Some servers read `_` as `-`, so a name in either spelling is the same name.
    match text.as_bytes().first() {
        Some(b'a') => *name != AUTHORIZATION,
        Some(b'c') => *name != COOKIE && !begins(text, "cloud-"),
        Some(b'e') => *name != EXPECT,
        Some(b'f') => text != "forwarded",
        Some(b'h') => *name != HOST,
        Some(b't') => text != "traceparent" && text != "tracestate",
        Some(b'x') => !is_proxy_word(text),
        _ => true,
    }
}

/// Fields by which proxies speak; believed by many servers, so they must be ours.
fn is_proxy_word(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "x-request-id",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-url",
        "x-original-host",
        "x-rewrite-url",
        "x-http-method-override",
        "x-host",
    ];
    begins(name, "x-forwarded-")
        || begins(name, "x-forwarded") && name.len() == "x-forwarded".len()
        || WORDS
            .iter()
            .any(|word| name.len() == word.len() && begins(name, word))
}

fn begins(name: &str, prefix: &str) -> bool {
    let same = |(given, wanted): (u8, u8)| given == wanted || (wanted == b'-' && given == b'_');
    name.len() >= prefix.len() && name.bytes().zip(prefix.bytes()).all(same)
}

/// Fields about one connection (RFC 9110, 7.6.1).
fn is_hop_by_hop(name: &HeaderName) -> bool {
    [
        CONNECTION,
        TE,
        TRANSFER_ENCODING,
        UPGRADE,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
    ]
    .contains(name)
        || matches!(
            name.as_str(),
            "keep-alive" | "proxy-connection" | "proxy" | "http2-settings"
        )
}

/// Fields that `Connection` names as its own. Framing and routing are not up for nomination.
fn nominated(headers: &HeaderMap) -> Vec<HeaderName> {
    let mut names = Vec::new();
    for value in headers.get_all(CONNECTION) {
        let tokens = value
            .as_bytes()
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii);
        for token in tokens {
            if !token.eq_ignore_ascii_case(b"close")
                && !token.eq_ignore_ascii_case(b"keep-alive")
                && let Ok(name) = HeaderName::from_bytes(token)
                && name != http::header::CONTENT_LENGTH
            {
                names.push(name);
            }
        }
    }
    names
}

/// Whether a list field holds a token, in any case.
pub(crate) fn has_token(value: &HeaderValue, token: &str) -> bool {
    value
        .as_bytes()
        .split(|byte| *byte == b',')
        .any(|item| item.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

/// Whether the request asks to go on as a WebSocket (RFC 6455, 4.1). Other protocols are not switched to.
pub(crate) fn wants_websocket(method: &Method, version: Version, headers: &HeaderMap) -> bool {
    let names = |name: HeaderName, token: &str| {
        headers
            .get_all(name)
            .iter()
            .any(|value| has_token(value, token))
    };
    *method == Method::GET
        && version == Version::HTTP_11
        && names(CONNECTION, "upgrade")
        && names(UPGRADE, "websocket")
        && headers.contains_key(SEC_WEBSOCKET_KEY)
}

/// Takes out of an app's response what a browser must not see.
pub(crate) fn clean_response(headers: &mut HeaderMap, upgraded: bool) {
    for name in nominated(headers) {
        if !upgraded || name != UPGRADE {
            headers.remove(name);
        }
    }
    let unwanted: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_unwanted_out(name, upgraded))
        .cloned()
        .collect();
    for name in unwanted {
        headers.remove(name);
    }
}

fn is_unwanted_out(name: &HeaderName, upgraded: bool) -> bool {
    if upgraded && (*name == CONNECTION || *name == UPGRADE) {
        return false;
    }
    is_hop_by_hop(name)
        || *name == SERVER
        || *name == REQUEST_ID
        || matches!(name.as_str(), "x-powered-by" | "traceparent" | "tracestate")
        || begins(name.as_str(), "cloud-")
}

/// Adds what protects a browser, where the app does not say it better itself.
pub(crate) fn protect(headers: &mut HeaderMap, https: bool) {
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, REFERRER_POLICY, "strict-origin-when-cross-origin");
    add(
        headers,
        PERMISSIONS_POLICY,
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    let frames_are_decided = headers
        .get_all(CONTENT_SECURITY_POLICY)
        .iter()
        .any(|policy| {
            policy
                .to_str()
                .is_ok_and(|policy| policy.contains("frame-ancestors"))
        });
    if !frames_are_decided {
        // Several policies all apply, so this narrows an app's own without changing it.
        headers.append(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("frame-ancestors 'self'"),
        );
    }
    if https {
        add(headers, STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn map(fields: &[(&str, &str)]) -> HeaderMap {
        let fields = fields.iter().map(|(name, value)| {
            (
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            )
        });
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(name, value);
        }
        map
    }

    fn passed(fields: &[(&str, &str)]) -> Vec<String> {
        let mut to = HeaderMap::new();
        copy_request(&map(fields), &mut to);
        to.keys().map(|name| name.as_str().to_owned()).collect()
    }

    #[test]
    fn ordinary_fields_pass() {
        let fields = [
            ("accept", "*/*"),
            ("content-type", "text/plain"),
            ("content-length", "1"),
            ("x-custom", "1"),
            ("cloudy", "1"),
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://a"),
            ("trailer", "x-sum"),
        ];
        assert_eq!(passed(&fields).len(), fields.len());
    }

    #[test]
    fn what_the_platform_says_itself_is_not_taken_from_outside() {
        for name in [
            "cloud-identity",
            "Cloud_Identity",
            "cloud-service",
            "cloud-anything",
            "x-forwarded-for",
            "X_Forwarded_For",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded",
            "forwarded",
            "x-real-ip",
            "x_real_ip",
            "x-request-id",
            "traceparent",
            "tracestate",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method-override",
            "authorization",
            "host",
            "expect",
            "cookie",
            "proxy",
        ] {
            assert_eq!(passed(&[(name, "x")]), Vec::<String>::new(), "{name}");
            assert!(
                !trailer_passes(&name.to_ascii_lowercase().parse().unwrap()),
                "{name}"
            );
        }
    }

    #[test]
    fn fields_of_the_connection_and_those_it_names_stay_here() {
        let fields = [
            ("connection", "keep-alive, X-Secret, content-length"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "x"),
            ("proxy-authorization", "x"),
            ("te", "gzip"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("http2-settings", "x"),
            ("x-secret", "1"),
            ("content-length", "1"),
        ];
        assert_eq!(passed(&fields), ["content-length"]);
        assert_eq!(passed(&[("te", "gzip, Trailers")]), ["te"]);
    }

    #[test]
    fn a_response_loses_what_is_nobodys_business() {
        let mut headers = map(&[
            ("server", "x"),
            ("x-powered-by", "x"),
            ("cloud-internal", "x"),
            ("connection", "x-hop"),
            ("x-hop", "1"),
            ("keep-alive", "x"),
            ("etag", "1"),
        ]);
        clean_response(&mut headers, false);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["etag"]);
        let mut upgraded = map(&[
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("server", "x"),
        ]);
        clean_response(&mut upgraded, true);
        assert_eq!(upgraded.len(), 2);
    }

    #[test]
    fn protection_is_added_and_never_overrides_the_app() {
        let mut bare = HeaderMap::new();
        protect(&mut bare, true);
        assert_eq!(bare.len(), 5);
        assert_eq!(
            bare.get(CONTENT_SECURITY_POLICY).unwrap(),
            "frame-ancestors 'self'"
        );
        let own = [
            (
                "content-security-policy",
                "default-src 'self'; frame-ancestors 'none'",
            ),
            ("referrer-policy", "no-referrer"),
        ];
        let mut headers = map(&own);
        protect(&mut headers, false);
        assert_eq!(headers.get_all(CONTENT_SECURITY_POLICY).iter().count(), 1);
        assert_eq!(headers.get(REFERRER_POLICY).unwrap(), "no-referrer");
        assert!(headers.get(STRICT_TRANSPORT_SECURITY).is_none());
        let mut partial = map(&[("content-security-policy", "default-src 'self'")]);
        protect(&mut partial, false);
        assert_eq!(partial.get_all(CONTENT_SECURITY_POLICY).iter().count(), 2);
    }
}
