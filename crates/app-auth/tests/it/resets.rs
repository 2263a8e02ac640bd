//! Resets that somebody else starts, and what an operator does for people from the machine.

use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use rpc::events::auth::{AUDIT, AuditRecorded};
use testkit::Page;

use crate::authenticator::with_passkey;
use crate::grpc::refused_by_the_guard;
use crate::house::{House, PASSWORD, call};
use crate::post::{Post, path};
use crate::second_factor::set_up;
use crate::visitor::Visitor;

const NEW: &str = "quiet harbour beside two kites";

/// Starts a reset on the page.
async fn start(admin: &Visitor<'_>, who: &str, delivery: &str) -> Page {
    let page = admin.get(&format!("/admin/auth/people/{who}/reset")).await;
    page.assert_sound();
    assert!(!page.has("input[type=password]"), "nobody chooses it here");
    let form = page.form("#reset").with("delivery", delivery);
    admin.submit(form).await
}

/// The path of the link that a page shows.
fn link_on(page: &Page) -> String {
    page.assert_sound();
    let at = page.body.find("/auth/reset/").unwrap();
    let rest = &page.body[at..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"/-_".contains(c));
    rest[..end.unwrap()].to_owned()
}

async fn reasons(house: &House, action: &str) -> Vec<String> {
    let trail: Vec<AuditRecorded> = house.events(AUDIT).await;
    let lines = trail.into_iter().filter(|line| line.action == action);
    lines.map(|line| line.reason).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_shows_a_link_once_and_the_person_chooses() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, browser) = house.person("ada").await;
    let older = link_on(&start(&admin, &ada.user_id, "link").await);
    let link = link_on(&start(&admin, &ada.user_id, "link").await);
    assert_eq!(house.visitor().get(&older).await.status, 410, "replaced");
    let back = house.visitor();
    assert_eq!(back.accept(&link, NEW).await.header("location"), "/");
    assert!(house.introspect(&browser.session()).await.is_none());
    assert_eq!(house.visitor().get(&link).await.status, 410, "used");
    assert_eq!(house.visitor().sign_in("ada", NEW).await.status, 303);
    assert_eq!(reasons(&house, "recovery.start").await, ["link", "link"]);
    let told: i64 = house
        .sql()
        .await
        .query_one(
            "SELECT count(*) FROM auth.jobs WHERE kind = 'factor_changed' AND payload::text LIKE '%reset_started%'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(told, 2, "the person hears of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_all_the_same() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, browser) = house.person("ada").await;
    set_up(&house, &browser).await;
    let link = link_on(&start(&admin, &ada.user_id, "link").await);
    let back = house.visitor();
    let answer = back.accept(&link, NEW).await;
    assert!(
        answer.header("location").starts_with("/auth/sign-in/"),
        "{}",
        answer.header("location")
    );
    assert!(back.cookie("cloud").is_none(), "no session yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_to_the_person_alone() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, _) = house.person("ada").await;
    let refused = start(&admin, &ada.user_id, "mail").await;
    assert_eq!(refused.status, 422, "no mail can be sent yet");
    assert!(refused.has("#delivery-error"));
    let post = Post::open(&house).await;
    let answer = start(&admin, &ada.user_id, "mail").await;
    assert_eq!(answer.status, 303);
    assert!(!answer.body.contains("/auth/reset/"));
    let mail = post.mail("ada@example.org", "Choose a new password").await;
    let back = house.visitor();
    let link = path(&mail, "/auth/reset/");
    assert_eq!(back.accept(&link, NEW).await.header("location"), "/");
    assert_eq!(reasons(&house, "recovery.start").await, ["mail"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_who_signed_in_lately_may_start_one() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, member) = house.person("ada").await;
    let page = format!("/admin/auth/people/{}/reset", ada.user_id);
    assert_eq!(member.get(&page).await.status, 403);
    let unknown = format!("/admin/auth/people/{}/reset", uuid::Uuid::now_v7());
    assert_eq!(admin.get(&unknown).await.status, 404);
    house.later(SignedDuration::from_mins(11));
    let asked = admin.get(&page).await;
    assert!(asked.header("location").starts_with("/auth/sudo"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_and_removes_factors_and_unlocks() {
    let house = House::open().await;
    let (ada, browser) = house.person("ada").await;
    set_up(&house, &browser).await;
    let recovery = house.recovery_rpc("cloud");
    let user_id = || ada.user_id.clone();
    let has = async || {
        let request = wire::GetFactorsRequest { user_id: user_id() };
        recovery.get_factors(call(), request).await.unwrap()
    };
    let before = has().await;
    assert!(before.password && before.totp && before.held_back_for == 0);
    assert_eq!(before.passkeys, 0);
    with_passkey(&browser).await;
    assert_eq!(has().await.passkeys, 1);
    assert_eq!(before.recovery_codes, 10);
    // The name is blocked for strangers, and the second factor for everybody.
    for number in 0..12 {
        let stranger = house.visitor().at(&format!("203.0.{number}.5"));
        stranger.sign_in("ada", "not the password").await;
    }
    let sql = house.sql().await;
    let fail = "INSERT INTO auth.second_factor_failures (user_id, failures, last_failed_at)
        VALUES ($1, 9, $2) ON CONFLICT (user_id) DO UPDATE SET failures = 9, last_failed_at = $2";
    let id: uuid::Uuid = ada.user_id.parse().unwrap();
    sql.execute(fail, &[&id, &house.now()]).await.unwrap();
    assert!(has().await.held_back_for > 0);
    let stranger = house.visitor().at("198.51.100.9");
    assert_eq!(stranger.sign_in("ada", PASSWORD).await.status, 429);
    let request = wire::UnlockRequest { user_id: user_id() };
    recovery.unlock(call(), request).await.unwrap();
    assert_eq!(has().await.held_back_for, 0);
    let halfway = stranger.sign_in("ada", PASSWORD).await;
    assert!(halfway.header("location").starts_with("/auth/sign-in/"));

    let request = wire::RemoveFactorsRequest { user_id: user_id() };
    let removed = recovery.remove_factors(call(), request).await.unwrap();
    assert_eq!(removed.ended, 1);
    assert!(house.introspect(&browser.session()).await.is_none());
    let after = has().await;
    assert!(after.password && !after.totp && after.recovery_codes == 0 && after.passkeys == 0);
    house.visitor().sign_in_well("ada").await;
    for action in ["person.unlock", "factors.remove"] {
        assert_eq!(reasons(&house, action).await.len(), 1, "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_may_call() {
    let house = House::open().await;
    let (ada, _) = house.person("ada").await;
    for caller in ["accounts", "gateway", "dashboard", "cloud"] {
        let recovery = house.recovery_rpc(caller);
        let user_id = || ada.user_id.clone();
        let reset = wire::StartResetRequest {
            user_id: user_id(),
            by_mail: false,
        };
        let outcomes = [
            recovery.start_reset(call(), reset).await.map(drop),
            recovery
                .get_factors(call(), wire::GetFactorsRequest { user_id: user_id() })
                .await
                .map(drop),
            recovery
                .remove_factors(call(), wire::RemoveFactorsRequest { user_id: user_id() })
                .await
                .map(drop),
            recovery
                .unlock(call(), wire::UnlockRequest { user_id: user_id() })
                .await
                .map(drop),
        ];
        for outcome in outcomes {
            assert_eq!(
                refused_by_the_guard(&outcome),
                caller != "cloud",
                "{caller}"
            );
        }
    }
}
