//! Every page of a platform with a little in it: axe finds nothing wrong, no page is wider than the screen, and nothing
//! fails on the console; on a desk in the light and on a phone in the dark. Screenshots are for people.

use serde_json::Value;
use testkit::{Browser, Tab};

use super::support::Installation;
use super::{invite, set_up};

const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/web/node_modules/axe-core/axe.min.js"
);

/// The same rules as for the pages of the laboratory. Colours in the middle of a transition are nobody's colours.
const RUN: &str = r"(async () => {
    const moving = document.getAnimations().filter((it) => it.effect.getComputedTiming().iterations !== Infinity);
    await Promise.all(moving.map((it) => it.finished.catch(() => null)));
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await axe.run(document, { runOnly, resultTypes: ['violations'] });
    return found.violations.flatMap((it) => it.nodes.map((node) =>
        `${it.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`));
})()";

const VISITORS: &[&str] = &[
    "/auth/sign-in",
    "/app/accounts/register",
    "/auth/forgotten",
    "/auth/break-glass",
    "/nowhere",
];

const SIGNED_IN: &[&str] = &[
    "/",
    "/app/accounts",
    "/app/accounts/activity",
    "/app/accounts/addresses",
    "/app/accounts/archive",
    "/app/accounts/people",
    "/app/accounts/organisation",
    "/app/accounts/groups",
    "/app/notifications",
    "/auth/accounts",
    "/auth/device",
    "/auth/security",
    "/auth/security/keys",
    "/auth/security/keys/new",
    "/auth/security/password",
    "/auth/security/totp",
    "/admin",
    "/admin/gateway",
    "/admin/accounts/people",
    "/admin/accounts/people?state=deleted",
    "/admin/accounts/people/filters",
    "/admin/accounts/people/filters/new?q=ada",
    "/admin/accounts/people/new",
    "/admin/accounts/purges",
    "/admin/accounts/requests",
    "/admin/accounts/guests",
    "/admin/accounts/life-cycle",
    "/admin/accounts/fields",
    "/admin/accounts/groups",
    "/admin/accounts/directories",
    "/admin/accounts/directories/new",
    "/admin/accounts/imports",
    "/admin/accounts/invitations",
    "/admin/accounts/audit",
    "/admin/auth/sessions",
    "/admin/auth/sign-ins",
    "/admin/auth/people",
    "/admin/auth/policy",
    "/admin/auth/networks",
    "/admin/auth/passwords",
    "/admin/auth/keys",
    "/admin/auth/service-accounts",
    "/admin/auth/tools",
    "/admin/auth/tools/new",
    "/admin/auth/tools/wiki",
    "/admin/notifications",
    "/admin/notifications/outbox",
    "/admin/settings",
    "/admin/settings/auth",
    "/admin/settings/gateway",
    "/admin/logging",
    "/admin/logging/traces",
];

/// What axe and the screen say against a page.
async fn faults(tab: &Tab, url: &str, path: &str) -> Vec<String> {
    tab.goto(&format!("{url}{path}")).await;
    tab.wait_for("h1").await;
    tab.eval(&std::fs::read_to_string(AXE).expect("`cargo xtask assets` installs axe"))
        .await;
    let mut faults: Vec<String> = tab
        .eval(RUN)
        .await
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .map(|fault| format!("{path} {fault}"))
        .collect();
    let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let wider = tab.eval(wider).await;
    if wider != 0 {
        faults.push(format!("{path} is {wider} px wider than the screen"));
    }
    faults
}

/// One of everything that has a page of its own; yields those pages.
async fn furnish(installation: &Installation, tab: &Tab) -> Vec<String> {
    let url = installation.url();
    invite(installation, tab, "Ada Lovelace", "ada").await;
    tab.goto(&format!("{url}/admin/auth/tools/new")).await;
    tab.fill("[name=id]", "wiki").await;
    tab.fill("[name=name]", "Wiki").await;
    tab.fill("[name=hosts]", "wiki.example.org").await;
    tab.click("[name=everyone]").await;
    tab.click_through("#tool button[type=submit]").await;
    tab.goto(&format!("{url}/admin/accounts/groups")).await;
    tab.fill("[name=name]", "Engineers").await;
    tab.click_through("form[action='/admin/accounts/groups'] button[type=submit]")
        .await;
    let mut pages = Vec::new();
    for (list, link) in [
        (
            "/admin/accounts/people",
            "#people tbody a[href*='/people/']",
        ),
        (
            "/admin/accounts/groups",
            "main a[href^='/admin/accounts/groups/']",
        ),
        ("/admin/auth/people", "main a[href^='/admin/auth/people/']"),
        (
            "/app/accounts/people",
            "main a[href^='/app/accounts/people/']",
        ),
    ] {
        tab.goto(&format!("{url}{list}")).await;
        tab.wait_for(link).await;
        let page = tab.attribute(link, "href").await.expect("a link");
        if list == "/admin/accounts/groups" {
            pages.push(format!("{page}/rule"));
        }
        pages.push(page);
    }
    pages
}

#[tokio::test]
async fn axe_finds_nothing_on_any_page() {
    let installation = Installation::new();
    let platform = installation
        .up_with(|command| {
            command.env("ORGANISATION_REGISTRATION", "requests");
        })
        .await;
    let url = installation.url();
    let browser = Browser::launch().await;
    let (inside, outside) = (browser.context().await, browser.context().await);
    let (tab, visitor) = (inside.tab().await, outside.tab().await);
    set_up(&installation, &tab).await;
    let more = furnish(&installation, &tab).await;
    let mut found = Vec::new();
    for (size, width, height, scheme) in [("desk", 1280, 860, "light"), ("phone", 390, 844, "dark")]
    {
        for (tab, pages) in [
            (&visitor, VISITORS.to_vec()),
            (
                &tab,
                SIGNED_IN
                    .iter()
                    .copied()
                    .chain(more.iter().map(String::as_str))
                    .collect(),
            ),
        ] {
            tab.viewport(width, height).await;
            tab.color_scheme(scheme).await;
            for path in pages {
                found.extend(faults(tab, &url, path).await);
                let name = path.replace(['/', '?', '='], "-");
                tab.shoot(&format!("axe-{size}{name}")).await;
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    tab.assert_no_errors();
    assert_eq!(platform.stop().await, Some(0));
}
