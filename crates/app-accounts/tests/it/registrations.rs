//! Strangers ask for accounts: only where that is switched on, only with an address that is theirs, and without
//! learning who is here.

use jiff::SignedDuration;
use platform::{Clock, Role};
use platform_pg::GenericClient as _;
use reqwest::Method;
use rpc::notifications::v1::SendMailRequest;
use rpc::notifications::v1::mail_block::Block;
use serde_json::json;
use testkit::{CookieClient, Page, Setup};

use crate::api::send;
use crate::house::House;

const REGISTER: &str = "/app/accounts/register";
const REQUESTS: &str = "/admin/accounts/requests";

async fn house(mode: &str) -> House {
    House::with(&[
        ("ORGANISATION_REGISTRATION", mode),
        (
            "ORGANISATION_REGISTRATION_DOMAINS",
            "example.org *.example.net",
        ),
    ])
    .await
}

/// The same, with a clock that the test moves.
async fn house_in_time(mode: &str) -> House {
    let clock = Clock::manual(Clock::system().now());
    let setup = Setup::new().clock(clock);
    House::set_up(setup.variable("ORGANISATION_REGISTRATION", mode)).await
}

/// How many requests are kept.
async fn kept(house: &House) -> i64 {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS requests FROM account_requests";
    client.query_one(sql, &[]).await.unwrap().get("requests")
}

async fn ask(stranger: &CookieClient, address: &str) -> Page {
    let page = stranger.get(REGISTER).await;
    page.assert_sound();
    let form = page.form("form[action='/app/accounts/register']");
    let form = form
        .with("display_name", "Sam Stranger")
        .with("email", address);
    stranger.submit(form).await
}

/// The path of the link in a mail.
fn link(mail: &SendMailRequest) -> String {
    let blocks = mail.content.iter().flat_map(|content| &content.blocks);
    let link = |block: &Block| match block {
        Block::Action(action) => Some(action.url.clone()),
        _ => None,
    };
    let mut links = blocks.filter_map(|block| block.block.as_ref().and_then(link));
    let url = links.next().unwrap();
    url.strip_prefix(testkit::APP_URL).unwrap().to_owned()
}

async fn confirm(stranger: &CookieClient, path: &str) -> Page {
    let page = stranger.get(path).await;
    page.assert_sound();
    stranger.submit_once(page.form("main form")).await
}

#[tokio::test]
async fn nobody_asks_unless_it_is_switched_on() {
    let house = House::new().await;
    let stranger = house.world.visitor(&house.accounts);
    assert_eq!(stranger.get_once(REGISTER).await.status, 404);
    let path = format!("{REGISTER}/{}", "a".repeat(43));
    assert_eq!(stranger.get_once(&path).await.status, 404);
}

#[tokio::test]
async fn a_proven_request_waits_and_approving_it_invites() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    let sent = ask(&stranger, "Sam.Stranger@elsewhere.example").await;
    assert_eq!(sent.path(), format!("{REGISTER}?sent=1"));
    sent.assert_sound();
    let browser = house.browser(&house.admin);
    let path = link(&house.mails(1).await[0]);
    stranger.get(&path).await;
    assert!(
        !browser.get(REQUESTS).await.body.contains("Sam Stranger"),
        "looking proves nothing"
    );
    let waits = confirm(&stranger, &path).await;
    assert!(waits.body.contains("An administrator looks"));
    assert!(
        stranger.get(&path).await.body.contains("does not work"),
        "once"
    );
    let people = browser.get("/admin/accounts/people").await;
    assert!(people.body.contains("1 account request"));
    let page = browser.get(REQUESTS).await;
    page.assert_sound();
    let form = page.form("form[action^='/admin/accounts/requests/']");
    let refused = form
        .clone()
        .with("decision", "approve")
        .with("groups", "Nobodies");
    let refused = browser.submit(refused).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.has("[id^='groups-'][id$='-error']"));
    // An administrator is not made this way, whatever is sent.
    let form = form.with("decision", "approve").with("role", "admin");
    browser.submit(form.clone()).await;
    let mail = house.mails(2).await.remove(1);
    assert_eq!(mail.template, "accounts.invitation");
    let subject = house.peer.subjects.lock().unwrap()[0].clone();
    assert_eq!(
        (subject.username.as_str(), subject.role),
        ("sam.stranger", 2)
    );
    let late = browser.submit(form).await;
    assert!(late.body.contains("decided on this request already"));
    let audit = browser.get("/admin/accounts/audit?q=account.request").await;
    assert!(audit.body.contains("account.request_approved"));
}

