//! The port for operators: `/metrics`, `/health` and `/ready`, on an address of its own that nobody outside should
//! reach. Served from the control side, so that a scrape never waits behind traffic nor the other way round.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::gateway::Gateway;
use crate::health::Probe;

mod metrics;

/// Connections at once.
const MOST: usize = 32;
/// Longest life of a connection.
const LIFE: Duration = Duration::from_mins(1);
/// Longest wait for a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens at an address.
pub(crate) async fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Serves until the gateway stops.
pub(crate) async fn serve(gateway: Arc<Gateway>, listener: TcpListener) {
    let room = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let shared = Arc::clone(&gateway);
                gateway
                    .lifecycle
                    .spawn_contained("internal connection", async move {
                        let _place = place;
                        // Whoever is too slow or breaks off may ask again.
                        drop(tokio::time::timeout(LIFE, converse(shared, stream)).await);
                    });
            }
            Err(error) => {
                tracing::warn!(%error, "accepting an internal connection failed");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn converse(gateway: Arc<Gateway>, stream: TcpStream) {
    let service = service_fn(move |request| {
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(answer(&gateway, &request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "an internal connection broke");
    }
}

async fn answer(gateway: &Gateway, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if request.uri().path() == "/metrics" {
        let mut response = Response::new(Full::new(metrics::render(gateway).into()));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(metrics::MEDIA_TYPE));
        return response;
    }
    let Some(probe) = Probe::of(request.uri().path(), request.method().as_str()) else {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let own = probe.answer(gateway).await;
    let mut response = Response::new(Full::new(own.body.into()));
    *response.status_mut() = own.status;
    for (name, value) in own.fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
