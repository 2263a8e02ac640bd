//! What holds of everything that is read from outside, whatever it is, checked against readings that are written
//! independently. Generated input (`properties`) and fuzzing (the crate `fuzz`) look for bytes that break it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "an invariant fails by panicking"
)]

mod chunks;
mod forwarded;
pub mod head;
mod path;

pub use chunks::chunks;
#[cfg(test)]
pub(crate) use chunks::read as read_chunks;
#[cfg(test)]
pub(crate) use forwarded::client;
pub use forwarded::forwarded;
pub use path::path;
