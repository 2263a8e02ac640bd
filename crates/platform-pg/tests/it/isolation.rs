//! One app can neither read nor write what belongs to another, nor what belongs to nobody.

use platform_pg::{Error, GenericClient};
use testkit::Setup;

use crate::stage::{connect, instance};

fn sqlstate(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Query { sqlstate, .. }) => sqlstate,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_app_reaches_its_own_schema_and_nothing_else() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let beta = instance(&world, "be-ta").await;
    let client = alpha.database.client().await.unwrap();
    client
        .execute("INSERT INTO notes VALUES (1, 'mine')", &[])
        .await
        .unwrap();

    let client = beta.database.client().await.unwrap();
    let own = client
        .query_one("SELECT current_user::text, current_schema()::text", &[])
        .await
        .unwrap();
    assert_eq!(
        (own.get::<_, &str>(0), own.get::<_, &str>(1)),
        ("svc_be_ta", "be_ta")
    );
    assert_eq!(beta.count("SELECT count(*) FROM notes").await, 0);
    for forbidden in [
        "SELECT * FROM alpha.notes",
        "INSERT INTO alpha.notes VALUES (2, 'theirs')",
        "SELECT * FROM alpha.outbox",
        "DROP SCHEMA alpha CASCADE",
        "CREATE TABLE alpha.intruder ()",
        "CREATE TABLE public.intruder ()",
        "CREATE TEMPORARY TABLE intruder ()",
        "CREATE SCHEMA intruder",
        "SET ROLE svc_alpha",
        "CREATE ROLE intruder",
        "ALTER ROLE svc_alpha PASSWORD 'x'",
        "SELECT rolpassword FROM pg_authid",
        "COPY notes FROM '/etc/hostname'",
        "GRANT USAGE ON SCHEMA alpha TO svc_be_ta",
    ] {
        assert_eq!(
            sqlstate(client.batch_execute(forbidden).await),
            "42501",
            "{forbidden}"
        );
    }
    assert_eq!(alpha.count("SELECT count(*) FROM notes").await, 1);
}

#[tokio::test]
async fn provisioning_again_or_all_at_once_changes_nothing() {
    let world = Setup::new().start().await;
    let boots: Vec<_> = (0..6)
        .map(|number| world.boot(if number % 2 == 0 { "alpha" } else { "beta" }))
        .collect();
    let databases = futures_util::future::join_all(boots.iter().map(connect)).await;
    databases[0]
        .client()
        .await
        .unwrap()
        .execute("INSERT INTO notes VALUES (1, 'kept')", &[])
        .await
        .unwrap();
    let again = instance(&world, "alpha").await;
    assert_eq!(again.count("SELECT count(*) FROM notes").await, 1);
}

