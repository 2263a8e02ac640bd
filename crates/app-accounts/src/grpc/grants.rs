//! `cloud.accounts.v1.GrantsService`: what apps ask about who may do what with their things. Whose things they are
//! follows from who calls.

use std::pin::Pin;

use futures_util::{Stream, stream};
use jiff::Timestamp;
use platform::AppId;
use platform::grants::{
    Grant, Grantee, Level, MOST_AT_ONCE, NotAWord, Outcome, Recipient, Resource,
};
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::grants_service_server::GrantsService;
use rpc::accounts::v1::set_grant_request::To;
use rpc::server::{Caller, caller};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::{Answer, answered};
use crate::domain::grant::Thing;
use crate::error::Error;
use crate::service::grant_notices::Changed;
use crate::service::grants::{Asked, Grants};

/// The service.
#[derive(Debug)]
pub struct GrantsOfApps {
    grants: Grants,
    soft: CancellationToken,
}

impl GrantsOfApps {
    /// Answers until `soft` is cancelled; streams end then, and their apps go to another instance.
    pub fn new(grants: Grants, soft: CancellationToken) -> Self {
        Self { grants, soft }
    }

    async fn levels(
        &self,
        asked: Asked<'_>,
        request: &wire::GetLevelsRequest,
    ) -> Result<wire::GetLevelsResponse, Error> {
        let levels = self
            .grants
            .levels(asked, &request.kind, &request.ids)
            .await?;
        let word = |(id, level): (String, Level)| (id, level.as_str().to_owned());
        Ok(wire::GetLevelsResponse {
            levels: levels.into_iter().map(word).collect(),
        })
    }

    async fn reachable(
        &self,
        asked: Asked<'_>,
        request: &wire::ListReachableRequest,
    ) -> Result<wire::ListReachableResponse, Error> {
        let least = match &*request.least {
            "" => Level::Read,
            word => word.parse().map_err(not_a_word)?,
        };
        let size = match request.page_size {
            0 => MOST_AT_ONCE,
            size => usize::try_from(size).map_err(|_| Error::Limit)?,
        };
        let span = (&*request.page_token, size);
        let found = self
            .grants
            .reachable(asked, &request.kind, least, span)
            .await?;
        let place = found.things.last().filter(|_| found.more);
        Ok(wire::ListReachableResponse {
            next_page_token: place.map(|(id, _)| id.clone()).unwrap_or_default(),
            resources: found
                .things
                .into_iter()
                .map(|(id, level)| wire::ReachableResource {
                    id,
                    level: level.as_str().to_owned(),
                })
                .collect(),
        })
    }

    async fn list(
        &self,
        asked: Asked<'_>,
        request: wire::ListGrantsRequest,
    ) -> Result<wire::ListGrantsResponse, Error> {
        let thing = thing(asked.app, request.resource)?;
        let grants = self.grants.list(asked, &thing).await?;
        Ok(wire::ListGrantsResponse {
            grants: grants.into_iter().map(grant).collect(),
        })
    }

    async fn set(
        &self,
        asked: Asked<'_>,
        request: wire::SetGrantRequest,
    ) -> Result<wire::SetGrantResponse, Error> {
        let thing = thing(asked.app, request.resource)?;
        let to = match request.to {
            Some(To::Grantee(known)) => Recipient::Known(grantee(Some(known))?),
            Some(To::Typed(typed)) => Recipient::Typed(typed),
            None => return Err(Error::NotAWord("to", "a grantee, or who was typed")),
        };
        let level = request.level.parse().map_err(not_a_word)?;
        let ends_at = match request.ends_at {
            0 => None,
            at => Some(Timestamp::from_millisecond(at).map_err(|_| no_moment())?),
        };
        let set = self
            .grants
            .set(asked, &thing, &to, (level, ends_at))
            .await?;
        Ok(wire::SetGrantResponse {
            changed: changed(set)?,
        })
    }

    async fn remove(
        &self,
        asked: Asked<'_>,
        request: wire::RemoveGrantRequest,
    ) -> Result<wire::RemoveGrantResponse, Error> {
        let thing = thing(asked.app, request.resource)?;
        let of = grantee(request.grantee)?;
        let removed = self.grants.remove(asked, &thing, of).await?;
        Ok(wire::RemoveGrantResponse {
            changed: changed(removed)?,
        })
    }

    async fn forget(
        &self,
        asked: Asked<'_>,
        request: wire::ForgetResourceRequest,
    ) -> Result<wire::ForgetResourceResponse, Error> {
        let thing = thing(asked.app, request.resource)?;
        let removed = self.grants.forget(asked, &thing).await?;
        Ok(wire::ForgetResourceResponse {
            removed: i32::try_from(removed).unwrap_or(i32::MAX),
        })
    }
}

fn asked(caller: &Caller) -> Asked<'_> {
    Asked {
        app: &caller.app,
        who: caller.person.as_ref(),
    }
}

