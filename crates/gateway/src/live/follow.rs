//! The gateway's part in the platform's settings: it registers what it declares, as an app does, but without a single
//! route, and follows what operators set. It starts and serves without either.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use platform::error::chain;
use platform::{AppId, Clock, InstanceId, Label, SettingDeclaration};
use registry::{Entry, Keyring, Lease, LeaseTiming};
use rpc::Origin;
use rpc::settings::Settings;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::Live;
use super::declare::{NUMBERS, TLS_DOMAINS, TRUSTED_PROXIES, all};
use crate::gateway::Gateway;
use crate::tls::Domain;

/// Between two attempts to register.
const RETRY: Duration = Duration::from_secs(1);

/// What the gateway takes part with.
pub(crate) struct Own {
    /// Who asks for settings.
    pub(crate) origin: Origin,
    /// The connection to Redis. May be away.
    pub(crate) redis: Client,
    /// Where it answers `/health` without TLS.
    pub(crate) address: SocketAddr,
}

/// Registers the gateway and follows its settings until it stops. What is returned is cancelled once it has taken its
/// leave.
pub(crate) fn start(gateway: &Arc<Gateway>, own: Own) -> CancellationToken {
    let declared = all(&gateway.config);
    let stop = gateway.lifecycle.soft().clone();
    let (settings, following) =
        rpc::settings::follow_as(own.origin.clone(), &declared, stop.clone());
    gateway.lifecycle.spawn("settings", following);
    let applying = apply(
        Arc::clone(gateway),
        settings,
        declared.clone(),
        stop.clone(),
    );
    gateway.lifecycle.spawn("live settings", applying);
    let Own {
        origin,
        redis,
        address,
    } = own;
    let entry = entry(gateway, &origin.app, &origin.clock, (address, declared));
    let left = CancellationToken::new();
    let leaving = left.clone().drop_guard();
    let registration = register(redis, origin.keyring, entry, stop);
    gateway.lifecycle.spawn("registration", async move {
        let _leaving = leaving;
        registration.await;
    });
    left
}

fn entry(
    gateway: &Gateway,
    id: &AppId,
    clock: &Clock,
    (address, declared): (SocketAddr, Vec<SettingDeclaration>),
) -> Entry {
    let config = &gateway.config;
    let host = config.advertise_host.as_deref();
    let http = platform::host::advertised(host, config.redis_url.expose_secret(), address);
    let mut entry = Entry::new(id.clone(), InstanceId::random(), clock.now(), http);
    env!("CARGO_PKG_VERSION").clone_into(&mut entry.version);
    entry.name = Label::new("Gateway", "Gateway");
    entry.description = Label::new(
        "Routes, identifies and proxies what comes from outside",
        "Leitet weiter, was von außen kommt, und stellt fest, von wem",
    );
    "tabler-route".clone_into(&mut entry.icon);
    entry.settings = declared;
    entry
}

/// Holds the registration until the gateway stops.
async fn register(redis: Client, keyring: Keyring, entry: Entry, stop: CancellationToken) {
    let lease = loop {
        let timing = LeaseTiming::default();
        let registering = Lease::register(redis.clone(), keyring.clone(), entry.clone(), timing);
        tokio::select! {
            () = stop.cancelled() => return,
            lease = registering => match lease {
                Ok(lease) => break lease,
                Err(error) => tracing::debug!(error = chain(&error), "the gateway is not registered yet"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RETRY) => {}
        }
    };
    stop.cancelled().await;
    if let Err(error) = lease.release().await {
        tracing::debug!(
            error = chain(&error),
            "the gateway's registration runs out by itself"
        );
    }
}

/// Puts settings in force as they change.
async fn apply(
    gateway: Arc<Gateway>,
    settings: Settings,
    declared: Vec<SettingDeclaration>,
    stop: CancellationToken,
) {
    let mut changes = settings.subscribe();
    let mut domains = gateway.config.tls.as_ref().map(|tls| tls.domains.clone());
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            next = changes.changed() => if next.is_err() { return },
        }
        let set = Set {
            settings: &settings,
            declared: &declared,
        };
        let live = set.live(&gateway);
        if **gateway.live.load() != live {
            tracing::info!(version = settings.version(), "other limits are in force");
            gateway.live.store(Arc::new(live));
        }
        if let (Some(tls), Some(served)) = (&gateway.tls, &mut domains) {
            let wanted = set.domains(&gateway);
            if *served != wanted {
                tracing::info!(domains = wanted.len(), "other domains are served");
                tls.set_domains(wanted.clone());
                *served = wanted;
            }
        }
    }
}

/// What operators have set.
struct Set<'a> {
    settings: &'a Settings,
    declared: &'a [SettingDeclaration],
}

impl Set<'_> {
    /// The limits and proxies in force.
    fn live(&self, gateway: &Gateway) -> Live {
        let mut live = Live::configured(&gateway.config);
        for number in &NUMBERS {
            let value: i64 = self.settings.get(number.key);
            // A configured value that the setting cannot have holds until another one is set.
            if self.unset(number.key) != Some(&value.into()) {
                number.put(&mut live.limits, value);
            }
        }
        live.trusted_proxies = self.list(TRUSTED_PROXIES).into();
        live
    }

    /// The domains in force. None at all would take the gateway away from everybody, so it is no answer.
    fn domains(&self, gateway: &Gateway) -> Vec<Domain> {
        let mut wanted = self.list(TLS_DOMAINS);
        if wanted.is_empty() {
            let tls = gateway.config.tls.as_ref();
            wanted = tls.map(|tls| tls.domains.clone()).unwrap_or_default();
        }
        let mut seen = std::collections::BTreeSet::new();
        wanted.retain(|domain: &Domain| seen.insert(domain.clone()));
        wanted
    }

    fn unset(&self, key: &str) -> Option<&serde_json::Value> {
        let declared = self.declared.iter().find(|declared| declared.key == key)?;
        Some(declared.unset_value())
    }

    /// The values that can be read; a proxy that cannot be read is a proxy that is not believed.
    fn list<T: FromStr>(&self, key: &str) -> Vec<T> {
        let values: Vec<String> = self.settings.get(key);
        let read = values.iter().filter_map(|value| {
            let read = value.parse().ok();
            if read.is_none() {
                tracing::warn!(
                    key,
                    value,
                    "a value of a setting cannot be read and is left out"
                );
            }
            read
        });
        read.collect()
    }
}
