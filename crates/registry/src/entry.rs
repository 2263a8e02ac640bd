//! What one instance tells the platform about itself: the content of its lease.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AppId, HostId, InstanceId, Label, Role, SettingDeclaration};

/// Whether an instance takes new requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Takes requests.
    #[default]
    Ready,
    /// Finishes the requests it has and gets no new ones.
    Draining,
}

/// The registration of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The app.
    pub id: AppId,
    /// The instance.
    pub instance: InstanceId,
    /// Fences off a frozen predecessor of the same name. Set by [`crate::Lease`].
    #[serde(default)]
    pub epoch: u64,
    /// Version of the app.
    pub version: String,
    /// When the instance started.
    pub started_at: Timestamp,
    /// Since when the app has held each prefix; carried on from instance to instance, so that a restart does
    /// not lose a prefix to somebody who asked later. Set by [`crate::Lease`].
    #[serde(default)]
    pub held_since: BTreeMap<String, Timestamp>,
    /// Whether it takes new requests.
    #[serde(default)]
    pub state: State,
    /// Where it listens: `http://address:port`.
    pub http: String,
    /// The same listener as a Unix socket, for gateways on the same machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix: Option<UnixAddress>,
    /// Where it answers gRPC: `http://address:port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc: Option<String>,
    /// Route prefixes it serves.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Name to show.
    #[serde(default)]
    pub name: Label,
    /// One sentence to show.
    #[serde(default)]
    pub description: Label,
    /// Name of the icon to show, such as `tabler-users`.
    #[serde(default)]
    pub icon: String,
    /// Colour of the icon, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Entries of the main navigation.
    #[serde(default)]
    pub nav: Vec<NavItem>,
    /// Entries of the administration's navigation.
    #[serde(default)]
    pub admin_nav: Vec<NavItem>,
    /// Parts for the home page.
    #[serde(default)]
    pub widgets: Vec<Widget>,
    /// Settings it declares.
    #[serde(default)]
    pub settings: Vec<SettingDeclaration>,
    /// Path of its search, for the search across apps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Path of its OpenAPI document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openapi: Option<String>,
    /// Legal pages it shows.
    #[serde(default)]
    pub legal: Vec<Link>,
    /// Path of its health report.
    #[serde(default = "default_health")]
    pub health: String,
    /// Limits and timeouts by prefix.
    #[serde(default)]
    pub policy: Vec<PrefixPolicy>,
}

impl Entry {
    /// An entry with nothing but what every instance has.
    pub fn new(id: AppId, instance: InstanceId, started_at: Timestamp, http: String) -> Self {
        Self {
            id,
            instance,
            epoch: 0,
            version: String::new(),
            started_at,
            held_since: BTreeMap::new(),
            state: State::Ready,
            http,
            unix: None,
            grpc: None,
            prefixes: Vec::new(),
            name: Label::default(),
            description: Label::default(),
            icon: String::new(),
            accent: None,
            nav: Vec::new(),
            admin_nav: Vec::new(),
            widgets: Vec::new(),
            settings: Vec::new(),
            search: None,
            openapi: None,
            legal: Vec::new(),
            health: default_health(),
            policy: Vec::new(),
        }
    }

    /// Since when the app has held the prefix; the start of this instance when nothing older is known.
    pub fn holds_since(&self, prefix: &str) -> Timestamp {
        self.held_since
            .get(prefix)
            .copied()
            .map_or(self.started_at, |since| since.min(self.started_at))
    }
}

/// A Unix socket, and the machine on which the path means something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnixAddress {
    /// Absolute path of the socket.
    pub path: String,
    /// The machine.
    pub host_id: HostId,
}

/// One entry of a navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// Name to show.
    pub label: Label,
    /// Where it leads.
    pub path: String,
    /// Name of the icon.
    pub icon: String,
    /// Least role that sees it.
    pub role: Role,
}

/// A part for the home page, fetched from the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// Name within the app.
    pub id: String,
    /// Heading to show.
    pub title: Label,
    /// Where its HTML comes from.
    pub path: String,
    /// Least role that sees it.
    pub role: Role,
}

impl NavItem {
    /// An entry that everybody of at least this role sees.
    pub fn new(label: Label, path: &str, icon: &str, role: Role) -> Self {
        Self {
            label,
            path: path.to_owned(),
            icon: icon.to_owned(),
            role,
        }
    }
}

impl Widget {
    /// A part of the home page that everybody of at least this role sees.
    pub fn new(id: &str, title: Label, path: &str, role: Role) -> Self {
        Self {
            id: id.to_owned(),
            title,
            path: path.to_owned(),
            role,
        }
    }
}

/// A named link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Name to show.
    pub label: Label,
    /// Where it leads.
    pub path: String,
}

/// Limits and timeouts the gateway applies below one prefix; what is absent follows the gateway's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixPolicy {
    /// Whole-segment prefix this applies to.
    pub prefix: String,
    /// Longest wait for the head of a response, in milliseconds; 0 for a day, which is the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timeout_ms: Option<u64>,
    /// Longest silence within a body or on an upgraded connection, in milliseconds; 0 for a day, which is the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_timeout_ms: Option<u64>,
    /// Largest request body, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_limit: Option<u64>,
    /// Requests in flight through one gateway; more are answered with 503.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Methods that are passed on, in capitals; all but CONNECT and TRACE where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<Vec<String>>,
    /// Whether the prefix is served without TLS too, where everything else is redirected to https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<bool>,
    /// Whether instances are asked over HTTP/2 without TLS (RFC 9113, 3.3) instead of HTTP/1.1. WebSockets are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http2: Option<bool>,
    /// Whether gRPC from outside is passed on, to [`Entry::grpc`] where there is one, else to [`Entry::http`], over
    /// HTTP/2 either way. Everywhere else it is refused with 415.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc: Option<bool>,
    /// Longest time a gRPC call may take in all, in milliseconds, from 1 to a day. A longer `grpc-timeout`, or none, is
    /// brought down to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_timeout_ms: Option<u64>,
    /// Whether the gateway takes in the whole body of a request before an instance is asked, so that a slow client
    /// occupies none. Bodies may then have 16 MiB at most. Does not hold for gRPC and WebSockets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buffer: Option<bool>,
    /// Whether a trusted proxy may say which request it asks about, as forward-auth needs it. What it sent as
    /// `x-original-url`, `x-forwarded-host`, `x-forwarded-proto` and `x-forwarded-uri` then reaches the app as
    /// `cloud-original-url`, `-host`, `-proto` and `-uri`. From anybody else, and everywhere else, they are dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<bool>,
}

fn default_health() -> String {
    "/health".to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn an_entry_of_an_older_or_newer_app_is_readable() {
        let text = r#"{"id":"hello","instance":"i1","version":"1","started_at":"2026-01-01T00:00:00Z",
            "http":"http://127.0.0.1:1","added_later":true}"#;
        let entry: Entry = serde_json::from_str(text).unwrap();
        assert_eq!(entry.state, State::Ready);
        assert_eq!(entry.health, "/health");
        let again: Entry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
        assert_eq!(again, entry);
    }

    #[test]
    fn nobody_holds_a_prefix_since_after_their_start() {
        let start: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
        let mut entry = Entry::new(
            AppId::new("hello").unwrap(),
            InstanceId::random(),
            start,
            "http://127.0.0.1:1".to_owned(),
        );
        assert_eq!(entry.holds_since("/app/hello"), start);
        let earlier: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        entry.held_since.insert("/app/hello".to_owned(), earlier);
        assert_eq!(entry.holds_since("/app/hello"), earlier);
    }
}
