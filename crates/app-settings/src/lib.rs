//! Settings: typed values and secrets that operators change while everything runs.
//!
//! Apps declare their settings when they register; this app stores what operators set, encrypts secrets, keeps
//! the history, and streams the values in force to each app. An app gets its own values and the organisation's,
//! nobody else's. This app calls no other service, and no plaintext of a secret reaches a page, a log or Redis.

mod api;
mod domain;
mod error;
mod grpc;
mod service;
mod store;
mod web;

use platform::{App, Boot, Label, NavItem, Role, Service, StartError};
use platform_pg::{Database, DatabaseConfig, personal};
use rpc::settings::v1::settings_service_server::SettingsServiceServer;
use tonic::service::Routes as GrpcRoutes;

use crate::grpc::Grpc;
use crate::service::Settings;
use crate::store::personal::SECTIONS;

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let name = Label::new("Settings", "Einstellungen");
    let app = App::new("settings", env!("CARGO_PKG_VERSION"))
        .name(name.clone())
        .description(Label::new(
            "What administrators can change while everything runs",
            "Was Administratoren im laufenden Betrieb ändern können",
        ))
        .icon("tabler-settings")
        .accent("#4f46e5")
        .prefix("/admin/settings")
        .prefix("/api/settings")
        .admin_nav(NavItem::new(
            name,
            "/admin/settings",
            "tabler-settings",
            Role::Admin,
        ));
    rpc::settings::organisation::declarations()
        .into_iter()
        .fold(app, App::setting)
        .start(platform_pg::config, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "settings", &migrations::migrations::runner()).await
        })
}

async fn start(boot: Boot, database: DatabaseConfig) -> Result<Service, StartError> {
    let database = Database::connect(&boot, database, migrations::migrations::runner()).await?;
    let redis = platform_redis::connect(&boot);
    database.start_outbox(&boot, &redis);
    service::forget::start(&boot, &database, &redis);
    let personal = rpc::personal::server(personal::reader(&database, &SECTIONS));
    let settings = Settings::open(&boot, database, redis)
        .await
        .map_err(|error| StartError::failed("settings", error))?;
    settings.start(&boot);

    let grpc = Grpc::new(settings.clone(), boot.lifecycle.soft().clone());
    let services = GrpcRoutes::new(SettingsServiceServer::new(grpc)).add_service(personal);
    let guarded = rpc::server::guard(&boot, grpc::ALLOW).protect(services);
    let live = settings.live();
    let name = move || live.borrow().organisation_name();
    let routes = web::routes(settings.clone(), boot.registry.clone()).merge(api::routes(settings));
    Ok(ui::service(&boot, routes, CATALOGUE, name).grpc(guarded))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use platform::routes::coverage;
    use testkit::World;

    use super::*;

    /// The inside of the app, on a fresh database.
    async fn opened() -> (World, Boot, Database, Settings) {
        let world = testkit::Setup::new().start().await;
        let boot = world.boot("settings");
        let mut reader = boot.environment.reader();
        let config = platform_pg::config(&mut reader);
        reader.finish().unwrap();
        let migrations = migrations::migrations::runner();
        let database = Database::connect(&boot, config, migrations).await.unwrap();
        let redis = platform_redis::connect(&boot);
        let settings = Settings::open(&boot, database.clone(), redis)
            .await
            .unwrap();
        (world, boot, database, settings)
    }

    #[tokio::test]
    async fn every_statement_fits_the_schema() {
        use platform_pg::GenericClient as _;
        let (_world, _boot, database, _settings) = opened().await;
        let client = database.client().await.unwrap();
        for statement in store::STATEMENTS {
            let prepared = client.prepare(statement).await;
            assert!(prepared.is_ok(), "{prepared:?}: {statement}");
        }
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/sql")).unwrap();
        assert_eq!(
            files.count(),
            store::STATEMENTS.len(),
            "a statement is not in the list"
        );
    }

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let (_world, boot, _database, settings) = opened().await;
        let routes =
            web::routes(settings.clone(), boot.registry.clone()).merge(api::routes(settings));
        let routes = ui::testing::routes("settings", &CATALOGUE, routes);
        assert_eq!(routes.table().len(), 7);
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }

    #[test]
    fn catalogue() {
        ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
    }
}
