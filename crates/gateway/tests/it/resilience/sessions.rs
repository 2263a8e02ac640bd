//! Sessions when many ask at once, and when auth is away.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use gateway::Belief;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::auth::{Auth, principal, token};
use crate::bare::reader::{Answer, Reader};
use crate::given::{Echo, Platform, World, client, world_of};
use crate::identity::{Signed, cookie, revoke, signed, signed_in};

/// A connection that is kept.
struct Line {
    reader: Reader<tokio::net::tcp::OwnedReadHalf>,
    to: tokio::net::tcp::OwnedWriteHalf,
}

impl Line {
    async fn open(world: &World) -> Self {
        let stream = TcpStream::connect(world.gateway.address).await.unwrap();
        let (from, to) = stream.into_split();
        Self {
            reader: Reader::new(from),
            to,
        }
    }

    async fn ask(&mut self, cookie: &str) {
        let request =
            format!("GET /app/hello/echo HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
        self.to.write_all(request.as_bytes()).await.unwrap();
    }

    async fn answer(&mut self) -> Answer {
        self.reader.answer(false).await.unwrap().unwrap()
    }
}

/// What the app was told about who asks.
fn assertion(answer: &Answer) -> Option<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let echo: Echo = serde_json::from_str(&answer.text()).unwrap();
    echo.header("cloud-identity").map(ToOwned::to_owned)
}

