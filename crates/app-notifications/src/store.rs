//! The tables of this app: one function per statement, on a client or in a transaction.

pub mod inbox;
pub mod mail;
pub mod person;
pub mod personal;
