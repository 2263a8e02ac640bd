//! Handing on what a signed-in person chose for the look; accounts keeps it.

use std::sync::Arc;

use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::PreferencesChanged;

use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Core;

/// Use cases around preferences. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Preferences {
    core: Arc<Core>,
}

impl Preferences {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Tells accounts. Empty values did not change.
    pub(crate) async fn change(
        &self,
        who: UserId,
        (locale, theme): (&str, &str),
    ) -> Result<(), Error> {
        let changed = PreferencesChanged {
            user_id: who.0.to_string(),
            locale: locale.to_owned(),
            theme: theme.to_owned(),
        };
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        outbox::publish(
            &tx,
            Event::new(events::PREFERENCES_CHANGED, who.0, &changed),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
