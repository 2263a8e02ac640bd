//! Clients that ask for much and do not read it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bare::BareApp;
use crate::bare::reader::Reader;
use crate::given::{Platform, TestGateway};
use crate::peer::PeerOptions;

/// Far more than fits into the buffers between an app and a client.
const MUCH: usize = 64 * 1024 * 1024;
const LIMIT: Duration = Duration::from_millis(1500);

/// An app that answers `/much` with more than anybody takes, and how often it could not finish.
struct Stage {
    gateway: TestGateway,
    broken: Arc<AtomicUsize>,
    app: BareApp,
    _platform: Platform,
}

async fn stage() -> Stage {
    let platform = Platform::new().await;
    let broken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&broken);
    let serve = move |stream| answer(stream, Arc::clone(&count));
    let app = BareApp::start(&platform, PeerOptions::new("flood"), serve).await;
    let gateway = platform
        .gateway_with(|config| config.limits.write_idle = LIMIT)
        .await;
    gateway.serves("/app/flood/little", None).await;
    Stage {
        gateway,
        broken,
        app,
        _platform: platform,
    }
}

async fn answer(stream: TcpStream, broken: Arc<AtomicUsize>) {
    let (from, mut to) = stream.into_split();
    let mut reader = Reader::new(from);
    while let Ok(Some((head, _))) = reader.request().await {
        let length = if head.start.contains("/much") {
            MUCH
        } else {
            2
        };
        let head =
            format!("HTTP/1.1 200 OK\r\nX-Instance: flood\r\nContent-Length: {length}\r\n\r\n");
        let all = [head.into_bytes(), vec![b'x'; length]].concat();
        if to.write_all(&all).await.is_err() {
            broken.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
}

impl Stage {
    /// A client that has asked for much and has read the head of the answer and nothing more.
    async fn asks(&self, rest: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.gateway.address).await.unwrap();
        let request = format!("GET /app/flood/much HTTP/1.1\r\nHost: localhost\r\n{rest}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut start = [0; 15];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200 OK");
        stream
    }

    async fn serves_others(&self) {
        let response = crate::given::client().get(self.gateway.url("/app/flood/little"));
        assert_eq!(response.send().await.unwrap().text().await.unwrap(), "xx");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let stage = stage().await;
    let mut streams = Vec::new();
    for _ in 0..10 {
        streams.push(stage.asks("").await);
    }
    // All of them are still connected and none of them reads: it is the gateway that ends it.
    testkit::eventually("the app is let go", async || {
        stage.broken.load(Ordering::SeqCst) == 10
    })
    .await;
    stage.serves_others().await;
    for mut stream in streams {
        let mut rest = Vec::new();
        // What was on its way arrives; the end of it never does.
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.len() < MUCH, "{}", rest.len());
    }
    drop(stage.gateway);
    stage.app.is_left_alone().await;
}

/// Reads an answer with pauses, longer in all than the limit and never longer at once; how much came.
async fn read_slowly(stage: &Stage, at_once: usize) -> usize {
    let mut stream = stage.asks("Connection: close\r\n").await;
    let mut part = vec![0; at_once];
    let mut read = 0;
    for _ in 0..15 {
        tokio::time::sleep(LIMIT / 8).await;
        if stream.read_exact(&mut part).await.is_err() {
            return read;
        }
        read += at_once;
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    read + rest.len()
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_is_not_given_up() {
    let stage = stage().await;
    let read = read_slowly(&stage, 1024 * 1024).await;
    assert!(read > MUCH, "the whole of it came, with its head: {read}");
    assert_eq!(stage.broken.load(Ordering::SeqCst), 0);
}
