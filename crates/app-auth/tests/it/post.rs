//! The platform's mail in tests: the real service that sends it, and a mail server that keeps it.

use platform::Running;
use testkit::{MailSink, ReceivedMail, mail_sink};

use crate::house::House;

/// Mail of a house.
pub struct Post {
    pub sink: MailSink,
    notifications: Running,
}

impl Post {
    /// Starts the service; returns once the house offers mail.
    pub async fn open(house: &House) -> Self {
        let sink = mail_sink().await;
        let notifications = start(house, &sink).await;
        let visitor = house.visitor();
        testkit::eventually("mail is offered", async || {
            visitor
                .get("/auth/forgotten")
                .await
                .has("form[action='/auth/forgotten']")
        })
        .await;
        Self {
            sink,
            notifications,
        }
    }

    /// Stops the service; the mail server stays.
    pub async fn close(&self) {
        self.notifications.stop();
        self.notifications.stopped().await;
    }

    /// Starts it again.
    pub async fn reopen(&mut self, house: &House) {
        self.notifications = start(house, &self.sink).await;
    }

    /// The latest mail of a kind, by its subject.
    pub async fn mail(&self, address: &str, subject: &str) -> ReceivedMail {
        testkit::until(&format!("{subject:?} to {address}"), async || {
            self.sink
                .mails()
                .into_iter()
                .rev()
                .find(|mail| mail.to.iter().any(|to| to == address) && mail.subject() == subject)
        })
        .await
    }
}

async fn start(house: &House, sink: &MailSink) -> Running {
    let environment = house
        .environment()
        .with("SMTP_HOST", "localhost")
        .with("SMTP_PORT", sink.port().to_string())
        .with("MAIL_FROM", "cloud@example.org");
    let environment = environment.without("SETUP_LINK_FILE");
    let running = house
        .host
        .run(cloud_app_notifications::app(), environment)
        .await
        .unwrap();
    running.ready().await;
    running
}

/// The path of the link to a page of auth.
pub fn path(mail: &ReceivedMail, start: &str) -> String {
    let link = mail.link(&format!("{}{start}", testkit::APP_URL));
    link.strip_prefix(testkit::APP_URL).unwrap().to_owned()
}

/// The six digits.
pub fn code(mail: &ReceivedMail) -> String {
    let text = mail.text();
    text.lines()
        .map(str::trim)
        .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or_else(|| panic!("no code in {text}"))
        .to_owned()
}
