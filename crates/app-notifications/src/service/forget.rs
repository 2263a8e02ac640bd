//! Forgetting people who are gone for good.

use platform::Boot;
use platform_pg::{Consumer, Database, Event, outbox};
use platform_redis::Redis;
use rpc::events::accounts::{USER_PURGED, UserForgotten};

use crate::store::person::person_forget;

/// Follows accounts, and confirms each person forgotten.
pub fn start(boot: &Boot, db: &Database, redis: &Redis) {
    let clock = boot.clock.clone();
    Consumer::new(boot, db, redis)
        .on(USER_PURGED, move |tx, delivery| {
            let now = clock.now();
            async move {
                let person = delivery.subject_id()?;
                person_forget(&tx, person, now).await?;
                let message = UserForgotten {
                    user_id: person.to_string(),
                };
                let event = Event::new("notifications.user.forgotten", person, &message);
                outbox::publish(&tx, event).await?;
                Ok(())
            }
        })
        .start();
}
