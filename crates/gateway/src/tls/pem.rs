//! A chain and its key as text, the form in which they are kept.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::certificate::{Certificate, CertificateError};

/// What is kept of a certificate that was made or ordered.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) chain: String,
    pub(super) key: String,
}

impl Kept {
    /// Reads what was kept.
    pub(super) fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Writes what is kept.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // Two strings are always JSON.
        Zeroizing::new(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The certificate itself.
    pub(super) fn certificate(&self) -> Result<Certificate, CertificateError> {
        Certificate::from_pem(self.chain.as_bytes(), self.key.as_bytes())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
