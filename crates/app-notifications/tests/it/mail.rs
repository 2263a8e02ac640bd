//! Mail: taken once, delivered once, refused by name when it cannot be taken.

use jiff::{SignedDuration, Timestamp};
use platform::{Boot, Class, Classify as _, Clock};
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{
    GetMailReadinessRequest, MailAction, MailBlock, MailClass, MailContent, MailRecipient,
    SendMailRequest,
};
use testkit::{MailSecurity, MailSink, Setup, TestApp, mail_sink};

use super::{call, sender};

/// A platform whose mail goes to a sink, and the app that sends it.
pub(crate) struct Post {
    pub(crate) app: TestApp,
    pub(crate) clock: Clock,
    pub(crate) auth: NotificationsClient,
    _boot: Boot,
}

pub(crate) fn moment() -> Timestamp {
    "2026-11-20T07:05:00Z".parse().unwrap()
}

impl Post {
    pub(crate) async fn open(sink: &MailSink) -> Self {
        Self::open_with(sink, |setup| setup).await
    }

    pub(crate) async fn open_with(sink: &MailSink, change: impl FnOnce(Setup) -> Setup) -> Self {
        let clock = Clock::manual(moment());
        let setup = Setup::new()
            .clock(clock.clone())
            .variable("SMTP_HOST", "localhost")
            .variable("SMTP_PORT", &sink.port().to_string())
            .variable("MAIL_FROM", "cloud@example.org")
            .variable("ORGANISATION_NAME", "Analytical Engines");
        let app = change(setup).run(app_notifications::app()).await;
        Self::around(app, clock).await
    }

    pub(crate) async fn around(app: TestApp, clock: Clock) -> Self {
        let (boot, auth) = sender(&app, "auth").await;
        Self {
            app,
            clock,
            auth,
            _boot: boot,
        }
    }

    pub(crate) async fn send(&self, mail: SendMailRequest) -> String {
        self.auth.send_mail(call(), mail).await.unwrap().delivery_id
    }

    /// State, attempts, cause and whether anything of the mail is still there.
    pub(crate) async fn record(&self, delivery: &str) -> (String, i32, String, bool) {
        let sql = self.app.world.database.client().await;
        let row = sql
            .query_one(
                "SELECT state, attempts, trouble, sealed IS NOT NULL FROM notifications.mail \
                 WHERE mail_id = $1::text::uuid",
                &[&delivery],
            )
            .await
            .unwrap();
        (row.get(0), row.get(1), row.get(2), row.get(3))
    }

    /// Waits for a state, letting time pass for what waits to be tried again.
    pub(crate) async fn becomes(&self, delivery: &str, state: &str) {
        testkit::eventually(state, async || {
            self.clock.advance(SignedDuration::from_secs(1));
            self.record(delivery).await.0 == state
        })
        .await;
    }

    pub(crate) async fn tried(&self, delivery: &str, times: i32) {
        testkit::eventually("the attempt is noted", async || {
            self.record(delivery).await.1 >= times
        })
        .await;
    }
}

/// A mail with a link and a code.
pub(crate) fn letter(key: &str, address: &str) -> SendMailRequest {
    let block = |block| MailBlock { block: Some(block) };
    SendMailRequest {
        idempotency_key: key.to_owned(),
        recipient: Some(MailRecipient {
            address: address.to_owned(),
            name: "Ada Lovelace".to_owned(),
            person_id: String::new(),
        }),
        template: "auth.sign_in".to_owned(),
        language: "en".to_owned(),
        class: MailClass::Security.into(),
        content: Some(MailContent {
            subject: "Sign in".to_owned(),
            blocks: vec![
                block(Block::Paragraph("Somebody wants to sign in.".to_owned())),
                block(Block::Action(MailAction {
                    label: "Sign in".to_owned(),
                    url: "https://cloud.example.org/auth/mail/canary".to_owned(),
                })),
                block(Block::Code("424242".to_owned())),
            ],
        }),
        expires_at: 0,
    }
}

