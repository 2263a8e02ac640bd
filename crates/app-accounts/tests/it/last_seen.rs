//! When people were last seen, as auth tells it, and the report of accounts nobody uses.

use app_accounts::domain::person::State;
use jiff::{SignedDuration, Timestamp};
use platform::{Clock, Principal, Role};
use platform_pg::GenericClient as _;
use testkit::eventually;
use uuid::Uuid;

use crate::house::House;

const CYCLE: &str = "/admin/accounts/life-cycle";
const REPORT: &str = "/admin/accounts/life-cycle/dormant";
const PEOPLE: &str = "/api/accounts/people";

async fn house() -> House {
    let now = Clock::system().now().round(jiff::Unit::Second).unwrap();
    House::at(Clock::manual(now)).await
}

fn ago(house: &House, days: i64) -> Timestamp {
    house.world.clock.now() - SignedDuration::from_hours(24 * days)
}

/// Auth says from now on that these people were seen so many days ago.
fn seen(house: &House, people: &[(&Principal, i64)]) {
    let seen = people
        .iter()
        .map(|(who, days)| (who.user_id, ago(house, *days).as_second()));
    *house.peer.seen.lock().unwrap() = Some(seen.collect());
}

async fn known_at(house: &House) -> Option<Timestamp> {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT known_at FROM last_seen_heard";
    let row = client.query_opt(sql, &[]).await.unwrap();
    row.map(|row| row.get("known_at"))
}

/// Lets the schedule ask auth at this moment.
async fn hear(house: &House) {
    house.world.clock.advance(SignedDuration::from_hours(1));
    let now = house.world.clock.now();
    eventually("auth was asked", async || {
        known_at(house).await.is_some_and(|at| at >= now)
    })
    .await;
}

/// Lets somebody have been added so many days ago.
async fn added(house: &House, who: &Principal, days: i64) {
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET created_at = $2 WHERE id = $1";
    let at = ago(house, days);
    client.execute(sql, &[&who.user_id, &at]).await.unwrap();
}

async fn last_seen(house: &House, who: &Principal) -> Option<Timestamp> {
    let path = format!("{PEOPLE}/{}", who.user_id);
    let person = house.administrator().get(&path).await.json();
    let at = person["last_seen_at"].as_str()?;
    Some(at.parse().unwrap())
}