#[tokio::test]
async fn whoever_is_denied_is_told_why() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    ask(&stranger, "sam@elsewhere.example").await;
    confirm(&stranger, &link(&house.mails(1).await[0])).await;
    let browser = house.browser(&house.admin);
    let page = browser.get(REQUESTS).await;
    let form = page.form("form[action^='/admin/accounts/requests/']");
    browser
        .submit(
            form.with("decision", "deny")
                .with("reason", "We do not know you."),
        )
        .await;
    let mail = house.mails(2).await.remove(1);
    assert_eq!(mail.template, "accounts.request_denied");
    let blocks = mail.content.iter().flat_map(|content| &content.blocks);
    let mut said = blocks.filter_map(|block| block.block.clone());
    assert!(said.any(|block| block == Block::Paragraph("We do not know you.".to_owned())));
    assert!(browser.get(REQUESTS).await.body.contains("Nobody waits"));
    assert!(house.peer.invited.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_answer_does_not_tell_who_is_here() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    let unknown = ask(&stranger, "sam@elsewhere.example").await;
    let known = ask(&stranger, &house.user.email).await;
    assert_eq!(unknown.path(), known.path());
    assert_eq!(unknown.text("main"), known.text("main"));
    let mails = house.mails(2).await;
    assert_eq!(mails[0].template, mails[1].template);
    assert!(link(&mails[0]).starts_with(REGISTER));
    assert_eq!(link(&mails[1]), "/auth/sign-in");
    assert_eq!(kept(&house).await, 2, "both take the same work");
    let browser = house.browser(&house.admin);
    confirm(&stranger, &link(&mails[0])).await;
    ask(&stranger, "SAM@elsewhere.example").await;
    let waits = house.mails(3).await.remove(2);
    assert_eq!(link(&waits), "/auth/sign-in", "whoever waits asks no more");
    let requests = browser.get("/api/accounts/requests").await.json();
    assert_eq!(requests["requests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_works_for_a_day_and_what_is_old_is_forgotten() {
    let house = house_in_time("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    ask(&stranger, "older@elsewhere.example").await;
    let older = link(&house.mails(1).await[0]);
    house.world.clock.advance(SignedDuration::from_hours(2));
    ask(&stranger, "later@elsewhere.example").await;
    let later = link(&house.mails(2).await[1]);
    house
        .world
        .clock
        .advance(SignedDuration::from_mins(21 * 60 + 59));
    assert!(stranger.get(&older).await.has("form"), "a minute is left");
    house.world.clock.advance(SignedDuration::from_mins(1));
    assert!(stranger.get(&older).await.body.contains("does not work"));
    house.world.clock.advance(SignedDuration::from_hours(1));
    testkit::eventually("what nobody proved is forgotten", async || {
        kept(&house).await == 1
    })
    .await;
    assert!(stranger.get(&later).await.has("form"), "and nothing else");
    confirm(&stranger, &later).await;
    let admin = house.administrator();
    let form = admin
        .get(REQUESTS)
        .await
        .form("form[action^='/admin/accounts/requests/']");
    admin.submit(form.with("decision", "deny")).await;
    house
        .world
        .clock
        .advance(SignedDuration::from_hours(24 * 29));
    ask(&stranger, "third@elsewhere.example").await;
    assert_eq!(
        kept(&house).await,
        2,
        "what was decided is kept for a while"
    );
    house.world.clock.advance(SignedDuration::from_hours(26));
    testkit::eventually("all of it is forgotten", async || kept(&house).await == 0).await;
}

#[tokio::test]
async fn administrators_are_told_and_see_who_waits_on_their_home_page() {
    let house = house("requests").await;
    let (widget, browser) = (
        "/app/accounts/widgets/requests",
        house.browser(&house.admin),
    );
    assert!(browser.get(widget).await.body.contains("Nobody waits"));
    assert_eq!(
        house.browser(&house.user).get_once(widget).await.status,
        403
    );
    let stranger = house.world.visitor(&house.accounts);
    ask(&stranger, "sam@elsewhere.example").await;
    confirm(&stranger, &link(&house.mails(1).await[0])).await;
    let told = house.told(1).await.remove(0);
    assert_eq!(told.recipient_ids, [house.admin.user_id.to_string()]);
    assert_eq!(told.path, REQUESTS);
    let shown = browser.get(widget).await;
    assert!(shown.body.contains("Sam Stranger") && shown.body.contains("1 request"));
}

#[tokio::test]
async fn nothing_is_asked_or_proven_from_another_site() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    let page = stranger.get(REGISTER).await;
    let form = page.form("form[action='/app/accounts/register']");
    let mut form = form
        .with("display_name", "Sam")
        .with("email", "sam@elsewhere.example");
    form.fields.retain(|(name, _)| name != "csrf_token");
    assert_eq!(stranger.submit_once(form).await.status, 403);
    assert_eq!(kept(&house).await, 0);
    ask(&stranger, "sam@elsewhere.example").await;
    let path = link(&house.mails(1).await[0]);
    let form = stranger.get(&path).await.form("main form");
    let elsewhere = house.world.visitor(&house.accounts);
    assert_eq!(elsewhere.submit_once(form).await.status, 403);
    let page = stranger.get(&path).await;
    assert!(page.has("main form"), "still unproven");
    let form = page.form("main form");
    let proven = stranger.submit_once(form.clone()).await;
    assert!(proven.body.contains("An administrator looks"));
    let again = stranger.submit_once(form).await;
    assert!(again.body.contains("does not work"), "once");
}

#[tokio::test]
async fn whoever_proved_long_ago_who_they_are_decides_nothing() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    ask(&stranger, "sam@elsewhere.example").await;
    confirm(&stranger, &link(&house.mails(1).await[0])).await;
    let mut late = house.admin.clone();
    late.authenticated_at -= SignedDuration::from_mins(11);
    let late = house.browser(&late);
    let page = late.get(REQUESTS).await;
    let form = page.form("form[action^='/admin/accounts/requests/']");
    let asked = late.submit_once(form.with("decision", "approve")).await;
    assert_eq!(asked.status, 307);
    let list = late.get("/api/accounts/requests").await.json();
    let id = list["requests"][0]["id"].as_str().unwrap();
    for step in ["approve", "deny"] {
        let path = format!("/api/accounts/requests/{id}/{step}");
        let refused = send(&late, Method::POST, &path, None, &json!({})).await;
        assert_eq!(refused.status(), 403, "{step}");
    }
    assert!(house.peer.invited.lock().unwrap().is_empty());
}

#[tokio::test]
async fn programs_decide_by_the_same_rules() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    for (count, address) in ["sam@elsewhere.example", "eve@elsewhere.example"]
        .into_iter()
        .enumerate()
    {
        ask(&stranger, address).await;
        let path = link(&house.mails(count + 1).await[count]);
        confirm(&stranger, &path).await;
    }
    let browser = house.browser(&house.admin);
    let listed = browser.get("/api/accounts/requests").await.json();
    let id = |at: usize| listed["requests"][at]["id"].as_str().unwrap().to_owned();
    assert_eq!(listed["requests"][0]["email"], "sam@elsewhere.example");
    let post = async |id: &str, step: &str, body| {
        let path = format!("/api/accounts/requests/{id}/{step}");
        let answer = send(&browser, Method::POST, &path, None, &body).await;
        answer.status().as_u16()
    };
    let (sam, eve) = (id(0), id(1));
    assert_eq!(post(&sam, "approve", json!({"role": "admin"})).await, 400);
    let nowhere = json!({"group_ids": [uuid::Uuid::now_v7()]});
    assert_eq!(post(&sam, "approve", nowhere).await, 422);
    assert_eq!(post(&sam, "approve", json!({"role": "guest"})).await, 204);
    assert_eq!(post(&sam, "deny", json!({})).await, 409);
    assert_eq!(post(&eve, "deny", json!({"reason": "No."})).await, 204);
    assert_eq!(post(&eve, "approve", json!({})).await, 409);
    let mails = house.mails(4).await;
    let invited = mails
        .iter()
        .find(|mail| mail.template == "accounts.invitation");
    let recipient = invited.unwrap().recipient.as_ref().unwrap();
    assert_eq!(recipient.address, "sam@elsewhere.example");
    let client = house.db.client().await.unwrap();
    let sql = "SELECT role FROM people WHERE id = $1::text::uuid";
    let role: String = client.query_one(sql, &[&sam]).await.unwrap().get("role");
    assert_eq!(role, "guest");
}

