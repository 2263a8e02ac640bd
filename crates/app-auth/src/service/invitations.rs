//! One-use links with which people set their own password: invitations, and resets started by an operator.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::http::LocalPath;
use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::InvitationAccepted;

use crate::domain::factor::Factor;
use crate::domain::password::{Password, PasswordProblem};
use crate::domain::session::{EndReason, later};
use crate::domain::subject::{State, Subject, UserId};
use crate::domain::token::Token;
use crate::error::{BUSY_RETRY, Error};
use crate::service::Core;
use crate::service::account_mails::{AccountMail, Occasion};
use crate::service::admission::{Admission, Admitted, Arrival};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::sessions::{Acting, Sessions};
use crate::store::invitations::{
    NewInvitation, invitation_consume, invitation_discard_of, invitation_find, invitation_insert,
};
use crate::store::passwords::{password_find, password_note_alone, password_put};
use crate::store::second_factors::standing_find;
use crate::store::sessions::session_end_all;
use crate::store::subjects::{subject_activate, subject_find, subject_hold};

/// How long a link works for which nothing else is asked.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// Who asks for a link, and for whom.
#[derive(Debug)]
pub(crate) struct Request {
    /// For whom.
    pub(crate) user_id: UserId,
    /// The inviting person; nobody when the operator made the account.
    pub(crate) invited_by: Option<UserId>,
    /// How long it is to work.
    pub(crate) lasts: SignedDuration,
    /// The calling app.
    pub(crate) caller: String,
}

/// A link to hand over.
#[derive(Debug)]
pub(crate) struct Link {
    /// Its secret.
    pub(crate) token: Token,
    /// When it stops working.
    pub(crate) expires_at: Timestamp,
}

/// What somebody submits behind a link.
#[derive(Debug)]
pub(crate) struct Acceptance {
    /// The link's secret as in the address.
    pub(crate) token: String,
    /// The password they want.
    pub(crate) password: Password,
    /// From which browser.
    pub(crate) client: Client,
    /// The session this browser is in.
    pub(crate) replaces: Option<Acting>,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The password is set and a session began.
    Accepted(Admitted),
    /// Unknown, used or expired.
    Dead,
    /// The password may not be one.
    Unacceptable(Subject, PasswordProblem),
    /// A directory keeps the person's password: none is set here.
    KeptElsewhere(Subject),
    /// Too many passwords are being hashed; come back after this long.
    Busy(Subject, Duration),
}

/// Use cases around links for people. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Invitations {
    core: Arc<Core>,
    admission: Admission,
    sessions: Sessions,
}

impl Invitations {
    pub(crate) fn new(core: Arc<Core>, (admission, sessions): (Admission, Sessions)) -> Self {
        Self {
            core,
            admission,
            sessions,
        }
    }

    /// Makes a link; earlier unused ones of the person stop working.
    pub(crate) async fn create(&self, request: Request) -> Result<Link, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let subject = subject_find(&tx, request.user_id)
            .await?
            .ok_or(Error::SubjectNotFound)?;
        if subject.state == State::Disabled {
            return Err(Error::Disabled);
        }
        if password_find(&tx, request.user_id).await?.is_some() {
            return Err(Error::HasCredentials);
        }
        let link = Link {
            token: Token::random()?,
            expires_at: later(now, request.lasts),
        };
        invitation_discard_of(&tx, request.user_id).await?;
        invitation_insert(
            &tx,
            &NewInvitation {
                token_hash: &link.token.hash(),
                user_id: request.user_id,
                invited_by: request.invited_by,
                created_at: now,
                expires_at: link.expires_at,
            },
        )
        .await?;
        let mut audit = Audit::success("invitation.create")
            .subject(Some(request.user_id))
            .caller(&request.caller);
        if let Some(by) = request.invited_by {
            audit = audit.actor(by);
        }
        audit.record(&tx, now).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Whom a link is for, if it works. Uses nothing up: mail scanners follow links too.
    pub(crate) async fn find(
        &self,
        token: &str,
        client: &Client,
    ) -> Result<Option<Subject>, Error> {
        self.core.limits.link(client).await?;
        self.lookup(token).await
    }

