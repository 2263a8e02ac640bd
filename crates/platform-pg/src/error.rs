//! What can go wrong with PostgreSQL, without a single value.
//!
//! The server's messages and DETAIL lines quote rows. What is kept here is the SQLSTATE, the table and the
//! constraint; a message is kept only where it can hold nothing but identifiers. No variant keeps the driver's
//! error as its source, so that no chain of sources leads back to it.

use platform::error::{Class, Classify};
use tokio_postgres::error::DbError;

/// A failed operation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server is away, starting, stopping or out of connections.
    #[error("the database is unavailable ({0})")]
    Unavailable(String),
    /// A statement or a lock took longer than allowed, and was given up.
    #[error("the database took too long")]
    Timeout,
    /// Two transactions got into each other's way; the same work may succeed when tried again.
    #[error("the transaction collided with another one ({sqlstate})")]
    Contended {
        /// `40001` or `40P01`.
        sqlstate: String,
    },
    /// A constraint was violated.
    #[error("constraint {} of table {} was violated ({sqlstate})", .constraint.as_deref().unwrap_or("-"), .table.as_deref().unwrap_or("-"))]
    Violation {
        /// The kind of violation: `23505` is a duplicate.
        sqlstate: String,
        /// The table.
        table: Option<String>,
        /// The constraint, for services to map to what it means.
        constraint: Option<String>,
    },
    /// The server refused the statement.
    #[error("the database refused a statement ({sqlstate}){}", .message.as_deref().map(|text| format!(": {text}")).unwrap_or_default())]
    Query {
        /// Why, as a code.
        sqlstate: String,
        /// Why, for the codes whose messages name only identifiers.
        message: Option<String>,
    },
    /// A row was not of the expected form, or missing.
    #[error("a row was not of the expected form ({0})")]
    Decode(String),
    /// The transaction had failed before, so that nothing of it was committed.
    #[error("the transaction had failed and was rolled back")]
    Aborted,
    /// The transaction is over.
    #[error("the transaction is over")]
    Closed,
    /// A job is completed by somebody who does not hold its lease any more.
    #[error("the lease of the job was lost")]
    Fenced,
    /// A payload cannot be written as JSON.
    #[error("the payload cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// PostgreSQL keeps the name for itself.
    #[error("an app cannot be called so: PostgreSQL keeps the schema {0} for itself")]
    SchemaName(String),
    /// The connection URL or the certificates are of no use.
    #[error("{0}")]
    Config(String),
    /// The database was migrated by a newer version of the app.
    #[error(
        "the schema {schema} is at migration {database}, this program knows none after {binary}: start the newer \
         version of the program, or restore the backup that was made before it"
    )]
    Newer {
        /// The schema.
        schema: String,
        /// Newest migration in the database, `V7__add_groups`.
        database: String,
        /// Newest migration in the program.
        binary: String,
    },
    /// The history of the database contradicts the migrations of the program, or a migration failed.
    #[error("migrating the schema {schema} failed: {reason}")]
    Migration {
        /// The schema.
        schema: String,
        /// What happened, without values.
        reason: String,
    },
}

impl Error {
    /// The constraint that was violated, to be mapped to what it means.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Violation { constraint, .. } => constraint.as_deref(),
            _ => None,
        }
    }

    /// Whether the work did not happen because of the server's condition rather than of the work itself.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::Timeout | Self::Contended { .. }
        )
    }

    /// An error while connecting. The server's messages at that stage name users and databases, never rows.
    pub(crate) fn connecting(error: &tokio_postgres::Error) -> Self {
        let reason = match error.as_db_error() {
            Some(db) => db.message().to_owned(),
            None => platform::error::chain(error),
        };
        Self::Unavailable(reason)
    }

    fn of_server(db: &DbError) -> Self {
        let sqlstate = db.code().code().to_owned();
        let class = sqlstate.get(..2).unwrap_or_default();
        match (class, sqlstate.as_str()) {
            ("23", _) => Self::Violation {
                sqlstate,
                table: db.table().map(str::to_owned),
                constraint: db.constraint().map(str::to_owned),
            },
            (_, "57014" | "55P03") => Self::Timeout,
            (_, "40001" | "40P01") => Self::Contended { sqlstate },
            ("08" | "53" | "57" | "58", _) | (_, "25P03") => Self::Unavailable(sqlstate),
            // Class 42 is about the statement, and statements hold no values: those are parameters.
            ("42", _) => Self::Query {
                sqlstate,
                message: Some(db.message().to_owned()),
            },
            _ => Self::Query {
                sqlstate,
                message: None,
            },
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(db) = error.as_db_error() {
            return Self::of_server(db);
        }
        // What the driver prints of itself names positions and columns; values are in its sources only.
        let text = error.to_string();
        let about_rows = [
            "error deserializing",
            "error serializing",
            "invalid column",
            "query returned",
            "expected ",
        ];
        if about_rows.iter().any(|start| text.starts_with(start)) {
            return Self::Decode(text);
        }
        Self::Unavailable(text)
    }
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::Unavailable(_) => (Class::Unavailable, "database.unavailable"),
            Self::Timeout => (Class::Unavailable, "database.timeout"),
            Self::Contended { .. } => (Class::Unavailable, "database.contended"),
            // A duplicate or a vanished reference that the service did not expect: two people acted at once.
            Self::Violation { sqlstate, .. }
                if matches!(sqlstate.as_str(), "23505" | "23503" | "23P01") =>
            {
                (Class::Conflict, "database.conflict")
            }
            Self::Violation { .. } => (Class::Internal, "database.violation"),
            Self::Query { .. } => (Class::Internal, "database.query"),
            Self::Decode(_) => (Class::Internal, "database.decode"),
            Self::Aborted => (Class::Internal, "database.aborted"),
            Self::Closed => (Class::Internal, "database.closed"),
            Self::Fenced => (Class::Conflict, "database.fenced"),
            Self::Encode(_) => (Class::Internal, "database.encode"),
            Self::SchemaName(_) | Self::Config(_) => (Class::Internal, "database.config"),
            Self::Newer { .. } => (Class::Internal, "database.newer"),
            Self::Migration { .. } => (Class::Internal, "database.migration"),
        }
    }
}
