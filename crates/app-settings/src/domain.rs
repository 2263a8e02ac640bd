//! What settings are and when a change holds. No database, no network, no clock.

pub(crate) mod catalog;
pub(crate) mod intake;
pub(crate) mod merge;
pub(crate) mod seal;
pub(crate) mod submission;
