//! Changing settings that are no secrets.

use std::collections::BTreeMap;

use platform_pg::{Event, Transaction, outbox};
use rpc::events::settings::{SettingChanged, VALUE_CHANGED};
use serde_json::Value;

use super::{Author, Settings};
use crate::domain::catalog::{AppSettings, Content};
use crate::domain::seal::Place;
use crate::domain::submission::{Edit, Refusal, Submission, decide};
use crate::error::Error;
use crate::store;
use crate::store::history::{Action, Change};
use crate::store::values::Stamp;

/// What became of a submitted form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Saved {
    /// It holds; so many settings changed.
    Done(usize),
    /// Nothing was changed: these fields are not accepted.
    Refused(BTreeMap<String, Refusal>),
}

/// One value set by a program.
#[derive(Debug, Clone)]
pub(crate) struct Put {
    /// The value; none brings back seed or default.
    pub value: Option<Value>,
    /// The version the program read. Without one the value is set whatever it was.
    pub seen: Option<i64>,
}

/// The settings of an app as nobody else can change them until the transaction ends, and their version.
pub(super) async fn locked(tx: &Transaction<'_>, app: &str) -> Result<(i64, AppSettings), Error> {
    store::revision::lock(tx).await?;
    let catalog = store::catalog::load(tx).await?;
    let settings = catalog.apps.into_iter().find(|own| own.id.as_str() == app);
    let settings = settings.ok_or_else(|| Error::UnknownApp(app.to_owned()))?;
    Ok((catalog.version, settings))
}

impl Settings {
    /// Takes a form: all of it, or nothing.
    pub(crate) async fn save(
        &self,
        app: &str,
        submission: &Submission,
        author: &Author,
    ) -> Result<Saved, Error> {
        let mut client = self.inner.database.client().await?;
        let tx = client.transaction().await?;
        let (_, settings) = locked(&tx, app).await?;
        let earlier = store::history::values_at(&tx, app, submission.seen).await?;
        let edits = match decide(&settings, submission, &earlier) {
            Ok(edits) => edits,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        if edits.is_empty() {
            return Ok(Saved::Done(0));
        }
        let version = self.write(&tx, &settings, &edits, author).await?;
        tx.commit().await?;
        drop(client);
        self.announce(version).await;
        Ok(Saved::Done(edits.len()))
    }

    /// Sets one value, or brings back seed or default. Yields the version with the change; that of now when
    /// there was nothing to change.
    pub(crate) async fn put(
        &self,
        app: &str,
        key: &str,
        put: &Put,
        author: &Author,
    ) -> Result<i64, Error> {
        let mut client = self.inner.database.client().await?;
        let tx = client.transaction().await?;
        let (version, settings) = locked(&tx, app).await?;
        let setting = settings
            .setting(key)
            .ok_or_else(|| Error::UnknownSetting(key.to_owned()))?;
        let declaration = &setting.declaration;
        if declaration.is_secret() {
            return Err(Error::Secret(key.to_owned()));
        }
        if let Some(value) = &put.value {
            declaration.check(value).map_err(|fault| Error::Value {
                key: key.to_owned(),
                fault,
            })?;
        }
        if let Some(seen) = put.seen
            && store::history::values_at(&tx, app, seen)
                .await?
                .contains_key(key)
        {
            return Err(Error::Changed(key.to_owned()));
        }
        let is_same = match &put.value {
            Some(value) => setting.is_stored() && setting.in_force().0 == value,
            None => setting.stored.is_none(),
        };
        if is_same {
            return Ok(version);
        }
        let edit = Edit {
            key: key.to_owned(),
            value: put.value.clone(),
        };
        let version = self.write(&tx, &settings, &[edit], author).await?;
        tx.commit().await?;
        drop(client);
        self.announce(version).await;
        Ok(version)
    }

    async fn write(
        &self,
        tx: &Transaction<'_>,
        settings: &AppSettings,
        edits: &[Edit],
        author: &Author,
    ) -> Result<i64, Error> {
        let stamp = self.stamp(tx, author).await?;
        for edit in edits {
            let place = Place {
                app: settings.id.as_str(),
                key: &edit.key,
            };
            let setting = settings
                .setting(&edit.key)
                .ok_or_else(|| Error::UnknownSetting(edit.key.clone()))?;
            let (action, new) = if let Some(value) = &edit.value {
                let content = Content::Plain(value.clone());
                store::values::put(tx, &place, &content, &stamp).await?;
                (Action::Set, value)
            } else {
                store::values::delete(tx, &place).await?;
                (Action::Reset, setting.declaration.unset_value())
            };
            let change = Change {
                action,
                secret: false,
                old: Some(setting.in_force().0.clone()),
                new: Some(new.clone()),
            };
            remember(tx, &place, &change, &stamp, author).await?;
        }
        Ok(stamp.revision)
    }

    /// The next version, and who makes it.
    pub(super) async fn stamp(
        &self,
        tx: &Transaction<'_>,
        author: &Author,
    ) -> Result<Stamp, Error> {
        Ok(Stamp {
            revision: store::revision::next(tx).await?,
            at: self.inner.clock.now(),
            by: author.id,
            by_name: author.name.clone(),
        })
    }
}

/// Writes a change into the history and tells the audit trail.
pub(super) async fn remember(
    tx: &Transaction<'_>,
    place: &Place<'_>,
    change: &Change,
    stamp: &Stamp,
    author: &Author,
) -> Result<(), Error> {
    store::history::insert(tx, place, change, stamp).await?;
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let message = SettingChanged {
        app: place.app.to_owned(),
        key: place.key.to_owned(),
        action: change.action.as_str().to_owned(),
        secret: change.secret,
        old_json: json(&change.old),
        new_json: json(&change.new),
        version: stamp.revision,
        actor_id: author.id.to_string(),
        occurred_at: stamp.at.as_millisecond(),
        request_id: author.request_id.clone(),
    };
    let subject = format!("{}/{}", place.app, place.key);
    outbox::publish(tx, Event::new(VALUE_CHANGED, subject, &message)).await?;
    Ok(())
}
