//! All that is kept of one person, in one archive: who may have it, how far it is, and what it is made of.

use std::fmt;
use std::io::{Cursor, Write as _};
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::person::{PersonId, Unknown};

/// How long an archive is kept, from when it is ready; and how long it may take to be.
pub const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Archives that one person may ask for in a day.
pub const MOST_A_DAY: i64 = 20;
/// Most that one service tells.
pub const MOST_OF_PART: usize = 16 * 1024 * 1024;
/// Largest archive.
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
    /// It can be opened.
    Ready,
    /// Some service told nothing, or too much.
    Failed,
}

impl ArchiveState {
    /// Its word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Ready => "ready",
            Self::Failed => "failed",
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
}

/// Records as a service tells them, each with its section, as one object of arrays. None when it is too much, or no JSON.
pub fn gathered(records: impl IntoIterator<Item = (String, String)>) -> Option<Vec<u8>> {
    let (mut sections, mut bytes) = (Map::new(), 0);
    for (section, record) in records {
        bytes += record.len();
        if bytes > MOST_OF_PART || !is_file_name(&section) {
            return None;
        }
        let record = serde_json::from_str(&record).ok()?;
        let list = sections.entry(section).or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut()?.push(record);
    }
    serde_json::to_vec(&sections).ok()
}

/// Whether a name can stand in an archive: it comes from another service.
fn is_file_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || matches!(letter, '-' | '_');
    (1..=40).contains(&name.len()) && name.chars().all(fits)
}

/// Packs what services told, a file for each section, and the words that say what it is. None when it is too large.
pub fn packed(readme: &str, parts: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("README.txt", how).ok()?;
    zip.write_all(readme.as_bytes()).ok()?;
    for (service, told) in parts {
        let sections: Map<String, Value> = serde_json::from_slice(told).ok()?;
        for (section, records) in sections {
            zip.start_file(format!("{service}/{section}.json"), how).ok()?;
            serde_json::to_writer_pretty(&mut zip, &records).ok()?;
        }
    }
    let bytes = zip.finish().ok()?.into_inner();
    (bytes.len() <= MOST_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn record(section: &str, json: &str) -> (String, String) {
        (section.to_owned(), json.to_owned())
    }

    #[test]
    fn what_services_tell_is_found_in_the_archive() {
        let told = gathered([
            record("sessions", r#"{"a":1}"#),
            record("keys", r#"{"b":"ö"}"#),
            record("sessions", r#"{"a":2}"#),
        ]);
        let parts = [("auth".to_owned(), told.unwrap())];
        let bytes = packed("Read me", &parts).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<_> = zip.file_names().map(str::to_owned).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(read("README.txt"), "Read me");
        let sessions: Value = serde_json::from_str(&read("auth/sessions.json")).unwrap();
        assert_eq!(sessions, serde_json::json!([{ "a": 1 }, { "a": 2 }]));
        assert!(read("auth/keys.json").contains('ö'));
    }

    #[test]
    fn what_is_too_much_or_no_record_is_refused() {
        assert!(gathered([record("../etc", "{}")]).is_none());
        assert!(gathered([record("", "{}")]).is_none());
        assert!(gathered([record("a", "{")]).is_none());
        let large = format!("\"{}\"", "x".repeat(MOST_OF_PART));
        assert!(gathered([record("a", &large)]).is_none());
        assert!(gathered([]).is_some(), "nothing is something to tell");
    }
}
