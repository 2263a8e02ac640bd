//! PostgreSQL for apps: connections, migrations, roles and schemas, the outbox, events and jobs.
//!
//! One app has one schema and one login role and can read nothing else. Store functions take a
//! [`GenericClient`]; errors hold SQLSTATEs, tables and constraints but never a value. Everything that must
//! survive is here, in transactions; Redis only carries what can be sent again.
//!
//! ```no_run
//! # use platform_pg::{Database, Error, Event, Enqueue, outbox, jobs};
//! # async fn change(db: &Database) -> Result<(), Error> {
//! let mut client = db.client().await?;
//! let tx = client.transaction().await?;
//! # let (subject, message) = (uuid::Uuid::nil(), ());
//! outbox::publish(&tx, Event::new("hello.greeting.changed", subject, &message)).await?;
//! jobs::enqueue(&tx, "hello.greet", &"world", Enqueue::default()).await?;
//! tx.commit().await
//! # }
//! ```

mod client;
mod config;
mod connection;
mod database;
mod error;
pub mod events;
mod failed;
mod generic;
pub mod idempotency;
pub mod jobs;
mod migrate;
pub mod outbox;
pub mod personal;
mod provision;
mod schema;
mod setup;
mod target;
mod trace;
mod transaction;
mod upkeep;

pub use client::{Client, Parameters};
pub use config::{DatabaseConfig, Limits, config};
pub use database::Database;
pub use error::Error;
pub use events::{Consumer, Delivery};
pub use failed::Failed;
pub use generic::{GenericClient, InTransaction};
pub use jobs::{Enqueue, Job, JobId, Worker};
pub use outbox::Event;
pub use schema::Schema;
pub use setup::migrate;
pub use tokio_postgres::Row;
pub use tokio_postgres::types;
pub use transaction::{Transaction, Tx};
