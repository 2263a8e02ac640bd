//! FreeIPA beyond LDAP, by its web interface on the same host: people add, change, unlock and disable others there, set
//! passwords and put people into groups, as far as the account that reads may ([`Ipa`]).
//!
//! Whoever is meant is looked up over LDAP by the id that never changes; FreeIPA itself goes by names. An answer that is
//! not one of FreeIPA's is believed in nothing, and nothing is followed that points elsewhere.

mod answer;
mod http;
mod members;
pub(crate) mod password;
mod people;
mod refusal;
mod session;
mod state;

pub use self::members::{Membership, Moved};
pub use self::people::Added;
pub use self::refusal::{Kind, NotDone, Refusal};
pub use self::session::{Ipa, account};
pub use self::state::AccountState;
