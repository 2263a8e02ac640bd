//! Directories as a source, against a real slapd: what a run does, what it does not do, and what stops it.

use std::collections::BTreeMap;

use app_accounts::domain::group::GroupId;
use app_accounts::domain::membership::Member;
use app_accounts::domain::name::Line;
use app_accounts::domain::person::{Person, PersonId, State};
use app_accounts::domain::source::{DirectoryId, Run, RunState, Settings};
use app_accounts::domain::sync::plan::{Counts, Obstacle};
use app_accounts::service::actor::Actor;
use app_accounts::service::directories::{Asked, Directories, Kept, Linked};
use app_accounts::service::groups::Groups;
use app_accounts::service::people::People;
use app_accounts::store::person::{person_find, person_find_by_login};
use directory::{Preset, Security};
use platform::{Role, Sealer};
use platform_pg::GenericClient as _;
use testkit::{LDAP_PASSWORD, LDAP_READER, TestLdap, ldap_server};
use uuid::Uuid;

use crate::house::House;

/// A person as FreeIPA has them.
pub(crate) fn person(name: &str) -> String {
    format!(
        "dn: uid={name},cn=users,dc=example,dc=org\n\
         objectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: ipaObject\n\
         objectClass: krbPrincipalAux\nuid: {name}\ncn: Person {name}\nsn: {name}\n\
         uidNumber: 1\ngidNumber: 1\nhomeDirectory: /home/{name}\n\
         mail: {name}@example.org\nipaUniqueID: id-{name}\n\n"
    )
}

pub(crate) fn people(count: usize) -> String {
    (1..=count)
        .map(|number| person(&format!("p{number}")))
        .collect()
}

/// A group of these people and groups.
pub(crate) fn group(name: &str, members: &[&str]) -> String {
    let members = members.iter();
    let members = members.map(|member| format!("member: {member},dc=example,dc=org\n"));
    let members: String = members.collect();
    format!(
        "dn: cn={name},cn=groups,dc=example,dc=org\n\
         objectClass: groupOfNames\nobjectClass: ipaObject\ncn: {name}\n\
         ipaUniqueID: group-{name}\n{members}\n"
    )
}

pub(crate) fn set(name: &str, attribute: &str, value: &str) -> String {
    format!(
        "dn: uid={name},cn=users,dc=example,dc=org\nchangetype: modify\n\
         replace: {attribute}\n{attribute}: {value}\n\n"
    )
}

pub(crate) fn delete(name: &str) -> String {
    format!("dn: uid={name},cn=users,dc=example,dc=org\nchangetype: delete\n\n")
}

/// A directory that is read by hand.
pub(crate) fn settings(ldap: &TestLdap) -> Settings {
    let preset = Preset::FreeIpa;
    Settings {
        name: Line::required("Head office").unwrap(),
        preset,
        host: "127.0.0.1".to_owned(),
        port: ldap.tls_port,
        security: Security::Tls,
        authority: ldap.authority.clone(),
        bind_dn: LDAP_READER.to_owned(),
        people_base: "cn=users,dc=example,dc=org".to_owned(),
        people_filter: preset.people().to_owned(),
        groups_base: "cn=groups,dc=example,dc=org".to_owned(),
        groups_filter: preset.groups().to_owned(),
        mapping: preset.mapping(),
        every_minutes: 0,
        sign_in: false,
        write_back: false,
        web_port: 443,
    }
}

pub(crate) struct Office {
    pub(crate) house: House,
    pub(crate) ldap: TestLdap,
    pub(crate) directories: Directories,
    pub(crate) id: DirectoryId,
    pub(crate) actor: Actor,
}

