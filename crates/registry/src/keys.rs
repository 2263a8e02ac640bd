//! Names of the registry's keys in Redis.

use crate::{AppId, InstanceId};

/// The index (a sorted set of `app/instance` by the time of the last beat) and the channel of changes.
pub(crate) const INDEX: &str = "apps";
/// A random word that is made anew when the registry was emptied or replaced.
pub(crate) const GENERATION: &str = "apps:generation";
/// Counts changes.
pub(crate) const VERSION: &str = "apps:version";
/// The gateways (a sorted set of their instances by the time of their last report).
pub(crate) const GATEWAYS: &str = "gateways";

/// Name of an instance within the index.
pub(crate) fn member(app: &AppId, instance: &InstanceId) -> String {
    format!("{app}/{instance}")
}

/// Key of an instance's lease.
pub(crate) fn value(member: &str) -> String {
    format!("{INDEX}/{member}")
}

/// Key of a gateway's report.
pub(crate) fn gateway(instance: &InstanceId) -> String {
    format!("{GATEWAYS}/{instance}")
}
