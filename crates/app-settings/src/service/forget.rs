//! Forgetting people who are gone for good.

use platform::Boot;
use platform_pg::{Consumer, Database, Event, outbox};
use platform_redis::Redis;
use rpc::events::accounts::{USER_PURGED, UserForgotten};

use crate::store;

/// Follows accounts, and confirms each person forgotten.
pub(crate) fn start(boot: &Boot, db: &Database, redis: &Redis) {
    Consumer::new(boot, db, redis)
        .on(USER_PURGED, |tx, delivery| async move {
            let person = delivery.subject_id()?;
            store::person::forget(&tx, person).await?;
            let message = UserForgotten {
                user_id: person.to_string(),
            };
            let event = Event::new("settings.user.forgotten", person, &message);
            outbox::publish(&tx, event).await?;
            Ok(())
        })
        .start();
}
