//! `cloud.auth.v1.PeopleService`: what auth knows about people.

use jiff::Timestamp;
use rpc::auth::v1 as wire;
use rpc::auth::v1::people_service_server::PeopleService;
use rpc::server::status;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::user_id;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Services;
use crate::service::last_seen::Since;

/// The service.
pub(super) struct Grpc {
    services: Services,
}

impl Grpc {
    /// Over the use cases.
    pub(super) fn new(services: Services) -> Self {
        Self { services }
    }
}

#[tonic::async_trait]
impl PeopleService for Grpc {
    async fn list_last_seen(
        &self,
        request: Request<wire::ListLastSeenRequest>,
    ) -> Result<Response<wire::ListLastSeenResponse>, Status> {
        let request = request.into_inner();
        let since = since(&request).map_err(|error| status(&error))?;
        let seen = self.services.last_seen.list(since, request.limit).await;
        let seen = seen.map_err(|error| status(&error))?;
        let people = seen.people.into_iter().map(|(who, at)| wire::LastSeen {
            user_id: who.0.to_string(),
            seen_at: at.as_second(),
        });
        Ok(Response::new(wire::ListLastSeenResponse {
            people: people.collect(),
            more: seen.more,
        }))
    }
}

fn since(request: &wire::ListLastSeenRequest) -> Result<Since, Error> {
    let at = Timestamp::from_second(request.since)
        .map_err(|_| Error::InvalidRequest("since is no moment"))?;
    let after = match request.after_user_id.as_str() {
        "" => UserId(Uuid::nil()),
        text => user_id(text)?,
    };
    Ok(Since { at, after })
}
