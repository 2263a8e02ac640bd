//! Unlocking people, switching their accounts off and on, and giving them a password for one sign-in.

use directory::Limits;
use platform_pg::InTransaction;
use secrecy::SecretString;

use super::{FreeIpa, Unmade};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::directories::access::follow;
use crate::service::people::{Change, refuse};
use crate::service::record::Deed;
use crate::store::person::{administrators_besides, person_lock};

impl FreeIpa {
    /// Lets somebody in again whom wrong passwords locked out.
    ///
    /// # Errors
    /// Why they stay locked.
    pub async fn unlock(&self, actor: &Actor, id: PersonId) -> Result<(), Unmade> {
        let limits = Limits::of_sign_in();
        let deed = Deed::new(actor, "person.directory_unlocked", self.clock.now());
        let there = self.there(id, &limits).await?;
        let done = there.ipa.unlock(&there.login, &limits).await;
        self.note(deed, (id, &there), done).await
    }

    /// Switches somebody's account there on or off; here they get or lose their access with it, as by a run.
    ///
    /// # Errors
    /// Why it stays as it is.
    pub async fn set_enabled(
        &self,
        actor: &Actor,
        id: PersonId,
        enabled: bool,
    ) -> Result<(), Unmade> {
        let (action, here) = if enabled {
            ("person.directory_enabled", "person.enabled")
        } else {
            ("person.directory_disabled", "person.disabled")
        };
        let deed = Deed::new(actor, action, self.clock.now());
        if !enabled {
            let refused = Deed::new(actor, action, deed.at);
            self.expect_dispensable(refused, id).await?;
        }
        let limits = Limits::of_sign_in();
        let there = self.there(id, &limits).await?;
        let done = there.ipa.set_enabled(&there.login, enabled, &limits).await;
        self.note(deed, (id, &there), done).await?;
        let follows = Deed::new(actor, here, self.clock.now());
        match follow(&self.db, follows, (there.directory.id, id), enabled).await? {
            Change::Done | Change::Unchanged => Ok(()),
            refused => Err(Unmade::Here(refused)),
        }
    }

    /// Gives somebody a password that FreeIPA makes up, good for one sign-in that changes it. Nobody keeps it here.
    ///
    /// # Errors
    /// Why they keep the one they have.
    pub async fn temporary_password(
        &self,
        actor: &Actor,
        id: PersonId,
    ) -> Result<SecretString, Unmade> {
        let limits = Limits::of_sign_in();
        let deed = Deed::new(actor, "person.directory_password_set", self.clock.now());
        let there = self.there(id, &limits).await?;
        let done = there.ipa.set_random_password(&there.login, &limits).await;
        self.note(deed, (id, &there), done).await
    }

    /// Nobody switches themselves off, or the last administrator.
    async fn expect_dispensable(&self, deed: Deed<'_>, id: PersonId) -> Result<(), Unmade> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(refused) = indispensable(&tx, deed, id).await? else {
            return Ok(());
        };
        tx.commit().await?;
        Err(Unmade::Here(refused))
    }
}

async fn indispensable(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    id: PersonId,
) -> Result<Option<Change>, Error> {
    let person = person_lock(tx, id).await?;
    let person = person.ok_or(Error::PersonNotFound(id))?;
    let why = if deed.actor.is(id) {
        Change::Oneself
    } else if person.is_active_administrator() && administrators_besides(tx, id).await? == 0 {
        Change::LastAdministrator
    } else {
        return Ok(None);
    };
    refuse(tx, deed, &person, why).await.map(Some)
}
