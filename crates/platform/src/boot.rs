//! What an app is handed when it starts, and what can go wrong then.
//!
//! Owns the wait for dependencies. Whatever is shared by several apps of a process (Redis, the
//! registry, the identity verifier) is made by the host and only passed on here.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use registry::{AppId, InstanceId};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::{ConfigError, CoreConfig, Environment};
use crate::health::Health;
use crate::identity::Verifier;
use crate::lifecycle::{Lifecycle, TaskOutcome};

/// The first pauses are short, so that a dependency that starts along with us costs no second.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// And they grow up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// One attempt may not take longer; an address that swallows packets must not eat the whole wait.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(5);

/// Everything an app is given to start with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Boot {
    /// The app that starts.
    pub app: AppId,
    /// Its version.
    pub version: Arc<str>,
    /// This instance of it.
    pub instance: InstanceId,
    /// The configuration every app has.
    pub config: Arc<CoreConfig>,
    /// Where the configuration came from.
    pub environment: Arc<Environment>,
    /// The time.
    pub clock: Clock,
    /// When to stop, and the tasks that must end.
    pub lifecycle: Lifecycle,
    /// Checks behind `/health`.
    pub health: Health,
    /// Who else runs.
    pub registry: registry::Watch,
    /// The connection to Redis shared by the process.
    pub redis: fred::clients::Client,
    /// Verifies who a request comes from.
    pub identity: Verifier,
    /// The settings the app declared, with the seeds of this environment.
    pub settings: Arc<[registry::SettingDeclaration]>,
    /// Where the app's metrics are recorded.
    pub meter: opentelemetry::metrics::Meter,
}

impl Boot {
    /// Tries `attempt` until it succeeds, for as long as the configuration allows a dependency to
    /// be absent at start.
    pub async fn wait_for<F, Fut, T, E>(&self, what: &str, attempt: F) -> Result<T, StartError>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Display,
    {
        wait_for(&self.lifecycle, self.config.start_wait, what, attempt).await
    }

    /// Runs a task of the app; see [`Lifecycle::spawn`].
    pub fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future + Send + 'static,
        F::Output: TaskOutcome,
    {
        self.lifecycle.spawn(name, future);
    }
}

/// Tries `attempt` until it succeeds or `limit` has passed. Stops early when the process does.
pub(crate) async fn wait_for<F, Fut, T, E>(
    lifecycle: &Lifecycle,
    limit: Duration,
    what: &str,
    mut attempt: F,
) -> Result<T, StartError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    E: Display,
{
    let deadline = Instant::now() + limit;
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt_limit = ATTEMPT_LIMIT.min(limit.max(FIRST_PAUSE));
        let reason = tokio::select! {
            () = lifecycle.soft().cancelled() => return Err(StartError::Stopped),
            outcome = tokio::time::timeout(attempt_limit, attempt()) => match outcome {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer in time".to_owned(),
            },
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(StartError::Unavailable {
                what: what.to_owned(),
                reason,
            });
        }
        tracing::warn!(
            dependency = what,
            reason,
            seconds_left = left.as_secs(),
            "waiting for a dependency"
        );
        tokio::select! {
            () = lifecycle.soft().cancelled() => return Err(StartError::Stopped),
            () = tokio::time::sleep(pause.min(left)) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Why a process or an app could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong; exit code 64.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The app's declaration is wrong: a fault of its author.
    #[error("declaration: {0}")]
    Declaration(String),
    /// A dependency stayed away for as long as it may.
    #[error("{what} is not available: {reason}")]
    Unavailable {
        /// The dependency.
        what: String,
        /// What the last attempt said.
        reason: String,
    },
    /// Something failed that waiting does not mend.
    #[error("{what}")]
    Failed {
        /// What was attempted.
        what: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The process was told to stop before it had started.
    #[error("stopped before the start was complete")]
    Stopped,
}

impl StartError {
    /// A failure that waiting does not mend.
    pub fn failed(
        what: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed {
            what: what.into(),
            source: source.into(),
        }
    }

    /// The process exit code for this failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 64,
            Self::Stopped => 0,
            _ => 1,
        }
    }

    /// The failure with its causes, on one line unless it is about the configuration.
    pub fn chain(&self) -> String {
        crate::error::chain(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_dependency_that_stays_away_is_given_up_with_its_reason() {
        let began = Instant::now();
        let attempt = async || Err::<(), _>("connection refused");
        let error = wait_for(
            &Lifecycle::new(),
            Duration::from_secs(90),
            "PostgreSQL",
            attempt,
        )
        .await
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "PostgreSQL is not available: connection refused"
        );
        assert_eq!(error.exit_code(), 1);
        assert_eq!(began.elapsed().as_secs(), 90);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dependency_that_hangs_is_given_up_too() {
        let attempt = || std::future::pending::<Result<(), &str>>();
        let error = wait_for(&Lifecycle::new(), Duration::from_secs(90), "Redis", attempt)
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Redis is not available: no answer in time"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_dependency_that_comes_late_is_met_within_five_seconds() {
        let began = Instant::now();
        let attempts = AtomicU32::new(0);
        let attempt = async || {
            attempts.fetch_add(1, Ordering::Relaxed);
            if began.elapsed() >= Duration::from_secs(30) {
                Ok(())
            } else {
                Err("refused")
            }
        };
        wait_for(&Lifecycle::new(), Duration::from_secs(90), "Redis", attempt)
            .await
            .unwrap();
        assert!(began.elapsed() <= Duration::from_secs(35));
        assert!(attempts.load(Ordering::Relaxed) > 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let lifecycle = Lifecycle::new();
        let stop = lifecycle.clone();
        let attempt = async || {
            stop.shutdown();
            Err::<(), _>("refused")
        };
        let error = wait_for(&lifecycle, Duration::from_secs(90), "Redis", attempt)
            .await
            .unwrap_err();
        assert!(matches!(error, StartError::Stopped));
    }
}
