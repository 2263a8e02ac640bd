//! People from a file: guessed columns, a look at every row, all or nothing, and what came of it.

use app_accounts::store::person::person_find_by_login;
use platform::Role;
use testkit::{CookieClient, Form, Page};

use crate::house::House;

const IMPORTS: &str = "/admin/accounts/imports";

/// The form to upload or paste a table.
async fn new(browser: &CookieClient) -> Form {
    let page = browser.get(IMPORTS).await;
    page.assert_sound();
    page.form("form[enctype='multipart/form-data']")
}

/// Pastes a table; the page of the import.
async fn paste(browser: &CookieClient, table: &str) -> Page {
    let form = new(browser).await.with("text", table);
    browser.submit_file(form, "file", ("", Vec::new())).await
}

/// Uploads a file; the page of the import.
async fn upload(browser: &CookieClient, file: Vec<u8>) -> Page {
    let form = new(browser).await;
    browser
        .submit_file(form, "file", ("people.csv", file))
        .await
}

/// The form that looks at every row, as the page shows it.
fn check(page: &Page) -> Form {
    page.form("form[action$='/check']")
}

/// The import once it has ended.
async fn ended(browser: &CookieClient, path: &str) -> Page {
    testkit::until("the import ends", async || {
        let page = browser.get(path).await;
        (!page.has("progress")).then_some(page)
    })
    .await
}

/// Line, result and what is wrong, of each row of the file that tells it.
async fn results(browser: &CookieClient, page: &Page) -> Vec<Vec<String>> {
    let path = page.url.path().to_owned();
    let file = browser.get(&format!("{path}/rows?format=csv")).await;
    assert_eq!(
        file.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let mut reader = csv::Reader::from_reader(file.body.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        [0, 1, 2, 3, 6].map(|cell| row[cell].to_owned()).to_vec()
    });
    rows.collect()
}

#[tokio::test]
async fn a_file_is_looked_at_and_then_everybody_is_invited() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let groups = browser.get("/admin/accounts/groups").await;
    let group = groups.form("form[action='/admin/accounts/groups']");
    browser.submit(group.with("name", "Choir")).await;
    let table = "\u{feff}E-Mail;Vorname;Nachname;Gruppen;Schuhgr\u{f6}\u{df}e\r\n\
        erika@example.org;Erika;\"Muster; Mann\";choir;38\r\n\
        j\u{f6}rg@example.org;J\u{f6}rg;M\u{fc}ller;;\r\n";
    let page = upload(&browser, table.as_bytes().to_vec()).await;
    assert_eq!(page.status, 200);
    page.assert_sound();
    let chosen = page.attributes("#columns option[selected]", "value");
    assert_eq!(chosen, ["email", "given_name", "family_name", "groups"]);
    let form = check(&page)
        .with("role", "guest")
        .with("message", "Welcome to the choir.");
    let page = browser.submit(form).await;
    page.assert_sound();
    assert_eq!(
        results(&browser, &page).await,
        [
            ["2", "ready", "erika@example.org", "erika", ""],
            ["3", "ready", "j\u{f6}rg@example.org", "jrg", ""]
        ]
    );
    assert!(
        house.peer.invited.lock().unwrap().is_empty(),
        "a look is only a look"
    );
    let run = browser.submit(page.form("form[action$='/run']")).await;
    let page = ended(&browser, &run.path()).await;
    page.assert_sound();
    let done = results(&browser, &page).await;
    assert!(done.iter().all(|row| row[1] == "added"), "{done:?}");
    let mails = house.mails(2).await;
    assert!(
        mails
            .iter()
            .all(|mail| mail.template == "accounts.invitation")
    );
    let subjects = house.peer.subjects.lock().unwrap().clone();
    let erika = subjects
        .iter()
        .find(|person| person.username == "erika")
        .unwrap();
    assert_eq!((erika.role, &*erika.groups), (1, &["Choir".to_owned()][..]));
    assert_eq!(erika.display_name, "Erika Muster; Mann");
    let audit = browser.get("/admin/accounts/audit?q=import").await;
    assert!(audit.body.contains("people.imported") && audit.body.contains("people.csv"));
}

