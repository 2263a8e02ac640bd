//! The registration an instance holds while it runs: written when ready, refreshed, marked while draining,
//! taken away at the end. Redis may go, come back or lose everything in between: the lease writes itself anew.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use fred::clients::{Client, WithOptions};
use fred::interfaces::{EventInterface, KeysInterface};
use fred::types::Value;
use fred::types::scripts::Script;
use rand::Rng;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::reading::{self, Stored};
use crate::{Entry, Error, Keyring, State, connection, keys, wire};

static WRITE: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!("lua/write.lua")));
static RELEASE: LazyLock<Script> =
    LazyLock::new(|| Script::from_lua(include_str!("lua/release.lua")));

/// Waits between attempts after a failed beat; the last one repeats.
const RETRY: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// How often a lease is refreshed and how long it lasts without.
#[derive(Clone, Copy, Debug)]
pub struct LeaseTiming {
    /// Between two beats; a tenth of it is jitter.
    pub beat: Duration,
    /// Life of a lease that is not refreshed.
    pub time_to_live: Duration,
    /// Between two looks whether the lease is still there, so that a Redis that was emptied without closing
    /// the connection has it back within a second.
    pub check: Duration,
    /// Upper bound of the random wait before registering anew, so that a whole platform does not do it at once.
    pub jitter: Duration,
}

impl Default for LeaseTiming {
    fn default() -> Self {
        Self {
            beat: Duration::from_mins(1),
            time_to_live: Duration::from_mins(2),
            check: Duration::from_millis(500),
            jitter: Duration::from_millis(200),
        }
    }
}

/// A held registration. Dropping it stops the beats without telling anybody; [`Lease::release`] tells.
#[derive(Debug)]
pub struct Lease {
    inner: Arc<Inner>,
    beats: TaskTracker,
    _stop: DropGuard,
}

#[derive(Debug)]
struct Inner {
    client: Client,
    keyring: Keyring,
    timing: LeaseTiming,
    stop: CancellationToken,
    fenced: watch::Sender<bool>,
    /// What is written next. Locked while writing, so that a beat cannot undo a change of state.
    entry: Mutex<Entry>,
}

impl Lease {
    /// Registers an instance that is ready and keeps it registered. An earlier process of the same instance
    /// name is fenced off: from now on it cannot write.
    pub async fn register(
        client: Client,
        keyring: Keyring,
        mut entry: Entry,
        timing: LeaseTiming,
    ) -> Result<Self, Error> {
        for prefix in &entry.prefixes {
            crate::Prefix::parse(prefix)?.allowed_for(&entry.id)?;
        }
        inherit(&connection::impatient(&client), &keyring, &mut entry).await?;
        let stop = CancellationToken::new();
        let inner = Arc::new(Inner {
            client,
            keyring,
            timing,
            stop: stop.clone(),
            fenced: watch::Sender::new(false),
            entry: Mutex::new(entry),
        });
        inner.take_place().await?;
        let beats = TaskTracker::new();
        beats.spawn(Arc::clone(&inner).keep());
        beats.close();
        Ok(Self {
            inner,
            beats,
            _stop: stop.drop_guard(),
        })
    }

    /// Tells gateways to send nothing new. When Redis is away the mark is written as soon as it is back.
    pub async fn drain(&self) -> Result<(), Error> {
        let mut entry = self.inner.entry.lock().await;
        entry.state = State::Draining;
        self.inner.write(&entry).await
    }

    /// Takes the registration away. When Redis is away it runs out by itself.
    pub async fn release(self) -> Result<(), Error> {
        self.inner.stop.cancel();
        self.beats.wait().await;
        let entry = self.inner.entry.lock().await;
        let member = keys::member(&entry.id, &entry.instance);
        let value = keys::value(&member);
        let arguments = vec![Value::from(entry.epoch.to_string()), Value::from(member)];
        let keys = [keys::INDEX, value.as_str(), keys::VERSION];
        let client = self.inner.impatient();
        let _released: i64 = connection::run(&client, &RELEASE, &keys, arguments).await?;
        Ok(())
    }

    /// Resolves when a newer process has taken this instance's place. The process should end: it serves under a
    /// name that is no longer its own.
    pub async fn fenced(&self) {
        let mut fenced = self.inner.fenced.subscribe();
        // The sender lives in `inner`, which this borrow keeps alive, so the wait cannot fail.
        if fenced.wait_for(|fenced| *fenced).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The entry as it is registered now.
    pub async fn entry(&self) -> Entry {
        self.inner.entry.lock().await.clone()
    }
}

impl Inner {
    fn impatient(&self) -> WithOptions<Client> {
        connection::impatient(&self.client)
    }

    /// First registration: whoever held the name before is older, whatever the clocks say.
    async fn take_place(&self) -> Result<(), Error> {
        let mut entry = self.entry.lock().await;
        entry.epoch = u64::try_from(entry.started_at.as_millisecond()).unwrap_or(1);
        loop {
            match self.try_write(&entry, false).await? {
                None => return Ok(()),
                Some(held) => self.outbid(&mut entry, held).await?,
            }
        }
    }

