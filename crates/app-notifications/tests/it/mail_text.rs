//! What arrives: both parts in the right language, a complete head, and nothing that a name could add to it.

use rpc::notifications::v1::mail_block::Block;
use rpc::notifications::v1::{
    MailBlock, MailContent, MailFact, MailFacts, MailRecipient, SendMailRequest,
};
use testkit::mail_sink;

use super::mail::{Post, letter};

#[tokio::test]
async fn a_mail_says_the_same_in_text_and_html() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    post.send(letter("one", "ada@example.org")).await;
    let mail = sink.mail_to("ada@example.org").await;
    assert_eq!(mail.subject(), "Sign in");
    assert_eq!(
        mail.mailbox("From"),
        (
            "Analytical Engines".to_owned(),
            "cloud@example.org".to_owned()
        )
    );
    assert_eq!(
        mail.mailbox("To"),
        ("Ada Lovelace".to_owned(), "ada@example.org".to_owned())
    );
    assert_eq!(mail.header("Auto-Submitted"), ["auto-generated"]);
    assert_eq!(mail.header("Content-Language"), ["en"]);
    assert_eq!(mail.header("MIME-Version"), ["1.0"]);
    assert_eq!(
        mail.parsed().date().unwrap().to_rfc3339(),
        "2026-11-20T07:05:00Z"
    );
    assert!(mail.message.is_ascii());
    let (text, html) = (mail.text(), mail.html());
    for said in [
        "Somebody wants to sign in.",
        "https://cloud.example.org/auth/mail/canary",
        "424242",
        "sent automatically by the platform of Analytical Engines",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
        assert!(html.contains(said), "{said} is not in\n{html}");
    }
    assert!(html.contains("<html lang=\"en\">"), "{html}");
    for foreign in ["<img", "<script", "src=", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign}");
    }
}

#[tokio::test]
async fn what_people_write_stays_text() {
    let sink = mail_sink().await;
    let post = Post::open(&sink).await;
    let mail = SendMailRequest {
        language: "de".to_owned(),
        recipient: Some(MailRecipient {
            address: "ada@bücher.example".to_owned(),
            name: "Ada\r\nBcc: eve@example.org\r\n\r\n<b>Hallo</b> \u{1F511} Müller, \"die\" Erste"
                .to_owned(),
            person_id: String::new(),
        }),
        content: Some(MailContent {
            subject:
                "Schlüssel \u{1F511} für <Ada> geändert, und zwar heute Morgen um halb acht in Köln"
                    .to_owned(),
            blocks: vec![
                MailBlock {
                    block: Some(Block::Paragraph(
                        "<script>alert(1)</script>\n.\nQUIT & Grüße".to_owned(),
                    )),
                },
                MailBlock {
                    block: Some(Block::Facts(MailFacts {
                        facts: vec![MailFact {
                            name: "Gerät".to_owned(),
                            value: "<i>Firefox</i>".to_owned(),
                        }],
                    })),
                },
            ],
        }),
        ..letter("one", "")
    };
    let subject = mail.content.as_ref().unwrap().subject.clone();
    post.send(mail).await;
    let mail = sink.mail_to("ada@xn--bcher-kva.example").await;
    assert_eq!(sink.mails().len(), 1);
    assert_eq!(mail.to, ["ada@xn--bcher-kva.example"]);
    assert_eq!(mail.subject(), subject);
    assert!(mail.header("Bcc").is_empty());
    let (name, address) = mail.mailbox("To");
    assert_eq!(address, "ada@xn--bcher-kva.example");
    assert!(name.contains("\u{1F511} Müller, \"die\" Erste"), "{name}");
    assert!(mail.message.is_ascii());
    let lines = mail.message.split(|byte| *byte == b'\n');
    assert!(
        lines.into_iter().all(|line| line.len() <= 998),
        "RFC 5322, 2.1.1"
    );
    let (text, html) = (mail.text(), mail.html());
    assert!(text.contains("\n.\nQUIT & Grüße\n"), "{text}");
    assert!(text.contains("automatisch von der Plattform"), "{text}");
    assert!(
        !html.contains("<script>") && !html.contains("<i>"),
        "{html}"
    );
    assert!(html.contains("Grüße"), "{html}");
}
