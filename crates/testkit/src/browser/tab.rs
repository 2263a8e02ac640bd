//! One tab: where it is, what it shows, and what a person can do in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::connection::{Connection, Refusal};
use crate::artefact;

/// Beyond this a state is not coming.
const DEADLINE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(25);

/// Finds an element that a person could use: shown, enabled, and not covered by another.
/// Returns its centre, or why it cannot be used.
const USABLE: &str = r"(css) => {
    const element = document.querySelector(css);
    if (!element) return 'not there';
    if (element.disabled) return 'disabled';
    element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || getComputedStyle(element).visibility !== 'visible') return 'not shown';
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const label = element.labels && [...element.labels].some((label) => label.contains(top));
    if (top && (element.contains(top) || top.contains(element) || label)) return [x, y];
    return 'covered by ' + (top ? top.outerHTML.slice(0, 120) : 'nothing');
}";

/// A tab of a [`super::Context`].
pub struct Tab {
    connection: Arc<Connection>,
    session: String,
}

impl Tab {
    pub(super) async fn open(connection: Arc<Connection>, session: String) -> Self {
        let tab = Self {
            connection,
            session,
        };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.command(&format!("{domain}.enable"), json!({})).await;
        }
        tab
    }

    /// Any command of the DevTools protocol, for what this type has no word for.
    pub async fn command(&self, method: &str, parameters: Value) -> Value {
        self.connection
            .call(Some(&self.session), method, parameters)
            .await
    }

    /// Opens an address and waits until it is loaded.
    pub async fn goto(&self, url: &str) {
        let went = self.command("Page.navigate", json!({"url": url})).await;
        if let Some(error) = went.get("errorText").and_then(Value::as_str) {
            panic!("{url} does not open: {error}");
        }
        self.loaded().await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.leaving(async { drop(self.command("Page.reload", json!({})).await) })
            .await;
    }

    /// The address it shows.
    pub async fn url(&self) -> String {
        self.eval("location.href")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The path and query it shows.
    pub async fn path(&self) -> String {
        self.eval("location.pathname + location.search")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Evaluates an expression in the page; promises are awaited.
    pub async fn eval(&self, expression: &str) -> Value {
        self.wait(expression, async || match self.try_eval(expression).await {
            Ok(value) => Ok(value),
            // The page changed under the question. Anything else is the test's fault.
            Err(refusal) if is_transient(&refusal) => Err(refusal),
            Err(refusal) => panic!("{expression}: {refusal}"),
        })
        .await
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, css: &str) {
        self.wait_until(css, &format!("!!document.querySelector({})", json!(css)))
            .await;
    }

    /// Waits until no such element is there.
    pub async fn wait_gone(&self, css: &str) {
        self.wait_until(
            &format!("no {css}"),
            &format!("!document.querySelector({})", json!(css)),
        )
        .await;
    }

    /// Waits until an element's text contains the words.
    pub async fn wait_for_text(&self, css: &str, words: &str) {
        let expression = format!(
            "[...document.querySelectorAll({})].some((e) => e.innerText.includes({}))",
            json!(css),
            json!(words)
        );
        self.wait_until(&format!("{css} with {words:?}"), &expression)
            .await;
    }

    /// Waits until the path (with query) begins so, and the page is loaded.
    pub async fn wait_for_path(&self, start: &str) {
        let expression = format!(
            "(location.pathname + location.search).startsWith({}) && document.readyState === 'complete'",
            json!(start)
        );
        self.wait_until(&format!("path {start}"), &expression).await;
    }

    /// Waits until an expression is true in the page. `what` names it when it never is.
    pub async fn wait_until(&self, what: &str, expression: &str) {
        self.wait(what, async || match self.try_eval(expression).await {
            Ok(Value::Bool(true)) => Ok(()),
            Ok(other) => Err(other.to_string()),
            Err(refusal) => Err(refusal),
        })
        .await;
    }

    /// The visible text of an element; waits for it.
    pub async fn text(&self, css: &str) -> String {
        self.wait_for(css).await;
        let value = self
            .eval(&format!(
                "document.querySelector({})?.innerText ?? ''",
                json!(css)
            ))
            .await;
        value.as_str().unwrap_or_default().trim().to_owned()
    }

    /// How many elements there are now.
    pub async fn count(&self, css: &str) -> u64 {
        self.eval(&format!("document.querySelectorAll({}).length", json!(css)))
            .await
            .as_u64()
            .unwrap_or_default()
    }

    /// An attribute of an element; waits for the element.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.wait_for(css).await;
        let value = self
            .eval(&format!(
                "document.querySelector({})?.getAttribute({})",
                json!(css),
                json!(name)
            ))
            .await;
        value.as_str().map(str::to_owned)
    }

    /// Clicks an element as soon as a person could.
    pub async fn click(&self, css: &str) {
        let (x, y) = self.usable(css).await;
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let parameters = json!({"type": kind, "x": x, "y": y, "button": if kind == "mouseMoved" {"none"} else {"left"}, "buttons": buttons, "clickCount": 1});
            self.command("Input.dispatchMouseEvent", parameters).await;
        }
    }

    /// Clicks an element that leads to another page, and waits until that is loaded.
    pub async fn click_through(&self, css: &str) {
        self.usable(css).await;
        self.leaving(self.click(css)).await;
    }

    /// Writes into a field in place of what it holds.
    pub async fn fill(&self, css: &str, text: &str) {
        self.usable(css).await;
        let select = format!(
            "(() => {{ const e = document.querySelector({}); e.focus(); e.select?.(); }})()",
            json!(css)
        );
        self.eval(&select).await;
        if text.is_empty() {
            self.press("Delete").await;
        } else {
            self.command("Input.insertText", json!({"text": text}))
                .await;
        }
    }

    /// Chooses an option of a select by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.usable(css).await;
        let expression = format!(
            "(() => {{ const e = document.querySelector({}); e.value = {}; e.dispatchEvent(new Event('input', {{bubbles: true}})); \
             e.dispatchEvent(new Event('change', {{bubbles: true}})); return e.value; }})()",
            json!(css),
            json!(value)
        );
        assert_eq!(
            self.eval(&expression).await,
            json!(value),
            "{css} has no option {value:?}"
        );
    }

    /// Presses a key, such as `Enter`, `Tab`, `Escape` or `k`.
    pub async fn press(&self, key: &str) {
        self.press_with(key, 0).await;
    }

    /// Presses a key with modifiers: 1 Alt, 2 Control, 4 Meta, 8 Shift, added up.
    pub async fn press_with(&self, key: &str, modifiers: u32) {
        let (code, number, text) = match key {
            "Enter" => ("Enter".to_owned(), 13, "\r"),
            "Tab" => ("Tab".to_owned(), 9, ""),
            "Escape" => ("Escape".to_owned(), 27, ""),
            "Delete" => ("Delete".to_owned(), 46, ""),
            "Backspace" => ("Backspace".to_owned(), 8, ""),
            "ArrowDown" => ("ArrowDown".to_owned(), 40, ""),
            "ArrowUp" => ("ArrowUp".to_owned(), 38, ""),
            " " => ("Space".to_owned(), 32, " "),
            other => {
                let upper = other.to_uppercase();
                let number = upper.bytes().next().map_or(0, u32::from);
                (format!("Key{upper}"), number, other)
            }
        };
        // With anything but Shift a key is a command and writes nothing.
        let text = if matches!(modifiers, 0 | 8) { text } else { "" };
        let parameters = |kind: &str, text: &str| json!({"type": kind, "key": key, "code": code, "text": text, "windowsVirtualKeyCode": number, "modifiers": modifiers});
        let down = if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        };
        self.command("Input.dispatchKeyEvent", parameters(down, text))
            .await;
        self.command("Input.dispatchKeyEvent", parameters("keyUp", ""))
            .await;
    }

    /// Saves what the tab shows as a PNG.
    pub async fn screenshot(&self, path: &Path) {
        let shot = self
            .command("Page.captureScreenshot", json!({"format": "png"}))
            .await;
        let data = STANDARD
            .decode(super::text(&shot, "data"))
            .expect("base64 from the browser");
        std::fs::write(path, data)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    /// Saves what the tab shows under `<target>/screenshots/<name>.png`.
    pub async fn shoot(&self, name: &str) -> PathBuf {
        let path = artefact(&format!("{name}.png"));
        self.screenshot(&path).await;
        path
    }

    /// Makes the tab this large; below 768 a page is on a phone.
    pub async fn viewport(&self, width: u32, height: u32) {
        let parameters = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 768});
        self.command("Emulation.setDeviceMetricsOverride", parameters)
            .await;
    }

    /// Says what the system prefers: `light` or `dark`.
    pub async fn color_scheme(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.command("Emulation.setEmulatedMedia", json!({"features": features}))
            .await;
    }

    /// Asks for pages in these languages (an `Accept-Language` value).
    pub async fn language(&self, languages: &str) {
        let version = self
            .connection
            .call(None, "Browser.getVersion", json!({}))
            .await;
        let agent = super::text(&version, "userAgent");
        self.command(
            "Emulation.setUserAgentOverride",
            json!({"userAgent": agent, "acceptLanguage": languages}),
        )
        .await;
    }

    /// Turns JavaScript of pages off or on.
    pub async fn javascript(&self, on: bool) {
        self.command(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": !on}),
        )
        .await;
    }

    /// Errors on the console, exceptions and failed loads so far.
    pub fn errors(&self) -> Vec<String> {
        self.connection.errors(&self.session)
    }

    /// Forgets the errors so far, where a test provoked them.
    pub fn forget_errors(&self) {
        self.connection.forget_errors(&self.session);
    }

    /// Fails when there were errors.
    pub fn assert_no_errors(&self) {
        let errors = self.errors();
        assert!(
            errors.is_empty(),
            "the browser reports:\n  {}",
            errors.join("\n  ")
        );
    }

    async fn usable(&self, css: &str) -> (f64, f64) {
        let expression = format!("({USABLE})({})", json!(css));
        self.wait(&format!("{css} to use"), async || {
            match self.try_eval(&expression).await? {
                Value::String(reason) => Err(reason),
                point => match (
                    point.get(0).and_then(Value::as_f64),
                    point.get(1).and_then(Value::as_f64),
                ) {
                    (Some(x), Some(y)) => Ok((x, y)),
                    _ => Err(point.to_string()),
                },
            }
        })
        .await
    }

    /// Does what leads to another page and waits until that is loaded.
    async fn leaving(&self, act: impl Future<Output = ()>) {
        self.eval("void (globalThis.__leaving = true)").await;
        act.await;
        self.wait_until(
            "another page",
            "globalThis.__leaving === undefined && document.readyState === 'complete'",
        )
        .await;
    }

    async fn loaded(&self) {
        self.wait_until("the page is loaded", "document.readyState === 'complete'")
            .await;
    }

    async fn try_eval(&self, expression: &str) -> Result<Value, Refusal> {
        let parameters =
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self
            .connection
            .try_call(Some(&self.session), "Runtime.evaluate", parameters)
            .await?;
        if let Some(details) = answer.get("exceptionDetails") {
            let words = details
                .pointer("/exception/description")
                .or_else(|| details.get("text"));
            return Err(words
                .and_then(Value::as_str)
                .unwrap_or("an exception")
                .to_owned());
        }
        Ok(answer
            .pointer_mut("/result/value")
            .map(Value::take)
            .unwrap_or_default())
    }

    /// Asks until the answer is Ok, or fails the test with the last answer, the console's errors
    /// and a screenshot.
    async fn wait<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Result<T, Refusal>) -> T {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let refusal = match ask().await {
                Ok(value) => return value,
                Err(refusal) => refusal,
            };
            if Instant::now() > deadline {
                self.fail(what, &refusal).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn fail(&self, what: &str, last: &str) -> ! {
        let shows = self
            .try_eval("location.href + '\\n' + (document.body?.innerText ?? '').slice(0, 2000)")
            .await;
        let shows = shows.map_or_else(
            |refusal| refusal,
            |value| value.as_str().unwrap_or_default().to_owned(),
        );
        let shot = self.shoot(&format!("failed-{}", std::process::id())).await;
        panic!(
            "not reached within {} s: {what} (last: {last})\nthe page shows {shows}\nerrors: {:#?}\nscreenshot: {}",
            DEADLINE.as_secs(),
            self.errors(),
            shot.display()
        );
    }
}

/// Whether a refusal only says that the page is being replaced.
fn is_transient(refusal: &str) -> bool {
    [
        "context",
        "navigated",
        "Inspected target",
        "Cannot find",
        "destroyed",
    ]
    .iter()
    .any(|word| refusal.contains(word))
}
