//! What an app keeps of one person, record by record, on its way into the archive of their data.

use std::fmt;

/// One record, or the word that there are more than are told.
pub struct Record {
    /// What it is one of, such as `sessions`: the name of a file.
    pub section: String,
    /// The record as a JSON object; absent where the section has more of them than are told.
    pub json: Option<String>,
}

impl Record {
    /// A record of a section.
    pub fn new(section: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            section: section.into(),
            json: Some(json.into()),
        }
    }

    /// The section has more than is told.
    pub fn more(section: impl Into<String>) -> Self {
        Self {
            section: section.into(),
            json: None,
        }
    }
}

/// What is kept of people is in no log.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("section", &self.section)
            .finish_non_exhaustive()
    }
}
