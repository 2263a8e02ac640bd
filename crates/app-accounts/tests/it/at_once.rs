//! A thousand changes of one group, eight at a time: none is lost, and the others are told what is so in the end.

use std::sync::atomic::{AtomicUsize, Ordering};

use app_accounts::domain::group::GroupId;
use app_accounts::domain::joining::Joining;
use app_accounts::domain::membership::Member;
use app_accounts::domain::name::Line;
use app_accounts::domain::person::PersonId;
use app_accounts::service::actor::Actor;
use app_accounts::service::groups::{GroupChange, GroupEdit, Groups};
use app_accounts::service::memberships::{MemberChange, Memberships};
use app_accounts::store::membership::Span;
use platform_pg::GenericClient as _;
use uuid::Uuid;

use crate::house::House;

const PEOPLE: usize = 500;
const ONE: Span = Span {
    limit: 1,
    offset: 0,
};

/// A group inside another, and what it is changed by.
struct Busy {
    groups: Groups,
    memberships: Memberships,
    actor: Actor,
    outer: GroupId,
    inner: GroupId,
    people: Vec<PersonId>,
    turn: AtomicUsize,
}

impl Busy {
    async fn new(house: &House) -> Self {
        let (db, clock) = (house.db.clone(), house.world.clock.clone());
        let groups = Groups::new(db.clone(), clock.clone());
        let actor = Actor::platform("test");
        let (outer, inner) = (GroupId(Uuid::now_v7()), GroupId(Uuid::now_v7()));
        for (id, name) in [(outer, "Outer"), (inner, "Inner")] {
            let created = groups.create(&actor, id, &line(name), &line("0")).await;
            assert_eq!(created.unwrap(), GroupChange::Done);
        }
        let client = house.db.client().await.unwrap();
        let sql = "INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at) \
                   SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.org', 'Person ' || n, \
                          'user', 'active', now(), now() FROM generate_series(1, $1::int) AS n RETURNING id";
        let count = i32::try_from(PEOPLE).unwrap();
        let rows = client.query(sql, &[&count]).await.unwrap();
        Self {
            groups,
            memberships: Memberships::new(db, clock),
            actor,
            outer,
            inner,
            people: rows.iter().map(|row| PersonId(row.get("id"))).collect(),
            turn: AtomicUsize::new(0),
        }
    }

    /// Takes turns until there are no more: one member, one edit, and sometimes the group goes in or out.
    async fn work(&self) {
        loop {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let Some(person) = self.people.get(turn) else {
                return;
            };
            let member = Member::Person(*person);
            let added = self.memberships.add(&self.actor, self.inner, member, None);
            assert_eq!(added.await.unwrap(), MemberChange::Done);
            self.count_up().await;
            let inner = Member::Group(self.inner);
            if turn % 50 == 25 {
                let added = self.memberships.add(&self.actor, self.outer, inner, None);
                added.await.unwrap();
            } else if turn % 50 == 49 {
                let removed = self.memberships.remove(&self.actor, self.outer, inner);
                removed.await.unwrap();
            }
        }
    }

    /// Counts on from what was read, as often as somebody else was faster.
    async fn count_up(&self) {
        loop {
            let read = self.memberships.contents(self.inner, ONE).await;
            let group = read.unwrap().group;
            let next = group.description.parse::<u32>().unwrap() + 1;
            let which = (self.inner, group.version);
            let edit = GroupEdit::All {
                name: line("Inner"),
                description: line(&next.to_string()),
                joining: Joining::Closed,
            };
            let edited = self.groups.edit(&self.actor, which, &edit);
            match edited.await.unwrap() {
                GroupChange::Done => return,
                GroupChange::Stale => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

#[tokio::test]
async fn a_thousand_changes_of_one_group_lose_nothing() {
    let house = House::new().await;
    let busy = Busy::new(&house).await;
    tokio::join!(
        busy.work(),
        busy.work(),
        busy.work(),
        busy.work(),
        busy.work(),
        busy.work(),
        busy.work(),
        busy.work()
    );
    let group = busy.memberships.contents(busy.inner, ONE).await.unwrap();
    let count = i64::try_from(PEOPLE).unwrap();
    assert_eq!(group.group.description, count.to_string());
    assert_eq!(
        (group.group.version, group.group.people),
        (count + 1, count)
    );
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS wrong FROM people p WHERE username LIKE 'u%' AND p.version <> \
               (SELECT count(*) + 1 FROM outbox o WHERE o.subject = p.id::text)";
    let wrong: i64 = client.query_one(sql, &[]).await.unwrap().get("wrong");
    assert_eq!(wrong, 0, "one event for each version");
    let sql = "SELECT count(*) AS wrong FROM \
               (SELECT DISTINCT ON (subject) payload FROM outbox ORDER BY subject, position DESC) last \
               WHERE (position('Outer'::bytea IN payload) > 0) <> EXISTS (SELECT FROM group_groups)";
    let wrong: i64 = client.query_one(sql, &[]).await.unwrap().get("wrong");
    assert_eq!(wrong, 0, "the last word about each person is the truth");
}
