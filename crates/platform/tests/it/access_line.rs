//! The one line per request.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::routing::get;
use http::Request;
use platform::Role;
use platform::access::Access;
use platform::http::meter::record_query;
use platform::identity::HEADER;
use platform::routes::Routes;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::given::{person, site, text};

type Line = BTreeMap<String, String>;

/// Keeps the access lines written on this thread.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<Line>>>);

struct Fields<'a>(&'a mut Line);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "access" {
            let mut line = Line::new();
            event.record(&mut Fields(&mut line));
            self.0.lock().unwrap().push(line);
        }
    }
}

impl Lines {
    fn capture() -> (Self, tracing::subscriber::DefaultGuard) {
        let lines = Self::default();
        let subscriber = tracing_subscriber::registry().with(lines.clone());
        (lines, tracing::subscriber::set_default(subscriber))
    }

    fn take(&self) -> Vec<Line> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn routes() -> Routes {
    let streamed = get(|| async {
        let chunks = futures_util::stream::iter(0..3).map_chunk();
        Body::from_stream(chunks)
    });
    Routes::new()
        .page(
            "/app/people/{id}",
            Access::SignedIn,
            get(|| async {
                record_query(Duration::from_millis(2));
                record_query(Duration::from_millis(3));
                "hello"
            }),
        )
        .page("/app/stream", Access::Public, streamed)
        .page(
            "/app/pending",
            Access::Public,
            get(|| async { std::future::pending::<()>().await }),
        )
}

/// A query for every chunk, made while the body is being sent.
trait MapChunk: Sized {
    fn map_chunk(
        self,
    ) -> impl futures_util::Stream<Item = Result<String, std::io::Error>> + Send + 'static;
}

impl<S: futures_util::Stream<Item = i32> + Send + 'static> MapChunk for S {
    fn map_chunk(
        self,
    ) -> impl futures_util::Stream<Item = Result<String, std::io::Error>> + Send + 'static {
        futures_util::StreamExt::map(self, |n| {
            record_query(Duration::from_millis(1));
            Ok(format!("chunk {n}\n"))
        })
    }
}

#[tokio::test]
async fn a_line_tells_what_a_request_was_and_cost() {
    let (lines, _guard) = Lines::capture();
    let site = site(routes());
    let request = Request::get("/app/people/7?name=secret")
        .header("x-request-id", "request-1234")
        .header(HEADER, site.token(&person(Role::User)));
    let response = site.send(request.body(Body::empty()).unwrap()).await;
    assert!(
        lines.take().is_empty(),
        "the line is written when the body has left"
    );
    assert_eq!(text(response).await, "hello");

    let written = lines.take();
    assert_eq!(written.len(), 1);
    let line = &written[0];
    for (name, value) in [
        ("app", "hello"),
        ("method", "GET"),
        ("route", "/app/people/{id}"),
        ("status", "200"),
        ("bytes", "5"),
        ("complete", "true"),
        ("queries", "2"),
        ("query_ms", "5.0"),
        ("request_id", "request-1234"),
        ("principal", "00000000-0000-0000-0000-000000001111"),
    ] {
        assert_eq!(line.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(line["ms"].parse::<f64>().is_ok());
    let whole = format!("{line:?}");
    for personal in ["secret", "Ada", "ada@example.org", "/people/7"] {
        assert!(!whole.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn refused_and_unknown_requests_have_a_line_as_well() {
    let (lines, _guard) = Lines::capture();
    let site = site(routes());
    drop(site.get("/app/people/7").await);
    drop(site.get("/nowhere/7").await);
    let written = lines.take();
    let seen: Vec<_> = written
        .iter()
        .map(|line| (&*line["route"], &*line["status"], line.get("principal")))
        .collect();
    assert_eq!(seen, [("/app/people/{id}", "303", None), ("", "404", None)]);
}

#[tokio::test]
async fn a_streamed_body_is_counted_to_its_end() {
    let (lines, _guard) = Lines::capture();
    let site = site(routes());
    let body = text(site.get("/app/stream").await).await;
    let line = &lines.take()[0];
    assert_eq!(line["bytes"], body.len().to_string());
    assert_eq!((&*line["complete"], &*line["queries"]), ("true", "3"));

    // The client leaves before the end.
    drop(site.get("/app/stream").await);
    let line = &lines.take()[0];
    assert_eq!((&*line["complete"], &*line["status"]), ("false", "200"));
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_is_recorded() {
    let (lines, _guard) = Lines::capture();
    let site = site(routes());
    {
        let mut asked = std::pin::pin!(site.get("/app/pending"));
        assert!(futures_util::poll!(&mut asked).is_pending());
    }
    let line = &lines.take()[0];
    assert_eq!((&*line["status"], &*line["route"]), ("499", "/app/pending"));
}
