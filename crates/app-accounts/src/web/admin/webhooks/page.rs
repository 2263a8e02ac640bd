//! Pages of webhooks.

use std::borrow::Cow;

use ui::Shell;
use ui::form::Errors;
use zeroize::Zeroizing;

use super::form::WebhookForm;
use super::{WEBHOOKS, path};
use crate::Accounts;
use crate::domain::webhook::{Delivery, DeliveryState, EventKind, Off, Secret, Webhook, WebhookId};
use crate::error::Error;

#[derive(askama::Template)]
#[template(path = "accounts/admin/webhooks.html")]
pub(super) struct WebhooksPage {
    shell: Shell,
    webhooks: Vec<Webhook>,
}

impl WebhooksPage {
    pub(super) fn new(shell: Shell, webhooks: Vec<Webhook>) -> Self {
        let people = shell.t("accounts-people").into_owned();
        Self {
            shell: shell
                .title("accounts-webhooks")
                .crumb(people, "/admin/accounts/people")
                .wide(),
            webhooks,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/webhook_new.html")]
pub(super) struct NewPage {
    shell: Shell,
    form: WebhookForm,
    errors: Errors,
}

impl NewPage {
    pub(super) fn new(shell: Shell, form: WebhookForm, errors: Errors) -> Self {
        let webhooks = shell.t("accounts-webhooks").into_owned();
        Self {
            shell: shell
                .title("accounts-webhook-new")
                .crumb(webhooks, WEBHOOKS)
                .narrow(),
            form,
            errors,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/webhook.html")]
pub(super) struct WebhookPage {
    shell: Shell,
    webhook: Webhook,
    deliveries: Vec<Delivery>,
    form: WebhookForm,
    errors: Errors,
}

impl WebhookPage {
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        webhook: Webhook,
        (form, errors): (WebhookForm, Errors),
    ) -> Result<Self, Error> {
        let webhooks = shell.t("accounts-webhooks").into_owned();
        Ok(Self {
            shell: shell.titled(&webhook.name).crumb(webhooks, WEBHOOKS).wide(),
            deliveries: accounts.webhooks.deliveries(webhook.id).await?,
            webhook,
            form,
            errors,
        })
    }

    /// What was answered to the last attempt, or why nothing was.
    fn answer<'a>(&'a self, delivery: &Delivery) -> Cow<'a, str> {
        match (delivery.status, delivery.fault.as_str()) {
            (Some(status), _) => status.to_string().into(),
            (None, "") => "".into(),
            (None, fault) => self.shell.t(&format!("accounts-webhook-fault-{fault}")),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/webhook_secret.html")]
pub(super) struct SecretPage {
    shell: Shell,
    secret: Zeroizing<String>,
    back: String,
}

impl SecretPage {
    pub(super) fn new(shell: Shell, (id, name): (WebhookId, &str), secret: &Secret) -> Self {
        let webhooks = shell.t("accounts-webhooks").into_owned();
        Self {
            shell: shell.titled(name).crumb(webhooks, WEBHOOKS).narrow(),
            secret: secret.text(),
            back: path(id),
        }
    }
}

/// Key of the name of a kind of events.
fn event_key(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Joined => "accounts-webhook-joined",
        EventKind::Moved => "accounts-webhook-moved",
        EventKind::Left => "accounts-webhook-left",
        EventKind::Test => "accounts-webhook-test",
    }
}

/// Key of what is told of such events.
fn event_hint(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Joined => "accounts-webhook-joined-hint",
        EventKind::Moved => "accounts-webhook-moved-hint",
        EventKind::Left | EventKind::Test => "accounts-webhook-left-hint",
    }
}

/// Key of the name of the state a webhook is in.
fn webhook_key(webhook: &Webhook) -> &'static str {
    match (webhook.off, webhook.failing_since) {
        (Some(Off::ByHand), _) => "accounts-webhook-off",
        (Some(Off::Failing), _) => "accounts-webhook-off-failing",
        (Some(Off::Gone), _) => "accounts-webhook-off-gone",
        (None, Some(_)) => "accounts-webhook-failing",
        (None, None) => "accounts-webhook-on",
    }
}

/// Tone of its badge.
fn webhook_tone(webhook: &Webhook) -> &'static str {
    match (webhook.off, webhook.failing_since) {
        (Some(Off::ByHand), _) => "neutral",
        (Some(Off::Failing | Off::Gone), _) => "danger",
        (None, Some(_)) => "warning",
        (None, None) => "success",
    }
}

/// Key of the name of what became of a delivery.
fn delivery_key(delivery: &Delivery) -> &'static str {
    match delivery.state {
        DeliveryState::Waiting if delivery.attempts > 0 => "accounts-webhook-retrying",
        DeliveryState::Waiting => "accounts-webhook-waiting",
        DeliveryState::Delivered => "accounts-webhook-delivered",
        DeliveryState::Failed => "accounts-webhook-failed",
        DeliveryState::Dropped => "accounts-webhook-dropped",
    }
}

/// Tone of its badge.
fn delivery_tone(delivery: &Delivery) -> &'static str {
    match delivery.state {
        DeliveryState::Waiting if delivery.attempts > 0 => "warning",
        DeliveryState::Waiting | DeliveryState::Dropped => "neutral",
        DeliveryState::Delivered => "success",
        DeliveryState::Failed => "danger",
    }
}
