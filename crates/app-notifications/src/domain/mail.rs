//! A mail: who gets it, what it says in which language, how urgent it is, and until when it makes sense.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use ui::Language;
use url::Url;
use uuid::Uuid;

use super::address::MailAddress;

/// How long a mail is tried at most.
pub const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(72);
/// Most characters of a subject.
const MOST_SUBJECT: usize = 200;
/// Most characters of a recipient's name; what is longer is cut.
const MOST_NAME: usize = 100;
/// Most blocks of a mail.
const MOST_BLOCKS: usize = 30;
/// Most facts in a block.
const MOST_FACTS: usize = 20;
/// Most characters of a text within a block.
const MOST_TEXT: usize = 5_000;

/// Why a mail cannot be taken. Names the field and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmailable {
    /// The key is the sender's promise that a repetition is one.
    #[error("idempotency_key must have 1 to 128 characters")]
    Key,
    /// Nobody could deliver to it.
    #[error("recipient.address must be a mail address")]
    Address,
    /// Not a person of ours.
    #[error("recipient.person_id must be empty or a UUID")]
    Person,
    /// Shown to administrators.
    #[error("template must be 3 to 64 of a-z, 0-9, _ and dots, as in \"auth.sign_in_link\"")]
    Template,
    /// A language there are no words in.
    #[error("language must be en or de")]
    Language,
    /// The sender has to decide.
    #[error("class must be security or normal")]
    Class,
    /// A header has one line.
    #[error("content.subject must be one line of 1 to 200 characters")]
    Subject,
    /// Nothing, or too much.
    #[error("content.blocks must be 1 to 30, each with text of at most 5,000 characters")]
    Blocks,
    /// Leads nowhere a browser goes.
    #[error("an action needs a label of one line and an absolute http or https url")]
    Action,
}

/// How urgent a mail is: each class has workers of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailClass {
    /// Somebody waits for it to get in, or must hear of a danger.
    Security,
    /// Everything else.
    Normal,
}

impl MailClass {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Normal => "normal",
        }
    }
}

/// A part of what a mail says.
#[derive(Clone, PartialEq, Eq)]
pub enum Block {
    /// Plain text.
    Paragraph(String),
    /// A button.
    Action {
        /// Its text.
        label: String,
        /// Where it leads.
        url: Url,
    },
    /// A code to type.
    Code(String),
    /// Names with values.
    Facts(Vec<(String, String)>),
    /// Plain text in small print.
    Note(String),
}

/// Says the kind only: links and codes are secrets.
impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Paragraph(_) => "Paragraph(..)",
            Self::Action { .. } => "Action(..)",
            Self::Code(_) => "Code(..)",
            Self::Facts(_) => "Facts(..)",
            Self::Note(_) => "Note(..)",
        })
    }
}

/// A mail as a sender asks for it, unchecked.
#[derive(Clone, Debug, Default)]
pub struct MailDraft {
    /// The sender's own key for it.
    pub idempotency_key: String,
    /// Where to.
    pub address: String,
    /// Name of the recipient.
    pub name: String,
    /// UUID of the person, or empty.
    pub person: String,
    /// Which of the sender's mails it is.
    pub template: String,
    /// Code of the language.
    pub language: String,
    /// How urgent it is.
    pub class: Option<MailClass>,
    /// The subject.
    pub subject: String,
    /// What it says; `None` for a block of no known kind.
    pub blocks: Vec<Option<BlockDraft>>,
    /// Not sent after this.
    pub expires_at: Option<Timestamp>,
}

/// A block, unchecked.
#[derive(Clone)]
pub enum BlockDraft {
    /// Text, a code or facts.
    Plain(Block),
    /// A button with its text and its address.
    Action(String, String),
}

impl fmt::Debug for BlockDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlockDraft(..)")
    }
}

/// A mail that can be sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The sender's own key for it.
    pub idempotency_key: String,
    /// Where to.
    pub address: MailAddress,
    /// Name of the recipient, in one line; may be empty.
    pub name: String,
    /// The person, if it is one of ours.
    pub person: Option<Uuid>,
    /// Which of the sender's mails it is.
    pub template: String,
    /// The language it is written in.
    pub language: Language,
    /// How urgent it is.
    pub class: MailClass,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Not sent after this, when the sender says so.
    pub expires_at: Option<Timestamp>,
}

