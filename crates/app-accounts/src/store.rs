//! The tables of this app: one function per statement, on a client or in a transaction.

pub mod audit;
pub mod avatar;
pub mod group;
pub mod person;
