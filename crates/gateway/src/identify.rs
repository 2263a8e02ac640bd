//! Third phase: who is asking? The session cookie, or a key in the field Authorization, is exchanged for an identity
//! assertion. One that stands for nobody makes the request anonymous; one about which nothing can be learned ends it,
//! because anonymous would look like signed out. A request with a key acts by the key alone, whatever its cookies say.

use std::net::IpAddr;

use http::HeaderValue;
use registry::AppId;
use uuid::Uuid;

use crate::cookies;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::sessions::presented::{Bearer, Presented};
use crate::sessions::{Lookup, Person};
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
    credential: Credential,
    app: AppId,
    client: IpAddr,
}

enum Credential {
    Session(String),
    Key(String),
}

impl Credential {
    fn presented(&self) -> Presented<'_> {
        match self {
            Self::Session(token) => Presented::Session(token),
            Self::Key(text) => Presented::Key(text),
        }
    }
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
    (path, client): (&str, IpAddr),
) -> Identified {
    let presented = if is_asset(path) {
        None
    } else {
        presented(gateway, head)
    };
    let Some(presented) = presented else {
        return Identified::Known(Identity::Anonymous);
    };
    match gateway.sessions.remembered(presented) {
        Some(Lookup::Nobody) => return Identified::Known(Identity::Anonymous),
        Some(Lookup::Somebody(person)) => {
            if !person.reaches(&route.app, client) {
                return Identified::Known(Identity::Anonymous);
            }
            if let Some(assertion) = person.kept(&route.app, gateway.clock.now()) {
                return Identified::Known(somebody(&person, assertion));
            }
        }
        Some(Lookup::Unknown | Lookup::Busy) | None => {}
    }
    let credential = match presented {
        Presented::Session(token) => Credential::Session(token.to_owned()),
        Presented::Key(text) => Credential::Key(text.to_owned()),
    };
    let app = route.app.clone();
    Identified::Ask(Question {
        credential,
        app,
        client,
    })
}

/// What the request says to be, in one reading.
fn presented<'a>(gateway: &Gateway, head: &Head<'a>) -> Option<Presented<'a>> {
    match Presented::bearer(head) {
        Bearer::Key(text) => Some(Presented::Key(text)),
        Bearer::Absent if head.survey.has_cookies => {
            cookies::session(head, gateway.is_secure).map(Presented::Session)
        }
        Bearer::Unknown | Bearer::Absent => None,
    }
}

/// Asks auth.
pub(crate) async fn ask(gateway: &Gateway, question: Question) -> Result<Identity, Reject> {
    let presented = question.credential.presented();
    let person = match gateway.sessions.look_up(presented, question.client).await {
        Lookup::Somebody(person) => person,
        Lookup::Nobody => return Ok(Identity::Anonymous),
        Lookup::Unknown => return Err(Reject::gateway(Fault::AuthAway)),
        Lookup::Busy => return Err(Reject::gateway(Fault::Busy)),
    };
    if !person.reaches(&question.app, question.client) {
        return Ok(Identity::Anonymous);
    }
    let assertion = person
        .assertion(&question.app, &gateway.signing, gateway.clock.now())
        .await
        .ok_or(Reject::gateway(Fault::AuthAway))?;
    Ok(somebody(&person, assertion))
}

fn somebody(person: &Person, assertion: HeaderValue) -> Identity {
    let user_id = person.principal.user_id;
    Identity::Somebody { user_id, assertion }
}

/// Assets are the same for everybody.
fn is_asset(path: &str) -> bool {
    path.starts_with("/public/")
}
