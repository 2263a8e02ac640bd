//! One connection to the sink.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::{MailFault, MailSecurity, MailStep, ReceivedMail, Shared};

/// Longest message, in bytes.
const MOST_BYTES: usize = 1 << 20;

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What came of a step.
#[derive(PartialEq, Eq)]
enum Went {
    /// The usual reply was given.
    Well,
    /// Another reply was given.
    Refused,
    /// The connection is over.
    Over,
}

pub(super) struct Session {
    stream: BufReader<Box<dyn Io>>,
    shared: Arc<Shared>,
    encrypted: bool,
    authenticated: bool,
    from: String,
    to: Vec<String>,
}

impl Session {
    pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
        let encrypted = shared.security == MailSecurity::Tls;
        let stream: Box<dyn Io> = if encrypted {
            Box::new(shared.acceptor.accept(stream).await?)
        } else {
            Box::new(stream)
        };
        let session = Self {
            stream: BufReader::new(stream),
            authenticated: shared.credentials.is_none(),
            shared,
            encrypted,
            from: String::new(),
            to: Vec::new(),
        };
        session.run().await
    }

    async fn run(mut self) -> io::Result<()> {
        if self.step(MailStep::Greeting, "220 sink ESMTP").await? == Went::Over {
            return Ok(());
        }
        while let Some(line) = self.line().await? {
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            let went = match verb.as_str() {
                "EHLO" => {
                    let extensions = self.extensions();
                    self.step(MailStep::Ehlo, &extensions).await?
                }
                "STARTTLS" => {
                    let went = self.step(MailStep::Starttls, "220 go ahead").await?;
                    if went == Went::Well {
                        self = self.encrypt().await?;
                    }
                    went
                }
                "AUTH" => self.authenticate(&line).await?,
                "MAIL" | "RCPT" | "DATA" if !self.authenticated => {
                    self.reply("530 5.7.0 authentication required").await?
                }
                "MAIL" => {
                    self.from = address(&line);
                    self.to.clear();
                    self.step(MailStep::Mail, "250 2.1.0 sender taken").await?
                }
                "RCPT" => {
                    let went = self
                        .step(MailStep::Rcpt, "250 2.1.5 recipient taken")
                        .await?;
                    if went == Went::Well {
                        self.to.push(address(&line));
                    }
                    went
                }
                "DATA" => self.data().await?,
                "QUIT" => {
                    self.step(MailStep::Quit, "221 2.0.0 bye").await?;
                    Went::Over
                }
                "NOOP" | "RSET" => self.reply("250 2.0.0 well").await?,
                _ => self.reply("500 5.5.1 unknown").await?,
            };
            if went == Went::Over {
                return Ok(());
            }
        }
        Ok(())
    }

    fn extensions(&self) -> String {
        let mut lines = vec!["sink", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        if self.shared.security == MailSecurity::Starttls && !self.encrypted {
            lines.push("STARTTLS");
        }
        if self.shared.credentials.is_some() {
            lines.push("AUTH PLAIN");
        }
        let mut reply = String::new();
        for line in lines {
            reply.push_str("250-");
            reply.push_str(line);
            reply.push_str("\r\n");
        }
        reply + "250 SIZE 1048576"
    }

    async fn encrypt(self) -> io::Result<Self> {
        let acceptor = self.shared.acceptor.clone();
        let stream = acceptor.accept(self.stream.into_inner()).await?;
        Ok(Self {
            stream: BufReader::new(Box::new(stream)),
            encrypted: true,
            ..self
        })
    }

    /// AUTH PLAIN with an initial response (RFC 4616).
    async fn authenticate(&mut self, line: &str) -> io::Result<Went> {
        let given = line
            .strip_prefix("AUTH PLAIN ")
            .and_then(|text| STANDARD.decode(text.trim()).ok());
        let wanted = self
            .shared
            .credentials
            .as_ref()
            .map(|(user, word)| format!("\0{user}\0{word}").into_bytes());
        if given.is_none() || given != wanted {
            return self.reply("535 5.7.8 wrong user or password").await;
        }
        let went = self.step(MailStep::Auth, "235 2.7.0 welcome").await?;
        self.authenticated = went == Went::Well;
        Ok(went)
    }

    async fn data(&mut self) -> io::Result<Went> {
        if self.to.is_empty() {
            return self.reply("554 5.5.1 no recipient").await;
        }
        let shared = Arc::clone(&self.shared);
        shared.pass(&self.to).await;
        let went = self.step(MailStep::Data, "354 go ahead").await?;
        if went != Went::Well {
            return Ok(went);
        }
        let mut message = Vec::new();
        loop {
            let Some(line) = self.line().await? else {
                return Ok(Went::Over);
            };
            if line == "." {
                break;
            }
            if message.is_empty() && self.shared.fault(MailStep::Body) == Some(MailFault::Cut) {
                return Ok(Went::Over);
            }
            message.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            message.extend_from_slice(b"\r\n");
            assert!(message.len() <= MOST_BYTES, "the message is too long");
        }
        let mail = ReceivedMail {
            from: self.from.clone(),
            to: std::mem::take(&mut self.to),
            message,
            encrypted: self.encrypted,
        };
        match self.shared.fault(MailStep::Dot) {
            None => {
                self.shared.keep(mail);
                self.reply("250 2.0.0 taken").await
            }
            Some(MailFault::Reply(text)) => {
                self.reply(text).await?;
                Ok(Went::Refused)
            }
            Some(MailFault::KeepAndCut) => {
                self.shared.keep(mail);
                Ok(Went::Over)
            }
            Some(MailFault::Cut) => Ok(Went::Over),
        }
    }

    async fn step(&mut self, step: MailStep, usual: &str) -> io::Result<Went> {
        match self.shared.fault(step) {
            None => self.reply(usual).await,
            Some(MailFault::Reply(text)) => {
                self.reply(text).await?;
                Ok(Went::Refused)
            }
            Some(MailFault::Cut | MailFault::KeepAndCut) => Ok(Went::Over),
        }
    }

    async fn reply(&mut self, text: &str) -> io::Result<Went> {
        self.stream
            .write_all(format!("{text}\r\n").as_bytes())
            .await?;
        self.stream.flush().await?;
        Ok(Went::Well)
    }

    /// The next line without its end; `None` when the client has gone. What is not UTF-8 fails the session.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let inner = line
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}
