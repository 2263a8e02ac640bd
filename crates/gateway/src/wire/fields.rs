//! Which fields mean something to the gateway. A name is the same name whether it is spelled with `-` or `_`, because
//! some servers read one as the other.

/// What a field of a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestField {
    /// The app's business.
    Other,
    /// Ends here: about one connection, in the name of this platform, or in the name of a proxy.
    Drop,
    Host,
    Authorization,
    Connection,
    ContentLength,
    TransferEncoding,
    Te,
    Upgrade,
    Expect,
    Cookie,
    ContentType,
    Origin,
    WebSocketKey,
    RequestId,
    TraceParent,
    TraceState,
    Via,
    ForwardedFor,
    ForwardedProto,
    GrpcTimeout,
}

/// What a field of a response is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseField {
    /// The browser's business.
    Other,
    /// Ends here.
    Drop,
    /// What the app calls the place that was asked for. Ends here too.
    Route,
    Connection,
    ContentLength,
    TransferEncoding,
    Upgrade,
    SetCookie,
    ContentTypeOptions,
    ReferrerPolicy,
    PermissionsPolicy,
    ContentSecurityPolicy,
    StrictTransportSecurity,
}

/// Recognises a field of a request.
pub(crate) fn of_request(name: &str) -> RequestField {
    use RequestField as F;
    let name = name.as_bytes();
    let Some(first) = name.first() else {
        return F::Drop;
    };
    let is = |word: &str| is_same(name, word.as_bytes());
    match (first | 0x20, name.len()) {
        (b'h', 4) if is("host") => F::Host,
        (b'c', 6) if is("cookie") => F::Cookie,
        (b'c', 10) if is("connection") => F::Connection,
        (b'c', 12) if is("content-type") => F::ContentType,
        (b'c', 14) if is("content-length") => framing(name, F::ContentLength),
        (b'c', 6..) if begins(name, b"cloud-") => F::Drop,
        (b't', 2) if is("te") => F::Te,
        (b't', 11) if is("traceparent") => F::TraceParent,
        (b't', 10) if is("tracestate") => F::TraceState,
        (b't', 17) if is("transfer-encoding") => framing(name, F::TransferEncoding),
        (b'u', 7) if is("upgrade") => F::Upgrade,
        (b'v', 3) if is("via") => F::Via,
        (b'e', 6) if is("expect") => F::Expect,
        (b'o', 6) if is("origin") => F::Origin,
        (b's', 17) if is("sec-websocket-key") => F::WebSocketKey,
        (b'x', _) => proxy_word(name),
        (b'a', 13) if is("authorization") => F::Authorization,
        (b'f', 9) if is("forwarded") => F::Drop,
        (b'g', 12) if is("grpc-timeout") => F::GrpcTimeout,
        (b'k', 10) if is("keep-alive") => F::Drop,
        (b'h', 14) if is("http2-settings") => F::Drop,
        (b'p', 5) if is("proxy") => F::Drop,
        (b'p', 16) if is("proxy-connection") => F::Drop,
        (b'p', 18) if is("proxy-authenticate") => F::Drop,
        (b'p', 19) if is("proxy-authorization") => F::Drop,
        _ => F::Other,
    }
}

/// Fields that frame the message have one spelling. In another they frame nothing, and must not get through to somebody
/// for whom they would.
fn framing(name: &[u8], field: RequestField) -> RequestField {
    if name.contains(&b'_') {
        RequestField::Drop
    } else {
        field
    }
}

/// Fields by which proxies speak; believed by many servers, so they must be ours.
fn proxy_word(name: &[u8]) -> RequestField {
    use RequestField as F;
    const WORDS: [&str; 8] = [
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-url",
        "x-original-host",
        "x-rewrite-url",
        "x-http-method-override",
        "x-host",
    ];
    let is = |word: &str| is_same(name, word.as_bytes());
    if begins(name, b"x-forwarded") {
        // Only the exact spelling is read, only from trusted proxies, and none is passed on.
        return match name.len() {
            15 if name.eq_ignore_ascii_case(b"x-forwarded-for") => F::ForwardedFor,
            17 if name.eq_ignore_ascii_case(b"x-forwarded-proto") => F::ForwardedProto,
            _ => F::Drop,
        };
    }
    if is("x-request-id") {
        return F::RequestId;
    }
    if WORDS.into_iter().any(is) {
        F::Drop
    } else {
        F::Other
    }
}

