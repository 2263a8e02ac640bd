//! Which groups a person is in, and why; through the use case, a connection of the pool included.

use std::time::{Duration, Instant};

use app_accounts::domain::group::GroupId;
use app_accounts::domain::person::PersonId;
use app_accounts::service::directory::Directory;
use app_accounts::service::memberships::Memberships;
use app_accounts::store::membership::Span;
use platform_pg::GenericClient as _;

use crate::house::House;
use crate::say;
use crate::town::{DEPTH, group_name};

/// What the plan promises for one person.
const TARGET: Duration = Duration::from_millis(20);
/// Questions before it counts: statements are prepared and pages are read.
const WARM_UP: usize = 50;

pub(crate) async fn measure(house: &House, questions: usize) {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT id FROM people ORDER BY hashtext(username) LIMIT 5000";
    let rows = client.query(sql, &[]).await.unwrap();
    let people = rows.iter().map(|row| PersonId(row.try_get("id").unwrap()));
    let people: Vec<PersonId> = people.collect();
    let sql = "SELECT id FROM groups WHERE name = $1";
    let top = group_name(DEPTH - 1, 0);
    let row = client.query_one(sql, &[&top]).await.unwrap();
    let top = GroupId(row.try_get("id").unwrap());
    drop(client);

    let directory = Directory::new(house.db.clone(), house.world.clock.clone());
    let memberships = Memberships::new(house.db.clone(), house.world.clock.clone());
    let (mut groups, mut why, mut found) = (Vec::new(), Vec::new(), 0);
    for (turn, person) in people.iter().cycle().take(WARM_UP + questions).enumerate() {
        let begun = Instant::now();
        let count = directory.groups(*person).await.unwrap().len();
        let first = begun.elapsed();
        let begun = Instant::now();
        memberships.why(top, *person).await.unwrap();
        if turn >= WARM_UP {
            groups.push(first);
            why.push(begun.elapsed());
            found += count;
        }
    }
    let mut everybody = Vec::new();
    for page in 0..20 {
        let span = Span {
            limit: 25,
            offset: page * 25,
        };
        let begun = Instant::now();
        memberships.everybody(top, None, span).await.unwrap();
        everybody.push(begun.elapsed());
    }
    println!("{} groups a person on average", found / questions.max(1));
    say("effective groups of one person", groups, Some(TARGET));
    say("why a person is in a group", why, None);
    say("a page of everybody in a group", everybody, None);
}
