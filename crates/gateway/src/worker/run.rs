//! A worker's thread: it accepts, ticks, and at the end waits for what is still going on.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use platform::config::Cidr;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, LocalOptions};
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::deadlines::{Deadline, TICK};
use crate::congestion;
use crate::downstream::Downstream;
use crate::exchange::{Door, Peer};
use crate::forwarding::{self, Client};
use crate::gateway::{Gateway, Place};
use crate::h1;
use crate::proxy;
use crate::tls::Handshake;
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
    pub(crate) listeners: Vec<(std::net::TcpListener, Door)>,
    /// Cancelled when nothing more is accepted and connections end with their exchange.
    pub(crate) closing: CancellationToken,
    /// Cancelled when connections end at once.
    pub(crate) hard: CancellationToken,
    /// Dropped when the worker has ended.
    pub(crate) ended: tokio::sync::mpsc::Sender<()>,
}

/// Starts a worker on a thread of its own.
pub(crate) fn spawn(task: Task, number: usize) -> std::io::Result<()> {
    let name = format!("edge-{number}");
    std::thread::Builder::new().name(name).spawn(move || {
        let lifecycle = task.gateway.lifecycle.clone();
        // Its tasks never leave the thread, so they need no locks and no counters that other threads can see.
        match Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
        {
            // What is left of connections is dropped with the runtime.
            Ok(runtime) => runtime.block_on(lifecycle.scope().run(run(task))),
            Err(error) => lifecycle.fail("worker", error.to_string()),
        }
    })?;
    Ok(())
}

async fn run(task: Task) {
    let Task {
        gateway,
        listeners,
        closing,
        hard,
        ended,
    } = task;
    let worker = Worker::new(gateway);
    let listeners: std::io::Result<Vec<_>> = listeners
        .into_iter()
        .map(|(listener, door)| Ok((TcpListener::from_std(listener)?, door)))
        .collect();
    let listeners = match listeners {
        Ok(listeners) => listeners,
        Err(error) => {
            worker.gateway.lifecycle.fail("listener", error.to_string());
            return;
        }
    };
    tokio::select! {
        () = tick(&worker) => {}
        () = hard.cancelled() => {}
        () = async {
            let all = listeners.into_iter().map(|(listener, door)| accept(&worker, listener, door, &closing));
            join_all(all).await;
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
async fn accept(
    worker: &Rc<Worker>,
    listener: TcpListener,
    door: Door,
    closing: &CancellationToken,
) {
    let mut at_once = 0;
    loop {
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            () = closing.cancelled() => return,
        };
        match accepted {
            Ok((stream, address)) => {
                worker.look();
                let address = address.ip().to_canonical();
                let trusted = forwarding::is_trusted(address, &worker.trusted_proxies());
                let places = &worker.gateway.places;
                if let Some(place) = places.take(address, &worker.limits(), trusted) {
                    let peer = Peer {
                        client: Client::peer(address, door == Door::Tls),
                        trusted,
                        door,
                    };
                    begin(worker, stream, peer, place);
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

fn begin(worker: &Rc<Worker>, stream: TcpStream, peer: Peer, place: Place) {
    // Fails on a connection that is gone already; serving it finds out.
    drop(stream.set_nodelay(true));
    congestion::ease(&stream, peer.client.address);
    // What it says first is judged by the proxies that are trusted now.
    let trusted = peer.trusted.then(|| worker.trusted_now());
    let worker = Rc::clone(worker);
    let deadline = worker.deadlines.enter();
    // A panic in one connection stays in it.
    tokio::task::spawn_local(async move {
        let (mut stream, mut peer, mut place) = (stream, peer, place);
        let mut inbox = Inbox::default();
        if let Some(trusted) = trusted {
            let from = (&*worker, &*trusted);
            let named = introduce(&mut stream, &deadline, from, (&mut peer, &mut place));
            match Box::pin(named).await {
                Some(ahead) => inbox.begin(&ahead, &worker.buffers),
                None => return,
            }
        }
        let stream = match peer.door {
            Door::Plain | Door::Redirect => Downstream::Plain(stream),
            Door::Tls => match Box::pin(encrypt(&worker, stream)).await {
                Some(stream) => stream,
                None => return,
            },
        };
        h1::serve(h1::Line {
            stream,
            inbox,
            deadline,
            peer,
            worker,
        })
        .await;
    });
}

/// Lets a trusted proxy say whom a connection is from. What it has sent already of the first request; nothing when the
/// connection is to be closed.
async fn introduce(
    stream: &mut TcpStream,
    deadline: &Deadline,
    (worker, trusted): (&Worker, &[Cidr]),
    (peer, place): (&mut Peer, &mut Place),
) -> Option<Vec<u8>> {
    let preamble = proxy::read(stream, deadline, (worker, peer.door)).await?;
    if let Some(source) = preamble.source {
        if !place.pass_to(source, &worker.limits()) {
            return None;
        }
        peer.client.address = source;
        // From here on it is the client who speaks.
        peer.trusted = forwarding::is_trusted(source, trusted);
    }
    Some(preamble.ahead)
}

/// Shakes hands, within the time a head may take.
async fn encrypt(worker: &Worker, stream: TcpStream) -> Option<Downstream> {
    let tls = worker.gateway.tls.as_ref()?;
    match tokio::time::timeout(worker.limits().head, tls.accept(stream)).await {
        Ok(Ok(Handshake::Done(stream))) => Some(Downstream::Tls(stream)),
        Ok(Ok(Handshake::Challenge | Handshake::Refused)) | Err(_) => None,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a handshake failed");
            None
        }
    }
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
        worker.look();
        worker.deadlines.tick();
        if swept.elapsed() >= SWEEP {
            swept = tokio::time::Instant::now();
            worker.pool.sweep(worker.deadlines.now());
            worker.channels.sweep(worker.deadlines.now());
            worker.buffers.trim();
            worker
                .gateway
                .totals
                .add(worker.tally.take(), worker.samples.left_out());
        }
    }
}
