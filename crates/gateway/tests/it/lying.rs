//! Apps that do not keep to the rules. A client gets the truth about it: 502, 504, or an answer that visibly breaks off,
//! never one that only looks whole. And nobody gets what was meant for somebody else, whatever an app says on a
//! connection that others are to use.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::bare::BareApp;
use crate::given::Platform;
use crate::peer::PeerOptions;

mod bodies;
mod heads;
mod liar;
mod lie;
mod talk;
mod unasked;

use liar::Liar;
use lie::Lie;

fn table() -> Vec<Lie> {
    [bodies::lies(), heads::lies(), unasked::lies()]
        .into_iter()
        .flatten()
        .collect()
}

/// Apps that share the lies among themselves.
const LIARS: [&str; 4] = ["liar-a", "liar-b", "liar-c", "liar-d"];

/// Tells every lie; fails with all that were believed.
async fn tell(lies: Vec<Lie>) {
    let platform = Platform::new().await;
    let count = lies.len();
    let mut shares: Vec<Vec<Lie>> = LIARS.iter().map(|_| Vec::new()).collect();
    for (number, lie) in lies.into_iter().enumerate() {
        shares[number % LIARS.len()].push(lie);
    }
    let (mut liars, mut apps) = (Vec::new(), Vec::new());
    for (app, lies) in LIARS.into_iter().zip(shares) {
        let liar = Arc::new(Liar::new(app, lies));
        let own = Arc::clone(&liar);
        let serve = move |stream| Arc::clone(&own).serve(stream);
        apps.push(BareApp::start(&platform, options(app), serve).await);
        liars.push(liar);
    }
    let gateway = platform.gateway().await;
    for app in LIARS {
        gateway.serves(&format!("/app/{app}/good"), None).await;
    }
    let tales = liars.iter().map(|liar| tell_all(liar, gateway.address));
    let mut report = futures_util::future::join_all(tales).await.concat();
    drop(gateway);
    for app in &apps {
        app.is_left_alone().await;
    }
    report.extend(
        liars
            .iter()
            .flat_map(|liar| liar.oddities.lock().unwrap().clone()),
    );
    assert!(
        report.is_empty(),
        "{} of {count} lies:\n{}",
        report.len(),
        report.join("\n")
    );
}

/// One lie after the other, so that the next request finds the connection that the last one left.
async fn tell_all(liar: &Liar, gateway: SocketAddr) -> Vec<String> {
    let mut report = Vec::new();
    for (number, lie) in liar.lies.iter().enumerate() {
        let mut complaints = talk::hear(gateway, liar.app, (number, lie)).await;
        // What an app adds later has arrived before anybody else is served.
        if !liar.is_through(number).await {
            complaints.push("the gateway does not let go of the app".to_owned());
        }
        tokio::time::sleep(lie::AFTERWARDS).await;
        for turn in 0..3 {
            let id = format!("{number}-{turn}");
            complaints.extend(talk::ask_properly(gateway, liar.app, &id).await);
        }
        if !complaints.is_empty() {
            let complaints = complaints.join("\n    * ");
            report.push(format!(
                "- {} (RFC {})\n    * {complaints}",
                lie.name, lie.clause
            ));
        }
    }
    report
}

/// Answers within a moment, or the gateway stops waiting.
fn options(app: &str) -> PeerOptions {
    let mut options = PeerOptions::new(app);
    options.entry.policy = vec![registry::PrefixPolicy {
        prefix: format!("/app/{app}/short"),
        request_timeout_ms: Some(300),
        idle_timeout_ms: Some(300),
        ..registry::PrefixPolicy::default()
    }];
    options
}

#[test]
fn every_lie_has_its_own_name_and_a_clause() {
    let table = table();
    let mut names = std::collections::HashSet::new();
    for lie in &table {
        assert!(names.insert(lie.name), "{} is there twice", lie.name);
        assert!(
            lie.clause.starts_with(|first: char| first.is_ascii_digit()),
            "{}",
            lie.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lie_is_believed() {
    tell(table()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blanks_before_an_extension_are_bounded() {
    tell(bodies::blanks()).await;
}

#[tokio::test]
async fn an_answer_before_the_question_moves_no_other_answer() {
    let platform = Platform::new().await;
    let liar = Arc::new(Liar::new("eager", Vec::new()));
    let own = Arc::clone(&liar);
    let serve = move |stream| Arc::clone(&own).serve_eagerly(stream);
    let _app = BareApp::start(&platform, options("eager"), serve).await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/eager/good", None).await;
    for turn in 0..10 {
        let told = liar.answered.load(Ordering::SeqCst);
        let id = turn.to_string();
        let answer = talk::ask(gateway.address, "eager", &id).await.unwrap();
        // It may get what was said first, or nothing; never what another question was answered with.
        let (status, text) = (answer.status, answer.text());
        let is_own = status == 200 && (text == format!("good {id}") || text == "poison");
        assert!(is_own || status == 502, "{id} got {status} {text}");
        if is_own {
            testkit::eventually("the question is answered as well", async || {
                liar.answered.load(Ordering::SeqCst) > told
            })
            .await;
        }
        tokio::time::sleep(lie::AFTERWARDS).await;
    }
}
