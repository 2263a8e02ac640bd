//! Redis, as gateways use it to share records: a hash of records, a hash of challenges, a lease, and one channel on which
//! changes are told. Every command fails at once when Redis is away.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use fred::bytes_utils::Str;
use fred::clients::{Client, SubscriberClient, WithOptions};
use fred::interfaces::{ClientLike, HashesInterface, KeysInterface, PubsubInterface};
use fred::types::config::Options;
use fred::types::scripts::Script;
use fred::types::{ClusterHash, CustomCommand, FromValue, Value};
use uuid::Uuid;

use super::{Record, Term, VaultError};

const RECORDS: &str = "gateway:tls:records";
const CHALLENGES: &str = "gateway:tls:challenges";
const LEADER: &str = "gateway:tls:leader";
const TERMS: &str = "gateway:tls:terms";
const HEARD: &str = "gateway:tls:heard";
/// Where changes are told.
pub(super) const CHANNEL: &str = "gateway:tls";
/// What is told: look again.
pub(super) const LOOK: &str = "look";
/// What is told, with a word after it: look again, and say that you have.
pub(super) const ANSWER: &str = "answer:";

/// Longest wait for one command.
const COMMAND: Duration = Duration::from_secs(2);
/// Longest wait until every gateway knows a challenge.
const HEARING: Duration = Duration::from_secs(3);
/// Between two looks who has heard.
const LISTEN: Duration = Duration::from_millis(20);
/// Challenges that nobody takes back vanish after this.
const CHALLENGE_LIFE_MS: i64 = 3_600_000;
/// Larger or more is not read: it is not from a gateway.
const MOST_RECORDS: i64 = 8_192;
const LARGEST_RECORD: i64 = 256 * 1024;

static READ: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!("lua/read.lua")));
static WRITE: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!("lua/write.lua")));
static LEAD: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!("lua/lead.lua")));
static RESIGN: LazyLock<Script> =
    LazyLock::new(|| Script::from_lua(include_str!("lua/resign.lua")));

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Yes,
    /// Another gateway leads.
    Fenced,
    /// What lies there is as late or later.
    Older,
}

/// Everything that lies in Redis, sealed.
#[derive(Debug, Default)]
pub(super) struct Lying {
    pub(super) records: BTreeMap<String, Record>,
    pub(super) challenges: BTreeMap<String, Record>,
}

pub(super) struct Shared {
    client: Client,
}

