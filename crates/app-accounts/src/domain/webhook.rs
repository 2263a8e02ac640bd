//! Webhooks: addresses that are told of people who come, change places and go.
//!
//! What is sent follows the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` and `webhook-signature`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;
use url::{Host, Url};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::movement::Movement;
use super::name::Line;
use super::person::{PersonId, Unknown};
use super::reachable::Reach;
use super::token::NoRandomness;

/// More than an organisation has systems to tell.
pub const MOST_WEBHOOKS: usize = 20;
/// Longest address.
const LONGEST_URL: usize = 2_000;
/// How long the secret before the present one goes on signing, too.
pub const FORMER_SECRET_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Who answers nothing good for so long is not told any more.
pub const OFF_AFTER: SignedDuration = SignedDuration::from_hours(4 * 24);
/// Pauses between attempts: doubled from half a minute, at most half a day; three days and a half in all.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(12);
/// Attempts of one delivery.
pub const MOST_ATTEMPTS: i32 = 17;

/// Identifies a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WebhookId(pub Uuid);

impl fmt::Display for WebhookId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Somebody was added, or came back.
    Joined,
    /// Department, title, manager or groups of somebody changed.
    Moved,
    /// Somebody has no access any more.
    Left,
    /// An administrator tries whether it arrives.
    Test,
}

impl EventKind {
    /// Those that are chosen from.
    pub const CHOSEN: [Self; 3] = [Self::Joined, Self::Moved, Self::Left];

    /// Its name in what is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "person.joined",
            Self::Moved => "person.moved",
            Self::Left => "person.left",
            Self::Test => "webhook.test",
        }
    }
}

impl FromStr for EventKind {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "person.joined" => Ok(Self::Joined),
            "person.moved" => Ok(Self::Moved),
            "person.left" => Ok(Self::Left),
            "webhook.test" => Ok(Self::Test),
            _ => Err(Unknown),
        }
    }
}

/// Why nothing is sent to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// An administrator switched it off.
    ByHand,
    /// Nothing had arrived for days.
    Failing,
    /// It answered 410: it is not there any more.
    Gone,
}

impl Off {
    /// Its word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

impl FromStr for Off {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "by_hand" => Ok(Self::ByHand),
            "failing" => Ok(Self::Failing),
            "gone" => Ok(Self::Gone),
            _ => Err(Unknown),
        }
    }
}

/// What administrators say of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What they call it.
    pub name: Line,
    /// Where it is.
    pub url: Url,
    /// What it is told; never nothing.
    pub events: Vec<EventKind>,
}

/// A webhook.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// What administrators call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told.
    pub events: Vec<EventKind>,
    /// Why it is not told anything, if so.
    pub off: Option<Off>,
    /// Since when nothing has arrived there.
    pub failing_since: Option<Timestamp>,
    /// When something last arrived.
    pub delivered_at: Option<Timestamp>,
    /// Counts up with each change by hand.
    pub version: i64,
    /// Since when it is there.
    pub created_at: Timestamp,
}

impl Webhook {
    /// The part of its address that can be shown anywhere: paths may hold secrets.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.url).ok();
        url.as_ref()
            .and_then(Url::host_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// Whether it is told of events of that kind.
    pub fn hears(&self, kind: EventKind) -> bool {
        self.events.contains(&kind)
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// It arrived.
    Delivered,
    /// It never arrived.
    Failed,
    /// It was not sent: the webhook is switched off.
    Dropped,
}

impl DeliveryState {
    /// Its word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "waiting" => Ok(Self::Waiting),
            "delivered" => Ok(Self::Delivered),
            "failed" => Ok(Self::Failed),
            "dropped" => Ok(Self::Dropped),
            _ => Err(Unknown),
        }
    }
}

/// One event for one webhook.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Which; the same however often it is sent.
    pub id: Uuid,
    /// To which.
    pub webhook: WebhookId,
    /// Word of the kind of its event.
    pub event: String,
    /// What is sent, as it is.
    pub body: String,
    /// What became of it.
    pub state: DeliveryState,
    /// Which of the planned attempts is the one that counts.
    pub turn: i32,
    /// How often it was sent since it was last asked for.
    pub attempts: i32,
    /// What was answered to the last attempt.
    pub status: Option<i16>,
    /// Why there was no answer, as a word.
    pub fault: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was last sent.
    pub attempted_at: Option<Timestamp>,
    /// When it is sent again.
    pub next_at: Option<Timestamp>,
}

/// What an event says: who and what, and nothing about them that they are known by.
pub struct Event {
    /// Its kind.
    pub kind: EventKind,
    /// The body, the same for every webhook.
    pub body: String,
}

impl Event {
    /// Of a movement of somebody who is in that state by now.
    pub fn of(person: PersonId, state: &str, movement: &Movement, at: Timestamp) -> Self {
        let mut data = json!({ "person_id": person.to_string(), "state": state });
        let (kind, name, value) = match movement {
            Movement::Joined { again } => (EventKind::Joined, "again", json!(again)),
            Movement::Moved { changed } => (EventKind::Moved, "changed", json!(changed)),
            Movement::Left { reason } => (EventKind::Left, "reason", json!(reason)),
        };
        if let Some(fields) = data.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
        Self::new(kind, &data, at)
    }

    /// That an administrator tries.
    pub fn test(webhook: WebhookId, at: Timestamp) -> Self {
        let data = json!({ "webhook_id": webhook.to_string() });
        Self::new(EventKind::Test, &data, at)
    }

    fn new(kind: EventKind, data: &Value, at: Timestamp) -> Self {
        let body = json!({ "type": kind.as_str(), "timestamp": at.to_string(), "data": data });
        Self {
            kind,
            body: body.to_string(),
        }
    }
}

