//! A stored key as a page shows it.

use jiff::Timestamp;
use ui::Shell;

use crate::store::api_keys::{Holder, ListedKey};

/// A key without its secret.
pub(crate) struct KeyRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) holder: String,
    pub(crate) is_service: bool,
    /// How it begins, to find it again in a configuration.
    pub(crate) begins: String,
    pub(crate) scopes: String,
    pub(crate) bounds: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) last_used_from: String,
    pub(crate) is_live: bool,
    /// Why it does not work any more, or empty.
    pub(crate) ended: String,
}

impl KeyRow {
    /// As seen now.
    pub(super) fn of(listed: ListedKey, shell: &Shell) -> Self {
        let key = listed.key;
        let is_service = matches!(key.holder, Holder::Account(_));
        let is_live = key.validity.is_live(shell.now());
        let ended = match key.revoke_reason.as_deref() {
            Some("leaked") => "auth-key-ended-leaked",
            Some("rolled") => "auth-key-ended-rolled",
            Some("returned") => "auth-key-ended-returned",
            Some(_) => "auth-key-ended-revoked",
            None if !is_live => "auth-key-ended-expired",
            None => "",
        };
        let mut bounds = Vec::new();
        if !key.reach.app().is_empty() {
            bounds.push(shell.t1("auth-key-bound-app", "app", key.reach.app()));
        }
        if !key.reach.resource().is_empty() {
            bounds.push(shell.t1("auth-key-bound-resource", "resource", key.reach.resource()));
        }
        if !key.reach.networks().is_empty() {
            let networks = key.reach.networks().join(", ");
            bounds.push(shell.t1("auth-key-bound-networks", "networks", &networks));
        }
        let prefix = if is_service { "svc" } else { "pat" };
        Self {
            id: key.key_id.0.to_string(),
            begins: format!("cloud_{prefix}_{}", key.public_id),
            name: key.name,
            holder: listed.holder_name,
            is_service,
            scopes: key.reach.scopes().join(" "),
            bounds: bounds.join(" \u{b7} "),
            created_at: key.created_at,
            expires_at: key.validity.expires_at,
            last_used_at: key.last_used_at,
            last_used_from: key.last_used_from,
            is_live,
            ended: if ended.is_empty() {
                String::new()
            } else {
                shell.t(ended).into_owned()
            },
        }
    }
}
