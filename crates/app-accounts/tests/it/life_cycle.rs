//! The trash and the way out of it, the last day of an account, and taking back what was done to several.

use app_accounts::domain::person::{PersonId, State};
use app_accounts::store::person::person_find;
use jiff::SignedDuration;
use platform::{Clock, Role};
use platform_pg::GenericClient as _;
use testkit::{Page, eventually};

use crate::house::House;

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn press(house: &House, path: &str, step: &str) -> Page {
    let browser = house.browser(&house.admin);
    let page = browser.get(path).await;
    let form = page.form(&format!("form[action='{path}/access/{step}']"));
    browser.submit(form).await
}

#[tokio::test]
async fn who_is_in_the_trash_is_in_no_list_and_comes_back_as_they_were() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let trashed = press(&house, &path, "trash").await;
    trashed.assert_sound();
    assert!(
        trashed.has(".alert[data-tone=warning]"),
        "the page says where the person is"
    );
    let people = browser.get("/admin/accounts/people").await;
    assert!(!people.body.contains(&path), "no list shows the person");
    let trash = browser.get("/admin/accounts/people?state=deleted").await;
    trash.assert_sound();
    assert!(trash.body.contains(&path), "but the trash does");
    let person = house.person(&house.user).await;
    assert_eq!(person.state, State::Deleted);
    assert_eq!(person.state.access(), "disabled", "is what others are told");

    press(&house, &path, "restore").await;
    let person = house.person(&house.user).await;
    assert_eq!((person.state, person.trashed_at), (State::Active, None));
}

#[tokio::test]
async fn who_was_suspended_is_suspended_after_the_trash() {
    let house = House::new().await;
    let path = House::page_of(&house.user);
    press(&house, &path, "disable").await;
    press(&house, &path, "trash").await;
    press(&house, &path, "restore").await;
    assert_eq!(house.person(&house.user).await.state, State::Suspended);
    press(&house, &path, "enable").await;
    assert_eq!(house.person(&house.user).await.state, State::Active);
}

#[tokio::test]
async fn what_was_done_to_several_is_taken_back_by_whoever_did_it() {
    let house = House::new().await;
    let other = house.member("mary", Role::User).await;
    let browser = house.browser(&house.admin);
    let mut form = browser
        .get("/admin/accounts/people")
        .await
        .form("#people-bulk");
    form.action = browser.url("/admin/accounts/people/access/trash");
    for who in [&house.user, &other] {
        form.fields.push(("id".to_owned(), who.user_id.to_string()));
    }
    let done = browser.submit(form).await;
    assert_eq!(house.person(&other).await.state, State::Deleted);
    let undo = done.form("form[action*='/undo/']");

    let second = house.member("edsger", Role::Admin).await;
    let stranger = house.browser(&second);
    let mut stolen = stranger
        .get("/admin/accounts/people")
        .await
        .form("#people-bulk");
    stolen.action = stranger.url(undo.action.path());
    stranger.submit(stolen).await;
    assert_eq!(
        house.person(&other).await.state,
        State::Deleted,
        "not theirs"
    );

    browser.submit(undo).await;
    for who in [&house.user, &other] {
        assert_eq!(house.person(who).await.state, State::Active);
    }
}

#[tokio::test]
async fn an_account_ends_after_its_last_day_and_goes_on_with_a_later_one() {
    let house = House::at(Clock::manual(Clock::system().now())).await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let edit = format!("form[action='{path}']");
    let today = house
        .world
        .clock
        .now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let form = browser.get(&path).await.form(&edit);
    let refused = browser
        .submit(
            form.clone()
                .with("ends_on", &today.yesterday().unwrap().to_string()),
        )
        .await;
    assert_eq!(refused.status, 422, "a day that is over");
    browser
        .submit(form.with("ends_on", &today.to_string()))
        .await;
    assert_eq!(house.person(&house.user).await.state, State::Active);

    house.world.clock.advance(DAY);
    eventually("the account ends", async || {
        house.person(&house.user).await.state == State::Expired
    })
    .await;
    let later = today.saturating_add(jiff::Span::new().days(30));
    let form = browser.get(&path).await.form(&edit);
    house
        .administrator()
        .submit(form.with("ends_on", &later.to_string()))
        .await;
    let person = house.person(&house.user).await;
    assert_eq!((person.state, person.ends_on), (State::Active, Some(later)));
}

