//! Importing people from a table: what is wrong with a row, and what came of it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::import_column::Column;
use super::person::{PersonId, Unknown};

/// Identifies an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportId(pub Uuid);

impl fmt::Display for ImportId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What is wrong with a row: where, as the key of a message, and what the message is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Word of the column; empty for the row as a whole.
    pub column: String,
    /// Key of the message.
    pub key: String,
    /// What the message names, such as a line or groups; may be empty.
    pub about: String,
}

impl Problem {
    /// In that column.
    pub fn at(column: Column, key: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            column: column.word(),
            key: key.into(),
            about: about.into(),
        }
    }
}

/// What would come, or came, of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It can be imported.
    Ready,
    /// It added a person.
    Added,
    /// Somebody has its address: they are there already, and stay as they are.
    Known,
    /// It cannot be imported as it is.
    Bad,
}

impl Outcome {
    /// All of them, those that want attention first.
    pub const ALL: [Self; 4] = [Self::Bad, Self::Known, Self::Ready, Self::Added];

    /// Its word in tables and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Added => "added",
            Self::Known => "known",
            Self::Bad => "bad",
        }
    }
}

impl FromStr for Outcome {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let found = Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == word);
        found.ok_or(Unknown)
    }
}

/// A row with what is known of it.
#[derive(Clone, Debug)]
pub struct RowResult {
    /// Line of the file on which it begins.
    pub line: u32,
    /// What would come, or came, of it.
    pub outcome: Outcome,
    /// Whom it added, or who has its address.
    pub person: Option<PersonId>,
    /// User name it would have; empty where the row does not tell.
    pub username: String,
    /// Its address as far as it was read.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Where an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Its columns are to be looked at.
    Draft,
    /// Every row was checked as columns and options are now.
    Checked,
    /// It runs.
    Running,
    /// It ran.
    Done,
    /// It was to be all or nothing, and some row did not do.
    Refused,
    /// It could not be finished; nobody was imported.
    Failed,
}

impl Progress {
    const ALL: [Self; 6] = [
        Self::Draft,
        Self::Checked,
        Self::Running,
        Self::Done,
        Self::Refused,
        Self::Failed,
    ];

    /// Its word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Whether columns and options can be changed, and it can be begun.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Running | Self::Done)
    }
}

impl FromStr for Progress {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or(Unknown)
    }
}

/// What holds for all people of an import, as typed: a row that says something else wins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Role of rows without one.
    pub role: String,
    /// Names of groups that everybody is in, one a line.
    pub groups: String,
    /// Last day of rows without one; may be empty.
    pub ends_on: String,
    /// `mail` or `link`.
    pub delivery: String,
    /// Words for the mail.
    pub message: String,
    /// Days a link works.
    pub lasts: String,
}

/// An import without its content.
#[derive(Clone, Debug)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// Who uploaded it, if that one is still there.
    pub created_by: Option<(PersonId, String)>,
    /// When.
    pub created_at: Timestamp,
    /// Name of the file; empty when it was pasted.
    pub file_name: String,
    /// What each column holds.
    pub columns: Vec<Option<Column>>,
    /// What holds for everybody.
    pub options: Options,
    /// Where it is.
    pub progress: Progress,
    /// Whether rows that do not do are left out.
    pub skips_bad: bool,
    /// Request that began it.
    pub request_id: String,
    /// Rows that were dealt with.
    pub rows_done: i32,
    /// Rows there are.
    pub rows_total: i32,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Import {
    /// How many of a hundred rows were dealt with.
    pub fn percent(&self) -> i32 {
        let percent = i64::from(self.rows_done) * 100 / i64::from(self.rows_total.max(1));
        i32::try_from(percent).unwrap_or(100)
    }
}
