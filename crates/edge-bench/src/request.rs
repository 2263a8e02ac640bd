//! The heads of the requests that are sent.

use std::fmt::Write;
use std::net::SocketAddr;

/// What a browser sends besides Host.
const BROWSER: [(&str, &str); 12] = [
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ),
    (
        "Accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ),
    ("Accept-Language", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Referer", "http://127.0.0.1/app/bench/"),
    ("Cookie", "theme=dark; layout=wide; last=2026-01-01"),
    (
        "Sec-CH-UA",
        "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
    ),
    ("Sec-CH-UA-Mobile", "?0"),
    ("Sec-CH-UA-Platform", "\"Linux\""),
    ("Sec-Fetch-Dest", "document"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Site", "same-origin"),
];

/// A request head in the making.
pub(crate) struct Head(String);

impl Head {
    pub(crate) fn new(method: &str, path: &str, address: SocketAddr) -> Self {
        Self(format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n"))
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        // Writing to a String cannot fail.
        write!(self.0, "{name}: {value}\r\n").ok();
        self
    }

    pub(crate) fn with_browser(self) -> Self {
        BROWSER
            .iter()
            .fold(self, |head, (name, value)| head.with(name, value))
    }

    pub(crate) fn with_body(self, length: usize) -> Self {
        self.with("Content-Type", "application/octet-stream")
            .with("Content-Length", &length.to_string())
    }

    /// Asks for a WebSocket, as a page of the same origin does.
    pub(crate) fn with_upgrade(self, address: SocketAddr) -> Self {
        self.with("Origin", &format!("http://{address}"))
            .with("Connection", "Upgrade")
            .with("Upgrade", "websocket")
            .with("Sec-WebSocket-Version", "13")
            .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
    }

    pub(crate) fn finish(self) -> String {
        self.0 + "\r\n"
    }
}
