//! What can be done with notifications. The only code that opens a transaction.

pub mod inbox;
pub mod live;
