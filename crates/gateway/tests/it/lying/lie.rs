//! What a lie is: the bytes an app answers with, and what a client may make of them.

use std::time::Duration;

/// Lets what was written arrive.
pub(super) const AFTERWARDS: Duration = Duration::from_millis(20);

/// An answer that belongs to nobody.
pub(super) const POISON: &str =
    "HTTP/1.1 200 OK\r\nX-Instance: liar\r\nContent-Length: 6\r\n\r\npoison";

/// One row of the table.
pub(super) struct Lie {
    pub(super) name: &'static str,
    /// Where the rule stands: RFC and section.
    pub(super) clause: &'static str,
    pub(super) question: Question,
    pub(super) acts: Vec<Act>,
    /// What the client may get: any of these.
    pub(super) allowed: Vec<Outcome>,
}

/// How the client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Get,
    Head,
    /// With a body that does not fit into any buffer.
    LargePost,
    /// By a path whose policy has no patience.
    Short,
}

/// What the app does, in order; then it answers what comes next properly.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Send(Vec<u8>),
    /// Lets the gateway see what there is.
    Wait,
    /// Sends this until the gateway has had enough.
    Forever(&'static str),
    /// The same, without hurry.
    Dribble(&'static str),
    /// Says nothing more until the gateway closes.
    Hold,
    Close,
    Reset,
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The gateway's own word.
    Status(u16),
    /// An answer that visibly breaks off.
    Cut,
    /// An answer that ends in order, with this status and body.
    Whole(u16, &'static str),
}

impl Lie {
    /// The app sends this and goes on as if nothing had happened; the client gets 502.
    pub(super) fn new(name: &'static str, clause: &'static str, bytes: impl AsRef<[u8]>) -> Self {
        Self {
            name,
            clause,
            question: Question::Get,
            acts: vec![Act::Send(bytes.as_ref().to_vec())],
            allowed: vec![Outcome::Status(502)],
        }
    }

    pub(super) fn asked(mut self, question: Question) -> Self {
        self.question = question;
        self
    }

    pub(super) fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }

    /// Does not say 502.
    pub(super) fn only(mut self, outcome: Outcome) -> Self {
        self.allowed = vec![outcome];
        self
    }

    pub(super) fn or(mut self, outcome: Outcome) -> Self {
        self.allowed.push(outcome);
        self
    }
}

/// The beginning of a good answer, with these lines.
pub(super) fn ok(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nX-Instance: liar\r\n{lines}\r\n")
}

/// An answer in chunks.
pub(super) fn chunked(body: &str) -> String {
    format!("{}{body}", ok("Transfer-Encoding: chunked\r\n"))
}
