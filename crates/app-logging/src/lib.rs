//! Logs and traces of all services: received by OTLP, kept by the day, searchable.
//!
//! A sender is told that its records are kept only once they are on disk. Days are partitions, dropped
//! whole when they are old. Records name people by id only; what must not be kept must not be sent.

pub mod domain;
pub mod error;
pub mod grpc;
pub mod service;
pub mod store;
pub mod web;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::LogsServiceServer;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::TraceServiceServer;
use platform::{
    App, Boot, Label, NavItem, Role, Service, SettingDeclaration, SettingKind, StartError,
};
use platform_pg::{Database, DatabaseConfig, Worker};
use serde_json::json;

use crate::grpc::Otlp;
use crate::service::receive::Receiver;
use crate::service::retention::{DEFAULT_DAYS, Retention};
use crate::service::search::Search;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The migrations of this app's tables.
pub fn migrations() -> refinery::Runner {
    embedded::migrations::runner()
}

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// Key of the setting that says how many days are kept.
const RETENTION: &str = "retention_days";
/// Largest request of a sender, in bytes: four times what OpenTelemetry's batches come to.
const LARGEST_EXPORT: usize = 16 * 1024 * 1024;

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let logs = Label::new("Logs", "Protokolle");
    App::new("logging", env!("CARGO_PKG_VERSION"))
        .name(Label::new("Logs and traces", "Protokolle und Spuren"))
        .description(Label::new(
            "What the services say they do",
            "Was die Dienste über ihr Tun sagen",
        ))
        .icon("tabler-list-search")
        .accent("#0284c7")
        .prefix("/admin/logging")
        .admin_nav(NavItem::new(
            logs,
            "/admin/logging",
            "tabler-list-search",
            Role::Admin,
        ))
        .admin_nav(NavItem::new(
            Label::new("Traces", "Spuren"),
            "/admin/logging/traces",
            "tabler-timeline",
            Role::Admin,
        ))
        .setting(
            SettingDeclaration::new(
                RETENTION,
                Label::new("Days kept", "Aufbewahrung in Tagen"),
                SettingKind::Integer {
                    min: Some(1),
                    max: Some(3_650),
                },
                json!(DEFAULT_DAYS),
            )
            .hint(Label::new(
                "Logs and traces of older days are deleted every night.",
                "Protokolle und Spuren älterer Tage werden jede Nacht gelöscht.",
            )),
        )
        .start(platform_pg::config, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "logging", &migrations()).await
        })
}

async fn start(boot: Boot, config: DatabaseConfig) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config, migrations()).await?;
    let _checked = platform_redis::connect(&boot);
    let settings = rpc::settings::follow(&boot).await;
    let organisation = settings.organisation_name();
    let retention = Retention::new(db.clone(), boot.clock.clone());
    let no_room = |error| StartError::failed("the tables of the coming days cannot be made", error);
    retention.make_room().await.map_err(no_room)?;
    Worker::new(&boot, &db)
        .cron("logging.retention", "7 */6 * * *", move |_job| {
            let (retention, days) = (retention.clone(), settings.get::<i64>(RETENTION));
            async move {
                retention.make_room().await?;
                let dropped = retention.drop_old(days).await?;
                tracing::info!(dropped, "partitions older than the retention dropped");
                Ok(())
            }
        })
        .start()?;
    let otlp = Otlp::new(Receiver::start(&boot, db.clone()), boot.clock.clone());
    let logs = LogsServiceServer::new(otlp.clone()).max_decoding_message_size(LARGEST_EXPORT);
    let traces = TraceServiceServer::new(otlp).max_decoding_message_size(LARGEST_EXPORT);
    let grpc = tonic::service::Routes::new(logs).add_service(traces);
    let routes = web::routes(Search::new(db, boot.clock.clone()));
    Ok(ui::service(&boot, routes, CATALOGUE, organisation).grpc(grpc))
}

#[cfg(test)]
mod tests {
    use platform::routes::coverage;

    use super::*;

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let world = testkit::Setup::new().start().await;
        let boot = world.boot("logging");
        let config = platform_pg::config(&mut boot.environment.reader());
        let db = Database::connect(&boot, config, migrations())
            .await
            .unwrap();
        let routes = web::routes(Search::new(db, boot.clock.clone()));
        let routes = ui::testing::routes("logging", &CATALOGUE, routes);
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }

    #[test]
    fn catalogue() {
        ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
    }
}
