//! Argon2id: parameters and the computation itself. Blocks the thread; [`crate::service::hasher`] calls it
//! where that does no harm.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::password::Password;
use crate::error::Error;

/// What one hash should take: long for whoever guesses, short for whoever signs in.
const TARGET: Duration = Duration::from_millis(200);
/// What one hash may take at most, unless the floor takes longer.
const LONGEST: Duration = Duration::from_millis(250);
/// More passes than these say that the measurement went wrong.
const MOST_PASSES: u128 = 16;

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

    /// More memory than this buys little for one more sign-in at a time.
    const MOST_MEMORY_KIB: u32 = 46 * 1024;

    /// How many of `workers` may hash at once when each takes at least [`Self::FLOOR`] and all together a quarter of
    /// the memory: one at least.
    pub(crate) fn workers_within(workers: usize, ram_kib: Option<u64>) -> usize {
        let fit = ram_kib.map(|ram| ram / 4 / u64::from(Self::FLOOR.memory_kib));
        let fit = fit.map_or(workers, |fit| usize::try_from(fit).unwrap_or(workers));
        workers.min(fit).max(1)
    }

    /// What takes about [`TARGET`] here: as much memory as all workers together may take of a quarter of the
    /// machine's, then as many passes as the time allows. `measure` tells what a cost takes.
    pub(crate) fn calibrated(
        (workers, ram_kib): (usize, Option<u64>),
        mut measure: impl FnMut(Self) -> Result<Duration, Error>,
    ) -> Result<Self, Error> {
        let share = ram_kib.unwrap_or_default() / 4 / workers.max(1) as u64;
        let mut memory_kib = u32::try_from(share)
            .unwrap_or(u32::MAX)
            .clamp(Self::FLOOR.memory_kib, Self::MOST_MEMORY_KIB);
        let probe = |memory_kib| Self {
            memory_kib,
            passes: Self::FLOOR.passes,
        };
        let mut took = measure(probe(memory_kib))?;
        if took > LONGEST && memory_kib > Self::FLOOR.memory_kib {
            memory_kib = Self::FLOOR.memory_kib;
            took = measure(probe(memory_kib))?;
        }
        let pass = (took / Self::FLOOR.passes).as_micros().max(1);
        let passes = ((TARGET.as_micros() + pass / 2) / pass)
            .clamp(u128::from(Self::FLOOR.passes), MOST_PASSES);
        Ok(Self {
            memory_kib,
            passes: u32::try_from(passes).unwrap_or(Self::FLOOR.passes),
        })
    }

    /// Memory times passes: what a guess costs.
    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

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

    /// Whether `phc` was made with clearly less than this. Instances that measured a little differently must not
    /// hash the same password back and forth.
    pub(crate) fn exceeds(self, phc: &str) -> bool {
        Self::of(phc).is_none_or(|stored| {
            stored.work() * 10 < self.work() * 8
                || stored.memory_kib < self.memory_kib.min(Self::FLOOR.memory_kib)
        })
    }

    /// What this costs more than the hash in `phc`, in whole passes; nothing when that is less than one.
    pub(crate) fn beyond(self, phc: &str) -> Option<Self> {
        let more = self.work().saturating_sub(Self::of(phc)?.work());
        let passes = u32::try_from(more / u64::from(self.memory_kib.max(1))).ok()?;
        (passes > 0).then_some(Self { passes, ..self })
    }

    /// What a hash cost.
    fn of(phc: &str) -> Option<Self> {
        let hash = PasswordHash::new(phc).ok()?;
        let params = Params::try_from(&hash).ok()?;
        Some(Self {
            memory_kib: params.m_cost(),
            passes: params.t_cost(),
        })
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

    /// A machine on which a pass over a MiB takes `micros`.
    fn machine(micros: u64) -> impl FnMut(Cost) -> Result<Duration, Error> {
        move |cost| Ok(Duration::from_micros(cost.work() * micros / 1024))
    }

    #[test]
    fn a_hash_takes_a_fifth_of_a_second_within_a_quarter_of_the_memory() {
        const GIB: u64 = 1024 * 1024;
        for (workers, ram, micros) in [
            (4, 16 * GIB, 800),
            (4, 16 * GIB, 1600),
            (2, GIB / 4, 1600),
            (16, GIB, 800),
            (1, GIB, 2500),
            (1, GIB, 5000),
        ] {
            let workers = Cost::workers_within(workers, Some(ram));
            let cost = Cost::calibrated((workers, Some(ram)), machine(micros)).unwrap();
            let millis = machine(micros)(cost).unwrap().as_millis();
            assert!((150..=250).contains(&millis), "{cost:?}: {millis} ms");
            let all = u64::from(cost.memory_kib) * workers as u64;
            assert!(all <= ram / 4, "{cost:?}");
            assert!(cost.memory_kib <= 46 * 1024);
        }
        assert_eq!(Cost::workers_within(16, Some(GIB)), 13);
        assert_eq!(Cost::workers_within(4, Some(1024)), 1);
        assert_eq!(Cost::workers_within(4, None), 4);
    }

    #[test]
    fn nothing_makes_a_hash_cheaper_than_the_floor() {
        for (ram, micros) in [(None, 800), (Some(1024), 800), (Some(u64::MAX), 100_000)] {
            let cost = Cost::calibrated((4, ram), machine(micros)).unwrap();
            assert!(
                cost.memory_kib >= Cost::FLOOR.memory_kib && cost.passes >= 2,
                "{cost:?}"
            );
        }
        let fast = Cost::calibrated((1, None), |_| Ok(Duration::ZERO)).unwrap();
        assert_eq!(fast.passes, 16);
    }

    /// A hash that cost so much, as far as one can read it.
    fn phc(memory_kib: u32, passes: u32) -> String {
        let (salt, digest) = ("c29tZXNhbHQ", "A".repeat(43));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${digest}")
    }

    #[test]
    fn instances_that_measured_a_little_differently_leave_hashes_alone() {
        let now = Cost {
            memory_kib: 32 * 1024,
            passes: 5,
        };
        assert!(!now.exceeds(&phc(30 * 1024, 5)));
        assert!(!now.exceeds(&phc(46 * 1024, 4)));
        assert!(now.exceeds(&phc(32 * 1024, 3)));
        assert!(
            now.exceeds(&phc(16 * 1024, 12)),
            "less memory than the floor"
        );
        assert!(now.exceeds("no hash"));
    }

    #[test]
    fn a_cheap_hash_is_topped_up_to_what_one_costs_now() {
        let now = Cost {
            memory_kib: 40_000,
            passes: 5,
        };
        let more = |passes| {
            Some(Cost {
                memory_kib: 40_000,
                passes,
            })
        };
        assert_eq!(now.beyond(&phc(20_000, 2)), more(4));
        assert_eq!(now.beyond(&phc(40_000, 4)), more(1));
        assert_eq!(now.beyond(&phc(40_000, 5)), None);
        assert_eq!(now.beyond(&phc(60_000, 5)), None);
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
