//! Between messages and the domain.

use rpc::auth::v1 as wire;

use crate::domain::subject::{Role, State, Subject, UserId};
use crate::error::Error;
use crate::service::api_keys::Recognised;
use crate::service::sessions::Introspected;
use crate::store::api_keys::Holder;
use crate::store::sessions::ListedSession;

/// A subject another service sent. Unknown words are refused: they must not become a lesser or greater right.
pub(crate) fn subject_from(message: Option<wire::Subject>) -> Result<Subject, Error> {
    let message = message.ok_or(Error::InvalidRequest("subject is missing"))?;
    let role = match message.role() {
        wire::Role::Guest => Role::Guest,
        wire::Role::User => Role::User,
        wire::Role::Admin => Role::Admin,
        wire::Role::Unspecified => return Err(Error::InvalidRequest("role is missing")),
    };
    let state = match message.state() {
        wire::SubjectState::Invited => State::Invited,
        wire::SubjectState::Active => State::Active,
        wire::SubjectState::Disabled => State::Disabled,
        wire::SubjectState::Unspecified => return Err(Error::InvalidRequest("state is missing")),
    };
    checked(Subject {
        user_id: UserId::parse(&message.user_id)
            .ok_or(Error::InvalidRequest("user_id is not a UUID"))?,
        username: message.username,
        email: message.email,
        display_name: message.display_name,
        role,
        state,
        groups: message.groups,
        locale: message.locale,
        zone: message.zone,
        theme: message.theme,
        version: message.version,
        password_directory: message.password_directory,
    })
}

/// A person as an event describes them.
pub(crate) fn subject_from_event(
    event: rpc::events::accounts::UserChanged,
) -> Result<Subject, Error> {
    checked(Subject {
        user_id: UserId::parse(&event.user_id)
            .ok_or(Error::InvalidRequest("user_id is not a UUID"))?,
        username: event.username,
        email: event.email,
        display_name: event.display_name,
        role: Role::parse(&event.role).ok_or(Error::InvalidRequest("role is unknown"))?,
        state: State::parse(&event.state).ok_or(Error::InvalidRequest("state is unknown"))?,
        groups: event.groups,
        locale: event.locale,
        zone: event.zone,
        theme: event.theme,
        version: event.version,
        password_directory: event.password_directory,
    })
}

fn checked(subject: Subject) -> Result<Subject, Error> {
    if subject.username.is_empty() {
        return Err(Error::InvalidRequest("username is missing"));
    }
    if subject.version < 1 {
        return Err(Error::InvalidRequest("version is not positive"));
    }
    Ok(subject)
}

/// A live session for a gateway.
pub(crate) fn principal(found: Introspected) -> wire::Principal {
    let session = found.session;
    wire::Principal {
        session_id: session.session_id.0.to_string(),
        authenticated_at: session.authenticated_at.as_second(),
        factors: session.factors,
        scopes: Vec::new(),
        expires_at: found.ends_at.as_second(),
        csrf_token: found.csrf_token,
        owes_factor: found.owes_factor,
        subject: Some(subject(session.subject)),
        ..wire::Principal::default()
    }
}

/// A key that opens something, for a gateway. Its scopes are never none: that would read as all.
pub(crate) fn principal_of_key(found: Recognised) -> wire::Principal {
    let key = found.key;
    wire::Principal {
        session_id: key.key_id.0.to_string(),
        authenticated_at: key.created_at.as_second(),
        scopes: key.reach.granted(),
        expires_at: key.validity.expires_at.as_second(),
        subject: Some(subject(found.subject)),
        app: key.reach.app().to_owned(),
        networks: key.reach.networks().to_vec(),
        is_service: matches!(key.holder, Holder::Account(_)),
        ..wire::Principal::default()
    }
}

fn subject(subject: Subject) -> wire::Subject {
    let role = match subject.role {
        Role::Guest => wire::Role::Guest,
        Role::User => wire::Role::User,
        Role::Admin => wire::Role::Admin,
    };
    // Whoever holds a live session is active, whatever stage the news about them have reached.
    let state = if subject.may_sign_in() {
        wire::SubjectState::Active
    } else {
        wire::SubjectState::Disabled
    };
    wire::Subject {
        user_id: subject.user_id.0.to_string(),
        username: subject.username,
        email: subject.email,
        display_name: subject.display_name,
        role: role.into(),
        groups: subject.groups,
        state: state.into(),
        locale: subject.locale,
        zone: subject.zone,
        theme: subject.theme,
        version: subject.version,
        // Whoever knows a session need not know where its person's password is.
        password_directory: String::new(),
    }
}

/// A line of a session list.
pub(crate) fn session(session: ListedSession) -> wire::Session {
    wire::Session {
        session_id: session.session_id.0.to_string(),
        device: session.device,
        address: session.address,
        created_at: session.created_at.as_second(),
        last_seen_at: session.last_seen_at.as_second(),
    }
}
