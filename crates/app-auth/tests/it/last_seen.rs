//! When people were last seen, as accounts is told.

use jiff::SignedDuration;
use rpc::auth::v1 as wire;

use crate::api_keys::{make, shown};
use crate::grpc::refused_by_the_guard;
use crate::house::{House, call};

/// Who was seen since a moment, and whether there are more.
async fn seen(house: &House, request: wire::ListLastSeenRequest) -> (Vec<(String, i64)>, bool) {
    let people = house.people_rpc("accounts");
    let answer = people.list_last_seen(call(), request).await.unwrap();
    let rows = answer
        .people
        .into_iter()
        .map(|row| (row.user_id, row.seen_at));
    (rows.collect(), answer.more)
}

fn since(at: jiff::Timestamp) -> wire::ListLastSeenRequest {
    wire::ListLastSeenRequest {
        since: at.as_second(),
        ..wire::ListLastSeenRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_and_a_key_show_that_somebody_is_there() {
    let house = House::open().await;
    let begun = house.now();
    let (ada, visitor) = house.person("ada").await;
    let ada = ada.user_id;
    let (all, _) = seen(&house, since(begun)).await;
    assert_eq!(all, [(ada.clone(), house.now().as_second())]);

    let key = shown(&make(&visitor, &[]).await);
    house.later(SignedDuration::from_hours(2));
    house.introspect(&visitor.session()).await.unwrap();
    let by_session = house.now();
    let (all, _) = seen(&house, since(begun)).await;
    assert_eq!(all, [(ada.clone(), by_session.as_second())], "once each");

    house.later(SignedDuration::from_hours(2));
    assert!(house.recognise(&key, "").await.is_some());
    let by_key = house.now();
    let (all, _) = seen(&house, since(by_session)).await;
    assert_eq!(all, [(ada, by_key.as_second())]);

    let later = by_key + SignedDuration::from_secs(1);
    assert!(seen(&house, since(later)).await.0.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_remembered_when_its_sessions_are_not() {
    let house = House::open().await;
    let (ada, _) = house.person("ada").await;
    let at = house.now().as_second();
    let sql = house.sql().await;
    sql.execute("DELETE FROM auth.sessions", &[]).await.unwrap();
    let (all, _) = seen(&house, wire::ListLastSeenRequest::default()).await;
    assert_eq!(all, [(ada.user_id, at)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_in_parts_and_leaves_nobody_out() {
    let house = House::open().await;
    let mut expected = Vec::new();
    for name in ["ada", "ben", "cleo", "dora", "emil"] {
        let (subject, _) = house.person(name).await;
        expected.push((subject.user_id, house.now().as_second()));
        // Two and two are of the same second.
        if matches!(name, "ben" | "dora") {
            house.later(SignedDuration::from_secs(1));
        }
    }
    expected.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    let mut request = wire::ListLastSeenRequest {
        limit: 1,
        ..wire::ListLastSeenRequest::default()
    };
    let mut all = Vec::new();
    loop {
        let (part, more) = seen(&house, request.clone()).await;
        assert_eq!(part.len(), 1);
        all.extend(part);
        let last = all.last().unwrap();
        request.since = last.1;
        request.after_user_id.clone_from(&last.0);
        if !more {
            break;
        }
    }
    assert_eq!(all, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_alone_is_told() {
    let house = House::open().await;
    for caller in ["accounts", "cloud", "gateway", "hello", "settings"] {
        let people = house.people_rpc(caller);
        let request = wire::ListLastSeenRequest::default();
        let outcome = people.list_last_seen(call(), request).await.map(drop);
        let refused = refused_by_the_guard(&outcome);
        assert_eq!(refused, caller != "accounts", "{caller}");
    }
}
