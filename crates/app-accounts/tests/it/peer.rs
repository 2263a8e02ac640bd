//! A peer in place of app-auth: it answers the calls this app makes, over a real socket, and keeps what it
//! was asked. No app depends on another app's crate, in tests neither; the whole is tested in `cloud`.

use std::sync::{Arc, Mutex};

use platform::personal::Record;
use platform::{App, Routes, Service};
use rpc::auth::v1::auth_service_server::{AuthService, AuthServiceServer};
use rpc::auth::v1::people_service_server::{PeopleService, PeopleServiceServer};
use rpc::auth::v1::{
    CreateInvitationRequest, CreateInvitationResponse, EndSessionsRequest, EndSessionsResponse,
    GetSigningKeysRequest, GetSigningKeysResponse, IntrospectRequest, IntrospectResponse, LastSeen,
    ListLastSeenRequest, ListLastSeenResponse, ListSessionsRequest, ListSessionsResponse,
    PutSubjectRequest, PutSubjectResponse, Session, Subject,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// Who was seen, and when in Unix seconds.
type Seen = Vec<(Uuid, i64)>;

/// What the peer was asked.
#[derive(Clone, Default)]
pub(crate) struct Peer {
    pub(crate) subjects: Arc<Mutex<Vec<Subject>>>,
    pub(crate) invited: Arc<Mutex<Vec<CreateInvitationRequest>>>,
    pub(crate) ended: Arc<Mutex<Vec<EndSessionsRequest>>>,
    /// When people were last seen; nothing while nobody is told.
    pub(crate) seen: Arc<Mutex<Option<Seen>>>,
    /// What was asked about it.
    pub(crate) asked_seen: Arc<Mutex<Vec<ListLastSeenRequest>>>,
}

const CALLERS: rpc::server::Allow = &[
    ("/cloud.auth.v1.AuthService/PutSubject", &["accounts"]),
    ("/cloud.auth.v1.AuthService/CreateInvitation", &["accounts"]),
    ("/cloud.auth.v1.AuthService/ListSessions", &["accounts"]),
    ("/cloud.auth.v1.AuthService/EndSessions", &["accounts"]),
    ("/cloud.auth.v1.PeopleService/ListLastSeen", &["accounts"]),
    rpc::personal::CALLERS,
];

impl Peer {
    /// The peer as an app that registers itself.
    pub(crate) fn app(&self) -> App {
        let peer = self.clone();
        App::new("auth", "0.0.0").start(
            |_configuration| (),
            |boot, ()| async move {
                let people = PeopleServiceServer::new(peer.clone());
                let service =
                    tonic::service::Routes::new(AuthServiceServer::new(peer)).add_service(people);
                let service = service.add_service(rpc::personal::server(sessions_of));
                let guarded = rpc::server::guard(&boot, CALLERS).protect(service);
                Ok(Service::new(Routes::new()).grpc(guarded))
            },
        )
    }
}

/// What the peer keeps of people.
async fn sessions_of(person: Uuid) -> Result<Vec<Record>, rpc::Error> {
    let session = format!(r#"{{"of":"{person}"}}"#);
    Ok(vec![
        Record::new("sessions", session),
        Record::more("sessions"),
    ])
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

#[tonic::async_trait]
impl PeopleService for Peer {
    /// Two at a time, so that a few people are several answers.
    async fn list_last_seen(
        &self,
        request: Request<ListLastSeenRequest>,
    ) -> Result<Response<ListLastSeenResponse>, Status> {
        let request = request.into_inner();
        self.asked_seen.lock().unwrap().push(request.clone());
        let seen = self.seen.lock().unwrap().clone();
        let mut seen = seen.ok_or_else(|| Status::unavailable("not now"))?;
        seen.sort_by_key(|(id, at)| (*at, *id));
        let after = request.after_user_id.parse().unwrap_or(Uuid::nil());
        seen.retain(|(id, at)| (*at, *id) > (request.since, after));
        let more = seen.len() > 2;
        seen.truncate(2);
        let people = seen.into_iter().map(|(id, seen_at)| LastSeen {
            user_id: id.to_string(),
            seen_at,
        });
        Ok(Response::new(ListLastSeenResponse {
            people: people.collect(),
            more,
        }))
    }
}
