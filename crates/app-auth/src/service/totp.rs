//! Setting up and removing one-time passwords, with the recovery codes that go with them.
//!
//! A seed that is offered is not stored: it travels sealed in the form, made out to one person and for half an
//! hour, until a first code proves that their program has it. It also says which seed it is to follow, so that of
//! several confirmed at the same moment one wins and nobody keeps codes that stopped working unseen.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use platform_pg::{GenericClient, InTransaction};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::domain::recovery_code::{COUNT, RecoveryCode};
use crate::domain::session::{EndReason, later};
use crate::domain::subject::{Subject, UserId};
use crate::domain::totp::{Seed, digits};
use crate::error::Error;
use crate::service::Core;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::factor_notices::{FactorNotice, Happening};
use crate::service::sessions::{Acting, Sessions};
use crate::store::passkeys::passkey_keys_of;
use crate::store::passwords::password_stands_alone;
use crate::store::second_factors::{
    recovery_code_count, recovery_code_discard_of, recovery_code_insert, standing_find,
    totp_delete, totp_find, totp_put,
};
use crate::store::sessions::session_end_all;
use crate::store::subjects::{subject_find, subject_hold_alone};

/// How long a seed may be scanned and confirmed.
const OFFER_HOLDS: SignedDuration = SignedDuration::from_mins(30);

/// What a stored seed is sealed for.
pub(crate) fn context(who: UserId) -> String {
    format!("totp:{}", who.0)
}

fn offer_context(who: UserId) -> String {
    format!("totp-offer:{}", who.0)
}

/// Digest of the stored seed an offer is to follow; zeros when there is none.
type Predecessor = [u8; 32];

/// A seed somebody may set up.
#[derive(Debug)]
pub(crate) struct Offer {
    /// To be scanned or typed.
    pub(crate) seed: Seed,
    /// To be sent back with the first code.
    pub(crate) sealed: String,
    follows: Predecessor,
}

/// What a person has set up.
#[derive(Debug)]
pub(crate) struct Overview {
    /// Since when there are one-time passwords.
    pub(crate) totp_since: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub(crate) recovery_codes: i64,
    /// Policy asks for more than they have.
    pub(crate) owes_more: bool,
}

/// How confirming an offer went.
#[derive(Debug)]
pub(crate) enum Confirmed {
    /// Set up; the codes are shown this once.
    Done(Vec<RecoveryCode>),
    /// The code does not belong to the seed: the same offer again.
    Refused(Offer),
    /// The offer is too old, was made to somebody else, or another one was confirmed first: another one.
    Stale(Offer),
}

/// How removing one-time passwords went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// They are gone.
    Done,
    /// The password would be the only factor, and is too short for that, or its length is not known.
    PasswordTooShort,
}

/// Use cases around one-time passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Totp {
    core: Arc<Core>,
    sessions: Sessions,
}

impl Totp {
    pub(crate) fn new(core: Arc<Core>, sessions: Sessions) -> Self {
        Self { core, sessions }
    }

    /// What a person has.
    pub(crate) async fn overview(&self, who: UserId) -> Result<Overview, Error> {
        let db = self.core.db.client().await?;
        let subject = subject_find(&db, who).await?;
        let subject = subject.ok_or(Error::SubjectNotFound)?;
        Ok(Overview {
            totp_since: totp_find(&db, who).await?.map(|(_, since)| since),
            recovery_codes: recovery_code_count(&db, who).await?,
            owes_more: !standing_find(&db, &subject).await?.can_meet_policy(),
        })
    }

    /// A new seed. Changes nothing.
    pub(crate) async fn offer(&self, who: UserId) -> Result<Offer, Error> {
        let db = self.core.db.client().await?;
        let follows = predecessor(&db, who).await?;
        drop(db);
        let seed = Seed::random()?;
        let ends = later(self.core.clock.now(), OFFER_HOLDS).as_second();
        let ends = ends.to_be_bytes();
        let plain = Zeroizing::new([ends.as_slice(), &follows, seed.as_bytes()].concat());
        let sealed = self.core.secrets.seal(&offer_context(who), &plain)?;
        Ok(Offer {
            seed,
            sealed: URL_SAFE_NO_PAD.encode(sealed),
            follows,
        })
    }