    async fn outbid(&self, entry: &mut Entry, held: u64) -> Result<(), Error> {
        if self.is_genuine(entry).await? {
            entry.epoch = held.saturating_add(1);
            Ok(())
        } else {
            self.try_write(entry, true).await.map(drop)
        }
    }

    /// Writes the entry; [`Error::Fenced`] when a newer process holds the place.
    async fn write(&self, entry: &Entry) -> Result<(), Error> {
        if self.try_write(entry, false).await?.is_none() {
            return Ok(());
        }
        if self.is_genuine(entry).await? {
            self.fenced.send_replace(true);
            return Err(Error::Fenced);
        }
        // What lies there was not written by this app: it fences nobody.
        self.try_write(entry, true).await.map(drop)
    }

    /// Whether the lease that lies in this instance's place was signed by the app.
    async fn is_genuine(&self, entry: &Entry) -> Result<bool, Error> {
        let key = keys::value(&keys::member(&entry.id, &entry.instance));
        let value: Option<bytes::Bytes> = self.impatient().get(key).await?;
        let (app, instance) = (entry.id.as_str(), entry.instance.as_str());
        Ok(value.is_some_and(|value| wire::open(&value, app, instance, &self.keyring).is_ok()))
    }

    /// One attempt; answers the epoch that is in the way, if one is.
    async fn try_write(&self, entry: &Entry, force: bool) -> Result<Option<u64>, Error> {
        let member = keys::member(&entry.id, &entry.instance);
        let value = keys::value(&member);
        let time_to_live = u64::try_from(self.timing.time_to_live.as_millis());
        let arguments = vec![
            Value::from(wire::seal(entry, &self.keyring)?),
            Value::from(entry.epoch.to_string()),
            Value::from(time_to_live.unwrap_or(u64::MAX).to_string()),
            Value::from(member),
            Value::from(Uuid::new_v4().simple().to_string()),
            Value::from(if force { "1" } else { "0" }),
        ];
        let keys = [keys::INDEX, value.as_str(), keys::GENERATION, keys::VERSION];
        let client = self.impatient();
        let held: String = connection::run(&client, &WRITE, &keys, arguments).await?;
        Ok(held.parse().ok().filter(|held| *held > entry.epoch))
    }

    /// Beats until stopped or fenced.
    async fn keep(self: Arc<Self>) {
        let mut reconnected = self.client.reconnect_rx();
        let mut next = Instant::now() + self.until_next_beat();
        let mut failures = 0;
        loop {
            let came_back = tokio::select! {
                () = self.stop.cancelled() => return,
                event = reconnected.recv() => {
                    // A closed channel means the connection was closed for good, with the process.
                    if matches!(event, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
                        return;
                    }
                    true
                }
                () = tokio::time::sleep(self.timing.check) => false,
            };
            // Redis keeping silent is no reason to write; the beat that falls due will find out.
            let gone = came_back || matches!(self.exists().await, Ok(false));
            if !gone && Instant::now() < next {
                continue;
            }
            if gone {
                tokio::time::sleep(up_to(self.timing.jitter)).await;
            }
            match self.beat().await {
                Ok(()) => {
                    failures = 0;
                    next = Instant::now() + self.until_next_beat();
                }
                Err(Error::Fenced) => {
                    tracing::error!("a newer process has taken the place of this instance");
                    return;
                }
                Err(error) => {
                    let wait = RETRY.get(failures).or(RETRY.last()).copied();
                    failures += 1;
                    next = Instant::now() + wait.unwrap_or(self.timing.beat);
                    tracing::warn!(error = %error.chain(), "the registration could not be refreshed");
                }
            }
        }
    }

    async fn beat(&self) -> Result<(), Error> {
        let entry = self.entry.lock().await;
        if self.stop.is_cancelled() {
            return Ok(());
        }
        self.write(&entry).await
    }

    async fn exists(&self) -> Result<bool, Error> {
        let key = {
            let entry = self.entry.lock().await;
            keys::value(&keys::member(&entry.id, &entry.instance))
        };
        Ok(self.impatient().exists(key).await?)
    }

    fn until_next_beat(&self) -> Duration {
        let beat = self.timing.beat;
        beat.mul_f64(0.9) + up_to(beat.mul_f64(0.2))
    }
}

/// Carries on since when the app has held its prefixes, from the instances that run already.
async fn inherit(
    client: &WithOptions<Client>,
    keyring: &Keyring,
    entry: &mut Entry,
) -> Result<(), Error> {
    let siblings: Vec<Entry> = reading::read(client)
        .await?
        .members
        .into_iter()
        .filter(|member| member.app == entry.id.as_str())
        .filter_map(|member| {
            let Stored::Text(value) = member.value else {
                return None;
            };
            wire::open(&value, &member.app, &member.instance, keyring).ok()
        })
        .collect();
    for prefix in &entry.prefixes {
        let since = siblings
            .iter()
            .filter(|sibling| sibling.prefixes.contains(prefix))
            .map(|sibling| sibling.holds_since(prefix))
            .chain([entry.started_at])
            .min();
        if let Some(since) = since {
            entry.held_since.insert(prefix.clone(), since);
        }
    }
    Ok(())
}

fn up_to(limit: Duration) -> Duration {
    limit.mul_f64(rand::rng().random_range(0.0..1.0))
}
