//! The connections of one worker to instances that are asked over HTTP/2. Opened when they are needed, by one of those
//! who need them, and closed when nobody has for a while.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

use super::connection::{self, Connection, Place};
use super::{Listener, Stream};
use crate::upstream::Upstream;

/// Connections to one listener of an instance.
const MOST: usize = 4;
/// How long a connection is kept that nobody uses, in milliseconds.
const KEPT: u64 = 60_000;

/// The connections, by instance and listener.
#[derive(Default)]
pub(crate) struct Channels(RefCell<HashMap<(u64, Listener), Channel>>);

#[derive(Default)]
struct Channel {
    open: Vec<Rc<Connection>>,
    opening: Option<Opening>,
}

/// A connection that is being opened, for everybody who waits for it.
type Opening = Shared<LocalBoxFuture<'static, Result<Rc<Connection>, Unopened>>>;

/// Why there is no stream.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Unopened {
    #[error("the instance was not reached: {0}")]
    Unreached(Arc<io::Error>),
    #[error("the instance takes no more at once")]
    Full,
}

impl Channels {
    /// A stream to the instance, and whether its connection has been open before. `now` is in milliseconds of the
    /// worker's clock.
    pub(crate) async fn enter(
        &self,
        upstream: &Arc<Upstream>,
        listener: Listener,
        now: u64,
    ) -> Result<(Stream, bool), Unopened> {
        let mut is_reused = true;
        loop {
            if let Some(place) = self.place(upstream, listener, now) {
                return Ok((Stream::new(place), is_reused));
            }
            let opening = self.opening(upstream, listener).ok_or(Unopened::Full)?;
            let opened = opening.clone().await;
            self.opened(upstream, listener, &opened);
            opened?;
            is_reused = false;
        }
    }

    fn place(&self, upstream: &Upstream, listener: Listener, now: u64) -> Option<Place> {
        let mut all = self.0.borrow_mut();
        let channel = all.get_mut(&(upstream.id, listener))?;
        channel.open.retain(|connection| connection.is_open());
        channel
            .open
            .iter()
            .find_map(|connection| connection.enter(now))
    }

    /// The connection that is being opened; begins with one where there is none and may be one more.
    fn opening(&self, upstream: &Arc<Upstream>, listener: Listener) -> Option<Opening> {
        let mut all = self.0.borrow_mut();
        let channel = all.entry((upstream.id, listener)).or_default();
        if channel.opening.is_none() && channel.open.len() < MOST {
            let upstream = Arc::clone(upstream);
            let opening = async move {
                let opened = connection::open(&upstream, listener).await;
                opened.map_err(|error| Unopened::Unreached(Arc::new(error)))
            };
            channel.opening = Some(opening.boxed_local().shared());
        }
        channel.opening.clone()
    }

    /// The first of those who waited puts the connection to the others.
    fn opened(
        &self,
        upstream: &Upstream,
        listener: Listener,
        opened: &Result<Rc<Connection>, Unopened>,
    ) {
        let mut all = self.0.borrow_mut();
        let Some(channel) = all.get_mut(&(upstream.id, listener)) else {
            return;
        };
        if channel
            .opening
            .as_ref()
            .is_some_and(|opening| opening.peek().is_some())
        {
            channel.opening = None;
            channel.open.extend(opened.iter().cloned());
        }
    }

    /// Closes what nobody has used for a while, and forgets what is closed.
    pub(crate) fn sweep(&self, now: u64) {
        self.0.borrow_mut().retain(|_, channel| {
            channel.open.retain(|connection| {
                let is_spare =
                    connection.is_idle() && now.saturating_sub(connection.used.get()) > KEPT;
                connection.is_open() && !is_spare
            });
            !channel.open.is_empty() || channel.opening.is_some()
        });
    }
}