impl MailDraft {
    /// Checks everything a sender can get wrong.
    pub fn check(self) -> Result<Mail, Unmailable> {
        if !(1..=128).contains(&self.idempotency_key.chars().count()) {
            return Err(Unmailable::Key);
        }
        let template_holds = (3..=64).contains(&self.template.len())
            && self
                .template
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.');
        if !template_holds {
            return Err(Unmailable::Template);
        }
        let person = match self.person.as_str() {
            "" => None,
            id => Some(Uuid::try_parse(id).map_err(|_| Unmailable::Person)?),
        };
        if !is_line(&self.subject, MOST_SUBJECT) {
            return Err(Unmailable::Subject);
        }
        if !(1..=MOST_BLOCKS).contains(&self.blocks.len()) {
            return Err(Unmailable::Blocks);
        }
        let blocks = self.blocks.into_iter().map(|block| match block {
            Some(BlockDraft::Plain(block)) if is_block(&block) => Ok(block),
            Some(BlockDraft::Action(label, url)) => action(label, &url),
            _ => Err(Unmailable::Blocks),
        });
        Ok(Mail {
            blocks: blocks.collect::<Result<_, _>>()?,
            address: MailAddress::parse(&self.address).ok_or(Unmailable::Address)?,
            name: one_line(&self.name),
            person,
            language: Language::from_code(&self.language).ok_or(Unmailable::Language)?,
            class: self.class.ok_or(Unmailable::Class)?,
            idempotency_key: self.idempotency_key,
            template: self.template,
            subject: self.subject,
            expires_at: self.expires_at,
        })
    }
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn is_text(text: &str) -> bool {
    let allowed = |c: char| !c.is_control() || c == '\n';
    (1..=MOST_TEXT).contains(&text.chars().count()) && text.chars().all(allowed)
}

fn is_block(block: &Block) -> bool {
    match block {
        Block::Paragraph(text) | Block::Note(text) => is_text(text),
        Block::Code(code) => is_line(code, 64),
        Block::Facts(facts) => {
            (1..=MOST_FACTS).contains(&facts.len())
                && facts
                    .iter()
                    .all(|(name, value)| is_line(name, 100) && is_line(value, 500))
        }
        // Its address is read before it becomes one.
        Block::Action { .. } => false,
    }
}

fn action(label: String, url: &str) -> Result<Block, Unmailable> {
    let parsed = Url::parse(url).map_err(|_| Unmailable::Action)?;
    if !matches!(parsed.scheme(), "http" | "https") || !is_line(&label, 100) {
        return Err(Unmailable::Action);
    }
    Ok(Block::Action { label, url: parsed })
}

/// A name in one line: people's names are not refused for what they hold, but a header ends at a line's end.
fn one_line(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MOST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn draft() -> MailDraft {
        MailDraft {
            idempotency_key: "one".to_owned(),
            address: "ada@example.org".to_owned(),
            template: "auth.sign_in_link".to_owned(),
            language: "de".to_owned(),
            class: Some(MailClass::Security),
            subject: "Anmelden".to_owned(),
            blocks: vec![Some(BlockDraft::Plain(Block::Code("123456".to_owned())))],
            ..MailDraft::default()
        }
    }

    #[test]
    fn what_does_not_do_is_named() {
        let refused = |change: fn(&mut MailDraft)| {
            let mut draft = draft();
            change(&mut draft);
            draft.check().map(|_| ()).unwrap_err()
        };
        assert!(draft().check().is_ok());
        assert_eq!(refused(|d| d.idempotency_key.clear()), Unmailable::Key);
        assert_eq!(refused(|d| d.address.clear()), Unmailable::Address);
        assert_eq!(refused(|d| d.person = "ada".to_owned()), Unmailable::Person);
        assert_eq!(
            refused(|d| d.template = "A b".to_owned()),
            Unmailable::Template
        );
        assert_eq!(
            refused(|d| d.language = "fr".to_owned()),
            Unmailable::Language
        );
        assert_eq!(refused(|d| d.class = None), Unmailable::Class);
        assert_eq!(refused(|d| d.blocks.clear()), Unmailable::Blocks);
        assert_eq!(refused(|d| d.blocks = vec![None]), Unmailable::Blocks);
        for subject in ["", "Hello\r\nBcc: eve@example.org", "a\u{0}b"] {
            let mut draft = draft();
            draft.subject = subject.to_owned();
            assert_eq!(
                draft.check().map(|_| ()),
                Err(Unmailable::Subject),
                "{subject:?}"
            );
        }
        for url in [
            "javascript:alert(1)",
            "/auth/reset",
            "mailto:ada@example.org",
        ] {
            let mut draft = draft();
            draft.blocks = vec![Some(BlockDraft::Action("Go".to_owned(), url.to_owned()))];
            assert_eq!(draft.check().map(|_| ()), Err(Unmailable::Action), "{url}");
        }
    }

    #[test]
    fn a_name_becomes_one_line() {
        let mut draft = draft();
        draft.name = "Ada\r\nBcc: eve@example.org".to_owned();
        assert_eq!(draft.check().unwrap().name, "Ada  Bcc: eve@example.org");
    }

    #[test]
    fn secrets_do_not_reach_debug_output() {
        let mail = draft().check().unwrap();
        assert!(!format!("{mail:?} {:?}", draft()).contains("123456"));
    }
}
