//! The tree of who reports to whom, a part at a time.

use std::collections::HashMap;

use platform_pg::Database;

use crate::domain::person::PersonId;
use crate::domain::reporting::{Branch, Seat};
use crate::error::Error;
use crate::store::membership::{Part, Span};
use crate::store::reporting::{above, reports, reports_of_all, tops};

/// Levels shown below the first.
const LEVELS: usize = 2;
/// People shown below one, but on the first level.
const MOST_BELOW: i64 = 20;
/// People shown at once; who would be more is a link away.
const MOST_SHOWN: usize = 300;
/// Steps up that are shown of a line.
const MOST_ABOVE: i32 = 12;
/// Reports shown on the page of a person.
const MOST_REPORTS: i64 = 12;

/// Who is above and below somebody.
#[derive(Debug)]
pub struct Place {
    /// The line above, the highest first.
    pub above: Vec<Seat>,
    /// Some of those who report to them.
    pub reports: Part<Seat>,
}

/// Reads the tree.
#[derive(Clone, Debug)]
pub struct Reporting {
    db: Database,
}

impl Reporting {
    /// Over the tables of this app.
    pub fn new(db: Database) -> Self {
        Self { db }
    }

    /// Those below `from`, or at the top, each with two more levels.
    pub async fn tree(&self, from: Option<PersonId>, span: Span) -> Result<Part<Branch>, Error> {
        let client = self.db.client().await?;
        let first = match from {
            Some(from) => reports(&client, from, span).await?,
            None => tops(&client, span).await?,
        };
        let mut below: HashMap<PersonId, Vec<Seat>> = HashMap::new();
        let mut shown = first.rows.len();
        let mut level = managers(&first.rows);
        for _ in 0..LEVELS {
            if level.is_empty() || shown >= MOST_SHOWN {
                break;
            }
            // Whoever comes too late for the page stays a link.
            let room = i64::try_from(MOST_SHOWN - shown).unwrap_or(0) / MOST_BELOW;
            level.truncate(usize::try_from(room.max(1)).unwrap_or(1));
            let seats = reports_of_all(&client, &level, MOST_BELOW).await?;
            shown += seats.len();
            level = managers(&seats);
            for seat in seats {
                if let Some(manager) = seat.manager {
                    below.entry(manager).or_default().push(seat);
                }
            }
        }
        let grow = |seat| Branch::grow(seat, &mut below);
        Ok(Part {
            rows: first.rows.into_iter().map(grow).collect(),
            total: first.total,
        })
    }

    /// Who is above somebody, the highest first.
    pub async fn above(&self, id: PersonId) -> Result<Vec<Seat>, Error> {
        let client = self.db.client().await?;
        Ok(above(&client, id, MOST_ABOVE).await?)
    }

    /// Who is above and below somebody.
    pub async fn place(&self, id: PersonId) -> Result<Place, Error> {
        let client = self.db.client().await?;
        let span = Span {
            limit: MOST_REPORTS,
            offset: 0,
        };
        Ok(Place {
            above: above(&client, id, MOST_ABOVE).await?,
            reports: reports(&client, id, span).await?,
        })
    }
}

/// Those of them to whom somebody reports.
fn managers(seats: &[Seat]) -> Vec<PersonId> {
    seats
        .iter()
        .filter(|seat| seat.reports > 0)
        .map(|seat| seat.id)
        .collect()
}
