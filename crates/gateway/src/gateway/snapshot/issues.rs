//! What is wrong with registrations: those that are not served, values that do not hold, and instances that lag behind
//! their app.

use std::collections::BTreeMap;

use registry::edge::{Issue, IssueKind};
use registry::{Entry, Reason, Rejection, Snapshot, State};

use crate::table::policy;

/// Longest text that is taken over from a registration nobody vouches for.
const LONGEST: usize = 100;

/// Everything that is wrong, at most so many.
pub(super) fn issues(snapshot: &Snapshot, most: usize) -> (Vec<Issue>, u64) {
    let mut all: Vec<Issue> = snapshot.rejected.iter().map(refused).collect();
    all.extend(excessive(snapshot));
    all.extend(skewed(snapshot));
    let omitted = all.len().saturating_sub(most);
    all.truncate(most);
    (all, u64::try_from(omitted).unwrap_or(u64::MAX))
}

fn refused(rejection: &Rejection) -> Issue {
    let kind = match &rejection.reason {
        Reason::Malformed => IssueKind::Malformed,
        Reason::Oversized => IssueKind::Oversized,
        Reason::Unsigned => IssueKind::Unsigned,
        Reason::Prefix(prefix) => IssueKind::Prefix {
            prefix: short(prefix),
        },
        Reason::Conflict { prefix, holder } => IssueKind::Conflict {
            prefix: short(prefix),
            holder: holder.to_string(),
        },
    };
    Issue {
        app: short(&rejection.app),
        instance: short(&rejection.instance),
        kind,
    }
}

/// Values of policies beyond what a gateway allows.
fn excessive(snapshot: &Snapshot) -> impl Iterator<Item = Issue> {
    let policies = snapshot
        .live()
        .flat_map(|entry| entry.policy.iter().map(move |policy| (entry, policy)));
    policies.flat_map(|(entry, policy)| {
        policy::faults(policy).map(|value| Issue {
            app: entry.id.to_string(),
            instance: entry.instance.to_string(),
            kind: IssueKind::Policy {
                prefix: short(&policy.prefix),
                value: value.to_owned(),
            },
        })
    })
}

/// Instances that run another version than the one of their app that started last. One that stops already is no
/// problem.
fn skewed(snapshot: &Snapshot) -> impl Iterator<Item = Issue> {
    let ready = || snapshot.live().filter(|entry| entry.state == State::Ready);
    let mut newest: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in ready() {
        let latest = newest.entry(entry.id.as_str()).or_insert(entry);
        if entry.started_at > latest.started_at {
            *latest = entry;
        }
    }
    ready().filter_map(move |entry| {
        let latest = newest.get(entry.id.as_str())?;
        (latest.version != entry.version).then(|| Issue {
            app: entry.id.to_string(),
            instance: entry.instance.to_string(),
            kind: IssueKind::Skew {
                version: short(&entry.version),
                newest: short(&latest.version),
            },
        })
    })
}

pub(super) fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::sync::Arc;

    use registry::{AppId, InstanceId};

    use super::*;

    fn entry(instance: &str, version: &str, started: i64) -> Entry {
        let mut entry = Entry::new(
            AppId::new("hello").unwrap(),
            InstanceId::new(instance).unwrap(),
            jiff::Timestamp::from_second(started).unwrap(),
            "http://127.0.0.1:1".to_owned(),
        );
        version.clone_into(&mut entry.version);
        entry
    }

    fn snapshot(entries: Vec<Entry>) -> Snapshot {
        Snapshot {
            entries: entries.into_iter().map(Arc::new).collect(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn an_instance_of_an_older_version_is_named_until_it_stops() {
        let mut old = entry("a", "1", 1);
        let seen = snapshot(vec![old.clone(), entry("b", "2", 2), entry("c", "2", 3)]);
        let (found, _) = issues(&seen, 10);
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().unwrap().instance, "a");
        let (version, newest) = ("1".to_owned(), "2".to_owned());
        assert_eq!(
            found.first().unwrap().kind,
            IssueKind::Skew { version, newest }
        );
        old.state = State::Draining;
        let seen = snapshot(vec![old, entry("b", "2", 2)]);
        assert_eq!(issues(&seen, 10).0, []);
    }

    #[test]
    fn a_value_beyond_the_bounds_of_a_gateway_is_named() {
        let mut greedy = entry("a", "1", 1);
        greedy.policy = vec![registry::PrefixPolicy {
            prefix: "/app/hello".to_owned(),
            call_timeout_ms: Some(u64::MAX),
            ..registry::PrefixPolicy::default()
        }];
        let (found, _) = issues(&snapshot(vec![greedy]), 10);
        let (prefix, value) = ("/app/hello".to_owned(), "call_timeout_ms".to_owned());
        assert_eq!(
            found.first().unwrap().kind,
            IssueKind::Policy { prefix, value }
        );
    }

    #[test]
    fn a_flood_of_refused_registrations_is_cut_and_so_are_their_names() {
        let rejected = Rejection {
            app: "x".repeat(1000),
            instance: String::new(),
            reason: Reason::Malformed,
        };
        let flood = Snapshot {
            rejected: vec![rejected; 30],
            ..Snapshot::default()
        };
        let (found, omitted) = issues(&flood, 10);
        assert_eq!((found.len(), omitted), (10, 20));
        assert_eq!(found.first().unwrap().app.len(), LONGEST);
    }
}
