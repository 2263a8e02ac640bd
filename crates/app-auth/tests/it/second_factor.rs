//! One-time passwords, recovery codes, and who has to have them.

use fred::interfaces::ClientLike as _;
use jiff::SignedDuration;
use testkit::Page;

use crate::house::{House, PASSWORD};
use crate::visitor::Visitor;

/// The seed a page shows, as bytes.
fn seed_of(page: &Page) -> Vec<u8> {
    let letters = page.text("#secret code").replace(' ', "");
    let five_bits = |letter: u8| {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let index = alphabet.iter().position(|known| *known == letter);
        format!("{:05b}", index.unwrap())
    };
    let bits: String = letters.bytes().map(five_bits).collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

/// What a program shows for a seed, `steps` away from now. Computed by other code than the app's.
pub fn code(house: &House, seed: &[u8], steps: i64) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let step = house.now().as_second() / 30 + steps;
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(seed).unwrap();
    mac.update(&u64::try_from(step).unwrap().to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

/// Sets one-time passwords up; returns the seed and the recovery codes.
pub async fn set_up(house: &House, visitor: &Visitor<'_>) -> (Vec<u8>, Vec<String>) {
    let page = visitor.get("/auth/security/totp").await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_sound();
    let seed = seed_of(&page);
    let form = page.form("#totp").with("code", &code(house, &seed, 0));
    let shown = visitor.submit(form).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    shown.assert_sound();
    house.later(SignedDuration::from_secs(60));
    (seed, codes_of(&shown))
}

fn codes_of(page: &Page) -> Vec<String> {
    let text = page.text(".recovery-codes");
    text.split_whitespace().map(str::to_owned).collect()
}

/// Gives the password; returns the page that asks for more.
async fn halfway(visitor: &Visitor<'_>, login: &str) -> Page {
    let answer = visitor.sign_in(login, PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let path = answer.header("location").to_owned();
    assert!(path.starts_with("/auth/sign-in/"), "{path}");
    assert!(visitor.cookie("cloud").is_none(), "no session yet");
    let page = visitor.get(&path).await;
    page.assert_sound();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_once_it_is_set_up_and_works_once() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (seed, _) = set_up(&house, &ada).await;

    let browser = house.visitor();
    let page = halfway(&browser, "ada").await;
    let wrong = browser
        .submit(
            page.form("#with-code")
                .with("code", &code(&house, &seed, 2)),
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("#code-error"));
    assert!(browser.cookie("cloud").is_none());
    let event: uuid::Uuid = house
        .sql()
        .await
        .query_one(
            "SELECT event_id FROM auth.sign_in_events WHERE reason = 'code'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let admin = house.administrator().await;
    let why = admin.get(&format!("/admin/auth/sign-ins/{event}")).await;
    assert!(why.body.contains("The code after it was wrong"));
    let right = code(&house, &seed, 0);
    let answer = browser
        .submit(page.form("#with-code").with("code", &right))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/"),
        "{}",
        answer.body
    );
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.factors, ["pwd", "otp"]);

    // The same code in another browser, within its time: used.
    let thief = house.visitor();
    let page = halfway(&thief, "ada").await;
    let again = thief
        .submit(page.form("#with-code").with("code", &right))
        .await;
    assert_eq!(again.status, 422);
    assert!(thief.cookie("cloud").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_four_at_once_one_wins() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (seed, codes) = set_up(&house, &ada).await;
    for right in [code(&house, &seed, 0), codes[0].clone()] {
        let browsers: Vec<_> = (0..4).map(|_| house.visitor()).collect();
        let mut forms = Vec::new();
        for browser in &browsers {
            let page = halfway(browser, "ada").await;
            forms.push(page.form("#with-code").with("code", &right));
        }
        let sent = browsers
            .iter()
            .zip(forms)
            .map(|(browser, form)| browser.submit(form));
        let answers = futures_util::future::join_all(sent).await;
        let winners = answers.iter().filter(|answer| answer.status == 303);
        assert_eq!(winners.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_set_ups_at_once_one_wins_and_keeps_working() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    // The second round replaces what the first one set up.
    for round in 0..2 {
        let mut offers = Vec::new();
        for _ in 0..8 {
            let page = ada.get("/auth/security/totp").await;
            let seed = seed_of(&page);
            let form = page.form("#totp").with("code", &code(&house, &seed, 0));
            offers.push((seed, form));
        }
        let sent = offers.iter().map(|(_, form)| ada.submit(form.clone()));
        let answers = futures_util::future::join_all(sent).await;
        let winners: Vec<usize> = (0..8).filter(|at| answers[*at].status == 200).collect();
        assert_eq!(winners.len(), 1, "round {round}");
        assert_eq!(
            answers.iter().filter(|answer| answer.status == 422).count(),
            7
        );
        let codes = codes_of(&answers[winners[0]]);
        house.later(SignedDuration::from_secs(60));
        // What the winner was shown is what works: the seed and the codes.
        let browser = house.visitor();
        let page = halfway(&browser, "ada").await;
        let right = code(&house, &offers[winners[0]].0, 0);
        let by_seed = page.form("#with-code").with("code", &right);
        assert_eq!(browser.submit(by_seed).await.status, 303);
        let browser = house.visitor();
        let page = halfway(&browser, "ada").await;
        let by_paper = page.form("#with-recovery-code").with("code", &codes[0]);
        assert_eq!(browser.submit(by_paper).await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_work_once_each_and_nothing_readable_is_stored() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (seed, codes) = set_up(&house, &ada).await;
    assert_eq!(codes.len(), 10);
    for (typed, status) in [
        (codes[3].to_uppercase(), 303),
        (codes[3].clone(), 422),
        (codes[4].replace('-', ""), 303),
    ] {
        let browser = house.visitor();
        let page = halfway(&browser, "ada").await;
        let answer = browser
            .submit(page.form("#with-recovery-code").with("code", &typed))
            .await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let sql = house.sql().await;
    let rows = sql
        .query(
            "SELECT sealed_seed FROM auth.totp_seeds UNION ALL SELECT code_hash FROM auth.recovery_codes",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 11);
    for row in rows {
        let stored: Vec<u8> = row.get(0);
        assert!(!stored.windows(8).any(|part| seed.starts_with(part)));
        for code in &codes {
            let plain = code.replace('-', "");
            assert!(!stored.windows(10).any(|part| part == plain.as_bytes()));
        }
    }
    // New ones replace them all.
    let token = ada
        .get("/auth/security")
        .await
        .form("form[action='/auth/security/recovery-codes']");
    let shown = ada.submit(token).await;
    let fresh = codes_of(&shown);
    assert_eq!(fresh.len(), 10);
    let browser = house.visitor();
    let page = halfway(&browser, "ada").await;
    let old = page.form("#with-recovery-code").with("code", &codes[5]);
    assert_eq!(browser.submit(old).await.status, 422);
    let new = page.form("#with-recovery-code").with("code", &fresh[0]);
    assert_eq!(browser.submit(new).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_counted_across_sign_ins_and_without_redis() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (seed, _) = set_up(&house, &ada).await;
    let thief = house.visitor().at("198.51.100.7");
    let mut statuses = Vec::new();
    for guess in 0..8 {
        // A sign-in of its own for each guess: no new budget comes with it.
        let page = halfway(&thief, "ada").await;
        let form = page
            .form("#with-code")
            .with("code", &code(&house, &seed, 40 + guess));
        statuses.push(thief.submit(form).await.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429, 429]);
    let held_back: i64 = house
        .sql()
        .await
        .query_one(
            "SELECT count(*) FROM auth.sign_in_events WHERE outcome = 'limited' AND user_id IS NOT NULL",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(held_back, 1, "one event a minute, with the person");
    let _: () = house.redis().await.flushall(false).await.unwrap();
    let page = halfway(&thief, "ada").await;
    let right = page
        .form("#with-code")
        .with("code", &code(&house, &seed, 0));
    let limited = thief.submit(right).await;
    assert_eq!(limited.status, 429, "even the right one");
    assert!(!limited.header("retry-after").is_empty());
    limited.assert_sound();

    house.later(SignedDuration::from_mins(6));
    let browser = house.visitor();
    let page = halfway(&browser, "ada").await;
    let right = page
        .form("#with-code")
        .with("code", &code(&house, &seed, 0));
    assert_eq!(browser.submit(right).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_resets_the_password_does_not_get_past_the_second_factor() {
    let house = House::open().await;
    let (subject, ada) = house.person("ada").await;
    let (seed, _) = set_up(&house, &ada).await;
    let request = rpc::auth::v1::StartResetRequest {
        user_id: subject.user_id.clone(),
        by_mail: false,
    };
    let link = house
        .recovery_rpc("cloud")
        .start_reset(crate::house::call(), request)
        .await
        .unwrap();
    let browser = house.visitor();
    let answer = browser
        .accept(&link.path, "quiet harbour at low tide")
        .await;
    assert!(browser.cookie("cloud").is_none());
    let page = browser.get(answer.header("location")).await;
    let form = page
        .form("#with-code")
        .with("code", &code(&house, &seed, 0));
    assert_eq!(browser.submit(form).await.status, 303);
    assert!(house.introspect(&browser.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_set_one_up_within_a_week() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let page = admin.get("/auth/security").await;
    assert!(page.has("#main .alert[data-tone=warning]"), "a banner");
    house.later(SignedDuration::from_hours(6 * 24));
    let browser = house.visitor();
    browser.sign_in_well("grace").await;
    assert!(browser.cookie("cloud").is_some(), "there is time left");

    house.later(SignedDuration::from_hours(2 * 24));
    let browser = house.visitor();
    let page = halfway(&browser, "grace").await;
    let seed = seed_of(&page);
    let wrong = page.form("#totp").with("code", "000000");
    let again = browser.submit(wrong).await;
    assert_eq!(again.status, 422);
    assert_eq!(seed_of(&again), seed, "the same picture");
    let form = again.form("#totp").with("code", &code(&house, &seed, 0));
    let shown = browser.submit(form).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert_eq!(codes_of(&shown).len(), 10);
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.factors, ["pwd", "otp"]);
    let page = browser.get("/auth/security").await;
    assert!(!page.has("#main .alert[data-tone=warning]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_asked_for_more_and_an_offer_belongs_to_its_person() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (_, ben) = house.person("ben").await;
    house.later(SignedDuration::from_hours(30 * 24));
    for (visitor, login) in [(&ada, "ada"), (&ben, "ben")] {
        visitor.sign_in_well(login).await;
    }
    let offered = ada.get("/auth/security/totp").await;
    let seed = seed_of(&offered);
    let theirs = offered.form("#totp").value("offer").unwrap().to_owned();
    let form = ben
        .get("/auth/security/totp")
        .await
        .form("#totp")
        .with("offer", &theirs)
        .with("code", &code(&house, &seed, 0));
    assert_eq!(ben.submit(form).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_factors_needs_a_recent_sign_in_and_removing_ends_the_other_sessions() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let other = house.visitor();
    other.sign_in_well("ada").await;
    let (seed, _) = set_up(&house, &ada).await;
    let removal = ada.get("/auth/security").await.form("#totp-remove");
    house.later(SignedDuration::from_mins(11));
    for (answer, to) in [
        (ada.get("/auth/security/totp").await, "/auth/sudo?"),
        (ada.submit(removal).await, "/auth/held-forms?"),
    ] {
        assert!(
            answer.header("location").starts_with(to),
            "{}",
            answer.status
        );
    }
    // Confirmed with both factors: a password alone is no full authentication.
    let page = ada.get("/auth/sudo?return_to=/auth/security").await;
    let before = ada.session();
    let form = page.form(".plain-card form").with("password", PASSWORD);
    let answer = ada.submit(form).await;
    assert_eq!(ada.session(), before);
    let page = ada.get(answer.header("location")).await;
    let form = page
        .form("#with-code")
        .with("code", &code(&house, &seed, 0));
    let answer = ada.submit(form).await;
    assert_eq!(answer.header("location"), "/auth/security");
    assert_ne!(ada.session(), before, "a new id");
    assert!(house.introspect(&before).await.is_none());
    let removal = ada.get("/auth/security").await.form("#totp-remove");
    assert_eq!(ada.submit(removal).await.status, 303);
    assert!(house.introspect(&ada.session()).await.is_some());
    assert!(house.introspect(&other.session()).await.is_none());
    house.visitor().sign_in_well("ada").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_short_for_standing_alone_is_changed_before_the_codes_go() {
    const SHORT: &str = "vkqj zwpm xmh";
    const LONG: &str = "vkqj zwpm xmht rr";
    let house = House::open().await;
    let (subject, ada) = house.person("ada").await;
    let (seed, _) = set_up(&house, &ada).await;
    change_password(&ada, PASSWORD, SHORT).await;
    let removal = ada.get("/auth/security").await.form("#totp-remove");
    let refused = ada.submit(removal.clone()).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    refused.assert_sound();
    let remedy = refused.text("#new_password-error");
    assert!(remedy.contains("at least 15 characters"), "{remedy}");
    assert!(refused.has("#totp-remove"), "the codes are still there");
    let stranger = house.visitor();
    assert!(
        stranger
            .sign_in("ada", SHORT)
            .await
            .header("location")
            .starts_with("/auth/sign-in/"),
        "and asked for"
    );

    change_password(&ada, SHORT, LONG).await;
    // As after an upgrade from a version that did not note it, and from one that changes it without noting.
    let sql = house.sql().await;
    let id: uuid::Uuid = subject.user_id.parse().unwrap();
    for forgotten in ["NULL", "changed_at - interval '1 day'"] {
        let statement = format!(
            "UPDATE auth.passwords SET stands_alone_as_of = {forgotten} WHERE user_id = $1"
        );
        sql.execute(&statement, &[&id]).await.unwrap();
        assert_eq!(ada.submit(removal.clone()).await.status, 422);
    }
    // It is known again once it was typed.
    house.later(SignedDuration::from_secs(60));
    let page = ada.get("/auth/sudo?return_to=/auth/security").await;
    let form = page.form(".plain-card form").with("password", LONG);
    let halfway = ada.submit(form).await;
    let page = ada.get(halfway.header("location")).await;
    let proof = page.form("#with-code");
    let proof = proof.with("code", &code(&house, &seed, 0));
    ada.submit(proof).await;
    let removal = ada.get("/auth/security").await.form("#totp-remove");
    assert_eq!(ada.submit(removal).await.status, 303);
    let alone = house.visitor().sign_in("ada", LONG).await;
    assert_eq!(alone.header("location"), "/");
}

async fn change_password(visitor: &Visitor<'_>, old: &str, new: &str) {
    let page = visitor.get("/auth/security").await;
    let form = page
        .form("#password")
        .with("old_password", old)
        .with("new_password", new);
    let changed = visitor.submit(form).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
}
