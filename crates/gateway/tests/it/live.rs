//! What operators change on the settings page: in force without a restart, and no condition of serving.

use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt, future};
use platform::Clock;
use registry::{Entry, InstanceId, Keyring, Lease, LeaseTiming};
use rpc::settings::v1::settings_service_server::{SettingsService, SettingsServiceServer};
use rpc::settings::v1::{
    GetSettingsRequest, GetSettingsResponse, Values, WatchSettingsRequest, WatchSettingsResponse,
};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_stream::wrappers::{TcpListenerStream, WatchStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use crate::given::{Echo, Platform, client, id, secret};

/// app-settings, as far as a gateway needs it.
struct Settings {
    values: watch::Sender<Values>,
    _lease: Lease,
    _stop: DropGuard,
}

struct Service(watch::Receiver<Values>);

#[tonic::async_trait]
impl SettingsService for Service {
    async fn get_settings(
        &self,
        _request: Request<GetSettingsRequest>,
    ) -> Result<Response<GetSettingsResponse>, Status> {
        Err(Status::unimplemented("nobody asks once"))
    }

    type WatchSettingsStream =
        Pin<Box<dyn Stream<Item = Result<WatchSettingsResponse, Status>> + Send>>;

    async fn watch_settings(
        &self,
        request: Request<WatchSettingsRequest>,
    ) -> Result<Response<Self::WatchSettingsStream>, Status> {
        let assertion = request.metadata().get("cloud-service");
        assert!(assertion.is_some(), "{:?}", request.metadata());
        let answers = WatchStream::new(self.0.clone()).map(|values| {
            let values = Some(values);
            Ok(WatchSettingsResponse { values })
        });
        Ok(Response::new(Box::pin(answers)))
    }
}

impl Settings {
    async fn start(platform: &Platform) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let values = watch::Sender::new(Values {
            version: 1,
            ..Values::default()
        });
        let stop = CancellationToken::new();
        let serving = tonic::transport::Server::builder()
            .add_service(SettingsServiceServer::new(Service(values.subscribe())))
            .serve_with_incoming_shutdown(
                TcpListenerStream::new(listener),
                stop.clone().cancelled_owned(),
            );
        TaskTracker::new().spawn(serving);
        let now = Clock::system().now();
        let mut entry = Entry::new(id("settings"), InstanceId::random(), now, address.clone());
        entry.grpc = Some(address);
        let redis = registry::connect(&platform.redis.url).await.unwrap();
        let keyring = Keyring::Secret(secret());
        let lease = Lease::register(redis, keyring, entry, LeaseTiming::default());
        Self {
            values,
            _lease: lease.await.unwrap(),
            _stop: stop.drop_guard(),
        }
    }

    /// Sets these and nothing else.
    fn set(&self, settings: &[(&str, Value)]) {
        self.values.send_modify(|values| {
            values.version += 1;
            let set = settings
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.to_string()));
            values.json_values = set.collect();
        });
    }
}

/// A platform with the app `hello`, settings and a gateway.
async fn platform() -> (
    Platform,
    crate::peer::Peer,
    Settings,
    crate::given::TestGateway,
) {
    let platform = Platform::new().await;
    let hello = platform.app("hello").await;
    let settings = Settings::start(&platform).await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/hello/echo", None).await;
    (platform, hello, settings, gateway)
}

#[tokio::test]
async fn another_limit_holds_for_open_connections_and_its_end_too() {
    let (_platform, _hello, settings, gateway) = platform().await;
    // One client keeps its connection: nothing has to be opened anew.
    let client = client();
    let post = async || {
        let body = vec![b'x'; 20 * 1024];
        let sent = client
            .post(gateway.url("/app/hello/echo"))
            .body(body)
            .send();
        sent.await.unwrap().status().as_u16()
    };
    assert_eq!(post().await, 200);
    settings.set(&[("body.limit-kib", json!(16))]);
    testkit::eventually("16 KiB are the limit", async || post().await == 413).await;
    // Beyond the bounds of its setting: not taken.
    settings.set(&[("body.limit-kib", json!(1)), ("timeout.head", json!(5))]);
    testkit::eventually("the usual limit is back", async || post().await == 200).await;
}

