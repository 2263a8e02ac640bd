//! Auth, as far as a gateway needs it: a gRPC server that checks who calls, and a lease that says where it is.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use platform::Clock;
use platform::identity::{self, Signer, sealed};
use registry::{Entry, InstanceId, Keyring, Lease, LeaseTiming};
use rpc::auth::v1;
use rpc::auth::v1::auth_service_server::{AuthService, AuthServiceServer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::given::{Platform, id, secret};

/// A running auth.
pub(crate) struct Auth {
    pub(crate) state: Arc<State>,
    pub(crate) signer: Signer,
    lease: Lease,
    stop: CancellationToken,
    address: SocketAddr,
}

pub(crate) struct State {
    clock: Clock,
    sessions: Mutex<HashMap<String, v1::Principal>>,
    pub(crate) questions: AtomicUsize,
    /// Questions wait while it is empty.
    pub(crate) gate: Semaphore,
    pub(crate) is_gated: AtomicBool,
    sealed: Vec<u8>,
}

/// A token of the form auth gives out.
pub(crate) fn token(letter: char) -> String {
    letter.to_string().repeat(43)
}

/// A principal called `name`, with a session for an hour.
pub(crate) fn principal(name: &str) -> v1::Principal {
    let now = Clock::system().now().as_second();
    v1::Principal {
        subject: Some(v1::Subject {
            user_id: Uuid::now_v7().to_string(),
            username: name.to_owned(),
            email: format!("{name}@example.org"),
            display_name: name.to_owned(),
            role: v1::Role::User.into(),
            groups: vec!["staff".to_owned()],
            state: v1::SubjectState::Active.into(),
            locale: "de".to_owned(),
            ..v1::Subject::default()
        }),
        session_id: Uuid::now_v7().to_string(),
        authenticated_at: now,
        factors: vec!["pwd".to_owned()],
        scopes: Vec::new(),
        expires_at: now + 3600,
        csrf_token: "csrf".to_owned(),
        ..v1::Principal::default()
    }
}

impl Auth {
    pub(crate) async fn start(platform: &Platform) -> Self {
        let signer = Signer::generate().unwrap();
        let state = Arc::new(State {
            sessions: Mutex::default(),
            questions: AtomicUsize::new(0),
            gate: Semaphore::new(0),
            is_gated: AtomicBool::new(false),
            sealed: sealed::seal(&secret(), &signer).unwrap(),
            clock: platform.clock.clone(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let service = AuthServiceServer::new(Service(Arc::clone(&state)));
        let serving = tonic::transport::Server::builder()
            .add_service(service)
            .serve_with_incoming_shutdown(
                TcpListenerStream::new(listener),
                stop.clone().cancelled_owned(),
            );
        TaskTracker::new().spawn(serving);

        let start = Clock::system().now();
        let mut entry = Entry::new(
            id("auth"),
            InstanceId::random(),
            start,
            format!("http://{address}"),
        );
        entry.grpc = Some(format!("http://{address}"));
        entry.prefixes = vec!["/auth".to_owned()];
        let client = registry::connect(&platform.redis.url).await.unwrap();
        let keyring = Keyring::Secret(secret());
        let lease = Lease::register(client, keyring, entry, LeaseTiming::default())
            .await
            .unwrap();
        Self {
            state,
            signer,
            lease,
            stop,
            address,
        }
    }

    pub(crate) fn sign_in(&self, token: &str, principal: v1::Principal) {
        self.state
            .sessions
            .lock()
            .unwrap()
            .insert(token.to_owned(), principal);
    }

    pub(crate) fn sign_out(&self, token: &str) {
        self.state.sessions.lock().unwrap().remove(token);
    }

    pub(crate) fn questions(&self) -> usize {
        self.state.questions.load(Ordering::SeqCst)
    }

    /// Dies without a word; the lease stays.
    pub(crate) async fn die(self) -> Lease {
        self.stop.cancel();
        testkit::eventually("auth is gone", async || {
            tokio::net::TcpStream::connect(self.address).await.is_err()
        })
        .await;
        self.lease
    }
}

struct Service(Arc<State>);

/// Nobody but the gateway may ask.
fn check_caller<T>(request: &Request<T>, clock: &Clock) -> Result<(), Status> {
    let assertion = request
        .metadata()
        .get("cloud-service")
        .and_then(|value| value.to_str().ok());
    let assertion = assertion.ok_or(Status::unauthenticated("no assertion"))?;
    let keyring = Keyring::Secret(secret());
    let caller = identity::service::verify(&keyring, assertion, &id("auth"), clock.now());
    match caller {
        Ok(caller) if caller == id("gateway") => Ok(()),
        other => Err(Status::permission_denied(format!("{other:?}"))),
    }
}

#[tonic::async_trait]
impl AuthService for Service {
    async fn introspect(
        &self,
        request: Request<v1::IntrospectRequest>,
    ) -> Result<Response<v1::IntrospectResponse>, Status> {
        check_caller(&request, &self.0.clock)?;
        let request = request.into_inner();
        // Sessions and keys share the map here: what is presented in one place is not found by the other.
        let token = match request.api_key.as_str() {
            "" => request.session_token,
            key => {
                assert!(!request.address.is_empty(), "a key comes with its place");
                key.to_owned()
            }
        };
        self.0.questions.fetch_add(1, Ordering::SeqCst);
        let principal = self.0.sessions.lock().unwrap().get(&token).cloned();
        if self.0.is_gated.load(Ordering::SeqCst) {
            self.0.gate.acquire().await.unwrap().forget();
        }
        Ok(Response::new(v1::IntrospectResponse { principal }))
    }

    async fn get_signing_keys(
        &self,
        request: Request<v1::GetSigningKeysRequest>,
    ) -> Result<Response<v1::GetSigningKeysResponse>, Status> {
        check_caller(&request, &self.0.clock)?;
        Ok(Response::new(v1::GetSigningKeysResponse {
            sealed_keys: vec![self.0.sealed.clone()],
            refresh_at: self.0.clock.now().as_second() + 300,
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
