//! People and groups of the organisation: the one place that knows who belongs to it.
//!
//! Owns names, addresses, roles, states and memberships, and computes effective groups. Knows no credential:
//! those are auth's. Every change leaves an audit entry and an event in its own transaction.

pub mod api;
pub mod domain;
pub mod error;
pub mod grpc;
mod scim;
pub mod service;
pub mod store;
pub mod web;

use platform::{
    App, Boot, Clock, Label, NavItem, Role, Routes, Sealer, Service, StartError, Widget,
};
use platform_pg::{Consumer, Database, DatabaseConfig, Worker};
use platform_redis::Redis;
use registry::PrefixPolicy;
use rpc::auth::AuthClient;
use rpc::settings::Settings;

use crate::service::address_mails::AddressMails;
use crate::service::addresses::Addresses;
use crate::service::admission::Admission;
use crate::service::archives::Archives;
use crate::service::archives::collecting::Collecting;
use crate::service::archives::notices::ArchiveNotices;
use crate::service::archives::packing::Packing;
use crate::service::custom_fields::CustomFields;
use crate::service::directories::Directories;
use crate::service::directories::run::DirectoryRuns;
use crate::service::directory::Directory;
use crate::service::endings::Endings;
use crate::service::expiry::Expiry;
use crate::service::expiry_reminders::ExpiryReminders;
use crate::service::expiry_terms::ExpiryTerms;
use crate::service::extensions::Extensions;
use crate::service::freeipa::FreeIpa;
use crate::service::grant_notices::GrantNotices;
use crate::service::grantees::Grantees;
use crate::service::grants::Grants;
use crate::service::groups::Groups;
use crate::service::import_run::ImportRuns;
use crate::service::imports::Imports;
use crate::service::intake::Intake;
use crate::service::invitation_mails::InvitationMails;
use crate::service::invitations::Invitations;
use crate::service::joining::Joining;
use crate::service::last_seen::LastSeen;
use crate::service::life_cycle::LifeCycle;
use crate::service::mailer::Mailer;
use crate::service::managers::Managers;
use crate::service::memberships::Memberships;
use crate::service::people::People;
use crate::service::picture::Pictures;
use crate::service::provisioning::Provisioning;
use crate::service::purges::Purges;
use crate::service::registration_mails::RegistrationMails;
use crate::service::registration_notices::RegistrationNotices;
use crate::service::registrations::Registrations;
use crate::service::reporting::Reporting;
use crate::service::request_notices::RequestNotices;
use crate::service::rule_following::RuleFollowing;
use crate::service::rules::Rules;
use crate::service::saved_filters::SavedFilters;
use crate::service::sessions::Sessions;
use crate::service::sponsors::Sponsors;
use crate::service::webhooks::Webhooks;
use crate::service::webhooks::deliveries::Deliveries;
use crate::service::webhooks::notices::WebhookNotices;
use crate::service::webhooks::post::Post;
use crate::service::webhooks::terms::WebhookTerms;

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
    pub(crate) directories: Directories,
    pub(crate) freeipa: FreeIpa,
    pub(crate) people: People,
    pub(crate) addresses: Addresses,
    pub(crate) archives: Archives,
    pub(crate) reporting: Reporting,
    pub(crate) custom_fields: CustomFields,
    pub(crate) last_seen: LastSeen,
    pub(crate) life_cycle: LifeCycle,
    pub(crate) expiry: Expiry,
    pub(crate) extensions: Extensions,
    pub(crate) filters: SavedFilters,
    pub(crate) terms: ExpiryTerms,
    pub(crate) sponsors: Sponsors,
    pub(crate) purges: Purges,
    pub(crate) provisioning: Provisioning,
    pub(crate) grants: Grants,
    pub(crate) grantees: Grantees,
    pub(crate) groups: Groups,
    pub(crate) memberships: Memberships,
    pub(crate) managers: Managers,
    pub(crate) rules: Rules,
    pub(crate) joining: Joining,
    pub(crate) invitations: Invitations,
    pub(crate) imports: Imports,
    pub(crate) registrations: Registrations,
    pub(crate) admission: Admission,
    pub(crate) pictures: Pictures,
    pub(crate) sessions: Sessions,
    pub(crate) webhooks: Webhooks,
    mailer: Mailer,
    pub(crate) clock: Clock,
}

