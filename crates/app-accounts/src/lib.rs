//! People and groups of the organisation: the one place that knows who belongs to it.
//!
//! Owns names, addresses, roles, states and memberships, and computes effective groups. Knows no credential:
//! those are auth's. Every change leaves an audit entry and an event in its own transaction.

pub mod api;
pub mod domain;
pub mod error;
pub mod grpc;
pub mod service;
pub mod store;
pub mod web;

use platform::{App, Boot, Clock, Label, NavItem, Role, Routes, Service, StartError};
use platform_pg::{Consumer, Database, DatabaseConfig, Worker};
use platform_redis::Redis;
use registry::PrefixPolicy;
use rpc::accounts::v1::accounts_service_server::AccountsServiceServer;
use rpc::accounts::v1::operating_service_server::OperatingServiceServer;
use rpc::auth::AuthClient;

use crate::grpc::Grpc;
use crate::grpc::operating::Operating;
use crate::service::address_mails::AddressMails;
use crate::service::addresses::Addresses;
use crate::service::custom_fields::CustomFields;
use crate::service::directory::Directory;
use crate::service::endings::Endings;
use crate::service::groups::Groups;
use crate::service::intake::Intake;
use crate::service::invitations::Invitations;
use crate::service::joining::Joining;
use crate::service::life_cycle::LifeCycle;
use crate::service::managers::Managers;
use crate::service::memberships::Memberships;
use crate::service::operator::Operator;
use crate::service::people::People;
use crate::service::picture::Pictures;
use crate::service::purges::Purges;
use crate::service::reporting::Reporting;
use crate::service::request_notices::RequestNotices;
use crate::service::sessions::Sessions;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The migrations of this app's tables.
pub fn migrations() -> refinery::Runner {
    embedded::migrations::runner()
}

/// Words of this app, in English and German.
pub const CATALOGUE: ui::Catalogue = ui::catalogue!();

/// The use cases, as the handlers share them.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(crate) directory: Directory,
    pub(crate) people: People,
    pub(crate) addresses: Addresses,
    pub(crate) reporting: Reporting,
    pub(crate) custom_fields: CustomFields,
    pub(crate) life_cycle: LifeCycle,
    pub(crate) purges: Purges,
    pub(crate) groups: Groups,
    pub(crate) memberships: Memberships,
    pub(crate) managers: Managers,
    pub(crate) joining: Joining,
    pub(crate) invitations: Invitations,
    pub(crate) pictures: Pictures,
    pub(crate) sessions: Sessions,
    pub(crate) clock: Clock,
}

impl Accounts {
    fn new(boot: &Boot, db: &Database, redis: &Redis, auth: AuthClient) -> Self {
        let clock = &boot.clock;
        let people = People::new(db.clone(), clock.clone());
        let mails = AddressMails::new(boot);
        Self {
            directory: Directory::new(db.clone(), clock.clone()),
            life_cycle: LifeCycle::new(db.clone(), clock.clone(), people.clone()),
            purges: Purges::new(db.clone(), clock.clone()),
            reporting: Reporting::new(db.clone()),
            custom_fields: CustomFields::new(db.clone(), clock.clone()),
            addresses: Addresses::new(db.clone(), clock.clone(), redis, mails),
            people,
            groups: Groups::new(db.clone(), clock.clone()),
            memberships: Memberships::new(db.clone(), clock.clone()),
            managers: Managers::new(db.clone(), clock.clone()),
            joining: Joining::new(db.clone(), clock.clone()),
            invitations: Invitations::new(db.clone(), clock.clone(), auth.clone()),
            pictures: Pictures::new(db.clone(), clock.clone()),
            sessions: Sessions::new(auth),
            clock: clock.clone(),
        }
    }
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let people = Label::new("People", "Personen");
    let groups = Label::new("Groups", "Gruppen");
    let upload = domain::avatar::MOST_UPLOADED as u64 + 64 * 1024;
    App::new("accounts", env!("CARGO_PKG_VERSION"))
        .name(Label::new("Accounts", "Konten"))
        .description(Label::new(
            "Your profile, and who else is here",
            "Ihr Profil und wer sonst hier ist",
        ))
        .icon("tabler-users")
        .accent("#2563eb")
        .prefix("/app/accounts")
        .prefix("/api/accounts")
        .prefix("/admin/accounts")
        .nav(NavItem::new(
            Label::new("Profile", "Profil"),
            "/app/accounts",
            "tabler-user",
            Role::Guest,
        ))
        .nav(NavItem::new(
            people.clone(),
            "/app/accounts/people",
            "tabler-users",
            Role::User,
        ))
        .nav(NavItem::new(
            groups.clone(),
            "/app/accounts/groups",
            "tabler-users-group",
            Role::User,
        ))
        .admin_nav(NavItem::new(
            people,
            "/admin/accounts/people",
            "tabler-users",
            Role::Admin,
        ))
        .admin_nav(NavItem::new(
            groups,
            "/admin/accounts/groups",
            "tabler-users-group",
            Role::Admin,
        ))
        .admin_nav(NavItem::new(
            Label::new("Audit", "Prüfpfad"),
            "/admin/accounts/audit",
            "tabler-history",
            Role::Admin,
        ))
        .search("/api/accounts/search")
        .openapi(api::OPENAPI)
        .policy(PrefixPolicy {
            prefix: "/app/accounts/avatar".to_owned(),
            body_limit: Some(upload),
            ..PrefixPolicy::default()
        })
        .start(platform_pg::config, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "accounts", &migrations()).await
        })
}

