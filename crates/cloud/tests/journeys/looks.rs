//! Every first page, on a desk and on a phone, light and dark: sound HTML, no error on the console, and a
//! screenshot for people.

use testkit::Browser;

use super::set_up;
use super::support::Installation;

const PAGES: [(&str, &str); 13] = [
    ("home", "/"),
    ("profile", "/app/accounts"),
    ("directory", "/app/accounts/people"),
    ("inbox", "/app/notifications"),
    ("security", "/auth/security"),
    ("overview", "/admin"),
    ("gateway", "/admin/gateway"),
    ("people", "/admin/accounts/people"),
    ("groups", "/admin/accounts/groups"),
    ("settings", "/admin/settings"),
    ("logs", "/admin/logging"),
    ("traces", "/admin/logging/traces"),
    ("lab", "/app/ui-lab"),
];

#[tokio::test]
async fn every_first_page_looks_right_everywhere() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let url = installation.url();
    let browser = Browser::launch().await;
    let context = browser.context().await;
    let tab = context.tab().await;
    set_up(&installation, &tab).await;
    for (size, width, height) in [("desk", 1280, 860), ("phone", 390, 844)] {
        tab.viewport(width, height).await;
        for scheme in ["light", "dark"] {
            tab.color_scheme(scheme).await;
            for (name, path) in PAGES {
                tab.goto(&format!("{url}{path}")).await;
                tab.wait_for("h1").await;
                tab.shoot(&format!("{size}-{scheme}-{name}")).await;
                let overflow = tab
                    .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .await;
                assert_eq!(overflow, 0, "{name} is wider than a {size}");
            }
        }
    }
    tab.assert_no_errors();
    tab.goto(&format!("{url}/nowhere")).await;
    tab.wait_for("h1").await;
    tab.shoot("not-found").await;
    assert_eq!(platform.stop().await, Some(0));
}
