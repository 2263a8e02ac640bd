//! Taking in the whole of a request before an instance is asked, where the app wants that: a client that is slow then
//! occupies the gateway's memory and no instance, and what is whole can be sent again. Memory for this is limited for
//! the gateway as a whole.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use super::{Client, Failure};
use crate::reject::{Fault, Reject};
use crate::worker::Worker;

/// Bytes of requests that are held by all workers.
#[derive(Debug, Default)]
pub(crate) struct Holdings(AtomicU64);

/// What one request holds, free again when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    all: Arc<Holdings>,
    bytes: u64,
}

impl Held {
    pub(crate) fn nothing(all: &Arc<Holdings>) -> Self {
        Self {
            all: Arc::clone(all),
            bytes: 0,
        }
    }

    /// Holds this many bytes in all, if so many may be held.
    fn grow(&mut self, bytes: usize, most: u64) -> bool {
        let more = u64::try_from(bytes)
            .unwrap_or(u64::MAX)
            .saturating_sub(self.bytes);
        let held = |held: u64| held.checked_add(more).filter(|held| *held <= most);
        let order = Ordering::Relaxed;
        let grown = self.all.0.fetch_update(order, order, held).is_ok();
        if grown {
            self.bytes += more;
        }
        grown
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Adds the body of a request to its head in `out`.
pub(crate) async fn gather<C: Client>(
    worker: &Worker,
    client: &mut C,
    out: &mut Vec<u8>,
    expects: bool,
) -> Result<Held, Failure> {
    if expects && !client.is_whole() && !client.go_on().await {
        return Err(Failure::Gone);
    }
    let mut held = Held::nothing(&worker.gateway.holdings);
    client.deadline().set(worker.limits().request_idle);
    poll_fn(|cx| {
        loop {
            match client.poll_gather(cx, out) {
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
                Poll::Ready(Ok(is_whole)) => {
                    if !held.grow(out.len(), worker.limits().held) {
                        let busy = Reject::gateway(Fault::Busy);
                        return Poll::Ready(Err(Failure::Reject(busy)));
                    }
                    if is_whole {
                        return Poll::Ready(Ok(()));
                    }
                    client.deadline().set(worker.limits().request_idle);
                }
                Poll::Pending => {
                    let late = Failure::Reject(Reject::client(Fault::BodyTimeout));
                    return client.deadline().poll(cx).map(|()| Err(late));
                }
            }
        }
    })
    .await?;
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_limited_and_given_back() {
        let all = Arc::<Holdings>::default();
        let (mut one, mut two) = (Held::nothing(&all), Held::nothing(&all));
        assert!(one.grow(60, 100) && !two.grow(41, 100) && two.grow(40, 100));
        assert!(one.grow(60, 100), "the same again is no more");
        assert!(!one.grow(61, 100));
        drop(two);
        assert!(one.grow(100, 100));
        drop(one);
        assert_eq!(all.0.load(Ordering::Relaxed), 0);
    }
}
