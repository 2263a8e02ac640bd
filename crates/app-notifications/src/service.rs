//! What can be done with notifications and mail. The only code that opens a transaction or a connection.

pub mod forget;
pub mod inbox;
pub mod live;
pub mod mail;
