//! What can be done with logs and traces. The only code that opens a transaction.

pub mod receive;
pub mod retention;
pub mod search;
