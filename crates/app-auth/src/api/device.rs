//! Keys for programs without a browser, in the shape of RFC 8628: forms in, JSON out, errors as RFC 6749 names them.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use platform::http::{Form, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::device_grant::{Asked, LIFETIME};
use crate::domain::reach::Reach;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::device_grants::Looked;
use crate::web::Web;

/// The only grant that is given here.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The page where a person types the code.
const PAGE: &str = "/auth/device";

/// What a program asks for.
#[derive(Deserialize, ToSchema)]
pub(super) struct DeviceForm {
    /// Name of the machine it runs on. Shown to whoever decides, as something nobody vouches for.
    #[serde(default)]
    host: String,
    /// What to call the key, at most 80 characters; `cloud on` and the machine unless told otherwise.
    #[serde(default)]
    name: String,
    /// What the key is to be used for, separated by blanks, as in `identity:read files:read`.
    #[serde(default)]
    scope: String,
    /// The one app it is for.
    #[serde(default)]
    app: String,
    /// The one resource it is for.
    #[serde(default)]
    resource: String,
    /// Networks in CIDR form it may be used from, separated by blanks.
    #[serde(default)]
    networks: String,
    /// For how many days, 1 to 365; 90 unless told otherwise.
    days: Option<u16>,
}

/// A request that waits for somebody to decide.
#[derive(Serialize, ToSchema)]
pub(super) struct DeviceAuthorization {
    /// What the program asks with whether somebody decided. Secret.
    device_code: String,
    /// What a person types, as in `WDJB-MJHT`.
    user_code: String,
    /// Where they type it.
    verification_uri: String,
    /// The same with the code filled in.
    verification_uri_complete: String,
    /// Seconds until it is too late.
    expires_in: i64,
    /// Seconds to wait between two questions.
    interval: i16,
}

/// The question whether somebody decided.
#[derive(Deserialize, ToSchema)]
pub(super) struct TokenForm {
    /// `urn:ietf:params:oauth:grant-type:device_code`.
    #[serde(default)]
    grant_type: String,
    /// What the request was answered with.
    #[serde(default)]
    device_code: String,
}

/// The key somebody let the program have.
#[derive(Serialize, ToSchema)]
pub(super) struct GrantedKey {
    /// The key itself: never given again.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until it stops working.
    expires_in: i64,
    /// What it may be used for, separated by blanks.
    scope: String,
    /// UUID of the key.
    key_id: String,
    /// What it is called.
    name: String,
}

/// A key that is given back.
#[derive(Deserialize, ToSchema)]
pub(super) struct RevocationForm {
    /// The key itself.
    #[serde(default)]
    token: String,
}

/// Why not, as RFC 6749 (section 5.2) and RFC 8628 (section 3.5) name it.
#[derive(Serialize, ToSchema)]
pub(super) struct OauthProblem {
    /// `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, `invalid_grant`, `invalid_request`,
    /// `invalid_scope` or `unsupported_grant_type`.
    error: &'static str,
    /// The same for people.
    error_description: &'static str,
}

fn refused(error: &'static str, error_description: &'static str) -> Response {
    let problem = OauthProblem {
        error,
        error_description,
    };
    unkept((StatusCode::BAD_REQUEST, Json(problem)).into_response())
}

/// RFC 6749, section 5.1: nothing of this is kept on the way.
fn unkept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// Asks for a key that somebody has to allow in a browser.
#[utoipa::path(post, path = "/api/auth/device",
    request_body(content = DeviceForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, body = DeviceAuthorization), (status = 400, body = OauthProblem),
    (status = 429, description = "too many wait for a decision, from one network or in all")))]
pub(super) async fn begin(
    State(web): State<Web>,
    client: Client,
    Form(form): Form<DeviceForm>,
) -> Result<Response, Error> {
    let reach = match Reach::parse(&form.scope, &form.app, &form.resource, &form.networks) {
        Ok(reach) => reach,
        Err(problem) if problem.field() == "scopes" => {
            return Ok(refused("invalid_scope", problem.sentence()));
        }
        Err(problem) => return Ok(refused("invalid_request", problem.sentence())),
    };
    let asked = match Asked::parse((&form.host, &form.name), reach, form.days) {
        Ok(asked) => asked,
        Err(sentence) => return Ok(refused("invalid_request", sentence)),
    };
    let begun = web.services.device_grants.begin(&asked, &client).await?;
    let (code, page) = (begun.user_code.text(), web.services.mailer.address(PAGE));
    let answer = DeviceAuthorization {
        device_code: begun.device_code.text().to_string(),
        verification_uri_complete: format!("{page}?user_code={}", *code),
        user_code: code.to_string(),
        verification_uri: page,
        expires_in: LIFETIME.as_secs(),
        interval: begun.interval,
    };
    Ok(unkept(Json(answer).into_response()))
}

/// Asks whether somebody decided. The key is given once.
#[utoipa::path(post, path = "/api/auth/device/token",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, body = GrantedKey), (status = 400, body = OauthProblem), (status = 429)))]
pub(super) async fn token(
    State(web): State<Web>,
    client: Client,
    Form(form): Form<TokenForm>,
) -> Result<Response, Error> {
    if form.grant_type != GRANT_TYPE {
        let sentence = "grant_type must be urn:ietf:params:oauth:grant-type:device_code";
        return Ok(refused("unsupported_grant_type", sentence));
    }
    let device_code = zeroize::Zeroizing::new(form.device_code);
    let looked = web.services.device_grants.look(&device_code, &client);
    Ok(match looked.await? {
        Looked::Key(made, scopes) => {
            let left = made
                .expires_at
                .duration_since(web.services.core.clock.now());
            let answer = GrantedKey {
                access_token: made.text.to_string(),
                token_type: "Bearer",
                expires_in: left.as_secs(),
                scope: scopes.join(" "),
                key_id: made.key_id.0.to_string(),
                name: made.name,
            };
            unkept(Json(answer).into_response())
        }
        Looked::Pending => refused("authorization_pending", "nobody decided yet"),
        Looked::TooOften => refused("slow_down", "wait five seconds longer from now on"),
        Looked::Denied => refused("access_denied", "it was not allowed"),
        Looked::Expired => refused("expired_token", "nobody decided in time; begin anew"),
        Looked::Unknown => refused("invalid_grant", "the code is unknown or was used"),
    })
}

/// Gives a key back: it ends at once (RFC 7009). The answer is the same for anything that is sent.
#[utoipa::path(post, path = "/api/auth/revoke",
    request_body(content = RevocationForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200), (status = 429, description = "120 keys within ten minutes from one network")))]
pub(super) async fn revoke(
    State(web): State<Web>,
    client: Client,
    Form(form): Form<RevocationForm>,
) -> Result<StatusCode, Error> {
    let key = zeroize::Zeroizing::new(form.token);
    web.services.api_keys.give_back(&key, &client).await?;
    Ok(StatusCode::OK)
}
