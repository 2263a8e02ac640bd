//! The claims of an identity assertion, and the rules about their times and parties.

use std::collections::BTreeSet;

use jiff::Timestamp;
use registry::{AppId, Role};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ISSUER, LEEWAY, LIFETIME, Principal, Refusal};

/// What a gateway asserts about the person behind a request, for one app and one minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Always [`ISSUER`].
    pub iss: String,
    /// The app the assertion is made for.
    pub aud: String,
    /// The person.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    /// Name to show.
    pub name: String,
    /// Mail address; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Sign-in name.
    pub preferred_username: String,
    /// What the person may do at all.
    pub role: Role,
    /// Effective groups, nesting resolved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Unix seconds of the last full authentication.
    pub auth_time: i64,
    /// Methods used to authenticate (RFC 8176).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Less was proven than policy asks of an administrator; absent when it was enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owes_factor: bool,
    /// Scopes of a narrowed credential, separated by spaces; absent for a browser session, which
    /// has all. Present but empty is refused, so that "nothing" can never be read as "everything".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// A service account and no person; absent for a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub service: bool,
    /// BCP 47 language tag the person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA time zone the person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// `light` or `dark` when the person chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Anti-forgery token of the session.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub csrf: String,
    /// Unix seconds of issue.
    pub iat: i64,
    /// Unix seconds after which the assertion says nothing.
    pub exp: i64,
    /// Identification of this assertion.
    pub jti: Uuid,
}

impl Claims {
    /// The claims about a person for one app, valid for [`LIFETIME`] seconds from now.
    pub fn new(principal: &Principal, audience: &AppId, now: Timestamp) -> Self {
        let iat = now.as_second();
        Self {
            iss: ISSUER.to_owned(),
            aud: audience.as_str().to_owned(),
            sub: principal.user_id,
            sid: principal.session_id,
            name: principal.display_name.clone(),
            email: principal.email.clone(),
            preferred_username: principal.username.clone(),
            role: principal.role,
            groups: principal.groups.clone(),
            auth_time: principal.authenticated_at.as_second(),
            amr: principal.factors.clone(),
            owes_factor: principal.owes_factor,
            scope: (!principal.scopes.is_empty()).then(|| principal.scopes.join(" ")),
            service: principal.is_service,
            locale: principal.locale.clone(),
            zoneinfo: principal.zone.clone(),
            theme: principal.theme.clone(),
            csrf: principal.csrf_token.clone(),
            iat,
            exp: iat.saturating_add(LIFETIME),
            jti: Uuid::new_v4(),
        }
    }

    /// Checks parties and times, and yields the person the claims are about.
    pub(super) fn accept(&self, audience: &AppId, now: Timestamp) -> Result<Principal, Refusal> {
        if self.iss != ISSUER {
            return Err(Refusal::Issuer);
        }
        if self.aud != audience.as_str() {
            return Err(Refusal::Audience);
        }
        check_times(self.iat, self.exp, now)?;
        let scopes = match &self.scope {
            None => Vec::new(),
            Some(scope) => split_scopes(scope)?,
        };
        Ok(Principal {
            user_id: self.sub,
            session_id: self.sid,
            username: self.preferred_username.clone(),
            display_name: self.name.clone(),
            email: self.email.clone(),
            role: self.role,
            groups: self.groups.clone(),
            authenticated_at: Timestamp::from_second(self.auth_time)
                .map_err(|_| Refusal::Malformed("auth_time"))?,
            factors: self.amr.clone(),
            owes_factor: self.owes_factor,
            scopes,
            is_service: self.service,
            locale: self.locale.clone(),
            zone: self.zoneinfo.clone(),
            theme: self.theme.clone(),
            csrf_token: self.csrf.clone(),
        })
    }
}

/// Refuses times that lie in the future, in the past or too far apart.
pub(super) fn check_times(iat: i64, exp: i64, now: Timestamp) -> Result<(), Refusal> {
    let now = now.as_second();
    if exp.saturating_sub(iat) > LIFETIME || exp < iat || iat > now.saturating_add(LEEWAY) {
        return Err(Refusal::Times);
    }
    if now >= exp.saturating_add(LEEWAY) {
        return Err(Refusal::Expired);
    }
    Ok(())
}

fn split_scopes(scope: &str) -> Result<Vec<String>, Refusal> {
    let scopes: BTreeSet<String> = scope.split(' ').map(str::to_owned).collect();
    if scopes.contains("") {
        return Err(Refusal::Malformed("scope"));
    }
    Ok(scopes.into_iter().collect())
}
