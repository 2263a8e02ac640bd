//! Takes over what apps declare at their registration.
//!
//! The newest live instance of an app speaks for it. What it declared stays when the app goes away.

use std::collections::HashMap;
use std::time::Duration;

use registry::{AppId, Entry, SettingDeclaration, Snapshot, Watch};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::Settings;
use crate::domain::catalog::AppSettings;
use crate::domain::intake::sift;
use crate::domain::seal::Place;
use crate::error::Error;
use crate::store;

/// Pause before declarations that could not be stored are tried again.
const RETRY: Duration = Duration::from_secs(1);

impl Settings {
    /// Follows the registry until told to stop.
    pub(super) async fn follow_registry(&self, registry: &Watch, soft: &CancellationToken) {
        let mut registrations = registry.subscribe();
        loop {
            registrations.mark_unchanged();
            let taken = self.take_in(&registry.snapshot()).await;
            if let Err(error) = &taken {
                tracing::warn!(%error, "declared settings not stored: trying again");
            }
            tokio::select! {
                () = soft.cancelled() => return,
                outcome = registrations.changed() => if outcome.is_err() { return },
                () = tokio::time::sleep(RETRY), if taken.is_err() => {}
            }
        }
    }

    /// Takes over what differs from what is known.
    async fn take_in(&self, snapshot: &Snapshot) -> Result<(), Error> {
        let mut version = None;
        for entry in newest(snapshot) {
            let (declared, refused) = sift(entry);
            let catalog = self.inner.live.current();
            let known = catalog.app(entry.id.as_str());
            if known.map_or(declared.is_empty(), |known| {
                is_same(known, entry, &declared)
            }) {
                continue;
            }
            for (key, fault) in refused {
                tracing::warn!(app = %entry.id, key, %fault, "declared setting not taken");
            }
            version = self.store(snapshot, entry, &declared).await?.or(version);
        }
        if let Some(version) = version {
            self.announce(version).await;
        }
        Ok(())
    }

    /// Stores the declarations; `None` when another instance has spoken meanwhile.
    async fn store(
        &self,
        snapshot: &Snapshot,
        entry: &Entry,
        declared: &[SettingDeclaration],
    ) -> Result<Option<i64>, Error> {
        let app = entry.id.as_str();
        let mut client = self.inner.database.client().await?;
        let tx = client.transaction().await?;
        store::revision::lock(&tx).await?;
        if let Some((instance, started_at)) = store::declarations::instance(&tx, app).await? {
            let alive = snapshot
                .live()
                .any(|other| other.id == entry.id && other.instance.as_str() == instance);
            if alive && started_at > entry.started_at {
                tx.rollback().await?;
                return Ok(None);
            }
        }
        store::declarations::put_app(&tx, entry).await?;
        store::declarations::replace(&tx, app, declared).await?;
        for (key, value) in store::values::list_plain(&tx, app).await? {
            let became_secret = declared
                .iter()
                .any(|declaration| declaration.key == key && declaration.is_secret());
            if became_secret {
                let place = Place { app, key: &key };
                self.hide(&tx, &place, &value).await?;
            }
        }
        let version = store::revision::next(&tx).await?;
        tx.commit().await?;
        tracing::info!(
            app,
            settings = declared.len(),
            version,
            "declared settings taken over"
        );
        Ok(Some(version))
    }

    /// A setting has become a secret: its value is sealed, and its history forgets the values.
    async fn hide(
        &self,
        tx: &platform_pg::Transaction<'_>,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<(), Error> {
        match value.as_str() {
            Some(text) => {
                let envelope = self.inner.sealer.seal(place, text)?;
                store::values::seal(tx, place, &envelope).await?;
            }
            // A number or a flag cannot be the value of a secret.
            None => store::values::delete(tx, place).await?,
        }
        store::history::mask(tx, place).await
    }
}

/// The newest instance of each app.
fn newest(snapshot: &Snapshot) -> Vec<&Entry> {
    let mut newest: HashMap<&AppId, &Entry> = HashMap::new();
    for entry in &snapshot.entries {
        let latest = newest.entry(&entry.id).or_insert(entry);
        if (entry.started_at, &entry.instance) > (latest.started_at, &latest.instance) {
            *latest = entry;
        }
    }
    newest.into_values().collect()
}

fn is_same(known: &AppSettings, entry: &Entry, declared: &[SettingDeclaration]) -> bool {
    known.name == entry.name
        && known.icon == entry.icon
        && known.version == entry.version
        && known
            .settings
            .iter()
            .map(|setting| &setting.declaration)
            .eq(declared)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use registry::InstanceId;

    use super::*;

    fn entry(app: &str, instance: &str, started: i64) -> Arc<Entry> {
        Arc::new(Entry::new(
            AppId::new(app).unwrap(),
            InstanceId::new(instance).unwrap(),
            Timestamp::from_second(started).unwrap(),
            String::new(),
        ))
    }

    #[test]
    fn the_newest_instance_speaks_for_its_app() {
        let snapshot = Snapshot {
            entries: vec![
                entry("a", "1", 5),
                entry("a", "2", 9),
                entry("a", "3", 7),
                entry("b", "4", 1),
            ],
            ..Snapshot::default()
        };
        let mut found: Vec<_> = newest(&snapshot)
            .into_iter()
            .map(|entry| entry.instance.as_str())
            .collect();
        found.sort_unstable();
        assert_eq!(found, ["2", "4"]);
    }
}
