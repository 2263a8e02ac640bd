//! Grants of things of apps: what of them must not get lost.

use jiff::Timestamp;
use platform::AppId;
use platform::grants::{Grant, Grantee, Level, Refusal, Resource};

/// A thing, and whose it is.
#[derive(Clone, Debug)]
pub struct Thing {
    /// The app it belongs to.
    pub app: AppId,
    /// Which of its things.
    pub resource: Resource,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.app, self.resource)
    }
}

/// How well a thing is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// Nobody may share it.
    Nobody,
    /// Somebody may for a while.
    ForAWhile,
    /// Somebody may for good.
    ForGood,
}

fn hold(level: Level, ends_at: Option<Timestamp>) -> Hold {
    match (level, ends_at) {
        (Level::Admin, None) => Hold::ForGood,
        (Level::Admin, Some(_)) => Hold::ForAWhile,
        _ => Hold::Nobody,
    }
}

/// What somebody is to have; `None` nothing any more.
pub type Wanted = Option<(Level, Option<Timestamp>)>;

/// Whether a grant may become what is wanted, among all `grants` of a thing that count now.
///
/// # Errors
/// [`Refusal::LastAdmin`] when the thing would be looked after less well than before.
pub fn keeps_an_admin(grants: &[Grant], of: Grantee, wanted: Wanted) -> Result<(), Refusal> {
    let holds = |grant: &Grant| hold(grant.level, grant.ends_at);
    let before = grants.iter().map(holds).max().unwrap_or(Hold::Nobody);
    let others = grants.iter().filter(|grant| grant.grantee != of);
    let theirs = wanted.map_or(Hold::Nobody, |(level, ends_at)| hold(level, ends_at));
    let after = others.map(holds).max().unwrap_or(Hold::Nobody).max(theirs);
    if after < before {
        return Err(Refusal::LastAdmin);
    }
    Ok(())
}

/// Whether this can be granted at all at that moment.
///
/// # Errors
/// [`Refusal::TooOpen`] or [`Refusal::Past`].
pub fn may_be(
    to: Grantee,
    level: Level,
    ends_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<(), Refusal> {
    if to.is_everybody() && level == Level::Admin {
        return Err(Refusal::TooOpen);
    }
    if ends_at.is_some_and(|end| end <= at) {
        return Err(Refusal::Past);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use platform::grants::Level::{Admin, Read, Write};
    use uuid::Uuid;

    use super::*;

    const LATER: Timestamp = Timestamp::MAX;

    fn person(number: u128) -> Grantee {
        Grantee::Person(Uuid::from_u128(number))
    }

    fn grant(grantee: Grantee, level: Level, ends_at: Option<Timestamp>) -> Grant {
        Grant {
            grantee,
            name: String::new(),
            level,
            ends_at,
            granted_by: String::new(),
            granted_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_last_administrator_stays_one_for_good() {
        let grants = [
            grant(person(1), Admin, None),
            grant(person(2), Admin, Some(LATER)),
            grant(person(3), Write, None),
        ];
        let of = |number, wanted| keeps_an_admin(&grants, person(number), wanted);
        for wanted in [None, Some((Write, None)), Some((Admin, Some(LATER)))] {
            assert_eq!(of(1, wanted), Err(Refusal::LastAdmin), "{wanted:?}");
            assert_eq!(of(2, wanted), Ok(()), "{wanted:?}");
            assert_eq!(of(3, wanted), Ok(()), "{wanted:?}");
        }
        assert_eq!(of(1, Some((Admin, None))), Ok(()));
    }

    #[test]
    fn one_of_two_may_go() {
        let grants = [grant(person(1), Admin, None), grant(person(2), Admin, None)];
        assert_eq!(keeps_an_admin(&grants, person(1), None), Ok(()));
    }

    #[test]
    fn where_nobody_was_an_administrator_nobody_is_missed() {
        let grants = [grant(person(1), Read, None)];
        assert_eq!(keeps_an_admin(&grants, person(1), None), Ok(()));
        let ending = [grant(person(1), Admin, Some(LATER))];
        assert_eq!(
            keeps_an_admin(&ending, person(1), None),
            Err(Refusal::LastAdmin)
        );
    }

    #[test]
    fn everybody_is_no_administrator_and_no_end_lies_behind() {
        let now = Timestamp::UNIX_EPOCH;
        for everybody in [Grantee::SignedIn, Grantee::Public] {
            assert_eq!(may_be(everybody, Admin, None, now), Err(Refusal::TooOpen));
            assert_eq!(may_be(everybody, Write, None, now), Ok(()));
        }
        assert_eq!(may_be(person(1), Read, Some(now), now), Err(Refusal::Past));
        assert_eq!(may_be(person(1), Admin, Some(LATER), now), Ok(()));
    }
}