impl Accounts {
    fn new(
        boot: &Boot,
        (db, redis): (&Database, &Redis),
        auth: AuthClient,
        settings: &Settings,
    ) -> Self {
        let clock = &boot.clock;
        let people = People::new(db.clone(), clock.clone());
        let mailer = Mailer::new(boot);
        let invitations =
            Invitations::new(db.clone(), clock.clone(), (auth.clone(), mailer.clone()));
        let terms = ExpiryTerms::new(settings.clone());
        let sealed = sealer(boot, "accounts:directories:v1");
        let directories = Directories::new(db.clone(), clock.clone(), sealed);
        let freeipa = FreeIpa::new(db.clone(), clock.clone(), directories.clone());
        let hooks = WebhookTerms::new(settings.clone(), boot.config.env);
        Self {
            expiry: Expiry::new(db.clone(), clock.clone(), terms.clone()),
            extensions: Extensions::new(db.clone(), clock.clone(), terms.clone()),
            terms,
            sponsors: Sponsors::new(db.clone(), clock.clone()),
            archives: Archives::new(db.clone(), clock.clone()),
            filters: SavedFilters::new(db.clone(), clock.clone()),
            directory: Directory::new(db.clone(), clock.clone()),
            directories,
            last_seen: LastSeen::new(db.clone(), clock.clone(), rpc::auth::people_client(boot)),
            life_cycle: LifeCycle::new(db.clone(), clock.clone(), people.clone()),
            purges: Purges::new(db.clone(), clock.clone()),
            reporting: Reporting::new(db.clone()),
            custom_fields: CustomFields::new(db.clone(), clock.clone()),
            provisioning: Provisioning::new(db.clone(), clock.clone()),
            addresses: Addresses::new(
                db.clone(),
                clock.clone(),
                redis,
                AddressMails::new(mailer.clone()),
            ),
            people,
            grants: Grants::new(db.clone(), clock.clone(), redis, GrantNotices::new(redis)),
            grantees: Grantees::new(db.clone(), clock.clone(), redis),
            groups: Groups::new(db.clone(), clock.clone()),
            memberships: Memberships::new(db.clone(), clock.clone()).writing_to(freeipa.clone()),
            freeipa,
            managers: Managers::new(db.clone(), clock.clone()),
            rules: Rules::new(db.clone(), clock.clone()),
            joining: Joining::new(db.clone(), clock.clone()),
            registrations: Registrations::new(
                (db.clone(), clock.clone()),
                redis,
                invitations.clone(),
                RegistrationMails::new(db.clone(), mailer.clone()),
            ),
            admission: Admission::new(settings.clone()),
            invitations,
            imports: Imports::new(db.clone(), clock.clone()),
            pictures: Pictures::new(db.clone(), clock.clone()),
            sessions: Sessions::new(auth),
            webhooks: Webhooks::new(db.clone(), clock.clone(), sealer(boot, WEBHOOKS), hooks),
            mailer,
            clock: clock.clone(),
        }
    }
}

/// What secrets of webhooks are sealed for.
const WEBHOOKS: &str = "accounts:webhooks:v1";

/// Seals for a purpose, where this process may.
fn sealer(boot: &Boot, purpose: &str) -> Option<Sealer> {
    let secret = boot.config.app_secret.secret();
    secret.map(|secret| Sealer::new(secret, purpose))
}

/// A place in the administration's navigation.
fn administration(label: Label, path: &str, icon: &str) -> NavItem {
    NavItem::new(label, path, icon, Role::Admin)
}

/// The declaration: what the platform shows of this app, and how it starts.
pub fn app() -> App {
    let upload = domain::avatar::MOST_UPLOADED as u64 + 64 * 1024;
    let app = App::new("accounts", env!("CARGO_PKG_VERSION"))
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
            Label::new("People", "Personen"),
            "/app/accounts/people",
            "tabler-users",
            Role::User,
        ))
        .nav(NavItem::new(
            Label::new("Groups", "Gruppen"),
            "/app/accounts/groups",
            "tabler-users-group",
            Role::User,
        ))
        .search("/api/accounts/search")
        .openapi(api::OPENAPI)
        .policy(PrefixPolicy {
            prefix: "/app/accounts/avatar".to_owned(),
            body_limit: Some(upload),
            ..PrefixPolicy::default()
        })
        .policy(PrefixPolicy {
            prefix: "/admin/accounts/imports".to_owned(),
            // A file and a text, of which one is taken.
            body_limit: Some(domain::sheet::MOST_BYTES as u64 + 64 * 1024),
            ..PrefixPolicy::default()
        })
        .start(platform_pg::config, start)
        .also_migrate(|environment| async move {
            platform_pg::migrate(&environment, "accounts", &migrations()).await
        });
    service::expiry_terms::declarations()
        .into_iter()
        .chain([service::webhooks::terms::declaration()])
        .fold(with_widgets(with_administration(app)), App::setting)
}

/// The places in the administration's navigation.
fn with_administration(app: App) -> App {
    app.admin_nav(administration(
        Label::new("People", "Personen"),
        "/admin/accounts/people",
        "tabler-users",
    ))
    .admin_nav(administration(
        Label::new("Groups", "Gruppen"),
        "/admin/accounts/groups",
        "tabler-users-group",
    ))
    .admin_nav(administration(
        Label::new("Life cycle", "Lebenszyklus"),
        "/admin/accounts/life-cycle",
        "tabler-calendar-time",
    ))
    .admin_nav(administration(
        Label::new("Directories", "Verzeichnisse"),
        "/admin/accounts/directories",
        "tabler-address-book",
    ))
    .admin_nav(administration(
        Label::new("Webhooks", "Webhooks"),
        "/admin/accounts/webhooks",
        "tabler-webhook",
    ))
    .admin_nav(administration(
        Label::new("Audit", "Prüfpfad"),
        "/admin/accounts/audit",
        "tabler-history",
    ))
}

