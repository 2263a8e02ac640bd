//! Argon2id: parameters and the computation itself. Blocks the thread; [`crate::service::hasher`] calls it
//! where that does no harm.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::password::Password;
use crate::error::Error;

/// Cost of one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Memory in KiB.
    pub(crate) memory_kib: u32,
    /// Passes over the memory.
    pub(crate) passes: u32,
}

impl Cost {
    /// The least that is acceptable: 19 MiB, two passes, one lane.
    pub(crate) const FLOOR: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
    };

    fn algorithm(self) -> Result<Argon2<'static>, Error> {
        let params =
            Params::new(self.memory_kib, self.passes, 1, None).map_err(|_| Error::Hashing)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// Hashes to a PHC string with a fresh salt.
    pub(crate) fn hash(self, password: &Password) -> Result<String, Error> {
        let hash = self
            .algorithm()?
            .hash_password(password.as_bytes())
            .map_err(|_| Error::Hashing)?;
        Ok(hash.to_string())
    }

    /// Whether `phc` was made with less than this.
    pub(crate) fn exceeds(self, phc: &str) -> bool {
        let Some(params) = PasswordHash::new(phc)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok())
        else {
            return true;
        };
        params.m_cost() < self.memory_kib || params.t_cost() < self.passes
    }
}

/// Whether `password` is the one `phc` was made of, computed with the parameters in `phc`.
pub(crate) fn matches(phc: &str, password: &Password) -> Result<bool, Error> {
    let hash = PasswordHash::new(phc).map_err(|_| Error::Hashing)?;
    let outcome = Argon2::default().verify_password(password.as_bytes(), &hash);
    Ok(outcome.is_ok() && password.has_legal_length())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 64,
        passes: 1,
    };

    #[test]
    fn a_hash_matches_its_password_only() {
        let phc = CHEAP.hash(&Password::typed("correct horse")).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
        assert!(matches(&phc, &Password::typed("correct horse")).unwrap());
        for wrong in ["Correct horse", "correct horse ", "correct hors", ""] {
            assert!(
                !matches(&phc, &Password::typed(wrong)).unwrap(),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn salts_differ() {
        let password = Password::typed("correct horse");
        assert_ne!(
            CHEAP.hash(&password).unwrap(),
            CHEAP.hash(&password).unwrap()
        );
    }

    #[test]
    fn over_long_input_never_matches() {
        let long = "x".repeat(4000);
        let phc = CHEAP.hash(&Password::typed(&long)).unwrap();
        assert!(!matches(&phc, &Password::typed(&long)).unwrap());
    }

    #[test]
    fn weaker_hashes_are_recognised() {
        let phc = CHEAP.hash(&Password::typed("correct horse")).unwrap();
        assert!(!CHEAP.exceeds(&phc));
        assert!(Cost::FLOOR.exceeds(&phc));
        assert!(
            Cost {
                memory_kib: 64,
                passes: 2
            }
            .exceeds(&phc)
        );
    }

    #[test]
    fn a_damaged_hash_is_an_error_not_a_match() {
        assert!(matches("$argon2id$nonsense", &Password::typed("correct horse")).is_err());
    }
}
