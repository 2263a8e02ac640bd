//! From a declaration and open listeners to a lease in the registry.

use registry::{Entry, HostId, Lease, LeaseTiming, UnixAddress};
use secrecy::ExposeSecret;

use super::{Addresses, address};
use crate::app::Declaration;
use crate::boot::{Boot, StartError};
use crate::error::chain;

/// Registers the instance; waits while Redis is away, as for every dependency at start.
pub(super) async fn register(
    boot: &Boot,
    declaration: &Declaration,
    addresses: &Addresses,
) -> Result<Lease, StartError> {
    let entry = entry(boot, declaration, addresses);
    boot.wait_for("the registry", || async {
        let keyring = boot.config.app_secret.clone();
        let lease = Lease::register(
            boot.redis.clone(),
            keyring,
            entry.clone(),
            LeaseTiming::default(),
        )
        .await;
        lease.map_err(|error| chain(&error))
    })
    .await
}

fn entry(boot: &Boot, declaration: &Declaration, addresses: &Addresses) -> Entry {
    let redis = boot.config.redis_url.expose_secret();
    let host = boot.config.advertise_host.as_deref();
    let advertised = |listener| address::advertised(host, redis, listener);
    let http = advertised(addresses.http);
    let mut entry = Entry::new(
        boot.app.clone(),
        boot.instance.clone(),
        boot.clock.now(),
        http,
    );
    entry.grpc = addresses.grpc.map(advertised);
    entry.unix = addresses.unix.as_ref().and_then(|path| {
        let path = path.to_str()?.to_owned();
        Some(UnixAddress {
            path,
            host_id: HostId::of_this_machine(),
        })
    });
    declaration.fill(&mut entry);
    entry
}