impl Office {
    pub(crate) async fn new(entries: &str) -> Self {
        let house = Box::pin(House::new()).await;
        let ldap = ldap_server(entries).await;
        let boot = house.world.boot("accounts");
        let secret = boot.config.app_secret.secret().unwrap();
        let sealer = Sealer::new(secret, "accounts:directories:v1");
        let clock = house.world.clock.clone();
        let directories = Directories::new(house.db.clone(), clock, Some(sealer));
        let id = DirectoryId(Uuid::now_v7());
        let actor = Actor {
            id: Some(PersonId(house.admin.user_id)),
            ..Actor::platform("An administrator")
        };
        let password = Some(LDAP_PASSWORD.into());
        let kept = directories.add(&actor, id, settings(&ldap), password).await;
        assert_eq!(kept.unwrap(), Kept::Done);
        Self {
            house,
            ldap,
            directories,
            id,
            actor,
        }
    }

    /// Asks for a run, and waits for its end.
    pub(crate) async fn run(&self, preview: bool) -> Run {
        let before = self.newest().await.map(|run| run.id);
        self.begin(preview).await;
        self.next(before).await
    }

    /// Asks for a run without waiting for its end.
    pub(crate) async fn begin(&self, preview: bool) {
        let asked = self.directories.ask(&self.actor, self.id, preview).await;
        assert_eq!(asked.unwrap(), Asked::Done);
    }

    /// The run after that one, once it has ended.
    async fn next(&self, before: Option<Uuid>) -> Run {
        let run = testkit::until("the run ends", async || {
            let newest = self.newest().await?;
            (Some(newest.id) != before && newest.state != RunState::Running).then_some(newest)
        });
        let run = run.await;
        // The queue lets go of the job only after that.
        testkit::eventually("the job is over", async || {
            let client = self.house.db.client().await.unwrap();
            let sql = "SELECT count(*) AS jobs FROM jobs WHERE kind = 'accounts.read_directory' AND state NOT IN ('dead', 'done')";
            let row = client.query_one(sql, &[]).await.unwrap();
            row.try_get::<_, i64>("jobs").unwrap() == 0
        })
        .await;
        run
    }

    pub(crate) async fn newest(&self) -> Option<Run> {
        self.directories
            .runs(self.id)
            .await
            .unwrap()
            .into_iter()
            .next()
    }

    pub(crate) async fn done(&self) -> Counts {
        let run = self.run(false).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        run.counts
    }

    pub(crate) async fn find(&self, login: &str) -> Option<Person> {
        let client = self.house.db.client().await.unwrap();
        person_find_by_login(&client, login).await.unwrap()
    }

    async fn state(&self, login: &str) -> State {
        self.find(login).await.unwrap().state
    }

    /// Group to the names of who is directly in it.
    pub(crate) async fn groups(&self) -> BTreeMap<String, Vec<String>> {
        let client = self.house.db.client().await.unwrap();
        let sql = "SELECT g.name, coalesce(p.username, i.name) AS member FROM groups g \
             LEFT JOIN group_people gp ON gp.group_id = g.id LEFT JOIN people p ON p.id = gp.person_id \
             LEFT JOIN group_groups gg ON gg.group_id = g.id AND p.id IS NULL \
             LEFT JOIN groups i ON i.id = gg.member_id ORDER BY 1, 2";
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in client.query(sql, &[]).await.unwrap() {
            let members = groups.entry(row.try_get("name").unwrap()).or_default();
            members.extend(row.try_get::<_, Option<String>>("member").unwrap());
        }
        groups
    }

    async fn count(&self, sql: &str) -> i64 {
        let client = self.house.db.client().await.unwrap();
        client
            .query_one(sql, &[])
            .await
            .unwrap()
            .try_get(0)
            .unwrap()
    }
}

