//! A peer in place of app-auth: it answers the calls this app makes, over a real socket, and keeps what it
//! was asked. No app depends on another app's crate, in tests neither; the whole is tested in `cloud`.

use std::sync::{Arc, Mutex};

use platform::{App, Routes, Service};
use rpc::auth::v1::auth_service_server::{AuthService, AuthServiceServer};
use rpc::auth::v1::{
    CreateInvitationRequest, CreateInvitationResponse, EndSessionsRequest, EndSessionsResponse,
    GetSigningKeysRequest, GetSigningKeysResponse, IntrospectRequest, IntrospectResponse,
    ListSessionsRequest, ListSessionsResponse, PutSubjectRequest, PutSubjectResponse, Session,
    Subject,
};
use tonic::{Request, Response, Status};

/// What the peer was asked.
#[derive(Clone, Default)]
pub(crate) struct Peer {
    pub(crate) subjects: Arc<Mutex<Vec<Subject>>>,
    pub(crate) invited: Arc<Mutex<Vec<CreateInvitationRequest>>>,
    pub(crate) ended: Arc<Mutex<Vec<EndSessionsRequest>>>,
}

const CALLERS: rpc::server::Allow = &[
    ("/cloud.auth.v1.AuthService/PutSubject", &["accounts"]),
    ("/cloud.auth.v1.AuthService/CreateInvitation", &["accounts"]),
    ("/cloud.auth.v1.AuthService/ListSessions", &["accounts"]),
    ("/cloud.auth.v1.AuthService/EndSessions", &["accounts"]),
];

impl Peer {
    /// The peer as an app that registers itself.
    pub(crate) fn app(&self) -> App {
        let peer = self.clone();
        App::new("auth", "0.0.0").start(
            |_configuration| (),
            |boot, ()| async move {
                let service = tonic::service::Routes::new(AuthServiceServer::new(peer));
                let guarded = rpc::server::guard(&boot, CALLERS).protect(service);
                Ok(Service::new(Routes::new()).grpc(guarded))
            },
        )
    }
}

#[tonic::async_trait]
impl AuthService for Peer {
    async fn introspect(
        &self,
        _: Request<IntrospectRequest>,
    ) -> Result<Response<IntrospectResponse>, Status> {
        Err(Status::unimplemented("not asked by accounts"))
    }

    async fn get_signing_keys(
        &self,
        _: Request<GetSigningKeysRequest>,
    ) -> Result<Response<GetSigningKeysResponse>, Status> {
        Err(Status::unimplemented("not asked by accounts"))
    }

    async fn put_subject(
        &self,
        request: Request<PutSubjectRequest>,
    ) -> Result<Response<PutSubjectResponse>, Status> {
        self.subjects
            .lock()
            .unwrap()
            .extend(request.into_inner().subject);
        Ok(Response::new(PutSubjectResponse {}))
    }

    async fn create_invitation(
        &self,
        request: Request<CreateInvitationRequest>,
    ) -> Result<Response<CreateInvitationResponse>, Status> {
        let mut invited = self.invited.lock().unwrap();
        invited.push(request.into_inner());
        let path = format!("/auth/invitation/token-{}", invited.len());
        Ok(Response::new(CreateInvitationResponse {
            path,
            expires_at: 4_000_000_000,
        }))
    }

    async fn list_sessions(
        &self,
        _: Request<ListSessionsRequest>,
    ) -> Result<Response<ListSessionsResponse>, Status> {
        let session = Session {
            session_id: "018f0000-0000-7000-8000-000000000001".to_owned(),
            device: "Firefox on Linux".to_owned(),
            ..Session::default()
        };
        Ok(Response::new(ListSessionsResponse {
            sessions: vec![session],
        }))
    }

    async fn end_sessions(
        &self,
        request: Request<EndSessionsRequest>,
    ) -> Result<Response<EndSessionsResponse>, Status> {
        self.ended.lock().unwrap().push(request.into_inner());
        Ok(Response::new(EndSessionsResponse { ended: 1 }))
    }
}
