//! Pages of directories, as administrators use them: the form with its test, a run, a decision, a link.

use app_accounts::store::person::person_find_by_login;
use platform::Role;
use testkit::{CookieClient, Form, LDAP_PASSWORD, LDAP_READER, Page, TestLdap, ldap_server};

use crate::directories::{delete, group, people};
use crate::house::House;

const DIRECTORIES: &str = "/admin/accounts/directories";

/// The form of a new directory, filled in.
pub(crate) async fn filled(browser: &CookieClient, ldap: &TestLdap) -> Form {
    let page = browser
        .get("/admin/accounts/directories/new?preset=freeipa")
        .await;
    assert_eq!(page.status, 200);
    page.assert_sound();
    page.form("form[action='/admin/accounts/directories/new']")
        .with("name", "Head office")
        .with("host", "127.0.0.1")
        .with("port", &ldap.tls_port.to_string())
        .with("authority", &ldap.authority)
        .with("bind_dn", LDAP_READER)
        .with("bind_password", LDAP_PASSWORD)
        .with("people_base", "cn=users,dc=example,dc=org")
        .with("groups_base", "cn=groups,dc=example,dc=org")
        .with("every", "0")
}

/// The page of the directory, once nothing runs.
async fn ended(browser: &CookieClient, path: &str, runs: usize) -> Page {
    testkit::until("the run ends", async || {
        let page = browser.get(path).await;
        let states = page.texts("#runs tbody tr td:nth-child(2) .badge");
        (states.len() == runs && !states.iter().any(|state| state.contains("runs"))).then_some(page)
    })
    .await
}

pub(crate) async fn press(browser: &CookieClient, page: &Page, form: &str) -> Page {
    let next = browser.submit(page.form(form)).await;
    assert_eq!(next.status, 200);
    next
}

/// Unlinks the only group, on its page.
async fn unlink_group(browser: &CookieClient) {
    let groups = browser.get("/admin/accounts/groups").await;
    let group = groups.attribute("#groups tbody a", "href");
    let page = browser.get(&group).await;
    page.assert_sound();
    assert!(page.text("#from-directory").contains("Head office"));
    let page = press(browser, &page, "form[action$='/unlink']").await;
    assert!(!page.has("#from-directory"));
}

#[tokio::test]
async fn a_directory_is_tried_kept_previewed_and_read() {
    let house = House::new().await;
    let ldap = ldap_server(&people(3)).await;
    ldap.change(&group("staff", &["uid=p1,cn=users"]));
    let browser = house.administrator();
    browser.get(DIRECTORIES).await.assert_sound();

    let wrong = filled(&browser, &ldap)
        .await
        .with("bind_password", "wrong canary");
    let tried = browser.submit(wrong.with("do", "test")).await;
    tried.assert_sound();
    let steps = tried.texts("#tried tbody tr");
    assert!(steps[2].contains("Works"), "{steps:?}");
    assert!(steps[3].contains("password is wrong"), "{steps:?}");
    assert!(steps[5].contains("Not tried"), "{steps:?}");
    assert!(
        !tried.body.contains("canary"),
        "a password is not shown again"
    );
    let right = filled(&browser, &ldap).await.with("do", "test");
    let tried = browser.submit(right).await;
    assert!(tried.texts("#tried tbody tr")[5].contains("3 found"));

    let unfit = filled(&browser, &ldap)
        .await
        .with("people_filter", "uid=*")
        .with("do", "save");
    let refused = browser.submit(unfit).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.body.contains("from character 1 on"));

    let page = browser
        .submit(filled(&browser, &ldap).await.with("do", "save"))
        .await;
    page.assert_sound();
    let path = page.url.path().to_owned();
    assert!(
        path.starts_with(DIRECTORIES) && !path.ends_with("new"),
        "{path}"
    );
    press(&browser, &page, "form[action$='/run/preview']").await;
    let preview = ended(&browser, &path, 1).await;
    preview.assert_sound();
    assert!(
        preview.text("#plan").contains("Person p2"),
        "{}",
        preview.text("#plan")
    );
    press(&browser, &preview, "form[action$='/run/sync']").await;
    let done = ended(&browser, &path, 2).await;
    done.assert_sound();
    let client = house.db.client().await.unwrap();
    let person = person_find_by_login(&client, "p1").await.unwrap().unwrap();
    drop(client);

    let person_path = format!("/admin/accounts/people/{}", person.id);
    let page = browser.get(&person_path).await;
    page.assert_sound();
    assert!(page.text("#from-directory").contains("Head office"));
    assert!(page.has("#title[readonly]") && !page.has("#zone[readonly]"));
    let page = press(&browser, &page, "form[action$='/unlink']").await;
    assert!(!page.has("#from-directory") && !page.has("#title[readonly]"));

    unlink_group(&browser).await;

    let settings = browser.get(&format!("{path}/settings")).await;
    settings.assert_sound();
    assert!(!settings.body.contains("canary") && !settings.has("#sign_in[checked]"));
    let form = settings
        .form("form[action$='/settings']")
        .with("name", "Branch")
        .with("sign_in", "on")
        .with("write_back", "on")
        .with("bind_password", LDAP_PASSWORD)
        .with("do", "save");
    let page = browser.submit(form).await;
    assert!(page.text("h1").contains("Branch"));
    assert!(page.body.contains("with the password of the directory"));
    let settings = browser.get(&format!("{path}/settings")).await;
    assert!(settings.has("#sign_in[checked]") && settings.has("#write_back[checked]"));
    let delete = page
        .form("form[action$='/delete']")
        .with("confirm_name", "Branch");
    let list = browser.submit(delete).await;
    assert_eq!(list.url.path(), DIRECTORIES);
}

#[tokio::test]
async fn a_stopped_run_is_approved_and_a_conflict_linked_on_the_page() {
    let house = House::new().await;
    let local = house.member("p3", Role::User).await;
    let ldap = ldap_server(&people(20)).await;
    let browser = house.administrator();
    let page = browser
        .submit(filled(&browser, &ldap).await.with("do", "save"))
        .await;
    let path = page.url.path().to_owned();
    press(&browser, &page, "form[action$='/run/sync']").await;
    let page = ended(&browser, &path, 1).await;
    assert!(page.text("#conflicts").contains("Person p3"));
    press(&browser, &page, "form[action$='/link']").await;
    let gone: String = (5..=16)
        .map(|number| delete(&format!("p{number}")))
        .collect();
    ldap.change(&gone);
    let page = browser.get(&path).await;
    press(&browser, &page, "form[action$='/run/sync']").await;
    let page = ended(&browser, &path, 2).await;
    page.assert_sound();
    assert!(page.text("#plan").contains("Person p7"));
    let stale = page.form("form[action$='/approve']").with("digest", "00");
    let page = browser.submit(stale).await;
    assert!(page.has("#waiting"));
    press(&browser, &page, "form[action$='/approve']").await;
    ended(&browser, &path, 3).await;
    let client = house.db.client().await.unwrap();
    let person = person_find_by_login(&client, "p7").await.unwrap().unwrap();
    drop(client);
    assert_eq!(person.state.as_str(), "suspended");
    assert_eq!(house.person(&local).await.display_name, "Person p3");
}
