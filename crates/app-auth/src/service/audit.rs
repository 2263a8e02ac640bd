//! What happened and what was refused, for the audit trail: written in the transaction it belongs to.

use jiff::Timestamp;
use platform_pg::InTransaction;
use platform_pg::outbox::{self, Event};
use rpc::events::auth as events;
use rpc::events::auth::AuditRecorded;

use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::store::sign_in_events::{NewEvent, sign_in_event_insert};

/// One line of the audit trail. Has no place for a secret, nor for a name that found nobody: people type
/// passwords into the wrong field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audit {
    action: &'static str,
    outcome: &'static str,
    reason: &'static str,
    actor: Option<UserId>,
    subject: Option<UserId>,
    session: Option<SessionId>,
    client: Client,
    caller: String,
}

impl Audit {
    /// Something was done.
    pub(crate) fn success(action: &'static str) -> Self {
        Self {
            action,
            outcome: "success",
            ..Self::default()
        }
    }

    /// Something was refused.
    pub(crate) fn refused(action: &'static str, reason: &'static str) -> Self {
        Self {
            action,
            outcome: "refused",
            reason,
            ..Self::default()
        }
    }

    /// Something was tried too often.
    pub(crate) fn limited(action: &'static str) -> Self {
        Self {
            action,
            outcome: "limited",
            ..Self::default()
        }
    }

    /// Why, for what was done.
    pub(crate) fn reason(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// Who did it.
    pub(crate) fn actor(mut self, actor: UserId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Whom it happened to.
    pub(crate) fn subject(mut self, subject: Option<UserId>) -> Self {
        self.subject = subject;
        self
    }

    /// In or to which session.
    pub(crate) fn session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// From which browser.
    pub(crate) fn client(mut self, client: &Client) -> Self {
        self.client = client.clone();
        self
    }

    /// At whose request, when a service asked.
    pub(crate) fn caller(mut self, app: &str) -> Self {
        app.clone_into(&mut self.caller);
        self
    }

    /// Writes the line.
    pub(crate) async fn record(self, tx: &impl InTransaction, at: Timestamp) -> Result<(), Error> {
        let text = |id: Option<UserId>| id.map(|id| id.0.to_string()).unwrap_or_default();
        let message = AuditRecorded {
            occurred_at: at.as_millisecond(),
            action: self.action.to_owned(),
            outcome: self.outcome.to_owned(),
            reason: self.reason.to_owned(),
            actor_id: text(self.actor),
            subject_id: text(self.subject),
            session_id: self.session.map(|id| id.0.to_string()).unwrap_or_default(),
            address: self.client.address_text(),
            device: self.client.device(),
            request_id: self.client.request_id.clone(),
            caller: self.caller,
        };
        let about = self
            .subject
            .or(self.actor)
            .map(|id| id.0)
            .unwrap_or_default();
        if matches!(self.action, "sign_in" | "sign_in.second_factor") {
            let event = NewEvent {
                user_id: self.subject,
                session_id: self.session.map(|id| id.0),
                outcome: self.outcome,
                reason: self.reason,
                device: &message.device,
                known_device: self.client.device_cookie.is_some(),
                address: &message.address,
                network: &self.client.network(),
                request_id: &message.request_id,
                at,
            };
            sign_in_event_insert(tx, &event).await?;
        }
        outbox::publish(tx, Event::new(events::AUDIT, about, &message)).await?;
        Ok(())
    }
}
