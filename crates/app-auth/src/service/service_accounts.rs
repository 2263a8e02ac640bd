//! Service accounts: making them, handing them over, switching them off.

use std::sync::Arc;

use crate::domain::service_account::{ServiceAccount, ServiceAccountId};
use crate::domain::subject::{Role, UserId};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::store::service_accounts::{
    service_account_insert, service_account_list, service_account_set_enabled,
    service_account_set_owner, subject_id_by_login,
};
use crate::store::subjects::subject_find;

/// A service account somebody wants.
#[derive(Debug)]
pub(crate) struct Wish {
    /// Its name, checked.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    /// Sign-in name or mail address of who answers for it.
    pub(crate) owner: String,
    /// Guest or user.
    pub(crate) role: Role,
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is as wished.
    Done(ServiceAccountId),
    /// Another one has this name.
    NameTaken,
    /// Nobody who may act has this name or address.
    NoOwner,
}

/// Use cases around service accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ServiceAccounts {
    core: Arc<Core>,
}

impl ServiceAccounts {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// All of them by name.
    pub(crate) async fn list(&self) -> Result<Vec<ServiceAccount>, Error> {
        let client = self.core.db.client().await?;
        Ok(service_account_list(&client, None).await?)
    }

    /// One of them.
    pub(crate) async fn find(&self, id: ServiceAccountId) -> Result<ServiceAccount, Error> {
        let client = self.core.db.client().await?;
        let found = service_account_list(&client, Some(id)).await?;
        found.into_iter().next().ok_or(Error::AccountNotFound)
    }

    /// Makes one.
    pub(crate) async fn create(&self, wish: &Wish, audit: Audit) -> Result<Outcome, Error> {
        let now = self.core.clock.now();
        let Some(owner) = self.owner(&wish.owner).await? else {
            return Ok(Outcome::NoOwner);
        };
        let id = ServiceAccountId::new();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let texts = (wish.name.as_str(), wish.description.as_str());
        let role = wish.role.min(Role::User);
        if !service_account_insert(&tx, id, texts, (owner, role), now).await? {
            return Ok(Outcome::NameTaken);
        }
        audit.subject(Some(id.as_user())).record(&tx, now).await?;
        tx.commit().await?;
        Ok(Outcome::Done(id))
    }

    /// Gives one to another owner; its keys work again if they rested.
    pub(crate) async fn hand_over(
        &self,
        id: ServiceAccountId,
        owner: &str,
        audit: Audit,
    ) -> Result<Outcome, Error> {
        let now = self.core.clock.now();
        let Some(owner) = self.owner(owner).await? else {
            return Ok(Outcome::NoOwner);
        };
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        if !service_account_set_owner(&tx, id, owner, now).await? {
            return Err(Error::AccountNotFound);
        }
        audit.subject(Some(id.as_user())).record(&tx, now).await?;
        tx.commit().await?;
        drop(client);
        self.changed(id).await;
        Ok(Outcome::Done(id))
    }

    /// Switches one on or off, with all its keys.
    pub(crate) async fn set_enabled(
        &self,
        id: ServiceAccountId,
        enabled: bool,
        audit: Audit,
    ) -> Result<(), Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        if !service_account_set_enabled(&tx, id, enabled, now).await? {
            return Err(Error::AccountNotFound);
        }
        audit.subject(Some(id.as_user())).record(&tx, now).await?;
        tx.commit().await?;
        drop(client);
        self.changed(id).await;
        Ok(())
    }

    /// Gateways forget what they know of its keys.
    async fn changed(&self, id: ServiceAccountId) {
        let now = self.core.clock.now();
        let version = now.as_millisecond();
        self.core
            .revocations
            .changed(&self.core.db, (id.as_user(), version), now)
            .await;
    }

    async fn owner(&self, login: &str) -> Result<Option<UserId>, Error> {
        let client = self.core.db.client().await?;
        let Some(id) = subject_id_by_login(&client, login).await? else {
            return Ok(None);
        };
        let subject = subject_find(&client, id).await?;
        Ok(subject
            .filter(crate::domain::subject::Subject::may_sign_in)
            .map(|subject| subject.user_id))
    }
}
