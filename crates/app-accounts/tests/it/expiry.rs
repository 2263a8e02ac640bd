//! Accounts that end by themselves: when, who is told before and how often, who may let them go on, and what a run
//! writes down.

use app_accounts::domain::person::State;
use jiff::civil::Date;
use jiff::{SignedDuration, Span};
use platform::{Clock, Principal, Role};
use platform_pg::GenericClient as _;
use reqwest::Method;
use rpc::notifications::v1::SendMailRequest;
use rpc::notifications::v1::mail_block::Block;
use serde_json::{Value, json};
use testkit::{CookieClient, Setup, eventually};

use crate::api::send;
use crate::house::House;

const RUNS: &str = "/api/accounts/life-cycle/runs";
const PAGE: &str = "/admin/accounts/life-cycle";

/// With a clock that the test moves, and these settings.
async fn house(variables: &[(&str, &str)]) -> House {
    // At noon: no test comes to the end of a day by itself.
    let today = Clock::system()
        .now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let noon = today.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    let setup = Setup::new().clock(Clock::manual(noon.unwrap().timestamp()));
    let add = |setup: Setup, (name, value): &(&str, &str)| setup.variable(name, value);
    House::set_up(variables.iter().fold(setup, add)).await
}

fn today(house: &House) -> Date {
    let now = house.world.clock.now();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn in_days(house: &House, days: i64) -> Date {
    today(house).saturating_add(Span::new().days(days))
}

/// Lets days pass, and the life cycle run.
async fn pass(house: &House, days: i64) {
    house
        .world
        .clock
        .advance(SignedDuration::from_hours(24 * days));
    run(house).await;
}

/// Lets the life cycle run at this moment.
async fn run(house: &House) {
    // No former run began at this moment.
    house.world.clock.advance(SignedDuration::from_secs(2));
    let admin = house.administrator();
    let begun = send(&admin, Method::POST, RUNS, None, &json!({})).await;
    assert_eq!(begun.status(), 202);
    let now = house.world.clock.now();
    eventually("a run has ended", async || {
        let runs = admin.get(RUNS).await.json();
        let runs = runs["runs"].as_array().unwrap().clone();
        let is_of_now = |run: &Value| {
            let at: jiff::Timestamp = run["begun_at"].as_str().unwrap().parse().unwrap();
            now.duration_since(at).abs() < SignedDuration::from_secs(1)
        };
        let of_now: Vec<_> = runs.into_iter().filter(is_of_now).collect();
        !of_now.is_empty() && of_now.iter().all(|run| run["ended_at"].is_string())
    })
    .await;
}

async fn execute(house: &House, sql: &str, who: &Principal) {
    let client = house.db.client().await.unwrap();
    client.execute(sql, &[&who.user_id]).await.unwrap();
}

async fn ends(house: &House, who: &Principal, day: Date) {
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET ends_on = $2 WHERE id = $1";
    client.execute(sql, &[&who.user_id, &day]).await.unwrap();
}

async fn sponsored(house: &House, name: &str, by: &Principal) -> Principal {
    let guest = house.member(name, Role::Guest).await;
    let path = format!("/api/accounts/people/{}/sponsor", guest.user_id);
    let body = json!({ "sponsor_id": by.user_id });
    let put = send(&house.administrator(), Method::PUT, &path, None, &body).await;
    assert_eq!(put.status(), 204);
    guest
}

/// What runs did with somebody: action and reason, each once.
async fn steps(house: &House, who: &Principal) -> Vec<(String, String)> {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT DISTINCT action, reason FROM life_cycle_steps WHERE person_id = $1 ORDER BY action, reason";
    let rows = client.query(sql, &[&who.user_id]).await.unwrap();
    rows.iter()
        .map(|row| (row.get("action"), row.get("reason")))
        .collect()
}

fn mails_to(mails: &[SendMailRequest], who: &Principal) -> Vec<SendMailRequest> {
    let is_theirs = |mail: &&SendMailRequest| {
        mail.recipient
            .as_ref()
            .is_some_and(|to| to.person_id == who.user_id.to_string())
    };
    mails.iter().filter(is_theirs).cloned().collect()
}

/// The path of the link in a mail, if it has one.
fn link(mail: &SendMailRequest) -> Option<String> {
    let blocks = mail.content.iter().flat_map(|content| &content.blocks);
    let mut links = blocks.filter_map(|block| match &block.block {
        Some(Block::Action(action)) => Some(action.url.clone()),
        _ => None,
    });
    let url = links.next()?;
    Some(url.strip_prefix(testkit::APP_URL).unwrap().to_owned())
}

fn browser(house: &House, who: &Principal) -> CookieClient {
    house.browser(who)
}

#[tokio::test]
async fn a_guest_is_reminded_twice_expires_and_goes_into_the_trash() {
    let house = house(&[]).await;
    let guest = house.member("gus", Role::Guest).await;
    run(&house).await;
    assert_eq!(house.person(&guest).await.ends_on, None, "not their own");
    pass(&house, 334).await;
    assert!(steps(&house, &guest).await.is_empty(), "31 days are left");
    pass(&house, 1).await;
    assert_eq!(mails_to(&house.mails(1).await, &guest).len(), 1);
    pass(&house, 22).await;
    assert_eq!(house.mails(1).await.len(), 1, "8 days are left");
    pass(&house, 1).await;
    assert_eq!(mails_to(&house.mails(2).await, &guest).len(), 2);
    let told = house.told(2).await;
    let to_guest = |told: &&rpc::notifications::v1::SendNotificationRequest| {
        told.recipient_ids == [guest.user_id.to_string()]
    };
    assert_eq!(told.iter().filter(to_guest).count(), 2);
    pass(&house, 7).await;
    assert_eq!(house.person(&guest).await.state, State::Active, "last day");
    pass(&house, 1).await;
    assert_eq!(house.person(&guest).await.state, State::Expired);
    pass(&house, 29).await;
    assert_eq!(house.person(&guest).await.state, State::Expired, "grace");
    pass(&house, 1).await;
    assert_eq!(house.person(&guest).await.state, State::Deleted);
    let did: Vec<_> = steps(&house, &guest).await;
    let expected = [
        ("expired", "end-of-kind"),
        ("reminded", "within-30"),
        ("reminded", "within-7"),
        ("trashed", "grace"),
    ];
    let expected = expected.map(|(action, reason)| (action.to_owned(), reason.to_owned()));
    assert_eq!(did, expected);
    assert_eq!(house.mails(2).await.len(), 2, "and no mail besides");
    assert_eq!(house.person(&house.user).await.state, State::Active);
}

#[tokio::test]
async fn after_an_outage_only_the_nearer_reminder_is_sent() {
    let house = house(&[]).await;
    let guest = house.member("gus", Role::Guest).await;
    let member = house.member("mary", Role::User).await;
    ends(&house, &guest, in_days(&house, 3)).await;
    ends(&house, &member, in_days(&house, 7)).await;
    run(&house).await;
    run(&house).await;
    let mails = house.mails(2).await;
    for who in [&guest, &member] {
        assert_eq!(mails_to(&mails, who).len(), 1);
        assert!(link(&mails_to(&mails, who)[0]).is_none(), "nobody may");
        let within = ("reminded".to_owned(), "within-7".to_owned());
        assert_eq!(steps(&house, who).await, [within]);
    }
    // Another end is another reminder.
    ends(&house, &member, in_days(&house, 20)).await;
    run(&house).await;
    assert_eq!(mails_to(&house.mails(3).await, &member).len(), 2);
}

#[tokio::test]
async fn whoever_answers_for_a_guest_lets_the_account_go_on_once() {
    let house = house(&[]).await;
    let guest = sponsored(&house, "gus", &house.user).await;
    ends(&house, &guest, in_days(&house, 5)).await;
    run(&house).await;
    let mails = house.mails(2).await;
    assert!(link(&mails_to(&mails, &guest)[0]).is_none(), "is told only");
    let path = link(&mails_to(&mails, &house.user)[0]).expect("a link");
    let sponsor = browser(&house, &house.user);
    for stranger in [&guest, &house.admin] {
        let page = browser(&house, stranger).get(&path).await;
        assert!(page.body.contains("does nothing"), "not theirs");
    }
    let page = sponsor.get(&path).await;
    page.assert_sound();
    let form = page.form("main form");
    assert_eq!(
        house.person(&guest).await.ends_on,
        Some(in_days(&house, 5)),
        "looking changes nothing"
    );
    let mut stolen = browser(&house, &guest)
        .get("/app/accounts")
        .await
        .form("main form[action='/app/accounts']");
    stolen.action = form.action.clone();
    browser(&house, &guest).submit(stolen).await;
    assert_eq!(house.person(&guest).await.ends_on, Some(in_days(&house, 5)));
    let done = sponsor.submit_once(form.clone()).await;
    assert!(done.body.contains("goes on until"), "{}", done.body);
    let until = in_days(&house, 365);
    assert_eq!(house.person(&guest).await.ends_on, Some(until));
    house
        .world
        .clock
        .advance(SignedDuration::from_hours(24 * 2));
    let again = sponsor.submit_once(form).await;
    assert!(again.body.contains("does nothing"));
    assert_eq!(house.person(&guest).await.ends_on, Some(until), "once");
    let audit = house.administrator().get("/admin/accounts/audit").await;
    assert!(audit.body.contains("person.extended"));
}

#[tokio::test]
async fn a_link_is_dead_once_somebody_else_answers_or_the_end_is_another() {
    let house = house(&[]).await;
    let first = sponsored(&house, "gus", &house.user).await;
    let second = sponsored(&house, "ann", &house.user).await;
    for guest in [&first, &second] {
        ends(&house, guest, in_days(&house, 5)).await;
    }
    run(&house).await;
    let mails = mails_to(&house.mails(4).await, &house.user);
    let links: Vec<String> = mails.iter().filter_map(link).collect();
    let sponsor = browser(&house, &house.user);
    for path in &links {
        assert!(sponsor.get(path).await.has("main form"));
    }
    execute(
        &house,
        "DELETE FROM sponsorships WHERE guest_id = $1",
        &first,
    )
    .await;
    ends(&house, &second, in_days(&house, 6)).await;
    for path in &links {
        assert!(sponsor.get(path).await.body.contains("does nothing"));
    }
}

#[tokio::test]
async fn members_let_their_accounts_go_on_only_where_a_setting_says_so() {
    for (setting, may) in [("off", false), ("sponsors", false), ("everybody", true)] {
        let house = house(&[
            ("LIFE_CYCLE_USER_DAYS", "90"),
            ("LIFE_CYCLE_EXTENSION", setting),
        ])
        .await;
        ends(&house, &house.user, in_days(&house, 10)).await;
        let guest = sponsored(&house, "gus", &house.admin).await;
        ends(&house, &guest, in_days(&house, 10)).await;
        run(&house).await;
        let mails = house.mails(3).await;
        let own = link(&mails_to(&mails, &house.user)[0]);
        assert_eq!(own.is_some(), may, "{setting}");
        let sponsors = link(&mails_to(&mails, &house.admin)[0]);
        assert_eq!(sponsors.is_some(), setting != "off", "{setting}");
        if let Some(path) = own {
            let page = browser(&house, &house.user);
            let form = page.get(&path).await.form("main form");
            page.submit_once(form).await;
            let person = house.person(&house.user).await;
            assert_eq!(person.ends_on, Some(in_days(&house, 90)));
        }
    }
}

#[tokio::test]
async fn the_last_administrator_stays_and_the_run_says_why() {
    let house = house(&[]).await;
    ends(&house, &house.admin, in_days(&house, -10)).await;
    run(&house).await;
    let person = house.person(&house.admin).await;
    assert!(person.is_active_administrator());
    let refused = |reason: &str| ("refused".to_owned(), reason.to_owned());
    assert_eq!(
        steps(&house, &house.admin).await,
        [refused("last-administrator")]
    );
    let other = house.member("edsger", Role::Admin).await;
    ends(&house, &other, in_days(&house, -1)).await;
    run(&house).await;
    assert_eq!(steps(&house, &other).await, [refused("administrator")]);
    assert!(house.person(&other).await.is_active_administrator());
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS refused FROM audit WHERE outcome = 'refused' AND action = 'person.expired'
               AND target_id = $1";
    let row = client
        .query_one(sql, &[&house.admin.user_id])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>("refused"), 1, "one a day, not one a run");
}

