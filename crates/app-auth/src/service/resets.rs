//! A reset that somebody else starts: an administrator on a page, or an operator on the machine.
//!
//! Starts a mail or makes a link that is shown once. Nobody chooses another person's password: behind the link the
//! person does, a second factor is asked for as ever, and whoever knew the old password is signed out.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::session::later;
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::mailer::Mailer;
use crate::service::recovery::ResetJob;
use crate::store::invitations::{NewInvitation, invitation_discard_of, invitation_insert};
use crate::store::subjects::{subject_find, subject_hold};

/// How long a link works that is handed over by a person.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// How the link reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// By mail; nobody else sees it.
    Mail,
    /// Shown once to whoever asks.
    Shown,
}

/// Who asks, and for whom.
#[derive(Debug)]
pub(crate) struct Request {
    /// For whom.
    pub(crate) user_id: UserId,
    /// The administrator; nobody for an operator.
    pub(crate) started_by: Option<UserId>,
    /// How the link travels.
    pub(crate) delivery: Delivery,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Started {
    /// A mail is on its way.
    Mailed,
    /// The link's secret, and until when it works.
    Link(Token, Timestamp),
    /// The directory of this name keeps the password: it is reset there.
    KeptElsewhere(String),
    /// No mail can be sent, or the person has no address.
    NoMail,
}

/// Use cases around such resets. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Resets {
    core: Arc<Core>,
    mailer: Mailer,
}

impl Resets {
    pub(crate) fn new(core: Arc<Core>, mailer: Mailer) -> Self {
        Self { core, mailer }
    }

    /// Starts one. Links made before stop working. `audit` says who asked.
    pub(crate) async fn start(&self, request: &Request, audit: Audit) -> Result<Started, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let subject = subject_hold(&tx, request.user_id).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        if !subject.may_sign_in() {
            return Err(Error::Disabled);
        }
        if subject.signs_in_by_directory() {
            return Ok(Started::KeptElsewhere(subject.password_directory));
        }
        let started = match request.delivery {
            Delivery::Mail if !self.mailer.is_ready() || subject.email.is_empty() => {
                return Ok(Started::NoMail);
            }
            Delivery::Mail => {
                let job = ResetJob::to(&subject, now);
                job.enqueue(&tx).await?;
                Started::Mailed
            }
            Delivery::Shown => {
                let token = Token::random()?;
                let expires_at = later(now, LIFETIME);
                invitation_discard_of(&tx, request.user_id).await?;
                let link = NewInvitation {
                    token_hash: &token.hash(),
                    user_id: request.user_id,
                    invited_by: request.started_by,
                    created_at: now,
                    expires_at,
                };
                invitation_insert(&tx, &link).await?;
                Started::Link(token, expires_at)
            }
        };
        FactorNotice::to(request.user_id, Happening::ResetStarted, now)
            .enqueue(&tx)
            .await?;
        let how = match request.delivery {
            Delivery::Mail => "mail",
            Delivery::Shown => "link",
        };
        audit
            .reason(how)
            .subject(Some(request.user_id))
            .record(&tx, now)
            .await?;
        tx.commit().await?;
        Ok(started)
    }

    /// Whom a reset would be for.
    pub(crate) async fn person(&self, who: UserId) -> Result<Subject, Error> {
        let db = self.core.db.client().await?;
        let found = subject_find(&db, who).await?;
        found.ok_or(Error::SubjectNotFound)
    }
}