/// Whom an assertion is about. Whether it is genuine is another test's business.
fn subject(assertion: &str) -> String {
    let claims = assertion.split('.').nth(1).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_first_requests_of_a_session_are_one_question() {
    let signed = signed().await;
    signed.auth.sign_in(&token('b'), principal("bob"));
    signed.is_listening().await;
    signed.auth.state.is_gated.store(true, Ordering::SeqCst);
    let before = signed.auth.questions();
    let mut lines = Vec::new();
    for number in 0..200 {
        let mut line = Line::open(&signed.world).await;
        line.ask(&cookie(if number % 2 == 0 { 'a' } else { 'b' }))
            .await;
        lines.push(line);
    }
    testkit::eventually("both questions came", async || {
        signed.auth.questions() == before + 2
    })
    .await;
    // Nobody can see from outside that all of them wait; what comes late would find the answer remembered.
    tokio::time::sleep(Duration::from_millis(100)).await;
    signed.auth.state.gate.add_permits(2);
    let answers = join_all(lines.iter_mut().map(Line::answer)).await;
    let told: Vec<String> = answers
        .iter()
        .map(|answer| subject(&assertion(answer).unwrap()))
        .collect();
    for (number, told_here) in told.iter().enumerate() {
        assert_eq!(told_here, &told[number % 2], "nobody is taken for another");
    }
    assert_ne!(told[0], told[1]);
    assert_eq!(signed.auth.questions(), before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_not_answered_is_not_asked_again_by_all_who_waited() {
    let signed = signed().await;
    signed.is_listening().await;
    signed.auth.state.is_gated.store(true, Ordering::SeqCst);
    let before = signed.auth.questions();
    let mut lines = Vec::new();
    for _ in 0..20 {
        let mut line = Line::open(&signed.world).await;
        line.ask(&cookie('a')).await;
        lines.push(line);
    }
    let answers = join_all(lines.iter_mut().map(Line::answer)).await;
    assert!(answers.iter().all(|answer| answer.status == 503));
    let questions = signed.auth.questions() - before;
    assert!(questions <= 5, "{questions}");
}

#[tokio::test]
async fn a_revocation_is_heard_on_a_connection_that_is_kept() {
    let signed = signed().await;
    let ada = signed.person(&cookie('a')).await.unwrap();
    let mut line = Line::open(&signed.world).await;
    for _ in 0..3 {
        line.ask(&cookie('a')).await;
        assert!(assertion(&line.answer().await).is_some());
    }
    signed.auth.sign_out(&token('a'));
    let message = format!("{{\"session\":\"{}\"}}", ada.session_id);
    signed.publish(&message).await;
    testkit::eventually("the session is over on the same connection", async || {
        line.ask(&cookie('a')).await;
        assertion(&line.answer().await).is_none()
    })
    .await;
    // And stays so.
    line.ask(&cookie('a')).await;
    assert!(assertion(&line.answer().await).is_none());
}

/// Waits until auth answers nothing more, not even on a connection that was open.
async fn is_away(world: &World) {
    let mut number = 0;
    testkit::eventually("auth is away", async || {
        number += 1;
        let request = client().get(world.url("/app/hello/echo"));
        let unknown = format!("cloud={number:043}");
        let response = request.header("cookie", unknown).send().await.unwrap();
        response.status() == 503
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_revoked_while_auth_is_away_is_not_believed() {
    for kind in ["session", "user", "all"] {
        let signed = signed().await;
        let ada = signed.person(&cookie('a')).await.unwrap();
        let message = match kind {
            "session" => format!("{{\"session\":\"{}\"}}", ada.session_id),
            "user" => format!("{{\"user\":\"{}\"}}", ada.user_id),
            _ => "\"all\"".to_owned(),
        };
        let Signed { world, auth, .. } = signed;
        let _lease = auth.die().await;
        is_away(&world).await;
        let mut line = Line::open(&world).await;
        line.ask(&cookie('a')).await;
        assert!(
            assertion(&line.answer().await).is_some(),
            "known before {kind}"
        );
        revoke(&world, &message).await;
        testkit::eventually("the session is not believed any more", async || {
            line.ask(&cookie('a')).await;
            let answer = line.answer().await;
            // Signed out and unknown are not the same: nobody becomes anonymous.
            let is_refused = answer.status == 503;
            assert!(is_refused || assertion(&answer).is_some());
            is_refused
        })
        .await;
        let before = world.hello.requests();
        line.ask(&cookie('a')).await;
        assert_eq!(line.answer().await.status, 503, "{kind}");
        assert_eq!(
            world.hello.requests(),
            before,
            "no app is asked for somebody unknown"
        );
    }
}

#[tokio::test]
async fn while_auth_is_away_nobody_unknown_passes_for_anonymous() {
    let signed = signed().await;
    assert!(signed.person(&cookie('a')).await.is_some());
    let Signed { world, auth, .. } = signed;
    let _lease = auth.die().await;
    is_away(&world).await;
    let before = world.hello.requests();
    let unknown = ('b'..='t').map(|letter| {
        let request = client().get(world.url("/app/hello/echo"));
        request.header("cookie", cookie(letter)).send()
    });
    for response in join_all(unknown).await {
        let response = response.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "3");
    }
    assert_eq!(world.hello.requests(), before);
    // The one that was known still is, and those without a session need nobody.
    let mut line = Line::open(&world).await;
    line.ask(&cookie('a')).await;
    assert!(assertion(&line.answer().await).is_some());
    line.ask("a=1").await;
    assert!(assertion(&line.answer().await).is_none());
}

#[tokio::test]
async fn auth_may_be_away_for_as_long_as_is_believed_and_comes_back_by_itself() {
    let world = world_of(Platform::new().await, |config| {
        config.belief = Belief {
            fresh: Duration::from_millis(100),
            stale: Duration::from_secs(3),
        };
    });
    let signed = signed_in(world.await).await;
    assert!(signed.person(&cookie('a')).await.is_some());
    let Signed { world, auth, .. } = signed;
    let lease = auth.die().await;
    let died = Instant::now();
    let mut line = Line::open(&world).await;
    // What was known is believed although it cannot be asked for any more, and then no longer; nobody is ever anonymous.
    let mut believed_until = Duration::ZERO;
    testkit::eventually("nobody is believed any more", async || {
        line.ask(&cookie('a')).await;
        let answer = line.answer().await;
        if answer.status == 503 {
            return true;
        }
        assert!(assertion(&answer).is_some());
        believed_until = died.elapsed();
        false
    })
    .await;
    assert!(
        believed_until > Duration::from_millis(100),
        "longer than without asking"
    );
    let before = world.hello.requests();
    for letter in 'a'..='h' {
        line.ask(&cookie(letter)).await;
        assert_eq!(line.answer().await.status, 503, "{letter}");
    }
    assert_eq!(world.hello.requests(), before);
    // Those without a session need nobody.
    line.ask("a=1").await;
    assert!(assertion(&line.answer().await).is_none());

    lease.release().await.unwrap();
    let auth = Auth::start(&world.platform).await;
    auth.sign_in(&token('a'), principal("ada"));
    testkit::eventually("the session is known again", async || {
        line.ask(&cookie('a')).await;
        let answer = line.answer().await;
        answer.status == 200 && assertion(&answer).is_some()
    })
    .await;
    line.ask(&cookie('h')).await;
    assert!(
        assertion(&line.answer().await).is_none(),
        "and who has none is told so"
    );
}
