//! Pages: extract, validate, one use case, choose a view.

mod accounts_here;
mod admin;
mod break_glass;
mod choose_password;
mod client;
mod cookies;
mod device;
mod forward;
mod held_forms;
mod key_form;
mod key_view;
mod keys;
mod mail_link;
mod new_password;
mod outcome;
mod passkey_sign_in;
mod passkeys;
mod password;
mod preferences;
mod proxy_setup;
mod recovery;
mod refusal;
mod second_factor;
mod security;
mod set_up;
mod sign_in;
mod sign_in_flow;
mod sign_out;
mod submitted;
mod sudo;
mod throttled;
mod totp;
mod way_in;

use axum::response::Response;
use axum::routing::{get, post};
use platform::Role;
use platform::access::{Access, HELD_FORMS};
use platform::routes::Routes;

use crate::service::Services;

/// Where proxies ask.
const FORWARD_TOOL: &str = "/auth/forward/{tool}";

/// What handlers share.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) services: Services,
    /// Whether people come over https: cookies are then bound to the host.
    secure: bool,
}

impl Web {
    /// Handlers over the use cases.
    pub(crate) fn new(services: Services, secure: bool) -> Self {
        Self { services, secure }
    }
}

/// All pages and who may use them.
pub(crate) fn routes(web: Web) -> Routes {
    Routes::new()
        .page("/auth", Access::Public, get(entrance))
        .merge(sign_in_routes())
        .page("/auth/sign-out", Access::Public, post(sign_out::submit))
        .merge(accounts_here())
        .merge(forward_auth())
        .page(
            "/auth/sudo",
            Access::SignedIn,
            get(sudo::show).post(sudo::submit),
        )
        .merge(held_form_routes())
        .page(
            "/auth/setup/{token}",
            Access::Public,
            get(set_up::show).post(set_up::submit),
        )
        .page(
            "/auth/invitation/{token}",
            Access::Public,
            get(choose_password::show_invitation).post(choose_password::submit_invitation),
        )
        .page("/auth/security", Access::SignedIn, get(security::show))
        .page(
            "/auth/security/sessions/{id}/end",
            Access::SignedIn,
            post(security::end),
        )
        .page(
            "/auth/security/sessions/end-others",
            Access::SignedIn,
            post(security::end_others),
        )
        .page(
            "/auth/security/password",
            Access::SignedIn,
            get(password::show).post(password::submit),
        )
        .page(
            "/auth/preferences",
            Access::Public,
            post(preferences::submit),
        )
        .page(
            "/.well-known/change-password",
            Access::Public,
            get(entrance),
        )
        .page(
            "/auth/break-glass",
            Access::Public,
            get(break_glass::show).post(break_glass::submit),
        )
        .page(
            "/auth/security/break-glass",
            Access::Sudo(Role::Guest),
            post(break_glass::make),
        )
        .merge(second_factor_routes())
        .merge(passkey_routes())
        .merge(key_routes())
        .merge(device_routes())
        .merge(by_mail())
        .merge(admin::routes())
        .merge(crate::api::routes())
        .with_state(web)
}

/// The second step of signing in, and setting it up.
fn second_factor_routes() -> Routes<Web> {
    Routes::new()
        .page(
            "/auth/sign-in/{handle}/code",
            Access::Public,
            get(second_factor::back).post(second_factor::submit),
        )
        .page(
            "/auth/sign-in/{handle}/totp",
            Access::Public,
            get(second_factor::back).post(second_factor::set_up),
        )
        .page(
            "/auth/security/totp",
            Access::Sudo(Role::Guest),
            get(totp::show).post(totp::submit),
        )
        .page(
            "/auth/security/totp/remove",
            Access::Sudo(Role::Guest),
            post(totp::remove),
        )
        .page(
            "/auth/security/recovery-codes",
            Access::Sudo(Role::Guest),
            post(totp::new_codes),
        )
}

/// Saying who one is, proving it, and another password where that is asked for first.
fn sign_in_routes() -> Routes<Web> {
    Routes::new()
        .page(
            "/auth/sign-in",
            Access::Public,
            get(sign_in::show).post(sign_in::submit),
        )
        .page(
            "/auth/sign-in/{handle}",
            Access::Public,
            get(sign_in_flow::show).post(sign_in_flow::password),
        )
        .page(
            "/auth/sign-in/{handle}/new-password",
            Access::Public,
            get(new_password::show).post(new_password::submit),
        )
}

/// Forms that wait for a confirmation. Offered only to somebody who has given it.
fn held_form_routes() -> Routes<Web> {
    Routes::new()
        .page(HELD_FORMS, Access::SignedIn, post(held_forms::hold))
        .page(
            "/auth/held-forms/{id}",
            Access::Sudo(Role::Guest),
            get(held_forms::show),
        )
        .page(
            "/auth/held-forms/{id}/discard",
            Access::SignedIn,
            post(held_forms::discard),
        )
}

/// The accounts of one browser.
fn accounts_here() -> Routes<Web> {
    Routes::new()
        .page("/auth/accounts", Access::Public, get(accounts_here::show))
        .page(
            "/auth/accounts/switch",
            Access::Public,
            post(accounts_here::switch),
        )
        .page(
            "/auth/accounts/leave",
            Access::Public,
            post(accounts_here::leave),
        )
        .page(
            "/auth/accounts/sign-out",
            Access::Public,
            post(accounts_here::leave_all),
        )
}

