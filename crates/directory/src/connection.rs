//! A connection to the server: looked up, opened, protected, and the account signed in, each within its time.

use std::net::SocketAddr;
use std::time::Duration;

use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapBindCred, LdapBindRequest, LdapExtendedRequest, LdapMsg, LdapOp, LdapResult, LdapResultCode,
};
use secrecy::ExposeSecret as _;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, Step, Why};
use crate::limits::Limits;
use crate::password_control::PasswordControl;
use crate::server::{Bind, Security, Server};
use crate::tls;
use crate::wire::{Fault, Received, Stream, receive, send};

/// StartTLS (RFC 4511 section 4.14.1).
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// An open connection, with one request at a time.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    number: i32,
    pace: Pace,
    message: usize,
}

/// How long things may take.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    answer: Duration,
    end: Instant,
}

impl Pace {
    /// From now on.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            answer: limits.answer,
            end: Instant::now() + limits.whole,
        }
    }

    /// One wait, about `about`.
    pub(crate) async fn wait<T>(
        self,
        (step, about): (Step, &str),
        work: impl Future<Output = T>,
    ) -> Result<T, Error> {
        let end = self.end.min(Instant::now() + self.answer);
        timeout_at(end, work).await.map_err(|_| {
            let is_over = Instant::now() >= self.end;
            let why = if is_over {
                Why::TookTooLong
            } else {
                Why::TimedOut
            };
            Error::new(step, why, about)
        })
    }
}

/// Where the server is.
pub(crate) async fn resolve(server: &Server, pace: Pace) -> Result<Vec<SocketAddr>, Error> {
    let about = (Step::Resolve, server.host.as_str());
    let found = pace
        .wait(about, lookup_host((server.host.as_str(), server.port)))
        .await?;
    let addresses: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
    if addresses.is_empty() {
        return Err(Error::new(Step::Resolve, Why::NameUnknown, &server.host));
    }
    Ok(addresses)
}

/// Opens a connection to the first address that answers.
pub(crate) async fn connect(
    server: &Server,
    addresses: &[SocketAddr],
    pace: Pace,
) -> Result<TcpStream, Error> {
    let target = format!("{}:{}", server.host, server.port);
    let refuse = |why| Error::new(Step::Connect, why, &target);
    // A name server may say of localhost what it likes.
    let is_allowed =
        |address: &&SocketAddr| server.security != Security::Plain || address.ip().is_loopback();
    let mut last = refuse(Why::PlainText);
    for address in addresses.iter().filter(is_allowed) {
        last = match pace
            .wait((Step::Connect, &target), TcpStream::connect(address))
            .await
        {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => refuse(Why::Unreachable),
            Err(error) => error,
        };
    }
    Err(last)
}

impl Connection {
    /// Opens a connection to the server, protected as it should be.
    pub(crate) async fn open(server: &Server, pace: Pace, message: usize) -> Result<Self, Error> {
        let addresses = resolve(server, pace).await?;
        let stream = connect(server, &addresses, pace).await?;
        Self::secure(server, stream, pace, message).await
    }

    /// Agrees on TLS where it is wanted.
    pub(crate) async fn secure(
        server: &Server,
        stream: TcpStream,
        pace: Pace,
        message: usize,
    ) -> Result<Self, Error> {
        let mut open = Self {
            stream: Box::new(stream),
            number: 0,
            pace,
            message,
        };
        if server.security == Security::Plain {
            return Ok(open);
        }
        if server.security == Security::StartTls {
            open.start_tls(server).await?;
        }
        // What came in the clear beyond the answer was never read: the handshake meets it and fails.
        let stream = tls::handshake(server, open.stream, pace).await?;
        open.stream = Box::new(stream);
        Ok(open)
    }

    async fn start_tls(&mut self, server: &Server) -> Result<(), Error> {
        let request = LdapExtendedRequest {
            name: START_TLS.to_owned(),
            value: None,
        };
        let at = (Step::Secure, server.host.as_str());
        self.ask(at, LdapOp::ExtendedRequest(request), vec![])
            .await?;
        match self.answer(at).await?.op {
            LdapOp::ExtendedResponse(answer) if answer.res.code == LdapResultCode::Success => {
                Ok(())
            }
            _ => Err(Error::new(Step::Secure, Why::NoStartTls, &server.host)),
        }
    }

