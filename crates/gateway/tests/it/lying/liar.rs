//! The app that lies. What it is asked by `/lie/<number>` it answers as that row of the table says, and everything else
//! properly.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::lie::{AFTERWARDS, Act, Lie, POISON};
use crate::bare::reader::{Fault, Framing, Head, Reader};

/// Between the bytes of one that has all the time in the world.
const DRIBBLE: Duration = Duration::from_millis(20);

/// How long the gateway may listen to a lie.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Liar {
    pub(super) app: &'static str,
    pub(super) lies: Vec<Lie>,
    told: Vec<AtomicUsize>,
    /// Questions answered properly.
    pub(super) answered: AtomicUsize,
    /// What the gateway sent that is no request.
    pub(super) oddities: Mutex<Vec<String>>,
}

/// Whether the connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    GoesOn,
    IsOver,
    IsReset,
}

impl Liar {
    pub(super) fn new(app: &'static str, lies: Vec<Lie>) -> Self {
        Self {
            app,
            told: lies.iter().map(|_| AtomicUsize::new(0)).collect(),
            lies,
            answered: AtomicUsize::new(0),
            oddities: Mutex::default(),
        }
    }

    /// Says something as soon as somebody connects, and answers after that.
    pub(super) async fn serve_eagerly(self: Arc<Self>, mut stream: TcpStream) {
        if stream.write_all(POISON.as_bytes()).await.is_ok() {
            self.serve(stream).await;
        }
    }

    pub(super) async fn serve(self: Arc<Self>, stream: TcpStream) {
        let (from, mut to) = stream.into_split();
        let mut reader = Reader::new(from);
        loop {
            let head = match reader.head().await {
                Ok(Some(head)) => head,
                Ok(None) | Err(Fault::Reset) => return,
                Err(fault) => {
                    let rest = crate::bare::reader::lossy(reader.rest());
                    let oddity = format!("an app was sent {fault:?} before {rest:?}");
                    return self.oddities.lock().unwrap().push(oddity);
                }
            };
            let next = match number(&head) {
                Some(number) => {
                    let next = act(&self.lies[number], &mut reader, &mut to).await;
                    self.told[number].fetch_add(1, Ordering::SeqCst);
                    if next == Next::GoesOn && !is_taken(&head, &mut reader).await {
                        return;
                    }
                    next
                }
                None => self.answer(&head, &mut reader, &mut to).await,
            };
            match next {
                Next::GoesOn => {}
                Next::IsOver => return,
                // Dropped, it would say goodbye first.
                Next::IsReset => return to.forget(),
            }
        }
    }

    /// Whether a lie has been told to its end within a reasonable time.
    pub(super) async fn is_through(&self, number: usize) -> bool {
        let told = async {
            while self.told[number].load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(DRIBBLE).await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.is_ok()
    }

    async fn answer(
        &self,
        head: &Head,
        reader: &mut Reader<OwnedReadHalf>,
        to: &mut OwnedWriteHalf,
    ) -> Next {
        let framing = head.framing().unwrap().unwrap_or(Framing::Length(0));
        let body = reader.content(framing).await;
        if body.fault.is_some() {
            return Next::IsOver;
        }
        let target = head.start.split(' ').nth(1).unwrap();
        let id = target.split_once('?').map_or("", |(_, id)| id);
        let body = format!("good {id}");
        let answer = format!(
            "HTTP/1.1 200 OK\r\nX-Instance: liar\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = to.write_all(answer.as_bytes()).await;
        self.answered.fetch_add(1, Ordering::SeqCst);
        if sent.is_ok() {
            Next::GoesOn
        } else {
            Next::IsOver
        }
    }
}

/// Takes the body of a question that has been answered; whether all of it came.
async fn is_taken(head: &Head, reader: &mut Reader<OwnedReadHalf>) -> bool {
    let framing = head.framing().unwrap().unwrap_or(Framing::Length(0));
    reader.content(framing).await.fault.is_none()
}

fn number(head: &Head) -> Option<usize> {
    let target = head.start.split(' ').nth(1)?;
    let (_, number) = target.split_once("/lie/")?;
    number.parse().ok()
}

async fn act(lie: &Lie, reader: &mut Reader<OwnedReadHalf>, to: &mut OwnedWriteHalf) -> Next {
    for act in &lie.acts {
        let sent = match act {
            Act::Send(bytes) => to.write_all(bytes).await,
            Act::Wait => {
                tokio::time::sleep(AFTERWARDS).await;
                Ok(())
            }
            Act::Forever(bytes) => {
                let much = bytes.repeat(16 * 1024 / bytes.len());
                while to.write_all(much.as_bytes()).await.is_ok() {}
                return Next::IsOver;
            }
            Act::Dribble(bytes) => {
                while to.write_all(bytes.as_bytes()).await.is_ok() {
                    tokio::time::sleep(DRIBBLE).await;
                }
                return Next::IsOver;
            }
            Act::Hold => {
                while reader.more().await == Ok(true) {}
                return Next::IsOver;
            }
            Act::Close => return Next::IsOver,
            Act::Reset => {
                let stream: &TcpStream = to.as_ref();
                stream.set_zero_linger().unwrap();
                return Next::IsReset;
            }
        };
        if sent.is_err() {
            return Next::IsOver;
        }
    }
    Next::GoesOn
}
