//! Keeping a form while its sender confirms who they are, so that nothing typed is lost.
//!
//! The confirmation begins another session and may take several pages, so the form waits here, sealed, and is offered
//! to its sender afterwards. Must only be given forms whose anti-forgery token fitted: what is offered is sent with a
//! fresh one.

use std::sync::Arc;

use platform::Sealer;

use crate::domain::held_form::{FormId, HELD_FOR, HeldForm, MOST_HELD_OF_ONE};
use crate::domain::session::earlier;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Core;
use crate::store::held_forms::{held_form_delete, held_form_find, held_form_insert};

/// Use cases around forms that wait. Cheap to clone.
#[derive(Clone)]
pub(crate) struct HeldForms {
    core: Arc<Core>,
    sealer: Sealer,
}

impl HeldForms {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let sealer = Sealer::new(core.secrets.app(), "auth:held-forms:v1");
        Self { core, sealer }
    }

    /// Keeps a form for its sender.
    pub(crate) async fn hold(&self, who: UserId, form: &HeldForm) -> Result<FormId, Error> {
        let id = FormId(uuid::Uuid::now_v7());
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(form).map_err(|_| Error::Sealing)?);
        let sealed = self
            .sealer
            .seal(&context(id, who), &plain)
            .map_err(|_| Error::Sealing)?;
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        held_form_insert(&tx, (id, who), &sealed, (now, MOST_HELD_OF_ONE)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The form a person sent, while it waits. Uses nothing up: a page that is loaded twice shows it twice.
    pub(crate) async fn find(&self, who: UserId, id: FormId) -> Result<Option<HeldForm>, Error> {
        let since = earlier(self.core.clock.now(), HELD_FOR);
        let db = self.core.db.client().await?;
        let Some(sealed) = held_form_find(&db, (id, who), since).await? else {
            return Ok(None);
        };
        let plain = self
            .sealer
            .open(&context(id, who), &sealed)
            .map_err(|_| Error::Sealing)?;
        serde_json::from_slice(&plain)
            .map(Some)
            .map_err(|_| Error::Sealing)
    }

    /// Forgets a form.
    pub(crate) async fn discard(&self, who: UserId, id: FormId) -> Result<(), Error> {
        let db = self.core.db.client().await?;
        Ok(held_form_delete(&db, (id, who)).await?)
    }
}

/// What a sealed form is bound to: moved to another row or person, it does not open.
fn context(FormId(id): FormId, UserId(who): UserId) -> Vec<u8> {
    [id.into_bytes(), who.into_bytes()].concat()
}
