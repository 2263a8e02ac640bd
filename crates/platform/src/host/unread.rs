//! What nobody reads of a request's body is read all the same, so that the answer is not lost.
//!
//! A connection that is closed with bytes of the request unread is reset, and the reset may overtake the answer on its
//! way (RFC 9112 section 9.6): whoever was refused before their body arrived would be told nothing.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http::header::EXPECT;
use http::{Request, Version};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;

use crate::lifecycle::Lifecycle;

/// Most bytes that are read for nothing: beyond them the connection is closed.
const MOST: usize = 256 * 1024;
/// Longest wait for them.
const LONGEST: Duration = Duration::from_secs(2);

/// A body that is read to its end when it is dropped before.
pub(super) struct Unread {
    body: Option<Incoming>,
    lifecycle: Lifecycle,
}

impl Unread {
    /// The request with such a body. Left alone is one whose client waits to be asked for the body (RFC 9110 section
    /// 10.1.1), for nothing is on its way, and one over HTTP/2, where a stream ends without its connection.
    pub(super) fn of(
        request: Request<Incoming>,
        lifecycle: &Lifecycle,
    ) -> Request<axum::body::Body> {
        if request.version() > Version::HTTP_11 || request.headers().contains_key(EXPECT) {
            return request.map(axum::body::Body::new);
        }
        request.map(|body| {
            if body.is_end_stream() {
                return axum::body::Body::new(body);
            }
            axum::body::Body::new(Self {
                body: Some(body),
                lifecycle: lifecycle.clone(),
            })
        })
    }
}

impl HttpBody for Unread {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(body).poll_frame(context);
        if let Poll::Ready(None | Some(Err(_))) = &polled {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let known = self.body.as_ref().map(HttpBody::size_hint);
        known.unwrap_or_else(|| SizeHint::with_exact(0))
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) else {
            return;
        };
        self.lifecycle.spawn_contained("unread body", async move {
            let mut rest = Limited::new(body, MOST);
            let read = async { while let Some(Ok(_frame)) = rest.frame().await {} };
            // What is longer, or takes longer, is its sender's loss.
            let _read = tokio::time::timeout(LONGEST, read).await;
        });
    }
}
