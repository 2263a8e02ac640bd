//! The tables of this app: one function per statement, on a client or in a transaction.

pub mod address;
pub mod audit;
pub mod avatar;
pub mod custom_field;
pub mod ending;
pub mod expiry;
pub mod grant;
pub mod group;
pub mod import;
pub mod invitation;
pub mod life_cycle_run;
pub mod managing;
pub mod membership;
pub mod password_place;
pub mod person;
pub mod provisioning;
pub mod purge;
pub mod registration;
pub mod reporting;
pub mod request;
pub mod rule;
pub mod source;
pub mod sponsorship;
pub mod sync;
