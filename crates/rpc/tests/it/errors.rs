//! What a callee's errors become at the caller.

use std::time::Duration;

use platform::{Class, Classify as _};
use rpc::Error;

use crate::callee::{ask, call, client, run};

#[tokio::test]
async fn a_domain_error_keeps_its_class_code_and_detail() {
    let world = testkit::Setup::new().start().await;
    let (_running, _log) = run(&world).await;
    let client = client(&world, "hello");

    let error = client
        .send_notification(call(), ask("conflict"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("letter.refused"));
    assert_eq!(error.outcome(), (Class::Conflict, "letter.refused"));
    assert_eq!(error.detail().as_deref(), Some("The letter is too long."));
    assert!(!format!("{error:?}").contains("the cause stays inside"));

    let error = client
        .send_notification(call(), ask("throttled"))
        .await
        .unwrap_err();
    assert_eq!(error.outcome().0, Class::Throttled(Duration::from_secs(9)));
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_harms_no_other_call() {
    let world = testkit::Setup::new().start().await;
    let (running, log) = run(&world).await;
    let client = client(&world, "hello");
    let held = client.send_notification(call(), ask("held"));
    let meanwhile = async {
        testkit::eventually("the other call is there", async || log.calls() == 1).await;
        let error = client
            .send_notification(call(), ask("panic"))
            .await
            .unwrap_err();
        log.release.notify_one();
        error
    };
    let (held, error) = tokio::join!(held, meanwhile);
    assert_eq!(error.outcome().0, Class::Internal);
    assert_eq!(held.unwrap().delivered, 1);
    assert!(running.lifecycle().failure().is_none());
}

#[tokio::test]
async fn nobody_there_is_unavailable_at_once() {
    let world = testkit::Setup::new().start().await;
    let error = client(&world, "hello")
        .send_notification(call(), ask("x"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoInstance { .. }), "{error:?}");
    assert_eq!(error.outcome().0, Class::Unavailable);
}
