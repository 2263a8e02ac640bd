//! What is handed to a mail server: the envelope and the message, as they are stored and sent.

use std::fmt;

use zeroize::Zeroizing;

use crate::domain::address::MailAddress;

/// A composed mail. Every attempt sends exactly this.
pub(crate) struct Parcel {
    /// Sender of the envelope.
    pub(crate) from: MailAddress,
    /// Recipient of the envelope.
    pub(crate) to: MailAddress,
    /// The message with its head (RFC 5322), in ASCII.
    pub(crate) message: Zeroizing<Vec<u8>>,
}

impl Parcel {
    /// As it is stored, before it is encrypted: an address on each of two lines, then the message.
    pub(crate) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let head = format!("{}\n{}\n", self.from, self.to);
        Zeroizing::new([head.as_bytes(), &self.message].concat())
    }

    /// Reads the stored form.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
        let mut address = || MailAddress::parse(std::str::from_utf8(parts.next()?).ok()?);
        Some(Self {
            from: address()?,
            to: address()?,
            message: Zeroizing::new(parts.next()?.to_vec()),
        })
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel")
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn what_is_stored_is_what_is_sent() {
        let parcel = Parcel {
            from: MailAddress::parse("cloud@example.org").unwrap(),
            to: MailAddress::parse("ada@example.org").unwrap(),
            message: Zeroizing::new(b"Subject: a\r\n\r\nb\n\nc\r\n".to_vec()),
        };
        let back = Parcel::read(&parcel.bytes()).unwrap();
        assert_eq!((back.from, back.to), (parcel.from, parcel.to));
        assert_eq!(back.message, parcel.message);
        assert!(Parcel::read(b"no\nparcel").is_none());
    }
}
