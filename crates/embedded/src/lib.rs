//! A private PostgreSQL and a private Redis, run as child processes under one data directory.
//!
//! Owns: finding the servers' programs, creating their data, starting, supervising and stopping
//! them, and the lock that keeps two owners out of one data directory. A server outlives a parent
//! that was killed; the next owner of the directory adopts it.
//!
//! Must not: listen on a network address, touch a server that it did not start (a system cluster
//! least of all), or know anything of the apps that use the servers.

mod account;
mod binaries;
mod data_dir;
mod error;
mod files;
mod identity;
mod postgres;
mod redis;
mod supervisor;

pub use account::Account;
pub use data_dir::DataDir;
pub use error::Error;
pub use postgres::{Postgres, PostgresOptions};
pub use redis::{Redis, RedisOptions};
pub use supervisor::Status;
