//! A notification: who sends it, what it says in the platform's languages, and where it leads.

use jiff::Timestamp;
use platform::Label;
use platform::http::LocalPath;
use uuid::Uuid;

/// Most people told at once.
pub const MOST_RECIPIENTS: usize = 1_000;
/// Most characters of a title.
const MOST_TITLE: usize = 200;
/// Most characters of a body.
const MOST_BODY: usize = 2_000;

/// Why something cannot be sent. Names the field and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The key is the sender's promise that a repetition is one.
    #[error("idempotency_key must have 1 to 128 characters")]
    Key,
    /// Nobody, or too many.
    #[error("recipient_ids must be 1 to 1,000 UUIDs")]
    Recipients,
    /// Kinds are what people will choose channels by.
    #[error("kind must be 3 to 64 of a-z, 0-9, _ and dots, as in \"auth.new_sign_in\"")]
    Kind,
    /// Both languages are needed.
    #[error("title must have 1 to 200 characters in each language")]
    Title,
    /// Longer texts belong on a page.
    #[error("body must have at most 2,000 characters, in both languages or in none")]
    Body,
    /// A notification never leads off the platform.
    #[error("path must be empty or a local path")]
    Path,
}

/// A notification that can be sent.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The sender's own key for it.
    pub idempotency_key: String,
    /// Who is told, without repetitions.
    pub recipients: Vec<Uuid>,
    /// What kind it is, such as `auth.new_sign_in`.
    pub kind: String,
    /// One line.
    pub title: Label,
    /// A short paragraph, or nothing.
    pub body: Label,
    /// Where it leads, or nowhere.
    pub path: Option<LocalPath>,
}

/// A notification as a sender words it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// See [`Notification::idempotency_key`].
    pub idempotency_key: String,
    /// UUIDs as text.
    pub recipients: Vec<String>,
    /// See [`Notification::kind`].
    pub kind: String,
    /// English and German.
    pub title: (String, String),
    /// English and German.
    pub body: (String, String),
    /// See [`Notification::path`].
    pub path: String,
}

impl Draft {
    /// Checks the draft.
    ///
    /// # Errors
    /// The first field that does not do.
    pub fn check(self) -> Result<Notification, Unsendable> {
        if !(1..=128).contains(&self.idempotency_key.chars().count()) {
            return Err(Unsendable::Key);
        }
        let recipients: Result<Vec<Uuid>, _> = self
            .recipients
            .iter()
            .map(|id| Uuid::parse_str(id))
            .collect();
        let mut recipients = recipients.map_err(|_| Unsendable::Recipients)?;
        recipients.sort_unstable();
        recipients.dedup();
        if !(1..=MOST_RECIPIENTS).contains(&recipients.len()) {
            return Err(Unsendable::Recipients);
        }
        let kind_fits = (3..=64).contains(&self.kind.len())
            && self.kind.chars().all(|letter| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._".contains(letter)
            });
        if !kind_fits {
            return Err(Unsendable::Kind);
        }
        let lengths =
            |(en, de): &(String, String)| (en.trim().chars().count(), de.trim().chars().count());
        let (title_en, title_de) = lengths(&self.title);
        if !(1..=MOST_TITLE).contains(&title_en) || !(1..=MOST_TITLE).contains(&title_de) {
            return Err(Unsendable::Title);
        }
        let (body_en, body_de) = lengths(&self.body);
        if body_en > MOST_BODY || body_de > MOST_BODY || (body_en == 0) != (body_de == 0) {
            return Err(Unsendable::Body);
        }
        let path = match self.path.as_str() {
            "" => None,
            path => Some(LocalPath::parse(path).map_err(|_| Unsendable::Path)?),
        };
        Ok(Notification {
            idempotency_key: self.idempotency_key,
            recipients,
            kind: self.kind,
            title: Label::new(self.title.0.trim(), self.title.1.trim()),
            body: Label::new(self.body.0.trim(), self.body.1.trim()),
            path,
        })
    }
}

/// A notification in somebody's inbox.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which.
    pub id: Uuid,
    /// App that sent it.
    pub sender: String,
    /// What kind it is.
    pub kind: String,
    /// One line.
    pub title: Label,
    /// A short paragraph, or nothing.
    pub body: Label,
    /// Where it leads; empty for nowhere.
    pub path: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it was read, if it was.
    pub read_at: Option<Timestamp>,
}

/// How many notifications a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub all: i64,
    /// Those not read yet.
    pub unread: i64,
}

#[cfg(test)]
mod tests {
    use super::{Draft, Unsendable};

    fn draft() -> Draft {
        Draft {
            idempotency_key: "k".to_owned(),
            recipients: vec!["018f0000-0000-7000-8000-000000000001".to_owned()],
            kind: "auth.new_sign_in".to_owned(),
            title: ("New sign-in".to_owned(), "Neue Anmeldung".to_owned()),
            body: (String::new(), String::new()),
            path: "/auth/security".to_owned(),
        }
    }

    #[test]
    fn a_good_draft_is_sendable_and_tells_everybody_once() {
        let mut twice = draft();
        twice.recipients.push(twice.recipients[0].clone());
        assert_eq!(twice.check().unwrap().recipients.len(), 1);
    }

    #[test]
    fn every_field_is_checked() {
        let check = |change: fn(&mut Draft)| {
            let mut draft = draft();
            change(&mut draft);
            draft.check().unwrap_err()
        };
        assert_eq!(
            check(|draft| draft.idempotency_key.clear()),
            Unsendable::Key
        );
        assert_eq!(
            check(|draft| draft.recipients.clear()),
            Unsendable::Recipients
        );
        assert_eq!(
            check(|draft| draft.recipients = vec!["x".to_owned()]),
            Unsendable::Recipients
        );
        assert_eq!(
            check(|draft| draft.kind = "New sign-in".to_owned()),
            Unsendable::Kind
        );
        assert_eq!(check(|draft| draft.title.1.clear()), Unsendable::Title);
        assert_eq!(
            check(|draft| draft.body.0 = "only English".to_owned()),
            Unsendable::Body
        );
        assert_eq!(
            check(|draft| draft.path = "https://elsewhere.example".to_owned()),
            Unsendable::Path
        );
        assert_eq!(
            check(|draft| draft.path = "//elsewhere.example".to_owned()),
            Unsendable::Path
        );
    }
}