#[tokio::test]
async fn a_run_that_broke_off_goes_on_and_tells_nobody_twice() {
    let house = house(&[]).await;
    let (mut guests, client) = (Vec::new(), house.db.client().await.unwrap());
    for name in ["ann", "bob", "cid"] {
        let guest = house.member(name, Role::Guest).await;
        ends(&house, &guest, in_days(&house, 4)).await;
        guests.push(guest);
    }
    guests.sort_by_key(|guest| guest.user_id);
    let broken = format!(
        "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF NEW.person_id = '{}' THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER break_off BEFORE INSERT ON life_cycle_steps FOR EACH ROW EXECUTE FUNCTION break_off()",
        guests[1].user_id
    );
    client.batch_execute(&broken).await.unwrap();
    let admin = house.administrator();
    send(&admin, Method::POST, RUNS, None, &json!({})).await;
    assert_eq!(house.mails(1).await.len(), 1, "the first, and no further");
    let first = admin.get(RUNS).await.json();
    assert_eq!(first["runs"][0]["ended_at"], Value::Null);
    assert_eq!(first["runs"][0]["reminded"], 1);
    let page = admin.get(PAGE).await;
    assert!(page.body.contains("Not finished"));
    client
        .batch_execute("DROP TRIGGER break_off ON life_cycle_steps")
        .await
        .unwrap();
    house.world.clock.advance(SignedDuration::from_mins(20));
    let mails = house.mails(3).await;
    for guest in &guests {
        assert_eq!(mails_to(&mails, guest).len(), 1);
    }
    let id = first["runs"][0]["id"].as_str().unwrap();
    eventually("the same run has ended", async || {
        let run = admin.get(&format!("{RUNS}/{id}")).await.json();
        run["run"]["ended_at"].is_string() && run["steps"].as_array().unwrap().len() == 3
    })
    .await;
}