#[tokio::test]
async fn each_row_says_what_is_wrong_or_that_it_is_there() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let table = format!(
        "email,name,username,role,last day\n\
         new@example.org,New,,,\n\
         NEW@example.org,Twice,,,\n\
         {},Known,,,\n\
         broken,Broken,,,\n\
         other@example.org,,{},king,2001-01-01\n",
        house.user.email, house.user.username
    );
    let page = paste(&browser, &table).await;
    let page = browser.submit(check(&page)).await;
    page.assert_sound();
    let rows = results(&browser, &page).await;
    let outcomes: Vec<&str> = rows.iter().map(|row| &*row[1]).collect();
    assert_eq!(outcomes, ["ready", "bad", "known", "bad", "bad"]);
    assert!(rows[1][4].contains("Line 2 has the same"), "{:?}", rows[1]);
    assert!(rows[3][4].starts_with("Mail address: "), "{:?}", rows[3]);
    for part in ["Full name: ", "Role: This is no role.", "Last day: "] {
        assert!(rows[4][4].contains(part), "{part} in {:?}", rows[4]);
    }
    let table = format!(
        "email,name,username\na@example.org,A,{}\n",
        house.user.username
    );
    let page = paste(&browser, &table).await;
    let page = browser.submit(check(&page)).await;
    let rows = results(&browser, &page).await;
    assert!(rows[0][4].contains("Another person has this user name"));
}

#[tokio::test]
async fn all_or_nothing_imports_nobody_while_a_row_is_bad() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let table = "email,name\ngood@example.org,Good\nbad,Bad\n";
    let page = paste(&browser, table).await;
    let page = browser.submit(check(&page)).await;
    let run = page.form("form[action$='/run']");
    assert_eq!(run.value("bad"), Some("all"));
    let refused = browser.submit(run.clone()).await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.text("#bad-error").contains("Correct the file"));
    let people = browser.get("/admin/accounts/people?q=good").await;
    assert!(!people.body.contains("good@example.org"));
    let run = browser.submit(run.with("bad", "skip")).await;
    let page = ended(&browser, &run.path()).await;
    let rows = results(&browser, &page).await;
    let outcomes: Vec<&str> = rows.iter().map(|row| &*row[1]).collect();
    assert_eq!(outcomes, ["added", "bad"]);
}

#[tokio::test]
async fn a_name_that_was_taken_since_the_look_keeps_everybody_out_or_only_that_row() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let table = "email,name,username\na@example.org,A,joe\nb@example.org,B,\n";
    let page = paste(&browser, table).await;
    let page = browser.submit(check(&page)).await;
    let run = page.form("form[action$='/run']");
    house.member("joe", Role::User).await;
    let page = ended(&browser, &browser.submit(run).await.path()).await;
    assert!(page.has(".alert[data-tone=danger]"), "{}", page.body);
    let people = browser.get("/admin/accounts/people?q=example").await;
    assert!(
        !people.body.contains("b@example.org"),
        "nobody was imported"
    );
    let run = page.form("form[action$='/run']").with("bad", "skip");
    let page = ended(&browser, &browser.submit(run).await.path()).await;
    let rows = results(&browser, &page).await;
    let outcomes: Vec<&str> = rows.iter().map(|row| &*row[1]).collect();
    assert_eq!(outcomes, ["bad", "added"]);
}

#[tokio::test]
async fn what_is_chosen_wrong_is_said_and_what_is_no_table_is_refused() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    for (file, part) in [
        (b"J\xf6rg,x\n".to_vec(), "UTF-8"),
        (b"email,name\n".to_vec(), "no row"),
        (vec![b'a'; 2 * 1024 * 1024 + 1], "2 MiB"),
    ] {
        let refused = upload(&browser, file).await;
        assert_eq!(refused.status, 422, "{part}");
        refused.assert_sound();
        assert!(refused.text("#file-error").contains(part), "{part}");
    }
    let page = paste(&browser, "who,name\na@example.org,A\n").await;
    let refused = browser
        .submit(
            check(&page)
                .with("groups", "Nobodies")
                .with("ends_on", "2001-01-01"),
        )
        .await;
    assert_eq!(refused.status, 422);
    refused.assert_sound();
    assert!(refused.text("#groups-error").contains("Nobodies"));
    assert_eq!(refused.text("#groups"), "Nobodies", "what was typed stays");
    assert!(refused.has("#ends_on-error"));
    let refused = browser.submit(check(&page).with("groups", "")).await;
    assert!(refused.text("#columns .alert").contains("mail address"));
    let form = check(&page);
    let mut form = form.with("column", "email").with("groups", "");
    form.fields.push(("column".to_owned(), "email".to_owned()));
    let refused = browser.submit(form).await;
    assert!(refused.text("#columns .alert").contains("Two columns"));
}