/// Recognises a field of a response.
pub(crate) fn of_response(name: &str) -> ResponseField {
    use ResponseField as F;
    let name = name.as_bytes();
    let Some(first) = name.first() else {
        return F::Drop;
    };
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    match (first | 0x20, name.len()) {
        (b'c', 10) if is("connection") => F::Connection,
        (b'c', 14) if is("content-length") => F::ContentLength,
        (b'c', 23) if is("content-security-policy") => F::ContentSecurityPolicy,
        (b'c', 11) if is("cloud-route") => F::Route,
        (b'c', 6..) if begins(name, b"cloud-") => F::Drop,
        (b't', 2) if is("te") => F::Drop,
        (b't', 10) if is("tracestate") => F::Drop,
        (b't', 11) if is("traceparent") => F::Drop,
        (b't', 17) if is("transfer-encoding") => F::TransferEncoding,
        (b'u', 7) if is("upgrade") => F::Upgrade,
        (b's', 6) if is("server") => F::Drop,
        (b's', 10) if is("set-cookie") => F::SetCookie,
        (b's', 25) if is("strict-transport-security") => F::StrictTransportSecurity,
        (b'x', 12) if is("x-powered-by") || is("x-request-id") => F::Drop,
        (b'x', 22) if is("x-content-type-options") => F::ContentTypeOptions,
        (b'r', 15) if is("referrer-policy") => F::ReferrerPolicy,
        (b'p', 18) if is("permissions-policy") => F::PermissionsPolicy,
        (b'p', 5) if is("proxy") => F::Drop,
        (b'p', 16) if is("proxy-connection") => F::Drop,
        (b'p', 18) if is("proxy-authenticate") => F::Drop,
        (b'p', 19) if is("proxy-authorization") => F::Drop,
        (b'k', 10) if is("keep-alive") => F::Drop,
        (b'h', 14) if is("http2-settings") => F::Drop,
        _ => F::Other,
    }
}

/// Fields that say how to read what came before them, and so must not come after it (RFC 9110, 6.5.1).
pub(crate) fn is_about_content(name: &str) -> bool {
    const WORDS: [&str; 5] = [
        "trailer",
        "content-type",
        "content-encoding",
        "content-range",
        "range",
    ];
    WORDS
        .into_iter()
        .any(|word| is_same(name.as_bytes(), word.as_bytes()))
}

/// Whether a name is a word, in either spelling and any case. The word is in lower case with `-`.
fn is_same(name: &[u8], word: &[u8]) -> bool {
    name.len() == word.len() && begins(name, word)
}

fn begins(name: &[u8], word: &[u8]) -> bool {
    name.len() >= word.len()
        && name.iter().zip(word).all(|(given, wanted)| {
            given.to_ascii_lowercase() == *wanted || (*wanted == b'-' && *given == b'_')
        })
}

/// The items of a list field.
pub(crate) fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|item| !item.is_empty())
}

/// Whether a list field holds a token, in any case.
pub(crate) fn has_token(value: &[u8], token: &str) -> bool {
    items(value).any(|item| item.eq_ignore_ascii_case(token.as_bytes()))
}

/// Digits and nothing else: no sign, no list, no second number.
pub(crate) fn digits(value: &[u8]) -> Option<u64> {
    if value.is_empty() || value.len() > 19 {
        return None;
    }
    value.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u64::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_spelling_is_the_same_name() {
        for name in [
            "Cloud-Identity",
            "cloud_identity",
            "CLOUD_ANYTHING",
            "X_Forwarded_For",
            "x-real_ip",
        ] {
            assert_eq!(of_request(name), RequestField::Drop, "{name}");
        }
        assert_eq!(of_request("Content_Length"), RequestField::Drop);
        assert_eq!(of_request("Content-length"), RequestField::ContentLength);
        assert_eq!(of_request("cloudy"), RequestField::Other);
        assert_eq!(of_request("x-custom"), RequestField::Other);
    }

    #[test]
    fn a_number_is_digits() {
        assert_eq!(digits(b"0"), Some(0));
        assert_eq!(digits(b"0012"), Some(12));
        assert_eq!(
            digits(b"9999999999999999999"),
            Some(9_999_999_999_999_999_999)
        );
        for bad in [
            &b""[..],
            b"+1",
            b"-1",
            b"1,1",
            b"0x1",
            b"1 ",
            b"99999999999999999999",
        ] {
            assert_eq!(digits(bad), None);
        }
    }

    #[test]
    fn lists_are_read_without_regard_to_case_and_space() {
        assert!(has_token(b"keep-alive , Upgrade", "upgrade"));
        assert!(!has_token(b"upgraded", "upgrade"));
        assert!(!has_token(b"", "upgrade"));
    }
}
