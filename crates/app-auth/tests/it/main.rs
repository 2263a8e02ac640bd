//! Integration tests: the real app with a real PostgreSQL and Redis, behind a gateway of a few lines that does
//! what the real one does: it trades the session cookie for an identity assertion.
#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking, and their helpers are for them alone"
)]

mod abuse;
mod api_keys;
mod authenticator;
mod break_glass;
mod browser_accounts;
mod device_flow;
mod directory;
mod edge;
mod ended_everywhere;
mod events;
mod factor_policy;
mod faults;
mod flows;
mod forward;
mod grpc;
mod held_forms;
mod house;
mod inbox;
mod invitations;
mod keys;
mod last_seen;
mod limits;
mod mail_link;
mod openapi;
mod pages;
mod passkey_refusals;
mod passkeys;
mod passwords;
mod personal;
mod post;
mod preferences;
mod recovery;
mod resets;
mod return_to;
mod second_factor;
mod secrets;
mod session_policy;
mod sessions;
mod set_up;
mod sign_in;
mod statements;
mod visitor;
mod ways_in;
