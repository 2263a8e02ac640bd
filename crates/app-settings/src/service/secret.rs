//! Setting, replacing and clearing secrets. A secret goes in and comes out to its app, never to a person.

use jiff::Timestamp;
use registry::ValueFault;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::edit::{locked, remember};
use super::{Author, Settings};
use crate::domain::catalog::Content;
use crate::domain::seal::Place;
use crate::error::Error;
use crate::store;
use crate::store::history::{Action, Change};

/// What to do with a secret.
#[derive(Debug, Clone)]
pub(crate) enum SecretChange {
    /// Set or replace it.
    Set(SecretString),
    /// Forget it: the environment's seed, if the app has one, holds again.
    Clear,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SecretOutcome {
    /// It is done.
    Done,
    /// The text cannot be the secret.
    Refused(ValueFault),
    /// Somebody else changed it after the page was made.
    Conflict {
        /// Who and when; nobody when it was cleared.
        by: Option<(String, Timestamp)>,
    },
}

impl Settings {
    /// Changes a secret, unless somebody else did since version `seen`.
    pub(crate) async fn change_secret(
        &self,
        place: &Place<'_>,
        seen: i64,
        change: &SecretChange,
        author: &Author,
    ) -> Result<SecretOutcome, Error> {
        let mut client = self.inner.database.client().await?;
        let tx = client.transaction().await?;
        let (_, settings) = locked(&tx, place.app).await?;
        let setting = settings
            .setting(place.key)
            .filter(|setting| setting.declaration.is_secret())
            .ok_or_else(|| Error::UnknownSetting(place.key.to_owned()))?;
        let changed = store::history::values_at(&tx, place.app, seen).await?;
        if changed.contains_key(place.key) {
            let by = setting
                .stored
                .as_ref()
                .map(|stored| (stored.changed_by.clone(), stored.changed_at));
            return Ok(SecretOutcome::Conflict { by });
        }
        let action = match change {
            SecretChange::Set(text) => {
                let value = Value::from(text.expose_secret());
                if let Err(fault) = setting.declaration.check(&value) {
                    return Ok(SecretOutcome::Refused(fault));
                }
                Action::Set
            }
            SecretChange::Clear if setting.stored.is_none() => return Ok(SecretOutcome::Done),
            SecretChange::Clear => Action::Reset,
        };
        let stamp = self.stamp(&tx, author).await?;
        if let SecretChange::Set(text) = change {
            let envelope = self.inner.sealer.seal(place, text.expose_secret())?;
            store::values::put(&tx, place, &Content::Sealed(envelope), &stamp).await?;
        } else {
            store::values::delete(&tx, place).await?;
        }
        let masked = Change {
            action,
            secret: true,
            old: None,
            new: None,
        };
        remember(&tx, place, &masked, &stamp, author).await?;
        tx.commit().await?;
        drop(client);
        self.announce(stamp.revision).await;
        Ok(SecretOutcome::Done)
    }
}
