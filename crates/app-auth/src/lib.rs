//! Sign-in: credentials, sessions, invitations and the keys that identity is signed with. The only crate that
//! sees a password, but for one that a directory keeps: accounts asks it.
//!
//! Owns how people prove who they are and how long that holds. Must not own people: what it knows of them is a
//! projection of what accounts says. Must not hand out anything that works elsewhere: gateways get principals,
//! apps get assertions, both short-lived.
//!
//! # The set-up link
//!
//! While there is no administrator, each instance offers a link that makes one: on its standard output, or, when
//! `SETUP_LINK_FILE` names a file, in that file alone (mode 0600, one line, removed once there is an
//! administrator). It works once, for 30 minutes, and is replaced when it has expired. It never reaches a log.

mod api;
mod config;
mod domain;
mod error;
mod grpc;
mod jobs;
mod service;
mod settings;
mod store;
mod web;

use platform::{App, Boot, Label, NavItem, Role, Service, StartError};
use platform_pg::Database;
use registry::PrefixPolicy;

use crate::config::Config;
use crate::service::Services;
use crate::service::setup_link::SetupLink;

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let app = App::new("auth", env!("CARGO_PKG_VERSION"));
    settings::declarations()
        .into_iter()
        .fold(app, App::setting)
        .name(Label::new("Security", "Sicherheit"))
        .description(Label::new(
            "Sign-in, sessions and passwords",
            "Anmeldung, Sitzungen und Passwörter",
        ))
        .icon("tabler-shield-lock")
        .accent("#2563eb")
        .prefix("/auth")
        .prefix("/.well-known")
        .prefix("/api/auth")
        .prefix("/admin/auth")
        .admin_nav(NavItem::new(
            Label::new("Sign-in security", "Anmeldesicherheit"),
            "/admin/auth",
            "tabler-shield-lock",
            Role::Admin,
        ))
        .setting(service::password_policy::declaration())
        .openapi(api::OPENAPI)
        // Proxies that are trusted say which request they ask about.
        .policy(PrefixPolicy {
            prefix: "/auth/forward".to_owned(),
            original: Some(true),
            ..PrefixPolicy::default()
        })
        .start(Config::read, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "auth", &migrations::migrations::runner()).await
        })
}

async fn start(boot: Boot, config: Config) -> Result<Service, StartError> {
    let redis = platform_redis::connect(&boot);
    let runner = migrations::migrations::runner();
    let db = Box::pin(Database::connect(&boot, config.database.clone(), runner)).await?;
    let services = Services::start(&boot, &config, (&db, &redis)).await?;
    jobs::start(&boot, &services, (&db, &redis)).await?;
    let link = SetupLink::new(
        services.core.clone(),
        boot.config.app_url.clone(),
        config.setup_link_file,
    );
    jobs::until_stopped(&boot, "set-up link", link.keep());
    let policy = services.core.policy.clone();
    jobs::until_stopped(&boot, "leaked passwords", policy.follow());
    let secure = boot.config.app_url.scheme() == "https";
    let organisation = services.settings.organisation_name();
    let routes = web::routes(web::Web::new(services.clone(), secure));
    Ok(ui::service(&boot, routes, CATALOGUE, organisation).grpc(grpc::routes(&boot, services)))
}
