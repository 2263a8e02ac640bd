//! Mail under faults: a mail that was taken arrives, with the same Message-ID whatever happened in between, or is
//! given up for a reason that is written down.

use jiff::SignedDuration;
use rpc::notifications::v1::{MailClass, SendMailRequest};
use testkit::{MailFault, MailStep, mail_sink};

use super::mail::{Post, letter, moment};

#[tokio::test]
async fn a_connection_cut_at_any_step_delays_a_mail_and_does_not_lose_it() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    for (count, step) in MailStep::BEFORE_ACCEPTANCE.into_iter().enumerate() {
        sink.fail_once(step, MailFault::Cut);
        let delivery = post
            .send(letter(&format!("{step:?}"), "ada@example.org"))
            .await;
        post.becomes(&delivery, "delivered").await;
        assert_eq!(sink.faults_left(), 0, "{step:?} was passed");
        let mails = sink.mails();
        assert_eq!(mails.len(), count + 1, "{step:?}");
        let expected = format!("{delivery}@example.org");
        assert_eq!(mails[count].message_id(), expected);
        let (_, attempts, _, kept) = post.record(&delivery).await;
        assert_eq!((attempts, kept), (2, false), "{step:?}");
    }
}

#[tokio::test]
async fn a_mail_whose_acceptance_got_lost_is_sent_again_byte_for_byte() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.fail_once(MailStep::Dot, MailFault::KeepAndCut);
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.becomes(&delivery, "delivered").await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1]);
}

#[tokio::test]
async fn a_farewell_that_fails_does_not_send_a_mail_twice() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.fail_always(MailStep::Quit, MailFault::Cut);
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.becomes(&delivery, "delivered").await;
    assert_eq!(post.record(&delivery).await.1, 1);
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_away() {
    let mut sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.stop().await;
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.tried(&delivery, 1).await;
    let (state, _, trouble, _) = post.record(&delivery).await;
    assert_eq!(
        (state.as_str(), trouble.as_str()),
        ("queued", "unreachable")
    );
    sink.start_again().await;
    post.becomes(&delivery, "delivered").await;
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_asks_to_come_back_is_asked_again() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    for (step, reply) in [
        (MailStep::Greeting, "421 4.3.2 too busy"),
        (MailStep::Greeting, "554 5.3.2 no service here today"),
        (MailStep::Mail, "451 4.3.0 try later"),
        (MailStep::Rcpt, "450 4.2.1 greylisted"),
        (MailStep::Dot, "452 4.3.1 disk full"),
    ] {
        sink.fail_once(step, MailFault::Reply(reply));
        let delivery = post.send(letter(reply, "ada@example.org")).await;
        post.becomes(&delivery, "delivered").await;
        assert_eq!(sink.faults_left(), 0, "{reply}");
    }
    assert_eq!(sink.mails().len(), 5);
}

#[tokio::test]
async fn a_mail_refused_for_good_is_recorded_and_never_tried_again() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let refusal = "550 5.1.1 <nobody@example.org>: user unknown";
    sink.fail_once(MailStep::Rcpt, MailFault::Reply(refusal));
    let delivery = post.send(letter("one", "nobody@example.org")).await;
    post.becomes(&delivery, "refused").await;
    let (_, attempts, trouble, kept) = post.record(&delivery).await;
    assert_eq!((attempts, trouble.as_str(), kept), (1, "refused", false));
    post.clock.advance(SignedDuration::from_hours(1));
    let next = post.send(letter("two", "ada@example.org")).await;
    post.becomes(&next, "delivered").await;
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn an_expired_mail_is_never_sent_and_wiped() {
    let mut sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.stop().await;
    let ten_minutes = moment() + SignedDuration::from_mins(10);
    let short_lived = SendMailRequest {
        expires_at: ten_minutes.as_second(),
        ..letter("one", "ada@example.org")
    };
    let delivery = post.send(short_lived).await;
    post.tried(&delivery, 1).await;
    post.clock.set(ten_minutes);
    sink.start_again().await;
    post.becomes(&delivery, "expired").await;
    assert!(!post.record(&delivery).await.3, "it is wiped");
    let next = post.send(letter("two", "eve@example.org")).await;
    post.becomes(&next, "delivered").await;
    assert_eq!(sink.mails().len(), 1);
    assert_eq!(sink.mails()[0].to, ["eve@example.org"]);
}

#[tokio::test]
async fn a_sign_in_does_not_wait_behind_a_batch() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.hold("batch-");
    for n in 0..20 {
        let batch = SendMailRequest {
            class: MailClass::Normal.into(),
            ..letter(&format!("batch {n}"), &format!("batch-{n}@example.org"))
        };
        post.send(batch).await;
    }
    testkit::eventually("the batch is on its way", async || sink.connections() >= 4).await;
    let delivery = post.send(letter("one", "ada@example.org")).await;
    post.becomes(&delivery, "delivered").await;
    assert_eq!(sink.mails().len(), 1, "the batch is still held");
    sink.release();
    assert_eq!(sink.wait_for(21).await.len(), 21);
}

#[tokio::test]
async fn a_worker_that_dies_while_it_sends_is_replaced() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    sink.hold("ada");
    let delivery = post.send(letter("one", "ada@example.org")).await;
    testkit::eventually("the mail is on its way", async || sink.connections() == 1).await;
    // No task of it gets another turn.
    post.app.running.lifecycle().abort();
    post.app.running.lifecycle().idle().await;
    let sql = post.app.world.database.client().await;
    let row = sql
        .query_one(
            "SELECT state FROM notifications.jobs WHERE kind = 'mail.security'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, String>(0), "running", "nobody gave it back");
    // The lease's end is not waited for.
    sql.batch_execute(
        "UPDATE notifications.jobs SET lease_until_at = now() - interval '1 second' WHERE state = 'running'",
    )
    .await
    .unwrap();
    sink.release();
    post.app.world.add(app_notifications::app()).await;
    post.becomes(&delivery, "delivered").await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].message_id(), format!("{delivery}@example.org"));
}
