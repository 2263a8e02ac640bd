//! The serving side: who may call what, how long it may take, and how errors leave.
//!
//! ```ignore
//! let guard = rpc::server::guard(&boot, &[("/cloud.auth.v1.AuthService/Introspect", &["gateway"])]);
//! Service::new(routes).grpc(guard.protect(Routes::new(AuthServiceServer::new(grpc))))
//! ```

mod access_line;
mod caller;
mod deadline;
mod guard;
mod status;

pub use caller::{Caller, caller};
pub use guard::{Allow, Guard, guard};
pub use status::status;
