//! `cloud.auth.v1.AuthService`: converts, calls one use case, converts back.

mod convert;
mod keys;
mod people;
mod recovery;

pub(crate) use convert::subject_from_event;

use jiff::SignedDuration;
use platform::Boot;
use platform_pg::personal;
use rpc::auth::v1 as wire;
use rpc::auth::v1::auth_service_server::{AuthService, AuthServiceServer};
use rpc::auth::v1::keys_service_server::KeysServiceServer;
use rpc::auth::v1::people_service_server::PeopleServiceServer;
use rpc::auth::v1::recovery_service_server::RecoveryServiceServer;
use rpc::server::{Allow, caller, status};
use tonic::{Request, Response, Status};

use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Services;
use crate::service::audit::Audit;
use crate::service::invitations;
use crate::store::personal::SECTIONS;

/// Who may call what; everything else is refused.
const ALLOW: Allow = &[
    ("/cloud.auth.v1.AuthService/Introspect", &["gateway"]),
    ("/cloud.auth.v1.AuthService/GetSigningKeys", &["gateway"]),
    ("/cloud.auth.v1.AuthService/PutSubject", &["accounts"]),
    ("/cloud.auth.v1.AuthService/CreateInvitation", &["accounts"]),
    (
        "/cloud.auth.v1.AuthService/ListSessions",
        &["accounts", OPERATOR],
    ),
    (
        "/cloud.auth.v1.AuthService/EndSessions",
        &["accounts", OPERATOR],
    ),
    ("/cloud.auth.v1.PeopleService/ListLastSeen", &["accounts"]),
    ("/cloud.auth.v1.RecoveryService/StartReset", &[OPERATOR]),
    ("/cloud.auth.v1.RecoveryService/GetFactors", &[OPERATOR]),
    ("/cloud.auth.v1.RecoveryService/RemoveFactors", &[OPERATOR]),
    ("/cloud.auth.v1.RecoveryService/Unlock", &[OPERATOR]),
    ("/cloud.auth.v1.KeysService/CreateKey", &[OPERATOR]),
    ("/cloud.auth.v1.KeysService/ListKeys", &[OPERATOR]),
    ("/cloud.auth.v1.KeysService/RevokeKey", &[OPERATOR]),
    rpc::personal::CALLERS,
];

/// The operator's command line.
const OPERATOR: &str = "cloud";

/// The service behind its guard.
pub(crate) fn routes(boot: &Boot, services: Services) -> tonic::service::Routes {
    let keys = KeysServiceServer::new(keys::Grpc::new(services.clone()));
    let people = PeopleServiceServer::new(people::Grpc::new(services.clone()));
    let recovery = RecoveryServiceServer::new(recovery::Grpc::new(services.clone()));
    let personal = personal::reader(&services.core.db, &SECTIONS);
    let personal = rpc::personal::server(personal);
    let server = AuthServiceServer::new(Grpc { services });
    let routes = tonic::service::Routes::new(server)
        .add_service(keys)
        .add_service(people)
        .add_service(recovery)
        .add_service(personal);
    rpc::server::guard(boot, ALLOW).protect(routes)
}

struct Grpc {
    services: Services,
}

#[tonic::async_trait]
impl AuthService for Grpc {
    async fn introspect(
        &self,
        request: Request<wire::IntrospectRequest>,
    ) -> Result<Response<wire::IntrospectResponse>, Status> {
        let request = request.into_inner();
        if !request.api_key.is_empty() {
            let found = keys::recognise(&self.services, request).await;
            return found.map(Response::new).map_err(|error| status(&error));
        }
        let token = zeroize::Zeroizing::new(request.session_token);
        let found = self
            .services
            .sessions
            .introspect(&token)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::IntrospectResponse {
            principal: found.map(convert::principal),
        }))
    }

    async fn get_signing_keys(
        &self,
        _: Request<wire::GetSigningKeysRequest>,
    ) -> Result<Response<wire::GetSigningKeysResponse>, Status> {
        let sealed = self
            .services
            .signing_keys
            .sealed()
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::GetSigningKeysResponse {
            sealed_keys: sealed.keys,
            refresh_at: sealed.refresh_at.as_second(),
        }))
    }

    async fn put_subject(
        &self,
        request: Request<wire::PutSubjectRequest>,
    ) -> Result<Response<wire::PutSubjectResponse>, Status> {
        let subject =
            convert::subject_from(request.into_inner().subject).map_err(|error| status(&error))?;
        self.services
            .subjects
            .put(&subject)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::PutSubjectResponse {}))
    }

    async fn create_invitation(
        &self,
        request: Request<wire::CreateInvitationRequest>,
    ) -> Result<Response<wire::CreateInvitationResponse>, Status> {
        let caller = caller(&request)?.app.to_string();
        let request =
            invitation_from(&request.into_inner(), caller).map_err(|error| status(&error))?;
        let link = self
            .services
            .invitations
            .create(request)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::CreateInvitationResponse {
            path: format!("/auth/invitation/{}", *link.token.text()),
            expires_at: link.expires_at.as_second(),
        }))
    }

    async fn list_sessions(
        &self,
        request: Request<wire::ListSessionsRequest>,
    ) -> Result<Response<wire::ListSessionsResponse>, Status> {
        let who = user_id(&request.into_inner().user_id).map_err(|error| status(&error))?;
        let sessions = self
            .services
            .sessions
            .list(who)
            .await
            .map_err(|error| status(&error))?;
        let sessions = sessions.into_iter().map(convert::session).collect();
        Ok(Response::new(wire::ListSessionsResponse { sessions }))
    }

    async fn end_sessions(
        &self,
        request: Request<wire::EndSessionsRequest>,
    ) -> Result<Response<wire::EndSessionsResponse>, Status> {
        let caller = caller(&request)?;
        let mut audit = Audit::success("session.end").caller(caller.app.as_str());
        if let Some(person) = &caller.person {
            audit = audit.actor(UserId(person.user_id));
        }
        let (who, session) = ended_from(&request.into_inner()).map_err(|error| status(&error))?;
        let ended = self
            .services
            .sessions
            .end_for(who, session, audit)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::EndSessionsResponse {
            ended: i32::try_from(ended).unwrap_or(i32::MAX),
        }))
    }
}

fn user_id(text: &str) -> Result<UserId, Error> {
    UserId::parse(text).ok_or(Error::InvalidRequest("user_id is not a UUID"))
}

fn invitation_from(
    request: &wire::CreateInvitationRequest,
    caller: String,
) -> Result<invitations::Request, Error> {
    let invited_by = match request.invited_by.as_str() {
        "" => None,
        text => Some(UserId::parse(text).ok_or(Error::InvalidRequest("invited_by is not a UUID"))?),
    };
    Ok(invitations::Request {
        user_id: user_id(&request.user_id)?,
        invited_by,
        lasts: match request.lasts_days {
            0 => invitations::LIFETIME,
            days @ 1..=30 => SignedDuration::from_hours(i64::from(days) * 24),
            _ => return Err(Error::InvalidRequest("lasts_days must be 1 to 30")),
        },
        caller,
    })
}

fn ended_from(request: &wire::EndSessionsRequest) -> Result<(UserId, Option<SessionId>), Error> {
    let session = match request.session_id.as_str() {
        "" => None,
        text => {
            let id = uuid::Uuid::try_parse(text)
                .map_err(|_| Error::InvalidRequest("session_id is not a UUID"))?;
            Some(SessionId(id))
        }
    };
    Ok((user_id(&request.user_id)?, session))
}
