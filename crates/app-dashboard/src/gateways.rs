//! What the gateways see, read from their reports and put together: several gateways that serve the same apps make
//! one picture.

use std::collections::BTreeMap;

use fred::clients::Client;
use platform::{Boot, Clock};
use registry::edge::{
    self, Fault, Found, InstanceReport, Percentiles, Report, RouteReport, Standing, TlsReport,
    TlsState,
};
use registry::{AppId, Keyring};

mod trouble;

pub(crate) use trouble::Trouble;

/// Where the reports lie.
#[derive(Clone, Debug)]
pub(crate) struct Gateways {
    redis: Client,
    keyring: Keyring,
    clock: Clock,
}

impl Gateways {
    /// Those of the platform an app runs on.
    pub(crate) fn new(boot: &Boot) -> Self {
        Self {
            redis: boot.redis.clone(),
            keyring: boot.config.app_secret.clone(),
            clock: boot.clock.clone(),
        }
    }

    /// What all gateways see now. Fails within a second while Redis is away.
    pub(crate) async fn look(&self) -> Result<Picture, registry::Error> {
        let found = edge::read(&self.redis, &self.keyring, self.clock.now()).await?;
        Ok(Picture::of(found))
    }
}

/// What all gateways together see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    /// The gateways, by where they are.
    pub(crate) gateways: Vec<Report>,
    /// Routes by prefix, what led nowhere last.
    pub(crate) routes: Vec<Route>,
    /// Instances by app.
    pub(crate) instances: Vec<InstanceReport>,
    /// What is wrong, the worst first.
    pub(crate) troubles: Vec<Trouble>,
    /// Names served over TLS.
    pub(crate) names: Vec<TlsReport>,
}

/// One route, as all gateways together see it: sums of requests, and the slowest of their percentiles.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// The report of it.
    pub(crate) report: RouteReport,
    /// Instances of its app that are sent requests.
    pub(crate) well: usize,
    /// Instances of its app.
    pub(crate) all: usize,
}

impl Route {
    /// Requests answered with an error of the server.
    pub(crate) fn errors(&self) -> u64 {
        let [.., errors] = self.report.classes;
        errors
    }
}

impl Picture {
    fn of(found: Vec<Found>) -> Self {
        let mut gateways = Vec::new();
        let mut faults: Vec<(String, Fault)> = Vec::new();
        for Found { gateway, report } in found {
            match report {
                Ok(report) => gateways.push(report),
                Err(fault) => faults.push((gateway, fault)),
            }
        }
        gateways.sort_by(|one, other| {
            (&one.host, &one.address, &one.gateway).cmp(&(
                &other.host,
                &other.address,
                &other.gateway,
            ))
        });
        let instances = instances(&gateways);
        let mut picture = Self {
            routes: routes(&gateways, &instances),
            names: names(&gateways),
            instances,
            gateways,
            troubles: Vec::new(),
        };
        picture.troubles = trouble::all(&picture, faults);
        picture
    }

    /// Open connections.
    pub(crate) fn connections(&self) -> u64 {
        let open = self.gateways.iter().map(|each| each.connections.open);
        open.sum()
    }

    /// Requests of the last minute.
    pub(crate) fn requests(&self) -> u64 {
        let recent = self.routes.iter().map(|route| route.report.recent.requests);
        recent.sum()
    }

    /// What found no room in the reports.
    pub(crate) fn omitted(&self) -> u64 {
        self.gateways.iter().map(|each| each.omitted).sum()
    }
}

fn routes(gateways: &[Report], instances: &[InstanceReport]) -> Vec<Route> {
    let mut merged: BTreeMap<Option<&str>, RouteReport> = BTreeMap::new();
    for route in gateways.iter().flat_map(|each| &each.routes) {
        merged
            .entry(route.prefix.as_deref())
            .and_modify(|known| merge_route(known, route))
            .or_insert_with(|| route.clone());
    }
    let mut standings: BTreeMap<&AppId, (usize, usize)> = BTreeMap::new();
    for instance in instances {
        let (well, all) = standings.entry(&instance.app).or_default();
        *well += usize::from(instance.standing == Standing::Well);
        *all += usize::from(instance.standing != Standing::Draining);
    }
    let standing = |app: Option<&AppId>| app.and_then(|app| standings.get(app)).copied();
    // What led nowhere has no prefix.
    let nowhere = merged.remove(&None);
    merged
        .into_values()
        .chain(nowhere)
        .map(|report| {
            let (well, all) = standing(report.app.as_ref()).unwrap_or_default();
            Route { report, well, all }
        })
        .collect()
}

fn merge_route(known: &mut RouteReport, other: &RouteReport) {
    known.instances = known.instances.max(other.instances);
    for (own, other) in known.classes.iter_mut().zip(other.classes) {
        *own += other;
    }
    merge_percentiles(&mut known.recent, other.recent);
    merge_percentiles(&mut known.total, other.total);
}

fn merge_percentiles(known: &mut Percentiles, other: Percentiles) {
    known.requests += other.requests;
    known.p50 = known.p50.max(other.p50);
    known.p95 = known.p95.max(other.p95);
    known.p99 = known.p99.max(other.p99);
}

/// Each instance once, as the gateway sees it that thinks least of it.
fn instances(gateways: &[Report]) -> Vec<InstanceReport> {
    let mut merged = BTreeMap::new();
    for instance in gateways.iter().flat_map(|each| &each.instances) {
        merged
            .entry((&instance.app, &instance.instance))
            .and_modify(|known: &mut InstanceReport| {
                known.standing = known.standing.max(instance.standing);
                known.confirmed &= instance.confirmed;
                known.in_flight += instance.in_flight;
                known.latency = known.latency.max(instance.latency);
                known.weight = known.weight.min(instance.weight);
            })
            .or_insert_with(|| instance.clone());
    }
    merged.into_values().collect()
}

/// Each name once, as the gateway sees it that serves it worst.
fn names(gateways: &[Report]) -> Vec<TlsReport> {
    let rank = |name: &TlsReport| match name.state {
        TlsState::Valid => 0,
        TlsState::Expiring => 1,
        TlsState::Invalid => 2,
        TlsState::Missing => 3,
    };
    let mut merged: BTreeMap<&str, &TlsReport> = BTreeMap::new();
    for name in gateways.iter().flat_map(|each| &each.tls) {
        let known = merged.entry(&name.name).or_insert(name);
        if rank(name) > rank(known) {
            *known = name;
        }
    }
    merged.into_values().cloned().collect()
}
