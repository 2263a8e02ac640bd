//! Lies about where the body ends.

use super::lie::{Act, Lie, Outcome, POISON, Question, chunked, ok};

pub(super) fn lies() -> Vec<Lie> {
    let mut lies = lengths();
    lies.extend(codings());
    lies.extend(chunks());
    lies.extend(forbidden());
    lies.extend(silences());
    lies
}

const ABC: Outcome = Outcome::Whole(200, "abc");
const NOTHING: Outcome = Outcome::Whole(200, "");

fn length(line: &str, body: &str) -> String {
    ok(&format!("Content-Length: {line}\r\n")) + body
}

fn lengths() -> Vec<Lie> {
    let refused = |name, line: &str| Lie::new(name, "9112 6.3", length(line, "abc"));
    vec![
        Lie::new(
            "a length that is too long",
            "9112 8",
            length("100", "short"),
        )
        .then(Act::Close)
        .only(Outcome::Cut),
        Lie::new(
            "a length that is too long, and a reset",
            "9112 8",
            length("100", "short"),
        )
        .then(Act::Reset)
        .only(Outcome::Cut)
        .or(Outcome::Status(502)),
        Lie::new("a length and no body", "9112 8", length("100", ""))
            .then(Act::Close)
            .only(Outcome::Cut)
            .or(Outcome::Status(502)),
        Lie::new("one byte less than said", "9112 8", length("4", "abc"))
            .then(Act::Close)
            .only(Outcome::Cut)
            .or(Outcome::Status(502)),
        Lie::new(
            "a length that is too short",
            "9112 6.3",
            length("3", "abcdef"),
        )
        .or(ABC),
        Lie::new(
            "a length that is too short for another answer",
            "9112 9.2",
            length("3", "abc") + POISON,
        )
        .or(ABC),
        Lie::new(
            "a length of nothing before another answer",
            "9112 9.2",
            length("0", POISON),
        )
        .or(NOTHING),
        refused("lengths that differ", "3\r\nContent-Length: 4"),
        refused(
            "lengths that differ, the other way",
            "4\r\nContent-Length: 3",
        ),
        refused(
            "a length, and another far away",
            "3\r\nX: y\r\nContent-Length: 1",
        ),
        refused("lengths that agree", "3\r\nContent-Length: 3").or(ABC),
        refused("a list of lengths that differ", "3, 4"),
        refused("a list of lengths that agree", "3, 3").or(ABC),
        refused("a length with a sign", "+3"),
        refused("a negative length", "-3"),
        refused("a length in words", "three"),
        refused("a length that is empty", ""),
        refused("a hexadecimal length", "0x3"),
        refused("a length that wraps", "18446744073709551619"),
        Lie::new(
            "a body that ends with the connection",
            "9112 6.3",
            ok("") + "abc",
        )
        .then(Act::Close)
        .only(ABC),
        Lie::new("a body that ends with a reset", "9112 8", ok("") + "abc")
            .then(Act::Wait)
            .then(Act::Reset)
            .only(Outcome::Cut)
            .or(Outcome::Status(502)),
    ]
}

