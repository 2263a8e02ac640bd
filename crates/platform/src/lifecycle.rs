//! How a process and the apps in it stop: a soft token, a hard token and every task that must end.
//!
//! Owns the signals, the tracking of tasks and the memory of the first one that died. Knows
//! nothing of listeners, leases or telemetry: the host decides what happens between soft and hard.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::telemetry::Scope;

/// The stop tokens and the tasks of one app, or of the whole process.
///
/// *Soft* means: begin nothing new and finish what you have. *Hard* means: now. A task spawned
/// here is dropped at hard, whatever it is doing.
#[derive(Clone)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tracker: TaskTracker,
    running: Running,
    process: Arc<Process>,
    scope: Scope,
}

/// What all lifecycles of a process share.
struct Process {
    soft: CancellationToken,
    failure: OnceLock<TaskFailure>,
}

/// Names of the tasks that have not ended yet, so that a stop that hangs can say why.
type Running = Arc<Mutex<BTreeMap<&'static str, usize>>>;

/// The first task of a process that ended by a panic or with an error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("task {task} died: {reason}")]
pub struct TaskFailure {
    /// Name given when the task was spawned.
    pub task: String,
    /// The error, or the panic's message.
    pub reason: String,
}

/// What a task may return: nothing, or a result whose error ends the process.
pub trait TaskOutcome {
    /// The reason why the task failed, if it did.
    fn failure(self) -> Option<String>;
}

impl TaskOutcome for () {
    fn failure(self) -> Option<String> {
        None
    }
}

impl<E: std::fmt::Display> TaskOutcome for Result<(), E> {
    fn failure(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::new()
    }
}

impl Lifecycle {
    /// The lifecycle of a process; it stops when [`Lifecycle::shutdown`] is called, when a signal
    /// arrives (see [`Lifecycle::stop_on_signals`]) or when a task dies.
    pub fn new() -> Self {
        let soft = CancellationToken::new();
        Self {
            soft: soft.clone(),
            hard: CancellationToken::new(),
            tracker: TaskTracker::new(),
            running: Running::default(),
            process: Arc::new(Process {
                soft,
                failure: OnceLock::new(),
            }),
            scope: Scope::process(),
        }
    }

    /// The lifecycle of one app in this process: it stops with the process, may be stopped alone,
    /// and a task of it that dies ends the process.
    #[must_use]
    pub fn child(&self, scope: Scope) -> Self {
        Self {
            soft: self.soft.child_token(),
            hard: self.hard.child_token(),
            tracker: TaskTracker::new(),
            running: Running::default(),
            process: Arc::clone(&self.process),
            scope,
        }
    }

    /// Cancelled when nothing new may begin.
    pub fn soft(&self) -> &CancellationToken {
        &self.soft
    }

    /// Cancelled when everything must end at once.
    pub fn hard(&self) -> &CancellationToken {
        &self.hard
    }

    /// Whose work this is, for telemetry.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Begins to stop, as the first signal does.
    pub fn shutdown(&self) {
        self.soft.cancel();
    }

    /// Stops at once, as the second signal does.
    pub fn abort(&self) {
        self.soft.cancel();
        self.hard.cancel();
    }

    /// Runs `future` until it ends or the hard token is cancelled. A panic, or an error while the
    /// process is not stopping anyway, stops the process and makes it exit non-zero.
    pub fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future + Send + 'static,
        F::Output: TaskOutcome,
    {
        let lifecycle = self.clone();
        self.track(name, async move {
            match AssertUnwindSafe(future).catch_unwind().await {
                Err(panic) => lifecycle.fail(name, panic_message(&*panic)),
                Ok(outcome) => {
                    if let Some(reason) = outcome.failure() {
                        if lifecycle.soft.is_cancelled() {
                            tracing::warn!(
                                task = name,
                                error = reason,
                                "a task failed while stopping"
                            );
                        } else {
                            lifecycle.fail(name, reason);
                        }
                    }
                }
            }
        });
    }

