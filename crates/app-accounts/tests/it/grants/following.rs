//! What apps remember, and that they hear of changes; and what they say while accounts is away.

use platform::grants::{Level, Outcome};
use platform::{Class, Classify as _, Clock};
use platform_pg::GenericClient as _;

use super::{by_app, grants_of, introduced, note, person, set};
use crate::house::House;

/// With a clock that stands still: what is remembered is not forgotten by the time.
async fn timeless() -> House {
    House::at(Clock::manual(Clock::system().now())).await
}

#[tokio::test]
async fn a_level_is_remembered_until_accounts_tells_of_a_change() {
    let house = timeless().await;
    let (one, other) = (grants_of(&house, "notes"), grants_of(&house, "notes"));
    let user = introduced(&house, &house.user);
    by_app(&one, &note("1"), &set(person(&house.user), Level::Read)).await;
    let client = house.db.client().await.unwrap();
    // Behind everybody's back: whoever remembers does not see it. From when on they do is theirs to say.
    let behind = async |level: i16| {
        let sql = "UPDATE grants SET level = $1";
        client.execute(sql, &[&level]).await.unwrap();
    };
    let level = async || other.level(&user, &note("1")).await.unwrap();
    testkit::eventually("the level is remembered", async || {
        behind(1).await;
        level().await;
        behind(2).await;
        level().await == Some(Level::Read)
    })
    .await;
    // The one app instance changes it; the other hears of it.
    by_app(&one, &note("1"), &set(person(&house.user), Level::Admin)).await;
    testkit::eventually("the change is heard of", async || {
        level().await == Some(Level::Admin)
    })
    .await;
}

#[tokio::test]
async fn another_instance_of_accounts_hears_of_changes_too() {
    let house = timeless().await;
    let _second = house.world.add(app_accounts::app()).await;
    // Streams and calls go to the instances in turn: of two clients each has another one to hear from.
    let clients = [(); 4].map(|()| grants_of(&house, "notes"));
    let user = introduced(&house, &house.user);
    let mut levels = [Level::Read, Level::Write].into_iter().cycle();
    for _ in 0..4 {
        let next = levels.next().unwrap();
        let change = set(person(&house.user), next);
        by_app(&clients[0], &note("1"), &change).await;
        for grants in &clients {
            testkit::eventually("everybody hears of it", async || {
                grants.level(&user, &note("1")).await.unwrap() == Some(next)
            })
            .await;
        }
    }
}

#[tokio::test]
async fn while_accounts_is_away_nobody_gets_in_and_nobody_is_refused() {
    let world = testkit::Setup::new().start().await;
    let grants = rpc::grants::follow(&world.boot("notes"));
    let who = testkit::user();
    let app = platform::AppId::new("notes").unwrap();
    let assertion = platform::identity::Assertion::verified(world.assertion(&app, &who));
    let who = platform::Introduced::person(who, assertion);
    let error = grants.require(&who, &note("1"), Level::Read).await;
    let (class, code) = error.unwrap_err().outcome();
    assert_eq!((class, code), (Class::Unavailable, "grants.unavailable"));
    let error = grants
        .own(&note("1"), platform::grants::Grantee::Public)
        .await;
    assert_eq!(error.unwrap_err().outcome().0, Class::Unavailable);
}

#[tokio::test]
async fn a_refusal_says_what_is_missing() {
    let house = House::new().await;
    let grants = grants_of(&house, "notes");
    let user = introduced(&house, &house.user);
    let class = async |who: &platform::Introduced, wanted| {
        let answer = grants.require(who, &note("1"), wanted).await;
        answer.map_err(|error| error.outcome().0)
    };
    assert_eq!(class(&user, Level::Read).await, Err(Class::NotFound));
    let nobody = platform::Introduced::nobody();
    assert_eq!(
        class(&nobody, Level::Read).await,
        Err(Class::Unauthenticated)
    );
    let done = grants.own(&note("1"), person(&house.admin)).await;
    assert_eq!(done.unwrap(), Outcome::Done);
    by_app(&grants, &note("1"), &set(person(&house.user), Level::Write)).await;
    assert_eq!(class(&user, Level::Write).await, Ok(Level::Write));
    assert_eq!(class(&user, Level::Admin).await, Err(Class::Forbidden));
}