fn codings() -> Vec<Lie> {
    let coded = |lines: &str, body: &str| ok(lines) + body;
    vec![
        Lie::new(
            "a length and a coding",
            "9112 6.3",
            coded(
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        )
        .or(ABC),
        Lie::new(
            "a coding and a length",
            "9112 6.3",
            coded(
                "Transfer-Encoding: chunked\r\nContent-Length: 13\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        )
        .or(ABC),
        Lie::new(
            "a length that covers another answer behind the chunks",
            "9112 6.3",
            coded(
                &format!(
                    "Content-Length: {}\r\nTransfer-Encoding: chunked\r\n",
                    5 + POISON.len()
                ),
                &format!("0\r\n\r\n{POISON}"),
            ),
        )
        .or(NOTHING),
        Lie::new(
            "a coding that nobody knows",
            "9112 6.1",
            coded("Transfer-Encoding: xchunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        )
        .then(Act::Close),
        Lie::new(
            "a coding that nobody here undoes",
            "9112 6.1",
            coded(
                "Transfer-Encoding: gzip, chunked\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        ),
        Lie::new(
            "chunks that are not the last coding",
            "9112 6.1",
            coded(
                "Transfer-Encoding: chunked, gzip\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        )
        .then(Act::Close),
        Lie::new(
            "chunks twice",
            "9112 7.1",
            coded(
                "Transfer-Encoding: chunked, chunked\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
            ),
        ),
        Lie::new(
            "chunks in HTTP/1.0",
            "9112 6.1",
            chunked("3\r\nabc\r\n0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"),
        )
        .then(Act::Close)
        .or(ABC)
        .or(Outcome::Cut),
    ]
}

fn chunks() -> Vec<Lie> {
    let broken = |name, body: &str| Lie::new(name, "9112 7.1", chunked(body)).or(Outcome::Cut);
    vec![
        broken("the end within a chunk", "5\r\nabc").then(Act::Close),
        broken("the end within a size", "5").then(Act::Close),
        broken("the end behind a chunk", "3\r\nabc\r\n").then(Act::Close),
        broken("the end behind the last size", "3\r\nabc\r\n0\r\n").then(Act::Close),
        broken("the end within a trailer", "3\r\nabc\r\n0\r\nX-Su").then(Act::Close),
        broken("a reset within a chunk", "5\r\nabc").then(Act::Wait).then(Act::Reset),
        broken("a size that is no number", "zz\r\nabc\r\n0\r\n\r\n"),
        broken("no size", "\r\nabc\r\n0\r\n\r\n"),
        broken("a negative size", "-3\r\nabc\r\n0\r\n\r\n"),
        broken("a size with a sign", "+3\r\nabc\r\n0\r\n\r\n"),
        broken("a size that wraps", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
        broken("a chunk longer than said", "3\r\nabcdef\r\n0\r\n\r\n"),
        broken("a chunk shorter than said", "5\r\nabc\r\n0\r\n\r\n"),
        broken("a good chunk, then a bad one", "3\r\nabc\r\nx\r\n"),
        broken("a bare LF behind a size", "3\nabc\r\n0\r\n\r\n"),
        broken("an extension without end", "3;").then(Act::Forever("x")),
        broken("a trailer without end", "3\r\nabc\r\n0\r\nX: ").then(Act::Forever("x")),
        broken("trailers without end", "3\r\nabc\r\n0\r\n").then(Act::Forever("X: y\r\n")),
        broken("a size without end", "").then(Act::Forever("0")),
        Lie::new(
            "another answer behind the chunks",
            "9112 9.2",
            chunked("3\r\nabc\r\n0\r\n\r\n") + POISON,
        )
        .or(ABC),
        Lie::new(
            "trailers that are not up to an app",
            "9110 6.5.1",
            ok("Transfer-Encoding: chunked\r\nTrailer: Content-Length, Set-Cookie, Cloud-X, Transfer-Encoding\r\n")
                + "3\r\nabc\r\n0\r\nContent-Length: 9\r\nSet-Cookie: cloud=stolen\r\nCloud-X: 1\r\n\
                   Transfer-Encoding: chunked\r\n\r\n",
        )
        .or(ABC),
    ]
}

/// Blanks belong to an extension, and are as little welcome without end.
pub(super) fn blanks() -> Vec<Lie> {
    vec![
        Lie::new(
            "blanks without end behind a size",
            "9112 7.1.1",
            chunked("3"),
        )
        .then(Act::Forever(" "))
        .or(Outcome::Cut),
    ]
}

/// Bodies where there is none.
fn forbidden() -> Vec<Lie> {
    let bodyless = |name, status: &str, lines: &str, body: &str| {
        let head = format!("HTTP/1.1 {status}\r\nX-Instance: liar\r\n{lines}\r\n");
        Lie::new(name, "9110 6.4.1", head + body)
    };
    let no_content = Outcome::Whole(204, "");
    let not_modified = Outcome::Whole(304, "");
    vec![
        bodyless(
            "204 with a body",
            "204 No Content",
            "Content-Length: 3\r\n",
            "abc",
        )
        .or(no_content.clone()),
        bodyless(
            "204 with chunks",
            "204 No Content",
            "Transfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
        )
        .or(no_content.clone()),
        bodyless(
            "204 with an answer for a body",
            "204 No Content",
            "",
            POISON,
        )
        .or(no_content),
        bodyless(
            "304 with a body",
            "304 Not Modified",
            "Content-Length: 3\r\n",
            "abc",
        )
        .or(not_modified.clone()),
        bodyless(
            "304 with an answer for a body",
            "304 Not Modified",
            &format!("Content-Length: {}\r\n", POISON.len()),
            POISON,
        )
        .or(not_modified),
        Lie::new("a body for HEAD", "9110 9.3.2", length("3", "abc"))
            .asked(Question::Head)
            .or(NOTHING),
        Lie::new(
            "chunks for HEAD",
            "9110 9.3.2",
            chunked("3\r\nabc\r\n0\r\n\r\n"),
        )
        .asked(Question::Head)
        .or(NOTHING),
        Lie::new("an answer as the body for HEAD", "9110 9.3.2", {
            length(&POISON.len().to_string(), POISON)
        })
        .asked(Question::Head)
        .or(NOTHING),
    ]
}

fn silences() -> Vec<Lie> {
    let silent = |name, bytes: String| Lie::new(name, "9112 9.5", bytes).asked(Question::Short);
    vec![
        silent("no word at all", String::new())
            .then(Act::Hold)
            .only(Outcome::Status(504)),
        silent("no end of the head", "HTTP/1.1 200 OK\r\nX: ".to_owned())
            .then(Act::Hold)
            .only(Outcome::Status(504)),
        silent(
            "a head a byte at a time",
            "HTTP/1.1 200 OK\r\nX: ".to_owned(),
        )
        .then(Act::Dribble("y"))
        .only(Outcome::Status(504))
        .or(Outcome::Status(502)),
        silent("no end of the body", length("10", "abc"))
            .then(Act::Hold)
            .only(Outcome::Cut)
            .or(Outcome::Status(504)),
        silent("no end of the chunks", chunked("3\r\nabc\r\n"))
            .then(Act::Hold)
            .only(Outcome::Cut)
            .or(Outcome::Status(504)),
        Lie::new(
            "an answer before the question has come",
            "9112 9.5",
            length("3", "abc"),
        )
        .asked(Question::LargePost)
        .only(ABC),
        Lie::new(
            "an answer before the question has come, and the end",
            "9112 9.5",
            length("3", "abc"),
        )
        .asked(Question::LargePost)
        .then(Act::Wait)
        .then(Act::Close)
        .or(ABC),
    ]
}
