//! Third phase: who is asking? The session cookie is exchanged for an identity assertion. A cookie that stands for
//! nobody makes the request anonymous; a cookie about which nothing can be learned ends it, because anonymous would
//! look like signed out.

use http::HeaderValue;
use registry::AppId;
use uuid::Uuid;

use crate::cookies;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::sessions::Lookup;
use crate::table::Route;
use crate::wire::request::Head;

/// Who is asking, as far as the gateway can tell.
pub(crate) enum Identity {
    Anonymous,
    Somebody {
        user_id: Uuid,
        /// What the app is told.
        assertion: HeaderValue,
    },
}

/// What has to be asked before the request can go on.
pub(crate) struct Question {
    token: String,
    app: AppId,
}

/// Either who it is, or what to ask.
pub(crate) enum Identified {
    Known(Identity),
    Ask(Question),
}

/// Looks at what is remembered; never waits.
pub(crate) fn identify(
    gateway: &Gateway,
    head: &Head<'_>,
    route: &Route,
    path: &str,
) -> Identified {
    let token = if head.survey.has_cookies && !is_asset(path) {
        cookies::session(head, gateway.is_secure)
    } else {
        None
    };
    let Some(token) = token else {
        return Identified::Known(Identity::Anonymous);
    };
    match gateway.sessions.remembered(token) {
        Some(Lookup::Nobody) => return Identified::Known(Identity::Anonymous),
        Some(Lookup::Somebody(person)) => {
            if let Some(assertion) = person.kept(&route.app, gateway.clock.now()) {
                let user_id = person.principal.user_id;
                return Identified::Known(Identity::Somebody { user_id, assertion });
            }
        }
        Some(Lookup::Unknown | Lookup::Busy) | None => {}
    }
    let (token, app) = (token.to_owned(), route.app.clone());
    Identified::Ask(Question { token, app })
}

/// Asks auth.
pub(crate) async fn ask(gateway: &Gateway, question: Question) -> Result<Identity, Reject> {
    let person = match gateway.sessions.look_up(&question.token).await {
        Lookup::Somebody(person) => person,
        Lookup::Nobody => return Ok(Identity::Anonymous),
        Lookup::Unknown => return Err(Reject::gateway(Fault::AuthAway)),
        Lookup::Busy => return Err(Reject::gateway(Fault::Busy)),
    };
    let assertion = person
        .assertion(&question.app, &gateway.signing, gateway.clock.now())
        .await
        .ok_or(Reject::gateway(Fault::AuthAway))?;
    let user_id = person.principal.user_id;
    Ok(Identity::Somebody { user_id, assertion })
}

/// Assets are the same for everybody.
fn is_asset(path: &str) -> bool {
    path.starts_with("/public/")
}
