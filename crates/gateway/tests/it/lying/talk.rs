//! The client's side: what it makes of an answer.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::lie::{Lie, Outcome, Question};
use crate::bare::reader::{Answer, Fault, Framing, Reader};

/// Beyond this nothing more will come.
const DEADLINE: Duration = Duration::from_secs(10);
/// More than fits on its way between two sockets, and less than the largest body.
const LARGE: usize = 1024 * 1024;

/// Asks for a lie; what is wrong with what comes.
pub(super) async fn hear(
    gateway: SocketAddr,
    app: &str,
    (number, lie): (usize, &Lie),
) -> Vec<String> {
    let (method, path, body) = match lie.question {
        Question::Get => ("GET", "lie", 0),
        Question::Head => ("HEAD", "lie", 0),
        Question::LargePost => ("POST", "lie", LARGE),
        Question::Short => ("GET", "short/lie", 0),
    };
    let length = if body > 0 {
        format!("Content-Length: {body}\r\n")
    } else {
        String::new()
    };
    let head = format!(
        "{method} /app/{app}/{path}/{number} HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: TE\r\n{length}\r\n"
    );
    let stream = TcpStream::connect(gateway).await.unwrap();
    let (from, mut to) = stream.into_split();
    let mut reader = Reader::new(from);
    let request = [head.as_bytes(), &vec![b'x'; body]].concat();
    let asking = async {
        let _ = to.write_all(&request).await;
        std::future::pending::<()>().await;
    };
    let answer = tokio::select! {
        () = asking => unreachable!(),
        answer = tokio::time::timeout(DEADLINE, final_answer(&mut reader, method == "HEAD")) => answer,
    };
    let mut complaints = Vec::new();
    let outcome = match answer {
        Ok(Ok(answer)) => {
            complaints.extend(foreign(&answer));
            read(&answer).map_err(|what| format!("got {what}"))
        }
        Ok(Err(Fault::Odd(what))) => Err(format!("got {what}")),
        // Nothing at all breaks off visibly, too.
        Ok(Err(_)) => Ok((0, String::new(), false)),
        Err(_) => Err("got no answer in time".to_owned()),
    };
    match outcome {
        Ok((status, body, is_whole)) => {
            let matches = lie.allowed.iter().any(|allowed| match allowed {
                Outcome::Status(wanted) => is_whole && status == *wanted,
                Outcome::Cut => !is_whole,
                Outcome::Whole(wanted, text) => is_whole && status == *wanted && body == *text,
            });
            if !matches {
                let kind = if is_whole { "whole" } else { "cut" };
                let body: String = body.chars().take(60).collect();
                complaints.push(format!(
                    "got a {kind} {status} with {body:?} instead of {:?}",
                    lie.allowed
                ));
            }
        }
        Err(complaint) => complaints.push(complaint),
    }
    complaints
}

/// Passes over interim answers, of which there may be some but not any number.
async fn final_answer<R>(reader: &mut Reader<R>, to_head: bool) -> Result<Answer, Fault>
where
    R: tokio::io::AsyncRead + Unpin,
{
    for _ in 0..2_000 {
        let answer = reader.answer(to_head).await?.ok_or(Fault::Cut)?;
        if answer.status == 101 {
            return Err(Fault::Odd("a switch of protocols".to_owned()));
        }
        if answer.status >= 200 {
            return Ok(answer);
        }
    }
    Err(Fault::Odd("interim answers without end".to_owned()))
}

/// Status, body, and whether it is whole as far as a client can see.
fn read(answer: &Answer) -> Result<(u16, String, bool), String> {
    let is_whole = match &answer.content.fault {
        None => true,
        Some(Fault::Cut | Fault::Reset) => false,
        Some(Fault::Odd(what)) => return Err(what.clone()),
    };
    if is_whole && answer.framing == Framing::UntilClose {
        return Err("an answer whose end nobody can tell from a fault".to_owned());
    }
    Ok((answer.status, answer.text(), is_whole))
}

/// What must not come from an app at all.
fn foreign(answer: &Answer) -> Vec<String> {
    let fields = answer.head.fields.iter().chain(&answer.content.trailers);
    fields
        .filter(|(name, value)| {
            name.starts_with("cloud-")
                || matches!(
                    name.as_str(),
                    "keep-alive" | "upgrade" | "proxy-authenticate"
                )
                || (name == "set-cookie" && value.starts_with("cloud="))
        })
        .map(|(name, _)| format!("got the field {name}"))
        .chain(answer.content.trailers.iter().filter_map(|(name, _)| {
            let is_framing = matches!(name.as_str(), "content-length" | "transfer-encoding");
            is_framing.then(|| format!("got the trailer {name}"))
        }))
        .collect()
}

/// A question of another client, which must get its own answer.
pub(super) async fn ask_properly(gateway: SocketAddr, app: &str, id: &str) -> Option<String> {
    let own = format!("good {id}");
    match ask(gateway, app, id).await {
        Ok(answer) if answer.status == 200 && answer.is_whole() && answer.text() == own => None,
        Ok(answer) => Some(format!(
            "the next client got {} {:?} instead of {own:?}",
            answer.status,
            answer.text()
        )),
        Err(fault) => Some(format!("the next client got {fault:?}")),
    }
}

pub(super) async fn ask(gateway: SocketAddr, app: &str, id: &str) -> Result<Answer, Fault> {
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let request = format!("GET /app/{app}/good?{id} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reader = Reader::new(stream);
    let answer = tokio::time::timeout(DEADLINE, reader.answer(false)).await;
    answer
        .map_err(|_| Fault::Odd("nothing".to_owned()))??
        .ok_or(Fault::Cut)
}
