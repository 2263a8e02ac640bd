//! What gateways tell of themselves: a signed report of each, in Redis for some seconds at a time.
//!
//! A gateway publishes, whoever shows gateways to administrators reads. Nobody routes by a report, and losing them
//! all loses nothing.

use std::sync::LazyLock;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{KeysInterface, SortedSetsInterface};
use fred::types::Value;
use fred::types::scripts::Script;
use jiff::Timestamp;

use crate::{Error, InstanceId, Keyring, connection, keys};

mod report;
mod sealed;

pub use report::{
    AddressKind, Connections, FORMAT, InstanceReport, Issue, IssueKind, Percentiles, Report,
    RouteReport, Standing, TableReport, TlsReport, TlsState,
};
pub use sealed::Fault;

/// How long a report stands without a newer one.
pub const TIME_TO_LIVE: Duration = Duration::from_secs(10);
/// After this without a report, a gateway is forgotten.
const MEMORY: Duration = Duration::from_mins(1);
/// Most reports a reader looks at.
const MOST: usize = 64;

static WRITE: LazyLock<Script> =
    LazyLock::new(|| Script::from_lua(include_str!("lua/edge_write.lua")));
static READ: LazyLock<Script> =
    LazyLock::new(|| Script::from_lua(include_str!("lua/edge_read.lua")));

/// What lies under the name of a gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The name.
    pub gateway: String,
    /// Its report, or why it is not shown.
    pub report: Result<Report, Fault>,
}

/// Signs and writes a report. One that is too large loses routes, instances and issues until it is not.
pub async fn publish(client: &Client, keyring: &Keyring, report: Report) -> Result<(), Error> {
    let instance = report.gateway.clone();
    let text = sealed::seal(report, keyring)?;
    let key = keys::gateway(&instance);
    let arguments = vec![
        Value::from(instance.to_string()),
        Value::from(text),
        Value::from(milliseconds(TIME_TO_LIVE)),
        Value::from(milliseconds(MEMORY) / 1000),
    ];
    let keys = [keys::GATEWAYS, key.as_str()];
    let _written: i64 =
        connection::run(&connection::impatient(client), &WRITE, &keys, arguments).await?;
    Ok(())
}

/// Takes the report of a gateway that stops away.
pub async fn withdraw(client: &Client, gateway: &InstanceId) -> Result<(), Error> {
    let client = connection::impatient(client);
    let _there: i64 = client.del(keys::gateway(gateway)).await?;
    let _listed: i64 = client.zrem(keys::GATEWAYS, gateway.as_str()).await?;
    Ok(())
}

/// All reports, each checked, the latest first. Fails soon while Redis is away.
pub async fn read(client: &Client, keyring: &Keyring, now: Timestamp) -> Result<Vec<Found>, Error> {
    let arguments = vec![
        Value::from(i64::try_from(sealed::LIMIT).unwrap_or(i64::MAX)),
        Value::from(i64::try_from(MOST).unwrap_or(i64::MAX)),
    ];
    let client = connection::impatient(client);
    let values: Vec<Value> = connection::run(&client, &READ, &[keys::GATEWAYS], arguments).await?;
    let mut values = values.into_iter();
    let mut found = Vec::with_capacity(values.len() / 2);
    while let (Some(name), Some(value)) = (values.next(), values.next()) {
        let gateway = name.into_string().unwrap_or_default();
        let report = match value {
            Value::Integer(_) => Err(Fault::Oversized),
            value => value
                .into_bytes()
                .ok_or(Fault::Malformed)
                .and_then(|bytes| sealed::open(&bytes, &gateway, keyring, now)),
        };
        found.push(Found { gateway, report });
    }
    Ok(found)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
