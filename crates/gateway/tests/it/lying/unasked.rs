//! Answers that nobody asked for: interim ones in any number, another protocol, and what is said on a connection that
//! waits for its next request.

use super::lie::{Act, Lie, Outcome, POISON, Question, ok};

pub(super) fn lies() -> Vec<Lie> {
    let mut lies = interim();
    lies.extend(switches());
    lies.extend(idle());
    lies
}

const ABC: Outcome = Outcome::Whole(200, "abc");
const HINT: &str = "HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n";
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

fn whole() -> String {
    ok("Content-Length: 3\r\n") + "abc"
}

fn interim() -> Vec<Lie> {
    let before = |name, before: String| Lie::new(name, "9110 15.2", before + &whole());
    vec![
        before("a hint before it", HINT.to_owned()).only(ABC),
        before("100 that nobody waits for", CONTINUE.to_owned()).only(ABC),
        before(
            "an interim answer that nobody knows",
            "HTTP/1.1 199 Odd\r\n\r\n".to_owned(),
        )
        .only(ABC),
        before("a thousand hints before it", HINT.repeat(1000)).or(ABC),
        before("a thousand times 100 before it", CONTINUE.repeat(1000)).or(ABC),
        Lie::new("hints without end", "9110 15.2", "")
            .asked(Question::Short)
            .then(Act::Forever("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"))
            .or(Outcome::Status(504)),
        Lie::new("100 without end", "9110 15.2", "")
            .asked(Question::Short)
            .then(Act::Forever(CONTINUE))
            .or(Outcome::Status(504)),
        Lie::new("100 without end and without hurry", "9110 15.2", "")
            .asked(Question::Short)
            .then(Act::Dribble(CONTINUE))
            .or(Outcome::Status(504)),
        before(
            "a hint with a body",
            "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello".to_owned(),
        ),
        Lie::new("nothing but a hint", "9110 15.2", HINT).then(Act::Close),
        Lie::new("nothing but 100", "9110 15.2", CONTINUE).then(Act::Close),
    ]
}

fn switches() -> Vec<Lie> {
    let switch =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    vec![
        Lie::new("another protocol", "9110 15.2.2", switch),
        Lie::new(
            "another protocol with an answer behind it",
            "9110 15.2.2",
            format!("{switch}{POISON}"),
        ),
        Lie::new("another protocol without a name", "9110 15.2.2", {
            "HTTP/1.1 101 Switching Protocols\r\n\r\n"
        }),
        Lie::new("HTTP/2", "9110 15.2.2", switch.replace("websocket", "h2c")),
        Lie::new(
            "a hint, then another protocol",
            "9110 15.2.2",
            format!("{HINT}{switch}"),
        ),
    ]
}

/// Whatever comes on a connection that nobody has asked anything is nobody's answer.
fn idle() -> Vec<Lie> {
    let later = |name, more: &str| {
        Lie::new(name, "9112 9.2", whole())
            .then(Act::Wait)
            .then(Act::Send(more.into()))
            .only(ABC)
    };
    vec![
        Lie::new(
            "another answer in the same breath",
            "9112 9.2",
            whole() + POISON,
        )
        .or(ABC),
        later("another answer a moment later", POISON),
        later(
            "half of another answer a moment later",
            "HTTP/1.1 200 OK\r\nX-Instance: li",
        ),
        later("words a moment later", "hello"),
        later("one byte a moment later", "H"),
        later("an empty line a moment later", "\r\n"),
        later("a hint a moment later", HINT),
        later(
            "an answer whose body is to come",
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        ),
        later(
            "farewell for want of a question",
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        )
        .then(Act::Close),
        later("the end a moment later", "").then(Act::Close),
        later("a reset a moment later", "").then(Act::Reset),
        Lie::new(
            "says that it closes, and says more",
            "9112 9.6",
            ok("Connection: close\r\nContent-Length: 3\r\n") + "abc" + POISON,
        )
        .or(ABC),
        Lie::new("HTTP/1.0 that stays, and says more", "9112 9.3", {
            whole().replace("HTTP/1.1", "HTTP/1.0") + POISON
        })
        .or(ABC),
        Lie::new(
            "another answer to a HEAD",
            "9112 9.2",
            ok("Content-Length: 3\r\n") + POISON,
        )
        .asked(Question::Head)
        .or(Outcome::Whole(200, "")),
        Lie::new(
            "another answer to a question that is still coming",
            "9112 9.2",
            whole() + POISON,
        )
        .asked(Question::LargePost)
        .or(ABC),
    ]
}
