//! The edge: routes, identifies and proxies.
//!
//! A request is an `Exchange` that passes through phases, one file each: accept, route, identify, admit, forward,
//! respond, record. A phase that says no ends it with a `Reject`. The gateway streams bodies and buffers none; it
//! knows no app by name but auth, no page but its own error pages, and no database.

mod accept;
mod admit;
mod authority;
mod body;
mod config;
mod cookies;
mod exchange;
mod forward;
mod forwarding;
mod gateway;
mod headers;
mod health;
mod identify;
mod pages;
mod probe;
mod record;
mod reject;
mod respond;
mod route;
mod routes;
mod run;
mod serve;
mod sessions;
mod signing;
mod state;
mod table;
mod target;
pub mod tls;
mod tunnel;
mod upstream;

pub use config::{GatewayConfig, Limits};
pub use run::{Edge, Running, run, run_at};
