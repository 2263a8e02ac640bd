//! A peer in place of app-accounts that knows grants of one thing at a time. No app depends on another app's crate, in
//! tests neither; the whole is tested in `cloud`.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use futures_util::{Stream, stream};
use platform::grants::Refusal;
use platform::{App, Routes, Service};
use rpc::accounts::v1::grants_service_server::{GrantsService, GrantsServiceServer};
use rpc::accounts::v1::set_grant_request::To;
use rpc::accounts::v1::{
    ForgetResourceRequest, ForgetResourceResponse, GetLevelsRequest, GetLevelsResponse, Grant,
    Grantee, ListGrantsRequest, ListGrantsResponse, ListReachableRequest, ListReachableResponse,
    ReachableResource, RemoveGrantRequest, RemoveGrantResponse, SetGrantRequest, SetGrantResponse,
    WatchGrantsRequest, WatchGrantsResponse,
};
use rpc::server::{caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// Who is found when `ada` is typed; everybody else is not.
pub(crate) const ADA: Uuid = Uuid::from_u128(0xada);

#[derive(Clone, Default)]
pub(crate) struct Accounts {
    pub(crate) grants: Arc<Mutex<Vec<Grant>>>,
}

const CALLERS: rpc::server::Allow = &[
    ("/cloud.accounts.v1.GrantsService/GetLevels", &["ui-lab"]),
    (
        "/cloud.accounts.v1.GrantsService/ListReachable",
        &["ui-lab"],
    ),
    ("/cloud.accounts.v1.GrantsService/ListGrants", &["ui-lab"]),
    ("/cloud.accounts.v1.GrantsService/SetGrant", &["ui-lab"]),
    ("/cloud.accounts.v1.GrantsService/RemoveGrant", &["ui-lab"]),
    ("/cloud.accounts.v1.GrantsService/WatchGrants", &["ui-lab"]),
];

impl Accounts {
    /// The peer as an app that registers itself.
    pub(crate) fn app(&self) -> App {
        let peer = self.clone();
        App::new("accounts", "0.0.0").start(
            |_configuration| (),
            |boot, ()| async move {
                let service = tonic::service::Routes::new(GrantsServiceServer::new(peer));
                let guarded = rpc::server::guard(&boot, CALLERS).protect(service);
                Ok(Service::new(Routes::new()).grpc(guarded))
            },
        )
    }

    fn level<T>(&self, request: &Request<T>) -> Option<String> {
        let person = caller(request).unwrap().person.as_ref();
        let own = person.map(|person| person.user_id.to_string());
        let grants = self.grants.lock().unwrap();
        let theirs = |grant: &&Grant| {
            let of = grant.grantee.as_ref().unwrap();
            of.kind == "public" || Some(&of.id) == own.as_ref()
        };
        grants.iter().find(theirs).map(|grant| grant.level.clone())
    }
}

#[tonic::async_trait]
impl GrantsService for Accounts {
    async fn get_levels(
        &self,
        request: Request<GetLevelsRequest>,
    ) -> Result<Response<GetLevelsResponse>, Status> {
        let level = self.level(&request);
        let ids = request.into_inner().ids.into_iter();
        let levels = ids.filter_map(|id| Some((id, level.clone()?))).collect();
        Ok(Response::new(GetLevelsResponse { levels }))
    }

    async fn list_reachable(
        &self,
        request: Request<ListReachableRequest>,
    ) -> Result<Response<ListReachableResponse>, Status> {
        let level = self.level(&request);
        let person = caller(&request)?.person.as_ref().unwrap();
        let id = person.user_id.to_string();
        let resources = level.map(|level| ReachableResource { id, level });
        Ok(Response::new(ListReachableResponse {
            resources: resources.into_iter().collect(),
            next_page_token: String::new(),
        }))
    }

    async fn list_grants(
        &self,
        _: Request<ListGrantsRequest>,
    ) -> Result<Response<ListGrantsResponse>, Status> {
        let grants = self.grants.lock().unwrap().clone();
        Ok(Response::new(ListGrantsResponse { grants }))
    }

    async fn set_grant(
        &self,
        request: Request<SetGrantRequest>,
    ) -> Result<Response<SetGrantResponse>, Status> {
        let request = request.into_inner();
        let grantee = match request.to.unwrap() {
            To::Grantee(grantee) => grantee,
            To::Typed(typed) if typed == "ada" => Grantee {
                kind: "person".to_owned(),
                id: ADA.to_string(),
            },
            To::Typed(_) => return Err(status(&Refusal::Unknown)),
        };
        let mut grants = self.grants.lock().unwrap();
        grants.retain(|grant| grant.grantee.as_ref() != Some(&grantee));
        grants.push(Grant {
            name: grantee.id.clone(),
            grantee: Some(grantee),
            level: request.level,
            ends_at: request.ends_at,
            granted_by: "Grace".to_owned(),
            granted_at: 1_700_000_000_000,
        });
        Ok(Response::new(SetGrantResponse { changed: true }))
    }

    async fn remove_grant(
        &self,
        request: Request<RemoveGrantRequest>,
    ) -> Result<Response<RemoveGrantResponse>, Status> {
        let of = request.into_inner().grantee;
        let mut grants = self.grants.lock().unwrap();
        let admins = grants.iter().filter(|grant| grant.level == "admin");
        let last = admins.clone().count() == 1 && admins.clone().all(|grant| grant.grantee == of);
        if last {
            return Err(status(&Refusal::LastAdmin));
        }
        let before = grants.len();
        grants.retain(|grant| grant.grantee != of);
        let changed = grants.len() < before;
        Ok(Response::new(RemoveGrantResponse { changed }))
    }

    async fn forget_resource(
        &self,
        _: Request<ForgetResourceRequest>,
    ) -> Result<Response<ForgetResourceResponse>, Status> {
        Err(Status::unimplemented("not asked by the lab"))
    }

    type WatchGrantsStream =
        Pin<Box<dyn Stream<Item = Result<WatchGrantsResponse, Status>> + Send>>;

    async fn watch_grants(
        &self,
        _: Request<WatchGrantsRequest>,
    ) -> Result<Response<Self::WatchGrantsStream>, Status> {
        // Tells nothing, so that nothing is remembered.
        Ok(Response::new(Box::pin(stream::pending())))
    }
}