/// User names that a list of the API names.
async fn names(house: &House, query: &str) -> Vec<String> {
    let path = format!("{PEOPLE}?{query}");
    let list = house.administrator().get(&path).await.json();
    let people = list["people"].as_array().unwrap().clone();
    people
        .iter()
        .map(|person| person["username"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_auth_tells_is_kept_and_only_goes_forward() {
    let house = house().await;
    let mut people = Vec::new();
    for name in ["ben", "cleo", "dora", "emil"] {
        people.push(house.member(name, Role::User).await);
    }
    let stranger = testkit::person("nobody", Role::User);
    let mut told: Vec<_> = people.iter().zip(2..).collect();
    told.push((&stranger, 1));
    seen(&house, &told);
    let expected: Vec<_> = told.iter().map(|(_, days)| ago(&house, *days)).collect();
    hear(&house).await;
    // There are more of them than an answer holds.
    for (who, at) in people.iter().zip(&expected) {
        assert_eq!(last_seen(&house, who).await, Some(*at), "{}", who.username);
    }
    assert_eq!(last_seen(&house, &house.user).await, None);

    // What was seen last in the hour to come is told, and then what was a little before and comes late.
    let ben = people.first().unwrap();
    let now = house.world.clock.now();
    let later = |minutes| now + SignedDuration::from_mins(minutes);
    for minutes in [59, 55] {
        let told = vec![(ben.user_id, later(minutes).as_second())];
        *house.peer.seen.lock().unwrap() = Some(told);
        hear(&house).await;
        let asked = house.peer.asked_seen.lock().unwrap().last().unwrap().since;
        assert!(asked <= later(minutes).as_second(), "it is told");
        assert_eq!(last_seen(&house, ben).await, Some(later(59)));
    }
}

#[tokio::test]
async fn only_what_is_new_is_asked_for_and_a_little_again() {
    let house = house().await;
    seen(&house, &[]);
    hear(&house).await;
    let known = known_at(&house).await.unwrap();
    hear(&house).await;
    let asked = house.peer.asked_seen.lock().unwrap().clone();
    let overlap = SignedDuration::from_mins(10);
    assert_eq!(asked.last().unwrap().since, (known - overlap).as_second());
    assert!(asked.iter().any(|request| request.since == 0), "once all");
}

#[tokio::test]
async fn whoever_is_away_for_long_is_reported_longest_first() {
    let house = house().await;
    let recent = house.member("recent", Role::User).await;
    let away = house.member("away", Role::User).await;
    let longer = house.member("longer", Role::Guest).await;
    let never = house.member("never", Role::User).await;
    let fresh = house.member("fresh", Role::User).await;
    let gone = testkit::person("gone", Role::User);
    house.add(&gone, State::Suspended).await;
    for who in [&recent, &away, &longer, &never, &gone] {
        added(&house, who, 400).await;
    }
    let told = [(&recent, 89), (&away, 91), (&longer, 200), (&gone, 300)];
    seen(&house, &told);
    hear(&house).await;

    let browser = house.administrator();
    let page = browser.get(REPORT).await;
    page.assert_sound();
    let rows = page.texts("#dormant-people tbody tr td:first-child a");
    let expected = [&never, &longer, &away].map(|who| who.display_name.clone());
    assert_eq!(rows, expected);
    assert!(
        page.text("#dormant").contains('3'),
        "{}",
        page.text("#dormant")
    );
    assert!(!page.has("#dormant-old"), "auth answered just now");
    assert!(!page.body.contains(&fresh.display_name));
    let cycle = browser.get(CYCLE).await;
    cycle.assert_sound();
    assert!(cycle.text("#dormant").contains('3'));

    let page = browser.get(&format!("{REPORT}?days=150")).await;
    assert_eq!(page.texts("#dormant-people tbody tr").len(), 2);
    assert_eq!(
        names(&house, "dormant_days=90").await,
        ["away", "longer", "never"]
    );
    assert_eq!(
        names(&house, "dormant_days=90&role=guest").await,
        ["longer"]
    );
    assert_eq!(names(&house, "dormant_days=90&q=awa").await, ["away"]);
    let path = format!("{PEOPLE}?dormant_days=0");
    assert_eq!(browser.get(&path).await.status, 400);
}

#[tokio::test]
async fn the_report_leads_to_where_access_is_taken_away() {
    let house = house().await;
    let away = house.member("away", Role::User).await;
    added(&house, &away, 400).await;
    seen(&house, &[(&away, 100), (&house.admin, 0), (&house.user, 0)]);
    hear(&house).await;
    let browser = house.administrator();
    let report = browser.get(REPORT).await;
    let act = "/admin/accounts/people?dormant=90";
    assert!(report.has(&format!("a[href='{act}']")));
    let table = browser.get(act).await;
    table.assert_sound();
    assert_eq!(table.texts("#people tbody tr").len(), 1);
    let mut form = table.form("#people-bulk");
    form.action
        .set_path("/admin/accounts/people/access/disable");
    let disabled = browser
        .submit(form.with("id", &away.user_id.to_string()))
        .await;
    assert_eq!(disabled.status, 200);
    assert_eq!(house.person(&away).await.state, State::Suspended);
    assert!(!browser.get(REPORT).await.has("#dormant-people"));
    let csv = browser
        .get("/admin/accounts/people/export?dormant=30&format=csv")
        .await;
    assert_eq!(csv.body.lines().count(), 1, "nobody is left: {}", csv.body);
    let csv = browser.get("/admin/accounts/people/export?q=away").await;
    let names = csv.body.lines().next().unwrap();
    assert!(names.contains("last_seen_at"), "{names}");
    let at = ago(&house, 100) - SignedDuration::from_hours(1);
    assert!(csv.body.contains(&at.to_string()), "{}", csv.body);
}

#[tokio::test]
async fn the_report_is_read_page_by_page() {
    let house = house().await;
    let mut expected = Vec::new();
    for number in 0..53 {
        let who = house.member(&format!("p{number}"), Role::User).await;
        expected.push(who.user_id);
    }
    // All of them at the same moment: the id decides.
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET created_at = $1 WHERE id = ANY ($2)";
    let at = ago(&house, 500);
    client.execute(sql, &[&at, &expected]).await.unwrap();
    expected.sort_unstable();
    let browser = house.administrator();
    let id_of = |href: &str| -> Uuid { href.rsplit('/').next().unwrap().parse().unwrap() };
    let (mut found, mut path) = (Vec::new(), REPORT.to_owned());
    loop {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        let links = page.attributes("#dormant-people tbody a", "href");
        found.extend(links.iter().map(|href| id_of(href)));
        let Some(next) = page.attributes("nav a[href*='after=']", "href").pop() else {
            break;
        };
        path = next;
    }
    assert_eq!(found, expected);
    let nonsense = browser.get(&format!("{REPORT}?after=nonsense")).await;
    assert_eq!(nonsense.status, 400);
}

#[tokio::test]
async fn while_auth_is_away_the_report_says_how_old_it_is() {
    let house = house().await;
    let browser = house.administrator();
    let page = browser.get(REPORT).await;
    assert!(page.has("#dormant-old"), "auth has told nothing yet");
    seen(&house, &[(&house.user, 0)]);
    hear(&house).await;
    assert!(!browser.get(REPORT).await.has("#dormant-old"));
    let known = known_at(&house).await;
    *house.peer.seen.lock().unwrap() = None;
    house.world.clock.advance(SignedDuration::from_hours(4));
    let browser = house.administrator();
    for path in [REPORT, CYCLE] {
        let page = browser.get(path).await;
        page.assert_sound();
        assert!(page.has("#dormant-old"), "{path}");
    }
    assert_eq!(known_at(&house).await, known);
}

#[tokio::test]
async fn administrators_see_when_somebody_was_here() {
    let house = house().await;
    seen(&house, &[(&house.user, 5)]);
    let at = ago(&house, 5);
    hear(&house).await;
    let browser = house.administrator();
    let moment = format!("time[datetime='{at}']");
    let page = browser.get(&House::page_of(&house.user)).await;
    assert!(page.has(&format!("#last-seen {moment}")), "{}", page.body);
    let page = browser.get(&House::page_of(&house.admin)).await;
    assert!(!page.has("#last-seen time"));
    let page = browser.get("/admin/accounts/people").await;
    assert!(page.has(&format!("#people {moment}")));
    let page = house.browser(&house.user).get(REPORT).await;
    assert_eq!(page.status, 403);
}