    fn opened(&self, who: UserId, sealed: &str) -> Option<Offer> {
        let envelope = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = self
            .core
            .secrets
            .open(&offer_context(who), &envelope)
            .ok()?;
        let (ends, rest) = plain.split_first_chunk::<8>()?;
        let (follows, seed) = rest.split_first_chunk::<32>()?;
        let in_time = self.core.clock.now().as_second() < i64::from_be_bytes(*ends);
        in_time.then(|| Offer {
            seed: Seed::of(Zeroizing::new(seed.to_vec())),
            sealed: sealed.to_owned(),
            follows: *follows,
        })
    }

    /// Sets one-time passwords up once a first code shows that the program has the seed.
    pub(crate) async fn confirm(
        &self,
        who: UserId,
        (sealed, code): (&str, &str),
        client: &Client,
    ) -> Result<Confirmed, Error> {
        let Some(offer) = self.opened(who, sealed) else {
            return Ok(Confirmed::Stale(self.offer(who).await?));
        };
        let now = self.core.clock.now();
        let step = digits(code).and_then(|code| offer.seed.step_of(&code, now));
        let Some(step) = step else {
            return Ok(Confirmed::Refused(offer));
        };
        let stored = self
            .core
            .secrets
            .seal(&context(who), offer.seed.as_bytes())?;
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let held = subject_hold_alone(&tx, who).await?;
        let held = held.filter(Subject::may_sign_in);
        held.ok_or(Error::SubjectNotFound)?;
        if predecessor(&tx, who).await? != offer.follows {
            drop(tx);
            drop(db);
            return Ok(Confirmed::Stale(self.offer(who).await?));
        }
        totp_put(&tx, who, (&stored, step), now).await?;
        let codes = self.issue(&tx, who, now).await?;
        Audit::success("totp.add")
            .actor(who)
            .subject(Some(who))
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(who, Happening::TotpAdded, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        drop(db);
        self.core.has_other_factors(who).await;
        Ok(Confirmed::Done(codes))
    }

    /// New recovery codes; the ones before stop working.
    pub(crate) async fn new_codes(
        &self,
        acting: Acting,
        client: &Client,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let now = self.core.clock.now();
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let codes = self.issue(&tx, acting.user_id, now).await?;
        Audit::success("recovery_codes.create")
            .actor(acting.user_id)
            .subject(Some(acting.user_id))
            .session(acting.session_id)
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(acting.user_id, Happening::RecoveryCodesMade, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        Ok(codes)
    }

    async fn issue(
        &self,
        tx: &impl InTransaction,
        who: UserId,
        now: Timestamp,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let codes = RecoveryCode::several(COUNT)?;
        let hash = |code: &RecoveryCode| self.core.secrets.recovery_mac(who, code);
        let hashes: Vec<_> = codes.iter().map(hash).collect();
        recovery_code_discard_of(tx, who).await?;
        recovery_code_insert(tx, who, &hashes, now).await?;
        Ok(codes)
    }

    /// Removes one-time passwords and recovery codes, and ends all other sessions if asked to. Whoever chose a
    /// password that is too short to stand alone chooses a longer one first.
    pub(crate) async fn remove(
        &self,
        acting: Acting,
        end_others: bool,
        client: &Client,
    ) -> Result<Removed, Error> {
        let (who, now) = (acting.user_id, self.core.clock.now());
        let mut db = self.core.db.client().await?;
        let tx = db.transaction().await?;
        let _held = subject_hold_alone(&tx, who).await?;
        if !totp_delete(&tx, who).await? {
            return Ok(Removed::Done);
        }
        if !password_stands_alone(&tx, who).await? {
            return Ok(Removed::PasswordTooShort);
        }
        // Whoever has passkeys may still need the paper.
        if passkey_keys_of(&tx, who).await?.is_empty() {
            recovery_code_discard_of(&tx, who).await?;
        }
        let mut ended = Vec::new();
        if end_others {
            let end = (now, EndReason::FactorRemoved.name());
            ended = session_end_all(&tx, (who, Some(acting.session_id)), end).await?;
        }
        Audit::success("totp.remove")
            .actor(who)
            .subject(Some(who))
            .session(acting.session_id)
            .client(client)
            .record(&tx, now)
            .await?;
        FactorNotice::to(who, Happening::TotpRemoved, now)
            .enqueue(&tx)
            .await?;
        tx.commit().await?;
        drop(db);
        self.sessions.announce(&ended, now).await;
        self.core.has_other_factors(who).await;
        Ok(Removed::Done)
    }
}

/// What an offer made now is to follow.
async fn predecessor(client: &impl GenericClient, who: UserId) -> Result<Predecessor, Error> {
    let found = totp_find(client, who).await?;
    Ok(found.map_or([0; 32], |(sealed, _)| Sha256::digest(sealed).into()))
}
