//! The inbox of each person, live in the browser.
//!
//! Any app tells people something through gRPC; the same key of the same app never arrives twice. This app
//! keeps what was told until it is old, counts what is unread, and tells open pages at once. It looks nobody
//! up: senders name people by id and say everything in both languages.

pub mod api;
pub mod domain;
pub mod error;
pub mod grpc;
pub mod service;
pub mod store;
pub mod web;

use platform::{App, Boot, Label, NavItem, Role, Routes, Service, StartError};
use platform_pg::{Database, DatabaseConfig, Worker};
use rpc::notifications::v1::notifications_service_server::NotificationsServiceServer;
use tokio_util::sync::CancellationToken;

use crate::grpc::Grpc;
use crate::service::inbox::Inbox;
use crate::service::live::Live;

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// What the handlers share.
#[derive(Clone, Debug)]
pub struct Notifications {
    pub(crate) inbox: Inbox,
    pub(crate) live: Live,
    /// Cancelled when the process stops: open streams end then.
    pub(crate) stop: CancellationToken,
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let name = Label::new("Notifications", "Benachrichtigungen");
    App::new("notifications", env!("CARGO_PKG_VERSION"))
        .name(name.clone())
        .description(Label::new(
            "What the apps have to tell you",
            "Was die Apps Ihnen mitzuteilen haben",
        ))
        .icon("tabler-bell")
        .accent("#d97706")
        .prefix("/app/notifications")
        .prefix("/api/notifications")
        .nav(NavItem::new(
            name,
            "/app/notifications",
            "tabler-bell",
            Role::Guest,
        ))
        .start(platform_pg::config, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(
                &environment,
                "notifications",
                &migrations::migrations::runner(),
            )
            .await
        })
}

/// All routes, each with who may use it.
pub fn routes(state: Notifications) -> Routes {
    web::routes().merge(api::routes()).with_state(state)
}

async fn start(boot: Boot, config: DatabaseConfig) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config, migrations::migrations::runner()).await?;
    let redis = platform_redis::connect(&boot);
    let live = Live::start(&boot, &redis);
    let inbox = Inbox::new(db.clone(), live.clone(), boot.clock.clone());
    let purging = inbox.clone();
    Worker::new(&boot, &db)
        .cron("notifications.purge", "17 3 * * *", move |_job| {
            let inbox = purging.clone();
            async move {
                let purged = inbox.purge().await?;
                tracing::info!(purged, "old notifications deleted");
                Ok(())
            }
        })
        .start()?;
    let grpc = NotificationsServiceServer::new(Grpc::new(inbox.clone()));
    let guarded =
        rpc::server::guard(&boot, grpc::CALLERS).protect(tonic::service::Routes::new(grpc));
    let stop = boot.lifecycle.soft().clone();
    let routes = routes(Notifications { inbox, live, stop });
    Ok(ui::service(&boot, routes, CATALOGUE).grpc(guarded))
}
