//! How long it takes to tell the effective groups of one person, with 10,000 people and 1,000 groups, eight deep.
//!
//! A real PostgreSQL. The groups lie in eight layers of 125; each is inside two groups of the next layer, and each
//! person is in five of the first. So a person is in hundreds of groups by thousands of ways, which is worse than
//! organisations are. Every tenth membership has an end. One question at a time, as a request asks it: through the
//! use case, a connection of the pool included. Run with `--release` for figures:
//!
//! ```text
//! cargo run --release -p app-accounts --example effective_groups -- [QUESTIONS]
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends with its failure and prints its figures"
)]

use std::time::{Duration, Instant};

use app_accounts::domain::group::GroupId;
use app_accounts::domain::person::PersonId;
use app_accounts::service::directory::Directory;
use app_accounts::service::memberships::Memberships;
use app_accounts::store::membership::Span;
use platform_pg::{Database, GenericClient as _};

/// What the plan asks for.
const TARGET: Duration = Duration::from_millis(20);
/// Questions of each kind, unless told otherwise.
const QUESTIONS: usize = 1_000;
/// Questions before it counts: statements are prepared and pages are read.
const WARM_UP: usize = 50;

const FILL: &str = "
    INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at)
    SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.org', 'Person ' || n, 'user', 'active', now(), now()
    FROM generate_series(0, 9999) AS n;
    INSERT INTO groups (id, name, created_at, updated_at)
    SELECT md5(n::text)::uuid, 'Group ' || n / 125 || '.' || n % 125, now(), now() FROM generate_series(0, 999) AS n;
    INSERT INTO group_groups (group_id, member_id, added_at, ends_at)
    SELECT md5((upper.layer * 125 + upper.place)::text)::uuid, md5(n::text)::uuid, now(),
           CASE WHEN n % 10 = 0 THEN now() + interval '1 day' END
    FROM generate_series(0, 874) AS n
    CROSS JOIN LATERAL (VALUES (n / 125 + 1, n % 125), (n / 125 + 1, (n % 125 * 7 + 3) % 125)) AS upper (layer, place)
    ON CONFLICT DO NOTHING;
    INSERT INTO group_people (group_id, person_id, added_at, ends_at)
    SELECT md5(((abs(hashtext(p.username)) + k * 31) % 125)::text)::uuid, p.id, now(),
           CASE WHEN k = 0 THEN now() + interval '1 day' END
    FROM people p CROSS JOIN generate_series(0, 4) AS k
    ON CONFLICT DO NOTHING;
    ANALYZE people; ANALYZE groups; ANALYZE group_people; ANALYZE group_groups;";

#[tokio::main]
async fn main() {
    let questions = std::env::args().nth(1);
    let questions = questions.map_or(QUESTIONS, |count| count.parse().unwrap());
    let world = testkit::Setup::new().start().await;
    let boot = world.boot("accounts");
    let config = platform_pg::config(&mut boot.environment.reader());
    let db = Database::connect(&boot, config, app_accounts::migrations())
        .await
        .unwrap();
    let client = db.client().await.unwrap();
    client.batch_execute(FILL).await.unwrap();
    let sql = "SELECT id FROM people ORDER BY hashtext(username)";
    let rows = client.query(sql, &[]).await.unwrap();
    let people = rows.iter().map(|row| PersonId(row.try_get("id").unwrap()));
    let people: Vec<PersonId> = people.collect();
    let sql = "SELECT id FROM groups WHERE name = 'Group 7.0'";
    let row = client.query_one(sql, &[]).await.unwrap();
    let top = GroupId(row.try_get("id").unwrap());
    drop(client);

    let directory = Directory::new(db.clone(), world.clock.clone());
    let memberships = Memberships::new(db, world.clock.clone());
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
    println!(
        "{} people, 1,000 groups, 8 deep; {} groups a person on average",
        people.len(),
        found / questions.max(1)
    );
    let reached = report("effective groups of one person", groups) <= TARGET;
    let outcome = if reached { "reached" } else { "missed" };
    println!("    target: p95 within {TARGET:?}: {outcome}");
    report("why a person is in a group", why);
    report("a page of everybody in a group", everybody);
}

/// Prints the percentiles and returns the 95th.
fn report(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = |share: usize| {
        let place = times.len() * share / 100;
        times.get(place).copied().unwrap_or_default()
    };
    let last = times.last().copied().unwrap_or_default();
    println!(
        "  {what:<32} p50 {:>8.2?}  p95 {:>8.2?}  p99 {:>8.2?}  max {last:>8.2?}",
        at(50),
        at(95),
        at(99)
    );
    at(95)
}
