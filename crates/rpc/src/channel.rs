//! A channel to an app: whichever of its instances the registry knows, over connections that are kept.
//!
//! Owns deadlines and what every call carries. Knows no service.

use std::sync::Arc;

use platform::identity;
use registry::AppId;
use tokio::time::{Instant, timeout_at};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::attempts::Attempts;
use crate::call::{Call, Method};
use crate::error::Error;
use crate::origin::Origin;
use crate::pool::{Connection, Pool};
use crate::trace;

/// Metadata keys; the same as the headers [`identity`] names.
const SERVICE: &str = "cloud-service";
const PERSON: &str = "cloud-identity";

/// Calls one app. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Channel {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) origin: Origin,
    pub(crate) callee: String,
    pub(crate) pool: Pool,
}

impl Channel {
    /// A channel from `origin` to the app `callee`. Connects when first used.
    pub fn new(origin: impl Into<Origin>, callee: &str) -> Self {
        Self {
            inner: Arc::new(Inner {
                origin: origin.into(),
                callee: callee.to_owned(),
                pool: Pool::default(),
            }),
        }
    }

    /// One request, one answer.
    pub async fn unary<Q, A>(&self, call: Call, method: Method, request: Q) -> Result<A, Error>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let mut attempts = Attempts::new(&self.inner, &call, method);
        loop {
            let connection = attempts.next().await?;
            let attempt = async {
                let mut request = self.request(&call, request.clone())?;
                request.set_timeout(
                    attempts
                        .deadline()
                        .saturating_duration_since(Instant::now()),
                );
                let mut grpc = ready(connection).await?;
                grpc.unary(request, path(method), ProstCodec::<Q, A>::default())
                    .await
            };
            match timeout_at(attempts.deadline(), attempt).await {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) => attempts.failed(Some(status))?,
                Err(_elapsed) => attempts.failed(None)?,
            }
        }
    }

    /// One request, a stream of answers. The deadline bounds the wait for the stream, not its life.
    pub async fn server_streaming<Q, A>(
        &self,
        call: Call,
        method: Method,
        request: Q,
    ) -> Result<Streaming<A>, Error>
    where
        Q: prost::Message + Clone + 'static,
        A: prost::Message + Default + 'static,
    {
        let mut attempts = Attempts::new(&self.inner, &call, method);
        loop {
            let connection = attempts.next().await?;
            let attempt = async {
                let request = self.request(&call, request.clone())?;
                let mut grpc = ready(connection).await?;
                grpc.server_streaming(request, path(method), ProstCodec::<Q, A>::default())
                    .await
                    .map(Response::into_inner)
            };
            match timeout_at(attempts.deadline(), attempt).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(status)) => attempts.failed(Some(status))?,
                Err(_elapsed) => attempts.failed(None)?,
            }
        }
    }

    /// The request with what every call carries: who calls, for whom, and as part of which trace.
    fn request<Q>(&self, call: &Call, message: Q) -> Result<Request<Q>, Status> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert(SERVICE, self.assertion()?);
        if let Some(person) = call.person() {
            metadata.insert(PERSON, person.clone());
        }
        trace::inject(metadata);
        Ok(request)
    }

    fn assertion(&self) -> Result<MetadataValue<Ascii>, Status> {
        let origin = &self.inner.origin;
        let callee = AppId::new(&self.inner.callee)
            .map_err(|error| Status::invalid_argument(error.to_string()))?;
        let now = origin.clock.now();
        identity::service::sign(&origin.keyring, &origin.app, &callee, now)
            .map_err(|error| Status::failed_precondition(error.to_string()))?
            .parse()
            .map_err(|_| Status::failed_precondition("the assertion is not a header value"))
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Channel({} -> {})",
            self.inner.origin.app, self.inner.callee
        )
    }
}

type Grpc = tonic::client::Grpc<tonic::transport::Channel>;

async fn ready(connection: Connection) -> Result<Grpc, Status> {
    let mut grpc = Grpc::new(connection.channel);
    grpc.ready()
        .await
        .map_err(|error| Status::from_error(error.into()))?;
    Ok(grpc)
}

fn path(method: Method) -> PathAndQuery {
    PathAndQuery::from_static(method.path)
}
