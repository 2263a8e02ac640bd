//! Telling managers that somebody asks to be let into a group, and telling that person what was decided.

use std::time::Duration;

use platform::Clock;
use platform_pg::{Database, Failed, Job, Worker};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::joining::{Request, RequestId, RequestState};
use crate::domain::person::PersonId;
use crate::store::managing::people_to_ask;
use crate::store::request::request_lock;

/// Kind of the job.
pub(super) const TELL: &str = "accounts.tell_group_request";
/// How long notifications may take, a restart of it included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which request to tell of.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tell {
    /// The request.
    pub(super) request: Uuid,
    /// Whether it was decided: then whoever asked is told, else whoever decides.
    pub(super) decided: bool,
}

/// Tells people about requests.
#[derive(Clone)]
pub struct RequestNotices {
    db: Database,
    clock: Clock,
    notifications: NotificationsClient,
}

impl RequestNotices {
    /// Over the tables of this app, and notifications.
    pub fn new(db: Database, clock: Clock, notifications: NotificationsClient) -> Self {
        Self {
            db,
            clock,
            notifications,
        }
    }

    /// Adds the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let notices = self.clone();
        worker.on(TELL, move |job| {
            let notices = notices.clone();
            async move { notices.tell(&job).await }
        })
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let tell: Tell = job.payload()?;
        let client = self.db.client().await?;
        let Some(request) = request_lock(&client, RequestId(tell.request)).await? else {
            return Ok(());
        };
        let message = if tell.decided {
            decided(&request)
        } else if request.state == RequestState::Open {
            let whom = people_to_ask(&client, request.group, self.clock.now()).await?;
            Some(asked(&request, &whom))
        } else {
            None
        };
        drop(client);
        if let Some(message) = message.filter(|message| !message.recipient_ids.is_empty()) {
            let call = Call::new(PATIENCE).wait_for_ready();
            self.notifications.send_notification(call, message).await?;
        }
        Ok(())
    }
}

fn asked(request: &Request, whom: &[PersonId]) -> SendNotificationRequest {
    let (person, group) = (&request.person_name, &request.group_name);
    SendNotificationRequest {
        idempotency_key: format!("group-request-{}", request.id),
        recipient_ids: whom.iter().map(PersonId::to_string).collect(),
        kind: "accounts.group_requested".to_owned(),
        title: Some(LocalizedText {
            en: format!("{person} asks to be let into {group}"),
            de: format!("{person} möchte in die Gruppe {group}"),
        }),
        body: said(&request.note),
        path: format!("/app/accounts/groups/{}", request.group),
    }
}

fn decided(request: &Request) -> Option<SendNotificationRequest> {
    let group = &request.group_name;
    let (title, body) = match request.state {
        RequestState::Approved => (
            LocalizedText {
                en: format!("You are in {group} now"),
                de: format!("Sie sind jetzt in {group}"),
            },
            None,
        ),
        RequestState::Denied => (
            LocalizedText {
                en: format!("Your request for {group} was denied"),
                de: format!("Ihre Anfrage für {group} wurde abgelehnt"),
            },
            said(&request.reason),
        ),
        RequestState::Open | RequestState::Withdrawn => return None,
    };
    Some(SendNotificationRequest {
        idempotency_key: format!("group-request-decided-{}", request.id),
        recipient_ids: vec![request.person.to_string()],
        kind: "accounts.group_request_decided".to_owned(),
        title: Some(title),
        body,
        path: "/app/accounts/groups".to_owned(),
    })
}

/// What somebody typed is the same in every language.
fn said(text: &str) -> Option<LocalizedText> {
    (!text.is_empty()).then(|| LocalizedText {
        en: text.to_owned(),
        de: text.to_owned(),
    })
}
