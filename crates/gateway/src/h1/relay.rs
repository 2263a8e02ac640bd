//! The rest of an exchange, both directions at once: an app may answer before it has read the whole request.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use super::Line;
use super::download::{Download, DownloadError};
use super::upload::Upload;
use crate::attempts::{UploadError, Waits};
use crate::record::Record;
use crate::upstream::call::Call;

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
                    Err(UploadError::Gone | UploadError::Client(_)) => {
                        return Poll::Ready(Err(DownloadError::Client));
                    }
                }
            }
            let waits = match self.download.run(cx, (line, call), out, record) {
                Ok(None) => return Poll::Ready(Ok(())),
                Ok(Some(waits)) => waits,
                Err(error) => return Poll::Ready(Err(error)),
            };
            if waits == Waits::App && self.upload.is_done() && line.poll_gone(cx).is_ready() {
                return Poll::Ready(Err(DownloadError::Client));
            }
            let moved = self.download.has_moved() | self.upload.has_moved();
            if std::mem::take(&mut is_first) || moved || before != Some(waits) {
                before = Some(waits);
                line.deadline.set(match waits {
                    Waits::Client => worker.limits().write_idle,
                    Waits::App => self.idle,
                });
            }
            line.deadline.poll(cx).map(|()| {
                Err(match waits {
                    Waits::Client => DownloadError::Client,
                    Waits::App => DownloadError::App,
                })
            })
        })
        .await
    }
}
