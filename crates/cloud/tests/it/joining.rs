//! Who comes in, from the command line: directories, invitations, requests for accounts, and accounts that end.

use serde_json::Value;
use testkit::{CookieClient, LDAP_PASSWORD, LDAP_READER, TestLdap, ldap_server};
use tokio_postgres::NoTls;

use crate::stored::network;
use crate::support::{Installation, text_of};

/// A person as FreeIPA has them.
fn entry(name: &str) -> String {
    format!(
        "dn: uid={name},cn=users,dc=example,dc=org\n\
         objectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: ipaObject\n\
         uid: {name}\ncn: Person {name}\nsn: {name}\n\
         uidNumber: 1\ngidNumber: 1\nhomeDirectory: /home/{name}\n\
         mail: {name}@example.org\nipaUniqueID: id-{name}\n\n"
    )
}

async fn keep(browser: &CookieClient, ldap: &TestLdap) {
    let page = browser
        .get("/admin/accounts/directories/new?preset=freeipa")
        .await;
    let form = page
        .form("form[action='/admin/accounts/directories/new']")
        .with("name", "Head office")
        .with("host", "127.0.0.1")
        .with("port", &ldap.tls_port.to_string())
        .with("authority", &ldap.authority)
        .with("bind_dn", LDAP_READER)
        .with("bind_password", LDAP_PASSWORD)
        .with("people_base", "cn=users,dc=example,dc=org")
        .with("groups_base", "cn=groups,dc=example,dc=org")
        .with("every", "0");
    let kept = browser.submit(form.with("do", "save")).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
}

/// Runs commands of one installation.
struct Operator<'a>(&'a Installation);

