//! Whether an app is well and whether it is ready, as `/health` and `/ready` tell it.
//!
//! Owns the registered checks, their time limit and the two answers. Reasons are logged, never
//! answered: the endpoints are open to everybody who reaches the listener.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::Instant;

/// No check may keep `/health` waiting for longer than this.
const CHECK_LIMIT: Duration = Duration::from_secs(2);
/// Answers are shared for this long, so that many probes cost one round of checks.
const SHARED_FOR: Duration = Duration::from_millis(250);

type Outcome = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Check = Arc<dyn Fn() -> Outcome + Send + Sync>;

/// The checks of one app and its readiness. Cheap to clone.
#[derive(Clone)]
pub struct Health {
    inner: Arc<Inner>,
}

struct Inner {
    checks: Mutex<BTreeMap<String, Registered>>,
    ready: watch::Sender<bool>,
    last: tokio::sync::Mutex<Option<(Instant, Report)>>,
}

#[derive(Clone)]
struct Registered {
    check: Check,
    /// Whether the last round found it well, so that only changes are logged.
    well: Arc<AtomicBool>,
}

/// What one round of checks found; its JSON form is the body of `/health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `healthy`, or `unhealthy` when any check failed.
    pub status: Status,
    /// Each check by name: `ok`, `failed` or `timeout`.
    pub checks: BTreeMap<String, CheckStatus>,
}

/// The verdict over all checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every check passed.
    Healthy,
    /// At least one check failed.
    Unhealthy,
}

/// The verdict over one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// It passed.
    Ok,
    /// It failed; the log says why.
    Failed,
    /// It did not answer in time.
    Timeout,
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Health {
    /// Without checks, and not ready.
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                checks: Mutex::default(),
                ready: watch::Sender::new(false),
                last: tokio::sync::Mutex::default(),
            }),
        }
    }

    /// Adds a check, or replaces the one of that name.
    pub fn register<F, Fut>(&self, name: &str, check: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        let check: Check = Arc::new(move || Box::pin(check()));
        let registered = Registered {
            check,
            well: Arc::new(AtomicBool::new(true)),
        };
        self.inner
            .checks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), registered);
    }

    /// Runs all checks at once, each within two seconds.
    pub async fn report(&self) -> Report {
        // The lock is held during the round on purpose: whoever comes meanwhile shares the result.
        let mut last = self.inner.last.lock().await;
        if let Some((at, report)) = last.as_ref()
            && at.elapsed() < SHARED_FOR
        {
            return report.clone();
        }
        let checks = self
            .inner
            .checks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let round = checks.into_iter().map(|(name, registered)| async move {
            let status = registered.run(&name).await;
            (name, status)
        });
        let checks: BTreeMap<_, _> = join_all(round).await.into_iter().collect();
        let well = checks.values().all(|status| *status == CheckStatus::Ok);
        let status = if well {
            Status::Healthy
        } else {
            Status::Unhealthy
        };
        let report = Report { status, checks };
        *last = Some((Instant::now(), report.clone()));
        report
    }

    /// Whether the app takes requests: started, registered and not stopping.
    pub fn is_ready(&self) -> bool {
        *self.inner.ready.borrow()
    }

    /// Resolves when the app is ready.
    pub async fn ready(&self) {
        let mut ready = self.inner.ready.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ready = ready.wait_for(|ready| *ready).await;
    }

    pub(crate) fn set_ready(&self, ready: bool) {
        self.inner.ready.send_replace(ready);
    }
}

impl Registered {
    async fn run(&self, name: &str) -> CheckStatus {
        let (status, reason) = match tokio::time::timeout(CHECK_LIMIT, (self.check)()).await {
            Ok(Ok(())) => (CheckStatus::Ok, String::new()),
            Ok(Err(reason)) => (CheckStatus::Failed, reason),
            Err(_) => (CheckStatus::Timeout, "no answer in time".to_owned()),
        };
        let well = status == CheckStatus::Ok;
        if self.well.swap(well, Ordering::Relaxed) != well {
            if well {
                tracing::info!(check = name, "health check passes again");
            } else {
                tracing::warn!(check = name, reason, "health check fails");
            }
        }
        status
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checks = self
            .inner
            .checks
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Health")
            .field("ready", &self.is_ready())
            .field("checks", &checks.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failing_and_a_hanging_check_are_named() {
        let health = Health::new();
        health.register("good", async || Ok(()));
        health.register("bad", async || Err("refused".to_owned()));
        health.register("slow", std::future::pending);
        let body = serde_json::to_value(health.report().await).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "status": "unhealthy",
                "checks": { "bad": "failed", "good": "ok", "slow": "timeout" },
            })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_recovers_is_well_again() {
        let health = Health::new();
        let up = Arc::new(AtomicBool::new(false));
        let probe = Arc::clone(&up);
        health.register("redis", move || {
            let up = probe.load(Ordering::Relaxed);
            async move { if up { Ok(()) } else { Err("away".to_owned()) } }
        });
        assert_eq!(health.report().await.status, Status::Unhealthy);
        up.store(true, Ordering::Relaxed);
        tokio::time::advance(SHARED_FOR).await;
        assert_eq!(health.report().await.status, Status::Healthy);
    }
}
