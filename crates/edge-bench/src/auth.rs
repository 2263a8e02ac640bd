//! Auth, as far as a gateway asks it: it knows one session and hands out one signing key.

use anyhow::Result;
use platform::Clock;
use platform::identity::{self, Signer, sealed};
use registry::{AppId, AppSecret, Entry, InstanceId, Keyring, Lease, LeaseTiming};
use rpc::auth::v1;
use rpc::auth::v1::auth_service_server::{AuthService, AuthServiceServer};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// How long the session lasts, in seconds; longer than any measurement.
const SESSION: i64 = 24 * 3600;
/// After how many seconds a gateway asks for keys again.
const REFRESH: i64 = 300;

/// A running auth.
pub(crate) struct Auth {
    token: String,
    _lease: Lease,
    _stop: DropGuard,
}

struct Service {
    token: String,
    keyring: Keyring,
    sealed: Vec<u8>,
    user: Uuid,
    session: Uuid,
}

impl Auth {
    pub(crate) async fn start(redis: &str, secret: &AppSecret) -> Result<Self> {
        let keyring = Keyring::Secret(secret.clone());
        let token = "A".repeat(43);
        let service = Service {
            token: token.clone(),
            keyring: keyring.clone(),
            sealed: sealed::seal(secret, &Signer::generate()?)?,
            user: Uuid::now_v7(),
            session: Uuid::now_v7(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let serving = tonic::transport::Server::builder()
            .add_service(AuthServiceServer::new(service))
            .serve_with_incoming_shutdown(
                TcpListenerStream::new(listener),
                stop.clone().cancelled_owned(),
            );
        TaskTracker::new().spawn(serving);

        let start = Clock::system().now();
        let http = format!("http://{address}");
        let mut entry = Entry::new(
            AppId::new("auth")?,
            InstanceId::random(),
            start,
            http.clone(),
        );
        entry.grpc = Some(http);
        entry.prefixes = vec!["/auth".to_owned()];
        let client = registry::connect(redis).await?;
        let lease = Lease::register(client, keyring, entry, LeaseTiming::default()).await?;
        Ok(Self {
            token,
            _lease: lease,
            _stop: stop.drop_guard(),
        })
    }

    /// The token of the session.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

impl Service {
    /// Nobody but the gateway may ask.
    fn check<T>(&self, request: &Request<T>) -> Result<(), Status> {
        let assertion = request.metadata().get("cloud-service");
        let assertion = assertion
            .and_then(|value| value.to_str().ok())
            .ok_or(Status::unauthenticated("no assertion"))?;
        let own = AppId::new("auth").map_err(|_| Status::internal("own name"))?;
        let now = Clock::system().now();
        match identity::service::verify(&self.keyring, assertion, &own, now) {
            Ok(caller) if caller.as_str() == "gateway" => Ok(()),
            _ => Err(Status::permission_denied("not the gateway")),
        }
    }

    fn principal(&self) -> v1::Principal {
        let now = Clock::system().now().as_second();
        v1::Principal {
            subject: Some(v1::Subject {
                user_id: self.user.to_string(),
                username: "ada".to_owned(),
                email: "ada@example.org".to_owned(),
                display_name: "Ada".to_owned(),
                role: v1::Role::User.into(),
                groups: vec!["staff".to_owned()],
                state: v1::SubjectState::Active.into(),
                locale: "en".to_owned(),
                ..v1::Subject::default()
            }),
            session_id: self.session.to_string(),
            authenticated_at: now,
            factors: vec!["pwd".to_owned()],
            scopes: Vec::new(),
            expires_at: now + SESSION,
            csrf_token: "csrf".to_owned(),
            ..v1::Principal::default()
        }
    }
}

#[tonic::async_trait]
impl AuthService for Service {
    async fn introspect(
        &self,
        request: Request<v1::IntrospectRequest>,
    ) -> Result<Response<v1::IntrospectResponse>, Status> {
        self.check(&request)?;
        let known = request.into_inner().session_token == self.token;
        let principal = known.then(|| self.principal());
        Ok(Response::new(v1::IntrospectResponse { principal }))
    }

    async fn get_signing_keys(
        &self,
        request: Request<v1::GetSigningKeysRequest>,
    ) -> Result<Response<v1::GetSigningKeysResponse>, Status> {
        self.check(&request)?;
        Ok(Response::new(v1::GetSigningKeysResponse {
            sealed_keys: vec![self.sealed.clone()],
            refresh_at: Clock::system().now().as_second() + REFRESH,
        }))
    }

    async fn put_subject(
        &self,
        _: Request<v1::PutSubjectRequest>,
    ) -> Result<Response<v1::PutSubjectResponse>, Status> {
        Err(Status::unimplemented("not a gateway's business"))
    }

    async fn create_invitation(
        &self,
        _: Request<v1::CreateInvitationRequest>,
    ) -> Result<Response<v1::CreateInvitationResponse>, Status> {
        Err(Status::unimplemented("not a gateway's business"))
    }

    async fn list_sessions(
        &self,
        _: Request<v1::ListSessionsRequest>,
    ) -> Result<Response<v1::ListSessionsResponse>, Status> {
        Err(Status::unimplemented("not a gateway's business"))
    }

    async fn end_sessions(
        &self,
        _: Request<v1::EndSessionsRequest>,
    ) -> Result<Response<v1::EndSessionsResponse>, Status> {
        Err(Status::unimplemented("not a gateway's business"))
    }
}