/// What signs. `Debug` shows nothing.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    const BYTES: usize = 32;

    /// Draws one from the operating system.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new(vec![0; Self::BYTES]);
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// One that was kept.
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// What is kept, sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the receiver is given, once.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("whsec_{}", STANDARD.encode(&*self.0)))
    }

    /// The signature of a message: of its id, the second it is sent in, and its body.
    pub fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(format!("{id}.{}.{body}", at.as_second()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlUnfit {
    /// It is none, or too long.
    #[error("is no address that begins with https://")]
    Form,
    /// It is not `https`, and not on this machine.
    #[error("must begin with https://: without TLS only this machine can be written to")]
    Plain,
    /// It names a user or a password.
    #[error("must hold no user name and no password")]
    Credentials,
    /// It lies where webhooks may not reach.
    #[error("lies where webhooks may not reach")]
    Unreachable,
}

/// Reads the address of a webhook. Without TLS only this machine is written to.
///
/// # Errors
/// What is wrong with it.
pub fn address(typed: &str, reach: Reach) -> Result<Url, UrlUnfit> {
    let typed = typed.trim();
    if typed.len() > LONGEST_URL {
        return Err(UrlUnfit::Form);
    }
    let mut url = Url::parse(typed).map_err(|_| UrlUnfit::Form)?;
    let host = url.host().ok_or(UrlUnfit::Form)?;
    let (literal, is_here) = match &host {
        Host::Domain(name) => (None, *name == "localhost"),
        Host::Ipv4(address) => (Some((*address).into()), address.is_loopback()),
        Host::Ipv6(address) => (Some((*address).into()), address.is_loopback()),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => return Err(UrlUnfit::Plain),
        _ => return Err(UrlUnfit::Form),
    }
    // What a name stands for is looked at when it is connected to.
    if literal.is_some_and(|address| !reach.allows(address)) {
        return Err(UrlUnfit::Unreachable);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlUnfit::Credentials);
    }
    url.set_fragment(None);
    Ok(url)
}

/// The pause after so many attempts that came to nothing; none when that was the last.
pub fn pause(attempts: i32) -> Option<SignedDuration> {
    if attempts >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let pause = FIRST_PAUSE.checked_mul(1 << doublings);
    Some(pause.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        // The example of https://github.com/standard-webhooks/standard-webhooks.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = Secret::from_bytes(Zeroizing::new(key));
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            r#"{"test": 2432232314}"#,
        );
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature, expected);
        assert_eq!(*secret.text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn attempts_are_spread_over_about_three_days() {
        assert_eq!(pause(1), Some(FIRST_PAUSE));
        assert_eq!(pause(2), Some(FIRST_PAUSE * 2));
        assert_eq!(pause(MOST_ATTEMPTS - 1), Some(LONGEST_PAUSE));
        assert_eq!(pause(MOST_ATTEMPTS), None);
        let all: SignedDuration = (1..MOST_ATTEMPTS)
            .filter_map(pause)
            .fold(SignedDuration::ZERO, |all, pause| all + pause);
        let days = all.as_hours() / 24;
        assert_eq!(days, 3, "{all:?}");
        assert!(all < OFF_AFTER, "one delivery alone switches nothing off");
    }

    #[test]
    fn addresses_are_https_or_here_and_hold_no_password() {
        let strict = Reach::default();
        let open = Reach {
            loopback: true,
            private: true,
        };
        for (typed, reach, expected) in [
            ("https://hr.example/hook?a=b", strict, Ok(())),
            (" https://hr.example:8443/ ", strict, Ok(())),
            ("http://hr.example/", open, Err(UrlUnfit::Plain)),
            ("http://10.0.0.1/", open, Err(UrlUnfit::Plain)),
            ("http://127.0.0.1:9000/", open, Ok(())),
            ("http://localhost:9000/", open, Ok(())),
            ("http://127.0.0.1:9000/", strict, Err(UrlUnfit::Unreachable)),
            ("https://10.0.0.1/", strict, Err(UrlUnfit::Unreachable)),
            ("https://10.0.0.1/", open, Ok(())),
            (
                "https://[::ffff:a00:1]/",
                strict,
                Err(UrlUnfit::Unreachable),
            ),
            // Another spelling of 127.0.0.1.
            ("https://0x7f.1/", strict, Err(UrlUnfit::Unreachable)),
            ("https://169.254.169.254/", open, Err(UrlUnfit::Unreachable)),
            (
                "https://a:b@hr.example/",
                strict,
                Err(UrlUnfit::Credentials),
            ),
            ("ftp://hr.example/", open, Err(UrlUnfit::Form)),
            ("hr.example", strict, Err(UrlUnfit::Form)),
            ("", strict, Err(UrlUnfit::Form)),
        ] {
            assert_eq!(address(typed, reach).map(drop), expected, "{typed}");
        }
        let long = format!("https://hr.example/{}", "a".repeat(2_000));
        assert_eq!(address(&long, strict), Err(UrlUnfit::Form));
    }

    #[test]
    fn an_event_says_who_and_what_and_nothing_else() {
        let person = PersonId(Uuid::from_u128(7));
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let changed = vec!["groups"];
        let event = Event::of(person, "active", &Movement::Moved { changed }, at);
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let expected = json!({
            "type": "person.moved",
            "timestamp": "2021-02-25T15:02:10Z",
            "data": {
                "person_id": "00000000-0000-0000-0000-000000000007",
                "state": "active",
                "changed": ["groups"],
            },
        });
        assert_eq!(body, expected);
    }
}