/// Signing in with passkeys, and one's own.
fn passkey_routes() -> Routes<Web> {
    Routes::new()
        .page(
            "/auth/passkeys/challenge",
            Access::Public,
            post(passkey_sign_in::begin),
        )
        .page(
            "/auth/passkeys/sign-in",
            Access::Public,
            post(passkey_sign_in::finish),
        )
        .page(
            "/auth/sudo/passkey/challenge",
            Access::SignedIn,
            post(passkey_sign_in::begin_confirming),
        )
        .page(
            "/auth/sudo/passkey",
            Access::SignedIn,
            post(passkey_sign_in::confirm),
        )
        .page(
            "/auth/sign-in/{handle}/passkey/challenge",
            Access::Public,
            post(passkeys::begin_on_the_way),
        )
        .page(
            "/auth/sign-in/{handle}/passkey",
            Access::Public,
            post(passkeys::add_on_the_way),
        )
        .page(
            "/auth/security/passkeys",
            Access::Sudo(Role::Guest),
            post(passkeys::add),
        )
        .page(
            "/auth/security/passkeys/new",
            Access::Sudo(Role::Guest),
            get(passkeys::ask),
        )
        .page(
            "/auth/security/passkeys/challenge",
            Access::Sudo(Role::Guest),
            post(passkeys::begin),
        )
        .page(
            "/auth/security/passkeys/{id}",
            Access::Sudo(Role::Guest),
            get(passkeys::show).post(passkeys::rename),
        )
        .page(
            "/auth/security/passkeys/{id}/remove",
            Access::Sudo(Role::Guest),
            post(passkeys::remove),
        )
        .page(
            "/auth/passkey-offer",
            Access::SignedIn,
            get(passkeys::offer),
        )
        .page(
            "/auth/passkey-offer/later",
            Access::SignedIn,
            post(passkeys::later),
        )
}

/// Tools behind proxies.
fn forward_auth() -> Routes<Web> {
    Routes::new()
        // For programs: a page of ours would leave cookies of ours at the tool's host.
        .api(FORWARD_TOOL, Access::Public, get(forward::ask))
        .page(
            "/auth/forward/{tool}/start",
            Access::Public,
            get(forward::begin),
        )
}

/// One's own keys.
fn key_routes() -> Routes<Web> {
    Routes::new()
        .page("/auth/security/keys", Access::SignedIn, get(keys::list))
        .page(
            "/auth/security/keys/new",
            Access::Sudo(Role::Guest),
            get(keys::ask).post(keys::create),
        )
        .page(
            "/auth/security/keys/{id}",
            Access::SignedIn,
            get(keys::show),
        )
        .page(
            "/auth/security/keys/{id}/roll",
            Access::Sudo(Role::Guest),
            post(keys::roll),
        )
        .page(
            "/auth/security/keys/{id}/revoke",
            Access::SignedIn,
            post(keys::revoke),
        )
}

/// Letting a program act.
fn device_routes() -> Routes<Web> {
    Routes::new()
        .page(
            "/auth/device",
            Access::Sudo(Role::Guest),
            get(device::ask).post(device::look_up),
        )
        .page(
            "/auth/device/decide",
            Access::Sudo(Role::Guest),
            post(device::decide),
        )
}

/// What begins or ends with a mail.
fn by_mail() -> Routes<Web> {
    Routes::new()
        .page(
            "/auth/sign-in/{handle}/mail",
            Access::Public,
            get(mail_link::show).post(mail_link::confirm),
        )
        .page(
            "/auth/sign-in/{handle}/mail/send",
            Access::Public,
            post(mail_link::send),
        )
        .page(
            "/auth/mail/{token}",
            Access::Public,
            get(mail_link::open).post(mail_link::follow),
        )
        .page(
            "/auth/forgotten",
            Access::Public,
            get(recovery::show).post(recovery::submit),
        )
        .page(
            "/auth/way-in/{token}",
            Access::Public,
            get(way_in::show).post(way_in::submit),
        )
        .page("/auth/forgotten/sent", Access::Public, get(recovery::sent))
        .page(
            "/auth/reset/{token}",
            Access::Public,
            get(choose_password::show_reset).post(choose_password::submit_reset),
        )
}

/// The one place where people look after their credentials; password managers ask for it by its well-known name.
async fn entrance() -> Response {
    ui::see_other("/auth/security")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use platform::routes::coverage;
    use platform_pg::Database;

    use super::*;
    use crate::config::Config;

    /// Every route as every kind of caller: what is not public must refuse, and send people to sign in.
    #[tokio::test]
    async fn every_route_keeps_to_its_access() {
        let world = testkit::Setup::new().start().await;
        let mut boot = world.boot("auth");
        boot.settings = crate::settings::declarations().into();
        let config = Config::read(&mut boot.environment.reader());
        let redis = platform_redis::connect(&boot);
        let runner = crate::migrations::migrations::runner();
        let db = Box::pin(Database::connect(&boot, config.database.clone(), runner))
            .await
            .unwrap();
        let services = Services::start(&boot, &config, (&db, &redis))
            .await
            .unwrap();
        let routes = routes(Web::new(services, false));
        assert!(routes.table().len() >= 12);
        let routes = ui::testing::routes("auth", &crate::CATALOGUE, routes);
        let gaps = coverage::check(routes).await.unwrap();
        assert!(gaps.is_empty(), "{gaps:#?}");
    }
}
