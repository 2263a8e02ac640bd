//! Who may do what with the things of apps: over gRPC, as apps ask.

mod following;
mod pickers;
mod sharing;

use std::collections::HashMap;

use platform::grants::{Change, Grantee, Level, Outcome, Recipient, Refusal, Resource};
use platform::identity::Assertion;
use platform::{AppId, Introduced, Principal};
use platform_pg::GenericClient as _;
use rpc::grants::Grants;
use serde_json::Value;
use uuid::Uuid;

use crate::groups::{add, create, id_of};
use crate::house::House;

/// The grants of an app's things, as the app `name` sees them.
pub(crate) fn grants_of(house: &House, name: &str) -> Grants {
    rpc::grants::follow(&house.world.boot(name))
}

/// Somebody at the app `name`.
pub(crate) fn at(house: &House, name: &str, who: &Principal) -> Introduced {
    let app = AppId::new(name).unwrap();
    Introduced::person(
        who.clone(),
        Assertion::verified(house.world.assertion(&app, who)),
    )
}

/// Somebody at the app `notes`.
pub(crate) fn introduced(house: &House, who: &Principal) -> Introduced {
    at(house, "notes", who)
}

pub(crate) fn note(id: &str) -> Resource {
    Resource::new("note", id).unwrap()
}

pub(crate) fn person(who: &Principal) -> Grantee {
    Grantee::Person(who.user_id)
}

pub(crate) fn set(to: Grantee, level: Level) -> Change {
    Change::Set {
        to: Recipient::Known(to),
        level,
        ends_at: None,
    }
}

pub(crate) fn typed(to: &str, level: Level) -> Change {
    Change::Set {
        to: Recipient::Typed(to.to_owned()),
        level,
        ends_at: None,
    }
}

/// Changes as the app itself.
pub(crate) async fn by_app(grants: &Grants, thing: &Resource, change: &Change) {
    let done = grants.change_as_app(thing, change).await;
    assert_eq!(done.unwrap(), Outcome::Done, "{change:?}");
}

/// A group with somebody in it, as a grantee.
pub(crate) async fn group(house: &House, name: &str, members: &[&Principal]) -> Grantee {
    let browser = house.administrator();
    let mut page = create(&browser, name).await;
    for member in members {
        page = add(&browser, &page, "person", &member.username).await;
    }
    Grantee::Group(Uuid::parse_str(&id_of(&page)).unwrap())
}

/// Puts a group into another.
async fn nest(house: &House, outer: Grantee, inner: Grantee, ends_at: Option<jiff::Timestamp>) {
    let client = house.db.client().await.unwrap();
    let sql = "INSERT INTO group_groups (group_id, member_id, added_at, ends_at) VALUES ($1, $2, now(), $3)";
    let (outer, inner) = (outer.id().unwrap(), inner.id().unwrap());
    client
        .execute(sql, &[&outer, &inner, &ends_at])
        .await
        .unwrap();
}

/// What the audit has of grants: action, outcome, who, what, and changes, the oldest first.
pub(crate) async fn audited(house: &House) -> Vec<(String, String, String, String, Value)> {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT action, outcome, actor_name, target_name, changes FROM audit WHERE target_kind = 'grant' ORDER BY id";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.get("action"),
                row.get("outcome"),
                row.get("actor_name"),
                row.get("target_name"),
                row.get("changes"),
            )
        })
        .collect()
}

#[tokio::test]
async fn of_all_that_is_granted_the_highest_counts() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let inner = group(&house, "Inner", &[&house.user]).await;
    let outer = group(&house, "Outer", &[]).await;
    nest(&house, outer, inner, None).await;
    let robot = testkit::person("robot", platform::Role::User);
    let robot = Principal {
        is_service: true,
        scopes: vec!["notes:read".to_owned()],
        ..robot
    };
    let other = house.member("mia", platform::Role::User).await;
    for (id, to, level) in [
        ("all", Grantee::Public, Level::Read),
        ("all", Grantee::SignedIn, Level::Write),
        ("all", outer, Level::Admin),
        ("all", person(&house.user), Level::Read),
        ("all", Grantee::Service(robot.user_id), Level::Write),
        ("nested", outer, Level::Write),
        ("open", Grantee::Public, Level::Write),
        ("open", person(&house.user), Level::Read),
        ("inside", Grantee::SignedIn, Level::Read),
        ("other", person(&other), Level::Admin),
    ] {
        by_app(&grants, &note(id), &set(to, level)).await;
    }
    let ids = ["all", "nested", "open", "inside", "other", "none"].map(str::to_owned);
    let of = async |who: Introduced| {
        let levels = grants.levels(&who, "note", &ids).await.unwrap();
        let mut levels: Vec<_> = levels.into_iter().collect();
        levels.sort();
        levels
    };
    let expected = |levels: &[(&str, Level)]| {
        let mut levels: Vec<_> = levels
            .iter()
            .map(|(id, level)| ((*id).to_owned(), *level))
            .collect();
        levels.sort();
        levels
    };
    assert_eq!(
        of(introduced(&house, &house.user)).await,
        expected(&[
            ("all", Level::Admin),
            ("nested", Level::Write),
            ("open", Level::Write),
            ("inside", Level::Read)
        ])
    );
    assert_eq!(
        of(introduced(&house, &other)).await,
        expected(&[
            ("all", Level::Write),
            ("open", Level::Write),
            ("inside", Level::Read),
            ("other", Level::Admin)
        ])
    );
    assert_eq!(
        of(introduced(&house, &robot)).await,
        expected(&[("all", Level::Write), ("open", Level::Write)]),
        "what is for people who sign in is not for programs"
    );
    assert_eq!(
        of(Introduced::nobody()).await,
        expected(&[("all", Level::Read), ("open", Level::Write)])
    );
    let things = Resource::new("list", "all").unwrap();
    let user = introduced(&house, &house.user);
    let level = grants.level(&user, &things).await.unwrap();
    assert_eq!(level, None, "another kind");
}

