//! Passkeys in a browser with an authenticator that Chromium plays itself (`WebAuthn` domain of its protocol): added,
//! used by button and from the field for the name, and refused for whatever is wrong with an answer.

use serde_json::{Value, json};
use testkit::{Browser, Tab};

use super::set_up;
use super::support::{Installation, PASSWORD};

/// Gives the tab a device that keeps passkeys and asks for finger or PIN; returns its name.
async fn with_device(tab: &Tab) -> String {
    tab.command("WebAuthn.enable", json!({})).await;
    let options = json!({
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserVerified": true,
        "automaticPresenceSimulation": true,
    });
    let made = tab.command(
        "WebAuthn.addVirtualAuthenticator",
        json!({"options": options}),
    );
    made.await["authenticatorId"].as_str().unwrap().to_owned()
}

async fn verifies(tab: &Tab, device: &str, verifies: bool) {
    let parameters = json!({"authenticatorId": device, "isUserVerified": verifies});
    tab.command("WebAuthn.setUserVerified", parameters).await;
}

/// The one passkey on the device.
async fn credential(tab: &Tab, device: &str) -> Value {
    let parameters = json!({"authenticatorId": device});
    let held = tab.command("WebAuthn.getCredentials", parameters).await;
    held["credentials"][0].clone()
}

/// Puts a changed one in its place.
async fn replace(tab: &Tab, device: &str, credential: &Value) {
    let parameters = json!({"authenticatorId": device});
    tab.command("WebAuthn.clearCredentials", parameters).await;
    let parameters = json!({"authenticatorId": device, "credential": credential});
    tab.command("WebAuthn.addCredential", parameters).await;
}

/// Says a name and comes to the page with the button, where no field waits for a passkey.
async fn to_the_button(url: &str, tab: &Tab) {
    tab.goto(&format!("{url}/auth/sign-in?return_to=/auth/security"))
        .await;
    tab.fill("[name=login]", "grace").await;
    tab.click_through("main form button[type=submit]").await;
    tab.wait_for("ui-passkey:not([hidden])").await;
}

const BUTTON: &str = "ui-passkey button[type=submit]";

async fn sign_out(url: &str, tab: &Tab) {
    tab.goto(&format!("{url}/auth/security")).await;
    tab.eval("document.querySelector(\"form[action='/auth/sign-out']\").requestSubmit()")
        .await;
    tab.wait_for_path("/auth/sign-in").await;
}

/// Every page of this, on a desk and on a phone, light and dark.
async fn shoot(tab: &Tab, url: &str, pages: &[(&str, &str)]) {
    for (size, width, height) in [("desk", 1280, 860), ("phone", 390, 844)] {
        tab.viewport(width, height).await;
        for scheme in ["light", "dark"] {
            tab.color_scheme(scheme).await;
            for (name, path) in pages {
                tab.goto(&format!("{url}{path}")).await;
                tab.wait_for("h1").await;
                tab.shoot(&format!("passkeys-{size}-{scheme}-{name}")).await;
                let overflow =
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assert_eq!(tab.eval(overflow).await, 0, "{name} is wider than a {size}");
            }
        }
    }
    tab.viewport(1280, 860).await;
    tab.color_scheme("light").await;
}

/// Adds one; returns the device and what is on it.
async fn add(url: &str, tab: &Tab) -> (String, Value) {
    let device = with_device(tab).await;
    tab.goto(&format!("{url}/auth/security/passkeys/new")).await;
    tab.fill("[name=name]", "Work laptop").await;
    tab.click_through(BUTTON).await;
    tab.wait_for_path("/auth/security").await;
    tab.wait_for_text("#passkeys", "Work laptop").await;
    let fresh = credential(tab, &device).await;
    assert_eq!(fresh["rpId"], "localhost");
    assert_eq!(fresh["isResidentCredential"], true);
    (device, fresh)
}

/// Signs in by the button, keeps the answer, and looks at every page; returns the page of the passkey.
async fn sign_in_by_button(url: &str, tab: &Tab) -> String {
    // By the button, and the form is kept to be sent again later.
    sign_out(url, tab).await;
    to_the_button(url, tab).await;
    tab.eval(
        "addEventListener('submit', (event) => sessionStorage.setItem('answer', JSON.stringify([...new FormData(event.target)])), true)",
    )
    .await;
    tab.click_through(BUTTON).await;
    tab.wait_for_path("/auth/security").await;
    // Administration asks for a second factor by default: a passkey is one.
    tab.goto(&format!("{url}/admin/auth/people")).await;
    tab.wait_for_text("#people", "one passkey").await;
    let person = tab
        .eval("document.querySelector('#people a').getAttribute('href')")
        .await;
    let passkey = "document.querySelector('#passkeys a').getAttribute('href')";
    tab.goto(&format!("{url}/auth/security")).await;
    let passkey = tab.eval(passkey).await;
    tab.wait_for_text("tbody", "Passkey").await;
    tab.goto(&format!("{url}{}", passkey.as_str().unwrap()))
        .await;
    let typed = "document.querySelector('#rename [name=name]').value";
    assert_eq!(tab.eval(typed).await, "Work laptop");
    let pages = [
        ("security", "/auth/security"),
        ("new", "/auth/security/passkeys/new"),
        ("one", passkey.as_str().unwrap()),
        ("policy", "/admin/auth/policy"),
        ("people", "/admin/auth/people"),
        ("person", person.as_str().unwrap()),
        ("sudo", "/auth/sudo"),
    ];
    shoot(tab, url, &pages).await;
    passkey.as_str().unwrap().to_owned()
}

