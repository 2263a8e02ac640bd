//! Which answer a request head gets. The last segment of the path decides, so that it may stand below any prefix.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Size of the large body.
pub(crate) const LARGE: usize = 1024 * 1024;
/// Size of the small body.
pub(crate) const SMALL: usize = 1024;
const MOST_HEADERS: usize = 64;
/// What RFC 6455 appends to a key.
const WEBSOCKET: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static SMALL_ANSWER: LazyLock<Vec<u8>> = LazyLock::new(|| response("200 OK", &[b'x'; SMALL]));
static LARGE_ANSWER: LazyLock<Vec<u8>> = LazyLock::new(|| response("200 OK", &vec![b'x'; LARGE]));
static DONE: LazyLock<Vec<u8>> = LazyLock::new(|| response("200 OK", b"done"));

/// What a head asks for.
pub(super) struct Asked {
    /// Bytes of the head itself.
    pub(super) head: usize,
    pub(super) body: u64,
    pub(super) then: Then,
    pub(super) closes: bool,
}

/// What is done when the request is whole.
pub(super) enum Then {
    Answer(Cow<'static, [u8]>),
    /// Sends the body back.
    Echo,
    Later,
    /// Sends this and goes on with frames.
    Frames(Vec<u8>),
}

/// Reads one head; nothing while it is not whole.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Asked>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else {
        return Ok(None);
    };
    let field = |name: &str| {
        let found = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| header.value)
    };
    let text = |name: &str| field(name).and_then(|value| std::str::from_utf8(value).ok());
    let body = text("content-length").and_then(|length| length.trim().parse().ok());
    let last = request.path.unwrap_or_default().rsplit('/').next();
    let then = match last.unwrap_or_default() {
        _ if field("transfer-encoding").is_some() => refuse("411 Length Required"),
        "large" => Then::Answer(Cow::Borrowed(LARGE_ANSWER.as_slice())),
        "echo" => Then::Echo,
        "upload" => Then::Answer(Cow::Borrowed(DONE.as_slice())),
        "slow" => Then::Later,
        "signed" if field("cloud-identity").is_none() => refuse("403 Forbidden"),
        "socket" => match text("sec-websocket-key") {
            Some(key) => Then::Frames(switch(key)),
            None => refuse("400 Bad Request"),
        },
        // Everything else, health checks among it.
        _ => small(),
    };
    let closes = text("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Some(Asked {
        head,
        body: body.unwrap_or(0),
        then,
        closes,
    }))
}

/// The answer of a kilobyte.
pub(super) fn small() -> Then {
    Then::Answer(Cow::Borrowed(SMALL_ANSWER.as_slice()))
}

/// A response with a body.
pub(super) fn response(status: &str, body: &[u8]) -> Vec<u8> {
    let mut response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    response.extend_from_slice(body);
    response
}

fn refuse(status: &str) -> Then {
    Then::Answer(Cow::Owned(response(status, b"")))
}

fn switch(key: &str) -> Vec<u8> {
    let hash = digest(
        &SHA1_FOR_LEGACY_USE_ONLY,
        format!("{}{WEBSOCKET}", key.trim()).as_bytes(),
    );
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        STANDARD.encode(hash)
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Asked {
        read(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn the_last_segment_decides() {
        let large = asked("GET /app/bench/large HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(matches!(large.then, Then::Answer(answer) if answer.len() > LARGE));
        let echo =
            asked("POST /echo HTTP/1.1\r\nContent-Length: 7\r\nConnection: close\r\n\r\nsome");
        assert!(matches!(echo.then, Then::Echo) && echo.closes);
        assert_eq!((echo.body, echo.head), (7, 61));
    }

    #[test]
    fn a_handshake_is_answered_as_the_standard_says() {
        let answer = String::from_utf8(switch("dGhlIHNhbXBsZSBub25jZQ==")).unwrap();
        assert!(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{answer}");
    }

    #[test]
    fn nobody_is_signed_in_without_an_assertion() {
        let status = |text: &str| match asked(text).then {
            Then::Answer(answer) => String::from_utf8_lossy(&answer)[9..12].to_owned(),
            _ => String::new(),
        };
        assert_eq!(status("GET /signed HTTP/1.1\r\n\r\n"), "403");
        assert_eq!(
            status("GET /signed HTTP/1.1\r\nCloud-Identity: x\r\n\r\n"),
            "200"
        );
    }
}
