//! Changing who may do what: who may, what must not get lost, and what is written down.

use app_accounts::domain::person::PersonId;
use app_accounts::store::purge::person_forget;
use platform::Role;
use platform::grants::{Change, Grantee, Level, Outcome, Recipient, Refusal};
use platform_pg::GenericClient as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{audited, by_app, grants_of, group, introduced, note, person, set, typed};
use crate::api::send;
use crate::house::House;

#[tokio::test]
async fn administrators_of_a_thing_share_it_and_nobody_else() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let mia = house.member("mia", Role::User).await;
    let (user, other) = (introduced(&house, &house.user), introduced(&house, &mia));
    grants.own(&note("1"), person(&house.user)).await.unwrap();
    let done = grants
        .change(&user, &note("1"), &typed(&mia.email, Level::Write))
        .await;
    assert_eq!(done.unwrap(), Outcome::Done);
    let again = grants
        .change(&user, &note("1"), &set(person(&mia), Level::Write))
        .await;
    assert_eq!(again.unwrap(), Outcome::Unchanged);
    let level = grants.level(&other, &note("1")).await.unwrap();
    assert_eq!(level, Some(Level::Write));

    let refused = grants
        .change(&other, &note("1"), &set(person(&mia), Level::Admin))
        .await;
    assert_eq!(refused.unwrap(), Outcome::Refused(Refusal::NotAdmin));
    let listed = grants.list(&other, &note("1")).await.unwrap_err();
    assert!(matches!(listed, rpc::grants::Error::Refused(_)));
    // An administrator of the platform is none of the thing.
    let admin = introduced(&house, &house.admin);
    let refused = grants
        .change(&admin, &note("1"), &set(Grantee::Public, Level::Read))
        .await;
    assert_eq!(refused.unwrap(), Outcome::Refused(Refusal::NotAdmin));

    let listed = grants.list(&user, &note("1")).await.unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|grant| (&*grant.name, grant.level, &*grant.granted_by))
        .collect();
    assert_eq!(
        listed,
        [("Ada", Level::Admin, ""), ("Mia", Level::Write, "Ada")]
    );
    let audit = audited(&house).await;
    let brief: Vec<_> = audit
        .iter()
        .map(|(action, outcome, who, what, _)| (&**action, &**outcome, &**who, &**what))
        .collect();
    let what = "notes/note/1";
    assert_eq!(
        brief,
        [
            ("grant.set", "done", "notes", what),
            ("grant.set", "done", "Ada", what),
            ("grant.set", "refused", "Mia", what),
            ("grant.listed", "refused", "Mia", what),
            ("grant.set", "refused", "Grace", what),
        ]
    );
    let expected = json!({ "person": mia.user_id, "name": "Mia", "level": ["", "write"] });
    assert_eq!(audit[1].4, expected);
    assert_eq!(audit[2].4["reason"], "grants.not_admin");
}

#[tokio::test]
async fn the_last_administrator_of_a_thing_cannot_go() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let user = introduced(&house, &house.user);
    let mia = house.member("mia", Role::User).await;
    grants.own(&note("1"), person(&house.user)).await.unwrap();
    let ends_at = Some(house.world.clock.now() + jiff::SignedDuration::from_hours(1));
    let for_a_while = |to| Change::Set {
        to: Recipient::Known(to),
        level: Level::Admin,
        ends_at,
    };
    let change = async |change: Change| grants.change(&user, &note("1"), &change).await.unwrap();
    assert_eq!(change(for_a_while(person(&mia))).await, Outcome::Done);
    for (what, asked) in [
        ("removed", Change::Remove(person(&house.user))),
        ("lowered", set(person(&house.user), Level::Write)),
        ("ended", for_a_while(person(&house.user))),
    ] {
        let refused = Outcome::Refused(Refusal::LastAdmin);
        assert_eq!(change(asked).await, refused, "{what}");
    }
    // The app's own word does not help either.
    let removal = Change::Remove(person(&house.user));
    let refused = grants.change_as_app(&note("1"), &removal).await.unwrap();
    assert_eq!(refused, Outcome::Refused(Refusal::LastAdmin));
    let reason = audited(&house).await.pop().unwrap().4;
    assert_eq!(reason["reason"], "grants.last_admin");

    let everybody = change(set(Grantee::SignedIn, Level::Admin)).await;
    assert_eq!(everybody, Outcome::Refused(Refusal::TooOpen));
    assert_eq!(change(set(person(&mia), Level::Admin)).await, Outcome::Done);
    assert_eq!(change(removal).await, Outcome::Done);
    assert_eq!(grants.level(&user, &note("1")).await.unwrap(), None);
    grants.forget(&note("1")).await.unwrap();
    let level = grants.level(&introduced(&house, &mia), &note("1")).await;
    assert_eq!(level.unwrap(), None);
    let forgotten = audited(&house).await.pop().unwrap();
    assert_eq!(
        (&*forgotten.0, &forgotten.4["grants"]),
        ("grant.forgotten", &json!(1))
    );
}

