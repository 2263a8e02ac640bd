//! Who may call, and for whom.

use platform::identity::{Assertion, service};
use platform::{AppId, Class, Classify as _, Clock};
use registry::{AppSecret, Keyring};
use rpc::Error;
use rpc::notifications::v1::{SendNotificationRequest, SendNotificationResponse};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use crate::callee::{ask, call, client, run};

const METHOD: &str = "/cloud.notifications.v1.NotificationsService/SendNotification";

#[tokio::test]
async fn the_person_a_call_is_made_for_rides_along() {
    let world = testkit::Setup::new().start().await;
    let (_running, _log) = run(&world).await;
    let client = client(&world, "hello");
    let who = testkit::user();
    let hello = AppId::new("hello").unwrap();
    let assertion = Assertion::verified(world.assertion(&hello, &who));
    let answer = client
        .send_notification(call().on_behalf_of(&assertion), ask(&who.username))
        .await
        .unwrap();
    assert_eq!(answer.delivered, 1);
    let alone = client
        .send_notification(call(), ask(&who.username))
        .await
        .unwrap();
    assert_eq!(alone.delivered, 0, "a call for nobody has no person");

    // An assertion made for another app is not the caller's to pass on.
    let stolen = Assertion::verified(world.assertion(&AppId::new("mail").unwrap(), &who));
    let error = client
        .send_notification(call().on_behalf_of(&stolen), ask("x"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Contract { .. }), "{error:?}");
}

#[tokio::test]
async fn an_app_that_is_not_on_the_list_is_refused() {
    let world = testkit::Setup::new().start().await;
    let (_running, log) = run(&world).await;
    let error = client(&world, "mail")
        .send_notification(call(), ask("x"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Contract { .. }), "{error:?}");
    assert_eq!(
        error.outcome().0,
        Class::Internal,
        "a service's fault, not its person's"
    );
    assert_eq!(log.calls(), 0);
}

#[tokio::test]
async fn nothing_gets_in_without_a_proof_of_who_calls() {
    let world = testkit::Setup::new().start().await;
    let (running, log) = run(&world).await;
    let address = format!("http://{}", running.grpc().unwrap());
    let (hello, callee) = (
        AppId::new("hello").unwrap(),
        AppId::new("notifications").unwrap(),
    );
    let ours = Keyring::Secret(testkit::secret());
    let foreign = Keyring::Secret(AppSecret::new([7; 32]).unwrap());
    let now = Clock::system().now();
    let old = now - jiff::SignedDuration::from_mins(5);
    let sign = |keyring: &Keyring, to: &AppId, at| service::sign(keyring, &hello, to, at).unwrap();

    let refused = [
        ("nothing", None),
        ("nonsense", Some("nonsense".to_owned())),
        ("forged", Some(sign(&foreign, &callee, now))),
        ("expired", Some(sign(&ours, &callee, old))),
        ("for another app", Some(sign(&ours, &hello, now))),
    ];
    for (what, token) in refused {
        let status = raw(&address, METHOD, token).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{what}");
    }
    assert_eq!(log.calls(), 0);
    raw(&address, METHOD, Some(sign(&ours, &callee, now)))
        .await
        .unwrap();

    let unlisted = "/cloud.notifications.v1.NotificationsService/DeleteEverything";
    let status = raw(&address, unlisted, Some(sign(&ours, &callee, now)))
        .await
        .unwrap_err();
    assert_eq!(
        status.code(),
        Code::PermissionDenied,
        "what is not listed is refused"
    );
}

/// A call by a client that is not ours.
async fn raw(
    address: &str,
    method: &'static str,
    token: Option<String>,
) -> Result<SendNotificationResponse, Status> {
    let channel = tonic::transport::Endpoint::from_shared(address.to_owned())
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.unwrap();
    let mut request = Request::new(ask("x"));
    if let Some(token) = token {
        request
            .metadata_mut()
            .insert("cloud-service", token.parse().unwrap());
    }
    let path = http::uri::PathAndQuery::from_static(method);
    let codec = ProstCodec::<SendNotificationRequest, SendNotificationResponse>::default();
    grpc.unary(request, path, codec)
        .await
        .map(tonic::Response::into_inner)
}
