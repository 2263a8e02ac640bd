//! A real gateway with a real registry and one app, and a connection with any bytes at all: the gateway answers or
//! closes, survives, and the app is sent nothing odd.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use gateway::{Edge, GatewayConfig, run_at};
use platform::telemetry::Telemetry;
use platform::{Clock, Environment, Lifecycle};
use registry::{
    AppId, AppSecret, Entry, InstanceId, Keyring, Lease, LeaseTiming, Watch, WatchTiming,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;

use reader::{Fault, Reader};

#[allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "the gateway's own tests, which are how its output is read, use more of it"
)]
#[path = "../../gateway/tests/it/bare/reader.rs"]
mod reader;
#[path = "../../gateway/tests/it/bare/sent.rs"]
mod sent;

/// Longest life of a connection once the client has said all it had to say; waits of the gateway are longer.
const LIMIT: Duration = Duration::from_secs(20);

/// What the app was sent that it should not have been.
static FAULTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// One gateway for as long as the process lives.
static GIVEN: LazyLock<Given> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let gateway = runtime.block_on(start());
    Given { runtime, gateway }
});

struct Given {
    runtime: Runtime,
    gateway: SocketAddr,
}

/// Says the bytes in two parts; the first byte says where they are cut.
pub fn connection(bytes: &[u8]) {
    let Some((&cut, bytes)) = bytes.split_first() else {
        return;
    };
    let (first, second) = bytes.split_at(usize::from(cut).min(bytes.len()));
    let heard = GIVEN.runtime.block_on(async {
        tokio::time::timeout(LIMIT, converse(GIVEN.gateway, [first, second])).await
    });
    let heard = heard.expect("the gateway ends a connection on which nothing more can come");
    let is_http2 = bytes.starts_with(b"PRI ");
    assert!(
        is_http2 || heard.is_empty() || heard.starts_with(b"HTTP/1.1 "),
        "what came back is no answer"
    );
    let faults = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

async fn connect(gateway: SocketAddr) -> TcpStream {
    // Each from another address of this machine: one alone runs out of ports, and into its limits.
    static CLIENTS: AtomicU32 = AtomicU32::new(0);
    let client = Ipv4Addr::from(0x7f00_0001 + (CLIENTS.fetch_add(1, Ordering::Relaxed) % 60_000));
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind(SocketAddr::from((client, 0)))
        .expect("an address of this machine");
    let stream = socket.connect(gateway).await.expect("the gateway listens");
    stream.set_nodelay(true).expect("a TCP socket");
    stream
}

async fn converse(gateway: SocketAddr, parts: [&[u8]; 2]) -> Vec<u8> {
    let (mut from, mut to) = connect(gateway).await.into_split();
    let speaking = async {
        for part in parts {
            // The gateway may have heard enough.
            if to.write_all(part).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        drop(to.shutdown().await);
    };
    let mut heard = Vec::new();
    // A reset is an end, too.
    let ((), _) = tokio::join!(speaking, from.read_to_end(&mut heard));
    heard
}

/// Asks for a page as a client does that waits for it: one that shuts its side has gone away, to a gateway, and may be
/// left without an answer.
async fn is_served(gateway: SocketAddr) -> bool {
    let asked = b"GET /app/case/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut stream = connect(gateway).await;
    let mut heard = Vec::new();
    let all = stream.write_all(asked).await.is_ok() && stream.read_to_end(&mut heard).await.is_ok();
    all && heard.starts_with(b"HTTP/1.1 200 ")
}

async fn start() -> SocketAddr {
    let redis = testkit::redis().await;
    let state = tempfile::tempdir().expect("a temporary directory");
    let secret = || Keyring::Secret(AppSecret::new(testkit::SECRET).expect("a secret"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let http = format!("http://{}", listener.local_addr().expect("its address"));
    let id = AppId::new("case").expect("a name");
    let clock = Clock::system();
    let mut entry = Entry::new(id, InstanceId::random(), clock.now(), http);
    entry.prefixes = vec!["/app/case".to_owned()];
    tokio::spawn(serve(listener));
    let client = registry::connect(&redis.url).await.expect("Redis");
    let lease = Lease::register(client, secret(), entry, LeaseTiming::default());
    let lease = lease.await.expect("a lease");

    let environment = Environment::from_map([
        ("APP_SECRET", testkit::SECRET),
        ("REDIS_URL", &redis.url),
        ("CLOUD_ENV", "dev"),
        ("PORT", "0"),
    ])
    .with("GATEWAY_STATE_DIR", state.path().display().to_string());
    let config = GatewayConfig::from_environment(&environment).expect("a configuration");
    let lifecycle = Lifecycle::new();
    let client = registry::connect_in_background(&redis.url).expect("an address of Redis");
    let stop = lifecycle.hard().child_token();
    let watch = Watch::start(client.clone(), secret(), WatchTiming::default(), stop);
    let edge = Edge {
        redis: client,
        registry: watch.clone(),
        clock,
        lifecycle: lifecycle.clone(),
        telemetry: Telemetry::default(),
    };
    let running = run_at(edge, config).await.expect("a gateway");
    watch.ready().await;
    testkit::eventually("the gateway serves the app", async || {
        is_served(running.address()).await
    })
    .await;
    // All of it stays until the process ends, which is when its guards take Redis along.
    std::mem::forget((redis, state, lease, lifecycle));
    running.address()
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream));
    }
}

async fn answer(stream: TcpStream) {
    let (from, mut to) = stream.into_split();
    let mut reader = Reader::new(from);
    loop {
        let (head, content) = match reader.request().await {
            Ok(Some(request)) => request,
            Err(Fault::Odd(what)) => return complain(format!("an app was sent {what}")),
            // The client went away in the middle, and the gateway with it.
            Ok(None) | Err(Fault::Cut | Fault::Reset) => return,
        };
        if head.start != "GET /ready HTTP/1.1" {
            if !sent::is_request_line(&head.start) {
                complain(format!("an app was sent the line {:?}", head.start));
            }
            for fault in sent::faults(&head, &content) {
                complain(format!("{fault}: {head:?}"));
            }
        }
        let body = if head.start.starts_with("HEAD ") {
            ""
        } else {
            "ok"
        };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{body}");
        if content.fault.is_some() || to.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn complain(fault: String) {
    FAULTS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(fault);
}
