//! FreeIPA beyond LDAP: the one thing that its web interface lets people do whose password opens nothing any more, which is
//! to choose another (`/ipa/session/change_password`).
//!
//! One request on a connection of its own, to the host that LDAP is asked at and with the same belief in its certificate.
//! The answer is in the head; no redirection is followed, and of the body nothing is read.

use http::header::{CONTENT_TYPE, HOST, REFERER};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded::Serializer;

use crate::connection::{Pace, connect, resolve};
use crate::error::{Error, Step, Why};
use crate::passwords::{Changed, Refusal};
use crate::server::{Security, Server};
use crate::tls;
use crate::verdict::Verdict;

/// Where passwords are changed.
const CHANGE: &str = "/ipa/session/change_password";
/// What came of it.
const RESULT: &str = "x-ipa-pwchange-result";
/// Why the new one is not taken.
const POLICY: &str = "x-ipa-pwchange-policy-error";
/// Longest head of an answer.
const MOST_HEAD: usize = 64 * 1024;

/// Puts a new password in the place of the old one of `username`.
///
/// # Errors
/// It cannot be asked, or does not answer as FreeIPA does.
pub(crate) async fn change_password(
    (server, port): (&Server, u16),
    pace: Pace,
    username: &str,
    (old, new): (&SecretString, &SecretString),
) -> Result<Changed, Error> {
    let form = Serializer::new(String::new())
        .append_pair("user", username)
        .append_pair("old_password", old.expose_secret())
        .append_pair("new_password", new.expose_secret())
        .finish();
    let server = Server {
        port,
        security: Security::Tls,
        ..server.clone()
    };
    let response = pace
        .wait(at(&server), post(&server, pace, CHANGE, form))
        .await??;
    if response.status() != StatusCode::OK {
        let said = format!("{CHANGE}: {}", response.status());
        return Err(Error::new(Step::Bind, Why::Refused, said));
    }
    said(response.headers())
}

fn at(server: &Server) -> (Step, &str) {
    (Step::Bind, server.host.as_str())
}

/// Sends a form, as a page of the server itself would: it refuses any other origin.
async fn post(
    server: &Server,
    pace: Pace,
    path: &str,
    form: String,
) -> Result<Response<Incoming>, Error> {
    let broken = |_| Error::new(Step::Bind, Why::BrokeOff, &server.host);
    let unfit = |_| Error::new(Step::Bind, Why::Malformed, &server.host);
    let addresses = resolve(server, pace).await?;
    let stream = connect(server, &addresses, pace).await?;
    let stream = tls::handshake(server, stream, pace).await?;
    let mut client = http1::Builder::new();
    client.max_buf_size(MOST_HEAD);
    let (mut sender, connection) = client
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, authority(server))
        .header(REFERER, format!("https://{}/ipa", authority(server)))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form)
        .map_err(unfit)?;
    let exchange = async move { sender.send_request(request).await };
    tokio::pin!(connection);
    tokio::select! {
        answer = exchange => answer.map_err(broken),
        _ = &mut connection => Err(Error::new(Step::Bind, Why::BrokeOff, &server.host)),
    }
}

fn authority(server: &Server) -> String {
    match server.port {
        443 => server.host.clone(),
        port => format!("{}:{port}", server.host),
    }
}

fn said(headers: &HeaderMap) -> Result<Changed, Error> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(RESULT) {
        Some("ok") => Ok(Changed::Done),
        Some("invalid-password") => Ok(Changed::NotOpened(Verdict::Wrong)),
        Some("policy-error") => Ok(Changed::Refused(refusal(text(POLICY).unwrap_or_default()))),
        _ => Err(Error::new(Step::Bind, Why::Refused, CHANGE)),
    }
}

/// Which rule a sentence of FreeIPA is about.
fn refusal(sentence: &str) -> Refusal {
    let sentence = sentence.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if has(&["too short"]) {
        Refusal::TooShort
    } else if has(&["reuse", "history"]) {
        Refusal::InHistory
    } else if has(&["too soon", "too young"]) {
        Refusal::TooYoung
    } else if has(&["too simple", "too weak", "character class", "dictionary"]) {
        Refusal::TooWeak
    } else {
        Refusal::Rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_taken_for_the_rule_that_it_names() {
        for (sentence, expected) in [
            ("Constraint violation: Password is too short", Refusal::TooShort),
            ("Constraint violation: Password reuse not permitted", Refusal::InHistory),
            ("Constraint violation: Too soon to change password", Refusal::TooYoung),
            ("Constraint violation: Password is too simple", Refusal::TooWeak),
            ("Constraint violation: Pre-Encoded passwords are not valid", Refusal::Rules),
            ("", Refusal::Rules),
        ] {
            assert_eq!(refusal(sentence), expected, "{sentence}");
        }
    }
}