/// All routes, each with who may use it.
pub fn routes(accounts: Accounts) -> Routes {
    web::routes().merge(api::routes()).with_state(accounts)
}

async fn start(boot: Boot, config: DatabaseConfig) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config, migrations()).await?;
    let redis = platform_redis::connect(&boot);
    let auth = rpc::auth::client(&boot);
    let clock = boot.clock.clone();
    let accounts = Accounts::new(&boot, &db, &redis, auth);
    let notifications = rpc::notifications::client(&boot);
    let intake = Intake::new(
        accounts.people.clone(),
        accounts.invitations.clone(),
        notifications.clone(),
    );
    db.start_outbox(&boot, &redis);
    let consumer = intake.events(Consumer::new(&boot, &db, &redis));
    accounts.purges.events(consumer).start();
    let endings = Endings::new(db.clone(), clock);
    let notices = RequestNotices::new(db.clone(), boot.clock.clone(), notifications);
    let settings = rpc::settings::follow(&boot).await;
    let worker = intake.jobs(Worker::new(&boot, &db));
    let worker = AddressMails::new(&boot).jobs(accounts.addresses.jobs(worker), &settings);
    let worker = accounts.custom_fields.jobs(worker);
    let worker = accounts.life_cycle.jobs(endings.jobs(worker));
    notices.jobs(accounts.purges.jobs(worker)).start()?;
    let operator = Operator::new(db, accounts.people.clone(), accounts.invitations.clone());
    let grpc = AccountsServiceServer::new(Grpc::new(accounts.directory.clone(), operator));
    let operating = OperatingServiceServer::new(Operating::new(accounts.clone()));
    let services = tonic::service::Routes::new(grpc).add_service(operating);
    let guarded = rpc::server::guard(&boot, grpc::CALLERS).protect(services);
    Ok(ui::service(
        &boot,
        routes(accounts),
        CATALOGUE,
        settings.organisation_name(),
    )
    .grpc(guarded))
}

#[cfg(test)]
mod tests {
    use platform::routes::coverage;

    use super::*;

    #[tokio::test]
    async fn every_route_has_the_access_it_declares() {
        let world = testkit::Setup::new().start().await;
        let boot = world.boot("accounts");
        let config = platform_pg::config(&mut boot.environment.reader());
        let db = Database::connect(&boot, config, migrations())
            .await
            .unwrap();
        let redis = platform_redis::connect(&boot);
        let accounts = Accounts::new(&boot, &db, &redis, rpc::auth::client(&boot));
        let routes = ui::testing::routes("accounts", &CATALOGUE, routes(accounts));
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }

    #[test]
    fn catalogue() {
        ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
    }
}
