//! Deadlines, on both sides.

use std::time::Duration;

use platform::{Class, Classify as _};
use rpc::{Call, Error};

use crate::callee::{app, ask, call, client, run};

#[tokio::test]
async fn a_call_ends_at_its_deadline_and_its_callee_stops_working() {
    let world = testkit::Setup::new().start().await;
    let (_running, log) = run(&world).await;
    let client = client(&world, "hello");
    // Connected before, so that the deadline passes in the handler.
    client.send_notification(call(), ask("x")).await.unwrap();

    let short = Call::new(Duration::from_millis(300));
    let error = client
        .send_notification(short, ask("held"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Deadline { .. }), "{error:?}");
    assert_eq!(error.outcome().0, Class::Timeout);
    testkit::eventually("the handler is dropped", async || log.abandoned() == 1).await;
    assert_eq!(log.calls(), 2, "a late call is not repeated");
}

#[tokio::test]
async fn a_call_that_waits_for_an_instance_gets_one_when_it_comes() {
    let world = testkit::Setup::new().start().await;
    let client = client(&world, "hello");
    let waiting = client.send_notification(call().wait_for_ready(), ask("x"));
    let (app, _log) = app();
    let (answer, _running) = tokio::join!(waiting, world.add(app));
    answer.unwrap();
}

#[tokio::test]
async fn waiting_for_an_instance_ends_at_the_deadline() {
    let world = testkit::Setup::new().start().await;
    let call = Call::new(Duration::from_millis(200)).wait_for_ready();
    let error = client(&world, "hello")
        .send_notification(call, ask("x"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoInstance { .. }), "{error:?}");
}
