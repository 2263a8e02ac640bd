//! The gRPC service: an app's own settings, once or as they change.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, stream};
use registry::AppId;
use rpc::server::{Allow, caller};
use rpc::settings::v1::settings_service_server::SettingsService;
use rpc::settings::v1::{
    GetSettingsRequest, GetSettingsResponse, Values, WatchSettingsRequest, WatchSettingsResponse,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::domain::catalog::Catalog;
use crate::domain::seal::Sealer;
use crate::service::Settings;

/// Every app may ask for its own settings; whose they are follows from who asks. What is kept of people is for accounts.
pub(crate) const ALLOW: Allow = &[
    ("/cloud.settings.v1.SettingsService/GetSettings", &["*"]),
    ("/cloud.settings.v1.SettingsService/WatchSettings", &["*"]),
    rpc::personal::CALLERS,
];

/// Answers apps.
pub(crate) struct Grpc {
    settings: Settings,
    soft: CancellationToken,
}

impl Grpc {
    /// Answers until `soft` is cancelled; streams end then, and their apps go to another instance.
    pub(crate) fn new(settings: Settings, soft: CancellationToken) -> Self {
        Self { settings, soft }
    }
}

#[tonic::async_trait]
impl SettingsService for Grpc {
    async fn get_settings(
        &self,
        request: Request<GetSettingsRequest>,
    ) -> Result<Response<GetSettingsResponse>, Status> {
        let app = &caller(&request)?.app;
        let catalog = Arc::clone(&self.settings.live().borrow());
        let values = catalog.values_for(app, self.settings.sealer());
        Ok(Response::new(GetSettingsResponse {
            values: Some(message(catalog.version, values)),
        }))
    }

    type WatchSettingsStream =
        Pin<Box<dyn Stream<Item = Result<WatchSettingsResponse, Status>> + Send>>;

    async fn watch_settings(
        &self,
        request: Request<WatchSettingsRequest>,
    ) -> Result<Response<Self::WatchSettingsStream>, Status> {
        let watching = Watching {
            app: caller(&request)?.app.clone(),
            sealer: self.settings.sealer().clone(),
            live: self.settings.live(),
            soft: self.soft.clone(),
            sent: None,
        };
        let stream = stream::unfold(watching, |mut watching| async move {
            let values = watching.next().await?;
            let response = WatchSettingsResponse {
                values: Some(values),
            };
            Some((Ok(response), watching))
        });
        Ok(Response::new(Box::pin(stream)))
    }
}

/// One app's stream.
struct Watching {
    app: AppId,
    sealer: Sealer,
    live: watch::Receiver<Arc<Catalog>>,
    soft: CancellationToken,
    /// Digest of the values sent: they hold secrets and are not kept.
    sent: Option<[u8; 32]>,
}

impl Watching {
    /// The values in force when they differ from those sent; the first ones at once. `None` ends the stream.
    async fn next(&mut self) -> Option<Values> {
        loop {
            let catalog = Arc::clone(&self.live.borrow_and_update());
            let current = catalog.values_for(&self.app, &self.sealer);
            let digest = digest(&current);
            if self.sent != Some(digest) {
                self.sent = Some(digest);
                return Some(message(catalog.version, current));
            }
            tokio::select! {
                () = self.soft.cancelled() => return None,
                changed = self.live.changed() => changed.ok()?,
            }
        }
    }
}

fn digest(values: &BTreeMap<String, String>) -> [u8; 32] {
    let mut digest = Sha256::new();
    for (key, value) in values {
        for part in [key, value] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
    }
    digest.finalize().into()
}

fn message(version: i64, values: BTreeMap<String, String>) -> Values {
    Values {
        version,
        json_values: values.into_iter().collect(),
    }
}
