//! Puts a report together, from what lies about: the table, the totals, the state of instances and certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use registry::edge::{
    AddressKind, Connections, FORMAT, InstanceReport, Percentiles, Report, RouteReport, Standing,
    TableReport, TlsReport, TlsState,
};
use registry::{AppId, Entry, Snapshot, State};

use super::{Identity, issues};
use crate::gateway::Gateway;
use crate::gateway::totals::{Durations, Sum, Sums};
use crate::histogram::Histogram;
use crate::table::{Route, Table};
use crate::tls;
use crate::upstream::{Upstream, health};

/// Most of each kind that a report lists.
const MOST: usize = 300;

/// The report of this moment.
pub(super) fn of(gateway: &Gateway, snapshot: &Snapshot, identity: &Identity) -> Report {
    let table = gateway.table.load();
    let sums = gateway.totals.sums();
    let (open, refused) = gateway.places.count();
    let (routes, more_routes) = routes(&table, &sums, &gateway.totals.recent());
    let (instances, more_instances) = instances(&table, snapshot);
    let (issues, more_issues) = issues::issues(snapshot, MOST);
    Report {
        format: FORMAT,
        gateway: identity.instance.clone(),
        host: identity.host.clone(),
        address: identity.address.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: identity.started_at,
        at: gateway.clock.now(),
        table: TableReport {
            generation: issues::short(&table.built.generation),
            version: table.built.version,
            built_at: table.built.at,
        },
        connections: Connections {
            open: wide(open),
            refused,
        },
        requests: sums.routes.values().map(Sum::requests).sum(),
        unlogged: sums.unlogged,
        routes,
        instances,
        issues,
        tls: gateway.tls.as_ref().map(names).unwrap_or_default(),
        omitted: more_routes + more_instances + more_issues,
    }
}

/// Routes with requests before those without; ordered by prefix, with what led nowhere at the end.
fn routes(table: &Table, sums: &Sums, recent: &Durations) -> (Vec<RouteReport>, u64) {
    let mut all: Vec<&Arc<Route>> = table.routes().iter().collect();
    if all.len() > MOST {
        all.sort_by_cached_key(|route| !sums.routes.contains_key(&Some(Arc::clone(&route.prefix))));
    }
    let omitted = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    all.sort_unstable_by(|one, other| one.prefix.cmp(&other.prefix));
    let mut routes: Vec<RouteReport> = all
        .into_iter()
        .map(|route| route_report(Some(route), sums, recent))
        .collect();
    if sums.routes.contains_key(&None) {
        routes.push(route_report(None, sums, recent));
    }
    (routes, wide(omitted))
}

fn route_report(route: Option<&Arc<Route>>, sums: &Sums, recent: &Durations) -> RouteReport {
    let key = route.map(|route| Arc::clone(&route.prefix));
    let sum = sums.routes.get(&key);
    RouteReport {
        app: route.map(|route| route.app.clone()),
        instances: route.map_or(0, |route| {
            u32::try_from(route.upstreams().len()).unwrap_or(u32::MAX)
        }),
        classes: sum.map(|sum| sum.classes).unwrap_or_default(),
        recent: recent.get(&key).map(percentiles).unwrap_or_default(),
        total: sum
            .map(|sum| percentiles(&sum.counts.durations))
            .unwrap_or_default(),
        prefix: key.map(|prefix| prefix.to_string()),
    }
}

fn percentiles(durations: &Histogram) -> Percentiles {
    Percentiles {
        requests: durations.count(),
        p50: durations.per_mille(500),
        p95: durations.per_mille(950),
        p99: durations.per_mille(990),
    }
}

/// The instances of the table, and those that only finish what they have.
fn instances(table: &Table, snapshot: &Snapshot) -> (Vec<InstanceReport>, u64) {
    let unconfirmed: BTreeSet<_> = snapshot
        .unconfirmed
        .iter()
        .map(|entry| name(entry))
        .collect();
    let mut asked: Vec<InstanceReport> = table
        .upstreams()
        .map(|upstream| {
            let confirmed = !unconfirmed.contains(&name(&upstream.entry));
            instance(upstream, confirmed)
        })
        .collect();
    weigh(&mut asked);
    let draining = snapshot
        .live()
        .filter(|entry| entry.state == State::Draining)
        .map(|entry| stopping(entry, !unconfirmed.contains(&name(entry))));
    let mut all: Vec<InstanceReport> = asked.into_iter().chain(draining).collect();
    all.sort_by(|one, other| (&one.app, &one.instance).cmp(&(&other.app, &other.instance)));
    // The table may be a moment behind the registry.
    all.dedup_by(|one, other| one.app == other.app && one.instance == other.instance);
    let omitted = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (all, wide(omitted))
}

