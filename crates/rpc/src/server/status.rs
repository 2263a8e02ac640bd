//! Turns a domain error into a gRPC status that keeps its class and code.

use platform::Classify;
use tonic::Status;

use crate::outcome;

/// The status a gRPC service answers with. The caller reads class, code and detail back out of it
/// ([`crate::Error`]); the cause stays here, in the log.
///
/// ```ignore
/// let account = service.find(id).await.map_err(|error| rpc::server::status(&error))?;
/// ```
pub fn status(error: &dyn Classify) -> Status {
    let (class, code) = error.outcome();
    platform::error::log(error);
    let mut status = Status::new(class.grpc(), error.detail().unwrap_or_default());
    if let Ok(value) = outcome::encode(class, code).parse() {
        status.metadata_mut().insert(outcome::KEY, value);
    }
    status
}
