//! `cloud.auth.v1.RecoveryService`: helping people back in.

use rpc::auth::v1 as wire;
use rpc::auth::v1::recovery_service_server::RecoveryService;
use rpc::server::{caller, status};
use tonic::{Request, Response, Status};

use super::user_id;
use crate::error::Error;
use crate::service::Services;
use crate::service::audit::Audit;
use crate::service::resets::{self, Delivery, Started};

/// The service.
pub(super) struct Grpc {
    services: Services,
}

impl Grpc {
    /// Over the use cases.
    pub(super) fn new(services: Services) -> Self {
        Self { services }
    }

    async fn start(
        &self,
        request: wire::StartResetRequest,
        audit: Audit,
    ) -> Result<wire::StartResetResponse, Error> {
        let request = resets::Request {
            user_id: user_id(&request.user_id)?,
            started_by: None,
            delivery: if request.by_mail {
                Delivery::Mail
            } else {
                Delivery::Shown
            },
        };
        match self.services.resets.start(&request, audit).await? {
            Started::Mailed => Ok(wire::StartResetResponse::default()),
            Started::Link(token, expires_at) => Ok(wire::StartResetResponse {
                path: format!("/auth/reset/{}", *token.text()),
                expires_at: expires_at.as_second(),
            }),
            Started::NoMail => Err(Error::NoMail),
            Started::KeptElsewhere(_) => Err(Error::KeptElsewhere),
        }
    }

    async fn holdings(&self, who: &str) -> Result<wire::GetFactorsResponse, Error> {
        let held = self.services.unlocking.holdings(user_id(who)?).await?;
        Ok(wire::GetFactorsResponse {
            password: held.password,
            totp: held.totp,
            recovery_codes: held.recovery_codes,
            break_glass_codes: held.break_glass_codes,
            owes_more: held.owes_more,
            passkeys: held.passkeys,
            held_back_for: held
                .held_back_for
                .map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)),
        })
    }
}

#[tonic::async_trait]
impl RecoveryService for Grpc {
    async fn start_reset(
        &self,
        request: Request<wire::StartResetRequest>,
    ) -> Result<Response<wire::StartResetResponse>, Status> {
        let audit = Audit::success("recovery.start").caller(caller(&request)?.app.as_str());
        let started = self.start(request.into_inner(), audit).await;
        started.map(Response::new).map_err(|error| status(&error))
    }

    async fn get_factors(
        &self,
        request: Request<wire::GetFactorsRequest>,
    ) -> Result<Response<wire::GetFactorsResponse>, Status> {
        let held = self.holdings(&request.into_inner().user_id).await;
        held.map(Response::new).map_err(|error| status(&error))
    }

    async fn remove_factors(
        &self,
        request: Request<wire::RemoveFactorsRequest>,
    ) -> Result<Response<wire::RemoveFactorsResponse>, Status> {
        let audit = Audit::success("factors.remove").caller(caller(&request)?.app.as_str());
        let who = user_id(&request.into_inner().user_id).map_err(|error| status(&error))?;
        let ended = self.services.unlocking.remove_factors(who, audit).await;
        let ended = ended.map_err(|error| status(&error))?;
        Ok(Response::new(wire::RemoveFactorsResponse {
            ended: i32::try_from(ended).unwrap_or(i32::MAX),
        }))
    }

    async fn unlock(
        &self,
        request: Request<wire::UnlockRequest>,
    ) -> Result<Response<wire::UnlockResponse>, Status> {
        let audit = Audit::success("person.unlock").caller(caller(&request)?.app.as_str());
        let who = user_id(&request.into_inner().user_id).map_err(|error| status(&error))?;
        let unlocked = self.services.unlocking.unlock(who, audit).await;
        unlocked.map_err(|error| status(&error))?;
        Ok(Response::new(wire::UnlockResponse {}))
    }
}
