//! One read of the whole registry.

use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use fred::clients::{Client, WithOptions};
use fred::types::Value;
use fred::types::scripts::Script;

use crate::{Error, connection, keys, wire};

/// How long the index remembers a lease that ran out.
const MEMORY: Duration = Duration::from_hours(1);
/// Most instances a reader looks at.
const MEMBERS: usize = 10_000;

static READ: LazyLock<Script> = LazyLock::new(|| Script::from_lua(include_str!("lua/read.lua")));

/// What the registry holds at one moment.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The registry's random word; empty when it was emptied.
    pub(crate) generation: String,
    /// Every member of the index, with what is stored for it.
    pub(crate) members: Vec<Member>,
}

/// A member of the index.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) app: String,
    pub(crate) instance: String,
    pub(crate) value: Stored,
}

/// What lies under a member's name.
#[derive(Debug)]
pub(crate) enum Stored {
    /// A value, genuine or not.
    Text(Bytes),
    /// Something larger than a lease may be.
    Oversized,
    /// Nothing: the lease ran out.
    Nothing,
}

impl From<Value> for Stored {
    fn from(value: Value) -> Self {
        match value {
            Value::Integer(_) => Self::Oversized,
            value => value.into_bytes().map_or(Self::Nothing, Self::Text),
        }
    }
}

/// Reads everything in one step.
pub(crate) async fn read(client: &WithOptions<Client>) -> Result<Reading, Error> {
    let arguments = vec![
        Value::from(seconds(MEMORY)),
        Value::from(count(wire::LIMIT)),
        Value::from(count(MEMBERS)),
    ];
    let keys = [keys::INDEX, keys::GENERATION];
    let values: Vec<Value> = connection::run(client, &READ, &keys, arguments).await?;
    let mut values = values.into_iter();
    let generation = values.next().and_then(Value::into_string);
    let mut members = Vec::with_capacity(values.len() / 2);
    while let (Some(name), Some(value)) = (values.next(), values.next()) {
        let name = name.into_string().unwrap_or_default();
        let (app, instance) = name.split_once('/').unwrap_or((&name, ""));
        members.push(Member {
            app: app.to_owned(),
            instance: instance.to_owned(),
            value: value.into(),
        });
    }
    Ok(Reading {
        generation: generation.unwrap_or_default(),
        members,
    })
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
