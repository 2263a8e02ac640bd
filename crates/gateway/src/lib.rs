//! The edge: routes, identifies and proxies.
//!
//! A request is an `Exchange` that passes through phases, one file each: accept, route, identify, admit, forward,
//! respond, record. A phase that says no ends it with a `Reject`. The gateway streams bodies, and holds one only
//! where its app wants it whole; it knows no app by name but auth, no page but its own error pages, and no database.

mod accept;
mod admit;
mod attempts;
mod authority;
mod balance;
mod compose;
mod config;
mod congestion;
mod cookies;
mod downstream;
mod exchange;
mod forwarding;
mod gateway;
mod grpc;
mod h1;
mod h2;
mod health;
mod histogram;
mod identify;
mod internal;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod invariants;
mod listen;
mod live;
#[doc(hidden)]
pub mod measure;
mod pages;
mod plain;
mod probe;
#[cfg(test)]
mod properties;
mod proxy;
mod rates;
mod record;
mod reject;
mod respond;
mod route;
mod routes;
mod run;
mod sessions;
mod signing;
mod state;
mod table;
mod target;
pub mod tls;
mod tunnel;
mod upstream;
mod via;
mod websocket;
mod wire;
mod worker;

pub use config::{GatewayConfig, Limits};
pub use rates::Rate;
pub use run::{Edge, Running, run, run_at};
pub use sessions::Belief;
