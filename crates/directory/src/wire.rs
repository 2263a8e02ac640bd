//! Messages on the wire (RFC 4511 section 5.1): one at a time, no larger than allowed, no deeper than the parser goes.

use std::io;

use bytes::BytesMut;
use ldap3_lber::parse::{DEFAULT_MAX_BER_DEPTH, Parser};
use ldap3_lber::structure::{PL, StructureTag};
use ldap3_proto::proto::LdapMsg;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::password_control::{self, PasswordControl};

/// What a message starts with: a constructed universal SEQUENCE.
const SEQUENCE: u8 = 0x30;
/// A length of up to 127 is one byte; above, this bit says how many follow.
const LONG: u8 = 0x80;

/// A connection, with or without TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Why no message came.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The connection ended, or broke.
    BrokeOff,
    /// Not LDAP, or too large. What came is not kept: it may be about people.
    Malformed(&'static str),
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::BrokeOff
    }
}

/// Sends one message.
pub(crate) async fn send(stream: &mut impl Stream, message: LdapMsg) -> Result<(), Fault> {
    let tag: StructureTag = message.into();
    let mut bytes = BytesMut::new();
    ldap3_lber::write::encode_into(&mut bytes, tag)?;
    stream.write_all(&bytes).await?;
    Ok(stream.flush().await?)
}

/// A message, and what it says of the password of whoever signs in.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) message: LdapMsg,
    pub(crate) password: Vec<PasswordControl>,
}

/// Takes one message of at most `most` bytes.
pub(crate) async fn receive(stream: &mut impl Stream, most: usize) -> Result<Received, Fault> {
    let mut message = vec![stream.read_u8().await?];
    if message != [SEQUENCE] {
        return Err(Fault::Malformed("it does not start as a message does"));
    }
    let first = stream.read_u8().await?;
    message.push(first);
    let mut length = usize::from(first);
    if first & LONG != 0 {
        let digits = usize::from(first & !LONG);
        // None would be the indefinite form, which section 5.1 forbids.
        if digits == 0 || digits > size_of::<u32>() {
            return Err(Fault::Malformed("its length is not one"));
        }
        length = 0;
        for _ in 0..digits {
            let digit = stream.read_u8().await?;
            message.push(digit);
            length = length << 8 | usize::from(digit);
        }
    }
    if length > most {
        return Err(Fault::Malformed("it is larger than a message may be"));
    }
    // Room is made as bytes come, not as they are announced.
    let mut body = (&mut *stream).take(u64::try_from(length).unwrap_or(u64::MAX));
    if body.read_to_end(&mut message).await? < length {
        return Err(Fault::BrokeOff);
    }
    let parsed = Parser::new(DEFAULT_MAX_BER_DEPTH).parse(&message);
    let (_, mut tag) = parsed.map_err(|_| Fault::Malformed("it cannot be taken apart"))?;
    let password = take_password_controls(&mut tag);
    let message = LdapMsg::try_from(tag);
    Ok(Received {
        message: message.map_err(|_| Fault::Malformed("it is no message of LDAP"))?,
        password,
    })
}

/// Takes those controls out of the message that say how it stands with a password: the library knows the question alone,
/// and drops what the answer says.
fn take_password_controls(message: &mut StructureTag) -> Vec<PasswordControl> {
    let PL::C(parts) = &mut message.payload else {
        return Vec::new();
    };
    let Some(PL::C(controls)) = parts.get_mut(2).map(|last| &mut last.payload) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    controls.retain(|control| match password_control::read(control) {
        Some(read) => {
            found.push(read);
            false
        }
        None => true,
    });
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    async fn read(mut bytes: &[u8], most: usize) -> Result<Received, Fault> {
        let (mut near, mut far) = tokio::io::duplex(64);
        let write = async {
            // Whoever refuses early stops reading.
            drop(tokio::io::copy(&mut bytes, &mut far).await);
            drop(far);
        };
        let read = async {
            let read = receive(&mut near, most).await;
            drop(near);
            read
        };
        tokio::join!(write, read).1
    }

    #[tokio::test]
    async fn nonsense_is_refused_and_nothing_falls_over() {
        let deep: Vec<u8> = [0x30, 0x83, 0x01, 0x00, 0x00]
            .into_iter()
            .chain(std::iter::repeat_n([0x30, 0x84, 0x00, 0x00, 0xff, 0x00], 10_923).flatten())
            .take(5 + 0x1_0000)
            .collect();
        for (bytes, most, name) in [
            (
                &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
                1000,
                "another protocol",
            ),
            (&[0x30, 0x80, 0, 0], 1000, "an indefinite length"),
            (
                &[0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1],
                1000,
                "a length of eight bytes",
            ),
            (&[0x30, 0x82, 0x03, 0xe9], 1000, "one byte too many"),
            (&[0x30, 0x03, 0x02, 0x01, 0x01], 1000, "no operation"),
            (&deep, 1_000_000, "nested deeper than the stack is"),
        ] {
            let read = read(bytes, most).await;
            assert!(matches!(read, Err(Fault::Malformed(_))), "{name}: {read:?}");
        }
        let half = read(&[0x30, 0x0c, 0x02, 0x01], 1000).await;
        assert!(matches!(half, Err(Fault::BrokeOff)), "{half:?}");
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_message_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let framed = [&[0x30, 0x81, u8::try_from(bytes.len()).unwrap()], bytes.as_slice()].concat();
            runtime.block_on(async {
                drop(read(&framed, 1000).await);
                drop(read(&bytes, 1000).await);
            });
        }
    }
}
