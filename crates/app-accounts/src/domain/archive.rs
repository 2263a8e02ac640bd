//! All that is kept of one person, in one archive: who may have it, how far it is, and what it is made of.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Write as _};
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use platform::personal::Record;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::person::{PersonId, Unknown};

/// How long an archive is kept, from when it is ready.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long it may take to be ready.
pub const COLLECTED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Archives that one person may ask for in a day. Of somebody they keep one: a new one replaces it.
pub const MOST_A_DAY: i64 = 20;
/// Most that one service tells, in bytes.
pub const MOST_OF_PART: usize = 8 * 1024 * 1024;
/// Largest archive, in bytes.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Identifies an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArchiveId(pub Uuid);

impl fmt::Display for ArchiveId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// How far an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveState {
    /// Services are asked.
    Collecting,
    /// It can be opened. Services that told nothing are named in it.
    Ready,
    /// No service told anything, or all together is too much.
    Failed,
    /// A newer one took its place.
    Replaced,
}

impl ArchiveState {
    /// Its word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Replaced => "replaced",
        }
    }
}

impl FromStr for ArchiveState {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "collecting" => Ok(Self::Collecting),
            "ready" => Ok(Self::Ready),
            "failed" => Ok(Self::Failed),
            "replaced" => Ok(Self::Replaced),
            _ => Err(Unknown),
        }
    }
}

/// How far one service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// It has not told anything yet.
    Waiting,
    /// It has told all.
    Done,
    /// It was asked often enough, or tells too much.
    Failed,
}

impl PartState {
    /// Its word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for PartState {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "waiting" => Ok(Self::Waiting),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(Unknown),
        }
    }
}

/// One service's part of an archive.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which service.
    pub service: String,
    /// How far it is.
    pub state: PartState,
    /// How often it was asked.
    pub attempts: i32,
}

/// An archive, without what is in it.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Which.
    pub id: ArchiveId,
    /// Of whom.
    pub person: PersonId,
    /// Who asked for it, and alone may open it.
    pub asked_by: PersonId,
    /// The language of the words in it.
    pub language: String,
    /// How far it is.
    pub state: ArchiveState,
    /// How large it is, in bytes.
    pub size: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it could be opened first.
    pub ready_at: Option<Timestamp>,
    /// When it is gone.
    pub expires_at: Timestamp,
    /// Its parts, by service.
    pub parts: Vec<Part>,
}

impl Archive {
    /// How many services have told all.
    pub fn done(&self) -> usize {
        let is_done = |part: &&Part| part.state == PartState::Done;
        self.parts.iter().filter(is_done).count()
    }

    /// Services that told nothing.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let missing = self
            .parts
            .iter()
            .filter(|part| part.state == PartState::Failed);
        missing.map(|part| part.service.as_str())
    }

    /// Whether a service told nothing.
    pub fn lacks_some(&self) -> bool {
        self.missing().next().is_some()
    }

    /// Whether no service is asked any more.
    pub fn is_told(&self) -> bool {
        let is_over = |part: &Part| part.state != PartState::Waiting;
        self.parts.iter().all(is_over)
    }
}

/// What one service told, until it is packed.
#[derive(Default, Serialize, Deserialize)]
struct Told {
    /// Records by the name of their section.
    sections: BTreeMap<String, Vec<Value>>,
    /// Sections with more records than were told.
    cut: Vec<String>,
}

/// Records as a service tells them, as they are kept until they are packed. None when it is too much, or no JSON.
pub fn gathered(records: impl IntoIterator<Item = Record>) -> Option<Vec<u8>> {
    let (mut told, mut bytes) = (Told::default(), 0);
    for record in records {
        if !is_file_name(&record.section) {
            return None;
        }
        let Some(json) = record.json else {
            told.sections.entry(record.section.clone()).or_default();
            told.cut.push(record.section);
            continue;
        };
        bytes += json.len();
        if bytes > MOST_OF_PART {
            return None;
        }
        let json = serde_json::from_str(&json).ok()?;
        told.sections.entry(record.section).or_default().push(json);
    }
    serde_json::to_vec(&told).ok()
}