#[tokio::test]
async fn people_and_groups_come_follow_and_go() {
    let office = Office::new(&people(4)).await;
    let ldap = &office.ldap;
    ldap.change(&set("p1", "manager", "uid=p4,cn=users,dc=example,dc=org"));
    ldap.change(&group("staff", &["uid=p1,cn=users", "uid=p2,cn=users"]));
    ldap.change(&group("all", &["cn=staff,cn=groups"]));
    let preview = office.run(true).await;
    assert_eq!(preview.state, RunState::Previewed);
    assert_eq!(
        (preview.counts.created, preview.counts.groups_created),
        (4, 2)
    );
    assert!(
        office.find("p1").await.is_none(),
        "a preview changes nothing"
    );
    let plan = office
        .directories
        .plan(office.id, preview.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(plan.people[0].name, "Person p1");

    let counts = office.done().await;
    assert_eq!(
        (counts.created, counts.groups_created, counts.refused),
        (4, 2, 0)
    );
    let first = office.find("p1").await.unwrap();
    assert_eq!(
        (first.display_name.as_str(), first.role),
        ("Person p1", Role::User)
    );
    assert_eq!(
        first.state,
        State::Invited,
        "nobody has credentials by being listed"
    );
    assert_eq!(first.manager.unwrap().username, "p4");
    let groups = office.groups().await;
    assert_eq!(groups["staff"], ["p1", "p2"]);
    assert_eq!(groups["all"], ["staff"]);
    let again = office.done().await;
    assert_eq!(again, Counts::default(), "it is so");

    ldap.change(&set("p2", "title", "Engineer"));
    ldap.change(&set("p3", "nsAccountLock", "TRUE"));
    ldap.change(
        "dn: cn=staff,cn=groups,dc=example,dc=org\nchangetype: modify\n\
         add: member\nmember: uid=p3,cn=users,dc=example,dc=org\n-\n\
         delete: member\nmember: uid=p1,cn=users,dc=example,dc=org\n\n\
         dn: cn=staff,cn=groups,dc=example,dc=org\nchangetype: modrdn\nnewrdn: cn=team\ndeleteoldrdn: 1\n",
    );
    let counts = office.done().await;
    let expected = Counts {
        updated: 1,
        suspended: 1,
        groups_changed: 1,
        ..Counts::default()
    };
    assert_eq!(counts, expected);
    assert_eq!(office.find("p2").await.unwrap().title, "Engineer");
    assert_eq!(office.state("p3").await, State::Suspended);
    assert_eq!(office.groups().await["team"], ["p2", "p3"]);

    ldap.change(&set("p3", "nsAccountLock", "FALSE"));
    ldap.change(&delete("p4"));
    let counts = office.done().await;
    assert_eq!((counts.reinstated, counts.suspended), (1, 1));
    assert_eq!(office.state("p3").await, State::Invited);
    assert_eq!(office.state("p4").await, State::Suspended);

    let sql = "SELECT count(*) FROM audit WHERE actor_name = 'Head office' AND actor_id IS NULL \
         AND action = 'person.disabled'";
    assert_eq!(office.count(sql).await, 2, "the directory did it");
}

#[tokio::test]
async fn what_an_administrator_took_the_directory_does_not_give_back() {
    let office = Office::new(&people(2)).await;
    office.done().await;
    let person = office.find("p1").await.unwrap();
    let people = People::new(office.house.db.clone(), office.house.world.clock.clone());
    people
        .set_access(&office.actor, person.id, false)
        .await
        .unwrap();
    office.ldap.change(&set("p1", "title", "Engineer"));
    let counts = office.done().await;
    assert_eq!((counts.updated, counts.reinstated), (1, 0));
    assert_eq!(office.state("p1").await, State::Suspended);
}

#[tokio::test]
async fn a_local_account_is_left_alone_until_it_is_linked() {
    let office = Office::new(&people(2)).await;
    let local = office.house.member("p1", Role::User).await;
    let groups = Groups::new(office.house.db.clone(), office.house.world.clock.clone());
    let staff = GroupId(Uuid::now_v7());
    let name = Line::required("Staff").unwrap();
    groups
        .create(&office.actor, staff, &name, &Line::default())
        .await
        .unwrap();
    office
        .ldap
        .change(&group("staff", &["uid=p1,cn=users", "uid=p2,cn=users"]));
    let run = office.run(false).await;
    assert_eq!((run.counts.created, run.counts.conflicts), (1, 2));
    let before = office.house.person(&local).await;
    assert_ne!(before.display_name, "Person p1");
    let plan = office
        .directories
        .plan(office.id, run.id)
        .await
        .unwrap()
        .unwrap();
    let obstacles: Vec<_> = plan.conflicts.iter().map(|one| one.obstacle).collect();
    assert_eq!(
        obstacles,
        [Obstacle::UserNameTaken, Obstacle::GroupNameTaken]
    );
    assert_eq!(plan.conflicts[0].holder.as_ref().unwrap().0, local.user_id);

    let directories = &office.directories;
    let person = Member::Person(PersonId(local.user_id));
    let link = async |member, entry| {
        directories
            .link(&office.actor, office.id, (member, entry))
            .await
            .unwrap()
    };
    assert_eq!(link(person, "id-p2").await, Linked::EntryTaken);
    assert_eq!(link(person, "id-p1").await, Linked::Done);
    assert_eq!(
        link(Member::Group(staff), "group-staff").await,
        Linked::Done
    );
    let counts = office.done().await;
    assert_eq!(
        (counts.updated, counts.groups_changed, counts.conflicts),
        (1, 1, 0)
    );
    assert_eq!(office.house.person(&local).await.display_name, "Person p1");
    assert_eq!(office.house.person(&local).await.state, State::Active);
    assert_eq!(office.groups().await["staff"], ["p1", "p2"]);

    let unlinked = directories
        .unlink(&office.actor, office.id, person)
        .await
        .unwrap();
    assert_eq!(unlinked, Linked::Done);
    let deciding = directories.deciding_about(PersonId(local.user_id));
    assert_eq!(deciding.await.unwrap(), (vec![], vec![]));
    office.ldap.change(&delete("p1"));
    assert_eq!(office.done().await.suspended, 0);
    assert_eq!(office.house.person(&local).await.state, State::Active);
}

#[tokio::test]
async fn a_run_that_takes_too_much_asks_and_does_exactly_what_was_approved() {
    let office = Office::new(&people(30)).await;
    office.done().await;
    let gone: String = (1..=12)
        .map(|number| delete(&format!("p{number}")))
        .collect();
    office.ldap.change(&gone);
    let stopped = office.run(false).await;
    assert_eq!(
        (stopped.state, stopped.counts.suspended),
        (RunState::Stopped, 12)
    );
    assert_eq!(office.state("p1").await, State::Invited, "nothing was done");
    let digest = stopped.digest.clone().unwrap();
    let decide = async |run: Uuid, digest: &[u8], approve| {
        let which = (office.id, run, digest);
        office
            .directories
            .decide(&office.actor, which, approve)
            .await
            .unwrap()
    };
    assert_eq!(decide(stopped.id, &[0; 32], true).await, Asked::Stale);

    // By the time of the approval more are gone: that was not approved.
    office.ldap.change(&delete("p13"));
    assert_eq!(decide(stopped.id, &digest, true).await, Asked::Done);
    let other = office.next(Some(stopped.id)).await;
    assert_eq!(
        (other.state, other.counts.suspended),
        (RunState::Stopped, 13)
    );
    assert_eq!(office.state("p1").await, State::Invited);
    let runs = office.directories.runs(office.id).await.unwrap();
    assert_eq!(runs[1].state, RunState::Superseded);
    assert_eq!(decide(stopped.id, &digest, true).await, Asked::Stale);

    let digest = other.digest.clone().unwrap();
    assert_eq!(decide(other.id, &digest, false).await, Asked::Done);
    let third = office.run(false).await;
    assert_eq!(third.state, RunState::Stopped, "discarded is not done");
    assert_eq!(decide(third.id, &digest, true).await, Asked::Done);
    let done = office.next(Some(third.id)).await;
    assert_eq!((done.state, done.counts.suspended), (RunState::Done, 13));
    assert_eq!(office.state("p1").await, State::Suspended);
    assert_eq!(office.state("p14").await, State::Invited);
    // An approval is good for once.
    let back: String = (1..=13)
        .map(|number| person(&format!("p{number}")))
        .collect();
    office.ldap.change(&back);
    assert_eq!(office.done().await.reinstated, 13);
    office.ldap.change(&(gone + &delete("p13")));
    assert_eq!(office.run(false).await.state, RunState::Stopped);
}

#[tokio::test]
async fn a_directory_that_fails_changes_nothing_and_says_why() {
    let office = Office::new(&people(3)).await;
    office.done().await;
    office.ldap.change(&(delete("p1") + &person("p9")));
    office.ldap.change(&set("p2", "ipaUniqueID", "id-p3"));
    let run = office.run(false).await;
    assert_eq!(run.state, RunState::Failed);
    assert_eq!(
        (run.failure.step.as_str(), run.failure.why.as_str()),
        ("people", "duplicate-id")
    );
    office.ldap.kill().await;
    let run = office.run(false).await;
    assert_eq!(
        (run.failure.step.as_str(), run.failure.why.as_str()),
        ("connect", "unreachable")
    );
    office.ldap.start().await;
    assert_eq!(office.state("p1").await, State::Invited);
    assert!(office.find("p9").await.is_none());

    let mut settings = settings(&office.ldap);
    settings.every_minutes = 5;
    let version = office.directories.find(office.id).await.unwrap().version;
    let wrong = Some("another canary".into());
    let which = (office.id, version);
    let kept = office
        .directories
        .change(&office.actor, which, settings.clone(), wrong)
        .await;
    assert_eq!(kept.unwrap(), Kept::Done);
    let run = office.run(false).await;
    assert_eq!(run.failure.why, "wrong-password");
    let stale = office
        .directories
        .change(&office.actor, which, settings, None)
        .await;
    assert_eq!(stale.unwrap(), Kept::Stale);
}

#[tokio::test]
async fn the_password_is_kept_sealed_and_not_sent_elsewhere() {
    let office = Office::new("").await;
    let kept = office.directories.find(office.id).await.unwrap();
    let sealed = kept.sealed.unwrap();
    let holds = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"canary");
    assert!(!holds(&sealed));
    let sql = "SELECT count(*) FROM audit WHERE changes::text LIKE '%canary%'";
    assert_eq!(office.count(sql).await, 0);
    // Saved without a password, the account keeps it; for another server it has to be typed again.
    let mut settings = settings(&office.ldap);
    settings.name = Line::required("Other name").unwrap();
    let change = async |settings: &Settings, version| {
        let which = (office.id, version);
        let change = office
            .directories
            .change(&office.actor, which, settings.clone(), None);
        change.await.unwrap()
    };
    assert_eq!(change(&settings, 1).await, Kept::Done);
    let kept = office.directories.find(office.id).await.unwrap();
    assert_eq!(kept.sealed, Some(sealed));
    settings.host = "localhost".to_owned();
    assert_eq!(change(&settings, 2).await, Kept::NoPassword);
    let new = DirectoryId(Uuid::now_v7());
    let added = office
        .directories
        .add(&office.actor, new, settings.clone(), None);
    assert_eq!(added.await.unwrap(), Kept::NoPassword);
    let probe = office
        .directories
        .probe(office.id, &settings, None)
        .await
        .unwrap()
        .unwrap();
    // To "localhost" nothing is sent: the certificate is for the address, and the password would not be there.
    assert!(probe.failure().is_some());
}

