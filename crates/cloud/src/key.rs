//! `cloud key ...`: one's own keys for programs. The key of a sign-in reads the list; it makes and ends no other, so what
//! changes anything is allowed or done in a browser, or by whoever holds the key itself.

use std::io::Read;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::sleep;

use crate::cli::{Key, NewKey};
use crate::error::Error;
use crate::installation::Installation;
use crate::login::device::{Asked, ask};
use crate::login::{At, KEYS_PAGE, give_back, signed_in, whereabouts};
use crate::output::{note, say};
use crate::remote::Remote;

/// Between two looks whether a key was ended.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// How often to look, for ten minutes.
const LOOKS: u32 = 200;
/// Longest text that can be a key.
const LONGEST_KEY: u64 = 1024;

/// A line of the list.
#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    id: String,
    public_id: String,
    name: String,
    scopes: Vec<String>,
    app: String,
    resource: String,
    networks: Vec<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
    last_used_from: String,
    revoke_reason: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct List {
    keys: Vec<Listed>,
}

/// Runs one of the commands.
pub(crate) async fn run(installation: &Installation, command: Key) -> Result<ExitCode, Error> {
    match command {
        Key::Create(new) => create(installation, new).await?,
        Key::List { at, json } => list(&signed_in(installation, &at)?, json).await?,
        Key::Revoke {
            id: Some(id), at, ..
        } => revoke(&signed_in(installation, &at)?, &id).await?,
        Key::Revoke { at, .. } => revoke_from_stdin(installation, &at).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(installation: &Installation, new: NewKey) -> Result<(), Error> {
    let remote = Remote::new(&whereabouts(installation, &new.at)?);
    let asked = Asked {
        name: &new.name,
        scope: &new.scope.join(" "),
        app: &new.app.unwrap_or_default(),
        resource: &new.resource.unwrap_or_default(),
        networks: &new.network.join(" "),
        days: new.days,
    };
    let made = ask(&remote, &asked).await?;
    if new.json {
        let scopes: Vec<_> = made.scope.split_whitespace().collect();
        let whole = json!({
            "id": made.key_id,
            "name": made.name,
            "scopes": scopes,
            "expires_in": made.expires_in,
            "key": made.access_token,
        });
        say(&whole.to_string());
    } else {
        note(&format!(
            "This is the key {:?}, shown once; it works for {} days. Its id is {}.",
            made.name,
            made.expires_in.div_ceil(24 * 3600),
            made.key_id
        ));
        say(&made.access_token);
    }
    Ok(())
}

async fn list(remote: &Remote, json: bool) -> Result<(), Error> {
    let list: List = remote.get("/api/auth/keys").await?;
    if json {
        say(&json!(list).to_string());
    } else if list.keys.is_empty() {
        note("You have no keys.");
    } else {
        let lines: Vec<_> = list.keys.iter().map(in_words).collect();
        say(&lines.join("\n"));
    }
    Ok(())
}

/// Leads to the page of the key, and waits until it is ended there.
async fn revoke(remote: &Remote, id: &str) -> Result<(), Error> {
    if find(remote, id).await?.revoke_reason.is_none() {
        note(&format!(
            "Open this address in a browser and end the key there:\n\n  {}{KEYS_PAGE}/{id}\n\nWaiting for at most 10 minutes ...",
            remote.address().text()
        ));
    }
    for _ in 0..LOOKS {
        if find(remote, id).await?.revoke_reason.is_some() {
            say("The key is refused from now on.");
            return Ok(());
        }
        sleep(LOOK_EVERY).await;
    }
    Err(Error::NotApproved(
        "the key was not ended in time; it still works",
    ))
}

async fn find(remote: &Remote, id: &str) -> Result<Listed, Error> {
    let list: List = remote.get("/api/auth/keys").await?;
    let found = list.keys.into_iter().find(|key| key.id == id);
    found.ok_or_else(|| {
        Error::Usage(format!(
            "no key of yours has the id {id:?}; `cloud key list` shows them"
        ))
    })
}

/// Whoever holds a key may end it.
async fn revoke_from_stdin(installation: &Installation, at: &At) -> Result<(), Error> {
    let remote = Remote::new(&whereabouts(installation, at)?);
    let mut text = String::new();
    let read = std::io::stdin().take(LONGEST_KEY).read_to_string(&mut text);
    read.map_err(|_| Error::Usage("what came in is no key".to_owned()))?;
    let key = text.trim();
    if !key.starts_with("cloud_") {
        return Err(Error::Usage(
            "what came in is no key; it begins with cloud_".to_owned(),
        ));
    }
    give_back(&remote, key).await?;
    say(&format!(
        "If {} knew this key, it refuses it from now on.",
        remote.address().text()
    ));
    Ok(())
}

fn in_words(key: &Listed) -> String {
    let used = key.last_used_at.map_or_else(
        || "never used".to_owned(),
        |at| format!("last used {} from {}", date(at), key.last_used_from),
    );
    let state = match &key.revoke_reason {
        None => format!("until {}", date(key.expires_at)),
        Some(reason) => format!("ended ({reason})"),
    };
    let scopes = key.scopes.join(" ");
    format!("{}  {}: {scopes}; {state}; {used}", key.id, key.name)
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
