//! Passwords that a directory keeps: accounts knows the directories, and asks them.
//!
//! Whether it can be asked is known here for a minute: while it cannot, whoever is refused is told so, whoever they are, so
//! that the answer does not say whose password is where.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::{Boot, Clock};
use rpc::Call;
use rpc::accounts::PasswordsClient;
use rpc::accounts::v1 as wire;

use crate::domain::password::Password;
use crate::domain::session::later;
use crate::domain::subject::UserId;

/// How long accounts and the directory may take together.
const PATIENCE: Duration = Duration::from_secs(12);
/// For how long a directory that could not be asked is taken to be away.
const AWAY: SignedDuration = SignedDuration::from_mins(1);

/// How it stands with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is theirs.
    Right,
    /// It is theirs, and has to be changed before it opens anything.
    MustChange,
    /// It is theirs, and over: with it nothing can be changed any more.
    Expired,
    /// It is not theirs.
    Wrong,
    /// The account there is locked, or not let in.
    Locked,
    /// The directory does not know them, or not any more.
    Nobody,
    /// The directory cannot be asked.
    Away,
}

impl Verdict {
    /// Why somebody is not let in, for the audit trail.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Right | Self::Wrong => "password",
            Self::MustChange => "directory_change",
            Self::Expired => "directory_expired",
            Self::Locked => "directory_locked",
            Self::Nobody => "directory_nobody",
            Self::Away => "directory_away",
        }
    }

    /// Whether the directory counted it as a wrong one.
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Wrong | Self::Locked)
    }
}

/// What came of changing a password there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    /// The new one is theirs.
    Done,
    /// The old one did not open anything: so it stands with it.
    NotOpened(Verdict),
    /// The directory does not take the new one.
    Refused(Refusal),
}

/// Why a directory does not take a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is too easy.
    TooWeak,
    /// It has too few characters.
    TooShort,
    /// It was theirs lately.
    InHistory,
    /// The one before it is too new to be changed.
    TooYoung,
    /// People may not change theirs there.
    NotAllowed,
    /// Its rules forbid it.
    Rules,
}

impl Refusal {
    /// Key of the message for the person.
    pub(crate) fn message_key(self) -> &'static str {
        match self {
            Self::TooWeak => "auth-directory-too-weak",
            Self::TooShort => "auth-directory-too-short",
            Self::InHistory => "auth-directory-in-history",
            Self::TooYoung => "auth-directory-too-young",
            Self::NotAllowed => "auth-directory-not-allowed",
            Self::Rules => "auth-directory-rules",
        }
    }
}

/// Asks about passwords.
pub(crate) struct Directory {
    passwords: PasswordsClient,
    clock: Clock,
    /// In seconds; until then it is taken to be away.
    away_until: AtomicI64,
}

impl Directory {
    pub(crate) fn new(boot: &Boot) -> Self {
        Self {
            passwords: rpc::accounts::passwords_client(boot),
            clock: boot.clock.clone(),
            away_until: AtomicI64::new(0),
        }
    }

    /// How it stands with a password of somebody.
    pub(crate) async fn verify(&self, who: UserId, password: &Password) -> Verdict {
        let request = wire::VerifyPasswordRequest {
            user_id: who.0.to_string(),
            password: password.as_str().to_owned(),
        };
        let asked = self.passwords.verify_password(Call::new(PATIENCE), request);
        match asked.await {
            Ok(answer) => self.heard(answer.verdict()),
            Err(error) => self.away(&error),
        }
    }

    /// Puts another password in the place of the old one.
    pub(crate) async fn change(&self, who: UserId, (old, new): (&Password, &Password)) -> Changed {
        let request = wire::ChangePasswordRequest {
            user_id: who.0.to_string(),
            old_password: old.as_str().to_owned(),
            new_password: new.as_str().to_owned(),
        };
        let asked = self.passwords.change_password(Call::new(PATIENCE), request);
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(error) => return Changed::NotOpened(self.away(&error)),
        };
        match (self.heard(answer.verdict()), refusal(answer.refusal())) {
            (Verdict::Right, None) => Changed::Done,
            (Verdict::Right, Some(refusal)) => Changed::Refused(refusal),
            (verdict, _) => Changed::NotOpened(verdict),
        }
    }

    /// Whether somebody's directory could not be asked a moment ago.
    pub(crate) fn is_away(&self) -> bool {
        self.clock.now().as_second() < self.away_until.load(Ordering::Relaxed)
    }

    fn heard(&self, verdict: wire::PasswordVerdict) -> Verdict {
        self.away_until.store(0, Ordering::Relaxed);
        match verdict {
            wire::PasswordVerdict::Right => Verdict::Right,
            wire::PasswordVerdict::MustChange => Verdict::MustChange,
            wire::PasswordVerdict::Expired => Verdict::Expired,
            wire::PasswordVerdict::Locked => Verdict::Locked,
            wire::PasswordVerdict::Nobody => Verdict::Nobody,
            // A word of a later version lets nobody in.
            wire::PasswordVerdict::Wrong | wire::PasswordVerdict::Unspecified => Verdict::Wrong,
        }
    }

    fn away(&self, error: &rpc::Error) -> Verdict {
        tracing::warn!(%error, "a directory cannot be asked about a password");
        let until: Timestamp = later(self.clock.now(), AWAY);
        self.away_until.store(until.as_second(), Ordering::Relaxed);
        Verdict::Away
    }
}

fn refusal(said: wire::PasswordRefusal) -> Option<Refusal> {
    Some(match said {
        wire::PasswordRefusal::Unspecified => return None,
        wire::PasswordRefusal::TooWeak => Refusal::TooWeak,
        wire::PasswordRefusal::TooShort => Refusal::TooShort,
        wire::PasswordRefusal::InHistory => Refusal::InHistory,
        wire::PasswordRefusal::TooYoung => Refusal::TooYoung,
        wire::PasswordRefusal::NotAllowed => Refusal::NotAllowed,
        wire::PasswordRefusal::Rules => Refusal::Rules,
    })
}
