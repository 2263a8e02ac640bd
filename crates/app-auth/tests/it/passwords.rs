//! Changing one's password.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher as _;
use rpc::auth::v1 as wire;

use crate::house::{House, PASSWORD, call};
use crate::second_factor::set_up;
use crate::visitor::Visitor;

/// A filter with these passwords in it, as a file.
fn leaked(house_folder: &std::path::Path, name: &str, passwords: &[&str]) -> String {
    let mut filter =
        breach_filter::Filter::with_room_for(passwords.len() as u64, 1_700_000_000).unwrap();
    for password in passwords {
        filter.insert(breach_filter::Key::of(password));
    }
    let path = house_folder.join(name);
    filter
        .write(&mut std::fs::File::create(&path).unwrap())
        .unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_list_of_leaked_passwords_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = leaked(folder.path(), "leaked", &[NEW, "another leaked one"]);
    let house = House::open_with(&[("AUTH_LEAKED_PASSWORDS", &file)]).await;
    let (_, here) = house.person("ada").await;
    let answer = change(&here, PASSWORD, NEW, true).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("#new_password-error").contains("leaked"));
    let other = change(&here, PASSWORD, "quiet harbour at high tide", true).await;
    assert_eq!(other.status, 303);
    let admin = house.administrator().await;
    let page = admin.get("/admin/auth/passwords").await;
    page.assert_sound();
    assert!(page.text("#leaked").starts_with("2 passwords."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_list_is_told_and_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.txt");
    std::fs::write(&file, "password\n123456\n").unwrap();
    let house = House::open_with(&[("AUTH_LEAKED_PASSWORDS", file.to_str().unwrap())]).await;
    let admin = house.administrator().await;
    let page = admin.get("/admin/auth/passwords").await;
    let told = page.text("#leaked");
    assert!(told.contains("no filter of leaked passwords"), "{told}");
    assert!(
        !page.body.contains("123456"),
        "nothing of the file is shown"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cheap_hash_is_replaced_at_the_next_sign_in() {
    let house = House::open().await;
    let (subject, _) = house.person("ada").await;
    let sql = house.sql().await;
    let id: uuid::Uuid = subject.user_id.parse().unwrap();
    let params = argon2::Params::new(64, 1, 1, None).unwrap();
    let hasher = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let cheap = hasher
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string();
    let set = "UPDATE auth.passwords SET phc = $2 WHERE user_id = $1";
    sql.execute(set, &[&id, &cheap]).await.unwrap();
    assert_eq!(house.visitor().sign_in("ada", NEW).await.status, 422);
    let phc = async || -> String {
        let find = "SELECT phc FROM auth.passwords WHERE user_id = $1";
        sql.query_one(find, &[&id]).await.unwrap().get(0)
    };
    assert_eq!(phc().await, cheap, "a wrong password changes nothing");
    house.visitor().sign_in_well("ada").await;
    assert!(phc().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    house.visitor().sign_in_well("ada").await;
}

const NEW: &str = "quiet harbour at low tide";

async fn change(visitor: &Visitor<'_>, old: &str, new: &str, end_others: bool) -> testkit::Page {
    let page = visitor.get("/auth/security").await;
    let mut form = page
        .form("#password")
        .with("old_password", old)
        .with("new_password", new);
    if !end_others {
        form.fields.retain(|(name, _)| name != "end_others");
    }
    visitor.submit(form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_the_other_sessions_by_default() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let other = house.visitor();
    other.sign_in_well("ada").await;
    let page = here.get("/auth/security").await;
    assert_eq!(
        page.form("#password").value("end_others"),
        Some("on"),
        "on by default"
    );
    assert_eq!(
        page.attribute("#old_password", "autocomplete"),
        "current-password"
    );
    assert_eq!(
        page.attribute("#new_password", "autocomplete"),
        "new-password"
    );
    let answer = change(&here, PASSWORD, NEW, true).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/auth/security")
    );
    assert!(house.introspect(&other.session()).await.is_none());
    assert!(house.introspect(&here.session()).await.is_some());
    assert_eq!(house.visitor().sign_in("ada", PASSWORD).await.status, 422);
    assert_eq!(house.visitor().sign_in("ada", NEW).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sessions_stay_when_asked_to() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let other = house.visitor();
    other.sign_in_well("ada").await;
    assert_eq!(change(&here, PASSWORD, NEW, false).await.status, 303);
    assert!(house.introspect(&other.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_password_is_asked_for_and_guesses_are_counted() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    for wrong in ["", "not the password", NEW] {
        let answer = change(&here, wrong, NEW, true).await;
        assert_eq!(answer.status, 422, "{wrong:?}");
        assert!(answer.has("#old_password-error"));
        answer.assert_sound();
    }
    assert_eq!(
        change(&here, PASSWORD, PASSWORD, true).await.status,
        422,
        "the same one again"
    );
    for _ in 0..5 {
        assert_eq!(
            change(&here, "not the password", NEW, true).await.status,
            422
        );
    }
    let limited = change(&here, PASSWORD, NEW, true).await;
    assert_eq!(limited.status, 429);
    assert!(limited.header("retry-after").parse::<u64>().unwrap() > 0);
    limited.assert_sound();
    assert_eq!(
        house.visitor().sign_in("ada", PASSWORD).await.status,
        303,
        "nothing was changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_passwords_follow_the_rules() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let alone = change(&here, PASSWORD, "vierzehn Zeich", true).await;
    assert_eq!(alone.status, 422);
    assert!(alone.text("#new_password-error").contains("15"));
    set_up(&house, &here).await;
    for refused in [
        "seven7!",
        "dragonfly1",
        "Swordfish",
        "password1",
        "ada@example.org",
        "Cloud-2026",
        &"x".repeat(129),
    ] {
        let answer = change(&here, PASSWORD, refused, true).await;
        assert_eq!(answer.status, 422, "{refused}");
        assert!(answer.has("#new_password-error"), "{refused}");
    }
    let mut current = PASSWORD.to_owned();
    let longest = "wolkig und heiter, 12 Grad — "
        .repeat(5)
        .chars()
        .take(128)
        .collect::<String>();
    for accepted in [
        "acht Zei",
        "vkqjzwpmxhtbfgyrncsd",
        "ö ü ä ß € 🦀🚲",
        &longest,
    ] {
        assert_eq!(
            change(&here, &current, accepted, true).await.status,
            303,
            "{accepted}"
        );
        let visitor = house.visitor();
        assert_eq!(
            visitor.sign_in("ada", accepted).await.status,
            303,
            "{accepted} signs in"
        );
        accepted.clone_into(&mut current);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn composition_of_characters_does_not_matter() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    assert_eq!(
        change(&here, PASSWORD, "zwölf Möwen schweben", true)
            .await
            .status,
        303
    );
    let decomposed = "zwo\u{308}lf Mo\u{308}wen schweben";
    assert_eq!(house.visitor().sign_in("ada", decomposed).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_needs_the_forms_token() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let fields = [("old_password", PASSWORD), ("new_password", NEW)];
    assert_eq!(
        here.post("/auth/security/password", &fields).await.status,
        403
    );
    assert_eq!(house.visitor().sign_in("ada", PASSWORD).await.status, 303);
    assert_eq!(
        here.get("/auth/security/password").await.header("location"),
        "/auth/security"
    );
    assert_eq!(
        here.get("/.well-known/change-password")
            .await
            .header("location"),
        "/auth/security"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_does_not_expire() {
    let house = House::open().await;
    house.person("ada").await;
    house.later(jiff::SignedDuration::from_hours(400 * 24));
    assert_eq!(house.visitor().sign_in("ada", PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_changes_at_once_have_one_winner() {
    let house = House::open().await;
    let (subject, here) = house.person("ada").await;
    let page = here.get("/auth/security").await;
    let form = |new: &str| {
        page.form("#password")
            .with("old_password", PASSWORD)
            .with("new_password", new)
    };
    let (one, two) = tokio::join!(
        here.submit(form(NEW)),
        here.submit(form("nine lamps above the gravel"))
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let sessions = house
        .rpc("accounts")
        .list_sessions(
            call(),
            wire::ListSessionsRequest {
                user_id: subject.user_id,
            },
        )
        .await
        .unwrap();
    assert_eq!(sessions.sessions.len(), 1);
}
