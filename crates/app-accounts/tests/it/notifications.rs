//! A peer in place of app-notifications: it keeps what people were to be told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use platform::personal::Record;
use platform::{App, Class, Classify, Routes, Service};
use rpc::notifications::v1::notifications_service_server::{
    NotificationsService, NotificationsServiceServer,
};
use rpc::notifications::v1::{
    GetMailReadinessRequest, GetMailReadinessResponse, SendMailRequest, SendMailResponse,
    SendNotificationRequest, SendNotificationResponse,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// What the peer was asked to tell and to send, each once.
#[derive(Clone, Default)]
pub(crate) struct Notifications {
    pub(crate) sent: Arc<Mutex<Vec<SendNotificationRequest>>>,
    pub(crate) mails: Arc<Mutex<Vec<SendMailRequest>>>,
    /// Whether no mail server is set.
    pub(crate) without_server: Arc<AtomicBool>,
}

const CALLERS: rpc::server::Allow = &[
    (
        "/cloud.notifications.v1.NotificationsService/SendNotification",
        &["accounts"],
    ),
    (
        "/cloud.notifications.v1.NotificationsService/SendMail",
        &["accounts"],
    ),
    (
        "/cloud.notifications.v1.NotificationsService/GetMailReadiness",
        &["accounts"],
    ),
    rpc::personal::CALLERS,
];

/// What notifications says while no mail server is set.
#[derive(Debug, thiserror::Error)]
#[error("no mail server is set")]
struct Unconfigured;

impl Classify for Unconfigured {
    fn outcome(&self) -> (Class, &'static str) {
        (Class::Unprocessable, "notifications.mail_unconfigured")
    }
}

impl Notifications {
    /// The peer as an app that registers itself.
    pub(crate) fn app(&self) -> App {
        let peer = self.clone();
        App::new("notifications", "0.0.0").start(
            |_configuration| (),
            |boot, ()| async move {
                let service = tonic::service::Routes::new(NotificationsServiceServer::new(peer))
                    .add_service(rpc::personal::server(nothing_of));
                let guarded = rpc::server::guard(&boot, CALLERS).protect(service);
                Ok(Service::new(Routes::new()).grpc(guarded))
            },
        )
    }
}

/// The peer keeps nothing of people.
async fn nothing_of(_: Uuid) -> Result<Vec<Record>, Unconfigured> {
    Ok(Vec::new())
}

#[tonic::async_trait]
impl NotificationsService for Notifications {
    async fn send_notification(
        &self,
        request: Request<SendNotificationRequest>,
    ) -> Result<Response<SendNotificationResponse>, Status> {
        let (request, mut sent) = (request.into_inner(), self.sent.lock().unwrap());
        if !sent
            .iter()
            .any(|known| known.idempotency_key == request.idempotency_key)
        {
            sent.push(request);
        }
        Ok(Response::new(SendNotificationResponse { delivered: 1 }))
    }

    async fn send_mail(
        &self,
        request: Request<SendMailRequest>,
    ) -> Result<Response<SendMailResponse>, Status> {
        if self.without_server.load(Ordering::Relaxed) {
            return Err(rpc::server::status(&Unconfigured));
        }
        let (request, mut mails) = (request.into_inner(), self.mails.lock().unwrap());
        if !mails
            .iter()
            .any(|known| known.idempotency_key == request.idempotency_key)
        {
            mails.push(request);
        }
        Ok(Response::new(SendMailResponse {
            delivery_id: String::new(),
        }))
    }

    async fn get_mail_readiness(
        &self,
        _: Request<GetMailReadinessRequest>,
    ) -> Result<Response<GetMailReadinessResponse>, Status> {
        let ready = !self.without_server.load(Ordering::Relaxed);
        Ok(Response::new(GetMailReadinessResponse { ready }))
    }
}
