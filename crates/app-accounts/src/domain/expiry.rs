//! When accounts end by themselves, who is reminded of it and may let them go on, and what a run did about it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use platform::Role;
use uuid::Uuid;

use super::person::{PersonId, Unknown};

/// Days before an end at which people are reminded, the nearer first.
pub const REMINDED_BEFORE: [i16; 2] = [7, 30];

/// Who is sent a link by which an account goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Nobody: administrators alone choose a later day.
    Off,
    /// Whoever answers for a guest.
    Sponsors,
    /// They, and everybody else for themselves.
    Everybody,
}

impl FromStr for Extension {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "off" => Ok(Self::Off),
            "sponsors" => Ok(Self::Sponsors),
            "everybody" => Ok(Self::Everybody),
            _ => Err(Unknown),
        }
    }
}

/// The rules in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Days an account of a guest lasts; 0 for ever.
    pub guest_days: u16,
    /// Days an account of a member lasts; 0 for ever.
    pub user_days: u16,
    /// Days after its end at which an account goes into the trash; 0 never.
    pub grace_days: u16,
    /// Days after which somebody who was not seen is in the report of dormant accounts.
    pub dormant_days: u16,
    /// Who may let accounts go on.
    pub extension: Extension,
}

impl Terms {
    /// How many days an account of that kind lasts; none for ever. Administrators stay: somebody has to be left.
    pub fn days(&self, role: Role) -> Option<u16> {
        let days = match role {
            Role::Guest => self.guest_days,
            Role::User => self.user_days,
            Role::Admin => 0,
        };
        (days > 0).then_some(days)
    }

    /// How long the grace lasts; none for ever.
    pub fn grace(&self) -> Option<SignedDuration> {
        (self.grace_days > 0).then(|| SignedDuration::from_hours(24 * i64::from(self.grace_days)))
    }

    /// The last day of an account of that kind that goes on today; none where there is no such rule, or where it would
    /// not be later than `ends_on`.
    pub fn extended(&self, role: Role, today: Date, ends_on: Date) -> Option<Date> {
        let days = self.days(role)?;
        let until = today.saturating_add(Span::new().days(days));
        (until > ends_on).then_some(until)
    }
}

/// The reminder that is due of an end: the nearer of two.
pub fn reminder_due(today: Date, ends_on: Date) -> Option<i16> {
    let reached = |days: &i16| ends_on <= today.saturating_add(Span::new().days(*days));
    REMINDED_BEFORE
        .into_iter()
        .find(reached)
        .filter(|_| ends_on >= today)
}

/// A reminder, and the way on that it holds.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// Which.
    pub id: Uuid,
    /// Whose account ends.
    pub person: PersonId,
    /// When.
    pub ends_on: Date,
    /// How many days before at the earliest.
    pub days: i16,
    /// Who may let it go on by its link.
    pub extender: Option<PersonId>,
    /// Whether its link was used.
    pub is_used: bool,
}

/// Identifies a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunId(pub Uuid);

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A run of the life cycle.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// Whether somebody asked for it; else the schedule did.
    pub by_hand: bool,
    /// Their name, if they are still there.
    pub begun_by: Option<String>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was done; absent while it runs, or when it did not get to its end.
    pub ended_at: Option<Timestamp>,
    /// How many were reminded.
    pub reminded: i64,
    /// How many lost their access.
    pub expired: i64,
    /// How many went into the trash.
    pub trashed: i64,
    /// How many should have, and were not.
    pub refused: i64,
}

/// What a run does with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Told them that their account ends.
    Reminded,
    /// Took away their access.
    Expired,
    /// Put them into the trash.
    Trashed,
    /// Did not do what was due.
    Refused,
}

impl Action {
    /// Its word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminded => "reminded",
            Self::Expired => "expired",
            Self::Trashed => "trashed",
            Self::Refused => "refused",
        }
    }
}

/// Why a run did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Their own last day has passed.
    OwnEnd,
    /// The days of their kind have passed.
    EndOfKind,
    /// The grace after the end has passed.
    Grace,
    /// The end is at most 30 days away.
    Within30,
    /// The end is at most 7 days away.
    Within7,
    /// Administrators do not go by themselves.
    Administrator,
    /// Nobody would be left to administer the platform.
    LastAdministrator,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::OwnEnd,
        Self::EndOfKind,
        Self::Grace,
        Self::Within30,
        Self::Within7,
        Self::Administrator,
        Self::LastAdministrator,
    ];

    /// Its word in tables; with `accounts-cycle-` before it, the key of its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnEnd => "own-end",
            Self::EndOfKind => "end-of-kind",
            Self::Grace => "grace",
            Self::Within30 => "within-30",
            Self::Within7 => "within-7",
            Self::Administrator => "administrator",
            Self::LastAdministrator => "last-administrator",
        }
    }
}

impl FromStr for Reason {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let found = Self::ALL.into_iter().find(|reason| reason.as_str() == word);
        found.ok_or(Unknown)
    }
}

impl FromStr for Action {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let all = [Self::Reminded, Self::Expired, Self::Trashed, Self::Refused];
        let found = all.into_iter().find(|action| action.as_str() == word);
        found.ok_or(Unknown)
    }
}

/// What a run did with one person.
#[derive(Clone, Debug)]
pub struct Step {
    /// With whom.
    pub person: PersonId,
    /// Their name, if they are still there.
    pub name: Option<String>,
    /// What.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The end it was about.
    pub ends_on: Option<Date>,
    /// When.
    pub at: Timestamp,
}

/// Somebody whose account ends soon.
#[derive(Clone, Debug)]
pub struct Due {
    /// Who.
    pub person: PersonId,
    /// Name to show.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Their last day.
    pub ends_on: Date,
    /// Whether it was chosen for them; else it follows from their kind.
    pub is_own: bool,
    /// When they were last reminded of it.
    pub reminded_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::Role;

    use super::{Extension, Terms, reminder_due};

    const TERMS: Terms = Terms {
        guest_days: 365,
        user_days: 0,
        grace_days: 30,
        dormant_days: 90,
        extension: Extension::Sponsors,
    };

    #[test]
    fn only_the_nearer_of_two_reminders_is_due() {
        let today = date(2030, 5, 1);
        for (ends_on, due) in [
            (date(2030, 4, 30), None),
            (date(2030, 5, 1), Some(7)),
            (date(2030, 5, 8), Some(7)),
            (date(2030, 5, 9), Some(30)),
            (date(2030, 5, 31), Some(30)),
            (date(2030, 6, 1), None),
        ] {
            assert_eq!(reminder_due(today, ends_on), due, "{ends_on}");
        }
    }

    #[test]
    fn an_account_goes_on_from_today_and_never_for_a_shorter_time() {
        let (today, soon) = (date(2030, 5, 1), date(2030, 5, 20));
        let until = date(2031, 5, 1);
        assert_eq!(TERMS.extended(Role::Guest, today, soon), Some(until));
        assert_eq!(TERMS.extended(Role::Guest, today, until), None);
        assert_eq!(TERMS.extended(Role::User, today, soon), None);
        let all = Terms {
            user_days: 10,
            ..TERMS
        };
        assert_eq!(all.extended(Role::User, today, soon), None, "not shorter");
        assert_eq!(all.days(Role::Admin), None);
    }
}