#[tokio::test]
async fn a_mail_is_delivered_once_and_nothing_of_it_is_kept() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let sends = (0..8).map(|_| {
        post.auth
            .send_mail(call(), letter("one", "ada@example.org"))
    });
    let ids: Vec<String> = futures_util::future::join_all(sends)
        .await
        .into_iter()
        .map(|sent| sent.unwrap().delivery_id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    post.becomes(&ids[0], "delivered").await;
    let again = post.send(letter("one", "eve@example.org")).await;
    assert_eq!(again, ids[0], "the first one counts");
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["ada@example.org"]);
    assert_eq!(mails[0].from, "cloud@example.org");
    assert_eq!(
        mails[0].message_id(),
        format!("{}@example.org", ids[0]),
        "the Message-ID follows from the delivery"
    );
    assert_eq!(
        post.record(&ids[0]).await,
        ("delivered".to_owned(), 1, String::new(), false)
    );
}

#[tokio::test]
async fn what_waits_is_unreadable_in_the_database() {
    let mut sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.stop().await;
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.tried(&delivery, 1).await;
    let sql = post.app.world.database.client().await;
    for table in ["mail", "jobs"] {
        let rows = sql
            .query(
                &format!("SELECT to_jsonb(t)::text FROM notifications.{table} t"),
                &[],
            )
            .await
            .unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let text: String = row.get(0);
            for secret in ["canary", "424242", "ada@", "Lovelace"] {
                assert!(!text.contains(secret), "{table} holds {secret}: {text}");
                let hex = secret
                    .bytes()
                    .fold(String::new(), |hex, b| hex + &format!("{b:02x}"));
                assert!(!text.contains(&hex), "{table} holds {secret} in bytes");
            }
        }
    }
}

#[tokio::test]
async fn only_the_named_apps_send_mail() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let (_hello, client) = sender(&post.app, "hello").await;
    let refused = client
        .send_mail(call(), letter("one", "ada@example.org"))
        .await
        .unwrap_err();
    // A caller that is not on the list is a mistake in its code.
    assert_eq!(refused.outcome(), (Class::Internal, "rpc.contract"));
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_the_caller_learns_it_at_once() {
    let app = testkit::run(app_notifications::app()).await;
    let post = Post::around(app, Clock::system()).await;
    let refused = post
        .auth
        .send_mail(call(), letter("one", "ada@example.org"))
        .await
        .unwrap_err();
    assert_eq!(
        refused.outcome(),
        (Class::Unprocessable, "notifications.mail_unconfigured")
    );
    let asked = post
        .auth
        .get_mail_readiness(call(), GetMailReadinessRequest {})
        .await
        .unwrap();
    assert!(!asked.ready);
}

#[tokio::test]
async fn tls_is_used_when_it_is_there_and_required_when_it_is_not_local() {
    for (security, setting) in [
        (MailSecurity::Starttls, "starttls"),
        (MailSecurity::Tls, "tls"),
    ] {
        let sink = MailSink::start(security, Some(("cloud", "opensesame"))).await;
        let post = Post::open_with(&sink, |setup| {
            setup
                .variable("SMTP_SECURITY", setting)
                .variable("SMTP_CERTIFICATES", sink.certificate())
                .variable("SMTP_USER", "cloud")
                .variable("SMTP_PASSWORD", "opensesame")
        })
        .await;
        let delivery = post.send(letter("one", "ada@example.org")).await;
        post.becomes(&delivery, "delivered").await;
        assert!(sink.mails()[0].encrypted, "{setting}");
    }
}

#[tokio::test]
async fn an_untrusted_certificate_gets_neither_password_nor_mail() {
    let sink = MailSink::start(MailSecurity::Starttls, Some(("cloud", "opensesame"))).await;
    let post = Post::open_with(&sink, |setup| {
        setup
            .variable("SMTP_USER", "cloud")
            .variable("SMTP_PASSWORD", "opensesame")
    })
    .await;
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.tried(&delivery, 1).await;
    let (state, _, trouble, _) = post.record(&delivery).await;
    assert_eq!((state.as_str(), trouble.as_str()), ("queued", "tls"));
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_matter_and_loses_no_mail() {
    let sink = MailSink::start(MailSecurity::None, Some(("cloud", "opensesame"))).await;
    let post = Post::open_with(&sink, |setup| {
        setup
            .variable("SMTP_USER", "cloud")
            .variable("SMTP_PASSWORD", "wrong")
    })
    .await;
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.tried(&delivery, 1).await;
    let (state, _, trouble, kept) = post.record(&delivery).await;
    assert_eq!(
        (state.as_str(), trouble.as_str(), kept),
        ("queued", "login", true)
    );
}