#[tokio::test]
async fn two_administrators_cannot_leave_at_the_same_moment() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let mia = house.member("mia", Role::User).await;
    for round in 0..5 {
        let thing = note(&round.to_string());
        for who in [&house.user, &mia] {
            by_app(&grants, &thing, &set(person(who), Level::Admin)).await;
        }
        let leave = async |who| {
            let asked = introduced(&house, who);
            let removal = Change::Remove(person(who));
            grants.change(&asked, &thing, &removal).await.unwrap()
        };
        let (one, other) = tokio::join!(leave(&house.user), leave(&mia));
        let left = [one, other]
            .iter()
            .filter(|outcome| **outcome == Outcome::Done)
            .count();
        assert_eq!(left, 1, "{one:?} {other:?}");
    }
}

#[tokio::test]
async fn a_thing_has_a_bounded_number_of_grants() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let client = house.db.client().await.unwrap();
    let sql = "INSERT INTO grants (app_id, resource_kind, resource_id, grantee_kind, service_id, level, granted_at)
               SELECT 'notes', 'note', '1', 'service', gen_random_uuid(), 1, now() FROM generate_series(1, 200)";
    client.execute(sql, &[]).await.unwrap();
    let one_more = set(person(&house.user), Level::Read);
    let refused = grants.change_as_app(&note("1"), &one_more).await.unwrap();
    assert_eq!(refused, Outcome::Refused(Refusal::TooMany));
    // What has ended makes room.
    let sql = "UPDATE grants SET ends_at = now() - interval '1 second' WHERE grantee_id IN (SELECT grantee_id FROM grants LIMIT 1)";
    client.execute(sql, &[]).await.unwrap();
    by_app(&grants, &note("1"), &one_more).await;
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_grants_and_no_name() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let mia = house.member("mia", Role::User).await;
    let engineers = group(&house, "Engineers", &[&house.user]).await;
    grants.own(&note("1"), person(&house.user)).await.unwrap();
    for change in [
        set(person(&mia), Level::Admin),
        set(engineers, Level::Write),
    ] {
        let done = grants
            .change(&introduced(&house, &house.user), &note("1"), &change)
            .await;
        assert_eq!(done.unwrap(), Outcome::Done);
    }
    let named = |audit: &[(String, String, String, String, Value)]| {
        audit.iter().any(|entry| entry.4["name"] == "Ada")
    };
    assert!(named(&audited(&house).await));
    let browser = house.administrator();
    let path = format!("/api/accounts/groups/{}", engineers.id().unwrap());
    let group = browser.get(&path).await;
    let tag = group.header("etag").to_owned();
    let deleted = send(
        &browser,
        reqwest::Method::DELETE,
        &path,
        Some(&tag),
        &json!(null),
    )
    .await;
    assert_eq!(deleted.status(), 204);
    let client = house.db.client().await.unwrap();
    let (id, now) = (PersonId(house.user.user_id), house.world.clock.now());
    person_forget(&client, id, now).await.unwrap();
    let left = grants.list(&introduced(&house, &mia), &note("1")).await;
    let left = left.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!((left[0].grantee, &*left[0].granted_by), (person(&mia), ""));
    assert!(!named(&audited(&house).await));
}

#[tokio::test]
async fn a_person_shares_with_those_alone_whom_they_may_find() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let gus = house.member("gus", Role::Guest).await;
    let closed = group(&house, "Closed", &[]).await;
    let own = group(&house, "Own", &[&gus]).await;
    grants.own(&note("1"), person(&gus)).await.unwrap();
    let guest = introduced(&house, &gus);
    let change = async |change: Change| grants.change(&guest, &note("1"), &change).await.unwrap();
    let unknown = Outcome::Refused(Refusal::Unknown);
    // Somebody who is there, and nobody: one answer.
    for asked in [
        typed(&house.user.username, Level::Read),
        typed(&house.user.email, Level::Read),
        set(person(&house.user), Level::Read),
        typed("nobody", Level::Read),
        set(Grantee::Person(Uuid::from_u128(1)), Level::Read),
        typed("@Closed", Level::Read),
        typed("Closed", Level::Read),
        set(closed, Level::Read),
        typed("@Nothing", Level::Read),
        set(Grantee::Service(Uuid::from_u128(1)), Level::Read),
    ] {
        assert_eq!(change(asked.clone()).await, unknown, "{asked:?}");
    }
    assert_eq!(change(typed("@own", Level::Read)).await, Outcome::Done);
    assert_eq!(change(set(own, Level::Write)).await, Outcome::Done);
    // Whom somebody else put there is found where they are.
    by_app(&grants, &note("1"), &set(closed, Level::Read)).await;
    assert_eq!(change(set(closed, Level::Write)).await, Outcome::Done);

    grants.own(&note("2"), person(&house.user)).await.unwrap();
    let member = introduced(&house, &house.user);
    let change = async |change: Change| grants.change(&member, &note("2"), &change).await.unwrap();
    assert_eq!(change(typed("@closed", Level::Read)).await, unknown);
    assert_eq!(change(typed("gus", Level::Read)).await, Outcome::Done);
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE groups SET joining = 'request' WHERE name = 'Closed'";
    client.execute(sql, &[]).await.unwrap();
    assert_eq!(change(typed("@closed", Level::Read)).await, Outcome::Done);
}
