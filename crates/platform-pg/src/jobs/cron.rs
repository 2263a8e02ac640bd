//! Schedules: one job per tick, made by whichever instance comes first.

use std::str::FromStr;
use std::time::Duration;

use croner::Cron;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::{Enqueue, enqueue};
use crate::generic::GenericClient;
use crate::{Database, Error};

/// When something runs.
pub(super) struct Schedule {
    name: String,
    rhythm: Rhythm,
    /// The last tick this process saw recorded, so that most looks cost no query.
    seen: Option<Timestamp>,
}

enum Rhythm {
    Cron(Box<Cron>),
    Every(Duration),
}

/// The kind of the jobs of a schedule.
pub(super) fn kind(name: &str) -> String {
    format!("cron:{name}")
}

impl Schedule {
    pub(super) fn cron(name: &str, pattern: &str) -> Result<Self, String> {
        let cron = Cron::from_str(pattern)
            .map_err(|error| format!("the schedule of {name}, `{pattern}`: {error}"))?;
        Ok(Self {
            name: name.to_owned(),
            rhythm: Rhythm::Cron(Box::new(cron)),
            seen: None,
        })
    }

    pub(super) fn every(name: &str, period: Duration) -> Result<Self, String> {
        if period < Duration::from_millis(1) {
            return Err(format!(
                "the schedule of {name}: a period has at least a millisecond"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            rhythm: Rhythm::Every(period),
            seen: None,
        })
    }

    /// The latest tick that is not in the future.
    fn tick(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.rhythm {
            Rhythm::Cron(cron) => {
                let now = now.to_zoned(TimeZone::UTC);
                cron.find_previous_occurrence(&now, true)
                    .ok()
                    .map(|tick| tick.timestamp())
            }
            Rhythm::Every(period) => {
                let period = i64::try_from(period.as_millis()).ok()?;
                let now = now.as_millisecond();
                Timestamp::from_millisecond(now - now.rem_euclid(period)).ok()
            }
        }
    }

    /// Makes the job of the latest tick, unless it was made.
    async fn look(&mut self, database: &Database) -> Result<(), Error> {
        let Some(tick) = self.tick(database.shared().clock.now()) else {
            return Ok(());
        };
        if self.seen.is_some_and(|seen| seen >= tick) {
            return Ok(());
        }
        let mut client = database.client().await?;
        let transaction = client.transaction().await?;
        let begun = transaction
            .execute(
                include_str!("../../sql/cron_begin.sql"),
                &[&self.name, &tick],
            )
            .await?;
        if begun == 0 {
            let moved = transaction
                .execute(
                    include_str!("../../sql/cron_tick.sql"),
                    &[&self.name, &tick],
                )
                .await?;
            if moved == 1 {
                let payload = serde_json::json!({ "tick": tick });
                enqueue(
                    &transaction,
                    &kind(&self.name),
                    &payload,
                    Enqueue::once(&self.name),
                )
                .await?;
            }
        }
        transaction.commit().await?;
        self.seen = Some(tick);
        Ok(())
    }
}

/// Watches the schedules until the process stops.
pub(super) async fn run(
    database: &Database,
    mut schedules: Vec<Schedule>,
    poll: Duration,
    soft: &CancellationToken,
) {
    let mut failing = false;
    while !soft.is_cancelled() {
        let mut failure = None;
        for schedule in &mut schedules {
            if let Err(error) = schedule.look(database).await {
                failure = Some(error);
            }
        }
        if let Some(error) = failure.as_ref().filter(|_| !failing) {
            tracing::warn!(%error, "schedules wait for the database");
        }
        failing = failure.is_some();
        soft.run_until_cancelled(tokio::time::sleep(poll)).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn tick(schedule: &Schedule, now: &str) -> String {
        schedule.tick(now.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_latest_tick_is_the_one_that_is_due() {
        let nightly = Schedule::cron("nightly", "0 3 * * *").unwrap();
        assert_eq!(
            tick(&nightly, "2026-11-21T02:59:59Z"),
            "2026-11-20T03:00:00Z"
        );
        assert_eq!(
            tick(&nightly, "2026-11-21T03:00:00Z"),
            "2026-11-21T03:00:00Z"
        );
        assert_eq!(
            tick(&nightly, "2026-11-21T03:00:00.5Z"),
            "2026-11-21T03:00:00Z"
        );
        let mondays = Schedule::cron("mondays", "30 4 * * 1").unwrap();
        assert_eq!(
            tick(&mondays, "2026-11-21T00:00:00Z"),
            "2026-11-16T04:30:00Z"
        );
        let minutely = Schedule::every("minutely", Duration::from_mins(1)).unwrap();
        assert_eq!(
            tick(&minutely, "2026-11-21T03:00:59.9Z"),
            "2026-11-21T03:00:00Z"
        );
    }

    #[test]
    fn a_schedule_that_is_none_is_named() {
        assert!(
            Schedule::cron("x", "every day")
                .err()
                .unwrap()
                .contains("every day")
        );
        assert!(Schedule::cron("x", "61 * * * *").is_err());
        assert!(Schedule::every("x", Duration::ZERO).is_err());
    }
}
