//! The notice about a sign-in with a new browser, as app-notifications receives it.

use std::sync::{Arc, Mutex};

use platform::routes::Routes;
use platform::{App, Running, Service};
use rpc::notifications::v1::notifications_service_server::{
    NotificationsService, NotificationsServiceServer,
};
use rpc::notifications::v1::{
    GetMailReadinessRequest, GetMailReadinessResponse, SendMailRequest, SendMailResponse,
    SendNotificationRequest, SendNotificationResponse,
};
use tonic::{Request, Response, Status};

use crate::house::House;

type Received = Arc<Mutex<Vec<SendNotificationRequest>>>;

struct Inbox(Received);

#[tonic::async_trait]
impl NotificationsService for Inbox {
    async fn send_notification(
        &self,
        request: Request<SendNotificationRequest>,
    ) -> Result<Response<SendNotificationResponse>, Status> {
        self.0.lock().unwrap().push(request.into_inner());
        Ok(Response::new(SendNotificationResponse { delivered: 1 }))
    }

    async fn send_mail(
        &self,
        _request: Request<SendMailRequest>,
    ) -> Result<Response<SendMailResponse>, Status> {
        Err(Status::unimplemented("an inbox takes no mail"))
    }

    async fn get_mail_readiness(
        &self,
        _request: Request<GetMailReadinessRequest>,
    ) -> Result<Response<GetMailReadinessResponse>, Status> {
        Ok(Response::new(GetMailReadinessResponse { ready: false }))
    }
}

async fn open_inbox(house: &House, received: Received) -> Running {
    let app = App::new("notifications", "1").start(
        |_| (),
        move |boot, ()| async move {
            let guard = rpc::server::guard(
                &boot,
                &[(
                    "/cloud.notifications.v1.NotificationsService/SendNotification",
                    &["auth"],
                )],
            );
            let server = NotificationsServiceServer::new(Inbox(received));
            let grpc = guard.protect(tonic::service::Routes::new(server));
            Ok(Service::new(Routes::new()).grpc(grpc))
        },
    );
    house.host.run(app, house.environment()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_with_a_new_browser_rings_the_bell_once() {
    let house = House::open().await;
    let received = Received::default();
    let admin = house.administrator().await;
    admin.sign_in_again().await;
    let phone = house.visitor();
    // Nobody takes notices yet: this one waits.
    phone.sign_in_well("grace").await;
    let inbox = open_inbox(&house, Arc::clone(&received)).await;
    testkit::eventually("the notice arrives", async || {
        !received.lock().unwrap().is_empty()
    })
    .await;
    phone.sign_in_again().await;
    house.visitor().sign_in_well("grace").await;
    testkit::eventually("the next new browser too", async || {
        received.lock().unwrap().len() >= 2
    })
    .await;
    let notices = received.lock().unwrap().clone();
    assert_eq!(
        notices.len(),
        2,
        "set-up and familiar browsers ring no bell: {notices:#?}"
    );
    let first = &notices[0];
    let who = house
        .introspect(&admin.session())
        .await
        .unwrap()
        .subject
        .unwrap()
        .user_id;
    assert_eq!(first.recipient_ids, [who]);
    assert_eq!(
        (first.kind.as_str(), first.path.as_str()),
        ("auth.new_sign_in", "/auth/security")
    );
    assert_ne!(first.idempotency_key, notices[1].idempotency_key);
    let (title, body) = (first.title.clone().unwrap(), first.body.clone().unwrap());
    assert!(!title.en.is_empty() && !title.de.is_empty() && title.en != title.de);
    assert!(
        body.en.contains("Firefox on Linux from 192.0.2.10"),
        "{}",
        body.en
    );
    assert!(
        body.de.contains("Firefox auf Linux von 192.0.2.10"),
        "{}",
        body.de
    );
    inbox.stop();
    inbox.stopped().await;
}
