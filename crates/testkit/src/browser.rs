//! A real browser: Debian's chromium, driven over the DevTools protocol.
//!
//! Waits for states of the page and fails with what the page showed instead. Each [`Context`] has
//! its own cookies, like a private window of another person.

mod connection;
mod launch;
mod tab;

use std::sync::Arc;

use serde_json::json;

use self::connection::Connection;
pub use self::tab::Tab;

/// A running browser. It ends with the value, or with the test process.
pub struct Browser {
    connection: Arc<Connection>,
    process: launch::Process,
}

/// A visitor with cookies of their own.
pub struct Context {
    connection: Arc<Connection>,
    id: String,
}

impl Browser {
    /// Starts the browser; fails the test when none is installed.
    pub async fn launch() -> Self {
        let process = launch::Process::start().await;
        let connection = Connection::open(&process.endpoint).await;
        Self {
            connection: Arc::new(connection),
            process,
        }
    }

    /// A new visitor.
    pub async fn context(&self) -> Context {
        let made = self
            .connection
            .call(
                None,
                "Target.createBrowserContext",
                json!({"disposeOnDetach": true}),
            )
            .await;
        let id = text(&made, "browserContextId");
        Context {
            connection: Arc::clone(&self.connection),
            id,
        }
    }

    /// The process id, for measuring.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}

impl Context {
    /// A new tab of this visitor.
    pub async fn tab(&self) -> Tab {
        let parameters = json!({"url": "about:blank", "browserContextId": self.id});
        let made = self
            .connection
            .call(None, "Target.createTarget", parameters)
            .await;
        let parameters = json!({"targetId": text(&made, "targetId"), "flatten": true});
        let attached = self
            .connection
            .call(None, "Target.attachToTarget", parameters)
            .await;
        Tab::open(Arc::clone(&self.connection), text(&attached, "sessionId")).await
    }

    /// Ends the visitor's tabs and forgets their cookies.
    pub async fn close(self) {
        self.connection
            .call(
                None,
                "Target.disposeBrowserContext",
                json!({"browserContextId": self.id}),
            )
            .await;
    }
}

fn text(value: &serde_json::Value, name: &str) -> String {
    value
        .get(name)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}
