//! A mail as it was received, read by a parser that is not the sender's.

use mail_parser::{HeaderValue, Message, MessageParser};

/// A mail that the sink accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The message with its head, without transparency dots.
    pub message: Vec<u8>,
    /// Whether it came over TLS.
    pub encrypted: bool,
}

impl ReceivedMail {
    /// The message, parsed; fails the test when it is none.
    pub fn parsed(&self) -> Message<'_> {
        MessageParser::default()
            .parse(&self.message)
            .expect("a message of RFC 5322")
    }

    /// The decoded subject.
    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_owned()
    }

    /// The decoded text part.
    pub fn text(&self) -> String {
        self.parsed()
            .body_text(0)
            .unwrap_or_default()
            .replace("\r\n", "\n")
    }

    /// The decoded HTML part.
    pub fn html(&self) -> String {
        self.parsed().body_html(0).unwrap_or_default().into_owned()
    }

    /// The raw values of all headers of a name.
    pub fn header(&self, name: &str) -> Vec<String> {
        self.parsed()
            .headers_raw()
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    /// Without its angle brackets.
    pub fn message_id(&self) -> String {
        self.parsed().message_id().expect("a Message-ID").to_owned()
    }

    /// The name and the address a header holds.
    pub fn mailbox(&self, header: &str) -> (String, String) {
        let parsed = self.parsed();
        let Some(HeaderValue::Address(addresses)) = parsed.header(header) else {
            panic!("{header} holds no address");
        };
        let first = addresses.first().expect("an address");
        (
            first.name().unwrap_or_default().to_owned(),
            first.address().unwrap_or_default().to_owned(),
        )
    }

    /// The first link of the text that begins with `start`, to its end of line or next blank.
    pub fn link(&self, start: &str) -> String {
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with(start));
        found
            .unwrap_or_else(|| panic!("no link that begins with {start} in:\n{text}"))
            .to_owned()
    }
}
