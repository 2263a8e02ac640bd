//! Asks instances whether they are ready: every two seconds, and at once when one could not be reached. An instance that
//! the registry has lost without its saying goodbye stays for as long as it answers, and is dropped when it does not.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use registry::{AppId, InstanceId, Watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::gateway::Gateway;
use crate::table::is_gateway;
use crate::upstream::{Upstream, connect};

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(2);
/// Between two rounds while there are instances the registry does not confirm.
const EVERY_IN_DOUBT: Duration = Duration::from_secs(1);
/// Longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(2);
/// Misses in a row after which an unconfirmed instance counts as gone.
const MISSES: u32 = 2;

type Misses = HashMap<(AppId, InstanceId), u32>;

/// What an instance says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Ready,
    Unready,
    Nothing,
}

/// Probes instances until the gateway stops.
pub(crate) async fn follow(gateway: Arc<Gateway>, watch: Watch) {
    let mut misses = Misses::new();
    loop {
        let in_doubt = !watch.snapshot().unconfirmed.is_empty();
        tokio::select! {
            () = gateway.lifecycle.soft().cancelled() => return,
            () = gateway.doubt.notified() => {}
            () = tokio::time::sleep(if in_doubt { EVERY_IN_DOUBT } else { EVERY }) => {}
        }
        round(&gateway, &watch, &mut misses).await;
    }
}

async fn round(gateway: &Gateway, watch: &Watch, misses: &mut Misses) {
    let table = gateway.table.load_full();
    let mut asked: FuturesUnordered<_> = table
        .upstreams()
        .map(|upstream| async move { (upstream, ask(upstream).await) })
        .collect();
    let mut unconfirmed = watch.snapshot().unconfirmed.clone();
    // Nothing depends on where another gateway is, and one that lives registers again by itself.
    unconfirmed.retain(|entry| {
        let is_app = !is_gateway(entry);
        if !is_app {
            watch.dismiss(entry);
        }
        is_app
    });
    misses.retain(|(app, instance), _| {
        unconfirmed
            .iter()
            .any(|entry| entry.id == *app && entry.instance == *instance)
    });
    while let Some((upstream, said)) = asked.next().await {
        // One that says nothing is found out by use; one that says it is not ready is believed.
        upstream.health.probed(said != Said::Unready);
        let entry = &upstream.entry;
        if !unconfirmed.iter().any(|other| upstream.is_same(other)) {
            continue;
        }
        let count = misses
            .entry((entry.id.clone(), entry.instance.clone()))
            .or_default();
        *count = if said == Said::Nothing { *count + 1 } else { 0 };
        if *count >= MISSES {
            tracing::info!(app = %entry.id, instance = %entry.instance, "an instance is gone");
            watch.dismiss(entry);
        }
    }
}

async fn ask(upstream: &Upstream) -> Said {
    let answer = async {
        let mut stream = connect::open(upstream).await?;
        stream
            .write_all(b"GET /ready HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n")
            .await?;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await?;
        Ok::<_, std::io::Error>(line)
    };
    match tokio::time::timeout(LIMIT, answer).await {
        Ok(Ok(line)) if line.ends_with(b" 503") => Said::Unready,
        Ok(Ok(line)) if line.starts_with(b"HTTP/1.") => Said::Ready,
        Ok(Ok(_) | Err(_)) | Err(_) => Said::Nothing,
    }
}