/// Says what each instance is given beside the others of its app, as the balance has it.
fn weigh(instances: &mut [InstanceReport]) {
    let takes_part = |one: &InstanceReport| {
        one.confirmed && matches!(one.standing, Standing::Well | Standing::Trial)
    };
    let mut quickest: BTreeMap<AppId, u64> = BTreeMap::new();
    for one in instances
        .iter()
        .filter(|one| takes_part(one) && one.latency > 0)
    {
        let known = quickest.entry(one.app.clone()).or_insert(one.latency);
        *known = one.latency.min(*known);
    }
    for one in instances.iter_mut().filter(|one| takes_part(one)) {
        one.weight = match quickest.get(&one.app) {
            Some(quickest) if one.latency > quickest.saturating_mul(2) => {
                u8::try_from(quickest * 100 / one.latency)
                    .unwrap_or(100)
                    .max(1)
            }
            _ => 100,
        };
    }
}

fn instance(upstream: &Upstream, confirmed: bool) -> InstanceReport {
    let standing = match upstream.health.standing() {
        _ if upstream.health.is_unready() => Standing::Unready,
        health::Standing::Well => Standing::Well,
        health::Standing::Trial => Standing::Trial,
        health::Standing::Resting => Standing::Resting,
    };
    let address = if upstream.is_local() {
        AddressKind::Unix
    } else {
        AddressKind::Tcp
    };
    InstanceReport {
        address,
        standing,
        in_flight: wide(upstream.in_flight()),
        latency: upstream.health.average_micros(),
        ..stopping(&upstream.entry, confirmed)
    }
}

fn stopping(entry: &Entry, confirmed: bool) -> InstanceReport {
    InstanceReport {
        app: entry.id.clone(),
        instance: entry.instance.clone(),
        version: issues::short(&entry.version),
        address: AddressKind::Tcp,
        standing: Standing::Draining,
        confirmed,
        in_flight: 0,
        latency: 0,
        weight: 0,
    }
}

fn names(tls: &tls::Tls) -> Vec<TlsReport> {
    let status = Arc::clone(&tls.watch().borrow());
    status.names.iter().take(MOST).map(tls_name).collect()
}

fn tls_name(name: &tls::NameStatus) -> TlsReport {
    let source = |served: &tls::Served| match served.source {
        tls::Source::File => "file",
        tls::Source::Acme => "acme",
        tls::Source::SelfSigned => "self-signed",
    };
    TlsReport {
        name: name.name.clone(),
        state: match name.state {
            tls::State::Valid => TlsState::Valid,
            tls::State::Expiring => TlsState::Expiring,
            tls::State::Invalid => TlsState::Invalid,
            tls::State::Missing => TlsState::Missing,
        },
        source: name.served.as_ref().map(source).map(str::to_owned),
        expires_at: name.served.as_ref().map(|served| served.expires_at),
        error: name
            .last_error
            .as_ref()
            .map(|error| error.message.chars().take(300).collect()),
    }
}

fn name(entry: &Entry) -> (&str, &str) {
    (entry.id.as_str(), entry.instance.as_str())
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use registry::InstanceId;

    use super::*;

    #[test]
    fn an_instance_weighs_what_the_balance_gives_it() {
        let one = |app: &str, latency, standing| InstanceReport {
            app: AppId::new(app).unwrap(),
            instance: InstanceId::random(),
            version: String::new(),
            address: AddressKind::Tcp,
            standing,
            confirmed: true,
            in_flight: 0,
            latency,
            weight: 0,
        };
        let mut all = [
            one("files", 1000, Standing::Well),
            one("files", 1900, Standing::Well),
            one("files", 4000, Standing::Well),
            one("files", 900_000, Standing::Trial),
            one("files", 10, Standing::Resting),
            one("other", 4000, Standing::Well),
            one("fresh", 0, Standing::Well),
        ];
        weigh(&mut all);
        let weights = all.map(|each| each.weight);
        assert_eq!(weights, [100, 100, 25, 1, 0, 100, 100]);
    }
}
