//! One request to the web interface on a connection of its own, and the whole of a bounded answer.

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, REFERER};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use crate::connection::{Pace, connect, resolve};
use crate::error::{Error, Step, Why};
use crate::server::{Security, Server};
use crate::tls;

/// Longest head of an answer.
const MOST_HEAD: usize = 64 * 1024;
/// Longest body of one.
const MOST_BODY: usize = 1024 * 1024;

/// What is sent.
pub(super) struct Question {
    pub(super) path: &'static str,
    pub(super) content: &'static str,
    /// Who asks, once signed in.
    pub(super) cookie: Option<HeaderValue>,
    pub(super) body: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A field of the head, where it is text.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The web interface on the host of the server: the same belief in its certificate, always TLS.
pub(super) fn door(server: &Server, port: u16) -> Server {
    Server {
        port,
        security: Security::Tls,
        ..server.clone()
    }
}

/// Asks, and waits for the whole answer.
///
/// # Errors
/// There is none in time, or it is no answer of a web server, or too long.
pub(super) async fn ask(
    server: &Server,
    (step, pace): (Step, Pace),
    question: Question,
) -> Result<Answer, Error> {
    let about = server.host.as_str();
    pace.wait((step, about), exchange(server, (step, pace), question))
        .await?
}

async fn exchange(
    server: &Server,
    (step, pace): (Step, Pace),
    question: Question,
) -> Result<Answer, Error> {
    let fail = |why| Error::new(step, why, &server.host);
    let broken = |_| fail(Why::BrokeOff);
    let request = request(server, question).map_err(|_| fail(Why::Malformed))?;
    let addresses = resolve(server, pace).await?;
    let stream = connect(server, &addresses, pace).await?;
    let stream = tls::handshake(server, stream, pace).await?;
    let mut client = http1::Builder::new();
    client.max_buf_size(MOST_HEAD);
    let shaken = client.handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(broken)?;
    let asked = async move {
        let (head, body) = sender
            .send_request(request)
            .await
            .map_err(broken)?
            .into_parts();
        let body = Limited::new(body, MOST_BODY).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Error::new(step, Why::Malformed, "an answer of more than 1 MiB")
            } else {
                fail(Why::BrokeOff)
            }
        })?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes().into(),
        })
    };
    // What the connection ends with, the answer says, too.
    let (answer, _) = tokio::join!(asked, connection);
    answer
}

/// As a page of the server itself would ask: it refuses any other origin. FreeIPA knows itself by its name alone and sends
/// whoever adds a port elsewhere, also where one is passed on to it.
fn request(server: &Server, question: Question) -> Result<Request<String>, http::Error> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(question.path)
        .header(HOST, &server.host)
        .header(REFERER, format!("https://{}/ipa", server.host))
        .header(ACCEPT, "application/json, text/plain, text/html")
        .header(CONTENT_TYPE, question.content);
    if let Some(cookie) = question.cookie {
        request = request.header(COOKIE, cookie);
    }
    request.body(question.body)
}
