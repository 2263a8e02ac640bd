//! Who a credential stands for.

use platform::http::Json;
use platform::identity::CurrentUser;
use serde::Serialize;
use utoipa::ToSchema;

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Identity {
    /// UUID of the person or service account.
    user_id: String,
    /// Sign-in name; `service:` and its name for a service account.
    username: String,
    /// Name to show.
    display_name: String,
    /// guest, user or admin.
    role: &'static str,
    /// What the credential may be used for; empty for a browser session.
    scopes: Vec<String>,
}

/// Who the credential stands for.
#[utoipa::path(get, path = "/api/auth/identity", responses(
    (status = 200, body = Identity), (status = 401), (status = 403, description = "the scope identity:read is missing")))]
pub(super) async fn show(CurrentUser(who): CurrentUser) -> Json<Identity> {
    Json(Identity {
        user_id: who.user_id.to_string(),
        username: who.username,
        display_name: who.display_name,
        role: who.role.as_str(),
        scopes: who.scopes,
    })
}