fn thing(app: &AppId, resource: Option<wire::Resource>) -> Result<Thing, Error> {
    let wire::Resource { kind, id } = resource.unwrap_or_default();
    Ok(Thing {
        app: app.clone(),
        resource: Resource::new(kind, id)?,
    })
}

fn grantee(grantee: Option<wire::Grantee>) -> Result<Grantee, Error> {
    let wire::Grantee { kind, id } = grantee.unwrap_or_default();
    Grantee::parse(&kind, &id).map_err(not_a_word)
}

fn grant(grant: Grant) -> wire::Grant {
    let id = grant.grantee.id();
    wire::Grant {
        grantee: Some(wire::Grantee {
            kind: grant.grantee.kind().to_owned(),
            id: id.map(|id| id.to_string()).unwrap_or_default(),
        }),
        name: grant.name,
        level: grant.level.as_str().to_owned(),
        ends_at: grant.ends_at.map_or(0, Timestamp::as_millisecond),
        granted_by: grant.granted_by,
        granted_at: grant.granted_at.as_millisecond(),
    }
}

fn changed(outcome: Outcome) -> Result<bool, Error> {
    match outcome {
        Outcome::Done => Ok(true),
        Outcome::Unchanged => Ok(false),
        Outcome::Refused(why) => Err(Error::GrantRefused(why)),
    }
}

fn not_a_word(NotAWord(what, words): NotAWord) -> Error {
    Error::NotAWord(what, words)
}

fn no_moment() -> Error {
    Error::NotAWord("ends_at", "milliseconds since 1970")
}

/// One app's stream of changes.
struct Watching {
    app: AppId,
    changes: broadcast::Receiver<Changed>,
    soft: CancellationToken,
    begun: bool,
}

impl Watching {
    /// The next change the app is told of; first that all may have changed. `None` ends the stream.
    async fn next(&mut self) -> Option<wire::WatchGrantsResponse> {
        if !self.begun {
            self.begun = true;
            return Some(wire::WatchGrantsResponse::default());
        }
        loop {
            let changed = tokio::select! {
                () = self.soft.cancelled() => return None,
                changed = self.changes.recv() => match changed {
                    Ok(changed) => changed,
                    Err(RecvError::Lagged(_)) => Changed::Any,
                    Err(RecvError::Closed) => return None,
                },
            };
            if let Some(resource) = changed.for_app(self.app.as_str()) {
                let resource = resource.map(|resource| wire::Resource {
                    kind: resource.kind().to_owned(),
                    id: resource.id().to_owned(),
                });
                return Some(wire::WatchGrantsResponse { resource });
            }
        }
    }
}

#[tonic::async_trait]
impl GrantsService for GrantsOfApps {
    async fn get_levels(
        &self,
        request: Request<wire::GetLevelsRequest>,
    ) -> Answer<wire::GetLevelsResponse> {
        let asked = asked(caller(&request)?);
        answered(self.levels(asked, request.get_ref()).await)
    }

    async fn list_reachable(
        &self,
        request: Request<wire::ListReachableRequest>,
    ) -> Answer<wire::ListReachableResponse> {
        let asked = asked(caller(&request)?);
        answered(self.reachable(asked, request.get_ref()).await)
    }

    async fn list_grants(
        &self,
        request: Request<wire::ListGrantsRequest>,
    ) -> Answer<wire::ListGrantsResponse> {
        let caller = caller(&request)?.clone();
        answered(self.list(asked(&caller), request.into_inner()).await)
    }

    async fn set_grant(
        &self,
        request: Request<wire::SetGrantRequest>,
    ) -> Answer<wire::SetGrantResponse> {
        let caller = caller(&request)?.clone();
        answered(self.set(asked(&caller), request.into_inner()).await)
    }

    async fn remove_grant(
        &self,
        request: Request<wire::RemoveGrantRequest>,
    ) -> Answer<wire::RemoveGrantResponse> {
        let caller = caller(&request)?.clone();
        answered(self.remove(asked(&caller), request.into_inner()).await)
    }

    async fn forget_resource(
        &self,
        request: Request<wire::ForgetResourceRequest>,
    ) -> Answer<wire::ForgetResourceResponse> {
        let caller = caller(&request)?.clone();
        answered(self.forget(asked(&caller), request.into_inner()).await)
    }

    type WatchGrantsStream =
        Pin<Box<dyn Stream<Item = Result<wire::WatchGrantsResponse, Status>> + Send>>;

    async fn watch_grants(
        &self,
        request: Request<wire::WatchGrantsRequest>,
    ) -> Result<Response<Self::WatchGrantsStream>, Status> {
        let watching = Watching {
            app: caller(&request)?.app.clone(),
            changes: self.grants.notices().listen(),
            soft: self.soft.clone(),
            begun: false,
        };
        let stream = stream::unfold(watching, |mut watching| async move {
            let told = watching.next().await?;
            Some((Ok(told), watching))
        });
        Ok(Response::new(Box::pin(stream)))
    }
}
