//! The route table: which app serves a path, and by which instances. Built whole from a snapshot of the registry,
//! swapped whole, read without a lock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use registry::{AppId, Entry, HostId, InstanceId, PrefixPolicy, Snapshot, State, prefix};

use crate::upstream::Upstream;

pub(crate) mod memory;
pub(crate) mod policy;
mod prefixes;
mod templates;

use memory::Memory;
use policy::Policy;
use prefixes::Prefixes;
use templates::Templates;

/// The app that owns sessions.
const AUTH: &str = "auth";

/// Where paths lead at one moment.
#[derive(Default)]
pub(crate) struct Table {
    routes: Prefixes,
    upstreams: Upstreams,
    /// What it was made from, and when.
    pub(crate) built: Built,
    /// Whether anything has been read at all.
    pub(crate) is_loaded: bool,
}

/// What a table was made from, and when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    pub(crate) generation: String,
    pub(crate) version: u64,
    /// Nothing for the table before the first.
    pub(crate) at: Option<jiff::Timestamp>,
}

/// Instances by name.
type Upstreams = HashMap<(AppId, InstanceId), Arc<Upstream>>;

/// Where one prefix leads.
pub(crate) struct Route {
    pub(crate) prefix: Arc<str>,
    pub(crate) app: AppId,
    pub(crate) policy: Policy,
    /// The app is auth, which alone may start and end sessions.
    pub(crate) is_auth: bool,
    /// What is confirmed by the registry goes first; the others are there in case it is all that is left.
    upstreams: Arc<[Arc<Upstream>]>,
    confirmed: usize,
    /// Counted only where the app limits it.
    in_flight: Arc<AtomicUsize>,
    /// What the app calls the places below the prefix.
    templates: Arc<Templates>,
}

/// A request in flight to an app that limits how many there may be.
pub(crate) struct Entered(Option<Arc<Route>>);

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(route) = &self.0 {
            route.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// What a table is built with.
pub(crate) struct Builder {
    pub(crate) here: HostId,
}

/// What one app contributes.
#[derive(Default)]
struct AppRoutes<'a> {
    prefixes: Vec<&'a str>,
    policies: Vec<&'a PrefixPolicy>,
    confirmed: Vec<Arc<Upstream>>,
    unconfirmed: Vec<Arc<Upstream>>,
}

impl Builder {
    /// The table of a snapshot. Instances that were there before keep their connections; prefixes of apps seen lately
    /// stay, without instances.
    pub(crate) fn build(&self, snapshot: &Snapshot, before: &Table, memory: &Memory) -> Table {
        let mut apps: BTreeMap<&AppId, AppRoutes<'_>> = BTreeMap::new();
        let mut upstreams = Upstreams::with_capacity(before.upstreams.len());
        let mut absent: HashMap<&str, &AppId> = memory.prefixes().collect();
        let mut count = absent.len();
        let confirmed = snapshot.entries.iter().map(|entry| (entry, true));
        let unconfirmed = snapshot.unconfirmed.iter().map(|entry| (entry, false));
        for (entry, is_confirmed) in confirmed.chain(unconfirmed) {
            if is_gateway(entry) {
                continue;
            }
            let routes = apps.entry(&entry.id).or_default();
            for prefix in &entry.prefixes {
                absent.remove(prefix.as_str());
                routes.prefixes.push(prefix);
            }
            count += entry.prefixes.len();
            routes.policies.extend(&entry.policy);
            if entry.state == State::Draining {
                continue;
            }
            let name = (entry.id.clone(), entry.instance.clone());
            let upstream = self.upstream(entry, before.upstreams.get(&name));
            upstreams.insert(name, Arc::clone(&upstream));
            if is_confirmed {
                routes.confirmed.push(upstream);
            } else {
                routes.unconfirmed.push(upstream);
            }
        }
        let mut routes = Prefixes::with_capacity(count);
        for (prefix, app) in absent {
            let nobody = (app, &Arc::default(), 0);
            routes.insert(before.next_route(prefix, Policy::default(), nobody));
        }
        for (app, mut own) in apps {
            own.insert_into(&mut routes, app, before);
        }
        retire(before, &upstreams);
        Table {
            routes,
            upstreams,
            built: Built::default(),
            is_loaded: true,
        }
    }

    fn upstream(&self, entry: &Arc<Entry>, before: Option<&Arc<Upstream>>) -> Arc<Upstream> {
        let kept = before.filter(|upstream| upstream.is_same(entry));
        kept.cloned()
            .unwrap_or_else(|| Arc::new(Upstream::new(Arc::clone(entry), &self.here)))
    }
}

