//! Use cases. Opens transactions, and tells every instance what changed.

mod edit;
mod follow;
pub(crate) mod forget;
mod intake;
mod live;
mod secret;

use std::sync::Arc;

use platform::{Boot, Clock};
use platform_pg::Database;
use platform_redis::Redis;
use tokio::sync::watch;
use uuid::Uuid;

use crate::domain::catalog::Catalog;
use crate::domain::seal::{Place, SealError, Sealer};
use crate::error::Error;
use crate::store;
use crate::store::history::{Page, Remembered};

pub(crate) use edit::{Put, Saved};
pub(crate) use secret::{SecretChange, SecretOutcome};

/// The settings of all apps. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Settings {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    redis: Redis,
    sealer: Sealer,
    clock: Clock,
    live: live::Live,
}

/// Who makes a change.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    /// The person.
    pub id: Uuid,
    /// Their name, kept with the change.
    pub name: String,
    /// The request the change came with.
    pub request_id: String,
}

impl Settings {
    /// Reads everything and checks that every stored secret opens: a wrong `APP_SECRET` must end the start,
    /// not look like a factory reset.
    pub(crate) async fn open(boot: &Boot, database: Database, redis: Redis) -> Result<Self, Error> {
        let secret = boot.config.app_secret.secret().ok_or(Error::NoSecret)?;
        let sealer = Sealer::new(secret);
        let client = database.client().await?;
        check_secrets(&sealer, store::values::list_sealed(&client).await?)?;
        let catalog = store::catalog::load(&client).await?;
        drop(client);
        Ok(Self {
            inner: Arc::new(Inner {
                database,
                redis,
                sealer,
                clock: boot.clock.clone(),
                live: live::Live::new(catalog),
            }),
        })
    }

    /// Follows the registry and the other instances until the process stops.
    pub(crate) fn start(&self, boot: &Boot) {
        let (intake, follow) = (self.clone(), self.clone());
        let registry = boot.registry.clone();
        let soft = boot.lifecycle.soft().clone();
        boot.spawn("settings intake", async move {
            intake.follow_registry(&registry, &soft).await;
        });
        let soft = boot.lifecycle.soft().clone();
        boot.spawn("settings follow", async move {
            follow.follow_changes(&soft).await;
        });
    }

    /// Everything as it is in the database now. Pages use this, so that a person sees their own change
    /// whichever instance answers.
    pub(crate) async fn catalog(&self) -> Result<Catalog, Error> {
        let client = self.inner.database.client().await?;
        store::catalog::load(&client).await
    }

    /// Everything as this instance last read it, and every later version.
    pub(crate) fn live(&self) -> watch::Receiver<Arc<Catalog>> {
        self.inner.live.subscribe()
    }

    /// Opens secrets for the app they belong to.
    pub(crate) fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    /// Changes of an app's settings, newest first.
    pub(crate) async fn history(&self, page: Page<'_>) -> Result<Vec<Remembered>, Error> {
        let client = self.inner.database.client().await?;
        store::history::page(&client, page).await
    }
}

fn check_secrets(
    sealer: &Sealer,
    secrets: Vec<(String, String, crate::domain::seal::Envelope)>,
) -> Result<(), Error> {
    let foreign: Vec<_> = secrets
        .iter()
        .map(|(_, _, envelope)| envelope.key_id())
        .filter(|id| *id != sealer.key_id())
        .collect();
    if let Some(stored) = foreign.first() {
        return Err(Error::ForeignKey {
            count: foreign.len(),
            stored: *stored,
            ours: sealer.key_id(),
        });
    }
    for (app, key, envelope) in secrets {
        let place = Place {
            app: &app,
            key: &key,
        };
        match sealer.open(&place, &envelope) {
            Ok(_) => {}
            Err(SealError::ForeignKey(_) | SealError::Damaged) => {
                return Err(Error::DamagedSecret { app, key });
            }
        }
    }
    Ok(())
}
