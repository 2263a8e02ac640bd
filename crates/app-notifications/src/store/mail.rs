//! Table `mail`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::mail::Mail;
use crate::domain::trouble::Trouble;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// A mail server took it.
    Delivered,
    /// It cannot be delivered.
    Refused,
    /// Its time was over before anybody took it.
    Expired,
}

impl Settled {
    fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }
}

/// A mail on its way.
#[derive(Debug)]
pub struct Queued {
    /// Envelope and message, encrypted.
    pub sealed: Vec<u8>,
    /// Not sent after this.
    pub expires_at: Timestamp,
}

/// A mail as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRecord {
    /// Identifies it.
    pub mail_id: Uuid,
    /// The app that sent it.
    pub sender: String,
    /// Which of that app's mails it is.
    pub template: String,
    /// `security` or `normal`.
    pub class: String,
    /// The masked address.
    pub recipient: String,
    /// `queued`, `delivered`, `refused` or `expired`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last attempt failed; empty if none did.
    pub trouble: String,
    /// What the mail server said to it.
    pub reply: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When nothing was left to do.
    pub settled_at: Option<Timestamp>,
}

/// Stores a mail. `false`: the sender's key is in use.
pub async fn mail_insert(
    client: &impl GenericClient,
    (mail_id, sender): (Uuid, &str),
    mail: &Mail,
    sealed: &[u8],
    (accepted_at, expires_at): (Timestamp, Timestamp),
) -> Result<bool, Error> {
    let inserted = client
        .execute(
            include_str!("../../sql/mail_insert.sql"),
            &[
                &mail_id,
                &sender,
                &mail.idempotency_key,
                &mail.template,
                &mail.class.name(),
                &mail.person,
                &mail.address.masked(),
                &sealed,
                &accepted_at,
                &expires_at,
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// The mail a sender's key stands for.
pub async fn mail_find_by_key(
    client: &impl GenericClient,
    sender: &str,
    key: &str,
) -> Result<Option<Uuid>, Error> {
    let row = client
        .query_opt(
            include_str!("../../sql/mail_find_by_key.sql"),
            &[&sender, &key],
        )
        .await?;
    Ok(row.map(|row| row.try_get("mail_id")).transpose()?)
}

/// A mail that is still to be delivered.
pub async fn mail_queued(
    client: &impl GenericClient,
    mail_id: Uuid,
) -> Result<Option<Queued>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/mail_queued.sql"), &[&mail_id])
        .await?;
    row.map(|row| {
        Ok(Queued {
            sealed: row.try_get("sealed")?,
            expires_at: row.try_get("expires_at")?,
        })
    })
    .transpose()
}

/// Notes a failed attempt.
pub async fn mail_tried(
    client: &impl GenericClient,
    mail_id: Uuid,
    trouble: &Trouble,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/mail_tried.sql"),
            &[&mail_id, &trouble.cause.name(), &trouble.reply, &at],
        )
        .await?;
    Ok(())
}

/// Notes what became of a mail, and wipes it. `attempts`: 1 when it was tried just now.
pub async fn mail_settle(
    client: &impl GenericClient,
    mail_id: Uuid,
    (state, attempts): (Settled, i32),
    trouble: Option<&Trouble>,
    at: Timestamp,
) -> Result<(), Error> {
    let (cause, reply) = trouble.map_or(("", ""), |trouble| {
        (trouble.cause.name(), trouble.reply.as_str())
    });
    client
        .execute(
            include_str!("../../sql/mail_settle.sql"),
            &[&mail_id, &state.name(), &attempts, &cause, &reply, &at],
        )
        .await?;
    Ok(())
}

/// Gives up and wipes what was not delivered in time. Returns how many there were.
pub async fn mail_expire(client: &impl GenericClient, now: Timestamp) -> Result<u64, Error> {
    client
        .execute(include_str!("../../sql/mail_expire.sql"), &[&now])
        .await
}

/// The latest mails, `limit` of them from `offset` on.
pub async fn mail_list(
    client: &impl GenericClient,
    limit: i64,
    offset: i64,
) -> Result<Vec<MailRecord>, Error> {
    let rows = client
        .query(include_str!("../../sql/mail_list.sql"), &[&limit, &offset])
        .await?;
    rows.iter().map(record).collect()
}

/// How many mails wait.
pub async fn mail_count(client: &impl GenericClient) -> Result<i64, Error> {
    let row = client
        .query_one(include_str!("../../sql/mail_count.sql"), &[])
        .await?;
    Ok(row.try_get("queued")?)
}

/// Deletes the records of what was settled before `before`.
pub async fn mail_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64, Error> {
    client
        .execute(include_str!("../../sql/mail_purge.sql"), &[&before])
        .await
}

fn record(row: &Row) -> Result<MailRecord, Error> {
    Ok(MailRecord {
        mail_id: row.try_get("mail_id")?,
        sender: row.try_get("sender")?,
        template: row.try_get("template")?,
        class: row.try_get("class")?,
        recipient: row.try_get("recipient")?,
        state: row.try_get("state")?,
        attempts: row.try_get("attempts")?,
        trouble: row.try_get("trouble")?,
        reply: row.try_get("reply")?,
        accepted_at: row.try_get("accepted_at")?,
        settled_at: row.try_get("settled_at")?,
    })
}