/// A gateway registers to take part in the settings. It is no app, and asking it would lead back here.
pub(crate) fn is_gateway(entry: &Entry) -> bool {
    entry.id.as_str() == crate::run::ID
}

fn retire(before: &Table, kept: &Upstreams) {
    for (name, upstream) in &before.upstreams {
        if !kept
            .get(name)
            .is_some_and(|kept| Arc::ptr_eq(kept, upstream))
        {
            upstream.retire();
        }
    }
}

impl AppRoutes<'_> {
    fn insert_into(&mut self, routes: &mut Prefixes, app: &AppId, before: &Table) {
        self.prefixes.sort_unstable();
        self.prefixes.dedup();
        let confirmed = self.confirmed.len();
        self.confirmed.append(&mut self.unconfirmed);
        let upstreams: Arc<[Arc<Upstream>]> = self.confirmed.as_slice().into();
        let covered = |policy: &&&PrefixPolicy| {
            let deeper = |prefix: &&str| prefix::covers(prefix, &policy.prefix);
            self.prefixes.iter().any(deeper) && prefix::Prefix::parse(&policy.prefix).is_ok()
        };
        let narrower = self
            .policies
            .iter()
            .filter(covered)
            .map(|policy| policy.prefix.as_str());
        let mut all: Vec<&str> = narrower.chain(self.prefixes.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        for prefix in all {
            let policy = Policy::of(&self.policies, prefix);
            routes.insert(before.next_route(prefix, policy, (app, &upstreams, confirmed)));
        }
    }
}

impl Table {
    /// The route with the longest prefix of whole segments.
    pub(crate) fn route(&self, path: &str) -> Option<&Arc<Route>> {
        self.routes.longest(path)
    }

    /// The route of a prefix in the next table. It is the same if nothing about it has changed; else it goes on with
    /// what this one has counted and learned.
    fn next_route(
        &self,
        prefix: &str,
        policy: Policy,
        (app, upstreams, confirmed): (&AppId, &Arc<[Arc<Upstream>]>, usize),
    ) -> Arc<Route> {
        let before = self
            .route(prefix)
            .filter(|before| *before.prefix == *prefix && before.app == *app);
        if let Some(same) = before.filter(|route| route.is_same(&policy, upstreams, confirmed)) {
            return Arc::clone(same);
        }
        Arc::new(Route {
            prefix: before.map_or_else(|| prefix.into(), |before| Arc::clone(&before.prefix)),
            app: app.clone(),
            is_auth: app.as_str() == AUTH,
            policy,
            upstreams: Arc::clone(upstreams),
            confirmed,
            in_flight: before.map_or_else(Arc::default, |before| Arc::clone(&before.in_flight)),
            templates: before.map_or_else(Arc::default, |before| Arc::clone(&before.templates)),
        })
    }

    /// Every route.
    pub(crate) fn routes(&self) -> &[Arc<Route>] {
        self.routes.all()
    }

    /// Every instance that may be sent requests.
    pub(crate) fn upstreams(&self) -> impl Iterator<Item = &Arc<Upstream>> {
        self.upstreams.values()
    }
}

impl Route {
    fn is_same(&self, policy: &Policy, upstreams: &[Arc<Upstream>], confirmed: usize) -> bool {
        let pairs = || self.upstreams.iter().zip(upstreams);
        self.policy == *policy
            && self.confirmed == confirmed
            && self.upstreams.len() == upstreams.len()
            && pairs().all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// The template that the app has reported for a request, if it is one of this prefix and not one too many.
    pub(crate) fn template(&self, reported: &[u8]) -> Option<Arc<str>> {
        self.templates.reported(reported, &self.prefix)
    }

    /// Whether there is anybody to ask at all.
    pub(crate) fn is_served(&self) -> bool {
        !self.upstreams.is_empty()
    }

    /// Counts a request in flight; nothing when there are as many as the app wants.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Entered> {
        let Some(limit) = self.policy.concurrency else {
            return Some(Entered(None));
        };
        if self.in_flight.fetch_add(1, Ordering::Relaxed) >= limit {
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Entered(Some(Arc::clone(self))))
    }

    /// The instances, the confirmed ones first.
    pub(crate) fn upstreams(&self) -> &[Arc<Upstream>] {
        &self.upstreams
    }

    /// How many of the instances the registry confirms.
    pub(crate) fn confirmed(&self) -> usize {
        self.confirmed
    }
}

#[cfg(test)]
pub(crate) mod tests;