#[tokio::test]
async fn a_proxy_is_believed_as_soon_as_it_is_trusted() {
    let (_platform, _hello, settings, gateway) = platform().await;
    let seen = async || {
        let request = client()
            .get(gateway.url("/app/hello/echo"))
            .header("x-forwarded-for", "203.0.113.9");
        let echo: Echo = request.send().await.unwrap().json().await.unwrap();
        echo.header("x-forwarded-for").unwrap().to_owned()
    };
    assert_eq!(seen().await, "127.0.0.1");
    let listed = json!(["nonsense", "127.0.0.0/8"]);
    settings.set(&[("proxies.trusted", listed)]);
    let is_believed = async || seen().await == "203.0.113.9";
    testkit::eventually("the proxy is believed", is_believed).await;
    settings.set(&[]);
    let is_stranger = async || seen().await == "127.0.0.1";
    testkit::eventually("the proxy is a stranger again", is_stranger).await;
}

#[tokio::test]
async fn connections_are_limited_to_as_many_as_are_set() {
    let (_platform, _hello, settings, gateway) = platform().await;
    settings.set(&[("connections.total", json!(64))]);
    let is_limited = async || {
        let connecting = (0..80).map(|_| TcpStream::connect(gateway.address));
        let open = future::join_all(connecting).await;
        let waiting = open.into_iter().map(|stream| async {
            // One that is not wanted is closed; the others wait for a request.
            let mut stream = stream.unwrap();
            let mut byte = [0; 1];
            let read = stream.read(&mut byte);
            tokio::time::timeout(Duration::from_millis(300), read)
                .await
                .is_ok()
        });
        future::join_all(waiting).await.contains(&true)
    };
    testkit::eventually("connections are refused", is_limited).await;
}

#[tokio::test]
async fn a_gateway_declares_itself_without_a_route_and_takes_its_leave() {
    let (platform, _hello, _settings, gateway) = platform().await;
    let registered = async || {
        let snapshot = gateway.watch.snapshot();
        let mut own = snapshot.live().filter(|entry| entry.id == id("gateway"));
        own.next().cloned()
    };
    testkit::eventually("the gateway is registered", async || {
        registered().await.is_some()
    })
    .await;
    let entry = registered().await.unwrap();
    assert!(entry.prefixes.is_empty() && entry.nav.is_empty());
    assert_eq!(entry.http, format!("http://{}", gateway.address));
    let declared = |key: &str| entry.settings.iter().any(|one| one.key == key);
    assert!(declared("timeout.head") && declared("proxies.trusted"));
    assert!(!declared("tls.domains"), "TLS is off");
    gateway.running.stop();
    gateway.running.stopped().await;
    let is_gone = async || registered().await.is_none();
    testkit::eventually("the gateway is gone", is_gone).await;
    // What is on disk for the next start names apps only.
    let state = platform.state.path().join("routes.json");
    assert!(
        !std::fs::read_to_string(state)
            .unwrap()
            .contains("proxies.trusted")
    );
}

#[tokio::test]
async fn without_settings_the_last_values_hold() {
    let (_platform, _hello, settings, gateway) = platform().await;
    let post = async || {
        let body = vec![b'x'; 20 * 1024];
        let sent = client()
            .post(gateway.url("/app/hello/echo"))
            .body(body)
            .send();
        sent.await.unwrap().status().as_u16()
    };
    settings.set(&[("body.limit-kib", json!(16))]);
    testkit::eventually("16 KiB are the limit", async || post().await == 413).await;
    drop(settings);
    for _ in 0..20 {
        assert_eq!(post().await, 413);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
