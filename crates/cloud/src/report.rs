//! What runs and whether it is well.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use futures_util::future::join_all;
use registry::{Entry, Snapshot, State};
use serde::{Deserialize, Serialize};

use crate::fetch;

/// A platform as `cloud status` shows it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Instances of apps, by app and instance.
    pub(crate) instances: Vec<InstanceReport>,
    /// Registrations that are not served, and why.
    pub(crate) rejected: Vec<String>,
    /// Whether the registry has not been read for a while.
    pub(crate) stale: bool,
}

/// One instance of an app.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InstanceReport {
    /// The app.
    pub(crate) app: String,
    /// The instance.
    pub(crate) instance: String,
    /// Its version.
    pub(crate) version: String,
    /// `ready` or `draining`.
    pub(crate) state: String,
    /// Where it listens.
    pub(crate) http: String,
    /// Whether all its checks passed.
    pub(crate) healthy: bool,
    /// Its checks, or why it did not answer.
    pub(crate) health: String,
}

/// The body of an app's `/health`.
#[derive(Deserialize)]
struct Health {
    status: String,
    #[serde(default)]
    checks: BTreeMap<String, String>,
}

impl Report {
    /// Asks every registered instance for its health.
    pub(crate) async fn of(snapshot: &Snapshot) -> Self {
        let mut entries: Vec<&Arc<Entry>> = snapshot.entries.iter().collect();
        entries.sort_by_key(|entry| (entry.id.to_string(), entry.instance.to_string()));
        let instances = join_all(entries.into_iter().map(|entry| look_at(entry))).await;
        let rejected = snapshot
            .rejected
            .iter()
            .map(|rejection| {
                format!(
                    "{}/{}: {}",
                    rejection.app, rejection.instance, rejection.reason
                )
            })
            .collect();
        Self {
            instances,
            rejected,
            stale: snapshot.stale,
        }
    }

    /// Whether there is nothing to worry about.
    pub(crate) fn is_healthy(&self) -> bool {
        !self.stale
            && self.rejected.is_empty()
            && !self.instances.is_empty()
            && self.instances.iter().all(|instance| instance.healthy)
    }

    /// The report as a table.
    pub(crate) fn table(&self) -> String {
        let rows: Vec<[&str; 5]> =
            std::iter::once(["APP", "STATE", "HEALTH", "VERSION", "ADDRESS"])
                .chain(self.instances.iter().map(|one| {
                    [
                        &*one.app,
                        &*one.state,
                        &*one.health,
                        &*one.version,
                        &*one.http,
                    ]
                }))
                .collect();
        let mut widths = [0; 5];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            let _written = writeln!(text, "{}", cells.join("  ").trim_end());
        }
        for rejected in &self.rejected {
            let _written = writeln!(text, "not served: {rejected}");
        }
        if self.stale {
            text.push_str("the registry cannot be read; this is what was known last\n");
        }
        text
    }
}

async fn look_at(entry: &Entry) -> InstanceReport {
    let authority = entry.http.strip_prefix("http://").unwrap_or(&entry.http);
    let (healthy, health) = match fetch::over_tcp(authority, &entry.health).await {
        Ok((_, body)) => match serde_json::from_slice::<Health>(&body) {
            Ok(health) => {
                let failed: Vec<String> = health
                    .checks
                    .iter()
                    .filter(|(_, outcome)| *outcome != "ok")
                    .map(|(name, outcome)| format!("{name} {outcome}"))
                    .collect();
                let healthy = health.status == "healthy";
                (
                    healthy,
                    if healthy {
                        "healthy".to_owned()
                    } else {
                        failed.join(", ")
                    },
                )
            }
            Err(_) => (false, "answers nonsense".to_owned()),
        },
        Err(_) => (false, "does not answer".to_owned()),
    };
    InstanceReport {
        app: entry.id.to_string(),
        instance: entry.instance.to_string(),
        version: entry.version.clone(),
        state: match entry.state {
            State::Ready => "ready".to_owned(),
            State::Draining => "draining".to_owned(),
        },
        http: entry.http.clone(),
        healthy,
        health,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(health: &str, healthy: bool) -> Report {
        let instance = InstanceReport {
            app: "accounts".to_owned(),
            instance: "1".to_owned(),
            version: "0.1.0".to_owned(),
            state: "ready".to_owned(),
            http: "http://127.0.0.1:1".to_owned(),
            healthy,
            health: health.to_owned(),
        };
        Report {
            instances: vec![instance],
            rejected: Vec::new(),
            stale: false,
        }
    }

    #[test]
    fn the_table_lines_up() {
        let table = report("database failed", false).table();
        assert_eq!(
            table,
            "APP       STATE  HEALTH           VERSION  ADDRESS\naccounts  ready  database failed  0.1.0    http://127.0.0.1:1\n"
        );
    }

    #[test]
    fn nothing_running_or_a_refused_registration_is_not_healthy() {
        assert!(report("healthy", true).is_healthy());
        assert!(!report("database failed", false).is_healthy());
        assert!(
            !Report {
                instances: Vec::new(),
                rejected: Vec::new(),
                stale: false
            }
            .is_healthy()
        );
        assert!(
            !Report {
                rejected: vec!["x".to_owned()],
                ..report("healthy", true)
            }
            .is_healthy()
        );
    }
}
