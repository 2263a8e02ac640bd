//! The apps behind the gateway: they answer everything and write down what they were sent.

use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::case::ID;
use crate::bare::BareApp;
use crate::bare::reader::{Content, Fault, Head, Reader};
use crate::bare::sent;
use crate::given::Platform;
use crate::peer::PeerOptions;

/// A request as it arrived at an app.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) app: &'static str,
    pub(super) head: Head,
    pub(super) content: Content,
}

/// Everything that arrived, wherever it did.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<Vec<Seen>>>);

/// Which app serves what. The last one takes all that nobody else does, so that nothing gets lost.
const APPS: [(&str, &[&str]); 4] = [
    ("case", &["/app/case"]),
    ("other", &["/app/other"]),
    ("auth", &["/auth"]),
    ("dashboard", &["/", "/admin"]),
];

impl Record {
    /// Starts the apps.
    pub(super) async fn start(&self, platform: &Platform) -> Vec<BareApp> {
        let mut apps = Vec::new();
        for (app, prefixes) in APPS {
            let mut options = PeerOptions::new(app);
            options.entry.prefixes = prefixes.iter().map(ToString::to_string).collect();
            let record = self.clone();
            let serve = move |stream| serve(app, record.clone(), stream);
            apps.push(BareApp::start(platform, options, serve).await);
        }
        apps
    }

    /// All of it, once nothing more can come.
    pub(super) fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }

    fn add(&self, seen: Seen) {
        self.0.lock().unwrap().push(seen);
    }
}

impl Seen {
    /// The name of the case that it belongs to, with what the case added to it.
    pub(super) fn id(&self) -> Option<String> {
        let fields = self.head.fields.iter().map(|(_, value)| value.as_str());
        id(&self.head.start).or_else(|| fields.into_iter().find_map(id))
    }

    /// Whether it is no case's business: a question whether the gateway serves yet, one whether the app is ready, or a
    /// connection that ended with it.
    pub(super) fn is_harmless(&self) -> bool {
        match &self.content.fault {
            None => {
                let start = self.head.start.as_str();
                start == "GET /ready HTTP/1.1"
                    || (start.starts_with("GET /") && start.ends_with("/x HTTP/1.1"))
            }
            Some(fault) => self.head.start.is_empty() && !matches!(fault, Fault::Odd(_)),
        }
    }

    /// What no app may be sent, whatever the client said.
    pub(super) fn faults(&self) -> Vec<String> {
        sent::faults(&self.head, &self.content)
    }
}

/// The name of a case in a text.
pub(super) fn id(text: &str) -> Option<String> {
    let stem = ID.trim_end_matches('0');
    text.match_indices(stem).find_map(|(start, _)| {
        let rest = &text[start + stem.len()..];
        let number = rest.get(..ID.len() - stem.len())?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let suffix = rest[number.len()..].chars();
        let suffix: String = suffix.take_while(char::is_ascii_lowercase).collect();
        is_number.then(|| format!("{stem}{number}{suffix}"))
    })
}

async fn serve(app: &'static str, record: Record, stream: TcpStream) {
    let (from, mut to) = stream.into_split();
    let mut reader = Reader::new(from);
    loop {
        let (head, content) = match reader.request().await {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(fault) => {
                // Not even a head. What there is of it may tell whose it is.
                let start = crate::bare::reader::lossy(reader.rest());
                let (head, fields) = (start, Vec::new());
                let head = Head {
                    start: head,
                    fields,
                };
                let fault = Some(fault);
                let content = Content {
                    fault,
                    ..Content::default()
                };
                return record.add(Seen { app, head, content });
            }
        };
        let seen = Seen { app, head, content };
        record.add(seen.clone());
        if seen.content.fault.is_some() || to.write_all(&answer(&seen)).await.is_err() {
            return;
        }
    }
}

fn answer(seen: &Seen) -> Vec<u8> {
    let body = format!("{} {}\n", seen.app, seen.head.start);
    let head = format!(
        "HTTP/1.1 200 OK\r\nX-Instance: {}\r\nX-Case: {}\r\nContent-Length: {}\r\n\r\n",
        seen.app,
        seen.id().unwrap_or_default(),
        body.len()
    );
    let is_head = seen.head.start.starts_with("HEAD ");
    let body = if is_head { String::new() } else { body };
    [head, body].concat().into_bytes()
}
