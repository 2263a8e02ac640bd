//! `cloud.auth.v1.KeysService`, and what a gateway is told of a key.

use rpc::auth::v1 as wire;
use rpc::auth::v1::keys_service_server::KeysService;
use rpc::server::{caller, status};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::convert;
use crate::domain::api_key::{DEFAULT_DAYS, KeyId, MOST_DAYS};
use crate::domain::reach::Reach;
use crate::domain::service_account::ServiceAccountId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::Services;
use crate::service::api_keys::{Made, Whose, Wish};
use crate::service::audit::Audit;
use crate::store::api_keys::{Holder, ListedKey};

/// The service.
pub(super) struct Grpc {
    services: Services,
}

impl Grpc {
    /// Over the use cases.
    pub(super) fn new(services: Services) -> Self {
        Self { services }
    }

    async fn make(
        &self,
        request: wire::CreateKeyRequest,
        audit: Audit,
    ) -> Result<wire::CreateKeyResponse, Error> {
        let id = uuid(&request.holder_id)?;
        let account = ServiceAccountId(id);
        let holder = match self.services.service_accounts.find(account).await {
            Ok(_) => Holder::Account(account),
            Err(Error::AccountNotFound) => Holder::Person(UserId(id)),
            Err(error) => return Err(error),
        };
        let reach = Reach::parse(
            &request.scopes.join(" "),
            &request.app,
            &request.resource,
            &request.networks.join(" "),
        )
        .map_err(|problem| Error::InvalidRequest(problem.sentence()))?;
        let name = request.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::InvalidRequest("name must have 1 to 80 characters"));
        }
        let wish = Wish {
            holder,
            name,
            reach,
            days: days(request.days)?,
        };
        match self.services.api_keys.create(&wish, audit).await? {
            Made::Key(made) => Ok(wire::CreateKeyResponse {
                key_id: made.key_id.0.to_string(),
                secret: made.text.to_string(),
                expires_at: made.expires_at.as_second(),
            }),
            Made::TooMany => Err(Error::InvalidRequest("the holder has 50 working keys")),
            Made::Disabled => Err(Error::Disabled),
        }
    }
}

#[tonic::async_trait]
impl KeysService for Grpc {
    async fn create_key(
        &self,
        request: Request<wire::CreateKeyRequest>,
    ) -> Result<Response<wire::CreateKeyResponse>, Status> {
        let audit = Audit::success("key.create").caller(caller(&request)?.app.as_str());
        let made = self.make(request.into_inner(), audit).await;
        made.map(Response::new).map_err(|error| status(&error))
    }

    async fn list_keys(
        &self,
        request: Request<wire::ListKeysRequest>,
    ) -> Result<Response<wire::ListKeysResponse>, Status> {
        let whose = match request.into_inner().holder_id.as_str() {
            "" => Whose::Anybodys,
            text => Whose::Of(uuid(text).map_err(|error| status(&error))?),
        };
        let keys = self.services.api_keys.list(whose).await;
        let keys = keys.map_err(|error| status(&error))?;
        let keys = keys.into_iter().map(line).collect();
        Ok(Response::new(wire::ListKeysResponse { keys }))
    }

    async fn revoke_key(
        &self,
        request: Request<wire::RevokeKeyRequest>,
    ) -> Result<Response<wire::RevokeKeyResponse>, Status> {
        let audit = Audit::success("key.revoke").caller(caller(&request)?.app.as_str());
        let id = uuid(&request.into_inner().key_id).map_err(|error| status(&error))?;
        self.services
            .api_keys
            .revoke((Whose::Anybodys, KeyId(id)), "operator", audit)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(wire::RevokeKeyResponse {}))
    }
}

/// Who is behind a key.
pub(super) async fn recognise(
    services: &Services,
    request: wire::IntrospectRequest,
) -> Result<wire::IntrospectResponse, Error> {
    let key = zeroize::Zeroizing::new(request.api_key);
    let address = request.address.parse().ok();
    let found = services.api_keys.recognise(&key, address).await?;
    Ok(wire::IntrospectResponse {
        principal: found.map(convert::principal_of_key),
    })
}

fn line(listed: ListedKey) -> wire::Key {
    let key = listed.key;
    wire::Key {
        key_id: key.key_id.0.to_string(),
        public_id: key.public_id,
        name: key.name,
        holder: listed.holder_name,
        scopes: key.reach.granted(),
        created_at: key.created_at.as_second(),
        expires_at: key.validity.expires_at.as_second(),
        last_used_at: key.last_used_at.map_or(0, jiff::Timestamp::as_second),
        last_used_from: key.last_used_from,
        revoke_reason: key.revoke_reason.unwrap_or_default(),
    }
}

fn days(asked: u32) -> Result<u16, Error> {
    match u16::try_from(asked) {
        Ok(0) => Ok(DEFAULT_DAYS),
        Ok(days) if days <= MOST_DAYS => Ok(days),
        _ => Err(Error::InvalidRequest("days must be 1 to 365")),
    }
}

fn uuid(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|_| Error::InvalidRequest("the id is not a UUID"))
}
