//! What can be done with people and groups. The only code that opens a transaction or calls another service.

pub mod actor;
pub mod address_mails;
pub mod addresses;
pub mod custom_fields;
pub mod directory;
pub mod endings;
pub mod groups;
pub mod intake;
pub mod invitations;
pub mod joining;
pub mod life_cycle;
pub mod managers;
pub mod memberships;
pub mod once;
pub mod operator;
pub mod people;
pub mod picture;
pub mod purges;
mod record;
mod refusals;
pub mod reporting;
pub mod request_notices;
pub mod sessions;
