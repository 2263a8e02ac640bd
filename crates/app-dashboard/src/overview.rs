//! What runs: apps, instances and registrations that were refused, for administrators.

use jiff::Timestamp;
use registry::{Entry, Snapshot, State};

use crate::launchpad::newest_by_app;

/// One app with its instances.
#[derive(Clone, Debug)]
pub(crate) struct RunningApp {
    /// Its name in the language of the page.
    pub(crate) name: String,
    /// Name of its icon.
    pub(crate) icon: String,
    /// Paths it answers; that of its assets, which every app has, is left out.
    pub(crate) prefixes: String,
    /// Its instances, oldest first.
    pub(crate) instances: Vec<RunningInstance>,
}

/// One instance.
#[derive(Clone, Debug)]
pub(crate) struct RunningInstance {
    /// Its id.
    pub(crate) id: String,
    /// Version it runs.
    pub(crate) version: String,
    /// Where it listens.
    pub(crate) address: String,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// Whether it only finishes what it has.
    pub(crate) draining: bool,
}

/// A registration that was not accepted.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// The app it claims to be.
    pub(crate) app: String,
    /// The instance it claims to be.
    pub(crate) instance: String,
    /// Why.
    pub(crate) reason: String,
}

/// The apps that run, by id.
pub(crate) fn apps(snapshot: &Snapshot, language: &str) -> Vec<RunningApp> {
    newest_by_app(snapshot)
        .into_values()
        .map(|newest| {
            let mut instances: Vec<RunningInstance> = snapshot
                .live()
                .filter(|entry| entry.id == newest.id)
                .map(|entry| instance(entry))
                .collect();
            instances.sort_by_key(|instance| instance.started_at);
            RunningApp {
                name: newest.name.get(language).to_owned(),
                icon: newest.icon.clone(),
                prefixes: own_prefixes(newest).join(", "),
                instances,
            }
        })
        .collect()
}

fn own_prefixes(entry: &Entry) -> Vec<&str> {
    let prefixes = entry.prefixes.iter().map(String::as_str);
    prefixes
        .filter(|prefix| !prefix.starts_with("/public/"))
        .collect()
}

fn instance(entry: &Entry) -> RunningInstance {
    RunningInstance {
        id: entry.instance.to_string(),
        version: entry.version.clone(),
        address: entry.http.clone(),
        started_at: entry.started_at,
        draining: entry.state == State::Draining,
    }
}

/// The registrations that were not accepted.
pub(crate) fn refused(snapshot: &Snapshot) -> Vec<Refused> {
    snapshot
        .rejected
        .iter()
        .map(|rejection| Refused {
            app: rejection.app.clone(),
            instance: rejection.instance.clone(),
            reason: rejection.reason.to_string(),
        })
        .collect()
}