#[tokio::test]
async fn of_two_thousand_only_what_changed_is_written() {
    let office = Office::new(&people(2_000)).await;
    // As after a first run, which takes a while for so many.
    let client = office.house.db.client().await.unwrap();
    let add = "INSERT INTO people (id, username, email, display_name, family_name, role, state, created_at, updated_at) \
         SELECT gen_random_uuid(), 'p' || n, 'p' || n || '@example.org', 'Person p' || n, 'p' || n, 'user', 'active', \
         now(), now() FROM generate_series(1, 2000) n";
    client.execute(add, &[]).await.unwrap();
    let link = "INSERT INTO provisioned_people (client_id, person_id, external_id) \
         SELECT $1, id, 'id-' || username FROM people WHERE username ~ '^p[0-9]'";
    client.execute(link, &[&office.id.0]).await.unwrap();
    drop(client);
    assert_eq!(office.done().await, Counts::default());
    let changed: String = (1..=20)
        .map(|number| set(&format!("p{number}"), "title", "Engineer"))
        .collect();
    office.ldap.change(&changed);
    let version = "SELECT sum(version)::bigint FROM people";
    let events = "SELECT count(*) FROM audit";
    let before = (office.count(version).await, office.count(events).await);
    let run = office.run(false).await;
    assert_eq!(
        run.counts,
        Counts {
            updated: 20,
            ..Counts::default()
        }
    );
    let after = (office.count(version).await, office.count(events).await);
    assert_eq!((after.0 - before.0, after.1 - before.1), (20, 20));
    let by_run = format!("SELECT count(*) FROM audit WHERE request_id = '{}'", run.id);
    assert_eq!(office.count(&by_run).await, 20);
}

