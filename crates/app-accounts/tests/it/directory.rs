//! Finding people: words, filters, pages, and ten thousand of them.

use std::time::Duration;

use platform::Role;
use platform_pg::GenericClient as _;
use rpc::Call;
use rpc::accounts::v1::{BatchGetUsersRequest, SearchUsersRequest};

use crate::house::House;

#[tokio::test]
async fn people_are_found_by_the_beginnings_of_words() {
    let house = House::new().await;
    house.member("erika", Role::User).await;
    let browser = house.browser(&house.user);
    let found = async |query: &str| {
        browser
            .get(&format!("/app/accounts/people?q={query}"))
            .await
            .texts(".people .tile-name")
    };
    assert_eq!(found("eri").await, ["Erika"]);
    assert_eq!(found("ERIKA%40exa").await, ["Erika"]);
    assert!(found("rika").await.is_empty());
    assert!(
        found("%27%7C%21%26").await.len() > 1,
        "signs alone find everybody"
    );
    let suggestions = browser
        .get("/api/accounts/people/suggestions?q=eri")
        .await
        .json();
    assert_eq!(suggestions[0]["value"], "erika");
    // One or two letters are the beginning of a name, the last name and the user name included; nothing in them is a
    // pattern.
    for (typed, found) in [
        ("e", true),
        ("Er", true),
        ("ik", false),
        ("_r", false),
        ("%", false),
    ] {
        let typed: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let path = format!("/api/accounts/people/suggestions?q={typed}");
        let suggestions = browser.get(&path).await.json();
        let values = suggestions.as_array().unwrap().iter();
        let erika = values.filter(|person| person["value"] == "erika").count();
        assert_eq!(erika, usize::from(found), "{typed}");
    }
}

#[tokio::test]
async fn guests_do_not_browse_the_directory() {
    let house = House::new().await;
    let guest = house.member("gus", Role::Guest).await;
    let browser = house.browser(&guest);
    for path in [
        "/app/accounts/people",
        "/api/accounts/people/suggestions?q=a",
        "/api/accounts/search?q=ada",
    ] {
        assert_eq!(browser.get_once(path).await.status, 403, "{path}");
    }
    assert_eq!(
        browser.get("/app/accounts").await.status,
        200,
        "their own profile is theirs"
    );
}

#[tokio::test]
async fn ten_thousand_people_are_paged_sorted_and_searched() {
    let house = House::new().await;
    let client = house.db.client().await.unwrap();
    client
        .batch_execute(
            "INSERT INTO people (id, username, email, display_name, role, state, created_at, updated_at) \
             SELECT gen_random_uuid(), 'u' || n, 'u' || n || '@example.org', 'Person ' || lpad(n::text, 5, '0'), \
                    'user', 'active', now(), now() FROM generate_series(1, 10000) AS n",
        )
        .await
        .unwrap();
    // So few rows are read as quickly without the index; this shows that it can be used.
    client
        .batch_execute("ANALYZE people; SET enable_seqscan = off")
        .await
        .unwrap();
    let browser = house.browser(&house.admin);
    let page = browser
        .get("/admin/accounts/people?sort=-name&size=100&page=2")
        .await;
    page.assert_sound();
    assert_eq!(page.count("tbody tr"), 100);
    assert_eq!(page.texts("tbody a")[0], "Person 09900");
    assert!(page.text(".pager-count").contains("10,002"));
    let one = browser.get("/admin/accounts/people?q=u4711").await;
    assert_eq!(one.texts("tbody a"), ["Person 04711"]);
    let plan = client
        .query(
            "EXPLAIN SELECT id FROM people WHERE search @@ to_tsquery('simple', 'u4711:*')",
            &[],
        )
        .await
        .unwrap();
    let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
    assert!(
        plan.iter().any(|line| line.contains("people_search")),
        "{plan:#?}"
    );
}

#[tokio::test]
async fn other_services_look_people_up() {
    let house = House::new().await;
    let boot = house.world.boot("hello");
    let accounts = rpc::accounts::client(&boot);
    let call = || Call::new(Duration::from_secs(5)).wait_for_ready();
    let ids = vec![
        house.user.user_id.to_string(),
        uuid::Uuid::now_v7().to_string(),
    ];
    let found = accounts
        .batch_get_users(call(), BatchGetUsersRequest { user_ids: ids })
        .await
        .unwrap();
    assert_eq!(found.users.len(), 1, "those who are nobody are left out");
    let mut names = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = SearchUsersRequest {
            query: String::new(),
            page_size: 1,
            page_token,
        };
        let page = accounts.search_users(call(), request).await.unwrap();
        names.extend(page.users.into_iter().map(|user| user.username));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(names, ["ada", "grace"]);
    let too_many = (0..501).map(|_| house.user.user_id.to_string()).collect();
    assert!(
        accounts
            .batch_get_users(call(), BatchGetUsersRequest { user_ids: too_many })
            .await
            .is_err()
    );
}