/// What waits for administrators, on their home page.
fn with_widgets(app: App) -> App {
    app.widget(Widget::new(
        "requests",
        Label::new("Account requests", "Kontoanfragen"),
        web::REQUESTS_WIDGET,
        Role::Admin,
    ))
    .widget(Widget::new(
        "ending",
        Label::new("Accounts that end soon", "Konten, die bald enden"),
        web::ENDING_WIDGET,
        Role::Admin,
    ))
}

/// All routes, each with who may use it.
pub fn routes(accounts: Accounts) -> Routes {
    web::routes()
        .merge(api::routes())
        .merge(scim::routes())
        .with_state(accounts)
}

async fn start(boot: Boot, config: DatabaseConfig) -> Result<Service, StartError> {
    let db = Database::connect(&boot, config, migrations()).await?;
    let redis = platform_redis::connect(&boot);
    let auth = rpc::auth::client(&boot);
    let clock = boot.clock.clone();
    let settings = rpc::settings::follow(&boot).await;
    let accounts = Accounts::new(&boot, (&db, &redis), auth, &settings);
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
    let asked = RegistrationNotices::new(db.clone(), notifications.clone());
    let notices = RequestNotices::new(db.clone(), boot.clock.clone(), notifications);
    let worker = intake.jobs(Worker::new(&boot, &db));
    let mailer = accounts.mailer.clone();
    let worker = AddressMails::new(mailer.clone()).jobs(accounts.addresses.jobs(worker), &settings);
    let worker = asked.jobs(accounts.registrations.jobs(worker));
    let denials = RegistrationMails::new(db.clone(), mailer.clone());
    let worker = denials.jobs(worker, &settings);
    let worker = accounts.imports.jobs(accounts.custom_fields.jobs(worker));
    let worker = accounts.expiry.jobs(endings.jobs(worker));
    let worker = accounts.last_seen.jobs(worker);
    let reminders = ExpiryReminders::new(
        (db.clone(), boot.clock.clone()),
        accounts.terms.clone(),
        mailer.clone(),
        rpc::notifications::client(&boot),
    );
    notices.jobs(accounts.purges.jobs(worker)).start()?;
    let whose = (db.clone(), boot.clock.clone());
    let mails = InvitationMails::new(whose, accounts.invitations.clone(), mailer, &settings);
    // A lane of its own: thousands of them must not keep the rest waiting.
    let worker = ImportRuns::new(db.clone(), boot.clock.clone()).jobs(Worker::new(&boot, &db));
    mails.jobs(reminders.jobs(worker)).start()?;
    // And one for directories, which may be slow to answer.
    let worker = Worker::new(&boot, &db).concurrency(2);
    let runs = DirectoryRuns::new(accounts.directories.clone(), db.clone());
    runs.jobs(worker).start()?;
    deliver(&boot, (&db, &settings))?;
    collect(&boot, &db, accounts.mailer.clone())?;
    // Another, one job at a time: each holds off other changes of groups.
    let following = RuleFollowing::new(db.clone(), boot.clock.clone());
    let worker = Worker::new(&boot, &db).concurrency(1);
    following.jobs(worker).start()?;
    let services = grpc::services::all(&boot, db, &accounts);
    let guarded = rpc::server::guard(&boot, grpc::CALLERS).protect(services);
    Ok(ui::service(
        &boot,
        routes(accounts),
        CATALOGUE,
        settings.organisation_name(),
    )
    .grpc(guarded))
}

/// Sends what webhooks are told, in a lane of its own: those who are told may be slow to answer.
fn deliver(boot: &Boot, (db, settings): (&Database, &Settings)) -> Result<(), StartError> {
    let post = Post::new().map_err(|error| StartError::failed("TLS cannot be set up", error))?;
    let deliveries = Deliveries::new(
        (db.clone(), boot.clock.clone()),
        sealer(boot, WEBHOOKS),
        WebhookTerms::new(settings.clone(), boot.config.env),
        post,
    );
    let notices = WebhookNotices::new(db.clone(), rpc::notifications::client(boot));
    let worker = Worker::new(boot, db).concurrency(8);
    notices.jobs(deliveries.jobs(worker)).start()
}

/// Makes archives of what is kept of people, in a lane of its own: they are large, and services may be slow to tell.
fn collect(boot: &Boot, db: &Database, words: Mailer) -> Result<(), StartError> {
    let packing = Packing::new(db.clone(), boot.clock.clone(), words);
    let notices = ArchiveNotices::new(db.clone(), rpc::notifications::client(boot));
    let worker = packing.jobs(notices.jobs(Worker::new(boot, db).concurrency(2)));
    Collecting::new(boot, db.clone()).jobs(worker).start()
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
        let accounts = Accounts::new(
            &boot,
            (&db, &redis),
            rpc::auth::client(&boot),
            &Settings::fixed([]),
        );
        let routes = ui::testing::routes("accounts", &CATALOGUE, routes(accounts));
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }

    #[test]
    fn catalogue() {
        ui::testing::check_catalogue(env!("CARGO_MANIFEST_DIR"));
    }
}
