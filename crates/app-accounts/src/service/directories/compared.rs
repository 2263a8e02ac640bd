//! What settings of a directory mean beside those before them, and for the audit trail.

use serde_json::json;

use crate::domain::source::Settings;

/// By which name people sign in with the directory's password, if they do.
pub(super) fn signs_in_as(settings: &Settings) -> Option<&str> {
    settings.sign_in.then(|| settings.name.as_str())
}

/// Whether a kept password would be sent to a server, or by a way, that it was not typed for.
pub(super) fn goes_elsewhere(before: &Settings, after: &Settings) -> bool {
    let way = |settings: &Settings| {
        (
            settings.host.trim().to_lowercase(),
            settings.port,
            settings.security,
            settings.authority.trim().to_owned(),
            settings.bind_dn.trim().to_owned(),
        )
    };
    let is_elsewhere = |port| before.web() != Some(port);
    way(before) != way(after) || after.web().is_some_and(is_elsewhere)
}

/// What the audit trail says of a directory: where it is and who reads, never the password.
pub(super) fn described(settings: &Settings) -> serde_json::Value {
    json!({
        "host": format!("{}:{}", settings.host, settings.port),
        "security": settings.security.as_str(),
        "bind_dn": settings.bind_dn,
        "people": settings.people_base,
        "groups": settings.groups_base,
        "sign_in": settings.sign_in,
        "written_back_at": settings.web(),
    })
}
