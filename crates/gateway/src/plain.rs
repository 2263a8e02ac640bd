//! The plain port beside TLS: answers challenges of an authority, and sends everybody else to https. Questions about
//! the gateway itself, and prefixes an app allows it for, are served as they are.

use http::StatusCode;

use crate::accept::Accepted;
use crate::gateway::Gateway;
use crate::respond::Own;
use crate::tls::{self, CHALLENGE_PATH};

/// What a plain request is answered with.
pub(crate) fn answer(gateway: &Gateway, accepted: &Accepted<'_>) -> Own {
    if let Some(token) = accepted.path().strip_prefix(CHALLENGE_PATH) {
        let answer = gateway.tls.as_ref().and_then(|tls| tls.http01(token));
        return match answer {
            Some(text) => own(StatusCode::OK, ("content-type", "text/plain"), text),
            None => own(
                StatusCode::NOT_FOUND,
                ("content-type", "text/plain"),
                String::new(),
            ),
        };
    }
    match tls::redirect(accepted.host, &accepted.target, gateway.tls_port) {
        Some(location) => {
            let mut own = own(
                StatusCode::MOVED_PERMANENTLY,
                ("cache-control", "no-store"),
                String::new(),
            );
            own.fields.push(("location", location.into()));
            own
        }
        None => own(
            StatusCode::BAD_REQUEST,
            ("cache-control", "no-store"),
            String::new(),
        ),
    }
}

fn own(status: StatusCode, (name, value): (&'static str, &'static str), text: String) -> Own {
    Own {
        status,
        fields: vec![(name, value.into())],
        body: text.into_bytes(),
        closes: false,
    }
}
