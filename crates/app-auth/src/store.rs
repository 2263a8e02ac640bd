//! Tables of the schema `auth`: one function per statement, each usable on a connection and in a transaction.
//!
//! Decides nothing: rules live in `domain`, transactions in `service`.

pub(crate) mod active_sessions;
pub(crate) mod api_keys;
pub(crate) mod break_glass;
pub(crate) mod device_grants;
pub(crate) mod devices;
pub(crate) mod factor_policy;
pub(crate) mod flows;
pub(crate) mod forward;
pub(crate) mod graces;
pub(crate) mod groups;
pub(crate) mod guesses;
pub(crate) mod held_forms;
pub(crate) mod invitations;
pub(crate) mod last_seen;
pub(crate) mod mail_links;
pub(crate) mod passkeys;
pub(crate) mod passwords;
pub(crate) mod people;
pub(crate) mod personal;
pub(crate) mod second_factors;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod sign_in_events;
pub(crate) mod signing_keys;
pub(crate) mod subjects;
pub(crate) mod ways_in;

/// What every function returns.
pub(crate) type Result<T> = std::result::Result<T, platform_pg::Error>;
