//! What people and groups are: values that cannot be invalid, and the rules between them. No storage, no HTTP.

pub mod address;
pub mod avatar;
pub mod custom_field;
pub mod expiry;
pub mod group;
pub mod import;
pub mod import_row;
pub mod import_terms;
pub mod invitation;
pub mod joining;
pub mod membership;
pub mod name;
pub mod person;
pub mod phone;
pub mod provisioned;
pub mod registration;
pub mod reporting;
pub mod rule;
pub mod sheet;
pub mod source;
pub mod sponsorship;
pub mod sync;
pub mod token;
pub mod user_name;
pub(crate) mod version;
pub mod way;
mod words;
