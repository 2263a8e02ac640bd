//! Mail addresses: proven by a link, unique over everybody, one of them primary.

use std::sync::atomic::Ordering;
use std::time::Duration;

use app_accounts::domain::person::PersonId;
use app_accounts::store::person::person_find;
use jiff::SignedDuration;
use platform::{Clock, Principal, Role};
use platform_pg::GenericClient as _;
use rpc::Call;
use rpc::accounts::v1::GetUserRequest;
use rpc::notifications::v1::SendMailRequest;
use rpc::notifications::v1::mail_block::Block;
use testkit::{CookieClient, Form, Page};

use crate::house::House;

const ADDRESSES: &str = "/app/accounts/addresses";

async fn ask(browser: &CookieClient, address: &str) -> Page {
    let form = browser.get(ADDRESSES).await.form("form#add");
    browser.submit(form.with("address", address)).await
}

/// Where the button of a mail leads, as a path.
fn link_of(mail: &SendMailRequest) -> String {
    let blocks = &mail.content.as_ref().unwrap().blocks;
    let link = blocks.iter().find_map(|block| match &block.block {
        Some(Block::Action(action)) => Some(action.url.clone()),
        _ => None,
    });
    let link = link.expect("the mail has a button");
    let path = link.find(ADDRESSES).expect("it leads here");
    link[path..].to_owned()
}

/// Proves an address as its owner does. The last mail sent is the one with the link.
async fn prove(house: &House, who: &Principal, address: &str) -> Page {
    let browser = house.browser(who);
    ask(&browser, address).await;
    let mails = house.mails(1).await;
    let page = browser.get(&link_of(mails.last().unwrap())).await;
    browser.submit(page.form("form#confirm")).await
}

/// The button that does something with an address.
fn button(page: &Page, address: &str, step: &str) -> Option<Form> {
    let items = page.texts("#addresses > li .breakable");
    let nth = items.iter().position(|item| item == address)? + 1;
    let css = format!("#addresses > li:nth-child({nth}) form[action$='/{step}']");
    page.has(&css).then(|| page.form(&css))
}

async fn refusals(house: &House) -> i64 {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS refused FROM audit WHERE outcome = 'refused'";
    client.query_one(sql, &[]).await.unwrap().get("refused")
}

#[tokio::test]
async fn an_address_is_theirs_after_the_round_trip_and_then_may_become_primary() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    let page = ask(&browser, "Ada@Lovelace.example").await;
    page.assert_sound();
    assert!(page.text(".toast").contains("Ada@lovelace.example"));
    let mail = house.mails(1).await.remove(0);
    let recipient = mail.recipient.as_ref().unwrap();
    assert_eq!(recipient.address, "Ada@lovelace.example");

    let link = link_of(&mail);
    for _ in 0..2 {
        let looked = browser.get(&link).await;
        looked.assert_sound();
        assert!(looked.has("form#confirm"), "looking uses nothing up");
    }
    let unproven = browser.get(ADDRESSES).await;
    assert!(button(&unproven, "Ada@lovelace.example", "primary").is_none());
    let confirmed = browser
        .submit(browser.get(&link).await.form("form#confirm"))
        .await;
    let primary = button(&confirmed, "Ada@lovelace.example", "primary").unwrap();
    assert!(!browser.get(&link).await.has("form#confirm"), "used up");

    let page = browser.submit(primary).await;
    page.assert_sound();
    assert_eq!(
        house.person(&house.user).await.email,
        "Ada@lovelace.example"
    );
    assert_eq!(
        page.texts("#addresses .breakable")[0],
        "Ada@lovelace.example"
    );
    let notice = house.mails(2).await.remove(1);
    assert_eq!(notice.template, "accounts.former_address");
    assert_eq!(notice.recipient.unwrap().address, house.user.email);

    // Other services are told the primary one.
    let call = Call::new(Duration::from_secs(5)).wait_for_ready();
    let boot = house.world.boot("hello");
    let accounts = rpc::accounts::client(&boot);
    let request = GetUserRequest {
        user_id: house.user.user_id.to_string(),
    };
    let told = accounts.get_user(call, request).await.unwrap().user;
    assert_eq!(told.unwrap().email, "Ada@lovelace.example");
    let client = house.db.client().await.unwrap();
    let events = client.query("SELECT * FROM outbox", &[]).await.unwrap();
    assert_eq!(events.len(), 1, "one event: the primary address changed");
}