impl Operator<'_> {
    fn done(&self, arguments: &[&str]) -> String {
        let ran = self.0.run(arguments);
        assert!(ran.status.success(), "{arguments:?}: {}", text_of(&ran));
        text_of(&ran)
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let ran = self.0.run(arguments);
        assert!(!ran.status.success(), "{arguments:?}: {}", text_of(&ran));
        text_of(&ran)
    }

    fn read(&self, arguments: &[&str]) -> Value {
        let ran = self.0.run(arguments);
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", text_of(&ran)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn directories_are_previewed_read_and_decided_about() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let admin = installation.first_admin().await;
    let operator = Operator(&installation);
    assert!(
        operator
            .done(&["directory", "list"])
            .contains("no directories")
    );
    let six: String = (1..=6).map(|number| entry(&format!("p{number}"))).collect();
    let ldap = ldap_server(&six).await;
    keep(&admin, &ldap).await;
    assert!(
        operator
            .done(&["directory", "list"])
            .contains("not read yet")
    );
    assert!(
        operator
            .refused(&["directory", "runs", "Nowhere"])
            .contains("directory")
    );

    let preview = operator.done(&["directory", "run", "head office", "--preview"]);
    assert!(
        preview.contains("previewed") && preview.contains("6 added"),
        "{preview}"
    );
    assert!(operator.done(&["user", "list", "p1"]).contains("nobody"));
    let shown = operator.done(&["directory", "show", "Head office"]);
    assert!(shown.contains("person create Person p3"), "{shown}");
    let read = operator.done(&["directory", "run", "Head office"]);
    assert!(read.contains("done") && read.contains("6 added"), "{read}");
    assert!(
        operator
            .done(&["user", "list", "p1"])
            .contains("p1@example.org")
    );

    for gone in ["p4", "p5", "p6"] {
        ldap.change(&format!(
            "dn: uid={gone},cn=users,dc=example,dc=org\nchangetype: delete\n\n"
        ));
    }
    let stopped = operator.refused(&["directory", "run", "Head office"]);
    assert!(
        stopped.contains("stopped") && stopped.contains("3 suspended"),
        "{stopped}"
    );
    let shown = operator.read(&["directory", "show", "Head office", "--json"]);
    assert_eq!(shown["steps"][0]["action"], "suspend");
    let digest = shown["run"]["digest"].as_str().unwrap();
    let short = digest.get(..12).unwrap();
    let wrong = operator.refused(&["directory", "approve", "Head office", "0123456789"]);
    assert!(wrong.contains("no run"), "{wrong}");
    let few = operator.refused(&["directory", "approve", "Head office", &digest[..4]]);
    assert!(few.contains("8 letters"), "{few}");
    operator.done(&["directory", "discard", "Head office", short]);
    assert!(
        operator
            .refused(&["directory", "approve", "Head office", short])
            .contains("no run")
    );
    operator.refused(&["directory", "run", "Head office"]);
    let shown = operator.read(&["directory", "show", "Head office", "--json"]);
    let digest = shown["run"]["digest"].as_str().unwrap();
    operator.done(&["directory", "approve", "Head office", digest]);
    testkit::eventually("they are suspended", async || {
        let suspended = operator.read(&["user", "list", "--state", "suspended", "--json"]);
        suspended["people"]
            .as_array()
            .is_some_and(|people| people.len() == 3)
    })
    .await;
    let runs = operator.read(&["directory", "runs", "Head office", "--json"]);
    let states = runs["runs"].as_array().unwrap().iter();
    let states: Vec<&str> = states.map(|run| run["state"].as_str().unwrap()).collect();
    // What was approved was read once more before it was done.
    assert_eq!(
        states,
        ["done", "superseded", "discarded", "done", "previewed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_and_requests_are_decided_about() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    let operator = Operator(&installation);
    assert!(operator.done(&["invitation", "list"]).contains("Nobody"));
    operator.done(&["user", "create", "grace", "--email", "grace@example.org"]);
    let listed = operator.read(&["invitation", "list", "--json"]);
    assert_eq!(listed["invitations"][0]["username"], "grace");
    assert_eq!(listed["invitations"][0]["stage"], "shown");
    assert!(
        operator
            .done(&["invitation", "list", "--stage", "expired"])
            .contains("Nobody")
    );
    operator.done(&["invitation", "mail", "GRACE@example.org"]);
    assert!(
        operator
            .done(&["invitation", "revoke", "grace"])
            .contains("not invited any more")
    );
    assert!(
        operator
            .done(&["user", "show", "grace"])
            .contains("deleted")
    );
    assert!(
        operator
            .refused(&["invitation", "mail", "grace"])
            .contains("invited")
    );

    assert!(operator.done(&["request", "list"]).contains("Nobody"));
    let url = network(&installation)["DATABASE_OWNER_URL"].clone();
    let (sql, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let driver = tokio_util::task::TaskTracker::new().spawn(connection);
    sql.batch_execute(
        "INSERT INTO accounts.account_requests
            (id, email, display_name, note, locale, state, token_hash, created_at, expires_at, proven_at)
         SELECT gen_random_uuid(), name || '@elsewhere.example', initcap(name), 'I paint', 'en', 'open',
                name::bytea, now(), now(), now()
         FROM unnest(ARRAY['sam', 'kim']) AS name",
    )
    .await
    .unwrap();
    drop(sql);
    driver.abort();
    let waiting = operator.done(&["request", "list"]);
    assert!(
        waiting.contains("Kim") && waiting.contains("I paint"),
        "{waiting}"
    );
    operator.done(&["group", "create", "Painters"]);
    let approve = [
        "request",
        "approve",
        "SAM@elsewhere.example",
        "--role",
        "guest",
    ];
    let nobodies = operator.refused(&[&approve[..], &["--group", "Nobodies"]].concat());
    assert!(nobodies.contains("has this name"), "{nobodies}");
    operator.done(&[&approve[..], &["--group", "painters"]].concat());
    let sam = operator.read(&["user", "show", "sam@elsewhere.example", "--json"]);
    assert_eq!(
        (&sam["role"], &sam["groups"][0]),
        (&"guest".into(), &"Painters".into())
    );
    operator.done(&[
        "request",
        "deny",
        "kim@elsewhere.example",
        "--reason",
        "We know no Kim",
    ]);
    assert!(
        operator
            .refused(&["request", "deny", "kim@elsewhere.example"])
            .contains("decided")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_end_and_dormant_ones_are_listed() {
    let installation = Installation::new();
    let _platform = installation.up().await;
    installation.first_admin().await;
    let operator = Operator(&installation);
    assert!(
        operator
            .done(&["life-cycle", "ending"])
            .contains("No account ends")
    );
    assert!(operator.done(&["life-cycle", "run"]).contains("under way"));
    testkit::eventually("the run is told of", async || {
        let runs = operator.read(&["life-cycle", "runs", "--json"]);
        let runs = runs["runs"].as_array().unwrap();
        runs.iter()
            .any(|run| run["by_hand"] == true && !run["ended_at"].is_null())
    })
    .await;
    assert!(
        operator
            .done(&["life-cycle", "runs"])
            .contains("by hand: 0 reminded")
    );
    assert!(
        operator
            .done(&["user", "dormant"])
            .contains("within 90 days")
    );
    assert!(
        operator
            .refused(&["user", "dormant", "--days", "0"])
            .contains("--days")
    );
}