impl Shared {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.client.is_connected()
    }

    pub(super) async fn wait_for_connect(&self) {
        // A client that will never connect is waited for as long as the caller likes.
        if self.client.wait_for_connect().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn subscriber(&self) -> SubscriberClient {
        registry::subscriber(&self.client)
    }

    pub(super) async fn read(&self) -> Result<Lying, VaultError> {
        let limits = vec![Value::from(MOST_RECORDS), Value::from(LARGEST_RECORD)];
        let rows: Vec<(i64, String, String)> =
            self.run(&READ, &[RECORDS, CHALLENGES], limits).await?;
        let mut lying = Lying::default();
        for (list, name, text) in rows {
            let Some(record) = parse(&text) else {
                continue;
            };
            match list {
                1 => lying.records.insert(name, record),
                _ => lying.challenges.insert(name, record),
            };
        }
        Ok(lying)
    }

    /// Writes a record if it is later than what lies there, and tells the others.
    pub(super) async fn write(
        &self,
        term: Option<&Term>,
        name: &str,
        record: &Record,
    ) -> Result<Written, VaultError> {
        self.try_write(term, name, record, false).await
    }

    /// Writes a record over something that only claims to be later.
    pub(super) async fn overwrite(
        &self,
        term: &Term,
        name: &str,
        record: &Record,
    ) -> Result<(), VaultError> {
        match self.try_write(Some(term), name, record, true).await? {
            Written::Fenced => Err(VaultError::Fenced),
            Written::Yes | Written::Older => Ok(()),
        }
    }

    async fn try_write(
        &self,
        term: Option<&Term>,
        name: &str,
        record: &Record,
        by_force: bool,
    ) -> Result<Written, VaultError> {
        let arguments = vec![
            Value::from(term.map_or("", Term::as_str)),
            Value::from(name),
            Value::from(record.stamp.to_string()),
            Value::from(text(record)),
            Value::from(i64::from(by_force)),
            Value::from(CHANNEL),
            Value::from(LOOK),
        ];
        let said: String = self.run(&WRITE, &[LEADER, RECORDS], arguments).await?;
        Ok(match said.as_str() {
            "fenced" => Written::Fenced,
            "older" => Written::Older,
            _ => Written::Yes,
        })
    }

    /// Takes or renews the lead. `None` when another gateway has it.
    pub(super) async fn lead(
        &self,
        gateway: &str,
        life: Duration,
    ) -> Result<Option<Term>, VaultError> {
        let life = i64::try_from(life.as_millis()).unwrap_or(i64::MAX);
        let arguments = vec![Value::from(gateway), Value::from(life)];
        let term: String = self.run(&LEAD, &[LEADER, TERMS], arguments).await?;
        Ok((!term.is_empty()).then(|| Term::new(term)))
    }

    /// Gives the lead up, if it is still this one.
    pub(super) async fn resign(&self, term: &Term) -> Result<(), VaultError> {
        let arguments = vec![
            Value::from(term.as_str()),
            Value::from(CHANNEL),
            Value::from(LOOK),
        ];
        let _resigned: i64 = self.run(&RESIGN, &[LEADER], arguments).await?;
        Ok(())
    }

    /// Shares a challenge and waits until every gateway that listens has answered that it knows it.
    pub(super) async fn pose(&self, name: &str, record: &Record) -> Result<(), VaultError> {
        let client = self.impatient();
        let away = VaultError::Away;
        client
            .hset::<(), _, _>(CHALLENGES, (name, text(record)))
            .await
            .map_err(away)?;
        client
            .pexpire::<(), _>(CHALLENGES, CHALLENGE_LIFE_MS, None)
            .await
            .map_err(away)?;
        let word = Uuid::new_v4().simple().to_string();
        let listeners: i64 = client
            .publish(CHANNEL, format!("{ANSWER}{word}"))
            .await
            .map_err(away)?;
        let key = format!("{HEARD}:{word}");
        let hearing = async {
            loop {
                let heard: Option<i64> = client.get(&key).await?;
                if heard.unwrap_or(0) >= listeners {
                    return Ok(());
                }
                tokio::time::sleep(LISTEN).await;
            }
        };
        let Ok(heard) = tokio::time::timeout(HEARING, hearing).await else {
            tracing::warn!("not every gateway has said that it knows the challenge");
            return Ok(());
        };
        heard.map_err(away)
    }

    /// Says that this gateway has looked.
    pub(super) async fn answer(&self, word: &str) -> Result<(), VaultError> {
        let client = self.impatient();
        let key = format!("{HEARD}:{word}");
        client.incr::<(), _>(&key).await.map_err(VaultError::Away)?;
        client
            .pexpire::<(), _>(&key, 60_000, None)
            .await
            .map_err(VaultError::Away)
    }

    /// Takes challenges back.
    pub(super) async fn withdraw(&self, names: [String; 2]) -> Result<(), VaultError> {
        let client = self.impatient();
        client
            .hdel::<(), _, _>(CHALLENGES, names.to_vec())
            .await
            .map_err(VaultError::Away)?;
        client
            .publish::<(), _, _>(CHANNEL, LOOK)
            .await
            .map_err(VaultError::Away)
    }

    fn impatient(&self) -> WithOptions<Client> {
        self.client.with_options(&Options {
            fail_fast: true,
            max_attempts: Some(1),
            timeout: Some(COMMAND),
            ..Options::default()
        })
    }

    /// Runs a script, sending its text only when Redis does not know it yet.
    async fn run<R: FromValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: Vec<Value>,
    ) -> Result<R, VaultError> {
        let client = self.impatient();
        let by_hash = call(script.sha1().clone(), keys, &arguments);
        let answer = match client.custom(command("EVALSHA"), by_hash).await {
            Err(error) if error.details().starts_with("NOSCRIPT") => {
                let text = script.lua().cloned().unwrap_or_default();
                let by_text = call(text, keys, &arguments);
                client.custom(command("EVAL"), by_text).await
            }
            answer => answer,
        };
        answer.map_err(VaultError::Away)
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

/// A record as it lies in a hash: the stamp first, where a script can compare it.
fn text(record: &Record) -> String {
    format!("{}:{}", record.stamp, record.sealed)
}

fn parse(text: &str) -> Option<Record> {
    let (stamp, sealed) = text.split_once(':')?;
    Some(Record {
        stamp: stamp.parse().ok()?,
        sealed: sealed.to_owned(),
    })
}
