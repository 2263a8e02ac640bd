//! A webhook as typed.

use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;
use uuid::Uuid;

use crate::domain::name::Line;
use crate::domain::reachable::Reach;
use crate::domain::webhook::{EventKind, UrlUnfit, Webhook, Wish, address};
use crate::web::form::Fields;

/// What administrators say of a webhook.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WebhookForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) events: Vec<String>,
    /// Of the webhook the form was filled from.
    pub(super) version: i64,
}

impl WebhookForm {
    pub(super) fn empty() -> Self {
        let all = EventKind::CHOSEN.map(|kind| kind.as_str().to_owned());
        Self {
            id: Uuid::now_v7(),
            events: all.into(),
            ..Self::default()
        }
    }

    pub(super) fn of(webhook: &Webhook) -> Self {
        let words = webhook.events.iter().map(|kind| kind.as_str().to_owned());
        Self {
            id: webhook.id.0,
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            events: words.collect(),
            version: webhook.version,
        }
    }

    pub(super) fn has(&self, kind: EventKind) -> bool {
        self.events.iter().any(|word| word == kind.as_str())
    }

    pub(super) fn check(&self, shell: &Shell, reach: Reach) -> Result<Wish, Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        let url = address(&self.url, reach).map_err(|unfit| fields.refuse("url", url_key(unfit)));
        let events = EventKind::CHOSEN.into_iter();
        let events: Vec<_> = events.filter(|kind| self.has(*kind)).collect();
        if events.is_empty() {
            fields.refuse("events", "accounts-webhook-events-none");
        }
        let wish = name.zip(url.ok());
        fields.finish(wish.map(|(name, url)| Wish { name, url, events }))
    }
}

/// Key of what is wrong with an address.
pub(super) fn url_key(unfit: UrlUnfit) -> &'static str {
    match unfit {
        UrlUnfit::Form => "accounts-webhook-url-form",
        UrlUnfit::Plain => "accounts-webhook-url-plain",
        UrlUnfit::Credentials => "accounts-webhook-url-credentials",
        UrlUnfit::Unreachable => "accounts-webhook-url-unreachable",
    }
}
