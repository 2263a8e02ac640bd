//! A connection with any bytes at all: requests that are nearly right, one behind the other, and plain noise. Whatever
//! comes in, the gateway closes such a connection in time, serves the next one, and no app is sent anything odd.

use std::net::SocketAddr;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::StreamExt;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::recorder::{Record, Seen};
use super::{AT_ONCE, PANICS, watch_for_panics};
use crate::bare::reader::Fault;
use crate::bare::sent;
use crate::given::Platform;

/// Connections in one run.
const CONNECTIONS: usize = 1500;
/// Longest life of one, once the client has said all it had to say. Waits of the gateway are longer.
const LIMIT: Duration = Duration::from_secs(20);

/// What a client says, and how it arrives.
type Said = (Vec<u8>, Vec<Index>);

fn said() -> impl Strategy<Value = Said> {
    let requests = proptest::collection::vec(request(), 1..4).prop_map(|all| all.concat());
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let noise = || proptest::collection::vec(any::<u8>(), 0..200);
    let bytes = prop_oneof![
        8 => requests,
        1 => noise(),
        1 => (any::<bool>(), noise()).prop_map(|(settings, noise)| {
            let settings: &[u8] = if settings { &[0, 0, 0, 4, 0, 0, 0, 0, 0] } else { &[] };
            [preface, settings, &noise].concat()
        }),
    ];
    let change = (any::<Index>(), 0..5_u8, any::<u8>());
    let changes = proptest::collection::vec(change, 0..4);
    let nearly_right = (bytes, changes).prop_map(|(mut bytes, changes)| {
        for (place, kind, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                3 => bytes.insert(at, b"\r\n\0 \t:;,%/"[usize::from(byte) % 10]),
                _ => bytes.insert(at, bytes[at]),
            }
        }
        bytes
    });
    (
        nearly_right,
        proptest::collection::vec(any::<Index>(), 0..3),
    )
}

fn request() -> impl Strategy<Value = Vec<u8>> {
    const FIELDS: [&str; 22] = [
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "Connection: host, x-a\r\n",
        "Expect: 100-continue\r\n",
        "Upgrade: websocket\r\n",
        "Connection: upgrade\r\n",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "TE: trailers\r\n",
        "Cloud-Identity: x\r\n",
        "Cloud_Identity: x\r\n",
        "X-Forwarded-For: 1.2.3.4\r\n",
        "X_Forwarded_For: 1.2.3.4\r\n",
        "Content_Length: 5\r\n",
        "Transfer_Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Content-Length: 5\r\n",
        "Cookie: cloud_session=x; a=b\r\n",
        "Authorization: Bearer x\r\n",
        "Keep-Alive: 5\r\n",
        "Via: 1.1 a\r\n",
        "Host: b\r\n",
        "A: \u{e4}\r\n",
    ];
    const BODIES: [&str; 9] = [
        "\r\n",
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 0\r\n\r\n",
        "Content-Length: 9\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
    ];
    let method = select(&["GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE", "CONNECT"][..]);
    let target = select(
        &[
            "/app/case/x",
            "/app/other/x?a=b",
            "/",
            "/app/case//x",
            "/%61pp/case/x",
            "http://a/app/case/x",
            "*",
        ][..],
    );
    let version = prop_oneof![6 => Just("HTTP/1.1"), 1 => Just("HTTP/1.0")];
    let fields = proptest::collection::vec(select(&FIELDS[..]), 0..4);
    (method, target, version, fields, select(&BODIES[..])).prop_map(
        |(method, target, version, fields, body)| {
            let fields = fields.concat();
            format!("{method} {target} {version}\r\nHost: a\r\n{fields}{body}").into_bytes()
        },
    )
}

/// Says it and listens to the end; what is wrong with that end, if anything is.
async fn connect(gateway: SocketAddr, (bytes, cuts): Said) -> Option<String> {
    let odd = |what: &str| Some(format!("{what}: {:?}", String::from_utf8_lossy(&bytes)));
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.sort_unstable();
    let (mut from, mut to) = TcpStream::connect(gateway).await.unwrap().into_split();
    let speaking = async {
        let mut done = 0;
        for cut in cuts.into_iter().chain([bytes.len()]) {
            // The gateway may have heard enough.
            if to.write_all(&bytes[done..cut]).await.is_err() {
                return;
            }
            done = cut;
            tokio::task::yield_now().await;
        }
        let _ = to.shutdown().await;
    };
    let mut heard = Vec::new();
    let hearing = from.read_to_end(&mut heard);
    let both = async { tokio::join!(speaking, hearing) };
    if tokio::time::timeout(LIMIT, both).await.is_err() {
        return odd("the connection stays open");
    }
    let is_answer = heard.is_empty() || heard.starts_with(b"HTTP/1.1 ");
    // HTTP/2 is what its own tests are about.
    if is_answer || bytes.starts_with(b"PRI ") {
        None
    } else {
        odd("no answer at all")
    }
}

/// What is wrong with a request that reached an app.
fn complaints(seen: &Seen) -> Vec<String> {
    let start = seen.head.start.as_str();
    if start == "GET /ready HTTP/1.1" {
        return Vec::new();
    }
    if start.is_empty() && !matches!(seen.content.fault, Some(Fault::Odd(_))) {
        return Vec::new();
    }
    let mut complaints = seen.faults();
    if !sent::is_request_line(start) {
        complaints.push("an app was sent a line that is no request".to_owned());
    }
    complaints
        .into_iter()
        .map(|complaint| format!("{complaint}: {seen:?}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bytes_are_too_odd_for_a_connection() {
    watch_for_panics();
    let platform = Platform::new().await;
    let record = Record::default();
    let apps = record.start(&platform).await;
    let gateway = platform.gateway().await;
    for path in ["/app/case/x", "/app/other/x", "/auth/x", "/x"] {
        gateway.serves(path, None).await;
    }
    // The same noise each time: what fails here fails everywhere.
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let noise = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, noise);
    let all = (0..CONNECTIONS).map(|_| said().new_tree(&mut runner).unwrap().current());
    let connections: Vec<_> = all.map(|said| connect(gateway.address, said)).collect();
    let mut report: Vec<String> = futures_util::stream::iter(connections)
        .buffer_unordered(AT_ONCE)
        .filter_map(|complaint| async { complaint })
        .collect()
        .await;
    gateway.serves("/app/case/x", None).await;
    drop(gateway);
    for app in &apps {
        app.is_left_alone().await;
    }
    let seen = record.all();
    report.extend(seen.iter().flat_map(complaints));
    report.append(&mut PANICS.lock().unwrap_or_else(PoisonError::into_inner));
    let reached = seen.iter().filter(|seen| !seen.is_harmless()).count();
    assert!(
        reached > CONNECTIONS / 20,
        "only {reached} requests got through to an app"
    );
    assert!(report.is_empty(), "{}", report.join("\n"));
}
