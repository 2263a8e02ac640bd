//! Waiting for a state instead of sleeping for luck.

use std::time::Duration;

use tokio::time::Instant;

/// Beyond this a state is not coming. Long, because the machine may be busy; a test that passes
/// never waits for it.
const DEADLINE: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LAST_PAUSE: Duration = Duration::from_millis(100);

/// Asks again and again until there is an answer, and fails the test after 30 s.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "not reached within {} s: {what}",
            DEADLINE.as_secs()
        );
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// Asks again and again until the answer is yes, and fails the test after 30 s.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    until(what, async || ask().await.then_some(())).await;
}
