//! Databases and servers for tests.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use fred::interfaces::{ClientLike, KeysInterface};
use testkit::{database, database_like, eventually, postgres_server, redis};

#[tokio::test]
async fn each_test_has_an_empty_database_of_its_own() {
    let (one, two) = tokio::join!(database(), database());
    assert_ne!(one.name, two.name);
    one.client()
        .await
        .batch_execute("CREATE TABLE a ()")
        .await
        .unwrap();
    two.client()
        .await
        .batch_execute("CREATE TABLE a ()")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_is_dropped_after_a_pass_and_kept_after_a_failure() {
    let watcher = database().await;
    let client = watcher.client().await;
    let exists = async |name: &str| {
        let rows = client
            .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
            .await
            .unwrap();
        !rows.is_empty()
    };
    let passed = database().await;
    let name = passed.name.clone();
    assert!(exists(&name).await);
    drop(passed);
    assert!(!exists(&name).await);

    let failed = database().await;
    let name = failed.name.clone();
    std::thread::spawn(move || {
        let _held = failed;
        panic!("a failing test (on purpose)");
    })
    .join()
    .unwrap_err();
    assert!(exists(&name).await);
    client
        .batch_execute(&format!("DROP DATABASE \"{name}\""))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_template_is_prepared_once() {
    let key = format!("kit-{}", std::process::id());
    let prepare = async |url: &str| {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::select! {
            biased;
            done = client.batch_execute("CREATE TABLE a (x int); INSERT INTO a VALUES (1)") => done?,
            broken = connection => broken?,
        }
        Ok(())
    };
    let one = database_like(&key, prepare).await;
    one.client()
        .await
        .batch_execute("INSERT INTO a VALUES (2)")
        .await
        .unwrap();
    let two = database_like(&key, async |_| panic!("prepared twice")).await;
    let count: i64 = two
        .client()
        .await
        .query_one("SELECT count(*) FROM a", &[])
        .await
        .unwrap()
        .try_get(0)
        .unwrap();
    assert_eq!(count, 1);
    let template: String = two
        .client()
        .await
        .query_one("SELECT max(datname) FROM pg_database WHERE datname LIKE 'template\\_%' AND oid < (SELECT oid FROM pg_database WHERE datname = $1)", &[&one.name])
        .await
        .unwrap()
        .try_get(0)
        .unwrap();
    assert!(template.starts_with("template_"));
}

#[tokio::test]
async fn redis_is_private_and_can_die_and_come_back() {
    let (one, two) = tokio::join!(redis(), redis());
    assert_ne!(one.url, two.url);
    let client = one.client().await;
    client
        .set::<(), _, _>("a", "1", None, None, false)
        .await
        .unwrap();
    let other = two.client().await;
    assert_eq!(other.get::<Option<String>, _>("a").await.unwrap(), None);
    one.flush().await;
    assert_eq!(client.get::<Option<String>, _>("a").await.unwrap(), None);
    client.quit().await.unwrap();

    one.kill().await;
    one.start().await;
    let client = one.client().await;
    assert_eq!(client.get::<Option<String>, _>("a").await.unwrap(), None);
    one.stop().await;
    one.start().await;
}

#[tokio::test]
async fn a_private_postgres_keeps_its_data_through_a_kill() {
    let server = postgres_server().await;
    let run = async |statement: &str| {
        let (client, connection) =
            tokio_postgres::connect(&server.owner_url, tokio_postgres::NoTls).await?;
        tokio::select! { biased; done = client.batch_execute(statement) => done, broken = connection => broken }
    };
    run("CREATE TABLE kept ()").await.unwrap();
    server.kill().await;
    run("SELECT 1").await.unwrap_err();
    server.start().await;
    run("SELECT * FROM kept").await.unwrap();
}

/// Not a test: a process that the next one kills.
#[tokio::test]
#[ignore = "started by the next test"]
#[expect(clippy::print_stdout, reason = "talks to its parent test")]
async fn killed() {
    let redis = redis().await;
    let postgres = postgres_server().await;
    println!("\nstarted {} {}", redis.url, postgres.owner_url);
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn servers_of_a_killed_test_go_with_it() {
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "servers::killed", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(test.stdout.take().unwrap()).lines();
    let line = lines
        .find_map(|line| line.unwrap().strip_prefix("started ").map(str::to_owned))
        .unwrap();
    let (redis_url, postgres_url) = line.split_once(' ').unwrap();
    let socket = redis_url.strip_prefix("redis+unix://").unwrap();
    // <scratch>/<server>/servers/run/redis.sock
    let scratch = Path::new(socket).ancestors().nth(4).unwrap();
    assert!(scratch.exists());
    test.kill().unwrap();
    test.wait().unwrap();
    eventually("scratch directory removed", async || !scratch.exists()).await;
    tokio_postgres::connect(postgres_url, tokio_postgres::NoTls)
        .await
        .err()
        .expect("PostgreSQL is gone");
}
