//! A worker's thread: it accepts, ticks, and at the end waits for what is still going on.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::deadlines::TICK;
use crate::congestion;
use crate::downstream::Downstream;
use crate::exchange::Peer;
use crate::forwarding::{self, Client};
use crate::gateway::{Gateway, Place};
use crate::h1;
use crate::wire::inbox::Inbox;

/// Pause after a failed accept, such as when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Between two rounds of housekeeping.
const SWEEP: Duration = Duration::from_secs(1);
/// Connections accepted at once, before those that are open get their turn.
const BATCH: usize = 16;

/// What a worker is started with.
pub(crate) struct Task {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) listener: std::net::TcpListener,
    /// Cancelled when nothing more is accepted and connections end with their exchange.
    pub(crate) closing: CancellationToken,
    /// Cancelled when connections end at once.
    pub(crate) hard: CancellationToken,
    /// Dropped when the worker has ended.
    pub(crate) ended: tokio::sync::mpsc::Sender<()>,
}

/// Starts a worker on a thread of its own.
pub(crate) fn spawn(task: Task, number: usize) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let name = format!("edge-{number}");
    let scope = task.gateway.lifecycle.scope().clone();
    std::thread::Builder::new().name(name).spawn(move || {
        let local = LocalSet::new();
        runtime.block_on(local.run_until(scope.run(run(task))));
        // What is left of connections is dropped with the set.
        drop(local);
    })?;
    Ok(())
}

async fn run(task: Task) {
    let Task {
        gateway,
        listener,
        closing,
        hard,
        ended,
    } = task;
    let worker = Worker::new(gateway);
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            worker.gateway.lifecycle.fail("listener", error.to_string());
            return;
        }
    };
    tokio::select! {
        () = tick(&worker) => {}
        () = hard.cancelled() => {}
        () = async {
            accept(&worker, listener, &closing).await;
            worker.close();
            drained(&worker).await;
        } => {}
    }
    worker
        .gateway
        .totals
        .add(worker.tally.take(), worker.samples.left_out());
    drop(ended);
}

/// Accepts until closing.
async fn accept(worker: &Rc<Worker>, listener: TcpListener, closing: &CancellationToken) {
    let mut at_once = 0;
    loop {
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            () = closing.cancelled() => return,
        };
        match accepted {
            Ok((stream, address)) => {
                if let Some(place) = worker
                    .gateway
                    .places
                    .take(address.ip().to_canonical(), worker.limits())
                {
                    begin(worker, stream, address, place);
                }
                at_once += 1;
                if at_once % BATCH == 0 {
                    tokio::task::yield_now().await;
                    if closing.is_cancelled() {
                        return;
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn begin(worker: &Rc<Worker>, stream: TcpStream, address: SocketAddr, place: Place) {
    // Fails on a connection that is gone already; serving it finds out.
    drop(stream.set_nodelay(true));
    congestion::ease(&stream);
    let address = address.ip().to_canonical();
    let peer = Peer {
        client: Client::peer(address, false),
        trusted: forwarding::is_trusted(address, &worker.gateway.config.trusted_proxies),
    };
    let line = h1::Line {
        stream: Downstream::Plain(stream),
        inbox: Inbox::default(),
        deadline: worker.deadlines.enter(),
        peer,
        worker: Rc::clone(worker),
    };
    // The worker sees its connections through itself; a panic in one of them stays in it.
    tokio::task::spawn_local(async move {
        let _place = place;
        h1::serve(line).await;
    });
}

/// Waits until no connection is left.
async fn drained(worker: &Worker) {
    while worker.deadlines.len() > 0 {
        tokio::time::sleep(TICK).await;
    }
}

/// Looks after deadlines, buffers and idle connections, for ever.
async fn tick(worker: &Worker) {
    let mut swept = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(if worker.deadlines.len() > 0 {
            TICK
        } else {
            SWEEP
        })
        .await;
        worker.deadlines.tick();
        if swept.elapsed() >= SWEEP {
            swept = tokio::time::Instant::now();
            worker.pool.sweep(worker.deadlines.now());
            worker.buffers.trim();
            worker
                .gateway
                .totals
                .add(worker.tally.take(), worker.samples.left_out());
        }
    }
}