#[tokio::test]
async fn a_run_that_died_is_said_to_and_the_next_goes_on() {
    let office = Office::new(&people(3)).await;
    let client = office.house.db.client().await.unwrap();
    let died = Uuid::now_v7();
    let sql = "INSERT INTO directory_runs (id, directory_id, state, started_at, counts) \
         VALUES ($1, $2, 'running', now() - interval '1 hour', '{}')";
    client.execute(sql, &[&died, &office.id.0]).await.unwrap();
    drop(client);
    assert_eq!(office.done().await.created, 3);
    let runs = office.directories.runs(office.id).await.unwrap();
    let former = runs.iter().find(|run| run.id == died).unwrap();
    assert_eq!(
        (former.state, former.failure.why.as_str()),
        (RunState::Failed, "interrupted")
    );
}

#[tokio::test]
async fn the_schedule_reads_it_by_itself() {
    let office = Office::new(&people(1)).await;
    let mut settings = settings(&office.ldap);
    settings.every_minutes = 5;
    let change = office
        .directories
        .change(&office.actor, (office.id, 1), settings, None);
    assert_eq!(change.await.unwrap(), Kept::Done);
    let due = async || {
        let client = office.house.db.client().await.unwrap();
        let now = office.house.world.clock.now();
        app_accounts::store::source::directories_due(&client, now)
            .await
            .unwrap()
    };
    assert_eq!(due().await, [office.id]);
    office.done().await;
    assert_eq!(due().await, []);
    let client = office.house.db.client().await.unwrap();
    let sql = "UPDATE directory_runs SET started_at = started_at - interval '5 minutes'";
    client.execute(sql, &[]).await.unwrap();
    assert_eq!(due().await, [office.id]);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let office = Office::new(&people(2)).await;
    office.done().await;
    let first = office.find("p1").await.unwrap();
    let client = office.house.db.client().await.unwrap();
    let sql = "UPDATE people SET role = CASE WHEN username = 'p1' THEN 'admin' ELSE 'user' END, \
         state = 'active'";
    client.execute(sql, &[]).await.unwrap();
    drop(client);
    office.ldap.change(&delete("p1"));
    let counts = office.done().await;
    assert_eq!((counts.suspended, counts.conflicts), (0, 1));
    let client = office.house.db.client().await.unwrap();
    let now = person_find(&client, first.id).await.unwrap().unwrap();
    assert_eq!((now.role, now.state), (Role::Admin, State::Active));
}
