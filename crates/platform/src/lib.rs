//! What every app is built on: the [`App`] declaration, configuration, the host that runs apps,
//! lifecycle, telemetry, identity, errors, health and the HTTP layers.
//!
//! Owns how an app starts, is reached, is observed and stops. Knows no app, no database and no
//! page template: whatever needs PostgreSQL, Redis data structures or HTML lives in the crates above.

pub mod access;
pub mod app;
pub mod boot;
mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod grants;
pub mod health;
pub mod host;
pub mod http;
pub mod identity;
pub mod lifecycle;
pub mod personal;
pub mod problem;
pub mod routes;
pub mod sealer;
pub mod service;
pub mod settings;
pub mod telemetry;

pub use access::Access;
pub use app::App;
pub use boot::{Boot, StartError};
pub use cli::main;
pub use clock::Clock;
pub use config::{CoreConfig, Environment, Mode, Reader};
pub use error::{Class, Classify, Failure, FieldProblem};
pub use health::Health;
pub use host::{Host, Running};
pub use http::RequestId;
pub use identity::{CurrentUser, Introduced, Principal, Verifier, Visitor};
pub use lifecycle::Lifecycle;
pub use problem::Problem;
pub use routes::Routes;
pub use sealer::{SealError, Sealer};
pub use service::{PageErrors, Service};

// Names an app uses in nearly every file, so that one `use platform::..` line is enough.
pub use registry::{
    AppId, InstanceId, Label, NavItem, Role, SettingDeclaration, SettingKind, Widget,
};
