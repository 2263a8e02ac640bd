//! `/admin/notifications`: how mail leaves, whether it does, and what became of the latest.

mod mail;
mod outbox;

use axum::routing::{get, post};
use platform::{Access, Role, Routes};

use crate::Notifications;

const MAIL: &str = "/admin/notifications";
const OUTBOX: &str = "/admin/notifications/outbox";

/// The routes of the pages.
pub fn routes() -> Routes<Notifications> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(MAIL, admin, get(mail::show))
        .page("/admin/notifications/test", admin, post(mail::test))
        .page(OUTBOX, admin, get(outbox::show))
}
