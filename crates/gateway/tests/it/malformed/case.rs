//! What a case is: the bytes, and what both ends must make of them.

/// Stands for the name of the case wherever it is written in its bytes; of the same length as every name.
pub(super) const ID: &str = "case0000";

/// One row of the table.
pub(super) struct Case {
    /// What is odd about it.
    pub(super) name: String,
    /// Where the rule stands: RFC and section.
    pub(super) clause: &'static str,
    /// Why this outcome, where the RFC leaves more than one.
    pub(super) note: &'static str,
    pub(super) steps: Vec<Step>,
    /// The answers, in order: for each the statuses it may have.
    pub(super) answers: Vec<Vec<u16>>,
    /// Whether the end of the connection will do in place of the last answer.
    pub(super) may_be_silent: bool,
    /// Whether refusing will do as well: 400 (or one of these) and nothing whole at an app.
    pub(super) or_refused: Vec<u16>,
    /// Answers that are to HEAD, by their place.
    pub(super) to_head: Vec<usize>,
    /// Whether interim answers may come before the answers.
    pub(super) may_have_interims: bool,
    pub(super) after: After,
    pub(super) forwarded: Forwarded,
    /// Whether it makes sense only as it is written, not cut into other pieces or behind another request.
    pub(super) only_whole: bool,
}

/// What the client does, in order.
pub(super) enum Step {
    Write(Vec<u8>),
    /// Lets what was written arrive by itself.
    Pause,
    /// Waits for this many final answers in all.
    Answers(usize),
    /// Waits for an interim answer.
    Interim,
    /// Sends nothing more, and goes on reading.
    Finish,
    /// Is gone.
    Vanish,
}

/// The connection behind the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Closed by the gateway.
    Closed,
    /// Good for another request.
    Open,
    /// One or the other, but nothing in between.
    Either,
}

/// What the apps received.
pub(super) enum Forwarded {
    /// Not a byte.
    Nothing,
    /// Nothing, or a request whose end never came.
    NothingWhole,
    /// These requests and no other.
    Requests(Vec<Sent>),
}

/// A request as an app must have received it.
pub(super) struct Sent {
    pub(super) app: &'static str,
    /// Method and target.
    pub(super) line: String,
    pub(super) body: Vec<u8>,
    pub(super) fields: Vec<(String, String)>,
    /// Names that must not be there, in any spelling.
    pub(super) without: Vec<&'static str>,
    pub(super) trailers: Vec<&'static str>,
}

impl Case {
    /// Answered with 400, closed, and not a byte of it forwarded.
    pub(super) fn refused(name: &str, clause: &'static str, bytes: impl AsRef<[u8]>) -> Self {
        Self {
            name: name.to_owned(),
            clause,
            note: "",
            steps: vec![Step::Write(bytes.as_ref().to_vec())],
            answers: vec![vec![400]],
            may_be_silent: false,
            or_refused: Vec::new(),
            to_head: Vec::new(),
            may_have_interims: false,
            after: After::Closed,
            forwarded: Forwarded::Nothing,
            only_whole: false,
        }
    }

    /// Answered by the app, which received exactly this; the connection goes on.
    pub(super) fn passed(
        name: &str,
        clause: &'static str,
        bytes: impl AsRef<[u8]>,
        sent: Sent,
    ) -> Self {
        Self {
            answers: vec![vec![200]],
            after: After::Open,
            forwarded: Forwarded::Requests(vec![sent]),
            ..Self::refused(name, clause, bytes)
        }
    }

    /// Several requests on one connection, each answered by the app.
    pub(super) fn in_a_row(
        name: &str,
        clause: &'static str,
        bytes: impl AsRef<[u8]>,
        sent: Vec<Sent>,
    ) -> Self {
        Self {
            answers: sent.iter().map(|_| vec![200]).collect(),
            forwarded: Forwarded::Requests(sent),
            after: After::Open,
            ..Self::refused(name, clause, bytes)
        }
    }

