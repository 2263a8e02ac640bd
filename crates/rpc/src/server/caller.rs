//! Who calls.

use platform::identity::Principal;
use registry::AppId;
use tonic::{Request, Status};

/// The app that calls and, when the call is made for somebody, the person. Both are proven.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The calling app.
    pub app: AppId,
    /// The person it calls for.
    pub person: Option<Principal>,
}

/// The caller of a request that came through a [`super::Guard`].
pub fn caller<T>(request: &Request<T>) -> Result<&Caller, Status> {
    request
        .extensions()
        .get::<Caller>()
        .ok_or_else(|| Status::internal("this service is not behind a guard"))
}
