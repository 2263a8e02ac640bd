//! What an app keeps of one person, for whoever asks for all of it.
//!
//! An app says what that is by statements that answer one column of JSON each. Nothing here knows what they read.

use uuid::Uuid;

use crate::{Error, GenericClient};

/// Most records of one section. What is kept for long is bounded by its own age.
const MOST_RECORDS: i64 = 10_000;

/// Part of what an app keeps of people.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// What its records are, such as `sessions`: the name of a file.
    pub name: &'static str,
    /// Reads them: `$1` is the person, `$2` how many at most, and the one column `record` a JSON object.
    pub sql: &'static str,
}

/// All records of these sections about a person, each with the name of its section.
pub async fn read(
    client: &impl GenericClient,
    sections: &[Section],
    person: Uuid,
) -> Result<Vec<(String, String)>, Error> {
    let mut records = Vec::new();
    for section in sections {
        let rows = client.query(section.sql, &[&person, &MOST_RECORDS]).await?;
        for row in rows {
            let record: serde_json::Value = row.try_get("record")?;
            records.push((section.name.to_owned(), record.to_string()));
        }
    }
    Ok(records)
}
