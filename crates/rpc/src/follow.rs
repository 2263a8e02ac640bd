//! Holding on to a stream of another service for as long as the app runs.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Between attempts; doubles from the least to the greatest while there is no answer.
const LEAST_PAUSE: Duration = Duration::from_millis(20);
const GREATEST_PAUSE: Duration = Duration::from_secs(1);

/// Opens a stream and reads it to its end, again and again until told to stop. `stream` says whether there was an
/// answer at all.
pub(crate) async fn follow_until<F, Fut>(stop: &CancellationToken, stream: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = bool>,
{
    let mut pause = LEAST_PAUSE;
    loop {
        let answered = tokio::select! {
            answered = stream() => answered,
            () = stop.cancelled() => return,
        };
        pause = if answered {
            LEAST_PAUSE
        } else {
            (pause * 2).min(GREATEST_PAUSE)
        };
        tokio::select! {
            () = tokio::time::sleep(pause.mul_f64(rand::random_range(0.5..1.0))) => {}
            () = stop.cancelled() => return,
        }
    }
}