#[tokio::test]
async fn a_setting_brings_nobodys_end_closer_than_thirty_days() {
    let house = house(&[("LIFE_CYCLE_GUEST_DAYS", "90")]).await;
    let old = house.member("gus", Role::Guest).await;
    let sql = "UPDATE people SET created_at = created_at - interval '400 days' WHERE id = $1";
    execute(&house, sql, &old).await;
    run(&house).await;
    assert_eq!(house.person(&old).await.state, State::Active);
    let (admin, path) = (house.administrator(), "/api/accounts/life-cycle/due");
    let due = admin.get(path).await.json();
    assert_eq!(due["people"][0]["ends_on"], in_days(&house, 30).to_string());
    assert_eq!(due["people"][0]["is_own"], false);
    let end = in_days(&house, 30);
    pass(&house, 3).await;
    assert_eq!(
        house.administrator().get(path).await.json()["people"][0]["ends_on"],
        end.to_string(),
        "and it stays where it is"
    );
}

#[tokio::test]
async fn who_is_given_access_again_begins_anew() {
    let house = house(&[("LIFE_CYCLE_GUEST_DAYS", "60")]).await;
    let guest = house.member("gus", Role::Guest).await;
    run(&house).await;
    pass(&house, 61).await;
    assert_eq!(house.person(&guest).await.state, State::Expired);
    let path = format!("/api/accounts/people/{}/resume", guest.user_id);
    send(
        &house.administrator(),
        Method::POST,
        &path,
        None,
        &json!({}),
    )
    .await;
    run(&house).await;
    assert_eq!(house.person(&guest).await.state, State::Active);
    pass(&house, 59).await;
    assert_eq!(house.person(&guest).await.state, State::Active);
    pass(&house, 2).await;
    assert_eq!(house.person(&guest).await.state, State::Expired);
}

