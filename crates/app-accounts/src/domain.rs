//! What people and groups are: values that cannot be invalid, and the rules between them. No storage, no HTTP.

pub mod address;
pub mod avatar;
pub mod custom_field;
pub mod group;
pub mod joining;
pub mod membership;
pub mod name;
pub mod person;
pub mod phone;
pub mod reporting;
pub mod token;
pub mod way;
