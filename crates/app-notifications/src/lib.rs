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

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The migrations of this app's tables.
pub fn migrations() -> refinery::Runner {
    embedded::migrations::runner()
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
            platform_pg::migrate(&environment, "notifications", &migrations()).await
        })
}

/// All routes, each with who may use it.
pub fn routes(state: Notifications) -> Routes {
    web::routes().merge(api::routes()).with_state(state)
}

async fn start(boot: Boot, config: DatabaseConfig) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config, migrations()).await?;
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
    let settings = rpc::settings::follow(&boot).await;
    let guarded =
        rpc::server::guard(&boot, grpc::CALLERS).protect(tonic::service::Routes::new(grpc));
    let stop = boot.lifecycle.soft().clone();
    let routes = routes(Notifications { inbox, live, stop });
    Ok(ui::service(&boot, routes, CATALOGUE, settings.organisation_name()).grpc(guarded))
}

#[cfg(test)]
mod tests {
    use platform::routes::coverage;

    use super::*;

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let world = testkit::Setup::new().start().await;
        let boot = world.boot("notifications");
        let config = platform_pg::config(&mut boot.environment.reader());
        let db = Database::connect(&boot, config, migrations())
            .await
            .unwrap();
        let live = Live::start(&boot, &platform_redis::connect(&boot));
        let inbox = Inbox::new(db, live.clone(), boot.clock.clone());
        let state = Notifications {
            inbox,
            live,
            stop: CancellationToken::new(),
        };
        let routes = ui::testing::routes("notifications", &CATALOGUE, routes(state));
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }

    #[test]
    fn catalogue() {
        ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
    }
}