#[tokio::test]
async fn a_password_that_does_not_fit_any_more_is_replaced() {
    let world = Setup::new().start().await;
    instance(&world, "alpha").await;
    let owner = world.database.client().await;
    owner
        .batch_execute("ALTER ROLE svc_alpha NOLOGIN")
        .await
        .unwrap();
    let again = instance(&world, "alpha").await;
    assert_eq!(again.count("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn an_owner_need_not_be_a_superuser() {
    let world = Setup::new().start().await;
    let superuser = world.database.client().await;
    let name = &world.database.name;
    let owner = format!("owner_{name}");
    superuser
        .batch_execute(&format!(
            "CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'secret'; ALTER DATABASE {name} OWNER TO {owner}"
        ))
        .await
        .unwrap();
    let provisioned = async |app: &str| {
        let mut boot = world.boot(app);
        let url = world.database.url_for(&owner, "secret");
        boot.environment = world
            .environment()
            .clone()
            .with("DATABASE_OWNER_URL", url)
            .into();
        (connect(&boot).await, boot)
    };
    // Names of their own, because roles outlive the database: another owner may not take them over.
    let (one, two) = (
        format!("one-{}", stamp(name)),
        format!("two-{}", stamp(name)),
    );
    let (first, _first) = provisioned(&one).await;
    let (second, _second) = provisioned(&two).await;
    let (again, _again) = provisioned(&one).await;
    first
        .client()
        .await
        .unwrap()
        .execute("INSERT INTO notes VALUES (1, 'mine')", &[])
        .await
        .unwrap();
    again
        .client()
        .await
        .unwrap()
        .query_one("SELECT * FROM notes", &[])
        .await
        .unwrap();
    let intruder = second.client().await.unwrap();
    let theirs = format!("SELECT * FROM {}.notes", first.schema());
    assert_eq!(sqlstate(intruder.batch_execute(&theirs).await), "42501");
    assert_eq!(
        sqlstate(
            intruder
                .batch_execute("CREATE TABLE public.intruder ()")
                .await
        ),
        "42501"
    );
}

/// The part of a test database's name that no other run has.
fn stamp(name: &str) -> String {
    name.trim_start_matches("test_").replace('_', "-")
}

#[tokio::test]
async fn an_owner_who_may_not_provision_is_told_what_is_missing() {
    let world = Setup::new().start().await;
    let superuser = world.database.client().await;
    let owner = format!("owner_{}", world.database.name);
    superuser
        .batch_execute(&format!("CREATE ROLE {owner} LOGIN PASSWORD 'secret'"))
        .await
        .unwrap();
    let mut boot = world.boot(&format!("none-{}", stamp(&world.database.name)));
    let url = world.database.url_for(&owner, "secret");
    boot.environment = world
        .environment()
        .clone()
        .with("DATABASE_OWNER_URL", url)
        .into();
    let error = crate::stage::try_connect(&boot, crate::stage::notes())
        .await
        .unwrap_err()
        .chain();
    assert!(error.contains("CREATEROLE"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn an_app_with_its_own_url_needs_no_owner() {
    let world = Setup::new().start().await;
    let owner = world.database.client().await;
    let role = format!("own_{}", world.database.name);
    owner
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'secret'; CREATE SCHEMA alpha AUTHORIZATION {role}"
        ))
        .await
        .unwrap();
    let mut boot = world.boot("alpha");
    let url = world.database.url_for(&role, "secret");
    let environment = world
        .environment()
        .clone()
        .without("DATABASE_OWNER_URL")
        .with("DATABASE_URL", url);
    boot.environment = environment.into();
    let database = connect(&boot).await;
    let client = database.client().await.unwrap();
    client
        .execute("INSERT INTO notes VALUES (1, 'mine')", &[])
        .await
        .unwrap();
    drop((client, database));
    boot.lifecycle.abort();
    owner
        .batch_execute(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_own_url_without_a_password_means_the_derived_one() {
    let world = Setup::new().start().await;
    instance(&world, "alpha").await;
    let mut boot = world.boot("alpha");
    let url = world.database.url_for("svc_alpha", "x").replace(":x@", "@");
    let environment = world
        .environment()
        .clone()
        .without("DATABASE_OWNER_URL")
        .with("DATABASE_URL", url);
    boot.environment = environment.into();
    let database = connect(&boot).await;
    database
        .client()
        .await
        .unwrap()
        .query("SELECT * FROM notes", &[])
        .await
        .unwrap();
    let wrong = world.environment().clone().without("DATABASE_OWNER_URL");
    let wrong = wrong.with("DATABASE_URL", world.database.url_for("svc_alpha", "x"));
    boot.environment = wrong.with("START_WAIT_SECONDS", "0").into();
    boot.config = platform::CoreConfig::from_environment(&boot.environment)
        .unwrap()
        .into();
    assert!(
        crate::stage::try_connect(&boot, crate::stage::notes())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_app_whose_name_belongs_to_postgresql_does_not_start() {
    let world = Setup::new().start().await;
    let boot = world.boot("public");
    let error = crate::stage::try_connect(&boot, crate::stage::notes())
        .await
        .unwrap_err();
    assert!(error.chain().contains("public"), "{}", error.chain());
}

#[tokio::test]
async fn an_own_url_needs_no_password_once_the_role_is_there() {
    let world = Setup::new().start().await;
    instance(&world, "alpha").await;
    let url = world.database.url_for("svc_alpha", "p").replace(":p@", "@");
    let mut boot = world.boot("alpha");
    boot.environment = std::sync::Arc::new((*boot.environment).clone().with("DATABASE_URL", &url));
    let database = connect(&boot).await;
    let client = database.client().await.unwrap();
    let own = client
        .query_one("SELECT current_user::text", &[])
        .await
        .unwrap();
    assert_eq!(own.get::<_, &str>(0), "svc_alpha");
}
