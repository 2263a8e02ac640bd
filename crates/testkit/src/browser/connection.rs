//! The DevTools socket: calls with their answers, and the events a test wants to know of.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// A call that takes longer hangs.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// Why a call failed, in the browser's words.
pub(super) type Refusal = String;

pub(super) struct Connection {
    out: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
    next: AtomicU64,
}

#[derive(Default)]
struct Shared {
    pending: Mutex<HashMap<u64, oneshot::Sender<Result<Value, Refusal>>>>,
    /// Console errors, exceptions and failed loads, by session.
    errors: Mutex<HashMap<String, Vec<String>>>,
}

impl Connection {
    #[expect(
        clippy::disallowed_methods,
        reason = "the task ends with the browser; there is no lifecycle in a test"
    )]
    pub(super) async fn open(endpoint: &str) -> Self {
        // Screenshots are large.
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) =
            tokio_tungstenite::connect_async_with_config(endpoint, Some(config), true)
                .await
                .unwrap_or_else(|error| panic!("no connection to the browser: {error}"));
        let (mut sink, mut stream) = socket.split();
        let (out, mut queue) = mpsc::unbounded_channel::<Message>();
        let shared = Arc::new(Shared::default());
        tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                loop {
                    tokio::select! {
                        message = queue.recv() => match message {
                            Some(message) => if sink.send(message).await.is_err() { break },
                            None => break,
                        },
                        message = stream.next() => match message {
                            Some(Ok(Message::Text(text))) => shared.receive(&text),
                            Some(Ok(_)) => {}
                            Some(Err(_)) | None => break,
                        },
                    }
                }
                // Whoever still waits learns it by their sender's end.
                lock(&shared.pending).clear();
            }
        });
        Self {
            out,
            shared,
            next: AtomicU64::new(1),
        }
    }

    /// Calls a method; the test fails when the browser refuses.
    pub(super) async fn call(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Value {
        self.try_call(session, method, parameters)
            .await
            .unwrap_or_else(|refusal| panic!("{method}: {refusal}"))
    }

    /// Calls a method.
    pub(super) async fn try_call(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value, Refusal> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let (Some(session), Some(message)) = (session, message.as_object_mut()) {
            message.insert("sessionId".to_owned(), json!(session));
        }
        let (answer, answered) = oneshot::channel();
        lock(&self.shared.pending).insert(id, answer);
        if self.out.send(Message::text(message.to_string())).is_err() {
            return Err("the browser is gone".to_owned());
        }
        match tokio::time::timeout(CALL_LIMIT, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err("the browser is gone".to_owned()),
            Err(_) => Err(format!("no answer within {} s", CALL_LIMIT.as_secs())),
        }
    }

    /// Errors seen in a session so far.
    pub(super) fn errors(&self, session: &str) -> Vec<String> {
        lock(&self.shared.errors)
            .get(session)
            .cloned()
            .unwrap_or_default()
    }

    /// Forgets them.
    pub(super) fn forget_errors(&self, session: &str) {
        lock(&self.shared.errors).remove(session);
    }
}

impl Shared {
    fn receive(&self, text: &str) {
        let Ok(mut message) = serde_json::from_str::<Value>(text) else {
            return;
        };
        if let Some(id) = message.get("id").and_then(Value::as_u64) {
            if let Some(waiting) = lock(&self.pending).remove(&id) {
                let outcome = match message.pointer("/error/message").and_then(Value::as_str) {
                    Some(refusal) => Err(refusal.to_owned()),
                    None => Ok(message
                        .get_mut("result")
                        .map(Value::take)
                        .unwrap_or_default()),
                };
                // The caller may have given up.
                drop(waiting.send(outcome));
            }
            return;
        }
        if let (Some(error), Some(session)) = (
            error_in(&message),
            message.get("sessionId").and_then(Value::as_str),
        ) {
            lock(&self.errors)
                .entry(session.to_owned())
                .or_default()
                .push(error);
        }
    }
}

/// The error an event tells of, if it does.
fn error_in(event: &Value) -> Option<String> {
    let at = |pointer: &str| {
        event
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    match at("/method") {
        "Runtime.exceptionThrown" => {
            let description = at("/params/exceptionDetails/exception/description");
            Some(format!(
                "{} {description}",
                at("/params/exceptionDetails/text")
            ))
        }
        "Runtime.consoleAPICalled" if at("/params/type") == "error" => {
            let arguments = event.pointer("/params/args").and_then(Value::as_array)?;
            let words: Vec<String> = arguments
                .iter()
                .map(|argument| {
                    match argument
                        .get("value")
                        .or_else(|| argument.get("description"))
                    {
                        Some(Value::String(text)) => text.clone(),
                        Some(other) => other.to_string(),
                        None => argument.to_string(),
                    }
                })
                .collect();
            Some(words.join(" "))
        }
        "Log.entryAdded" if at("/params/entry/level") == "error" => Some(
            format!("{} {}", at("/params/entry/text"), at("/params/entry/url"))
                .trim_end()
                .to_owned(),
        ),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