#[tokio::test]
async fn administrators_have_no_last_day() {
    let house = House::new().await;
    let other = house.member("mary", Role::Admin).await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&other);
    let form = browser
        .get(&path)
        .await
        .form(&format!("form[action='{path}']"));
    let refused = browser.submit(form.with("ends_on", "2999-12-31")).await;
    assert_eq!(refused.status, 422);
    assert!(house.person(&other).await.is_active_administrator());
}

#[tokio::test]
async fn the_trash_forgets_people_after_thirty_days() {
    let house = House::at(Clock::manual(Clock::system().now())).await;
    let path = House::page_of(&house.user);
    press(&house, &path, "trash").await;
    house
        .world
        .clock
        .advance(DAY * 30 - SignedDuration::from_hours(1));
    let id = PersonId(house.user.user_id);
    // One who leaves with the next look shows that a look was taken.
    let other = house.member("mary", Role::User).await;
    let client = house.db.client().await.unwrap();
    let earlier =
        "UPDATE people SET state = 'disabled', locked_by = 'trash', restores_to = 'active',
        trashed_at = '2000-01-01' WHERE id = $1";
    client.execute(earlier, &[&other.user_id]).await.unwrap();
    let is_gone = async |id| person_find(&client, id).await.unwrap().is_none();
    eventually("the older one is gone", async || {
        is_gone(PersonId(other.user_id)).await
    })
    .await;
    assert!(!is_gone(id).await, "an hour is left");
    house.world.clock.advance(SignedDuration::from_hours(2));
    eventually("the other is gone too", async || is_gone(id).await).await;

    let sql = "SELECT count(*) AS rows FROM audit WHERE target_name = $1 OR changes::text LIKE $2";
    let (name, mail) = (&house.user.display_name, format!("%{}%", house.user.email));
    let rows: i64 = client
        .query_one(sql, &[name, &mail])
        .await
        .unwrap()
        .get("rows");
    assert_eq!(rows, 0, "the trail names nobody");
}

#[tokio::test]
async fn only_the_trash_is_deleted_for_good_and_only_by_name() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    press(&house, &path, "trash").await;
    let form = browser
        .get(&path)
        .await
        .form(&format!("form[action='{path}/purge']"));
    let refused = browser
        .submit(form.clone().with("confirm_name", "somebody"))
        .await;
    assert!(refused.has(".toast"), "{}", refused.body);
    let form = form.with("confirm_name", &house.user.username);
    press(&house, &path, "restore").await;
    browser.submit(form.clone()).await;
    assert_eq!(house.person(&house.user).await.state, State::Active);
    press(&house, &path, "trash").await;
    let purged = browser.submit(form).await;
    purged.assert_sound();
    assert_eq!(purged.texts("#purges tbody tr").len(), 1);
    let listed = browser.get("/api/accounts/purges").await.json();
    let gone = &listed["purges"][0];
    assert_eq!(gone["person_id"], house.user.user_id.to_string());
    assert!(gone["waiting"].as_array().unwrap().contains(&"auth".into()));
    assert_eq!(browser.get(&path).await.status, 404);
}

#[tokio::test]
async fn only_administrators_delete_for_good() {
    let house = House::new().await;
    let other = house.member("mary", Role::User).await;
    let path = House::page_of(&other);
    press(&house, &path, "trash").await;
    let browser = house.browser(&house.user);
    let mut form = browser
        .get("/app/accounts")
        .await
        .form("form[action='/app/accounts']")
        .with("confirm_name", &other.username);
    form.action = browser.url(&format!("{path}/purge"));
    assert_eq!(browser.submit(form).await.status, 403);
    assert_eq!(house.person(&other).await.state, State::Deleted);
}

#[tokio::test]
async fn nobody_trashes_themselves() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let mut form = browser
        .get("/admin/accounts/people")
        .await
        .form("#people-bulk");
    form.action = browser.url("/admin/accounts/people/access/trash");
    form.fields
        .push(("id".to_owned(), house.admin.user_id.to_string()));
    let refused = browser.submit(form).await;
    assert!(!refused.has("form[action*='/undo/']"), "nothing to undo");
    assert!(house.person(&house.admin).await.is_active_administrator());
}