#[tokio::test]
async fn a_link_is_kept_as_a_digest_and_works_for_its_owner_alone() {
    let house = House::new().await;
    let browser = house.browser(&house.user);
    ask(&browser, "ada@lovelace.example").await;
    let link = link_of(&house.mails(1).await[0]);
    let client = house.db.client().await.unwrap();
    let sql = "SELECT token_hash, address_claims::text AS whole FROM address_claims";
    let row = client.query_one(sql, &[]).await.unwrap();
    assert_eq!(row.get::<_, Vec<u8>>("token_hash").len(), 32);
    let token = link.rsplit('/').next().unwrap();
    assert!(!row.get::<_, String>("whole").contains(token));

    let stranger = house.browser(&house.admin);
    assert!(!stranger.get(&link).await.has("form#confirm"));
    let mut stolen = stranger
        .get("/app/accounts")
        .await
        .form("form[action='/app/accounts']");
    stolen.action = stranger.url(&link);
    stranger.submit(stolen).await;
    assert!(browser.get(&link).await.has("form#confirm"), "still theirs");

    // Asking again ends the link before.
    let page = browser.get(ADDRESSES).await;
    browser
        .submit(button(&page, "ada@lovelace.example", "add").unwrap())
        .await;
    let again = link_of(&house.mails(2).await[1]);
    assert!(!browser.get(&link).await.has("form#confirm"));
    assert!(browser.get(&again).await.has("form#confirm"));
    let page = browser.get(ADDRESSES).await;
    browser
        .submit(button(&page, "ada@lovelace.example", "withdraw").unwrap())
        .await;
    assert!(!browser.get(&again).await.has("form#confirm"), "withdrawn");
}

#[tokio::test]
async fn a_link_works_for_a_day() {
    let house = House::at(Clock::manual(Clock::system().now())).await;
    let browser = house.browser(&house.user);
    ask(&browser, "ada@lovelace.example").await;
    let link = link_of(&house.mails(1).await[0]);
    house
        .world
        .clock
        .advance(SignedDuration::from_hours(24) - SignedDuration::from_mins(1));
    let page = browser.get(&link).await;
    let form = page.form("form#confirm");
    house.world.clock.advance(SignedDuration::from_mins(1));
    let late = browser.submit(form).await;
    assert!(late.has(".empty"), "{}", late.body);
    assert_eq!(browser.get(ADDRESSES).await.count("#addresses > li"), 1);
}

