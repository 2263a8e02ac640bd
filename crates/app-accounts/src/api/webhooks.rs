//! Webhooks for programs: who is told when people come, change places and go.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use jiff::Timestamp;
use platform::http::{Json, Path};
use platform::{CurrentUser, Routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ADMINISTRATOR;
use super::entity_tag::{IfMatch, stale, tagged};
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::name::Line;
use crate::domain::reachable::Reach;
use crate::domain::webhook::{
    Delivery as FoundDelivery, EventKind, Off, Webhook as Found, WebhookId, Wish, address,
};
use crate::error::Error;
use crate::service::webhooks::{Changed, Declared};
use crate::web::asking::Asking;

/// Its routes.
pub(super) fn routes() -> Routes<Accounts> {
    let of = |rest: &str| format!("/api/accounts/webhooks/{{id}}{rest}");
    Routes::new()
        .api(
            "/api/accounts/webhooks",
            ADMINISTRATOR,
            get(list).post(create),
        )
        .api(
            &of(""),
            ADMINISTRATOR,
            get(show).patch(change).delete(remove),
        )
        .api(&of("/secret"), ADMINISTRATOR, post(roll_secret))
        .api(&of("/test"), ADMINISTRATOR, post(test))
        .api(&of("/on"), ADMINISTRATOR, post(on))
        .api(&of("/off"), ADMINISTRATOR, post(off))
        .api(&of("/deliveries"), ADMINISTRATOR, get(deliveries))
        .api(
            &of("/deliveries/{delivery}/again"),
            ADMINISTRATOR,
            post(again),
        )
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Webhook {
    /// UUID.
    id: String,
    /// What administrators call it.
    name: String,
    /// Where it is.
    url: String,
    /// What it is told: `person.joined`, `person.moved`, `person.left`.
    events: Vec<&'static str>,
    /// Why it is told nothing: `by_hand`, `failing` or `gone`; none while it is told.
    off: Option<&'static str>,
    /// Since when nothing has arrived there; none where the last attempt did.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// When something last arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// When it was declared.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Counts up with each change; also the `ETag`.
    version: i64,
}

impl From<Found> for Webhook {
    fn from(webhook: Found) -> Self {
        Self {
            id: webhook.id.to_string(),
            name: webhook.name,
            url: webhook.url,
            events: webhook.events.into_iter().map(EventKind::as_str).collect(),
            off: webhook.off.map(Off::as_str),
            failing_since: webhook.failing_since,
            delivered_at: webhook.delivered_at,
            created_at: webhook.created_at,
            version: webhook.version,
        }
    }
}

/// All webhooks, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Webhooks {
    webhooks: Vec<Webhook>,
}

/// A webhook to declare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// What administrators call it; no other has this name.
    name: String,
    /// Where it is: `https`, without user name and password.
    url: String,
    /// `person.joined`, `person.moved`, `person.left`; at least one of them.
    events: Vec<String>,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookChanges {
    name: Option<String>,
    url: Option<String>,
    events: Option<Vec<String>>,
}

/// A secret, which is told this once.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookSecret {
    /// UUID of the webhook.
    id: String,
    /// What signs, as the Standard Webhooks specification writes it: `whsec_` and base64.
    secret: String,
}

/// One event for one webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Delivery {
    /// UUID; without hyphens it is in `webhook-id`, however often it is sent.
    id: String,
    /// Kind of the event.
    event: String,
    /// `waiting`, `delivered`, `failed` or `dropped`.
    state: &'static str,
    /// How often it was sent since it was last asked for.
    attempts: i32,
    /// Status of the last answer.
    status: Option<i16>,
    /// Why there was none: `address`, `sealed`, `unknown-name`, `forbidden`, `refused`, `tls`, `broken` or `late`; else empty.
    fault: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    attempted_at: Option<Timestamp>,
    /// When it is sent again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
}

impl From<FoundDelivery> for Delivery {
    fn from(delivery: FoundDelivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            event: delivery.event,
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            status: delivery.status,
            fault: delivery.fault,
            created_at: delivery.created_at,
            attempted_at: delivery.attempted_at,
            next_at: delivery.next_at,
        }
    }
}

/// The newest deliveries, at most 100.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deliveries {
    deliveries: Vec<Delivery>,
}

fn wish(name: &str, url: &str, events: &[String], reach: Reach) -> Result<Wish, Error> {
    let chosen = |word: &String| {
        let kind = word.parse().ok();
        let kind = kind.filter(|kind| EventKind::CHOSEN.contains(kind));
        kind.ok_or(Error::NotAWord("events", EVENTS))
    };
    let events: Vec<EventKind> = events.iter().map(chosen).collect::<Result<_, _>>()?;
    if events.is_empty() {
        return Err(Error::NotAWord("events", EVENTS));
    }
    Ok(Wish {
        name: Line::required(name).map_err(|unfit| Error::Unfit("name", unfit))?,
        url: address(url, reach).map_err(Error::WebhookUrl)?,
        // Each once, and in one order.
        events: EventKind::CHOSEN
            .into_iter()
            .filter(|kind| events.contains(kind))
            .collect(),
    })
}

const EVENTS: &str = "some of person.joined, person.moved and person.left";

