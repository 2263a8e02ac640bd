//! Keeping the projection of people up to date, with what follows for their sessions.

use std::sync::Arc;

use jiff::Timestamp;
use platform_pg::InTransaction;

use crate::domain::session::EndReason;
use crate::domain::subject::{State, Subject};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::store::invitations::invitation_discard_of;
use crate::store::sessions::{SessionKey, session_end_all};
use crate::store::subjects::{subject_find, subject_put};

/// Use cases around the projection. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Subjects {
    core: Arc<Core>,
}

impl Subjects {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Takes over a person as accounts knows them now, and makes what follows known at once.
    pub(crate) async fn put(&self, subject: &Subject) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let ended = apply(&tx, subject, now).await?;
        tx.commit().await?;
        drop(client);
        if let Some(ended) = ended {
            self.core
                .revocations
                .ended(&self.core.db, &ended, now)
                .await;
            self.core
                .revocations
                .changed(&self.core.db, (subject.user_id, subject.version), now)
                .await;
        }
        Ok(())
    }

    /// The same inside of somebody else's transaction. What follows becomes known within a second after it: every
    /// instance reads what was committed.
    pub(crate) async fn put_in(
        &self,
        tx: &impl InTransaction,
        subject: &Subject,
    ) -> Result<(), Error> {
        apply(tx, subject, self.core.clock.now()).await.map(drop)
    }
}

/// Stores a newer version; returns the sessions that ended by it, or nothing when it was not newer.
async fn apply(
    tx: &impl InTransaction,
    subject: &Subject,
    now: Timestamp,
) -> Result<Option<Vec<SessionKey>>, Error> {
    let before = subject_find(tx, subject.user_id).await?;
    if !subject_put(tx, subject, now).await? {
        return Ok(None);
    }
    if subject.state != State::Disabled {
        let has_risen = before.is_some_and(|before| before.role < subject.role);
        if !has_risen {
            return Ok(Some(Vec::new()));
        }
        // An id that was handed out to act with less must not act with more (ASVS 5.0, 7.2.4). Less is obeyed at the
        // next request anyway.
        let end = (now, EndReason::RoleRaised.name());
        return Ok(Some(
            session_end_all(tx, (subject.user_id, None), end).await?,
        ));
    }
    invitation_discard_of(tx, subject.user_id).await?;
    let ended = session_end_all(
        tx,
        (subject.user_id, None),
        (now, EndReason::Disabled.name()),
    )
    .await?;
    if before.is_some_and(|before| before.state != State::Disabled) {
        Audit::success("subject.disable")
            .subject(Some(subject.user_id))
            .caller("accounts")
            .record(tx, now)
            .await?;
    }
    Ok(Some(ended))
}
