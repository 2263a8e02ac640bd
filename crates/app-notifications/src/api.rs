//! `/api/notifications`: what the bell in every page's frame reads, and follows live.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::Stream;
use platform::http::{Json, Query};
use platform::{Access, CurrentUser, Routes};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use ui::Shell;
use uuid::Uuid;

use crate::Notifications;
use crate::domain::notification::Item;
use crate::error::Error;
use crate::service::inbox::Inbox;

/// Items the bell's panel shows.
const PANEL: i64 = 10;
/// A stream ends after this long. The browser opens it anew, and who is asking is checked anew.
const LONGEST_STREAM: Duration = Duration::from_mins(5);
/// Pause between two signs of life, short enough for proxies that cut silent connections.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// The routes of the API.
pub fn routes() -> Routes<Notifications> {
    Routes::new()
        .api("/api/notifications/inbox", Access::SignedIn, get(inbox))
        .api("/api/notifications/stream", Access::SignedIn, get(stream))
}

/// What the panel shows.
#[derive(Debug, Serialize)]
struct InboxBody {
    unread: i64,
    items: Vec<ItemBody>,
}

#[derive(Debug, Serialize)]
struct ItemBody {
    id: Uuid,
    kind: String,
    title: String,
    body: String,
    /// Where a click leads: it marks the item as read and goes on.
    path: String,
    created_at: String,
    read: bool,
}

#[derive(Debug, Deserialize)]
struct InboxQuery {
    #[serde(default)]
    unread: bool,
}

async fn inbox(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    Query(query): Query<InboxQuery>,
) -> Result<Response, Error> {
    let (items, count) = app.inbox.list(who.user_id, query.unread, PANEL, 0).await?;
    let items = items
        .into_iter()
        .map(|item| body(item, shell.lang()))
        .collect();
    Ok(Json(InboxBody {
        unread: count.unread,
        items,
    })
    .into_response())
}

fn body(item: Item, language: &str) -> ItemBody {
    ItemBody {
        id: item.id,
        title: item.title.get(language).to_owned(),
        body: item.body.get(language).to_owned(),
        path: format!("/app/notifications/{}/open", item.id),
        created_at: item.created_at.to_string(),
        read: item.read_at.is_some(),
        kind: item.kind,
    }
}

/// The count of unread notifications: at once, and again whenever it may have changed.
#[derive(Serialize)]
struct UnreadEvent {
    unread: i64,
}

async fn stream(State(app): State<Notifications>, who: CurrentUser) -> Result<Response, Error> {
    // Follow first, read then: what happens in between is seen twice instead of never.
    let changes = app.live.follow(who.user_id)?;
    let following = Following {
        inbox: app.inbox,
        person: who.user_id,
        changes,
        stop: app.stop,
        first: true,
    };
    let events = Sse::new(following.events()).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE));
    Ok(events.into_response())
}

/// One open page.
struct Following {
    inbox: Inbox,
    person: Uuid,
    changes: watch::Receiver<u64>,
    stop: CancellationToken,
    first: bool,
}

impl Following {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
        let end = tokio::time::Instant::now() + LONGEST_STREAM;
        let stop = self.stop.clone();
        futures_util::stream::unfold((self, stop), move |(mut following, stop)| async move {
            let event = tokio::select! {
                event = following.next() => event?,
                () = tokio::time::sleep_until(end) => return None,
                () = stop.cancelled() => return None,
            };
            Some((Ok(event), (following, stop)))
        })
    }

    /// The next event, or `None` when nothing more can be told: the browser comes back by itself.
    async fn next(&mut self) -> Option<Event> {
        if !std::mem::take(&mut self.first) {
            self.changes.changed().await.ok()?;
        }
        self.changes.mark_unchanged();
        let count = self.inbox.count(self.person).await.ok()?;
        Event::default()
            .json_data(UnreadEvent {
                unread: count.unread,
            })
            .ok()
    }
}
