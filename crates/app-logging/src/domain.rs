//! What a log record and a span are, and what a search for them is. No storage, no wire format.

pub mod day;
pub mod record;
pub mod search;