#[tokio::test]
async fn administrators_see_what_is_due_and_what_was_done() {
    let house = house(&[]).await;
    let guest = house.member("gus", Role::Guest).await;
    ends(&house, &guest, in_days(&house, 20)).await;
    let admin = house.administrator();
    let page = admin.get(PAGE).await;
    page.assert_sound();
    assert!(page.text("#due").contains(&guest.display_name));
    let form = page.form("form[action='/admin/accounts/life-cycle/run']");
    admin.submit(form).await.assert_sound();
    eventually("a run is shown", async || {
        let page = admin.get(PAGE).await;
        page.has("#runs") && !page.body.contains("Not finished")
    })
    .await;
    let page = admin.get(PAGE).await;
    page.assert_sound();
    let runs = admin.get(RUNS).await.json();
    let by_hand = runs["runs"].as_array().unwrap().iter();
    let mut by_hand = by_hand.filter(|run| run["by_hand"] == true);
    let id = by_hand.next().unwrap()["id"].as_str().unwrap().to_owned();
    let one = admin.get(&format!("{PAGE}/runs/{id}")).await;
    one.assert_sound();
    let widget = admin.get("/app/accounts/widgets/ending").await;
    assert!(widget.body.contains(&guest.display_name));
    assert!(widget.body.contains("Nobody answers for 1 guest"));
    let nobody = format!("{PAGE}/runs/{}", guest.user_id);
    assert_eq!(admin.get_once(&nobody).await.status, 404);
    let member = browser(&house, &house.user);
    for path in [PAGE, RUNS, "/app/accounts/widgets/ending"] {
        assert_eq!(member.get_once(path).await.status, 403, "{path}");
    }
    let refused = send(&member, Method::POST, RUNS, None, &json!({})).await;
    assert_eq!(refused.status(), 403);
}
