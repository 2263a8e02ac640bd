//! The connection to Redis, and the scripts that run on it.

use std::time::Duration;

use fred::bytes_utils::Str;
use fred::clients::{Client, SubscriberClient, WithOptions};
use fred::interfaces::{ClientLike, PubsubInterface};

use fred::types::config::{
    Config, ConnectionConfig, Options, PerformanceConfig, ReconnectPolicy, TcpConfig,
    UnresponsiveConfig,
};
use fred::types::scripts::Script;
use fred::types::{Builder, ClusterHash, CustomCommand, FromValue, Value};

use crate::Error;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// Longest wait for the answer to a command, unless the command says otherwise.
const COMMAND: Duration = Duration::from_secs(3);
/// A connection that owes an answer for this long is closed and opened anew.
const UNRESPONSIVE: Duration = Duration::from_secs(5);
/// Longest wait of the registry for one of its own commands.
const OWN_COMMAND: Duration = Duration::from_secs(1);

/// Connects to `redis://`, `rediss://` or `redis+unix:///path`. Fails when the first attempt fails; from then on
/// the connection is restored for ever, within half a second of Redis being back.
pub async fn connect(url: &str) -> Result<Client, Error> {
    let client = builder(url, true)?.build().map_err(Error::Address)?;
    client.init().await?;
    Ok(client)
}

/// Like [`connect`], without waiting and without failing when Redis is away: for a process that can do its work
/// without Redis. Fails only when the address makes no sense.
pub fn connect_in_background(url: &str) -> Result<Client, Error> {
    let client = builder(url, false)?.build().map_err(Error::Address)?;
    // The connection lives in the task of this handle; dropping the handle detaches it, `quit` ends it.
    drop(client.connect());
    Ok(client)
}

fn builder(url: &str, fail_fast: bool) -> Result<Builder, Error> {
    let mut config = Config::from_url(url).map_err(Error::Address)?;
    config.fail_fast = fail_fast;
    let mut builder = Builder::from_config(config);
    builder
        .set_policy(reconnect_policy())
        .set_connection_config(ConnectionConfig {
            connection_timeout: CONNECT,
            internal_command_timeout: CONNECT,
            unresponsive: UnresponsiveConfig {
                max_timeout: Some(UNRESPONSIVE),
                interval: Duration::from_secs(1),
            },
            tcp: TcpConfig {
                nodelay: Some(true),
                ..TcpConfig::default()
            },
            ..ConnectionConfig::default()
        })
        .set_performance_config(PerformanceConfig {
            default_command_timeout: COMMAND,
            ..PerformanceConfig::default()
        });
    Ok(builder)
}

/// For ever, soon at first, and never slower than twice a second: whoever watches the registry must notice its
/// return within a second.
fn reconnect_policy() -> ReconnectPolicy {
    let mut policy = ReconnectPolicy::new_exponential(0, 20, 500, 2);
    policy.set_jitter(50);
    policy
}

/// A second connection to the same Redis, for messages. Not connected yet, and restored for ever once it is;
/// subscribe anew after each `reconnect_rx`.
pub fn subscriber(client: &Client) -> SubscriberClient {
    let mut config = client.client_config();
    config.fail_fast = false;
    SubscriberClient::new(
        config,
        Some(client.perf_config()),
        Some(client.connection_config().clone()),
        Some(reconnect_policy()),
    )
}

/// Listens to a channel. Once this returns, Redis listens too: what is published from then on arrives, and what is
/// read from then on is no older than the first message. (The driver alone returns when the command is written.)
pub async fn subscribe(
    subscriber: &SubscriberClient,
    channel: &str,
) -> Result<(), fred::error::Error> {
    subscriber.subscribe(channel).await?;
    in_force(subscriber).await
}

/// Redis answers a connection in the order of its commands.
async fn in_force(subscriber: &SubscriberClient) -> Result<(), fred::error::Error> {
    subscriber.ping::<Value>(None).await.map(drop)
}

/// A view of the connection on which a command fails at once while Redis is away, instead of waiting for it.
pub(crate) fn impatient(client: &Client) -> WithOptions<Client> {
    client.with_options(&Options {
        fail_fast: true,
        max_attempts: Some(1),
        timeout: Some(OWN_COMMAND),
        ..Options::default()
    })
}

/// Runs a script, sending its text only when Redis does not know it yet. (Views with options lack the script
/// commands of the driver, hence the command by name.)
pub(crate) async fn run<R: FromValue>(
    client: &WithOptions<Client>,
    script: &Script,
    keys: &[&str],
    arguments: Vec<Value>,
) -> Result<R, Error> {
    let by_hash = call(script.sha1().clone(), keys, &arguments);
    match client.custom(command("EVALSHA"), by_hash).await {
        Err(error) if error.details().starts_with("NOSCRIPT") => {
            let text = script.lua().cloned().unwrap_or_default();
            let by_text = call(text, keys, &arguments);
            Ok(client.custom(command("EVAL"), by_text).await?)
        }
        result => Ok(result?),
    }
}

fn command(name: &'static str) -> CustomCommand {
    // The third argument is the first key.
    CustomCommand::new_static(name, ClusterHash::Offset(2), false)
}

fn call(script: Str, keys: &[&str], arguments: &[Value]) -> Vec<Value> {
    let count = i64::try_from(keys.len()).unwrap_or_default();
    [Value::from(script), Value::from(count)]
        .into_iter()
        .chain(keys.iter().map(|&key| Value::from(key)))
        .chain(arguments.iter().cloned())
        .collect()
}
