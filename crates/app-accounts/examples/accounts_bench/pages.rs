//! Lists, pages and pickers, as a browser and a client of the API ask for them.

use std::time::{Duration, Instant};

use reqwest::Method;
use testkit::CookieClient;

use crate::house::House;
use crate::say;

/// What the plan promises of lists.
const LIST: Duration = Duration::from_millis(50);
/// What the plan promises while somebody types.
const TYPEAHEAD: Duration = Duration::from_millis(20);
/// Requests before it counts.
const WARM_UP: usize = 10;

/// What is asked for, who asks, and the path of each turn.
type Asked<'a> = (&'static str, &'a CookieClient, &'a dyn Fn(usize) -> String);

pub(crate) async fn measure(house: &House, requests: usize) {
    let admin = house.browser(&house.admin);
    let user = house.browser(&house.user);
    let paths: [Asked<'_>; 9] = [
        ("people, administration", &admin, &|turn| {
            format!("/admin/accounts/people?page={}", 1 + turn % 5)
        }),
        ("  a page in the middle", &admin, &|turn| {
            format!("/admin/accounts/people?page={}", 1_000 + turn)
        }),
        ("  searched and filtered", &admin, &|turn| {
            format!(
                "/admin/accounts/people?q={}&state=active&role=user",
                typed(turn)
            )
        }),
        ("  newest first", &admin, &|_| {
            "/admin/accounts/people?sort=-created".to_owned()
        }),
        ("people, for everybody", &user, &|turn| {
            format!("/app/accounts/people?page={}", 1 + turn % 5)
        }),
        ("people, API", &admin, &|_| {
            "/api/accounts/people?limit=50".to_owned()
        }),
        ("groups, administration", &admin, &|turn| {
            format!("/admin/accounts/groups?page={}", 1 + turn % 5)
        }),
        ("a person, administration", &admin, &|_| {
            format!("/admin/accounts/people/{}", house.user.user_id)
        }),
        ("the organisation", &user, &|_| {
            "/app/accounts/organisation".to_owned()
        }),
    ];
    for (what, browser, path) in paths {
        say(what, times(browser, requests, path).await, Some(LIST));
    }
    let suggestions = |turn: usize| format!("/api/accounts/people/suggestions?q={}", typed(turn));
    let search = |turn: usize| format!("/api/accounts/search?q={}", typed(turn));
    say(
        "a picker, while typing",
        times(&user, requests, &suggestions).await,
        Some(TYPEAHEAD),
    );
    say(
        "search, while typing",
        times(&user, requests, &search).await,
        Some(TYPEAHEAD),
    );
}

/// What somebody types: one letter first, then more.
fn typed(turn: usize) -> &'static str {
    const TYPED: [&str; 8] = [
        "a",
        "an",
        "ann",
        "annika",
        "annika st",
        "z",
        "u4711",
        "sam mu",
    ];
    TYPED[turn % TYPED.len()]
}

async fn times(
    browser: &CookieClient,
    requests: usize,
    path: &dyn Fn(usize) -> String,
) -> Vec<Duration> {
    let mut times = Vec::with_capacity(requests);
    for turn in 0..WARM_UP + requests {
        let request = browser.request(Method::GET, &path(turn));
        let begun = Instant::now();
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let body = answer.bytes().await.unwrap();
        if turn >= WARM_UP {
            times.push(begun.elapsed());
        }
        assert_eq!(
            status,
            200,
            "{}: {}",
            path(turn),
            String::from_utf8_lossy(&body)
        );
    }
    times
}