#[tokio::test]
async fn an_address_belongs_to_one_person_whatever_its_case() {
    let house = House::new().await;
    // Both may claim it; whoever reads the mail has it.
    let (ada, grace) = (house.browser(&house.user), house.browser(&house.admin));
    ask(&ada, "shared@team.example").await;
    ask(&grace, "SHARED@team.example").await;
    let mails = house.mails(2).await;
    let hers = grace.get(&link_of(&mails[1])).await.form("form#confirm");
    let his = ada.get(&link_of(&mails[0])).await.form("form#confirm");
    grace.submit(hers).await;
    let late = ada.submit(his).await;
    assert!(late.text(".toast").contains("shared@team.example"));
    assert_eq!(late.count("#addresses > li"), 1);
    assert_eq!(refusals(&house).await, 1);

    // Neither an administrator nor an invitation gets around it.
    let page = grace.get(&House::page_of(&house.user)).await;
    let form = page.form("form[action$='/addresses']");
    let refused = grace
        .submit(form.with("address", "Shared@Team.Example"))
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#address-error"));
    let form = grace
        .get("/admin/accounts/people/new")
        .await
        .form("main form");
    let refused = grace
        .submit(
            form.with("display_name", "Ivo")
                .with("username", "ivo")
                .with("email", "shared@TEAM.example"),
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#email-error"), "{}", refused.body);
    let client = house.db.client().await.unwrap();
    let sql = "UPDATE people SET email = 'sHared@team.example' WHERE id = $1";
    let taken = client.execute(sql, &[&house.user.user_id]).await;
    assert!(taken.is_err(), "nor does the release before");
}

#[tokio::test]
async fn changing_where_mail_goes_asks_again_who_it_is() {
    let house = House::new().await;
    prove(&house, &house.user, "ada@lovelace.example").await;
    let page = house.browser(&house.user).get(ADDRESSES).await;
    let mut idle = house.user.clone();
    idle.authenticated_at -= SignedDuration::from_mins(11);
    let browser = house.browser(&idle);
    for form in [
        page.form("form#add").with("address", "mallory@example.net"),
        button(&page, "ada@lovelace.example", "primary").unwrap(),
        button(&page, "ada@lovelace.example", "remove").unwrap(),
    ] {
        let refused = browser.submit_once(form).await;
        assert_eq!(refused.status, 307);
        assert!(refused.header("location").starts_with("/auth/held-forms?"));
    }
    assert_eq!(house.mails(1).await.len(), 1);
    assert_eq!(browser.get(ADDRESSES).await.count("#addresses > li"), 2);
    assert_eq!(house.person(&house.user).await.email, house.user.email);
}

#[tokio::test]
async fn unproven_addresses_do_not_become_primary_and_primary_ones_stay() {
    let house = House::new().await;
    let admin = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let form = admin.get(&path).await.form("form[action$='/addresses']");
    let page = admin
        .submit(form.with("address", "ada@lovelace.example"))
        .await;
    page.assert_sound();
    let imposed = button(&page, "ada@lovelace.example", "primary").unwrap();
    let address = imposed.action.path().replace(&path, "/app/accounts");

    let browser = house.browser(&house.user);
    let own = browser.get(ADDRESSES).await;
    assert!(button(&own, "ada@lovelace.example", "primary").is_none());
    let mut forged = own.form("form#add");
    forged.action = browser.url(&address);
    let refused = browser.submit(forged.clone()).await;
    assert!(refused.has(".toast[data-tone=danger]"));
    assert_eq!(house.person(&house.user).await.email, house.user.email);
    // Not by the pages of the administration either, which ask for a recent sign-in but are not theirs.
    let mut others = forged.clone();
    others.action = browser.url(&House::page_of(&house.admin));
    others
        .action
        .set_path(&format!("{}/addresses", House::page_of(&house.admin)));
    assert_eq!(browser.submit(others).await.status, 403);
    let mut hers = forged.clone();
    hers.action = browser.url(imposed.action.path());
    browser.submit(hers).await;
    assert_eq!(house.person(&house.user).await.email, house.user.email);

    // Nor do administrators give themselves an address that they have not proven.
    let own = format!("{}/addresses", House::page_of(&house.admin));
    let mut forged = page.form("form[action$='/addresses']");
    forged.action = admin.url(&own);
    let refused = admin.submit(forged.with("address", "g@x.example")).await;
    assert_eq!(refused.status, 403);

    let page = admin.submit(imposed).await;
    assert_eq!(
        house.person(&house.user).await.email,
        "ada@lovelace.example"
    );
    assert!(button(&page, "ada@lovelace.example", "remove").is_none());
    let primary = button(&page, &house.user.email, "remove").unwrap();
    let mut forged = page.form("form[action$='/addresses']");
    let client = house.db.client().await.unwrap();
    let sql = "SELECT id FROM mail_addresses WHERE address = 'ada@lovelace.example'";
    let id: uuid::Uuid = client.query_one(sql, &[]).await.unwrap().get("id");
    forged.action = admin.url(&format!("{path}/addresses/{id}/remove"));
    assert!(admin.submit(forged).await.has(".toast[data-tone=danger]"));
    let page = admin.submit(primary).await;
    assert_eq!(
        page.texts("#addresses .breakable"),
        ["ada@lovelace.example"]
    );
    // They prove it after all.
    let proven = prove(&house, &house.user, "ada@lovelace.example").await;
    assert!(proven.has("#addresses .badge[data-tone=success]"));
}

#[tokio::test]
async fn without_a_mail_server_the_page_says_so_and_the_claim_waits() {
    let house = House::new().await;
    let gus = house.member("gus", Role::Guest).await;
    let without = &house.notifications.without_server;
    without.store(true, Ordering::Relaxed);
    let browser = house.browser(&gus);
    let page = ask(&browser, "gus@elsewhere.example").await;
    assert!(page.has(".toast[data-tone=danger]"), "{}", page.body);
    without.store(false, Ordering::Relaxed);
    browser
        .submit(button(&page, "gus@elsewhere.example", "add").unwrap())
        .await;
    assert_eq!(house.mails(1).await.len(), 1);
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_with_links() {
    let house = House::new().await;
    let mary = house.member("mary", Role::User).await;
    let (ada, mary) = (house.browser(&house.user), house.browser(&mary));
    for browser in [&ada, &mary, &ada, &mary, &ada] {
        assert_eq!(ask(browser, "victim@example.net").await.status, 200);
    }
    let refused = ask(&mary, "VICTIM@example.net").await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#address-error"));
    assert_eq!(refused.attribute("#address", "value"), "VICTIM@example.net");
    assert_eq!(house.mails(5).await.len(), 5);
    assert_eq!(ask(&ada, "not an address").await.status, 422);
}

#[tokio::test]
async fn whoever_is_forgotten_leaves_no_address() {
    let house = House::new().await;
    prove(&house, &house.user, "ada@lovelace.example").await;
    ask(&house.browser(&house.user), "later@lovelace.example").await;
    let client = house.db.client().await.unwrap();
    let id = PersonId(house.user.user_id);
    app_accounts::store::purge::person_forget(&client, id, house.world.clock.now())
        .await
        .unwrap();
    assert!(person_find(&client, id).await.unwrap().is_none());
    let sql = "SELECT (SELECT count(*) FROM mail_addresses WHERE person_id = $1)
                    + (SELECT count(*) FROM address_claims WHERE person_id = $1)
                    + (SELECT count(*) FROM audit WHERE changes::text LIKE '%lovelace%') AS rows";
    let rows: i64 = client.query_one(sql, &[&id.0]).await.unwrap().get("rows");
    assert_eq!(rows, 0);
}