    /// More than one write, or a pause between.
    pub(super) fn steps(mut self, steps: Vec<Step>) -> Self {
        self.steps = steps;
        self.only_whole = true;
        self
    }

    pub(super) fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// The statuses of the only answer.
    pub(super) fn status(self, statuses: &[u16]) -> Self {
        self.answers(&[statuses])
    }

    pub(super) fn answers(mut self, answers: &[&[u16]]) -> Self {
        self.answers = answers.iter().map(|statuses| statuses.to_vec()).collect();
        self
    }

    pub(super) fn after(mut self, after: After) -> Self {
        self.after = after;
        self
    }

    pub(super) fn forwarded(mut self, sent: Vec<Sent>) -> Self {
        self.forwarded = Forwarded::Requests(sent);
        self
    }

    /// The fault is in the body: its beginning may be on its way already.
    pub(super) fn late(mut self) -> Self {
        self.forwarded = Forwarded::NothingWhole;
        self
    }

    pub(super) fn or_silent(mut self) -> Self {
        self.may_be_silent = true;
        self
    }

    pub(super) fn or_refused(mut self, statuses: &[u16]) -> Self {
        self.or_refused = statuses.to_vec();
        self
    }

    pub(super) fn answers_head(mut self, answer: usize) -> Self {
        self.to_head.push(answer);
        self
    }

    /// The requests go to another app.
    pub(super) fn at(mut self, app: &'static str) -> Self {
        if let Forwarded::Requests(sent) = &mut self.forwarded {
            for sent in sent {
                sent.app = app;
            }
        }
        self
    }

    pub(super) fn may_have_interims(mut self) -> Self {
        self.may_have_interims = true;
        self
    }
}

impl Sent {
    /// A request for a target of the app `case`.
    pub(super) fn line(line: &str) -> Self {
        Self {
            app: "case",
            line: line.to_owned(),
            body: Vec::new(),
            fields: Vec::new(),
            without: Vec::new(),
            trailers: Vec::new(),
        }
    }

    /// What [`get`] asks for.
    pub(super) fn get() -> Self {
        Self::line(&format!("GET {}", target()))
    }

    /// What [`post`] asks for.
    pub(super) fn post(body: impl AsRef<[u8]>) -> Self {
        Self::line(&format!("POST {}", target())).body(body)
    }

    pub(super) fn to(mut self, app: &'static str) -> Self {
        self.app = app;
        self
    }

    pub(super) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without(mut self, names: &[&'static str]) -> Self {
        self.without.extend(names);
        self
    }

    pub(super) fn trailers(mut self, names: &[&'static str]) -> Self {
        self.trailers.extend(names);
        self
    }
}

fn target() -> String {
    format!("/app/case/echo?{ID}")
}

/// A head that begins with this line, with a host, and with further lines, each without its end.
pub(super) fn head(line: &str, lines: &[&str]) -> Vec<u8> {
    let all = [&[line, "Host: localhost"], lines, &["", ""]];
    all.concat().join("\r\n").into_bytes()
}

/// A GET with one further line.
pub(super) fn get(line: &str) -> Vec<u8> {
    head(&format!("GET {} HTTP/1.1", target()), &[line])
}

/// A POST with one further line and a body.
pub(super) fn post(line: &str, body: &str) -> Vec<u8> {
    let line = head(&format!("POST {} HTTP/1.1", target()), &[line]);
    [line, body.as_bytes().to_vec()].concat()
}

/// A POST whose body is spelled out chunk by chunk.
pub(super) fn chunked(body: &str) -> Vec<u8> {
    post("Transfer-Encoding: chunked", body)
}

/// A request whose every byte before the body is given, and that is complete with an empty line.
pub(super) fn raw(start: &str, rest: &str) -> Vec<u8> {
    format!("{start}{rest}\r\n\r\n").into_bytes()
}

/// Another request hidden in a body or behind a fault, under a name of its own.
pub(super) fn hidden() -> String {
    format!("GET /app/case/hidden?{ID}hidden HTTP/1.1\r\nHost: localhost\r\n\r\n")
}