#[tokio::test]
async fn who_is_suspended_has_nothing() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    by_app(&grants, &note("1"), &set(person(&house.user), Level::Admin)).await;
    by_app(&grants, &note("1"), &set(Grantee::Public, Level::Read)).await;
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET state = 'disabled' WHERE id = $1";
    client.execute(sql, &[&house.user.user_id]).await.unwrap();
    let user = introduced(&house, &house.user);
    // Asked for as another session would: nothing of it is remembered.
    let fresh = grants_of(&house, "notes");
    assert_eq!(fresh.level(&user, &note("1")).await.unwrap(), None);
    let reached = fresh.reachable(&user, "note", Level::Read, None).await;
    assert!(reached.unwrap().resources.is_empty());
    let change = set(Grantee::SignedIn, Level::Read);
    let refused = fresh.change(&user, &note("1"), &change).await.unwrap();
    assert_eq!(refused, Outcome::Refused(Refusal::NotAdmin));
}

#[tokio::test]
async fn what_has_ended_counts_no_more() {
    let clock = platform::Clock::manual(platform::Clock::system().now());
    let house = House::at(clock).await;
    let grants = grants_of(&house, "notes");
    let inner = group(&house, "Inner", &[&house.user]).await;
    let outer = group(&house, "Outer", &[]).await;
    let hour = jiff::SignedDuration::from_hours(1);
    let soon = house.world.clock.now() + hour;
    nest(&house, outer, inner, Some(soon)).await;
    by_app(&grants, &note("group"), &set(outer, Level::Read)).await;
    let ending = Change::Set {
        to: Recipient::Known(person(&house.user)),
        level: Level::Write,
        ends_at: Some(soon),
    };
    by_app(&grants, &note("own"), &ending).await;
    let reached = async || {
        let user = introduced(&house, &house.user);
        let found = grants.reachable(&user, "note", Level::Read, None).await;
        found.unwrap().resources
    };
    let before = [
        ("group".to_owned(), Level::Read),
        ("own".to_owned(), Level::Write),
    ];
    assert_eq!(reached().await, before);
    let ids = ["group", "own"].map(str::to_owned);
    let levels = async || {
        let user = introduced(&house, &house.user);
        grants.levels(&user, "note", &ids).await.unwrap()
    };
    assert_eq!(levels().await, HashMap::from(before));
    house.world.clock.advance(hour);
    assert!(reached().await.is_empty());
    assert!(levels().await.is_empty(), "memory does not last that long");
    let past = Change::Set {
        to: Recipient::Known(person(&house.user)),
        level: Level::Write,
        ends_at: Some(soon),
    };
    let refused = grants.change_as_app(&note("own"), &past).await.unwrap();
    assert_eq!(refused, Outcome::Refused(Refusal::Past));
}

#[tokio::test]
async fn things_are_listed_by_pages() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let client = house.db.client().await.unwrap();
    let sql = "INSERT INTO grants (app_id, resource_kind, resource_id, grantee_kind, person_id, level, granted_at)
               SELECT 'notes', 'note', to_char(n, 'FM0000'), 'person', $1, CASE WHEN n % 2 = 0 THEN 3 ELSE 1 END, now()
               FROM generate_series(1, 450) n";
    client.execute(sql, &[&house.user.user_id]).await.unwrap();
    let user = introduced(&house, &house.user);
    let mut seen = Vec::new();
    let mut after = None;
    let mut pages = 0;
    loop {
        let page = grants.reachable(&user, "note", Level::Write, after.as_deref());
        let page = page.await.unwrap();
        assert!(page.resources.len() <= 200);
        seen.extend(page.resources);
        pages += 1;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (225, 2));
    assert!(seen.is_sorted());
    let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
    let error = grants.levels(&user, "note", &many).await.unwrap_err();
    assert!(matches!(error, rpc::grants::Error::TooManyAtOnce));
}

#[tokio::test]
async fn an_app_touches_its_own_things_alone() {
    let house = House::new().await;
    let (notes, other) = (grants_of(&house, "notes"), grants_of(&house, "tasks"));
    by_app(&notes, &note("1"), &set(person(&house.user), Level::Admin)).await;
    let there = at(&house, "tasks", &house.user);
    assert_eq!(other.level(&there, &note("1")).await.unwrap(), None);
    let refused = other.list(&there, &note("1")).await.unwrap_err();
    assert!(
        matches!(refused, rpc::grants::Error::Refused(_)),
        "{refused:?}"
    );
    other.forget(&note("1")).await.unwrap();
    let removed = other
        .change_as_app(&note("1"), &Change::Remove(person(&house.user)))
        .await;
    assert_eq!(removed.unwrap(), Outcome::Unchanged);
    // And whoever is at the one app is not at the other.
    let stolen = other
        .level(&introduced(&house, &house.user), &note("1"))
        .await;
    assert!(stolen.is_err(), "{stolen:?}");
    let here = introduced(&house, &house.user);
    assert_eq!(
        notes.level(&here, &note("1")).await.unwrap(),
        Some(Level::Admin)
    );
}
