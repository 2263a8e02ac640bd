//! A service to call: it does what the idempotency key of a notification says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use platform::{App, Class, Classify, Routes, Running, Service, StartError};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::notifications_service_server::{
    NotificationsService, NotificationsServiceServer,
};
use rpc::notifications::v1::{
    GetMailReadinessRequest, GetMailReadinessResponse, SendMailRequest, SendMailResponse,
    SendNotificationRequest, SendNotificationResponse,
};
use rpc::server::{Allow, caller, guard, status};
use testkit::World;
use tokio::sync::Notify;
use tonic::{Request, Response, Status};

/// Only the app `hello` may call.
const ALLOW: Allow = &[(
    "/cloud.notifications.v1.NotificationsService/SendNotification",
    &["hello"],
)];

/// What a callee went through.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) calls: AtomicUsize,
    pub(crate) abandoned: AtomicUsize,
    /// Lets calls with the key `held` go on.
    pub(crate) release: Notify,
    /// Answers `Unavailable` while not zero.
    pub(crate) unavailable: AtomicUsize,
}

impl Log {
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn abandoned(&self) -> usize {
        self.abandoned.load(Ordering::SeqCst)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the cause stays inside")]
struct Refused(Class);

impl Classify for Refused {
    fn outcome(&self) -> (Class, &'static str) {
        (self.0, "letter.refused")
    }

    fn detail(&self) -> Option<String> {
        Some("The letter is too long.".to_owned())
    }
}

/// Counts a handler that was dropped before its end.
struct Unfinished<'a>(&'a Log, bool);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.abandoned.fetch_add(1, Ordering::SeqCst);
        }
    }
}

struct Callee(Arc<Log>);

#[tonic::async_trait]
impl NotificationsService for Callee {
    async fn send_notification(
        &self,
        request: Request<SendNotificationRequest>,
    ) -> Result<Response<SendNotificationResponse>, Status> {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        let who = caller(&request)?;
        let person = who.person.as_ref().map(|person| person.username.clone());
        assert_eq!(who.app.as_str(), "hello");
        if self.0.unavailable.load(Ordering::SeqCst) > 0 {
            return Err(status(&Refused(Class::Unavailable)));
        }
        let mut unfinished = Unfinished(&self.0, false);
        let delivered = match request.get_ref().idempotency_key.as_str() {
            "conflict" => return Err(status(&Refused(Class::Conflict))),
            "throttled" => {
                return Err(status(&Refused(Class::Throttled(Duration::from_secs(9)))));
            }
            "panic" => panic!("as asked"),
            "held" => {
                self.0.release.notified().await;
                1
            }
            // Whether the person a call is made for is known.
            name => i32::from(person.is_some_and(|person| person == name)),
        };
        unfinished.1 = true;
        Ok(Response::new(SendNotificationResponse { delivered }))
    }

    async fn send_mail(
        &self,
        _request: Request<SendMailRequest>,
    ) -> Result<Response<SendMailResponse>, Status> {
        Err(Status::unimplemented("not called"))
    }

    async fn get_mail_readiness(
        &self,
        _request: Request<GetMailReadinessRequest>,
    ) -> Result<Response<GetMailReadinessResponse>, Status> {
        Err(Status::unimplemented("not called"))
    }
}

/// The app that is called, and its log.
pub(crate) fn app() -> (App, Arc<Log>) {
    let log: Arc<Log> = Arc::default();
    let callee = Callee(Arc::clone(&log));
    let app = App::new("notifications", "1.0.0").start(
        |_| (),
        move |boot, ()| async move {
            let routes = tonic::service::Routes::new(NotificationsServiceServer::new(callee));
            let guarded = guard(&boot, ALLOW).protect(routes);
            Ok::<_, StartError>(Service::new(Routes::new()).grpc(guarded))
        },
    );
    (app, log)
}

/// Starts one instance; callers know of it when this returns.
pub(crate) async fn run(world: &World) -> (Running, Arc<Log>) {
    let (app, log) = app();
    let running = world.add(app).await;
    testkit::eventually("the instance is seen", async || {
        let snapshot = world.host.registry().snapshot();
        snapshot
            .entries
            .iter()
            .any(|entry| entry.instance == *running.instance())
    })
    .await;
    (running, log)
}

/// A client as `app` would have it.
pub(crate) fn client(world: &World, app: &str) -> NotificationsClient {
    rpc::notifications::client(&world.boot(app))
}

/// A call that a passing test never waits out.
pub(crate) fn call() -> Call {
    Call::new(Duration::from_secs(20))
}

pub(crate) fn ask(key: &str) -> SendNotificationRequest {
    SendNotificationRequest {
        idempotency_key: key.to_owned(),
        ..SendNotificationRequest::default()
    }
}
