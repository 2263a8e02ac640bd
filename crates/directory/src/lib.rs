//! Reads a directory into a [`Snapshot`] of people and groups: whole, or not at all. Says whether a password is somebody's
//! there, and lets them change it: [`Passwords`].
//!
//! Speaks LDAPv3 (RFC 4511) over TLS, asks for pages (RFC 2696) and recognises people and groups by the id that never
//! changes, not by name or mail address. What a server sends is not trusted: sizes, counts and times have limits, and a
//! directory that sends nonsense, sends too much, or falls silent ends the read with an [`Error`] that says at which
//! [`Step`] and [`Why`]. Nothing in here writes but people's own passwords at their wish, and what FreeIPA is asked for by
//! its web interface ([`ipa`]); nothing knows what the snapshot is for.
//!
//! ```no_run
//! # async fn example(now: jiff::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
//! use directory::{Bind, Filter, Limits, Place, Preset, Security, Server, Source};
//!
//! let server = Server::new("ipa.example.org", 636, Security::Tls, None)?;
//! let preset = Preset::FreeIpa;
//! let source = Source {
//!     server,
//!     bind: Some(Bind {
//!         dn: "uid=cloud,cn=sysaccounts,cn=etc,dc=example,dc=org".to_owned(),
//!         password: "secret".into(),
//!     }),
//!     people: Place::new("cn=users,cn=accounts,dc=example,dc=org", Filter::parse(preset.people())?),
//!     groups: Some(Place::new("cn=groups,cn=accounts,dc=example,dc=org", Filter::parse(preset.groups())?)),
//!     mapping: preset.mapping(),
//!     web: None,
//! };
//! let snapshot = directory::read(&source, &Limits::default(), now).await?;
//! # drop(snapshot);
//! # Ok(())
//! # }
//! ```

mod connection;
mod entry;
mod error;
mod filter;
mod find;
pub mod ipa;
mod limits;
mod mapping;
mod name;
mod password_control;
mod passwords;
mod probe;
mod read;
mod search;
mod server;
mod snapshot;
mod standing;
mod tls;
mod verdict;
mod wire;

pub use error::{Error, Step, Why};
pub use filter::{Filter, Unreadable, escape};
pub use limits::Limits;
pub use mapping::{IdForm, Locks, Mapping, MemberForm, NotAnAttribute, Preset};
pub use passwords::{Changed, Passwords, Refusal, Whose};
pub use probe::{Outcome, Probe, probe};
pub use read::read;
pub use server::{Bind, Place, Security, Server, Source, Unfit};
pub use snapshot::{EntryId, GroupEntry, MemberId, PersonEntry, Snapshot, Standing};
pub use verdict::Verdict;
