//! One order, from the account to the certificate in the vault.

use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, OrderStatus, Problem,
    RetryPolicy,
};
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};

use super::account;
use super::http::Http;
use crate::tls::certificate::CertificateError;
use crate::tls::challenges::{Challenge, is_token};
use crate::tls::config::ChallengeKind;
use crate::tls::domain::Domain;
use crate::tls::pem::Kept;
use crate::tls::stock::Stock;
use crate::tls::vault::{Term, VaultError};

/// How the authority is asked whether it is done.
const POLL: RetryPolicy = RetryPolicy::new()
    .initial_delay(Duration::from_millis(250))
    .backoff(1.5)
    .timeout(Duration::from_secs(75));
/// Longest time for which a challenge is answered.
const CHALLENGE: SignedDuration = SignedDuration::from_mins(10);

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum OrderError {
    /// The authority could not be asked, or said no.
    #[error("the authority failed while {during}: {what}")]
    Authority {
        during: &'static str,
        what: String,
        rate_limited: bool,
        unknown_account: bool,
    },
    /// The authority looked and did not find the answer.
    #[error("the authority did not find the answer to its challenge: {0}")]
    Unproven(String),
    /// None of the challenges offered can be answered here.
    #[error("the authority offers no challenge that this gateway may answer")]
    NoChallenge,
    /// The key or the request could not be made.
    #[error("no request could be made")]
    Request(#[from] rcgen::Error),
    /// What was issued cannot be served.
    #[error("what the authority issued is of no use")]
    Useless(#[from] CertificateError),
    /// What was issued is for another name.
    #[error("what the authority issued is for another name")]
    OtherName,
    /// Something could not be kept.
    #[error("what was ordered could not be kept")]
    Vault(#[source] VaultError),
    /// The whole order took too long.
    #[error("the order took too long")]
    Late,
}

impl OrderError {
    /// Tells what was under way when the authority failed.
    pub(super) fn asking(during: &'static str) -> impl Fn(instant_acme::Error) -> Self {
        move |error| {
            let is = |wanted: &str| match &error {
                instant_acme::Error::Api(problem) => {
                    let kind = problem.r#type.as_deref().unwrap_or_default();
                    kind.strip_prefix("urn:ietf:params:acme:error:") == Some(wanted)
                }
                _ => false,
            };
            Self::Authority {
                during,
                rate_limited: is("rateLimited"),
                unknown_account: is("accountDoesNotExist"),
                what: match &error {
                    instant_acme::Error::Api(problem) => told(problem),
                    instant_acme::Error::Other(error) => platform::error::chain(&**error),
                    error => platform::error::chain(error),
                },
            }
        }
    }

    /// Whether the authority says that it was asked too often.
    pub(super) fn is_rate_limited(&self) -> bool {
        matches!(
            self,
            Self::Authority {
                rate_limited: true,
                ..
            }
        )
    }

    fn is_unknown_account(&self) -> bool {
        matches!(
            self,
            Self::Authority {
                unknown_account: true,
                ..
            }
        )
    }
}

/// What an order needs.
pub(super) struct Order<'a> {
    pub(super) stock: &'a Stock,
    pub(super) http: &'a Http,
    pub(super) term: &'a Term,
    pub(super) domain: &'a Domain,
    pub(super) preferred: ChallengeKind,
}

impl Order<'_> {
    /// Orders, proves, fetches and keeps. Answers when the certificate expires.
    pub(super) async fn run(&self) -> Result<Timestamp, OrderError> {
        let mut order = self.begin().await?;
        self.prove(&mut order).await?;
        let ready = match order.poll_ready(&POLL).await {
            Ok(OrderStatus::Ready) => Ok(()),
            Ok(_) => Err(OrderError::Unproven("the order is invalid".to_owned())),
            Err(error) => Err(OrderError::asking("checking the challenge")(error)),
        };
        if let Err(error) = ready {
            return Err(reason(&mut order).await.map_or(error, OrderError::Unproven));
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(vec![self.domain.to_string()])?;
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&key)?;
        order
            .finalize_csr(request.der())
            .await
            .map_err(OrderError::asking("taking the request"))?;
        let chain = order
            .poll_certificate(&POLL)
            .await
            .map_err(OrderError::asking("issuing"))?;
        let key = key.serialize_pem();
        self.keep(&Kept { chain, key }).await
    }

    /// Begins an order, with a new account when the authority has forgotten the old one.
    async fn begin(&self) -> Result<instant_acme::Order, OrderError> {
        let account = account::open(self.stock, self.http, self.term, false).await?;
        match self.new_order(&account).await {
            Err(error) if error.is_unknown_account() => {
                tracing::warn!(
                    "the authority does not know the account any more; a new one is made"
                );
                let account = account::open(self.stock, self.http, self.term, true).await?;
                self.new_order(&account).await
            }
            begun => begun,
        }
    }

    async fn new_order(&self, account: &Account) -> Result<instant_acme::Order, OrderError> {
        let identifiers = [Identifier::Dns(self.domain.to_string())];
        account
            .new_order(&NewOrder::new(&identifiers))
            .await
            .map_err(OrderError::asking("taking the order"))
    }

    /// Answers the challenges of an order and says so.
    async fn prove(&self, order: &mut instant_acme::Order) -> Result<(), OrderError> {
        let failed = OrderError::asking("posing a challenge");
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization.map_err(&failed)?;
            // The authority may remember an earlier proof.
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let offered = authorization.challenges.iter();
            let offered: Vec<ChallengeType> = offered.map(|each| each.r#type.clone()).collect();
            let kind = self.choose(&offered)?;
            let mut challenge = authorization
                .challenge(type_of(kind))
                .ok_or(OrderError::NoChallenge)?;
            if !is_token(&challenge.token) {
                return Err(OrderError::NoChallenge);
            }
            let now = self.stock.clock.now();
            let posed = Challenge {
                kind,
                domain: self.domain.to_string(),
                token: challenge.token.clone(),
                answer: challenge.key_authorization().as_str().to_owned(),
                until: now.saturating_add(CHALLENGE).unwrap_or(now),
            };
            self.stock
                .vault
                .pose(&posed)
                .await
                .map_err(OrderError::Vault)?;
            challenge.set_ready().await.map_err(&failed)?;
        }
        Ok(())
    }

    /// The preferred challenge if it is offered, else the other one unless only one may be used.
    fn choose(&self, offered: &[ChallengeType]) -> Result<ChallengeKind, OrderError> {
        let only = self.stock.config.acme.challenge;
        [
            self.preferred,
            ChallengeKind::Http01,
            ChallengeKind::TlsAlpn01,
        ]
        .into_iter()
        .filter(|kind| only.is_none_or(|only| only == *kind))
        .find(|kind| offered.contains(&type_of(*kind)))
        .ok_or(OrderError::NoChallenge)
    }

    /// Checks what was issued and puts it into the vault. A certificate that exists is not thrown away because the lead
    /// was lost over it, unless the next leader already has one.
    async fn keep(&self, kept: &Kept) -> Result<Timestamp, OrderError> {
        let certificate = kept.certificate()?;
        if !certificate.covers(self.domain) {
            return Err(OrderError::OtherName);
        }
        certificate.check_time(self.stock.clock.now())?;
        let vault = &self.stock.vault;
        let (name, json) = (self.stock.record(self.domain), kept.to_json());
        match vault.put_as_leader(self.term, &name, &json).await {
            Ok(()) => {}
            Err(error @ VaultError::Fenced) => {
                if let Err(error) = vault.sync().await {
                    tracing::debug!(
                        error = platform::error::chain(&error),
                        "Redis is away again"
                    );
                }
                if self.is_served_anew(&certificate.not_before()) {
                    return Err(OrderError::Vault(error));
                }
                vault.put(&name, &json).await.map_err(OrderError::Vault)?;
            }
            Err(_) => vault.put(&name, &json).await.map_err(OrderError::Vault)?,
        }
        Ok(certificate.not_after())
    }

    fn is_served_anew(&self, since: &Timestamp) -> bool {
        let wanted = self.stock.wanted().into_iter();
        wanted
            .filter(|wanted| wanted.domain == *self.domain)
            .filter_map(|wanted| wanted.present)
            .any(|present| present.not_before() >= *since)
    }
}

/// What the authority says of the challenge that failed.
async fn reason(order: &mut instant_acme::Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else {
            continue;
        };
        let failed = state.challenges.iter().find_map(|each| each.error.as_ref());
        if let Some(problem) = failed {
            return Some(told(problem));
        }
    }
    None
}

fn told(problem: &Problem) -> String {
    let kind = problem.r#type.as_deref().unwrap_or("unnamed");
    let kind = kind.rsplit(':').next().unwrap_or(kind);
    let details = problem
        .subproblems
        .iter()
        .filter_map(|sub| sub.detail.as_deref());
    let details: Vec<&str> = problem
        .detail
        .as_deref()
        .into_iter()
        .chain(details)
        .collect();
    if details.is_empty() {
        return kind.to_owned();
    }
    format!("{} ({kind})", details.join("; "))
}

fn type_of(kind: ChallengeKind) -> ChallengeType {
    match kind {
        ChallengeKind::Http01 => ChallengeType::Http01,
        ChallengeKind::TlsAlpn01 => ChallengeType::TlsAlpn01,
    }
}
