//! Messages read from a socket by the letter of RFC 9112: whatever bends a rule is a fault, because this is how the
//! tests see what the gateway writes.

use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes after which a line is not going to end.
const LONGEST_LINE: usize = 1024 * 1024;

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection ended within it.
    Cut,
    /// The connection was reset.
    Reset,
    /// It breaks a rule.
    Odd(String),
}

/// The first line and the fields of a message; names in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) start: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// What followed a head.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    pub(crate) trailers: Vec<(String, String)>,
    /// Why it is not whole.
    pub(crate) fault: Option<Fault>,
}

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
    UntilClose,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: Head,
    pub(crate) framing: Framing,
    pub(crate) content: Content,
}

/// A socket that is read message by message.
pub(crate) struct Reader<R> {
    from: R,
    buffer: Vec<u8>,
}

impl Head {
    /// The value of a field that is there once.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        match self.all(name).as_slice() {
            [] => None,
            [value] => Some(value),
            several => panic!("{name} came several times: {several:?}"),
        }
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.fields.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// What the fields say about the body; `None` when they say nothing.
    pub(crate) fn framing(&self) -> Result<Option<Framing>, Fault> {
        match (
            self.all("content-length").as_slice(),
            self.all("transfer-encoding").as_slice(),
        ) {
            ([], []) => Ok(None),
            ([], ["chunked"]) => Ok(Some(Framing::Chunked)),
            ([length], []) if !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) => {
                let length = length
                    .parse()
                    .map_err(|_| odd("a length beyond all measure"))?;
                Ok(Some(Framing::Length(length)))
            }
            (lengths, codings) => Err(odd(&format!(
                "lengths {lengths:?} with codings {codings:?}"
            ))),
        }
    }
}

impl Answer {
    /// Whether the whole of it came, by its own account.
    pub(crate) fn is_whole(&self) -> bool {
        self.content.fault.is_none()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.content.bytes).into_owned()
    }
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub(crate) fn new(from: R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
        }
    }

    /// What was read and not used.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.buffer
    }

    /// The next request, or the reason why it ended early beside what there is of it; `None` at an orderly end.
    pub(crate) async fn request(&mut self) -> Result<Option<(Head, Content)>, Fault> {
        let Some(head) = self.head().await? else {
            return Ok(None);
        };
        let content = match head.framing() {
            Ok(framing) => self.content(framing.unwrap_or(Framing::Length(0))).await,
            Err(fault) => Content {
                fault: Some(fault),
                ..Content::default()
            },
        };
        Ok(Some((head, content)))
    }

    /// The next response; a body is not expected when the question was HEAD. `None` at an orderly end.
    pub(crate) async fn answer(&mut self, to_head: bool) -> Result<Option<Answer>, Fault> {
        let Some(head) = self.head().await? else {
            return Ok(None);
        };
        let status = status(&head.start)?;
        let framing = if to_head || status < 200 || status == 204 || status == 304 {
            Framing::Length(0)
        } else {
            head.framing()?.unwrap_or(Framing::UntilClose)
        };
        let content = self.content(framing).await;
        Ok(Some(Answer {
            status,
            head,
            framing,
            content,
        }))
    }

    /// The next head; `None` at an orderly end.
    pub(crate) async fn head(&mut self) -> Result<Option<Head>, Fault> {
        if self.buffer.is_empty() && !self.more().await? {
            return Ok(None);
        }
        let start = text(self.line().await?)?;
        let fields = self.fields().await?;
        Ok(Some(Head { start, fields }))
    }

    /// The body, as far as it comes.
    pub(crate) async fn content(&mut self, framing: Framing) -> Content {
        let mut content = Content::default();
        let outcome = match framing {
            Framing::Length(length) => self.take(length, &mut content.bytes).await,
            Framing::Chunked => self.chunks(&mut content).await,
            Framing::UntilClose => loop {
                content.bytes.append(&mut self.buffer);
                match self.more().await {
                    Ok(true) => {}
                    Ok(false) => break Ok(()),
                    Err(fault) => break Err(fault),
                }
            },
        };
        content.fault = outcome.err();
        content
    }

    /// Reads on; whether there was anything.
    pub(crate) async fn more(&mut self) -> Result<bool, Fault> {
        let read = self.from.read_buf(&mut self.buffer).await;
        read.map(|read| read > 0).map_err(|_| Fault::Reset)
    }

    async fn chunks(&mut self, content: &mut Content) -> Result<(), Fault> {
        loop {
            let line = text(self.line().await?)?;
            // No extension: what nobody understands has no business in what the gateway writes.
            let is_size = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_hexdigit());
            let size = usize::from_str_radix(&line, 16).ok().filter(|_| is_size);
            let size = size.ok_or_else(|| odd(&format!("the chunk size {line:?}")))?;
            if size == 0 {
                content.trailers = self.fields().await?;
                return Ok(());
            }
            self.take(size, &mut content.bytes).await?;
            if !self.line().await?.is_empty() {
                return Err(odd("a chunk longer than said"));
            }
        }
    }

    async fn fields(&mut self) -> Result<Vec<(String, String)>, Fault> {
        let mut fields = Vec::new();
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                return Ok(fields);
            }
            fields.push(field(&line)?);
        }
    }

    /// A line that ends with CR and LF, and holds neither before.
    async fn line(&mut self) -> Result<Vec<u8>, Fault> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                if line.pop() != Some(b'\r') || line.contains(&b'\r') {
                    return Err(odd(&format!("the line end of {:?}", lossy(&line))));
                }
                return Ok(line);
            }
            if self.buffer.len() > LONGEST_LINE {
                return Err(odd("a line without an end"));
            }
            if !self.more().await? {
                return Err(Fault::Cut);
            }
        }
    }

    async fn take(&mut self, length: usize, into: &mut Vec<u8>) -> Result<(), Fault> {
        let end = into.len() + length;
        loop {
            let here = self.buffer.len().min(end - into.len());
            into.extend(self.buffer.drain(..here));
            if into.len() == end {
                return Ok(());
            }
            if !self.more().await? {
                return Err(Fault::Cut);
            }
        }
    }
}

fn field(line: &[u8]) -> Result<(String, String), Fault> {
    let fault = || odd(&format!("the field {:?}", lossy(line)));
    let colon = line.iter().position(|byte| *byte == b':');
    let (name, value) = line.split_at(colon.ok_or_else(fault)?);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let is_text = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    if name.is_empty() || !name.iter().all(is_token) || !value.iter().all(is_text) {
        return Err(fault());
    }
    let value = lossy(&value[1..]).trim_matches([' ', '\t']).to_owned();
    Ok((lossy(name).to_ascii_lowercase(), value))
}

fn status(line: &str) -> Result<u16, Fault> {
    let fault = || odd(&format!("the status line {line:?}"));
    let rest = line
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| line.strip_prefix("HTTP/1.0 "))
        .ok_or_else(fault)?;
    let (status, _) = rest.split_once(' ').ok_or_else(fault)?;
    let status = status.parse().ok().filter(|_| status.len() == 3);
    status.ok_or_else(fault)
}

fn text(line: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(line).map_err(|error| odd(&format!("the line {:?}", error.as_bytes())))
}

/// Text in which every byte can still be told from the others.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn odd(what: &str) -> Fault {
    Fault::Odd(what.to_owned())
}
