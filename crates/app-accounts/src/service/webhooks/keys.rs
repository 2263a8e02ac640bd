//! Secrets of webhooks, as they are kept: sealed, each bound to its webhook.

use std::fmt;

use platform::Sealer;

use crate::domain::webhook::{Secret, WebhookId};
use crate::error::Error;

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub(super) struct Keys(Option<Sealer>);

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys(..)")
    }
}

impl Keys {
    pub(super) fn new(sealer: Option<Sealer>) -> Self {
        Self(sealer)
    }

    pub(super) fn seal(&self, id: WebhookId, secret: &Secret) -> Result<Vec<u8>, Error> {
        let sealer = self.0.as_ref().ok_or(Error::NoSealer)?;
        let envelope = sealer.seal(id.0.as_bytes(), secret.bytes());
        envelope.map_err(|_| Error::NoSealer)
    }

    pub(super) fn open(&self, id: WebhookId, envelope: &[u8]) -> Result<Secret, Error> {
        let sealer = self.0.as_ref().ok_or(Error::NoSealer)?;
        let open = sealer.open(id.0.as_bytes(), envelope);
        open.map(Secret::from_bytes).map_err(|_| Error::NoSealer)
    }
}
