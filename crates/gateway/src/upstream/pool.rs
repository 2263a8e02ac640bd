//! Idle connections of one worker to instances, the one used last first: few sockets, and those hot.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Waker};

use tokio::io::{AsyncRead, ReadBuf};

use super::Upstream;
use super::stream::Socket;

/// Idle connections kept per instance.
const MOST: usize = 256;
/// Older idle connections are not trusted, in milliseconds: apps close theirs after ten seconds.
const TRUSTED: u64 = 5_000;

/// Idle connections by the id of their instance.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    idle: RefCell<HashMap<u64, Vec<Idle>>>,
}

#[derive(Debug)]
struct Idle {
    stream: Socket,
    since: u64,
}

impl Pool {
    /// An idle connection that is still open. `now` is in milliseconds of the worker's clock.
    pub(crate) fn take(&self, upstream: &Upstream, now: u64) -> Option<Socket> {
        let mut idle = self.idle.borrow_mut();
        let own = idle.get_mut(&upstream.id)?;
        if upstream.is_retired() {
            own.clear();
        }
        while let Some(Idle { mut stream, since }) = own.pop() {
            if now.saturating_sub(since) < TRUSTED && is_quiet(&mut stream) {
                return Some(stream);
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(crate) fn give(&self, upstream: &Upstream, stream: Socket, now: u64) {
        if upstream.is_retired() {
            return;
        }
        let mut idle = self.idle.borrow_mut();
        let own = idle.entry(upstream.id).or_default();
        if own.len() < MOST {
            own.push(Idle { stream, since: now });
        }
    }

    /// Closes what has been idle for too long.
    pub(crate) fn sweep(&self, now: u64) {
        self.idle.borrow_mut().retain(|_, own| {
            own.retain(|idle| now.saturating_sub(idle.since) < TRUSTED);
            !own.is_empty()
        });
    }

    /// Closes every connection to the instance.
    pub(crate) fn forget(&self, upstream: &Upstream) {
        self.idle.borrow_mut().remove(&upstream.id);
    }
}

/// Whether the connection is open and nothing has come over it that nobody asked for. Costs no system call unless
/// something has happened to it.
fn is_quiet(stream: &mut Socket) -> bool {
    let mut byte = [0; 1];
    let mut buffer = ReadBuf::new(&mut byte);
    let mut cx = Context::from_waker(Waker::noop());
    Pin::new(stream)
        .poll_read(&mut cx, &mut buffer)
        .is_pending()
}