    /// Runs `future` like [`Lifecycle::spawn`], but a panic is logged and stays in the task. For
    /// work on behalf of one client, which must not take the others down.
    pub fn spawn_contained<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.track(name, async move {
            if let Err(panic) = AssertUnwindSafe(future).catch_unwind().await {
                tracing::error!(
                    task = name,
                    panic = panic_message(&*panic),
                    "a task panicked"
                );
            }
        });
    }

    /// Runs `future` to its end, past hard; only the end of the process cuts it short. For the one
    /// task that sees a stop through.
    pub(crate) fn spawn_to_the_end<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let entry = RunningTask::enter(&self.running, name);
        self.tracker.spawn(async move {
            let _entry = entry;
            future.await;
        });
    }

    fn track<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let entry = RunningTask::enter(&self.running, name);
        let hard = self.hard.clone();
        self.tracker.spawn(self.scope.run(async move {
            let _entry = entry;
            tokio::select! {
                biased;
                () = hard.cancelled() => {}
                () = future => {}
            }
        }));
    }

    /// Remembers that `task` died and begins to stop the process.
    pub fn fail(&self, task: &str, reason: impl Into<String>) {
        let failure = TaskFailure {
            task: task.to_owned(),
            reason: reason.into(),
        };
        tracing::error!(
            task = failure.task,
            error = failure.reason,
            "a task died, the process stops"
        );
        // Only the first failure is the cause; later ones tend to be its consequences.
        self.process.failure.get_or_init(|| failure);
        self.process.soft.cancel();
    }

    /// The first task that died, if any did.
    pub fn failure(&self) -> Option<&TaskFailure> {
        self.process.failure.get()
    }

    /// Resolves when every task spawned on this lifecycle (not on its children) has ended.
    pub async fn idle(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Names of tasks that have not ended.
    pub fn running(&self) -> Vec<&'static str> {
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .copied()
            .collect()
    }

    /// Begins to stop at the first SIGTERM or SIGINT and stops at once at the second.
    pub fn stop_on_signals(&self) -> std::io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let lifecycle = self.clone();
        self.spawn("signals", async move {
            let signal = first(&mut terminate, &mut interrupt).await;
            tracing::info!(signal, "stopping; a second signal stops at once");
            lifecycle.shutdown();
            let signal = first(&mut terminate, &mut interrupt).await;
            tracing::warn!(signal, "stopping at once");
            lifecycle.abort();
        });
        Ok(())
    }
}

async fn first(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

impl std::fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lifecycle")
            .field("soft", &self.soft.is_cancelled())
            .field("hard", &self.hard.is_cancelled())
            .field("running", &self.running())
            .finish_non_exhaustive()
    }
}

/// Keeps a task's name listed for as long as the task lives, however it ends.
struct RunningTask {
    running: Running,
    name: &'static str,
}

impl RunningTask {
    fn enter(running: &Running, name: &'static str) -> Self {
        let mut names = running.lock().unwrap_or_else(PoisonError::into_inner);
        *names.entry(name).or_insert(0) += 1;
        Self {
            running: Arc::clone(running),
            name,
        }
    }
}

impl Drop for RunningTask {
    fn drop(&mut self) {
        let mut names = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = names.get_mut(self.name) {
            *count -= 1;
            if *count == 0 {
                names.remove(self.name);
            }
        }
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_task_that_dies_stops_the_process_and_is_remembered() {
        let process = Lifecycle::new();
        let app = process.child(Scope::process());
        app.spawn("doomed", async { Err::<(), _>("out of luck") });
        process.soft().cancelled().await;
        app.fail("late", "a consequence");
        let failure = process.failure().map(ToString::to_string);
        assert_eq!(failure.as_deref(), Some("task doomed died: out of luck"));
        assert!(app.soft().is_cancelled());
    }

    #[tokio::test]
    async fn an_error_while_stopping_is_no_death_but_a_panic_is() {
        let process = Lifecycle::new();
        process.shutdown();
        process.spawn("closing", async { Err::<(), _>("connection closed") });
        process.idle().await;
        assert!(process.failure().is_none());
        process.spawn("broken", async {
            if process_is_broken() {
                std::panic::panic_any("a fault");
            }
        });
        process.idle().await;
        assert_eq!(
            process.failure().map(|failure| failure.reason.as_str()),
            Some("a fault")
        );
    }

    /// Not a constant, so that the task has a type of its own.
    fn process_is_broken() -> bool {
        std::hint::black_box(true)
    }

    #[tokio::test]
    async fn a_contained_panic_stays_where_it_is() {
        let process = Lifecycle::new();
        process.spawn_contained("connection", async {
            if process_is_broken() {
                std::panic::panic_any("a fault");
            }
        });
        process.idle().await;
        assert!(process.failure().is_none());
        assert!(!process.soft().is_cancelled());
    }

    #[tokio::test]
    async fn an_app_stops_alone_and_hard_drops_what_does_not_end() {
        let process = Lifecycle::new();
        let (one, two) = (
            process.child(Scope::process()),
            process.child(Scope::process()),
        );
        one.spawn("endless", std::future::pending::<()>());
        assert_eq!(one.running(), ["endless"]);
        one.abort();
        one.idle().await;
        assert!(one.running().is_empty());
        assert!(!two.soft().is_cancelled() && !process.soft().is_cancelled());
        process.shutdown();
        assert!(two.soft().is_cancelled() && !two.hard().is_cancelled());
    }
}