/// Lists webhooks by name. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/webhooks", responses((status = 200, body = Webhooks), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Webhooks>, Error> {
    let webhooks = accounts.webhooks.list().await?;
    Ok(Json(Webhooks {
        webhooks: webhooks.into_iter().map(Webhook::from).collect(),
    }))
}

/// Declares a webhook; the answer holds its secret, which nobody can look up later. Administrators; scope
/// accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks", request_body = NewWebhook,
    responses((status = 201, body = WebhookSecret, headers(("Location" = String, description = "the webhook"))),
        (status = 409, description = "the name is taken, or there are 20"), Always, OfBodies))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Json(body): Json<NewWebhook>,
) -> Result<Response, Error> {
    let webhooks = &accounts.webhooks;
    let wish = wish(&body.name, &body.url, &body.events, webhooks.reach())?;
    let id = WebhookId(Uuid::now_v7());
    match webhooks.add(&asking.actor(&who), id, &wish).await? {
        Declared::Done(secret) => {
            let location = format!("/api/accounts/webhooks/{id}");
            let headers = [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())];
            let body = WebhookSecret {
                id: id.to_string(),
                secret: secret.text().to_string(),
            };
            Ok((StatusCode::CREATED, headers, Json(body)).into_response())
        }
        // No id is made twice: what is refused is the name.
        Declared::NameTaken | Declared::Known => Err(Error::WebhookNameTaken),
        Declared::TooMany => Err(Error::TooManyWebhooks),
    }
}

/// One webhook. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/webhooks/{id}", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Webhook, headers(("ETag" = String, description = "for If-Match"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    answered(&accounts, WebhookId(id)).await
}

async fn answered(accounts: &Accounts, id: WebhookId) -> Result<Response, Error> {
    let webhook = accounts.webhooks.find(id).await?;
    Ok(tagged(webhook.version, Webhook::from(webhook)))
}

/// Changes a webhook, unless somebody did since the version named by If-Match. Administrators; scope accounts:write.
#[utoipa::path(patch, path = "/api/accounts/webhooks/{id}", request_body = WebhookChanges, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of what is changed")),
    responses((status = 200, body = Webhook, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "the name is taken"), (status = 412, description = "changed meanwhile"),
        (status = 428, description = "If-Match is missing"), Always, OfBodies))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(body): Json<WebhookChanges>,
) -> Result<Response, Error> {
    let (id, webhooks) = (WebhookId(id), &accounts.webhooks);
    let before = webhooks.find(id).await?;
    let words = before.events.iter().map(|kind| kind.as_str().to_owned());
    let wish = wish(
        body.name.as_deref().unwrap_or(&before.name),
        body.url.as_deref().unwrap_or(&before.url),
        &body.events.unwrap_or_else(|| words.collect()),
        webhooks.reach(),
    )?;
    let which = (id, expected.version(before.version));
    match webhooks.change(&asking.actor(&who), which, &wish).await? {
        Changed::Done => answered(&accounts, id).await,
        Changed::NameTaken => Err(Error::WebhookNameTaken),
        Changed::Stale => Ok(stale().into_response()),
    }
}

/// Deletes a webhook; what was not sent yet is not sent any more. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/webhooks/{id}", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts.webhooks.delete(&actor, WebhookId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes another secret; the one before goes on signing for 24 hours. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks/{id}/secret", params(("id" = Uuid, Path)),
    responses((status = 200, body = WebhookSecret), Always))]
pub(super) async fn roll_secret(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (WebhookId(id), asking.actor(&who));
    let secret = accounts.webhooks.roll_secret(&actor, id).await?;
    let body = WebhookSecret {
        id: id.to_string(),
        secret: secret.text().to_string(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Sends a test event, once. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks/{id}/test", params(("id" = Uuid, Path)),
    responses((status = 202, description = "it is on its way; the deliveries say what was answered"), Always))]
pub(super) async fn test(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts.webhooks.test(&actor, WebhookId(id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Switches a webhook on, whatever switched it off. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks/{id}/on", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn on(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts
        .webhooks
        .switch(&actor, WebhookId(id), true)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches a webhook off: what happens meanwhile is not told later. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks/{id}/off", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn off(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts
        .webhooks
        .switch(&actor, WebhookId(id), false)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest deliveries to a webhook. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/webhooks/{id}/deliveries", params(("id" = Uuid, Path)),
    responses((status = 200, body = Deliveries), Always))]
pub(super) async fn deliveries(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<Deliveries>, Error> {
    let webhook = accounts.webhooks.find(WebhookId(id)).await?;
    let deliveries = accounts.webhooks.deliveries(webhook.id).await?;
    Ok(Json(Deliveries {
        deliveries: deliveries.into_iter().map(Delivery::from).collect(),
    }))
}

/// Sends a delivery once more, at once and under its id. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/webhooks/{id}/deliveries/{delivery}/again",
    params(("id" = Uuid, Path), ("delivery" = Uuid, Path)),
    responses((status = 202, description = "it is on its way"),
        (status = 409, description = "the webhook is off, or the delivery is gone"), Always))]
pub(super) async fn again(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, delivery)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let webhooks = &accounts.webhooks;
    if webhooks.again(&actor, WebhookId(id), delivery).await? {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Error::NotSentAgain)
    }
}
