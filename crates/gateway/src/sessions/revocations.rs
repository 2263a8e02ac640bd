//! Revocations as auth publishes them. A message that may have been missed counts as one about everybody.

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::Revoked;
use crate::gateway::Gateway;

/// Where auth publishes.
const CHANNEL: &str = "auth:revocations";
/// Between two attempts to subscribe.
const AGAIN: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Message {
    Session(Uuid),
    User(Uuid),
    All,
}

/// Follows revocations until the gateway stops.
pub(crate) async fn follow(gateway: Arc<Gateway>, redis: Client) {
    let subscriber = registry::subscriber(&redis);
    let mut messages = subscriber.message_rx();
    let mut connected = subscriber.reconnect_rx();
    let stop = gateway.lifecycle.hard().clone();
    // The connection lives in the task of this handle until `quit`.
    drop(subscriber.connect());
    let mut listens = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            message = messages.recv() => match message {
                Ok(message) => apply(&gateway, &message.value.into_bytes().unwrap_or_default()),
                Err(RecvError::Lagged(_)) => gateway.sessions.doubt_all(),
                Err(RecvError::Closed) => break,
            },
            _event = connected.recv() => listens = false,
            () = tokio::time::sleep(AGAIN), if !listens => {}
        }
        if !listens && subscriber.is_connected() && subscriber.subscribe(CHANNEL).await.is_ok() {
            listens = true;
            // Nobody knows what was published before.
            gateway.sessions.doubt_all();
        }
    }
    // A connection that is broken is as closed as it can be.
    drop(subscriber.quit().await);
}

fn apply(gateway: &Gateway, message: &[u8]) {
    let revoked = read(message);
    tracing::debug!(?revoked, "auth revoked");
    match revoked {
        Revoked::Session(id) => gateway
            .sessions
            .revoke(|principal| principal.session_id == id),
        Revoked::User(id) => gateway.sessions.revoke(|principal| principal.user_id == id),
        Revoked::All => gateway.sessions.revoke(|_| true),
    }
}

/// What a message names. One that cannot be read may be about anybody.
fn read(message: &[u8]) -> Revoked {
    match serde_json::from_slice(message) {
        Ok(Message::Session(id)) => Revoked::Session(id),
        Ok(Message::User(id)) => Revoked::User(id),
        Ok(Message::All) | Err(_) => Revoked::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_cannot_be_read_revokes_everybody() {
        let id = Uuid::from_u128(7);
        assert_eq!(
            read(format!("{{\"session\":\"{id}\"}}").as_bytes()),
            Revoked::Session(id)
        );
        assert_eq!(
            read(format!("{{\"user\":\"{id}\"}}").as_bytes()),
            Revoked::User(id)
        );
        for other in [
            "\"all\"",
            "",
            "{}",
            "{\"session\":\"x\"}",
            "{\"group\":\"x\"}",
        ] {
            assert_eq!(read(other.as_bytes()), Revoked::All, "{other}");
        }
    }
}
