//! Third phase: who is asking? The session cookie becomes an assertion for one app and one minute; nobody behind
//! the gateway sees the cookie itself.

use crate::cookies;
use crate::exchange::Exchange;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::sessions::Lookup;

/// Replaces the session cookie by an identity assertion. A cookie that stands for nobody makes the request anonymous;
/// a cookie about which nothing can be learned ends it, because anonymous would look like signed out.
pub(crate) async fn identify(gateway: &Gateway, exchange: &mut Exchange) -> Result<(), Reject> {
    let cookies = cookies::split(&exchange.head.headers, gateway.is_secure);
    exchange.cookies = cookies.others;
    let Some(token) = cookies.session else {
        return Ok(());
    };
    let Some(route) = exchange
        .route
        .as_ref()
        .filter(|_| !is_asset(exchange.target.path()))
    else {
        return Ok(());
    };
    let person = match gateway.sessions.look_up(&token).await {
        Lookup::Somebody(person) => person,
        Lookup::Nobody => return Ok(()),
        Lookup::Unknown => return Err(Reject::gateway(Fault::AuthAway)),
        Lookup::Busy => return Err(Reject::gateway(Fault::Busy)),
    };
    let assertion = person
        .assertion(&route.app, &gateway.signing, gateway.clock.now())
        .await
        .ok_or(Reject::gateway(Fault::AuthAway))?;
    exchange.record.principal(person.principal.user_id);
    exchange.assertion = Some(assertion);
    Ok(())
}

/// Assets are the same for everybody.
fn is_asset(path: &str) -> bool {
    path.starts_with("/public/")
}
