//! The report of a gateway.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AppId, InstanceId};

/// The form of reports that this version writes and reads.
pub const FORMAT: u32 = 1;

/// What one gateway sees at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The gateway's process.
    pub gateway: InstanceId,
    /// The machine it runs on, as the machine calls itself.
    pub host: String,
    /// Where it listens.
    pub address: String,
    /// Its version.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it wrote this.
    pub at: Timestamp,
    /// The route table it works with.
    pub table: TableReport,
    /// Downstream connections.
    pub connections: Connections,
    /// Requests since it started.
    pub requests: u64,
    /// Requests that left no access line, because there were too many.
    pub unlogged: u64,
    /// Routes, ordered by prefix.
    pub routes: Vec<RouteReport>,
    /// Instances of apps, ordered by app and instance.
    pub instances: Vec<InstanceReport>,
    /// What is wrong with registrations.
    pub issues: Vec<Issue>,
    /// Names that are served over TLS; none while TLS is off.
    #[serde(default)]
    pub tls: Vec<TlsReport>,
    /// Routes, instances, issues and names that found no room here.
    #[serde(default)]
    pub omitted: u64,
}

/// A route table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// The registry's random word at that time.
    pub generation: String,
    /// The version of what this process saw of the registry.
    pub version: u64,
    /// When the table was built; nothing before the first.
    pub built_at: Option<Timestamp>,
}

/// Downstream connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    /// Open now.
    pub open: u64,
    /// Refused since the start, because there were too many.
    pub refused: u64,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteReport {
    /// The prefix; nothing for requests that led nowhere.
    pub prefix: Option<String>,
    /// Who serves it, or did when it was last there.
    pub app: Option<AppId>,
    /// Instances it may be sent to.
    pub instances: u32,
    /// Requests by the first digit of their status, since the start.
    pub classes: [u64; 6],
    /// Durations of the last minute.
    pub recent: Percentiles,
    /// Durations since the start.
    pub total: Percentiles,
}

/// Durations from the head of a request to the last byte of its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentiles {
    /// Requests this is drawn from.
    pub requests: u64,
    /// Microseconds that half of them did not exceed.
    pub p50: u64,
    /// Microseconds that 95 of 100 did not exceed.
    pub p95: u64,
    /// Microseconds that 99 of 100 did not exceed.
    pub p99: u64,
}

/// One instance of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceReport {
    /// The app.
    pub app: AppId,
    /// The instance.
    pub instance: InstanceId,
    /// The version it runs.
    pub version: String,
    /// How it is reached.
    pub address: AddressKind,
    /// What it is sent.
    pub standing: Standing,
    /// Whether the registry confirms it; one that vanished there is kept for as long as it answers.
    pub confirmed: bool,
    /// Requests in flight to it.
    pub in_flight: u64,
    /// Average time to the head of an answer, in microseconds; 0 before the first.
    pub latency: u64,
    /// What it is given of requests, in hundredths of what the quickest instance of its app is given while both are as
    /// busy; 0 while it is given none. What is less than twice as slow counts as quick.
    #[serde(default)]
    pub weight: u8,
}

/// How an instance is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressKind {
    /// Over a Unix socket on the gateway's machine.
    Unix,
    /// Over TCP.
    Tcp,
}

/// What an instance is sent, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Requests.
    Well,
    /// What it has; it stops.
    Draining,
    /// One request, to see whether it does better.
    Trial,
    /// Nothing for a while, because it failed.
    Resting,
    /// Nothing until it says that it is ready.
    Unready,
}

/// Something wrong with a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The app, as the registration names it.
    pub app: String,
    /// The instance, as the registration names it.
    pub instance: String,
    /// What.
    #[serde(flatten)]
    pub kind: IssueKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IssueKind {
    /// It asks for a prefix that another app held first.
    Conflict {
        /// The prefix.
        prefix: String,
        /// Who holds it.
        holder: String,
    },
    /// It asks for a prefix that is malformed or belongs to somebody else by rule.
    Prefix {
        /// The prefix.
        prefix: String,
    },
    /// A value of its policy for a prefix lies beyond what a gateway allows, and does not hold.
    Policy {
        /// The prefix.
        prefix: String,
        /// The name of the value, such as `call_timeout_ms`.
        value: String,
    },
    /// It is not signed with the app's key.
    Unsigned,
    /// It is not of the form a registration has.
    Malformed,
    /// It is larger than a registration may be.
    Oversized,
    /// The instance runs another version than the latest instance of the app.
    Skew {
        /// Its version.
        version: String,
        /// That of the latest.
        newest: String,
    },
}

/// A name that is served over TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsReport {
    /// The name.
    pub name: String,
    /// How well it is served.
    pub state: TlsState,
    /// Where its certificate comes from: `file`, `acme` or `self-signed`.
    pub source: Option<String>,
    /// Until when the certificate is valid.
    pub expires_at: Option<Timestamp>,
    /// What went wrong last, until it goes well again.
    pub error: Option<String>,
}

/// How well a name is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsState {
    /// With a valid certificate.
    Valid,
    /// With one that should have been replaced by now.
    Expiring,
    /// With one that is not valid.
    Invalid,
    /// Not at all.
    Missing,
}