#[tokio::test]
async fn user_names_are_made_up_where_none_is_said_and_never_twice() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    house.member("sam", Role::User).await;
    let table = "email,name\nsam@a.example,Sam A\nsam@b.example,Sam B\nSAM+x@c.example,Sam C\n";
    let page = paste(&browser, table).await;
    let page = browser.submit(check(&page)).await;
    let rows = results(&browser, &page).await;
    let names: Vec<&str> = rows.iter().map(|row| &*row[3]).collect();
    assert_eq!(names, ["sam2", "sam3", "sam4"]);
}

#[tokio::test]
async fn only_administrators_import() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let page = paste(&browser, "email,name\na@example.org,A\n").await;
    let path = page.path();
    let user = house.browser(&house.user);
    for path in [IMPORTS, &path, &format!("{path}/rows")] {
        assert_eq!(user.get_once(path).await.status, 403, "{path}");
    }
    let gone = browser.submit(page.form("form[action$='/delete']")).await;
    assert_eq!(gone.path(), IMPORTS);
    assert_eq!(browser.get_once(&path).await.status, 404);
}

#[tokio::test]
async fn a_table_that_breaks_off_on_its_way_is_not_taken_for_the_whole() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let form = new(&browser).await;
    let token = form.value("csrf_token").unwrap();
    let part =
        |name: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
    let body = format!(
        "{}{token}\r\n{}email\r\nada@example.org\r\nbob@examp",
        part("csrf_token"),
        part("text")
    );
    let answer = browser
        .request(reqwest::Method::POST, IMPORTS)
        .header("origin", testkit::APP_URL)
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("broke off"));
    let page = browser.get(IMPORTS).await;
    assert_eq!(page.count(&format!("a[href^='{IMPORTS}/']")), 0);
}

#[tokio::test]
async fn rows_say_whom_somebody_reports_to_and_who_answers_for_guests() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let boss = house.member("boss", Role::User).await;
    let table = "email;name;role;manager;sponsor\n\
         worker@example.org;Worker;;BOSS;\n\
         guest@example.org;Visitor;guest;boss;boss@example.org\n\
         lost@example.org;Lost;;nobody;\n\
         member@example.org;Member;user;;boss\n";
    let page = paste(&browser, table).await;
    let page = browser.submit(check(&page)).await;
    page.assert_sound();
    let rows = results(&browser, &page).await;
    let outcomes: Vec<&str> = rows.iter().map(|row| &*row[1]).collect();
    assert_eq!(outcomes, ["ready", "ready", "bad", "bad"], "{rows:?}");
    assert!(rows[2][4].contains("nobody"), "{rows:?}");
    assert!(rows[3][4].contains("Only guests"), "{rows:?}");
    let form = page.form("form[action$='/run']").with("bad", "skip");
    let run = browser.submit(form).await;
    let page = ended(&browser, &run.path()).await;
    let rows = results(&browser, &page).await;
    assert_eq!((&*rows[0][1], &*rows[1][1]), ("added", "added"), "{rows:?}");
    let client = house.db.client().await.unwrap();
    for login in ["worker@example.org", "guest@example.org"] {
        let person = person_find_by_login(&client, login).await.unwrap().unwrap();
        let manager = person.manager.unwrap();
        assert_eq!(manager.username, boss.username, "{login}");
    }
    let guests = browser.get("/admin/accounts/guests").await;
    assert!(guests.text("main").contains(&boss.display_name));
    let audit = browser.get("/admin/accounts/audit?q=sponsored").await;
    assert!(audit.body.contains("person.sponsored"));
}