/// The same answer again is used up, and a device that does not ask for finger or PIN has none.
async fn an_answer_counts_once_and_verified(url: &str, tab: &Tab, device: &str) {
    // The same answer again: used.
    sign_out(url, tab).await;
    to_the_button(url, tab).await;
    tab.eval(
        "(() => {
            const form = document.querySelector('ui-passkey form');
            for (const [name, value] of JSON.parse(sessionStorage.getItem('answer'))) {
                if (name !== 'csrf_token' && form.elements[name]) form.elements[name].value = value;
            }
            form.requestSubmit();
        })()",
    )
    .await;
    assert_refused(tab).await;

    // A device that does not ask for finger or PIN has no answer.
    verifies(tab, device, false).await;
    to_the_button(url, tab).await;
    tab.click(BUTTON).await;
    tab.wait_for("ui-passkey [data-failed]:not([hidden])").await;
    tab.shoot("passkeys-not-verified").await;
    verifies(tab, device, true).await;
}

/// A copy of the key that is behind, the key under another person's name, and another origin: refused. `fresh` is the key
/// as it was made.
async fn what_is_wrong_is_refused(
    (url, port): (&str, u16),
    tab: &Tab,
    (device, fresh): (&str, &Value),
) {
    // A copy that is behind.
    let mut copy = credential(tab, device).await;
    let counter = copy["signCount"].as_i64().unwrap();
    copy["signCount"] = json!(0);
    replace(tab, device, &copy).await;
    to_the_button(url, tab).await;
    tab.click_through(BUTTON).await;
    assert_refused(tab).await;

    // The key under another person's name.
    copy["signCount"] = json!(counter + 1);
    copy["userHandle"] = json!("AAAAAAAAAAAAAAAAAAAAAA==");
    replace(tab, device, &copy).await;
    to_the_button(url, tab).await;
    tab.click_through(BUTTON).await;
    assert_refused(tab).await;

    // From another origin nothing is answered, whatever the page there does.
    copy["userHandle"] = fresh["userHandle"].clone();
    copy["signCount"] = json!(counter + 2);
    replace(tab, device, &copy).await;
    let foreign = format!("http://127.0.0.1:{port}/auth/sign-in");
    tab.goto(&foreign).await;
    tab.wait_for("ui-passkey:not([hidden])").await;
    let asked = tab
        .eval(
            "navigator.credentials.get({publicKey: {challenge: new Uint8Array(32), rpId: 'localhost'}})
                .then(() => 'answered', (error) => error.name)",
        )
        .await;
    assert_eq!(asked, "SecurityError");
    tab.click(BUTTON).await;
    tab.wait_for("ui-passkey [data-failed]:not([hidden])").await;
}

/// Removes the passkey; whoever then comes with the password is offered a new one.
async fn one_is_offered(url: &str, tab: &Tab, (device, passkey): (&str, &str)) {
    // Who comes with the password is offered one, unless there is one; then none is left.
    tab.goto(&format!("{url}{passkey}")).await;
    tab.click_through("#remove button[type=submit]").await;
    tab.wait_for_text("#passkeys", "You have no passkey yet")
        .await;
    // What the device still holds opens nothing any more, and it would go on offering it.
    let parameters = json!({"authenticatorId": device});
    tab.command("WebAuthn.clearCredentials", parameters).await;
    sign_out(url, tab).await;
    to_the_button(url, tab).await;
    tab.wait_until(
        "the device is known",
        "document.querySelector('[name=could_have_passkey]').value === 'on'",
    )
    .await;
    tab.fill("[name=password]", PASSWORD).await;
    tab.click_through("#with-password button[type=submit]")
        .await;
    tab.wait_for_path("/auth/passkey-offer").await;
    shoot(
        tab,
        url,
        &[("offer", "/auth/passkey-offer?return_to=/auth/security")],
    )
    .await;
    tab.click_through("form[action='/auth/passkey-offer/later'] button")
        .await;
    tab.wait_for_path("/auth/security").await;
    sign_out(url, tab).await;
    shoot(tab, url, &[("sign-in", "/auth/sign-in")]).await;
}

#[tokio::test]
async fn a_passkey_signs_in_and_what_is_wrong_with_one_is_refused() {
    let installation = Installation::new();
    let url = format!("http://localhost:{}", installation.port);
    let platform = installation.up_with(|command| {
        command.env("APP_URL", &url);
    });
    let platform = platform.await;
    let browser = Browser::launch().await;
    let context = browser.context().await;
    let tab = context.tab().await;
    set_up(&installation, &tab).await;

    let (device, fresh) = add(&url, &tab).await;

    // The device answers a waiting field at once, as no person would: until it is its turn no field waits.
    let quiet = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";
    let quiet = tab.command(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({"source": quiet}),
    );
    let quiet = quiet.await["identifier"].clone();

    let passkey = sign_in_by_button(&url, &tab).await;
    an_answer_counts_once_and_verified(&url, &tab, &device).await;
    let place = (url.as_str(), installation.port);
    what_is_wrong_is_refused(place, &tab, (&device, &fresh)).await;
    tab.command(
        "Page.removeScriptToEvaluateOnNewDocument",
        json!({"identifier": quiet}),
    )
    .await;

    // From the field for the name, without a name: the device answers on its own here.
    tab.goto(&format!("{url}/auth/sign-in?return_to=/auth/security"))
        .await;
    tab.wait_for_path("/auth/security").await;

    one_is_offered(&url, &tab, (&device, &passkey)).await;
    assert_eq!(platform.stop().await, Some(0));
}

async fn assert_refused(tab: &Tab) {
    tab.wait_for_text("body", "That did not work.").await;
    tab.wait_for_path("/auth/sign-in").await;
}
