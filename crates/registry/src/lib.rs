//! Signed leases of app instances in Redis: the entry, the heartbeat and the watch.
//!
//! An instance that is ready holds a [`Lease`]; whoever wants to know what runs holds a [`Watch`]. This crate
//! says who is registered and whether that is genuine. It does not route, and it never decides that a silent
//! registry means that nothing runs: a failed read is "unknown", not "gone".

mod connection;
pub mod edge;
mod entry;
mod error;
mod host;
mod id;
mod keys;
mod label;
mod lease;
pub mod prefix;
mod reading;
mod role;
mod secret;
mod setting;
mod snapshot;
mod watch;
mod wire;

pub use connection::{connect, connect_in_background, subscribe, subscriber};
pub use entry::{Entry, Link, NavItem, PrefixPolicy, State, UnixAddress, Widget};
pub use error::Error;
pub use host::HostId;
pub use id::{AppId, InstanceId};
pub use label::Label;
pub use lease::{Lease, LeaseTiming};
pub use prefix::{Prefix, PrefixFault};
pub use role::Role;
pub use secret::{AppKey, AppSecret, Keyring, Verified};
pub use setting::{ChoiceOption, SettingDeclaration, SettingKind, ValueFault};
pub use snapshot::{Reason, Rejection, Snapshot};
pub use watch::{Seed, Watch, WatchTiming};
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use wire::invariants;
