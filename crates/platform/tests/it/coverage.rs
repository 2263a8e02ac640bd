//! The coverage walk that every app's test uses: quiet on what is right, loud on what is not.

use axum::routing::get;
use http::{Method, StatusCode};
use platform::Role;
use platform::access::Access;
use platform::identity::CurrentUser;
use platform::routes::Routes;
use platform::routes::coverage::{Caller, check};

async fn ok() -> &'static str {
    "ok"
}

#[tokio::test]
async fn a_table_that_keeps_its_word_has_no_gaps() {
    let routes = Routes::new()
        .page("/", Access::SignedIn, get(ok))
        .page(
            "/app/x/people/{id}",
            Access::Role(Role::User),
            get(ok).post(ok),
        )
        .page("/app/x/files/{*path}", Access::Role(Role::Guest), get(ok))
        .page("/app/x/keys/key-{id}", Access::Sudo(Role::Guest), get(ok))
        .page("/admin/x", Access::Sudo(Role::Admin), get(ok))
        .api("/api/x", Access::Scope("x:read"), get(ok).delete(ok))
        .api("/api/x/admin", Access::Role(Role::Admin), get(ok))
        .api(
            "/api/x/things",
            Access::Resource {
                role: Role::Admin,
                read: "x:read",
                write: "x:write",
            },
            get(ok).post(ok),
        )
        .asset("/public/x/{file}", get(ok));
    assert_eq!(routes.table().len(), 9);
    assert_eq!(check(routes).await.unwrap(), []);
}

#[tokio::test]
async fn gaps_are_found() {
    // Anybody may come in, says the table, but the handler wants somebody.
    let routes = Routes::new().page(
        "/app/x",
        Access::Public,
        get(|_: CurrentUser| async { "in" }),
    );
    let gaps = check(routes).await.unwrap();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(
        (gaps[0].caller, &gaps[0].method),
        (Caller::Anonymous, &Method::GET)
    );

    // A page that breaks for whoever may see it.
    let broken = get(|| async { StatusCode::INTERNAL_SERVER_ERROR });
    let routes = Routes::new().page("/app/x", Access::Role(Role::Admin), broken);
    let callers: Vec<_> = check(routes)
        .await
        .unwrap()
        .into_iter()
        .map(|gap| gap.caller)
        .collect();
    assert_eq!(callers, [Caller::Admin, Caller::StaleAdmin]);

    // Whoever signed in lately is no administrator.
    let routes = Routes::new().page("/admin/x", Access::Sudo(Role::User), get(ok));
    let gaps = check(routes).await.unwrap();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].finding.contains("administration"), "{gaps:?}");

    // One path with two accesses.
    let routes = Routes::new()
        .page("/app/x", Access::Role(Role::Admin), get(ok))
        .page("/app/x", Access::Public, axum::routing::post(ok));
    let gaps = check(routes).await.unwrap();
    assert!(
        gaps.iter().any(|gap| gap.finding.contains("twice")),
        "{gaps:?}"
    );
}

#[tokio::test]
async fn a_layer_that_answers_itself_is_a_gap() {
    // As a layer of an app would that serves a page from a cache before access is enforced.
    let routes = Routes::new()
        .page("/app/x", Access::SignedIn, get(ok))
        .layer(axum::middleware::from_fn(
            |_: axum::extract::Request, _: axum::middleware::Next| async { "cached" },
        ));
    let gaps = check(routes).await.unwrap();
    assert!(gaps.iter().any(|gap| gap.caller == Caller::Anonymous));
}
