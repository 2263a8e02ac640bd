//! For tests: private PostgreSQL and Redis, databases from a template, an app in process, a cookie
//! client, a browser, an SMTP server, an LDAP server.
//!
//! Everything here starts real servers and cleans up after itself, also when a test is killed.
//! Nothing here is for production code: it panics with a readable message where a test would only
//! pass an error on.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking, and so does what it stands on"
)]
#![allow(
    clippy::print_stderr,
    reason = "a failed test says on its standard error where its database is"
)]

mod app;
mod artefact;
mod browser;
mod cookie_client;
mod database;
mod guard;
mod ipa;
mod ldap;
mod mail_sink;
pub mod measure;
mod one_time_code;
mod page;
mod page_faults;
mod people;
mod place;
mod postgres_server;
mod redis;
mod shared;
mod waiting;

pub use app::{APP_URL, SECRET, Setup, TestApp, World, environment, run, secret};
pub use artefact::artefact;
pub use browser::{Browser, Context, Tab};
pub use cookie_client::CookieClient;
pub use database::{TestDatabase, database, database_like};
pub use guard::scratch;
pub use ipa::shapes as ipa_shapes;
pub use ipa::{IpaRequest, TestIpa, ipa_server};
pub use ldap::{
    LDAP_BASE, LDAP_LIMITED, LDAP_PASSWORD, LDAP_POLICY, LDAP_READER, TestLdap, ldap_server,
};
pub use mail_sink::{MailFault, MailSecurity, MailSink, MailStep, ReceivedMail, mail_sink};
pub use one_time_code::one_time_code;
pub use page::{Form, Page};
pub use people::{admin, guest, person, user};
pub use postgres_server::{TestPostgres, postgres_server};
pub use redis::{TestRedis, redis};
pub use waiting::{eventually, until};
