//! Answers to the questions of an authority while an order is open: those of this gateway, and those another gateway
//! has shared, because the authority may ask any of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::config::ChallengeKind;
use super::store::canonical;

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Challenge {
    pub(super) kind: ChallengeKind,
    pub(super) domain: String,
    pub(super) token: String,
    /// The key authorisation of RFC 8555, 8.1.
    pub(super) answer: String,
    /// After this it is not answered any more, whatever became of who ordered.
    pub(super) until: Timestamp,
}

/// What is answered at the moment.
#[derive(Debug, Default)]
pub(super) struct Challenges {
    lists: Mutex<Lists>,
    answers: ArcSwap<Answers>,
}

#[derive(Debug, Default)]
struct Lists {
    own: Vec<Challenge>,
    shared: Vec<Challenge>,
}

#[derive(Debug, Default)]
struct Answers {
    files: HashMap<String, (String, Timestamp)>,
    certificates: HashMap<String, (Arc<CertifiedKey>, Timestamp)>,
}

impl Challenges {
    /// What to answer on the plain port to `/.well-known/acme-challenge/{token}`.
    pub(super) fn file(&self, token: &str, now: Timestamp) -> Option<String> {
        let answers = self.answers.load();
        let (answer, until) = answers.files.get(token)?;
        (now <= *until).then(|| answer.clone())
    }

    /// What to show an authority that connects for `name` with `acme-tls/1`.
    pub(super) fn certificate(&self, name: &str, now: Timestamp) -> Option<Arc<CertifiedKey>> {
        let answers = self.answers.load();
        let (key, until) = answers.certificates.get(canonical(name).as_ref())?;
        (now <= *until).then(|| Arc::clone(key))
    }

    /// Answers one more, of an order of this gateway.
    pub(super) fn add_own(&self, challenge: Challenge) {
        self.change(|lists| lists.own.push(challenge));
    }

    /// Answers none of this gateway's orders any more.
    pub(super) fn clear_own(&self) {
        self.change(|lists| lists.own.clear());
    }

    /// Answers what other gateways have shared, and nothing that they shared before.
    pub(super) fn replace_shared(&self, shared: Vec<Challenge>) {
        self.change(|lists| lists.shared = shared);
    }

    fn change(&self, change: impl FnOnce(&mut Lists)) {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let before: Vec<Challenge> = lists.all().cloned().collect();
        change(&mut lists);
        // A certificate is made for each, so nothing is done when nothing has changed.
        if !lists.all().eq(before.iter()) {
            self.answers.store(Arc::new(Answers::new(&lists)));
        }
    }
}

impl Lists {
    fn all(&self) -> impl Iterator<Item = &Challenge> {
        self.own.iter().chain(&self.shared)
    }
}

impl Answers {
    fn new(lists: &Lists) -> Self {
        let mut answers = Self::default();
        for challenge in lists.all() {
            match challenge.kind {
                ChallengeKind::Http01 => {
                    answers.files.insert(
                        challenge.token.clone(),
                        (challenge.answer.clone(), challenge.until),
                    );
                }
                ChallengeKind::TlsAlpn01 => {
                    let Some(key) = certify(challenge) else {
                        let domain = &challenge.domain;
                        tracing::error!(domain, "no certificate could be made for a challenge");
                        continue;
                    };
                    answers
                        .certificates
                        .insert(challenge.domain.clone(), (Arc::new(key), challenge.until));
                }
            }
        }
        answers
    }
}

/// The certificate of RFC 8737, 3: self-signed, for the one name, with the digest of the answer in it.
fn certify(challenge: &Challenge) -> Option<CertifiedKey> {
    let mut params = CertificateParams::new(vec![challenge.domain.clone()]).ok()?;
    let digest = Sha256::digest(challenge.answer.as_bytes());
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(&digest)];
    let key = KeyPair::generate().ok()?;
    let certificate = params.self_signed(&key).ok()?;
    let der = PrivateKeyDer::try_from(key.serialize_der()).ok()?;
    let key = any_supported_type(&der).ok()?;
    Some(CertifiedKey::new(vec![certificate.into()], key))
}

/// Whether a text may be a token: base64url, RFC 8555 8.3.
pub(super) fn is_token(text: &str) -> bool {
    (1..=256).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn challenge(kind: ChallengeKind, token: &str) -> Challenge {
        Challenge {
            kind,
            domain: "a.example.org".to_owned(),
            token: token.to_owned(),
            answer: format!("{token}.thumbprint"),
            until: Timestamp::from_second(1_000).unwrap(),
        }
    }

    #[test]
    fn own_and_shared_ones_are_answered_until_they_are_taken_back() {
        let challenges = Challenges::default();
        let now = Timestamp::from_second(1_000).unwrap();
        challenges.add_own(challenge(ChallengeKind::Http01, "own"));
        challenges.replace_shared(vec![challenge(ChallengeKind::Http01, "shared")]);
        let answer = |token: &str| challenges.file(token, now);
        assert_eq!(answer("own").as_deref(), Some("own.thumbprint"));
        assert_eq!(answer("shared").as_deref(), Some("shared.thumbprint"));
        assert_eq!(answer("other"), None);
        challenges.clear_own();
        assert_eq!(answer("own"), None);
        assert!(answer("shared").is_some());
        let later = Timestamp::from_second(1_001).unwrap();
        assert_eq!(challenges.file("shared", later), None);
        challenges.replace_shared(Vec::new());
        assert_eq!(answer("shared"), None);
    }

    #[test]
    fn the_certificate_of_a_challenge_holds_the_digest_of_its_answer() {
        use x509_parser::prelude::{FromDer, X509Certificate};
        let challenges = Challenges::default();
        let now = Timestamp::from_second(0).unwrap();
        let asked = challenge(ChallengeKind::TlsAlpn01, "t");
        challenges.replace_shared(vec![asked.clone()]);
        let key = challenges.certificate("A.example.org", now).unwrap();
        let (_, leaf) = X509Certificate::from_der(key.cert.first().unwrap()).unwrap();
        let extension = leaf
            .extensions()
            .iter()
            .find(|extension| extension.oid.to_id_string() == "1.3.6.1.5.5.7.1.31")
            .unwrap();
        assert!(extension.critical);
        let digest = Sha256::digest(asked.answer.as_bytes());
        assert!(extension.value.ends_with(digest.as_slice()));
        // The same list again makes no new certificate.
        challenges.replace_shared(vec![asked]);
        let again = challenges.certificate("a.example.org", now).unwrap();
        assert!(Arc::ptr_eq(&key, &again));
        assert!(challenges.file("t", now).is_none());
        assert!(challenges.certificate("b.example.org", now).is_none());
    }

    #[test]
    fn a_token_is_base64url() {
        assert!(is_token("abc-_019"));
        for text in ["", "a/b", "a.b", "a%2e", "ä", &"a".repeat(257)] {
            assert!(!is_token(text), "{text}");
        }
    }
}
