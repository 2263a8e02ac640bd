//! The folder that stands in for a mail server in development, so that a developer can follow links.

use std::fmt::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use mail_parser::MessageParser;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use super::parcel::Parcel;
use crate::domain::trouble::{Cause, Trouble};

/// Most mails shown; older ones stay in the folder.
const MOST_SHOWN: usize = 50;
/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A folder of `.eml` files.
#[derive(Clone, Debug)]
pub(crate) struct Outbox(PathBuf);

/// A mail in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxMail {
    /// To whom.
    pub(crate) to: String,
    /// The subject.
    pub(crate) subject: String,
    /// The text part.
    pub(crate) text: String,
    /// Addresses in the text, to follow.
    pub(crate) links: Vec<String>,
    /// When it was composed.
    pub(crate) at: Option<Timestamp>,
}

impl Outbox {
    /// The folder, made at the first mail.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a mail; the same mail has the same file.
    pub(crate) async fn put(&self, mail_id: Uuid, parcel: &Parcel) -> Result<(), Trouble> {
        self.write(mail_id, &parcel.message)
            .await
            .map_err(|error| Trouble::said(Cause::Outbox, &error.to_string()))
    }

    async fn write(&self, mail_id: Uuid, message: &[u8]) -> std::io::Result<()> {
        let path = self.0.clone();
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)?;
        let (part, whole) = (
            path.join(format!("{mail_id}.part")),
            path.join(format!("{mail_id}.eml")),
        );
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = tokio::fs::OpenOptions::from(options).open(&part).await?;
        file.write_all(message).await?;
        file.flush().await?;
        tokio::fs::rename(part, whole).await
    }

    /// The latest mails, newest first; ids grow with time.
    pub(crate) async fn list(&self) -> std::io::Result<Vec<OutboxMail>> {
        let mut names = Vec::new();
        let mut entries = match tokio::fs::read_dir(&self.0).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            let is_mail = path.extension().is_some_and(|end| end == "eml");
            if is_mail && entry.metadata().await?.len() <= LARGEST {
                names.push(path);
            }
        }
        names.sort();
        let mut mails = Vec::new();
        for path in names.iter().rev().take(MOST_SHOWN) {
            let message = tokio::fs::read(path).await?;
            mails.extend(read(&message));
        }
        Ok(mails)
    }
}

fn read(message: &[u8]) -> Option<OutboxMail> {
    let parsed = MessageParser::default().parse(message)?;
    let text = parsed.body_text(0)?.into_owned();
    let mut to = String::new();
    for address in parsed.to()?.iter() {
        write!(to, "{} ", address.address().unwrap_or_default()).ok()?;
    }
    let is_link = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    let at = parsed.date()?.to_timestamp();
    Some(OutboxMail {
        to: to.trim().to_owned(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        links: text
            .split_whitespace()
            .filter(is_link)
            .map(str::to_owned)
            .collect(),
        text: text.replace("\r\n", "\n"),
        at: Timestamp::from_second(at).ok(),
    })
}