    async fn lookup(&self, token: &str) -> Result<Option<Subject>, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let client = self.core.db.client().await?;
        let found = invitation_find(&client, &token.hash(), self.core.clock.now()).await?;
        Ok(found.filter(Subject::may_sign_in))
    }

    /// Sets the password and signs in. Of several at once exactly one wins.
    pub(crate) async fn accept(&self, acceptance: Acceptance) -> Result<Outcome, Error> {
        self.core.limits.link(&acceptance.client).await?;
        let Some(subject) = self.lookup(&acceptance.token).await? else {
            return Ok(Outcome::Dead);
        };
        if subject.signs_in_by_directory() {
            return Ok(Outcome::KeptElsewhere(subject));
        }
        let db = self.core.db.client().await?;
        let beside = standing_find(&db, &subject).await?.beside_password();
        drop(db);
        let (password, names) = (&acceptance.password, subject.context_words());
        if let Err(problem) = self.core.policy.judge(password, &names, beside) {
            return Ok(Outcome::Unacceptable(subject, problem));
        }
        match self.core.hasher.hash(&acceptance.password).await {
            Ok(phc) => self.consume(&acceptance, &phc).await,
            Err(Error::Busy) => Ok(Outcome::Busy(subject, BUSY_RETRY)),
            Err(error) => Err(error),
        }
    }

    async fn consume(&self, acceptance: &Acceptance, phc: &str) -> Result<Outcome, Error> {
        let Some(token) = Token::parse(&acceptance.token) else {
            return Ok(Outcome::Dead);
        };
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let tx = client.transaction().await?;
        let Some((who, invited_by)) = invitation_consume(&tx, &token.hash(), now).await? else {
            return Ok(Outcome::Dead);
        };
        subject_activate(&tx, who, now).await?;
        let Some(subject) = subject_hold(&tx, who).await?.filter(Subject::may_sign_in) else {
            return Ok(Outcome::Dead);
        };
        if subject.signs_in_by_directory() {
            return Ok(Outcome::KeptElsewhere(subject));
        }
        if password_find(&tx, who).await?.is_some() {
            AccountMail::about(who, Occasion::PasswordChanged, &acceptance.client, now)
                .enqueue(&tx)
                .await?;
        }
        // With one link every other one is over.
        invitation_discard_of(&tx, who).await?;
        password_put(&tx, who, phc, now).await?;
        if acceptance.password.stands_alone() {
            password_note_alone(&tx, who, phc).await?;
        }
        // After a reset nobody stays signed in who knew the old password.
        let mut ended =
            session_end_all(&tx, (who, None), (now, EndReason::PasswordChanged.name())).await?;
        let accepted = InvitationAccepted {
            user_id: who.0.to_string(),
            invited_by: invited_by.map(|by| by.0.to_string()).unwrap_or_default(),
        };
        outbox::publish(
            &tx,
            Event::new(events::INVITATION_ACCEPTED, who.0, &accepted),
        )
        .await?;
        Audit::success("invitation.accept")
            .actor(who)
            .subject(Some(who))
            .client(&acceptance.client)
            .record(&tx, now)
            .await?;
        let arrival = Arrival {
            subject: &subject,
            factors: &[Factor::Password],
            login: &subject.username,
            client: &acceptance.client,
            return_to: &LocalPath::default(),
            notify: false,
            replaces: acceptance.replaces,
        };
        let admitted = self.admission.admit(&tx, arrival, now).await?;
        tx.commit().await?;
        drop(client);
        ended.extend(admitted.replaced().iter().cloned());
        self.sessions.announce(&ended, now).await;
        Ok(Outcome::Accepted(admitted))
    }
}
