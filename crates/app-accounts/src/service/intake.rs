//! What this app does when something happened in auth.

use std::time::Duration;

use platform::Role;
use platform_pg::{Consumer, Delivery, Enqueue, Failed, Job, Tx, Worker, jobs};
use rpc::Call;
use rpc::events::auth as events;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::invitations::{Added, Invitations};
use super::people::{Change, People};
use crate::domain::name::{EmailAddress, Line, Unfit, Username};
use crate::domain::person::{NewPerson, PersonId};
use crate::store::person::person_find;

/// Kind of the job that tells the inviting person.
const TELL: &str = "accounts.tell_invitation_accepted";
/// How long notifications may take, a restart of it included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes in what happened in auth. Every event may come again.
#[derive(Clone)]
pub struct Intake {
    people: People,
    invitations: Invitations,
    notifications: NotificationsClient,
}

/// Whom to tell about whom.
#[derive(Debug, Serialize, Deserialize)]
struct Tell {
    invited_by: Uuid,
    person: Uuid,
    name: String,
}

impl Intake {
    /// Over the use cases of this app, and notifications.
    pub fn new(
        people: People,
        invitations: Invitations,
        notifications: NotificationsClient,
    ) -> Self {
        Self {
            people,
            invitations,
            notifications,
        }
    }

    /// Adds the handlers of the events.
    pub fn events(&self, consumer: Consumer) -> Consumer {
        let (first, second, third) = (self.clone(), self.clone(), self.clone());
        consumer
            .on(events::ADMINISTRATOR_CREATED, move |tx, delivery| {
                let intake = first.clone();
                async move { intake.administrator_created(&tx, &delivery).await }
            })
            .on(events::INVITATION_ACCEPTED, move |tx, delivery| {
                let intake = second.clone();
                async move { intake.invitation_accepted(&tx, &delivery).await }
            })
            .on(events::PREFERENCES_CHANGED, move |tx, delivery| {
                let intake = third.clone();
                async move { intake.preferences_changed(&tx, &delivery).await }
            })
    }

    /// Adds the handlers of the jobs.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let intake = self.clone();
        worker.on(TELL, move |job| {
            let intake = intake.clone();
            async move { intake.tell(&job).await }
        })
    }

    /// The person enters the directory.
    async fn administrator_created(&self, tx: &Tx, delivery: &Delivery) -> Result<(), Failed> {
        let event: events::AdministratorCreated = delivery.decode()?;
        let unfit =
            |field: &'static str| move |unfit: Unfit| Failed::permanent(format!("{field} {unfit}"));
        let new = NewPerson {
            id: PersonId(delivery.subject_id()?),
            username: Username::parse(&event.username).map_err(unfit("username"))?,
            email: EmailAddress::parse(&event.email).map_err(unfit("email"))?,
            display_name: Line::required(&event.display_name).map_err(unfit("display_name"))?,
            role: Role::Admin,
        };
        match self.invitations.adopt(tx, &new).await? {
            Added::Done | Added::Repeated => Ok(()),
            _ => Err(Failed::permanent(
                "another person has the user name or mail address",
            )),
        }
    }

    /// The person is active now, and whoever invited them learns of it.
    async fn invitation_accepted(&self, tx: &Tx, delivery: &Delivery) -> Result<(), Failed> {
        let event: events::InvitationAccepted = delivery.decode()?;
        let id = PersonId(delivery.subject_id()?);
        let change = self.people.activate(tx, id).await?;
        let invited_by = Uuid::parse_str(&event.invited_by).ok();
        let person = person_find(tx, id).await?;
        if let (Change::Done, Some(invited_by), Some(person)) = (change, invited_by, person) {
            let tell = Tell {
                invited_by,
                person: id.0,
                name: person.display_name,
            };
            jobs::enqueue(tx, TELL, &tell, Enqueue::once(id.to_string())).await?;
        }
        Ok(())
    }

    async fn tell(&self, job: &Job) -> Result<(), Failed> {
        let tell: Tell = job.payload()?;
        let request = SendNotificationRequest {
            idempotency_key: format!("invitation-accepted-{}", tell.person),
            recipient_ids: vec![tell.invited_by.to_string()],
            kind: "accounts.invitation_accepted".to_owned(),
            title: Some(LocalizedText {
                en: format!("{} accepted your invitation", tell.name),
                de: format!("{} hat Ihre Einladung angenommen", tell.name),
            }),
            body: None,
            path: format!("/admin/accounts/people/{}", tell.person),
        };
        let call = Call::new(PATIENCE).wait_for_ready();
        self.notifications.send_notification(call, request).await?;
        Ok(())
    }

    /// The choice becomes part of the profile.
    async fn preferences_changed(&self, tx: &Tx, delivery: &Delivery) -> Result<(), Failed> {
        let event: events::PreferencesChanged = delivery.decode()?;
        let id = PersonId(delivery.subject_id()?);
        self.people
            .change_preferences(tx, id, &event.locale, &event.theme)
            .await?;
        Ok(())
    }
}
