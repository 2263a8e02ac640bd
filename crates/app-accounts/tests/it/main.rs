//! Integration tests of people and groups: pages, gRPC and events, over real sockets, PostgreSQL and Redis.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod addresses;
mod admin;
mod api;
mod api_addresses;
mod api_declared_fields;
mod api_directories;
mod api_groups;
mod api_imports;
mod api_people;
mod archives;
mod at_once;
mod audit;
mod confirming;
mod directories;
mod directory;
mod directory_pages;
mod directory_passwords;
mod endings;
mod events;
mod expiry;
mod fields;
mod filters;
mod freeipa;
mod grants;
mod groups;
mod house;
mod imports;
mod invitations;
mod joining;
mod last_seen;
mod life_cycle;
mod notifications;
mod openapi;
mod organisation;
mod peer;
mod profile;
mod registrations;
mod reporting;
mod rules;
mod scim;
mod sponsors;
mod webhooks;
