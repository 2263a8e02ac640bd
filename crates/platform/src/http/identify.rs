//! Finds out who is asking: verifies the identity assertion of the gateway.
//!
//! A missing or invalid assertion means an anonymous request, never an error.

use axum::extract::Request;

use super::StackConfig;
use crate::identity::{Assertion, HEADER, Refusal};

/// Marks a request whose assertion could not be checked because the keys are away. Routes that
/// need a person answer 503 then; sending people to sign in would send them round in circles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdentityUnavailable;

/// Puts the person behind the request into its extensions, if there is one.
pub(super) async fn identify(config: &StackConfig, request: &mut Request) {
    let token = {
        let mut values = request.headers().get_all(HEADER).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().map(str::to_owned),
            // A gateway sends one. Two mean that somebody added theirs.
            _ => None,
        }
    };
    let Some(token) = token else { return };
    match config.verifier.verify(&token, &config.app).await {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            request.extensions_mut().insert(Assertion::verified(token));
        }
        Err(Refusal::KeysUnavailable) => {
            tracing::warn!("an identity assertion cannot be checked: the signing keys are away");
            request.extensions_mut().insert(IdentityUnavailable);
        }
        Err(reason) => tracing::info!(%reason, "identity assertion refused"),
    }
}
