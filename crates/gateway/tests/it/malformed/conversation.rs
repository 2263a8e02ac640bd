//! The client's side of a case: bytes out, answers in.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::case::{After, Case, ID, Step};
use crate::bare::reader::{Answer, Fault, Reader};

/// Beyond this nothing more will come.
const DEADLINE: Duration = Duration::from_secs(30);
/// Lets the other side see the bytes before as bytes of their own.
const PAUSE: Duration = Duration::from_millis(1);
/// Bytes of a write that are cut into pieces; the rest of a large one follows whole.
const CUT: usize = 400;

/// How the bytes of a case come to the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// As they are written.
    Whole,
    /// Cut at every place where a parser could stumble.
    Pieces,
    /// On a connection that has served a request.
    Kept,
    /// In one write behind a request.
    Pipelined,
}

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) interims: Vec<u16>,
    pub(super) answers: Vec<Answer>,
    pub(super) ending: Option<Ending>,
    /// What came of the request that tries whether the connection is still good.
    pub(super) further: Option<Result<Answer, Ending>>,
}

/// How the connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Closed,
    Reset,
    /// The client left.
    Left,
    /// Neither a byte nor an end.
    Silence,
    Odd(String),
}

/// How far the answers have come; the writing side waits for some of them.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    interims: usize,
    answers: usize,
}

impl Delivery {
    pub(super) fn has_first(self) -> bool {
        matches!(self, Self::Kept | Self::Pipelined)
    }
}

/// Holds the conversation of a case, under the name `id`.
pub(super) async fn hold(gateway: SocketAddr, case: &Case, delivery: Delivery, id: &str) -> Heard {
    let stream = TcpStream::connect(gateway).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (from, mut to) = stream.into_split();
    let (progress, seen) = watch::channel(Progress::default());
    let mut reader = Reader::new(from);
    let mut heard = Heard::default();
    let vanishes = case.steps.iter().any(|step| matches!(step, Step::Vanish));
    let ended = {
        let mut writing = Box::pin(write(&mut to, case, (delivery, id), seen));
        let reading = read(
            &mut reader,
            case,
            delivery.has_first(),
            (&mut heard, &progress),
        );
        let mut reading = Box::pin(reading);
        let mut is_written = false;
        let ended = loop {
            tokio::select! {
                () = &mut writing, if !is_written => {
                    is_written = true;
                    if vanishes {
                        break Some(Ending::Left);
                    }
                }
                ended = &mut reading => break ended,
            }
        };
        if ended.is_none() && !is_written {
            writing.await;
        }
        ended
    };
    if vanishes {
        // Dropped, it would say goodbye first.
        let stream: &TcpStream = to.as_ref();
        stream.set_zero_linger().unwrap();
        to.forget();
    } else if ended.is_none() {
        heard.further = Some(go_on(&mut reader, &mut to, id).await);
    }
    heard.ending = ended;
    heard
}

/// Reads the answers that the case expects, or to the end if it expects one; how the connection ended, if it did.
async fn read(
    reader: &mut Reader<OwnedReadHalf>,
    case: &Case,
    has_first: bool,
    (heard, progress): (&mut Heard, &watch::Sender<Progress>),
) -> Option<Ending> {
    let first = usize::from(has_first);
    let expected = case.answers.len() + first;
    while case.after == After::Closed || heard.answers.len() < expected {
        let place = heard.answers.len();
        let to_head = place >= first && case.to_head.contains(&(place - first));
        match next(reader, to_head).await {
            Ok(answer) if (100..200).contains(&answer.status) => {
                heard.interims.push(answer.status);
            }
            Ok(answer) => heard.answers.push(answer),
            Err(ending) => return Some(ending),
        }
        progress.send_replace(Progress {
            interims: heard.interims.len(),
            answers: heard.answers.len(),
        });
    }
    None
}

async fn next(reader: &mut Reader<OwnedReadHalf>, to_head: bool) -> Result<Answer, Ending> {
    match tokio::time::timeout(DEADLINE, reader.answer(to_head)).await {
        Ok(Ok(Some(answer))) => match &answer.content.fault {
            None => Ok(answer),
            Some(fault) => Err(Ending::Odd(format!(
                "{} with a body that ends early: {fault:?}",
                answer.status
            ))),
        },
        Ok(Ok(None)) => Err(Ending::Closed),
        Ok(Err(Fault::Reset)) => Err(Ending::Reset),
        Ok(Err(fault)) => Err(Ending::Odd(format!("{fault:?}"))),
        Err(_) => Err(Ending::Silence),
    }
}

/// One request more, to see whether both sides agree on where the last one ended.
async fn go_on(
    reader: &mut Reader<OwnedReadHalf>,
    to: &mut OwnedWriteHalf,
    id: &str,
) -> Result<Answer, Ending> {
    let request = follower("after", id);
    // A connection that was closed meanwhile says so when it is read.
    let _ = to.write_all(&request).await;
    next(reader, false).await
}

/// A request that nobody can misunderstand.
fn follower(suffix: &str, id: &str) -> Vec<u8> {
    format!("GET /app/case/{suffix}?{id}{suffix} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

async fn write(
    to: &mut OwnedWriteHalf,
    case: &Case,
    (delivery, id): (Delivery, &str),
    mut seen: watch::Receiver<Progress>,
) {
    let mut ahead = Vec::new();
    match delivery {
        Delivery::Kept => {
            let _ = to.write_all(&follower("first", id)).await;
            let _ = seen.wait_for(|progress| progress.answers > 0).await;
        }
        Delivery::Pipelined => ahead = follower("first", id),
        Delivery::Whole | Delivery::Pieces => {}
    }
    for step in &case.steps {
        match step {
            Step::Write(bytes) => {
                let bytes = [std::mem::take(&mut ahead), named(bytes, id)].concat();
                let pieces = match delivery {
                    Delivery::Pieces => pieces(&bytes),
                    _ => vec![bytes.as_slice()],
                };
                for piece in pieces {
                    // The gateway may have said no, and closed, before everything is sent.
                    if to.write_all(piece).await.is_err() {
                        return;
                    }
                    if delivery == Delivery::Pieces {
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
            Step::Pause => tokio::time::sleep(PAUSE).await,
            Step::Answers(count) => {
                let _ = seen.wait_for(|progress| progress.answers >= *count).await;
            }
            Step::Interim => {
                let _ = seen.wait_for(|progress| progress.interims > 0).await;
            }
            Step::Finish => {
                let _ = to.shutdown().await;
            }
            Step::Vanish => {}
        }
    }
}

/// The bytes with the name of the case in place of the one that stands for it.
pub(super) fn named(bytes: &[u8], id: &str) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = bytes
        .windows(ID.len())
        .enumerate()
        .filter(|(_, window)| *window == ID.as_bytes())
        .map(|(place, _)| place)
        .collect();
    for place in places {
        bytes[place..place + ID.len()].copy_from_slice(id.as_bytes());
    }
    bytes
}

/// Cuts before and after every line end, colon and blank.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (place, byte) in bytes.iter().enumerate().take(CUT) {
        if matches!(byte, b'\r' | b'\n' | b':' | b' ') {
            pieces.extend([&bytes[from..place], &bytes[place..=place]]);
            from = place + 1;
        }
    }
    pieces.push(&bytes[from..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