    /// Signs the account in.
    pub(crate) async fn bind(&mut self, account: &Bind) -> Result<(), Error> {
        let at = (Step::Bind, account.dn.as_str());
        let (answer, _) = self.try_bind(account, vec![]).await?;
        let refusal = match answer.code {
            LdapResultCode::Success => return Ok(()),
            // An account that is not there is not told from a wrong password, by most servers.
            LdapResultCode::InvalidCredentials | LdapResultCode::NoSuchObject => {
                return Err(Error::new(at.0, Why::WrongPassword, at.1));
            }
            LdapResultCode::InvalidDNSyntax => Why::WrongPassword,
            _ => Why::BindRefused,
        };
        Err(Error::new(at.0, refusal, said(&answer)))
    }

    /// Asks to sign in by a name and a password (RFC 4513 section 5.1.3); what the server answers.
    pub(crate) async fn try_bind(
        &mut self,
        account: &Bind,
        controls: Vec<LdapControl>,
    ) -> Result<(LdapResult, Vec<PasswordControl>), Error> {
        let at = (Step::Bind, account.dn.as_str());
        let password = account.password.expose_secret();
        // Without either, servers say yes and let nobody in particular in (sections 5.1.1 and 5.1.2).
        if password.is_empty() || account.dn.trim().is_empty() {
            return Err(Error::new(at.0, Why::EmptyPassword, at.1));
        }
        let request = LdapBindRequest {
            version: 3,
            dn: account.dn.clone(),
            cred: LdapBindCred::Simple(password.to_owned()),
        };
        self.ask(at, LdapOp::BindRequest(request), controls).await?;
        let Received { message, password } = self.whole_answer(at).await?;
        let LdapOp::BindResponse(answer) = message.op else {
            return Err(Error::new(at.0, Why::Malformed, at.1));
        };
        Ok((answer.res, password))
    }

    /// Sends a request under the next number.
    pub(crate) async fn ask(
        &mut self,
        at: (Step, &str),
        op: LdapOp,
        controls: Vec<LdapControl>,
    ) -> Result<(), Error> {
        self.number = self.number.wrapping_add(1) & i32::MAX;
        let message = LdapMsg::new_with_ctrls(self.number, op, controls);
        let sent = self.pace.wait(at, send(&mut self.stream, message)).await?;
        sent.map_err(|fault| faulty(at, &fault))
    }

    /// The next message that answers the request.
    pub(crate) async fn answer(&mut self, at: (Step, &str)) -> Result<LdapMsg, Error> {
        Ok(self.whole_answer(at).await?.message)
    }

    /// The same, with what it says of a password.
    pub(crate) async fn whole_answer(&mut self, at: (Step, &str)) -> Result<Received, Error> {
        let next = receive(&mut self.stream, self.message);
        let received = self.pace.wait(at, next).await?;
        let received = received.map_err(|fault| faulty(at, &fault))?;
        let message = &received.message;
        // Number 0 says why the server hangs up (RFC 4511 section 4.4.1).
        if message.msgid == 0 {
            let reason = match &message.op {
                LdapOp::ExtendedResponse(notice) => said(&notice.res),
                _ => at.1.to_owned(),
            };
            return Err(Error::new(at.0, Why::BrokeOff, reason));
        }
        if message.msgid != self.number {
            return Err(Error::new(at.0, Why::Malformed, "an answer to no question"));
        }
        Ok(received)
    }

    /// Says goodbye, as far as the server cares.
    pub(crate) async fn close(mut self) {
        let at = (Step::Groups, "");
        drop(self.ask(at, LdapOp::UnbindRequest, vec![]).await);
    }
}

fn faulty((step, about): (Step, &str), fault: &Fault) -> Error {
    match fault {
        Fault::BrokeOff => Error::new(step, Why::BrokeOff, about),
        Fault::Malformed(how) => Error::new(step, Why::Malformed, how),
    }
}

/// What a server says about a refusal.
pub(crate) fn said(result: &LdapResult) -> String {
    match result.message.trim() {
        "" => format!("{:?}", result.code),
        message => format!("{:?}: {message}", result.code),
    }
}
