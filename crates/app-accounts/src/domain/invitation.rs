//! An invitation: what is said with it, how long its links work, and how far it got.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::Role;
use unicode_normalization::UnicodeNormalization;

use super::group::GroupId;
use super::name::{Unfit, is_bidirectional_control};
use super::person::{NewPerson, PersonId, Unknown};

/// What the inviting person says: plain text of several lines, at most 1,000 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message(String);

impl Message {
    /// Most characters.
    pub const MOST: usize = 1_000;

    /// Checks and tidies what was typed; nothing is fine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let lines: Vec<&str> = typed.trim().lines().map(str::trim_end).collect();
        let text: String = lines.join("\n").nfc().collect();
        if text.chars().count() > Self::MOST {
            return Err(Unfit::TooLong);
        }
        let stray = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        if text
            .chars()
            .any(|letter| stray(letter) || is_bidirectional_control(letter))
        {
            return Err(Unfit::Character);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// For how many days a link of an invitation works: 1 to 30.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasts(i16);

impl Lasts {
    /// What is offered.
    pub const OFFERED: [Self; 4] = [Self(3), Self(7), Self(14), Self(30)];

    /// Takes a number of days.
    ///
    /// # Errors
    /// [`Unfit::Form`] for less than 1 or more than 30.
    pub fn days(days: i16) -> Result<Self, Unfit> {
        (1..=30)
            .contains(&days)
            .then_some(Self(days))
            .ok_or(Unfit::Form)
    }

    /// Reads what a form sends.
    ///
    /// # Errors
    /// [`Unfit::Form`] for anything but a number from 1 to 30.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        Self::days(typed.trim().parse().map_err(|_| Unfit::Form)?)
    }

    /// The number of days.
    pub fn get(self) -> i16 {
        self.0
    }
}

impl Default for Lasts {
    fn default() -> Self {
        Self(3)
    }
}

impl fmt::Display for Lasts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// How far an open invitation got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No link was made yet.
    New,
    /// A mail with a link is to be sent.
    Sending,
    /// A mail with a link was handed over.
    Sent,
    /// No mail could be sent: no mail server is set, or notifications did not answer for long.
    Unsent,
    /// An administrator was shown a link to pass on.
    Shown,
    /// The last link works no more by its age.
    Expired,
    /// An administrator took it back.
    Revoked,
}

impl Stage {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::Sending,
        Self::Sent,
        Self::Shown,
        Self::New,
        Self::Unsent,
        Self::Expired,
        Self::Revoked,
    ];

    /// Its word in tables and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unsent => "unsent",
            Self::Shown => "shown",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// What it is at a moment when its last link ends at another.
    #[must_use]
    pub fn at(self, now: Timestamp, expires_at: Option<Timestamp>) -> Self {
        match self {
            Self::Sent | Self::Shown if expires_at.is_some_and(|end| end <= now) => Self::Expired,
            stage => stage,
        }
    }
}

impl FromStr for Stage {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let found = Self::ALL.into_iter().find(|stage| stage.as_str() == word);
        found.ok_or(Unknown)
    }
}

/// What is said with an invitation, and how it reaches the person.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Words of the inviting person.
    pub message: Message,
    /// How long its links work.
    pub lasts: Lasts,
    /// Whether a link is mailed; else somebody passes one on.
    pub by_mail: bool,
}

/// Who is invited, and what they are to be from the first day on.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Who.
    pub person: NewPerson,
    /// Last day of the account, in UTC.
    pub ends_on: Option<Date>,
    /// Who answers for them, where they are a guest.
    pub sponsor: Option<PersonId>,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
    /// When they leave these groups by themselves.
    pub groups_end: Option<Timestamp>,
    /// What is said, and how.
    pub letter: Letter,
}

impl From<NewPerson> for Invite {
    fn from(person: NewPerson) -> Self {
        Self {
            person,
            ends_on: None,
            sponsor: None,
            groups: Vec::new(),
            groups_end: None,
            letter: Letter::default(),
        }
    }
}

/// An invitation as it stands.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Who is invited.
    pub person: PersonId,
    /// Who invited them, if that one is still there, and their name.
    pub invited_by: Option<(PersonId, String)>,
    /// What was said.
    pub message: String,
    /// How long its links work.
    pub lasts: Lasts,
    /// How far it got, whatever became of its link by now.
    pub stage: Stage,
    /// When the person was invited.
    pub created_at: Timestamp,
    /// When the stage last changed.
    pub changed_at: Timestamp,
    /// Until when the last link works.
    pub expires_at: Option<Timestamp>,
}

/// An open invitation in a list.
#[derive(Clone, Debug)]
pub struct OpenInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// Name to show.
    pub display_name: String,
    /// Name to sign in with.
    pub username: String,
    /// Where it was sent to.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::{Lasts, Message, Stage, Timestamp, Unfit};

    #[test]
    fn messages_keep_their_lines_and_nothing_that_deceives() {
        let message = Message::parse("  Welcome!  \r\n\r\nSee you on Monday. ").unwrap();
        assert_eq!(message.as_str(), "Welcome!\n\nSee you on Monday.");
        assert_eq!(Message::parse(" \n "), Ok(Message::default()));
        assert_eq!(Message::parse("a\u{0007}"), Err(Unfit::Character));
        assert_eq!(Message::parse("a\u{202e}b"), Err(Unfit::Character));
        assert_eq!(Message::parse(&"x".repeat(1_001)), Err(Unfit::TooLong));
    }

    #[test]
    fn links_last_1_to_30_days() {
        for wrong in ["0", "31", "-1", "", "three", "99999999"] {
            assert!(Lasts::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Lasts::parse(" 14 ").unwrap().get(), 14);
    }

    #[test]
    fn only_what_reached_somebody_expires() {
        let (now, before) = (Timestamp::UNIX_EPOCH, Timestamp::MIN);
        assert_eq!(Stage::Sent.at(now, Some(now)), Stage::Expired);
        assert_eq!(Stage::Sent.at(before, Some(now)), Stage::Sent);
        assert_eq!(Stage::Revoked.at(now, Some(before)), Stage::Revoked);
        assert_eq!(Stage::Sending.at(now, Some(before)), Stage::Sending);
    }
}
