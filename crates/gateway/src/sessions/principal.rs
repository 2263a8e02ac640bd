//! A principal as auth sends it, as the platform knows it.

use jiff::Timestamp;
use platform::identity::Principal;
use registry::{AppId, Role};
use rpc::auth::v1;

use super::Bounds;

/// Reads a principal, with the time when its session ends. One that cannot be read, or may not act, is nobody.
pub(super) fn read(principal: v1::Principal) -> Option<(Principal, Timestamp, Bounds)> {
    let subject = principal.subject?;
    if v1::SubjectState::try_from(subject.state) != Ok(v1::SubjectState::Active) {
        return None;
    }
    let role = match v1::Role::try_from(subject.role).ok()? {
        v1::Role::Unspecified => return None,
        v1::Role::Guest => Role::Guest,
        v1::Role::User => Role::User,
        v1::Role::Admin => Role::Admin,
    };
    // A bound that cannot be read must not fall away.
    let networks: Result<_, _> = principal.networks.iter().map(|text| text.parse()).collect();
    let bounds = Bounds {
        app: match principal.app.as_str() {
            "" => None,
            id => Some(AppId::new(id).ok()?),
        },
        networks: networks.ok()?,
    };
    let expires_at = Timestamp::from_second(principal.expires_at).ok()?;
    let principal = Principal {
        user_id: subject.user_id.parse().ok()?,
        session_id: principal.session_id.parse().ok()?,
        username: subject.username,
        display_name: subject.display_name,
        email: subject.email,
        role,
        groups: subject.groups,
        authenticated_at: Timestamp::from_second(principal.authenticated_at).ok()?,
        factors: principal.factors,
        owes_factor: principal.owes_factor,
        scopes: principal.scopes,
        is_service: principal.is_service,
        locale: named(subject.locale),
        zone: named(subject.zone),
        theme: named(subject.theme),
        csrf_token: principal.csrf_token,
    };
    Some((principal, expires_at, bounds))
}

fn named(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
