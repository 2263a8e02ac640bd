//! The inbox of each person, live in the browser, and mail.
//!
//! Any app tells people something through gRPC; the same key of the same app never arrives twice. This app
//! keeps what was told until it is old, counts what is unread, and tells open pages at once. It looks nobody
//! up: senders name people by id and say everything in both languages.
//!
//! Mail is taken from the apps that may send it, stored encrypted, and tried until it is delivered, refused or
//! expired. What it says is the sender's; how it looks and in whose name it goes is this app's.

pub mod api;
pub mod config;
pub mod domain;
pub mod error;
pub mod grpc;
pub mod service;
pub mod store;
pub mod web;

use std::time::Duration;

use platform::{App, Boot, Label, NavItem, Role, Routes, Service, StartError};
use platform_pg::{Database, Worker, personal};
use rpc::notifications::v1::notifications_service_server::NotificationsServiceServer;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::grpc::Grpc;
use crate::service::inbox::Inbox;
use crate::service::live::Live;
use crate::service::mail::Mailing;
use crate::service::mail::settings::MailSettings;
use crate::store::personal::SECTIONS;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The migrations of this app's tables.
pub fn migrations() -> refinery::Runner {
    embedded::migrations::runner()
}

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// How long a mail that expired keeps what it says at most.
const EXPIRE_EVERY: Duration = Duration::from_mins(1);

/// What the handlers share.
#[derive(Clone, Debug)]
pub struct Notifications {
    pub(crate) inbox: Inbox,
    pub(crate) live: Live,
    pub(crate) mailing: Mailing,
    /// Cancelled when the process stops: open streams end then.
    pub(crate) stop: CancellationToken,
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let name = Label::new("Notifications", "Benachrichtigungen");
    let app = App::new("notifications", env!("CARGO_PKG_VERSION"))
        .name(name.clone())
        .description(Label::new(
            "What the apps have to tell you",
            "Was die Apps Ihnen mitzuteilen haben",
        ))
        .icon("tabler-bell")
        .accent("#d97706")
        .prefix("/app/notifications")
        .prefix("/api/notifications")
        .prefix("/admin/notifications")
        .nav(NavItem::new(
            name,
            "/app/notifications",
            "tabler-bell",
            Role::Guest,
        ))
        .admin_nav(NavItem::new(
            Label::new("Mail", "E-Mail"),
            "/admin/notifications",
            "tabler-mail",
            Role::Admin,
        ))
        .start(Config::read, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "notifications", &migrations()).await
        });
    service::mail::settings::declarations()
        .into_iter()
        .fold(app, App::setting)
}

/// All routes, each with who may use it.
pub fn routes(state: Notifications) -> Routes {
    web::routes()
        .merge(web::admin::routes())
        .merge(api::routes())
        .with_state(state)
}

async fn start(boot: Boot, config: Config) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config.database, migrations()).await?;
    let redis = platform_redis::connect(&boot);
    let live = Live::start(&boot, &redis);
    let inbox = Inbox::new(db.clone(), live.clone(), boot.clock.clone());
    let settings = rpc::settings::follow(&boot).await;
    let mail_settings = MailSettings::new(settings.clone(), config.outbox, &boot.config.app_url);
    let mailing = Mailing::new(&boot, db.clone(), mail_settings)?;
    mailing.start(&boot)?;
    db.start_outbox(&boot, &redis);
    service::forget::start(&boot, &db, &redis);
    keep_house(&boot, &db, &inbox, &mailing)?;
    let grpc = NotificationsServiceServer::new(Grpc::new(inbox.clone(), mailing.clone()));
    let personal = rpc::personal::server(personal::reader(&db, &SECTIONS));
    let services = tonic::service::Routes::new(grpc).add_service(personal);
    let guarded = rpc::server::guard(&boot, grpc::CALLERS).protect(services);
    let routes = routes(Notifications {
        inbox,
        live,
        mailing,
        stop: boot.lifecycle.soft().clone(),
    });
    Ok(ui::service(&boot, routes, CATALOGUE, settings.organisation_name()).grpc(guarded))
}

/// Deletes what is old, and gives up what nobody could deliver in time.
fn keep_house(
    boot: &Boot,
    db: &Database,
    inbox: &Inbox,
    mailing: &Mailing,
) -> Result<(), StartError> {
    let (inbox, purging, expiring) = (inbox.clone(), mailing.clone(), mailing.clone());
    Worker::new(boot, db)
        .cron("notifications.purge", "17 3 * * *", move |_job| {
            let (inbox, mailing) = (inbox.clone(), purging.clone());
            async move {
                let purged = inbox.purge().await? + mailing.purge().await?;
                tracing::info!(purged, "old notifications and records of mail deleted");
                Ok(())
            }
        })
        .every("mail.expire", EXPIRE_EVERY, move |_job| {
            let mailing = expiring.clone();
            async move {
                let expired = mailing.expire().await?;
                if expired > 0 {
                    tracing::warn!(expired, "mail was not delivered in time");
                }
                Ok(())
            }
        })
        .start()
}

#[cfg(test)]
mod tests {
    use platform::routes::coverage;

    use super::*;

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let world = testkit::Setup::new().start().await;
        let boot = world.boot("notifications");
        let config = Config::read(&mut boot.environment.reader());
        let db = Database::connect(&boot, config.database, migrations())
            .await
            .unwrap();
        let settings = rpc::settings::Settings::fixed(service::mail::settings::declarations());
        let settings = MailSettings::new(settings, None, &boot.config.app_url);
        let mailing = Mailing::new(&boot, db.clone(), settings).unwrap();
        let live = Live::start(&boot, &platform_redis::connect(&boot));
        let inbox = Inbox::new(db, live.clone(), boot.clock.clone());
        let state = Notifications {
            inbox,
            live,
            mailing,
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
