//! `cloud.notifications.v1.NotificationsService`: convert, call the use case, convert.

use platform::AppId;
use rpc::notifications::v1::notifications_service_server::NotificationsService;
use rpc::notifications::v1::{
    GetMailReadinessRequest, GetMailReadinessResponse, LocalizedText, SendMailRequest,
    SendMailResponse, SendNotificationRequest, SendNotificationResponse,
};
use rpc::server::{caller, status};
use tonic::{Request, Response, Status};

use crate::domain::notification::Draft;
use crate::error::Error;
use crate::service::inbox::Inbox;
use crate::service::mail::Mailing;

mod mail;

/// Which apps may call which method: every app may tell people something, under its own name. Mail leaves the
/// house, so its senders are named.
pub const CALLERS: rpc::server::Allow = &[
    (
        "/cloud.notifications.v1.NotificationsService/SendNotification",
        &["*"],
    ),
    (
        "/cloud.notifications.v1.NotificationsService/SendMail",
        &["accounts", "auth"],
    ),
    (
        "/cloud.notifications.v1.NotificationsService/GetMailReadiness",
        &["accounts", "auth"],
    ),
    rpc::personal::CALLERS,
];

/// The service.
#[derive(Debug)]
pub struct Grpc {
    inbox: Inbox,
    mailing: Mailing,
}

impl Grpc {
    /// Over the use cases of this app.
    pub fn new(inbox: Inbox, mailing: Mailing) -> Self {
        Self { inbox, mailing }
    }
}

#[tonic::async_trait]
impl NotificationsService for Grpc {
    async fn send_notification(
        &self,
        request: Request<SendNotificationRequest>,
    ) -> Result<Response<SendNotificationResponse>, Status> {
        let sender: AppId = caller(&request)?.app.clone();
        let notification = draft(request.into_inner())
            .check()
            .map_err(|error| status(&Error::from(error)))?;
        let reached = self
            .inbox
            .deliver(sender.as_str(), &notification)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(SendNotificationResponse {
            delivered: i32::try_from(reached).unwrap_or(i32::MAX),
        }))
    }

    async fn send_mail(
        &self,
        request: Request<SendMailRequest>,
    ) -> Result<Response<SendMailResponse>, Status> {
        let sender: AppId = caller(&request)?.app.clone();
        let mail = mail::draft(request.into_inner())
            .check()
            .map_err(|error| status(&Error::from(error)))?;
        let accepted = self.mailing.accept(sender.as_str(), &mail).await;
        let delivery_id = accepted.map_err(|error| status(&error))?.to_string();
        Ok(Response::new(SendMailResponse { delivery_id }))
    }

    async fn get_mail_readiness(
        &self,
        _request: Request<GetMailReadinessRequest>,
    ) -> Result<Response<GetMailReadinessResponse>, Status> {
        let ready = self.mailing.letterhead().is_some();
        Ok(Response::new(GetMailReadinessResponse { ready }))
    }
}

fn draft(request: SendNotificationRequest) -> Draft {
    let text =
        |text: Option<LocalizedText>| text.map(|text| (text.en, text.de)).unwrap_or_default();
    Draft {
        idempotency_key: request.idempotency_key,
        recipients: request.recipient_ids,
        kind: request.kind,
        title: text(request.title),
        body: text(request.body),
        path: request.path,
    }
}
