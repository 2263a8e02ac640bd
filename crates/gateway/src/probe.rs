//! Instances the registry has lost without their saying goodbye: alive as long as they answer, and dropped when they
//! do not.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::header::HOST;
use http::{HeaderValue, Request, Uri};
use registry::{AppId, InstanceId, Watch};

use crate::body::RequestBody;
use crate::gateway::Gateway;
use crate::upstream::Upstream;

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(1);
/// Longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(2);
/// Misses in a row after which an instance counts as gone.
const MISSES: u32 = 2;

type Misses = HashMap<(AppId, InstanceId), u32>;

/// Probes unconfirmed instances until the gateway stops, and closes idle connections that have grown old.
pub(crate) async fn follow(gateway: Arc<Gateway>, watch: Watch) {
    let mut misses = Misses::new();
    loop {
        tokio::select! {
            () = gateway.lifecycle.soft().cancelled() => return,
            () = gateway.doubt.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
        let table = gateway.table.load_full();
        for upstream in table.upstreams() {
            upstream.sweep();
        }
        let unconfirmed = &watch.snapshot().unconfirmed;
        misses.retain(|(app, instance), _| {
            unconfirmed
                .iter()
                .any(|entry| entry.id == *app && entry.instance == *instance)
        });
        for upstream in table.upstreams() {
            let entry = &upstream.entry;
            if !unconfirmed.iter().any(|other| upstream.is_same(other)) {
                continue;
            }
            let count = misses
                .entry((entry.id.clone(), entry.instance.clone()))
                .or_default();
            if answers(upstream).await {
                *count = 0;
            } else {
                *count += 1;
            }
            if *count >= MISSES {
                tracing::info!(app = %entry.id, instance = %entry.instance, "an instance is gone");
                watch.dismiss(entry);
            }
        }
    }
}

/// Whether anybody answers there.
async fn answers(upstream: &Arc<Upstream>) -> bool {
    let mut request = Request::new(RequestBody::empty());
    *request.uri_mut() = Uri::from_static("/ready");
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_static("gateway"));
    let attempt = async {
        let Ok(mut connection) = upstream.connect().await else {
            return false;
        };
        connection.send(request).await.is_ok()
    };
    tokio::time::timeout(LIMIT, attempt).await.unwrap_or(false)
}
