//! What an app keeps of one person, for whoever asks for all of it.
//!
//! An app says what that is by statements that answer one column of JSON each. Nothing here knows what they read.

use futures_util::future::BoxFuture;
use platform::personal::Record;
use uuid::Uuid;

use crate::{Database, Error, GenericClient as _};

/// Most records of one section.
const MOST_RECORDS: i64 = 10_000;
/// Most that all sections hold together, in bytes: what is over it is left out, and it is said so.
const MOST_BYTES: usize = 6 * 1024 * 1024;

/// Part of what an app keeps of people.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// What its records are, such as `sessions`: the name of a file.
    pub name: &'static str,
    /// Reads them: `$1` is the person, `$2` how many at most, and the one column `record` a JSON object. Never a secret
    /// nor what stands for one, and nothing of anybody else.
    pub sql: &'static str,
}

/// Reads these sections of whoever it is given: what a service tells by `rpc::personal::server`.
pub fn reader(
    db: &Database,
    sections: &'static [Section],
) -> impl Fn(Uuid) -> BoxFuture<'static, Result<Vec<Record>, Error>> + Send + Sync + 'static {
    let db = db.clone();
    move |person| {
        let db = db.clone();
        Box::pin(async move { read(&db, sections, person).await })
    }
}

/// All records of these sections about a person, section by section. Where a section has more than fit, it is said.
pub async fn read(db: &Database, sections: &[Section], person: Uuid) -> Result<Vec<Record>, Error> {
    let client = db.client().await?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    for section in sections {
        let rows = client
            .query(section.sql, &[&person, &(MOST_RECORDS + 1)])
            .await?;
        for (row, place) in rows.iter().zip(1_i64..) {
            let record: serde_json::Value = row.try_get("record")?;
            let json = record.to_string();
            bytes += json.len();
            if place > MOST_RECORDS || bytes > MOST_BYTES {
                records.push(Record::more(section.name));
                break;
            }
            records.push(Record::new(section.name, json));
        }
    }
    Ok(records)
}