/// Whether a name can stand in an archive: it comes from another service.
fn is_file_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || matches!(letter, '-' | '_');
    (1..=40).contains(&name.len()) && name.chars().all(fits)
}

/// One file of an archive.
#[derive(Debug, PartialEq)]
pub struct File {
    /// Which service told it.
    pub service: String,
    /// What its records are.
    pub section: String,
    /// The records.
    pub records: Vec<Value>,
    /// Whether there are more than were told.
    pub is_cut: bool,
}

impl File {
    /// Where it is in the archive.
    pub fn path(&self) -> String {
        format!("{}/{}.json", self.service, self.section)
    }
}

/// The files of what services told, as [`gathered`] keeps it. Sections without records have none.
pub fn files(parts: &[(String, Vec<u8>)]) -> Option<Vec<File>> {
    let mut files = Vec::new();
    for (service, told) in parts {
        let told: Told = serde_json::from_slice(told).ok()?;
        let kept = told.sections.into_iter();
        files.extend(kept.map(|(section, records)| File {
            service: service.clone(),
            is_cut: told.cut.contains(&section),
            section,
            records,
        }));
    }
    Some(files)
}

/// Packs these files, and the words that say what they are. None when it is too large.
pub fn packed(readme: &str, files: &[File], at: Timestamp) -> Option<Vec<u8>> {
    let bytes = zipped(readme, files, at).ok()?;
    (bytes.len() <= MOST_BYTES).then_some(bytes)
}

fn zipped(readme: &str, files: &[File], at: Timestamp) -> ZipResult<Vec<u8>> {
    let at = DateTime::try_from(at.to_zoned(TimeZone::UTC).datetime()).unwrap_or_default();
    let how = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(at);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("README.txt", how)?;
    zip.write_all(readme.as_bytes())?;
    for file in files {
        zip.start_file(file.path(), how)?;
        serde_json::to_writer_pretty(&mut zip, &file.records).map_err(std::io::Error::from)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_services_tell_is_found_in_the_archive() {
        let told = gathered([
            Record::new("sessions", r#"{"a":1}"#),
            Record::new("keys", r#"{"b":"ö"}"#),
            Record::new("sessions", r#"{"a":2}"#),
            Record::more("sessions"),
        ]);
        let files = files(&[("auth".to_owned(), told.unwrap())]).unwrap();
        let cut: Vec<_> = files
            .iter()
            .map(|file| (file.path(), file.is_cut))
            .collect();
        let expected = [("auth/keys.json", false), ("auth/sessions.json", true)];
        assert_eq!(cut, expected.map(|(path, cut)| (path.to_owned(), cut)));
        let bytes = packed("Read me", &files, Timestamp::UNIX_EPOCH).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(zip.len(), 3);
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            text
        };
        assert_eq!(read("README.txt"), "Read me");
        let sessions: Value = serde_json::from_str(&read("auth/sessions.json")).unwrap();
        assert_eq!(sessions, serde_json::json!([{ "a": 1 }, { "a": 2 }]));
        assert!(read("auth/keys.json").contains('ö'));
    }

    #[test]
    fn what_is_too_much_or_no_record_is_refused() {
        for section in ["../etc", "", "a/b", "A"] {
            assert!(
                gathered([Record::new(section, "{}")]).is_none(),
                "{section}"
            );
            assert!(gathered([Record::more(section)]).is_none(), "{section}");
        }
        assert!(gathered([Record::new("a", "{")]).is_none());
        let large = format!("\"{}\"", "x".repeat(MOST_OF_PART));
        assert!(gathered([Record::new("a", large)]).is_none());
        assert!(gathered([]).is_some(), "nothing is something to tell");
    }
}
