//! The one thing that the web interface lets people do whose password opens nothing any more, which is to choose another
//! (`/ipa/session/change_password`). What came of it is in the head of the answer.

use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded::Serializer;

use super::http::{Answer, Question, ask, door};
use crate::connection::Pace;
use crate::error::{Error, Step, Why};
use crate::name::first;
use crate::passwords::{Changed, Refusal};
use crate::server::Server;
use crate::verdict::Verdict;

/// Where passwords are changed.
const CHANGE: &str = "/ipa/session/change_password";
/// What came of it.
const RESULT: &str = "x-ipa-pwchange-result";
/// Why the new one is not taken.
const POLICY: &str = "x-ipa-pwchange-policy-error";

/// Puts a new password in the place of the old one of the person with the entry of that name.
///
/// # Errors
/// It cannot be asked, or does not answer as FreeIPA does.
pub(crate) async fn change_password(
    (server, port): (&Server, u16),
    pace: Pace,
    entry: &str,
    (old, new): (&SecretString, &SecretString),
) -> Result<Changed, Error> {
    let Some(login) = first(entry, "uid") else {
        return Ok(Changed::NotOpened(Verdict::Expired));
    };
    let form = Serializer::new(String::new())
        .append_pair("user", &login)
        .append_pair("old_password", old.expose_secret())
        .append_pair("new_password", new.expose_secret())
        .finish();
    let question = Question {
        path: CHANGE,
        content: "application/x-www-form-urlencoded",
        cookie: None,
        body: form,
    };
    let answer = ask(&door(server, port), (Step::Bind, pace), question).await?;
    if answer.status != StatusCode::OK {
        let said = format!("{CHANGE}: {}", answer.status);
        return Err(Error::new(Step::Bind, Why::Refused, said));
    }
    said(&answer)
}

fn said(answer: &Answer) -> Result<Changed, Error> {
    match answer.field(RESULT) {
        Some("ok") => Ok(Changed::Done),
        Some("invalid-password") => Ok(Changed::NotOpened(Verdict::Wrong)),
        Some("policy-error") => {
            let sentence = answer.field(POLICY).unwrap_or_default();
            Ok(Changed::Refused(refusal(sentence)))
        }
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
            (
                "Constraint violation: Password is too short",
                Refusal::TooShort,
            ),
            (
                "Constraint violation: Password reuse not permitted",
                Refusal::InHistory,
            ),
            (
                "Constraint violation: Too soon to change password",
                Refusal::TooYoung,
            ),
            (
                "Constraint violation: Password is too simple",
                Refusal::TooWeak,
            ),
            (
                "Constraint violation: Pre-Encoded passwords are not valid",
                Refusal::Rules,
            ),
            ("", Refusal::Rules),
        ] {
            assert_eq!(refusal(sentence), expected, "{sentence}");
        }
    }
}
