//! Both directions of one exchange at once: an app may answer before it has read the whole request, and a client may
//! leave before it has read the whole answer.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use super::Line;
use super::download::{self, Download, DownloadError};
use super::upload::{self, Upload, UploadError};
use crate::record::Record;
use crate::reject::{Fault, Reject};
use crate::upstream::call::{Call, CallError};

/// Why no answer has come.
#[derive(Debug)]
pub(super) enum Lost {
    /// The body of the request has ended too soon.
    Upload(UploadError),
    /// The client has left.
    Gone,
    /// Somebody was silent for too long.
    Silent(Reject),
    /// The connection to the instance failed.
    Call(CallError),
}

/// Sends a request and waits for the head of its answer for as long as `limit`, counted from the last byte sent.
pub(super) async fn ask(
    line: &mut Line,
    call: &mut Call,
    upload: &mut Upload,
    out: &[u8],
    limit: Duration,
) -> Result<usize, Lost> {
    let (mut written, mut takes, mut is_first) = (0, true, true);
    let worker = std::rc::Rc::clone(&line.worker);
    poll_fn(|cx| {
        let mut moved = std::mem::take(&mut is_first);
        let mut waits = upload::Waits::App;
        while let Some(rest) = out.get(written..).filter(|rest| takes && !rest.is_empty()) {
            match call.poll_write(cx, rest) {
                Poll::Ready(Ok(more)) => {
                    written += more;
                    moved = true;
                }
                // It may have answered before it stopped reading.
                Poll::Ready(Err(_)) => takes = false,
                Poll::Pending => break,
            }
        }
        if takes && written == out.len() && !upload.is_done() {
            match upload.run(cx, line, call) {
                Ok(waiting) => waits = waiting.unwrap_or(upload::Waits::App),
                Err(UploadError::App) => takes = false,
                Err(error) => return Poll::Ready(Err(Lost::Upload(error))),
            }
            moved |= upload.has_moved();
        }
        if let Poll::Ready(head) = call.poll_head(cx, &worker) {
            return Poll::Ready(head.map_err(Lost::Call));
        }
        if upload.is_done() && line.poll_gone(cx).is_ready() {
            return Poll::Ready(Err(Lost::Gone));
        }
        let (after, fault) = match waits {
            upload::Waits::App => (limit, Reject::upstream(Fault::GatewayTimeout)),
            upload::Waits::Client => (worker.limits().request_idle, Reject::client(Fault::BodyTimeout)),
        };
        if moved {
            line.deadline.set(after);
        }
        line.deadline.poll(cx).map(|()| Err(Lost::Silent(fault)))
    })
    .await
}

/// The rest of an exchange, once its answer has begun.
pub(super) struct Both<'a> {
    pub(super) upload: &'a mut Upload,
    pub(super) download: &'a mut Download,
    /// Longest silence of the app.
    pub(super) idle: Duration,
}

impl Both<'_> {
    /// Passes on what `out` holds and everything that follows.
    pub(super) async fn run(
        self,
        line: &mut Line,
        call: &mut Call,
        out: &mut Vec<u8>,
        record: &mut Record,
    ) -> Result<(), DownloadError> {
        let (mut is_first, mut takes) = (true, true);
        let mut before = None;
        let worker = std::rc::Rc::clone(&line.worker);
        poll_fn(|cx| {
            if takes && !self.upload.is_done() {
                match self.upload.run(cx, line, call) {
                    Ok(_) => {}
                    // It has answered without reading everything, as it may.
                    Err(UploadError::App) => takes = false,
                    Err(UploadError::Gone | UploadError::Client(_)) => return Poll::Ready(Err(DownloadError::Client)),
                }
            }
            let waits = match self.download.run(cx, (line, call), out, record) {
                Ok(None) => return Poll::Ready(Ok(())),
                Ok(Some(waits)) => waits,
                Err(error) => return Poll::Ready(Err(error)),
            };
            if waits == download::Waits::App && self.upload.is_done() && line.poll_gone(cx).is_ready() {
                return Poll::Ready(Err(DownloadError::Client));
            }
            let moved = self.download.has_moved() | self.upload.has_moved();
            if std::mem::take(&mut is_first) || moved || before != Some(waits) {
                before = Some(waits);
                line.deadline.set(match waits {
                    download::Waits::Client => worker.limits().write_idle,
                    download::Waits::App => self.idle,
                });
            }
            line.deadline.poll(cx).map(|()| {
                Err(match waits {
                    download::Waits::Client => DownloadError::Client,
                    download::Waits::App => DownloadError::App,
                })
            })
        })
        .await
    }
}