#[tokio::test]
async fn who_has_an_address_of_the_domain_comes_in_at_once() {
    let house = house("domains").await;
    let stranger = house.world.visitor(&house.accounts);
    for other in ["sam@evil.example", "sam@sub.example.org", "sam@example.net"] {
        let refused = ask(&stranger, other).await;
        assert_eq!(refused.status, 422, "{other}");
        refused.assert_sound();
        assert!(refused.text("#email-error").contains("domain"));
        assert_eq!(refused.attribute("#email", "value"), other);
    }
    ask(&stranger, "sam@sub.example.net").await;
    let path = link(&house.mails(1).await[0]);
    let admitted = confirm(&stranger, &path).await;
    assert_eq!(admitted.header("location"), "/auth/invitation/token-1");
    let subject = house.peer.subjects.lock().unwrap()[0].clone();
    assert_eq!((subject.username.as_str(), subject.role), ("sam", 2));
}

#[tokio::test]
async fn a_mailbox_and_the_platform_are_not_filled() {
    let house = house("requests").await;
    let stranger = house.world.visitor(&house.accounts);
    for _ in 0..3 {
        assert_eq!(ask(&stranger, "sam@elsewhere.example").await.status, 200);
    }
    let limited = ask(&stranger, "SAM@elsewhere.example").await;
    assert_eq!(limited.status, 422);
    assert!(limited.body.contains("Too many"));
    for number in 0..16 {
        ask(&stranger, &format!("sam{number}@elsewhere.example")).await;
    }
    let limited = ask(&stranger, "another@elsewhere.example").await;
    assert_eq!(limited.status, 422, "the network has asked often enough");
}

#[tokio::test]
async fn only_administrators_decide() {
    let house = house("requests").await;
    let guest = house.member("gus", Role::Guest).await;
    for who in [&house.user, &guest] {
        assert_eq!(house.browser(who).get_once(REQUESTS).await.status, 403);
    }
}
