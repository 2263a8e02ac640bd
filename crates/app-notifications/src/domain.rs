//! What a notification is. No storage, no HTTP.

pub mod notification;
