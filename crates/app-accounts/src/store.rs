//! The tables of this app: one function per statement, on a client or in a transaction.

pub mod address;
pub mod audit;
pub mod avatar;
pub mod custom_field;
pub mod ending;
pub mod group;
pub mod managing;
pub mod membership;
pub mod person;
pub mod purge;
pub mod reporting;
pub mod request;
