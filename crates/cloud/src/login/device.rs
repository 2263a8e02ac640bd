//! Asking for a key that somebody allows in a browser: the program's side of RFC 8628.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::error::Error;
use crate::output::note;
use crate::remote::Remote;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// What being asked to slow down adds (RFC 8628, section 3.5).
const PENALTY: Duration = Duration::from_secs(5);
/// The interval grows no further.
const LONGEST_INTERVAL: Duration = Duration::from_mins(1);

/// The key that is wished for.
#[derive(Default)]
pub(crate) struct Asked<'a> {
    /// What to call it; after this machine when empty.
    pub(crate) name: &'a str,
    /// What it is to be used for, separated by blanks.
    pub(crate) scope: &'a str,
    /// The one app it is for, or empty.
    pub(crate) app: &'a str,
    /// The one resource it is for, or empty.
    pub(crate) resource: &'a str,
    /// Networks it may be used from, separated by blanks.
    pub(crate) networks: &'a str,
    /// For how many days.
    pub(crate) days: u16,
}

/// The key somebody allowed.
#[derive(Deserialize)]
pub(crate) struct Granted {
    /// The key itself.
    pub(crate) access_token: String,
    /// What names it.
    pub(crate) key_id: String,
    /// What it is called.
    pub(crate) name: String,
    /// What it may be used for, separated by blanks.
    pub(crate) scope: String,
    /// Seconds until it ends.
    pub(crate) expires_in: u64,
}

#[derive(Deserialize)]
struct Authorization {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: u64,
}

#[derive(Deserialize)]
struct OauthError {
    error: String,
}

/// Asks, says where to allow it, and waits.
pub(crate) async fn ask(remote: &Remote, asked: &Asked<'_>) -> Result<Granted, Error> {
    let fields = [
        ("host", &*host_name()),
        ("name", asked.name),
        ("scope", asked.scope),
        ("app", asked.app),
        ("resource", asked.resource),
        ("networks", asked.networks),
        ("days", &asked.days.to_string()),
    ];
    let (status, body) = remote.post("/api/auth/device", &fields).await?;
    let begun: Authorization = remote.read(status, &body)?;
    note(&format!(
        "Open this address in a browser, and go on there only if it shows the code {}:\n\n  {}\n\nOr type the code at {}. Waiting for at most {} minutes ...",
        begun.user_code,
        begun.verification_uri_complete,
        begun.verification_uri,
        begun.expires_in.div_ceil(60),
    ));
    wait(remote, &begun).await
}

async fn wait(remote: &Remote, begun: &Authorization) -> Result<Granted, Error> {
    let too_late = Instant::now() + Duration::from_secs(begun.expires_in);
    let mut interval = Duration::from_secs(begun.interval.max(1));
    let fields = [
        ("grant_type", GRANT_TYPE),
        ("device_code", &*begun.device_code),
    ];
    loop {
        sleep(interval).await;
        let next = match remote.post("/api/auth/device/token", &fields).await {
            Ok((status, body)) => step(remote, status, &body)?,
            // RFC 8628, section 3.5: a connection that fails is tried again more slowly.
            Err(Error::Unreachable { .. }) => Step::Slower,
            Err(error) => return Err(error),
        };
        match next {
            Step::Granted(granted) => return Ok(granted),
            Step::Again => {}
            Step::Slower => interval = (interval + PENALTY).min(LONGEST_INTERVAL),
        }
        if Instant::now() >= too_late {
            return Err(TOO_LATE);
        }
    }
}

const TOO_LATE: Error = Error::NotApproved("nobody approved in time; start again");

enum Step {
    Granted(Granted),
    Again,
    Slower,
}

fn step(remote: &Remote, status: StatusCode, body: &Bytes) -> Result<Step, Error> {
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Ok(Step::Slower);
    }
    if status.is_success() {
        return remote.read(status, body).map(Step::Granted);
    }
    let told = serde_json::from_slice(body).map(|OauthError { error }| error);
    match told.as_deref() {
        Ok("authorization_pending") => Ok(Step::Again),
        Ok("slow_down") => Ok(Step::Slower),
        Ok("access_denied") => Err(Error::NotApproved(
            "it was denied in the browser, or the account may have no further key",
        )),
        Ok("expired_token") => Err(TOO_LATE),
        _ => Err(remote.refusal(status, body)),
    }
}

/// The name of this machine as far as it may be shown; whoever approves reads it.
fn host_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    let name: String = told.trim().chars().filter(fits).take(63).collect();
    if name.is_empty() {
        "this-machine".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::remote::Address;

    #[test]
    fn every_answer_has_its_next_step() {
        let remote = Remote::new(&Address::parse("https://cloud.example.org", false).unwrap());
        let step = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            step(&remote, status, &Bytes::from(body.to_owned()))
        };
        assert!(matches!(
            step(400, r#"{"error":"authorization_pending"}"#),
            Ok(Step::Again)
        ));
        assert!(matches!(
            step(400, r#"{"error":"slow_down"}"#),
            Ok(Step::Slower)
        ));
        assert!(matches!(step(429, ""), Ok(Step::Slower)));
        assert!(matches!(step(503, "<html>"), Ok(Step::Slower)));
        for (error, code) in [
            ("access_denied", 4),
            ("expired_token", 4),
            ("invalid_grant", 1),
        ] {
            let refused = step(400, &format!(r#"{{"error":"{error}"}}"#))
                .err()
                .unwrap();
            assert_eq!(refused.exit_code(), code, "{error}");
        }
        assert!(step(200, "{}").is_err(), "a success without a key is none");
    }
}
