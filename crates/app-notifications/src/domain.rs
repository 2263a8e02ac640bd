//! What a notification is, and what a mail is. No storage, no network.

pub mod address;
pub mod mail;
pub mod notification;
pub mod trouble;
