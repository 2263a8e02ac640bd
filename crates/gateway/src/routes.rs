//! Keeps the route table in step with the registry, and a copy of it on disk.

use std::sync::Arc;
use std::time::Duration;

use registry::{AppId, HostId, Reason, Rejection, Watch};
use tokio::sync::watch;

use crate::gateway::Gateway;
use crate::state::State;
use crate::table::memory::Memory;
use crate::table::{Builder, Built};

/// The table is written to disk at most this often.
const SAVE: Duration = Duration::from_millis(500);
/// The table is built anew at least this often.
const REVISE: Duration = Duration::from_mins(1);
/// And at most this often because of an app that is to be forgotten.
const SOON: Duration = Duration::from_millis(10);

/// Follows the registry.
pub(crate) struct Follower {
    gateway: Arc<Gateway>,
    watch: Watch,
    builder: Builder,
    memory: Memory,
    /// Whether anything is known at all, from the registry or from disk.
    knows: bool,
    rejected: Vec<Rejection>,
    saved: watch::Sender<Option<State>>,
}

impl Follower {
    /// A follower that starts from what is on disk.
    pub(crate) fn new(gateway: Arc<Gateway>, watch: Watch, id: AppId) -> Self {
        let builder = Builder {
            here: HostId::of_this_machine(),
        };
        let mut memory = Memory::default();
        let mut knows = false;
        let saved = watch::Sender::new(None);
        if let Some(directory) = gateway.config.state_dir.clone() {
            if let Some(state) = State::load(&directory, &gateway.config.keyring, &id) {
                let (seed, remembered) = state.into_parts();
                tracing::info!(
                    instances = seed.entries.len(),
                    "starting from the last routes on disk"
                );
                watch.seed(seed);
                knows = true;
                memory = remembered;
            }
            let keyring = gateway.config.keyring.clone();
            let states = saved.subscribe();
            gateway.lifecycle.spawn("route copies", async move {
                save(states, move |state| state.save(&directory, &keyring, &id)).await;
            });
        }
        let mut follower = Self {
            gateway,
            watch,
            builder,
            memory,
            knows,
            rejected: Vec::new(),
            saved,
        };
        // What the seed holds is served from the first moment.
        follower.rebuild();
        follower
    }

    /// Rebuilds the table with every change until the gateway stops.
    pub(crate) async fn run(mut self) {
        let stop = self.gateway.lifecycle.hard().clone();
        let watch = self.watch.clone();
        let mut changed = watch.subscribe();
        let mut was_read = false;
        loop {
            let pause = self.pause();
            tokio::select! {
                () = stop.cancelled() => return,
                change = changed.changed() => if change.is_err() {
                    return;
                },
                // Even an empty registry is an answer.
                () = watch.ready(), if !was_read => {
                    was_read = true;
                    self.knows = true;
                }
                () = tokio::time::sleep(pause), if was_read => {}
            }
            self.rebuild();
        }
    }

    /// Until the next app that left is to be forgotten.
    fn pause(&self) -> Duration {
        let rest = self.memory.rest(self.gateway.clock.now());
        let rest = rest.map(|rest| Duration::try_from(rest).unwrap_or_default());
        rest.map_or(REVISE, |rest| rest.clamp(SOON, REVISE))
    }

    fn rebuild(&mut self) {
        if !self.knows {
            return;
        }
        let snapshot = self.watch.snapshot();
        let before = self.gateway.table.load();
        self.memory.note(&snapshot, self.gateway.clock.now());
        let mut table = self.builder.build(&snapshot, &before, &self.memory);
        table.built = Built {
            generation: snapshot.generation.clone(),
            version: snapshot.version,
            at: Some(self.gateway.clock.now()),
        };
        self.gateway.table.store(Arc::new(table));
        if self.rejected != snapshot.rejected {
            self.rejected.clone_from(&snapshot.rejected);
            report(&self.rejected);
        }
        if !snapshot.stale {
            self.saved
                .send_replace(Some(State::of(&snapshot, &self.memory)));
        }
    }
}

/// Tells operators of registrations that are not served.
fn report(rejected: &[Rejection]) {
    for Rejection {
        app,
        instance,
        reason,
    } in rejected
    {
        let kind = match reason {
            Reason::Conflict { .. } | Reason::Prefix(_) => "prefix",
            Reason::Malformed | Reason::Oversized | Reason::Unsigned => "registration",
        };
        tracing::warn!(app, instance, kind, %reason, "not served");
    }
}

/// Writes the latest state, but not each of many in a row.
async fn save<F>(mut states: watch::Receiver<Option<State>>, write: F)
where
    F: Fn(&State) -> std::io::Result<()> + Clone + Send + 'static,
{
    while states.changed().await.is_ok() {
        let Some(state) = states.borrow_and_update().clone() else {
            continue;
        };
        let write = write.clone();
        let written = tokio::task::spawn_blocking(move || write(&state)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the routes could not be written to disk"),
            Err(error) => tracing::warn!(%error, "the routes could not be written to disk"),
        }
        tokio::time::sleep(SAVE).await;
    }
}
