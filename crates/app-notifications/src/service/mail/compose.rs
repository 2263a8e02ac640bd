//! The message of a mail: text and HTML in the organisation's name, with a head that cannot be added to.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use askama::Template;
use jiff::Timestamp;
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use ui::catalogue::{Args, Messages};
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::parcel::Parcel;
use crate::domain::address::MailAddress;
use crate::domain::mail::{Block, Mail};
use crate::error::Error;

/// In whose name a mail is sent.
#[derive(Clone, Debug)]
pub(crate) struct Letterhead {
    /// The organisation.
    pub(crate) organisation: String,
    /// Address of the sender.
    pub(crate) from: MailAddress,
    /// Name of the sender.
    pub(crate) from_name: String,
}

/// Composes messages. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Composer {
    messages: Arc<Messages>,
    app_url: Url,
}

#[derive(Template)]
#[template(path = "notifications/mail.html")]
struct MailHtml<'a> {
    lang: &'a str,
    organisation: &'a str,
    mail: &'a Mail,
    footer: String,
    link_hint: String,
    app_url: &'a str,
}

impl Composer {
    /// For the platform at this address.
    pub(crate) fn new(app_url: Url) -> Self {
        Self {
            messages: Arc::new(Messages::new(&crate::CATALOGUE)),
            app_url,
        }
    }

    /// Composes a mail once and for all: the same parcel is sent by every attempt.
    ///
    /// # Errors
    /// [`Error::Composition`] when the mail library refuses what was checked before.
    pub(crate) fn compose(
        &self,
        mail: &Mail,
        head: &Letterhead,
        mail_id: Uuid,
        at: Timestamp,
    ) -> Result<Parcel, Error> {
        let html = MailHtml {
            lang: mail.language.code(),
            organisation: &head.organisation,
            mail,
            footer: self.footer(mail, head),
            link_hint: self.word(mail, "notifications-mail-link-hint"),
            app_url: self.app_url.as_str(),
        };
        let html = html.render().map_err(|_| Error::Composition)?;
        let parts = MultiPart::alternative()
            .singlepart(part("text/plain; charset=utf-8", &self.text(mail, head))?)
            .singlepart(part("text/html; charset=utf-8", &html)?);
        let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let message = lettre::Message::builder()
            .date(SystemTime::from(at))
            .message_id(Some(format!("<{mail_id}@{}>", head.from.domain())))
            .from(Mailbox::new(
                name(&head.from_name),
                head.from.as_inner().clone(),
            ))
            .to(Mailbox::new(
                name(&mail.name),
                mail.address.as_inner().clone(),
            ))
            .subject(mail.subject.as_str())
            // No holiday notices in answer (RFC 3834), from Exchange neither.
            .raw_header(fixed("Auto-Submitted", "auto-generated")?)
            .raw_header(fixed("X-Auto-Response-Suppress", "All")?)
            .raw_header(fixed("Content-Language", mail.language.code())?)
            .multipart(parts)
            .map_err(|_| Error::Composition)?;
        Ok(Parcel {
            from: head.from.clone(),
            to: mail.address.clone(),
            message: Zeroizing::new(message.formatted()),
        })
    }

    /// The text part: one paragraph a block.
    fn text(&self, mail: &Mail, head: &Letterhead) -> String {
        let mut paragraphs: Vec<String> = mail
            .blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(text) | Block::Note(text) => text.clone(),
                Block::Action { label, url } => format!("{label}:\n{url}"),
                Block::Code(code) => format!("    {code}"),
                Block::Facts(facts) => facts
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect::<Vec<_>>()
                    .join("\n"),
            })
            .collect();
        paragraphs.push(format!(
            "-- \n{}\n{}",
            self.footer(mail, head),
            self.app_url
        ));
        paragraphs.join("\n\n") + "\n"
    }

    fn footer(&self, mail: &Mail, head: &Letterhead) -> String {
        let args = Args::new().with("organisation", &head.organisation);
        let key = "notifications-mail-footer";
        let text = self.messages.text(mail.language, key, Some(&args));
        text.into_owned()
    }

    fn word(&self, mail: &Mail, key: &str) -> String {
        self.messages.text(mail.language, key, None).into_owned()
    }
}

impl fmt::Debug for Composer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composer").finish_non_exhaustive()
    }
}

/// A part in ASCII, whatever it says, so that no server has to change it on its way.
fn part(content_type: &str, body: &str) -> Result<SinglePart, Error> {
    let body = lettre::message::Body::new_with_encoding(
        body.replace('\n', "\r\n"),
        ContentTransferEncoding::QuotedPrintable,
    )
    .map_err(|_| Error::Composition)?;
    let content_type = content_type.parse().map_err(|_| Error::Composition)?;
    Ok(SinglePart::builder().content_type(content_type).body(body))
}

fn fixed(name: &str, value: &str) -> Result<HeaderValue, Error> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| Error::Composition)?;
    Ok(HeaderValue::new(name, value.to_owned()))
}
